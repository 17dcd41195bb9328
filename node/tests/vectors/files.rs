//! From elections to files.

use super::ledger::{Block, Ledger};
use super::lies::{self, Case};
use super::receipts::{LATEST, NOW, TRUSTING_PERIOD};
use super::world::{CHAIN, World};
use data_encoding::BASE64;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt::Write;
use verifier_core::{
    Anchor, CardValidator, ClaimedTotals, Expected, FrozenBlock, FrozenElection, HeaderHash,
    PublicKey, Request, TrustCard, encode, header_hash, state_key,
};

/// An election ready to be written.
pub struct Draft {
    about: &'static str,
    card: TrustCard,
    final_header: Anchor,
    genesis: String,
    blocks: Vec<FrozenBlock>,
    totals: Option<ClaimedTotals>,
    state: BTreeMap<String, String>,
}

pub fn election(case: &Case) -> Draft {
    let card_world = World::new(&case.options);
    let world = World::new(case.contract_of.as_ref().unwrap_or(&case.options));
    let plan = (case.make)(&world);
    let ledger = Ledger::run(&world, &plan);
    let last = ledger.blocks.last().unwrap();
    Draft {
        about: case.about,
        card: card(&card_world, &ledger.blocks[0]),
        final_header: anchor(last),
        genesis: genesis(&world),
        blocks: ledger.blocks.iter().map(frozen_block).collect(),
        totals: ledger.true_totals().map(|totals| (case.totals)(totals)),
        state: state(case, &world, &ledger),
    }
}

fn anchor(block: &Block) -> Anchor {
    Anchor {
        height: block.header.height.value(),
        hash: HeaderHash(header_hash(&block.header).0),
        time: u64::try_from(block.header.time.unix_timestamp()).unwrap(),
    }
}

fn card(world: &World, first: &Block) -> TrustCard {
    let validators = world.validators.by_municipality().into_iter();
    TrustCard {
        chain_id: CHAIN.into(),
        genesis: world.genesis.hash(),
        trusted: anchor(first),
        trusting_period: TRUSTING_PERIOD,
        final_header: None,
        validators: validators
            .map(|v| CardValidator {
                name_ko: v.name.clone(),
                name_en: v.name.clone(),
                key: PublicKey(v.public_key()),
                power: u32::try_from(v.power()).unwrap(),
            })
            .collect(),
        contract: world.contract.clone(),
        registrars: Vec::new(),
        nodes: Vec::new(),
    }
}

fn genesis(world: &World) -> String {
    let validators: Vec<String> = world
        .validators
        .by_municipality()
        .into_iter()
        .map(|v| {
            format!(
                r#"{{"address":"{}","pub_key":{{"type":"tendermint/PubKeyEd25519","value":"{}"}},"power":"{}","name":"{}"}}"#,
                v.address(),
                BASE64.encode(&v.public_key()),
                v.power(),
                v.name
            )
        })
        .collect();
    format!(
        r#"{{"genesis_time":"{}","chain_id":"{CHAIN}","initial_height":"1","validators":[{}],"app_hash":"","app_state":"{}"}}"#,
        world.genesis.time.to_rfc3339(),
        validators.join(","),
        world.genesis_state.to_app_state()
    )
}

fn raw(json: String) -> Box<RawValue> {
    RawValue::from_string(json).unwrap()
}

fn frozen_block(block: &Block) -> FrozenBlock {
    // CometBFT writes an empty block id where there is none.
    let header = serde_json::to_string(&block.header).unwrap().replace(
        r#""last_block_id":null"#,
        r#""last_block_id":{"hash":"","parts":{"total":0,"hash":""}}"#,
    );
    FrozenBlock {
        header: raw(header),
        commit: raw(serde_json::to_string(&block.commit).unwrap()),
        transactions: block
            .transactions
            .iter()
            .map(|t| BASE64.encode(t))
            .collect(),
        codes: block.codes.clone(),
    }
}

