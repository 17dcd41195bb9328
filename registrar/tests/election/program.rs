//! The program as an office runs it: a roll imported from a file, the service beside a node, codes on its console.

use super::phones::{devnet, serve_routes};
use super::support::voter::Blinding;
use super::support::{Town, person, post};
use node::devnet::Until;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use verifier_core::prove::public_key;
use verifier_core::{PublicKey, claim_message};

const PROGRAM: &str = env!("CARGO_BIN_EXE_registrar");

/// The running program; it ends with the value.
struct Running {
    process: Child,
    lines: BufReader<ChildStdout>,
}

impl Running {
    fn start(home: &Path, database: &str, rpc: &str, card: &Path) -> Self {
        let mut process = Command::new(PROGRAM)
            .args(["serve", "--rpc", rpc, "--database", database])
            .args(["--sms", "console", "--listen", "127.0.0.1:0"])
            .args(["--gather", "0", "--before-opening", "10", "--home"])
            .arg(home)
            .arg("--trust-card")
            .arg(card)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap());
        Self { process, lines }
    }

    /// What stands behind this in the first line that holds it.
    fn line(&mut self, before: &str) -> String {
        loop {
            let mut line = String::new();
            let read = self.lines.read_line(&mut line).unwrap();
            assert!(read > 0, "the program ended before it said {before:?}");
            if let Some((_, rest)) = line.split_once(before) {
                return rest.trim().to_owned();
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn import(roll: &Path, home: &Path, database: &str) -> (bool, String) {
    let output = Command::new(PROGRAM)
        .args(["roll", "import"])
        .arg(roll)
        .arg("--home")
        .arg(home)
        .args(["--database", database])
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[test]
fn the_program_imports_a_roll_and_gives_a_right_to_somebody_on_it() {
    let mut devnet = devnet();
    let offices = &devnet.script.offices;
    let town = Town::without_services(offices.genesis, offices.contract.clone(), 0);
    let (_, node) = serve_routes(&devnet, &town);
    let homes = town.folder.path().join("homes");
    devnet.write_homes(node.url(), &homes).unwrap();
    let set_up = |devnet: &node::devnet::Devnet| {
        let next = devnet.ledger.height() + 1;
        devnet.script.schedule.is_set_up_before(next)
    };
    while !set_up(&devnet) {
        devnet.step(Until::Result).unwrap();
    }

    let first = devnet.script.offices.contract.municipalities[0]
        .name
        .en
        .to_lowercase();
    let home = homes.join(first);
    let database = format!("sqlite:{}/roll.db", town.folder.path().display());
    let roll = town.folder.path().join("roll.csv");
    let [name, birth, phone] = person(0, 4);
    std::fs::write(
        &roll,
        format!("name,birth,phone\n{name},{birth},{phone}\n{name},,\n"),
    )
    .unwrap();
    let (imported, said) = import(&roll, &home, &database);
    assert!(!imported && said.contains("line 3"), "{said}");
    std::fs::write(&roll, format!("name,birth,phone\n{name},{birth},{phone}\n")).unwrap();
    let (imported, said) = import(&roll, &home, &database);
    assert!(
        imported && said.contains("1 people are on the roll"),
        "{said}"
    );
    let (again, said) = import(&roll, &home, &database);
    assert!(!again && said.contains("holds a roll already"), "{said}");

    let card = town.folder.path().join("card.json");
    std::fs::write(&card, devnet.trust_card(None).unwrap()).unwrap();
    let mut running = Running::start(&home, &database, node.url(), &card);
    let url = running.line("listening on ");
    let body = json!({ "name": name, "birth": birth, "phone": phone });
    let (_, sent) = post(&url, "/identify", &body);
    let code = running.line("인증번호 ");
    let code = code.get(..6).unwrap();
    let body = json!({ "session": sent["session"], "code": code });
    let (_, confirmed) = post(&url, "/confirm", &body);
    let key = verifier_core::prove::draw_signing_key(&mut rand_core::OsRng);
    let address: PublicKey = public_key(&key);
    let message = claim_message(&town.genesis, &town.contract.id(), &address);
    let blinding = Blinding::of(&town.contract.claim_keys[0].home, message);
    let body = json!({ "token": confirmed["token"], "blinded": blinding.blinded() });
    let signed: Value = loop {
        let (status, answer) = post(&url, "/sign", &body);
        match status {
            202 => {
                devnet.step(Until::Setup).unwrap();
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
            _ => break answer,
        }
    };
    blinding.finish(signed["signature"].as_str().unwrap());
}
