//! A municipality promises a ballot and drops it: the voter's file names it, and nothing else makes one that does.

#![allow(clippy::unwrap_used)]

use node::devnet::{Devnet, INTERVAL, Listening, Settings, Until};
use node::promise::Promiser;
use node::rpc::{Service, router};
use node::storage::Store;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Arc;
use tempfile::TempDir;
use verifier_core::{Action, DisputeFile, Receipt, TrackingCode};

/// 2026-06-03T00:00:00Z, and a moment within the trusting period.
const GENESIS: u64 = 1_780_444_800;
const NOW: u64 = GENESIS + 3_600;
/// Who promises and drops.
const MUNICIPALITY: u16 = 3;

/// An election that is over, one ballot of which was promised and left out; and its nodes.
struct Province {
    devnet: Devnet,
    folder: TempDir,
    url: String,
    lost: Receipt,
}

impl Province {
    fn new() -> Self {
        let settings = Settings {
            municipalities: 4,
            candidates: 3,
            ballots: 60,
            invalid: 0,
            seed: 11,
            genesis_time: Some(GENESIS),
            interval: INTERVAL,
            per_block: None,
            fault: None,
            live: None,
        };
        let mut devnet = Devnet::open(Store::in_memory().unwrap(), &settings, NOW).unwrap();
        while devnet.step(Until::Setup).unwrap().is_some() {}
        let lost = promised(&mut devnet, 7);
        while step_without(&mut devnet, lost.tracking_code) {}
        let folder = tempfile::tempdir().unwrap();
        let card = devnet.trust_card(None).unwrap();
        std::fs::write(folder.path().join("trust-card.json"), card).unwrap();
        let url = serve(&devnet);
        Self {
            devnet,
            folder,
            url,
            lost,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn chamgwan(&self, command: &str, what: &str) -> Output {
        let mut chamgwan = Command::new(env!("CARGO_BIN_EXE_chamgwan"));
        chamgwan
            .args([command, what, "--trust-card"])
            .arg(self.path("trust-card.json"));
        if command == "check" {
            chamgwan.args(["--node", &self.url, "--agree", "1", "--dispute"]);
            chamgwan.arg(self.path("dispute.json"));
        }
        chamgwan.output().unwrap()
    }

    fn judge(&self, file: &str) -> Output {
        let path = self.path("judged.json");
        std::fs::write(&path, file).unwrap();
        self.chamgwan("dispute", path.to_str().unwrap())
    }
}

/// The ballot at this position of the script, sent to the municipality, which signs for it.
fn promised(devnet: &mut Devnet, position: usize) -> Receipt {
    let script = &devnet.script;
    let application = devnet.ledger.application();
    let device = script.device(application.election()).unwrap();
    let cast = script.casts.all.get(position).unwrap();
    let transaction = device.cast(cast).unwrap();
    let Action::Cast(ballot) = &transaction.body.action else {
        panic!()
    };
    let now = script.schedule.opening;
    let checked = application.check_all(now, &[transaction.encode()]);
    let key = script.offices.of(MUNICIPALITY).unwrap().promise.clone();
    let promiser = Promiser::new(MUNICIPALITY, key);
    let good = checked.first().unwrap().good().unwrap();
    Receipt::new(
        devnet.chain_id.clone(),
        application.genesis(),
        script.offices.contract.id(),
        ballot.asset,
        transaction.body.tracking_code(),
        None,
        ballot.mark,
        promiser
            .promise(devnet.ledger.committed(), now, good)
            .unwrap(),
    )
}

/// Makes the next block without the ballot; says whether there was one to make.
fn step_without(devnet: &mut Devnet, dropped: TrackingCode) -> bool {
    let schedule = &devnet.script.schedule;
    let height = devnet.ledger.height() + 1;
    if height > schedule.last_height(Until::Result) {
        return false;
    }
    let election = devnet.ledger.application().election();
    let transactions = devnet.script.transactions(height, election).unwrap();
    let kept = transactions
        .iter()
        .filter(|transaction| transaction.body.tracking_code() != dropped);
    let bytes = kept.map(|transaction| transaction.encode()).collect();
    let next = schedule.nanoseconds(height + 1);
    devnet.ledger.advance(bytes, next).unwrap();
    true
}

/// Answers as the devnet's nodes for as long as the test runs.
fn serve(devnet: &Devnet) -> String {
    let service = Service::new(
        Arc::clone(&devnet.store),
        Arc::clone(&devnet.validators),
        devnet.chain_id.clone(),
        devnet.genesis.clone(),
        None,
    );
    service.publish(devnet.files(Some("http://localhost"), 20).unwrap());
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let listening = Listening::on(([127, 0, 0, 1], 0).into()).await.unwrap();
            tell.send(listening.url()).unwrap();
            listening.hand_out(router(Arc::new(service))).await
        })
    });
    told.recv().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_municipality_that_promises_and_drops_is_named_and_no_other_ever_is() {
    let province = Province::new();
    let checked = province.chamgwan("check", &province.lost.to_text());
    let said = format!("{}{}", text(&checked.stdout), text(&checked.stderr));
    let file = std::fs::read_to_string(province.path("dispute.json")).expect(&said);
    assert_eq!(checked.status.code(), Some(1), "{said}");
    // The file is all that it takes.
    let judged = province.judge(&file);
    let said = text(&judged.stdout);
    assert_eq!(judged.status.code(), Some(0), "{}", text(&judged.stderr));
    let contract = &province.devnet.script.offices.contract;
    let named = &contract.municipality(MUNICIPALITY).unwrap().name;
    assert!(
        said.contains(&named.ko) && said.contains(&named.en),
        "{said}"
    );
    // Without a valid promise it names nobody.
    let mut forged = DisputeFile::read(file.as_bytes()).unwrap();
    forged.receipt.promise.municipality = 0;
    let judged = province.judge(&forged.to_json());
    assert_eq!(judged.status.code(), Some(1));
    assert!(judged.stdout.is_empty());
    let judged = province.judge(&file.replace("\"version\": 1", "\"version\": 9"));
    assert_eq!(judged.status.code(), Some(2));
    assert!(judged.stdout.is_empty());
}

#[test]
fn there_is_no_dispute_about_a_ballot_that_was_recorded() {
    let province = Province::new();
    let receipts = province.devnet.files(None, 3).unwrap().receipts;
    for (_, receipt) in receipts {
        let checked = province.chamgwan("check", &receipt);
        let said = format!("{}{}", text(&checked.stdout), text(&checked.stderr));
        assert!(!province.path("dispute.json").exists(), "{said}");
    }
}