/// What receipts need of the state: of the honest election during the vote and at its end, of others at their end.
fn state(case: &Case, world: &World, ledger: &Ledger<'_>) -> BTreeMap<String, String> {
    let batches: &[(u16, u16)] = match case.name {
        "good" => &[(0, 0), (3, 7)],
        "state-misstated" | "keys-misstated" => &[(0, 0)],
        "invalid-proof-counted" => &[(1, 0)],
        _ => return BTreeMap::new(),
    };
    let heights: &[u64] = if case.name == "good" {
        &[8, LATEST - 1]
    } else {
        &[8]
    };
    let mut state = BTreeMap::new();
    for height in heights {
        for (municipality, batch) in batches {
            let (municipality, batch) = (*municipality, *batch);
            let keys = [
                state_key::KEY_SET.to_string(),
                state_key::issue(municipality, batch),
                state_key::spent(municipality, batch),
            ];
            for key in keys {
                let (value, proof) = ledger.prove(&key, *height);
                let result = answer(&key, *height, value, Some(proof));
                state.insert(
                    Request::State {
                        key,
                        height: *height,
                    }
                    .path(),
                    result,
                );
            }
            let table = match case.name {
                "state-misstated" => lies::false_table(world),
                _ => ledger.spent_at(municipality, batch, *height),
            };
            let request = Request::Spent {
                municipality,
                batch,
                height: *height,
            };
            state.insert(
                request.path(),
                answer("", *height, Some(encode(&table)), None),
            );
            let issued = if batch == 7 {
                0
            } else {
                [6, 5][usize::from(municipality)]
            };
            let addresses = world.addresses(municipality, batch, issued);
            let request = Request::Batch {
                municipality,
                batch,
            };
            state.insert(
                request.path(),
                answer("", 0, Some(encode(&addresses)), None),
            );
        }
    }
    state
}

