//! From the shipped example to homes; and every mistake in the file is one sentence that names the field, the value and what to do.

use node::home::{ClaimsFile, Home, KeyFile, KeyUse};
use node::network::{Description, OwnKeys, Plan, Purpose, write_homes};
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;
use verifier_core::Genesis;
use verifier_core::rpc::{GenesisAnswer, decode_result};

const EXAMPLE: &str = include_str!("../network.example.toml");
const NOW: u64 = 1_800_000_000;

fn example() -> Plan {
    Plan::parse(EXAMPLE).expect("the example is a plan")
}

fn rehearsal() -> (TempDir, Description) {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("network");
    let made = write_homes(&example(), &out, Purpose::Rehearsal, NOW).expect("homes");
    (folder, made)
}

#[test]
fn the_shipped_example_makes_four_homes_whose_keys_are_their_owners() {
    let (folder, made) = rehearsal();
    let out = folder.path().join("network");
    assert_eq!(made.nodes.len(), 4);
    let read = Description::read(&out).unwrap();
    assert_eq!(read.contract, made.contract);
    assert_eq!(read.genesis, made.genesis);
    for (index, node) in (0..).zip(&made.nodes) {
        let home = Home::open(&out.join(&node.home)).unwrap();
        assert_eq!(home.settings.municipality, index);
        for key_use in KeyUse::ALL {
            KeyFile::read(&home.key(key_use), key_use).unwrap();
        }
        for secret in ["node_key.json", "priv_validator_key.json"] {
            let file = home.cometbft().join("config").join(secret);
            let mode = file.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{secret}");
        }
    }
}

#[test]
fn all_homes_have_the_genesis_whose_hash_is_announced() {
    let (folder, made) = rehearsal();
    for node in &made.nodes {
        let path = format!("network/{}/cometbft/config/genesis.json", node.home);
        let text = std::fs::read_to_string(folder.path().join(path)).unwrap();
        let result = format!("{{\"genesis\":{text}}}");
        let genesis: Genesis = decode_result::<GenesisAnswer>(result.as_bytes())
            .unwrap()
            .genesis;
        assert_eq!(genesis.hash(), made.genesis);
        assert_eq!(genesis.validators.len(), 4);
    }
}

#[test]
fn every_town_hall_makes_the_same_network_of_the_same_file() {
    let sections: Vec<String> = (0..4)
        .map(|_| OwnKeys::draw(false).unwrap().public().to_toml())
        .collect();
    let mut text = String::new();
    let mut keys = sections.iter();
    for (number, part) in EXAMPLE.split("[[municipality]]\n").enumerate() {
        match number {
            0 => text.push_str(part),
            _ => text.push_str(&format!(
                "[[municipality]]\n{part}{}\n",
                keys.next().unwrap()
            )),
        }
    }
    let plan = Plan::parse(&text).unwrap();
    let folder = TempDir::new().unwrap();
    let make = |name: &str, now| {
        write_homes(&plan, &folder.path().join(name), Purpose::Election, now).unwrap()
    };
    let (here, there) = (make("here", NOW), make("there", NOW + 1_000));
    assert_eq!(here.genesis, there.genesis);
    assert_eq!(here.contract.id(), there.contract.id());
    assert!(!folder.path().join("here/suwon/keys").exists());
}

#[test]
fn an_election_is_not_held_with_drawn_keys_or_relative_times() {
    let folder = TempDir::new().unwrap();
    let made = |text: &str| {
        let plan = Plan::parse(text).unwrap();
        let out = folder.path().join("network");
        write_homes(&plan, &out, Purpose::Election, NOW).unwrap_err()
    };
    let refusal = made(EXAMPLE).to_string();
    assert!(refusal.contains("Suwon has no keys"), "{refusal}");
    let relative = EXAMPLE.replace("2027-03-03T06:00:00+09:00", "\"in 60 s\"");
    let refusal = made(&relative).to_string();
    assert!(refusal.contains("election.opening"), "{refusal}");
    let dateless = EXAMPLE.replace("genesis_time", "# genesis_time");
    let refusal = made(&dateless).to_string();
    assert!(refusal.contains("network.genesis_time"), "{refusal}");
}

#[test]
fn a_folder_that_is_there_is_not_written_over() {
    let folder = TempDir::new().unwrap();
    let made = write_homes(&example(), folder.path(), Purpose::Rehearsal, NOW);
    assert!(made.unwrap_err().to_string().contains("is there already"));
}

#[test]
fn with_phones_every_home_has_the_keys_for_them_that_the_contract_names() {
    let text = EXAMPLE.replace("# phones = true", "phones = true");
    let plan = Plan::parse(&text).unwrap();
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("network");
    let made = write_homes(&plan, &out, Purpose::Rehearsal, NOW).unwrap();
    assert_eq!(made.contract.claim_keys.len(), 4);
    for (node, keys) in made.nodes.iter().zip(&made.contract.claim_keys) {
        let home = Home::open(&out.join(&node.home)).unwrap();
        let file = ClaimsFile::read(&home.keys().join(ClaimsFile::file_name())).unwrap();
        assert_eq!(&file.public(), keys);
    }
}

