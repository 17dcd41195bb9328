//! What a municipality's office does from its home, beside an election that runs: rights on paper, and turnout.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use node::client::Taken;
use node::devnet::{Devnet, INTERVAL, Live, Settings, Until};
use node::office::{Office, OfficeError};
use node::rights::{IssueError, draw_rights, issue_rights};
use node::rpc::{Service, router};
use node::storage::Store;
use node::turnout::{TurnoutError, certify, last_certificate};
use rand_core::OsRng;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use verifier_core::prove::{SigningKey, public_key, sign_body};
use verifier_core::{
    Action, AssetId, Body, Holder, Issue, StateAnswer, StateQuestion, TrackingCode, TrustCard,
    VotingRight,
};

/// More blocks than a test of an office waits for.
const REGISTRATION: u64 = 1_500;

/// An election whose registration has begun, with the homes of its municipalities. Blocks are made one after another, whatever the clock says.
struct Town {
    devnet: Arc<Mutex<Devnet>>,
    service: Arc<Service>,
    homes: TempDir,
    url: String,
    stopped: Arc<AtomicBool>,
    maker: Option<JoinHandle<()>>,
    _runtime: Runtime,
}

impl Town {
    fn begin() -> Self {
        let settings = Settings {
            genesis_time: None,
            interval: INTERVAL,
            live: Some(Live {
                registration: REGISTRATION,
                voting: Some(REGISTRATION),
                phones: false,
            }),
            ..support::settings()
        };
        let mut devnet =
            Devnet::open(Store::in_memory().unwrap(), &settings, node::clock()).unwrap();
        while !devnet
            .script
            .schedule
            .is_set_up_before(devnet.ledger.height() + 1)
        {
            devnet.step(Until::Setup).unwrap();
        }
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let service = Service::new(
            Arc::clone(&devnet.store),
            Arc::clone(&devnet.validators),
            devnet.chain_id.clone(),
            devnet.genesis.clone(),
            None,
        );
        let service = Arc::new(service.with_mempool(Arc::clone(&devnet.mempool)));
        service.publish(devnet.files(Some(&url), 0).unwrap());
        let routes = router(Arc::clone(&service));
        runtime.spawn(async move { axum::serve(listener, routes).await });
        let homes = TempDir::new().unwrap();
        devnet.write_homes(&url, homes.path()).unwrap();
        let mut town = Self {
            devnet: Arc::new(Mutex::new(devnet)),
            service,
            homes,
            url,
            stopped: Arc::new(AtomicBool::new(false)),
            maker: None,
            _runtime: runtime,
        };
        town.go_on();
        town
    }

    /// Makes blocks beside the test.
    fn go_on(&mut self) {
        let (devnet, stopped) = (Arc::clone(&self.devnet), Arc::clone(&self.stopped));
        stopped.store(false, Ordering::Relaxed);
        self.maker = Some(std::thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                let _ = devnet.lock().unwrap().step(Until::Voting).unwrap();
                std::thread::sleep(Duration::from_millis(60));
            }
        }));
    }

    fn pause(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.maker.take().unwrap().join().unwrap();
    }

    fn lock(&self) -> MutexGuard<'_, Devnet> {
        self.devnet.lock().unwrap()
    }

    /// Goes on to the first block of voting, and then block by block.
    fn open(&mut self) {
        self.pause();
        let opening = self.lock().script.schedule.opening;
        while self.lock().ledger.next_time().unwrap() <= opening {
            self.step();
        }
    }

    fn step(&self) {
        self.lock().step(Until::Result).unwrap().unwrap();
    }

    fn finish(&self) {
        while self.lock().step(Until::Result).unwrap().is_some() {}
        let files = self.lock().files(Some(&self.url), 0).unwrap();
        self.service.publish(files);
    }

    fn home(&self, name: &str) -> PathBuf {
        self.homes.path().join(name)
    }

    fn office(&self, name: &str) -> Office {
        Office::open(&self.home(name), None, None).unwrap()
    }

    fn draw(&self, office: &Office, count: usize) -> Vec<VotingRight> {
        let contract = office.card.contract.id();
        draw_rights(office.card.genesis, contract, count, &mut OsRng)
    }

    /// Casts the ballot of a card.
    fn cast(&self, office: &Office, right: &VotingRight, issues: &[Issue]) -> TrackingCode {
        let key = SigningKey::from_bytes(&right.seed);
        let asset = asset_of(right, issues);
        let ballot = {
            let devnet = self.lock();
            let election = devnet.ledger.application().election();
            let device = devnet.script.device(election).unwrap();
            let mark = *b"CARD";
            let prove = device
                .prover
                .prove(asset, public_key(&key), mark, 0, &mut OsRng);
            prove.unwrap()
        };
        let body = Body::new(
            office.card.genesis,
            office.card.contract.id(),
            Action::Cast(ballot),
        );
        let transaction = sign_body(body, &[&key]);
        let taken = office.node.broadcast(&transaction.encode()).unwrap();
        assert!(matches!(taken, Taken::Waiting { .. }));
        transaction.body.tracking_code()
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}