fn answer(key: &str, height: u64, value: Option<Vec<u8>>, proof: Option<Vec<u8>>) -> String {
    let value = value.map_or("null".into(), |value| {
        format!(r#""{}""#, BASE64.encode(&value))
    });
    let proof = proof.map_or("null".into(), |proof| {
        let (key, proof) = (BASE64.encode(key.as_bytes()), BASE64.encode(&proof));
        format!(r#"{{"ops":[{{"type":"ics23:jmt","key":"{key}","data":"{proof}"}}]}}"#)
    });
    format!(r#"{{"response":{{"code":0,"height":"{height}","value":{value},"proofOps":{proof}}}}}"#)
}

impl Draft {
    /// The file; what is the same in `good` is left out.
    pub fn json(&self, good: Option<&FrozenElection>, expected: Option<&Expected>) -> String {
        let mut fields: Vec<(&str, String)> = vec![("about", string(self.about))];
        let shared = good.map_or(0, |good| self.shared(good));
        if shared > 0 {
            fields.push(("from", (shared + 1).to_string()));
        }
        let same_card = good.is_some_and(|good| {
            let mut card = good.card.clone();
            card.final_header = None;
            card == self.card
        });
        if !same_card {
            let card: serde_json::Value = serde_json::from_str(&self.card.to_json()).unwrap();
            fields.push(("card", card.to_string()));
        }
        if good.is_none() {
            fields.push(("genesis", self.genesis.clone()));
        }
        fields.push((
            "final_header",
            serde_json::to_string(&self.final_header).unwrap(),
        ));
        let blocks: Vec<String> = self.blocks[shared..]
            .iter()
            .map(|block| serde_json::to_string(&refer(block, good)).unwrap())
            .collect();
        fields.push(("blocks", format!("[{}]", blocks.join(","))));
        let totals = self
            .totals
            .as_ref()
            .map(|t| serde_json::to_string(t).unwrap());
        fields.extend(totals.map(|totals| ("totals", totals)));
        if !self.state.is_empty() {
            let entries: Vec<String> = self
                .state
                .iter()
                .map(|(path, result)| format!("{}:{result}", string(path)))
                .collect();
            fields.push(("state", format!("{{{}}}", entries.join(","))));
        }
        fields.push(("now", NOW.to_string()));
        let nothing = nothing_expected();
        let expected = expected.unwrap_or(&nothing);
        fields.push(("expected", serde_json::to_string(expected).unwrap()));
        let fields: Vec<String> = fields
            .iter()
            .map(|(k, v)| format!("{}:{v}", string(k)))
            .collect();
        format!("{{{}}}\n", fields.join(","))
    }

    /// How many of the first blocks are the honest election's.
    fn shared(&self, good: &FrozenElection) -> usize {
        let same = |(one, other): &(&FrozenBlock, &FrozenBlock)| {
            one.header.get() == other.header.get()
                && one.commit.get() == other.commit.get()
                && one.codes == other.codes
        };
        self.blocks
            .iter()
            .zip(&good.blocks)
            .take_while(same)
            .count()
    }
}

/// Transactions that the honest election holds too are referred to.
fn refer(block: &FrozenBlock, good: Option<&FrozenElection>) -> FrozenBlock {
    let mut block = block.clone();
    let Some(good) = good else {
        return block;
    };
    for transaction in &mut block.transactions {
        let places = good.blocks.iter().enumerate().flat_map(|(at, other)| {
            let positions = other.transactions.iter().enumerate();
            positions.map(move |(position, t)| (at + 1, position, t))
        });
        let mut same = places.filter(|(_, _, other)| *other == transaction);
        if let Some((height, position, _)) = same.next() {
            *transaction = format!("{height}/{position}");
        }
    }
    block
}

fn string(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

pub fn nothing_expected() -> Expected {
    Expected {
        verdict: String::new(),
        standing: None,
        checks: Vec::new(),
        digest: String::new(),
    }
}

/// One line of the table in the README.
pub fn row(folder: &str, name: &str, about: &str, expected: &Expected) -> String {
    let checks: Vec<&str> = expected
        .checks
        .iter()
        .filter(|check| check.reasons != ["not reached"])
        .map(|check| check.id.as_str())
        .collect();
    let checks = checks.join(", ");
    format!(
        "| `{folder}/{name}.json` | {about} | {} | {checks} |",
        expected.verdict
    )
}

pub fn readme(rows: &[String]) -> String {
    let mut text = String::from(README);
    for row in rows {
        let _ = writeln!(text, "{row}");
    }
    text
}

const README: &str = "# Frozen elections and receipts

Tiny elections, one file each: honest ones, and one for each lie that a colluding majority of validators, a registrar, a trustee, a voter or
whoever serves the ledger can tell. All headers are real CometBFT headers, signed by all four validators: what is wrong is what they signed.

Origin: made by `node/tests/vectors`, with the node's embedded consensus engine, from a fixed seed. The expected findings are written by hand in
that program, which refuses to write a file whose verification comes to anything else. To write the files anew, and to compare them byte for byte:

    WRITE_VECTORS=1 cargo test -p node --test vectors
    cargo test -p node --test vectors

A file holds a trust card, a genesis, blocks (header, commit, transactions, outcome codes), claimed totals, answers about the state where receipts
need them, and what verifying it all must come to: verdict, every check that does not pass with its reasons, digest of the report. What a
file leaves out is as in `elections/good.json`, or for `claims-*` and `spoil-*` as in `elections/good-claims.json`: blocks below `from`, and
transactions written as `height/position`. The fields are described in `src/self_test/frozen.rs`. The keys are those of a published seed, and
`claim-keys.json`: never use them.

`rfc9474.json` holds the test vectors of RFC 9474, appendix A, for the two variants with a salt of 48 bytes.

| file | what is told | verdict | checks that do not pass |
|---|---|---|---|
";