#[test]
fn keys_for_phones_are_pasted_like_the_others_and_missed_where_they_are_not() {
    let drawn: Vec<OwnKeys> = (0..4).map(|_| OwnKeys::draw(false).unwrap()).collect();
    let with_claims = OwnKeys::draw(true).unwrap().public();
    let plan_of = |keys: &[String]| {
        let mut keys = keys.iter();
        let parts = EXAMPLE.split("[[municipality]]\n").enumerate();
        let parts = parts.map(|(number, part)| match number {
            0 => part.replace("# phones = true", "phones = true"),
            _ => format!("[[municipality]]\n{part}{}\n", keys.next().unwrap()),
        });
        Plan::parse(&parts.collect::<String>()).unwrap()
    };
    let mut keys: Vec<String> = drawn.iter().map(|own| own.public().to_toml()).collect();
    keys[0] = with_claims.to_toml();
    let plan = plan_of(&keys);
    let read = plan.municipalities[0].keys.clone().unwrap();
    assert_eq!(read, with_claims);
    let folder = TempDir::new().unwrap();
    let refused = write_homes(&plan, &folder.path().join("n"), Purpose::Election, NOW);
    let sentence = refused.unwrap_err().to_string();
    assert!(sentence.contains("Yongin has no claims_home"), "{sentence}");
}

/// What is written instead of what, and what the sentence must hold.
const MISTAKES: [(&str, &str, &[&str]); 22] = [
    ("[network]", "[network", &["not TOML", "line"]),
    ("[network]", "[net]", &["network is missing"]),
    (
        "chain_id = \"gyeonggi-2027\"",
        "",
        &["network.chain_id is missing", "for example"],
    ),
    (
        "\"gyeonggi-2027\"",
        "\"경기도\"",
        &["network.chain_id", "경기도", "letters"],
    ),
    (
        "genesis_time = 2027-03-01T09:00:00+09:00",
        "genesis_time = \"soon\"",
        &["network.genesis_time is \"soon\"", "offset"],
    ),
    (
        "trusting_period = \"14 days\"",
        "trusting_period = 14",
        &["network.trusting_period is 14", "14 days"],
    ),
    (
        "portals = [\"*\"]",
        "portals = \"*\"",
        &["network.portals is \"*\"", "list"],
    ),
    (
        "pause = \"1 s\"",
        "pause = \"1 second\"",
        &["network.pause is \"1 second\"", "duration"],
    ),
    (
        "propose =",
        "proposal =",
        &["network.proposal is not a field", "propose"],
    ),
    (
        "title = { ko = \"경기도 시범 선거\", en",
        "title = { ko = \"\", en",
        &["election.title", "both languages"],
    ),
    ("title =", "titel =", &["election.title is missing"]),
    (
        "grace = \"10 min\"",
        "grace = \"-10 min\"",
        &["election.grace is \"-10 min\"", "10 min"],
    ),
    (
        "minimum_cell = 10",
        "minimum_cell = -1",
        &["election.minimum_cell is -1", "fewest"],
    ),
    (
        "closing = 2027-03-03T18:00:00+09:00",
        "closing = 2027-03-03T05:00:00+09:00",
        &["order"],
    ),
    ("# threshold = 3 ", "threshold = 5 ", &["threshold 5 of 4"]),
    (
        "host = \"127.0.0.1\"   ",
        "host = \"127.0.0.1:26656\"   ",
        &["municipality 1.host", "26656", "the machine's name"],
    ),
    (
        "url = \"http://127.0.0.1:26657\"",
        "url = \"127.0.0.1:26657\"",
        &["municipality 1.url", "https://"],
    ),
    (
        "rpc = 26757",
        "rpc = 267570",
        &["municipality 2.ports.rpc is 267570", "65535"],
    ),
    (
        "rpc = 26757",
        "rpc = 26657",
        &["Suwon and Yongin have the same port", "26657"],
    ),
    (
        "en = \"Yongin\"",
        "en = \"Suwon\"",
        &["Suwon and Suwon have the same English name"],
    ),
    (
        "en = \"Yongin\"",
        "en = \"용인\"",
        &["municipality 2.name.en", "Latin letters"],
    ),
    (
        "[[municipality]]\nname = { ko = \"용인시\"",
        "[municipality.keys]\nvalidator = \"00\"\n[[municipality]]\nname = { ko = \"용인시\"",
        &["municipality 1.keys.validator is \"00\"", "64"],
    ),
];

#[test]
fn every_mistake_is_a_sentence_that_says_what_to_write() {
    for (right, wrong, says) in MISTAKES {
        assert!(EXAMPLE.contains(right), "the example lacks {right}");
        let text = EXAMPLE.replacen(right, wrong, 1);
        let folder = TempDir::new().unwrap();
        let out = folder.path().join("network");
        let made = Plan::parse(&text)
            .map_err(|error| error.to_string())
            .and_then(|plan| {
                write_homes(&plan, &out, Purpose::Rehearsal, NOW).map_err(|e| e.to_string())
            });
        let sentence = made.map(|_| ()).unwrap_err();
        for part in says {
            assert!(sentence.contains(part), "{wrong}: {sentence}");
        }
    }
}