fn asset_of(right: &VotingRight, issues: &[Issue]) -> AssetId {
    let address = public_key(&SigningKey::from_bytes(&right.seed));
    let found = issues.iter().find_map(|issue| {
        let index = issue.addresses.iter().position(|a| *a == address)?;
        Some(AssetId {
            municipality: issue.municipality,
            batch: issue.batch,
            index: u16::try_from(index).unwrap(),
        })
    });
    found.unwrap()
}

fn question(right: &VotingRight, issues: &[Issue]) -> StateQuestion {
    let asset = asset_of(right, issues);
    StateQuestion::Right {
        municipality: asset.municipality,
        batch: asset.batch,
        holder: Holder::Address(public_key(&SigningKey::from_bytes(&right.seed))),
    }
}

#[test]
fn a_card_is_voted_with_once_and_a_voided_or_unassigned_one_stays_provably_unspent() {
    let mut town = Town::begin();
    let office = town.office("yongin");
    let rights = town.draw(&office, 6);
    let before = town.lock().ledger.application().election().batches(1);
    let issues = issue_rights(&office, &rights, &mut OsRng).unwrap();
    assert_eq!(issues.len(), 1);
    assert_eq!(usize::from(issues[0].batch), before);
    town.open();
    let code = town.cast(&office, &rights[2], &issues);
    town.step();
    town.step();
    let answer = |right: &VotingRight, office: &Office| office.ask(question(right, &issues));
    let spent = answer(&rights[2], &office).unwrap();
    assert!(matches!(spent, StateAnswer::SpentBy { code: by, .. } if by == code));
    town.finish();
    // With the final header, which anybody may check against for years.
    let card = town.service.files().trust_card;
    let card = TrustCard::parse(card.as_bytes()).unwrap();
    assert!(card.final_header.is_some());
    let office = Office { card, ..office };
    for (number, right) in rights.iter().enumerate() {
        let expected = if number == 2 {
            spent.clone()
        } else {
            StateAnswer::Unspent {
                asset: asset_of(right, &issues),
            }
        };
        assert_eq!(answer(right, &office).unwrap(), expected, "card {number}");
    }
    let totals = town.lock().totals().unwrap();
    let ballots: u64 = totals.cells.iter().map(|cell| cell.ballots).sum();
    assert_eq!(ballots, u64::from(support::settings().ballots) + 1);
}

#[test]
fn more_cards_than_a_batch_holds_go_into_several_and_more_than_the_roll_are_refused() {
    let mut town = Town::begin();
    let office = town.office("goyang");
    let rights = town.draw(&office, 1_030);
    let issues = issue_rights(&office, &rights, &mut OsRng).unwrap();
    assert_eq!(issues.len(), 2);
    let rights = town.draw(&office, 1_024);
    let refused = issue_rights(&office, &rights, &mut OsRng).unwrap_err();
    let sentence = refused.to_string();
    assert!(sentence.contains("more rights than people"), "{sentence}");
    town.pause();
}

#[test]
fn nothing_is_issued_after_opening_or_with_anothers_key() {
    let mut town = Town::begin();
    let office = town.office("suwon");
    town.open();
    let rights = town.draw(&office, 2);
    let late = issue_rights(&office, &rights, &mut OsRng).unwrap_err();
    assert!(matches!(
        late,
        IssueError::Office(OfficeError::Refused { .. })
    ));
    let key = "keys/registrar.json";
    std::fs::rename(town.home("goyang").join(key), town.home("yongin").join(key)).unwrap();
    let other = Office::open(&town.home("yongin"), None, None)
        .err()
        .unwrap();
    assert!(matches!(other, OfficeError::OtherKey { .. }));
    let nobody = Office::open(&town.homes.path().join("nowhere"), None, None);
    assert!(matches!(nobody.err().unwrap(), OfficeError::Home(_)));
}

#[test]
fn a_stations_certificates_are_chained_and_never_go_back() {
    let mut town = Town::begin();
    let office = town.office("suwon");
    let observer = office.observer(&town.home("suwon")).unwrap();
    town.open();
    town.go_on();
    // The script certifies station 0 only.
    assert_eq!(last_certificate(&office, 1).unwrap(), None);
    let first = certify(&office, &observer, 1, 5).unwrap();
    assert_eq!(first.certificate.sequence, 0);
    let second = certify(&office, &observer, 1, 8).unwrap();
    assert_eq!(second.certificate.sequence, 1);
    assert_eq!(second.certificate.previous, first.code);
    assert_eq!(last_certificate(&office, 1).unwrap(), Some(second));
    let fewer = certify(&office, &observer, 1, 7).unwrap_err();
    assert!(matches!(
        fewer,
        TurnoutError::Fewer {
            certified: 8,
            asked: 7
        }
    ));
    let many = certify(&office, &observer, 2, 1_000_000).unwrap_err();
    assert!(matches!(
        many,
        TurnoutError::Office(OfficeError::Refused { .. })
    ));
    let stranger = office.observer(&town.home("yongin"));
    assert!(matches!(stranger, Err(OfficeError::OtherKey { .. })));
    town.pause();
    let last = town
        .lock()
        .ledger
        .application()
        .election()
        .station(0, 1)
        .cloned();
    assert_eq!(last.unwrap().checked_in, 8);
}
