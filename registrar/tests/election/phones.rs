//! An election whose rights come from phones: the embedded engine, three registrars beside it, and people with phones.

use super::attack::{Claimed, Issued};
use super::support::Town;
use super::support::voter::{Blinding, Voter};
use node::client::{Client, Taken};
use node::devnet::{Devnet, Live, Settings, Until};
use node::rpc::{Service as Routes, router};
use node::storage::Store;
use node::{clock, seconds};
use rand_chacha::ChaCha20Rng;
use rand_core::{OsRng, RngCore, SeedableRng};
use registrar::{Limits, Pace, Recorder};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::net::TcpListener;
use verifier_core::prove::{
    BallotProver, SigningKey, VoterElection, draw_signing_key, public_key, sign_body,
};
use verifier_core::{
    Action, AssetId, Body, Outcome, PublicKey, Transaction, claim_moment, claim_span, claimed_asset,
};

pub const MUNICIPALITIES: u16 = 3;
pub const VOTERS: u32 = 1_000;
/// So many periods in which people are signed for, of so many blocks each.
pub const PERIODS: u64 = 4;
const BLOCKS: u64 = 12;
const INTERVAL: u64 = 3;
pub const PERIOD: u64 = BLOCKS * INTERVAL;
/// Devices of so many people at once.
const THREADS: usize = 4;

/// One person: what their device knows, and what registrars have seen.
pub struct Person {
    pub voter: Voter,
    pub key: SigningKey,
    /// The block of registration in which they come.
    comes: u64,
    device: Option<Device>,
    pub issued: Option<Issued>,
    /// When they claim, once they can.
    claims_at: Option<u64>,
    claim: Option<Vec<u8>>,
}

/// Between two answers.
struct Device {
    token: String,
    home: Blinding,
    counter: Blinding,
}

/// The election.
pub struct Election {
    pub devnet: Devnet,
    pub town: Town,
    routes: Arc<Routes>,
    node: Client,
    recorders: Vec<Recorder>,
    rng: ChaCha20Rng,
    requests: usize,
}

fn settings() -> Settings {
    let seconds = (PERIODS + 3) * PERIOD + 120;
    Settings {
        municipalities: MUNICIPALITIES,
        candidates: 3,
        ballots: 30,
        invalid: 0,
        seed: 11,
        // Blocks begin where periods do.
        genesis_time: Some(clock() / PERIOD * PERIOD),
        interval: INTERVAL,
        per_block: None,
        fault: None,
        live: Some(Live {
            registration: seconds,
            voting: None,
            phones: true,
        }),
    }
}

/// Registration begins about now.
pub fn devnet() -> Devnet {
    Devnet::open(Store::in_memory().unwrap(), &settings(), clock()).unwrap()
}

impl Election {
    /// Set up, with registration about to begin at the beginning of a period.
    pub fn start() -> Self {
        let devnet = devnet();
        let offices = &devnet.script.offices;
        let mut town = Town::without_services(offices.genesis, offices.contract.clone(), 0);
        let (routes, node) = serve_routes(&devnet, &town);
        let keys = registrar_keys(&devnet, &town);
        let limits = Limits {
            codes_per_address: 1_000_000,
            before_opening: PERIOD,
            ..Limits::default()
        };
        town.serve_all(keys, VOTERS.div_ceil(3), limits, |folder, index| {
            format!("sqlite:{}/{index}.db", folder.path().display())
        });
        let pace = Pace {
            look: Duration::ZERO,
            gather: Duration::ZERO,
        };
        let services = town.services.iter();
        let recorders = services
            .map(|service| Recorder::new(Arc::clone(service), node.clone(), pace))
            .collect();
        let mut election = Self {
            devnet,
            town,
            routes,
            node,
            recorders,
            rng: ChaCha20Rng::seed_from_u64(5),
            requests: 0,
        };
        while !election.is_set_up() || !election.time().is_multiple_of(PERIOD) {
            election.block();
        }
        election
    }

    /// The node, which by now hands out the totals.
    pub fn ended(&self) -> &Client {
        let files = self.devnet.files(Some(self.node.url()), 0);
        self.routes.publish(files.unwrap());
        &self.node
    }

    fn is_set_up(&self) -> bool {
        let next = self.devnet.ledger.height() + 1;
        self.devnet.script.schedule.is_set_up_before(next)
    }

    /// Seconds of the next block's header.
    pub fn time(&self) -> u64 {
        let next = self.devnet.ledger.height() + 1;
        self.devnet.script.schedule.time(next)
    }

    /// Makes a block; everybody's clock is its time.
    pub fn block(&mut self) {
        self.town.clock.store(self.time(), Ordering::Relaxed);
        self.devnet.step(Until::Result).unwrap().unwrap();
    }

    fn step_recorders(&mut self) {
        for recorder in &mut self.recorders {
            self.town.runtime.block_on(recorder.step()).unwrap();
        }
    }

    pub fn people(&mut self) -> Vec<Person> {
        let rng = &mut self.rng;
        let mut drawn = ChaCha20Rng::seed_from_u64(rng.next_u64());
        let people = (0..VOTERS).map(|number| Person {
            voter: Voter::of(u16::try_from(number % 3).unwrap(), number / 3),
            key: draw_signing_key(&mut drawn),
            comes: rng.next_u64() % (PERIODS * BLOCKS),
            device: None,
            issued: None,
            claims_at: None,
            claim: None,
        });
        people.collect()
    }

    /// Everybody comes, is signed for, waits, claims.
    pub fn register(&mut self, people: &mut [Person]) {
        let begins = self.time();
        for number in 0..=(PERIODS + 1) * BLOCKS {
            let now = self.time();
            assert_eq!(now, begins + number * INTERVAL);
            self.town.clock.store(now, Ordering::Relaxed);
            let mut come: Vec<&mut Person> = people
                .iter_mut()
                .filter(|person| person.comes == number)
                .collect();
            for person in &mut come {
                person.prepare(&mut self.requests, now / PERIOD);
            }
            in_parallel(&mut come, |person| person.ask(&self.town));
            self.step_recorders();
            self.send_due(people, now);
            self.block();
            self.step_recorders();
            let opening = self.devnet.script.schedule.opening;
            let mut drawn = ChaCha20Rng::seed_from_u64(self.rng.next_u64());
            let mut come: Vec<&mut Person> = people
                .iter_mut()
                .filter(|person| person.comes == number)
                .collect();
            in_parallel(&mut come, |person| person.receive(&self.town));
            for person in come {
                let span = claim_span(now, PERIOD, opening).unwrap();
                person.claims_at = Some(claim_moment(&span, drawn.next_u64()));
            }
        }
    }

    /// Claims whose moment has come, in the order of the moments.
    fn send_due(&mut self, people: &mut [Person], now: u64) {
        let mut due: Vec<(u64, u64, Vec<u8>)> = Vec::new();
        for person in people {
            if person.claims_at.is_some_and(|at| at < now)
                && let Some(claim) = person.claim.take()
            {
                // Within a second, in any order.
                due.push((person.claims_at.unwrap(), self.rng.next_u64(), claim));
            }
        }
        due.sort();
        for (_, _, claim) in due {
            assert_taken(&self.node, &claim);
        }
    }

    /// Sends transactions into the next block.
    pub fn send(&self, transactions: &[Transaction]) {
        for transaction in transactions {
            assert_taken(&self.node, &transaction.encode());
        }
    }

    /// The ballots of these people, for candidates in turn.
    pub fn ballots(
        &self,
        people: &[Person],
        assets: &BTreeMap<PublicKey, AssetId>,
    ) -> Vec<Transaction> {
        let election = self.devnet.ledger.application().election();
        let prover = BallotProver::new(election.complete_key_set().unwrap().ballot_keys());
        let contract = self.town.contract.id();
        let cast = |(number, person): (usize, &Person)| {
            let address = public_key(&person.key);
            let asset = assets[&address];
            let ballot = prover.prove(asset, address, *b"AB12", number % 3, &mut OsRng);
            let action = Action::Cast(ballot.unwrap());
            sign_body(
                Body::new(self.town.genesis, contract, action),
                &[&person.key],
            )
        };
        people.iter().enumerate().map(cast).collect()
    }

    /// Every claim on the ledger that took effect, in order, and the asset that each address got.
    pub fn claims(&self) -> (Vec<Claimed>, BTreeMap<PublicKey, AssetId>) {
        let (mut claims, mut assets) = (Vec::new(), BTreeMap::new());
        let mut numbers: BTreeMap<u16, u32> = BTreeMap::new();
        for height in 1..=self.devnet.ledger.height() {
            let record = self.devnet.store.block(height).unwrap();
            // What is sent within the seconds before a block is in it.
            let period = (seconds(record.header.time) - INTERVAL) / PERIOD;
            for (bytes, outcome) in record
                .block
                .data
                .iter()
                .flat_map(|data| &data.txs)
                .zip(&record.outcomes)
            {
                let Action::Claim(claim) = Transaction::decode(bytes).unwrap().body.action else {
                    continue;
                };
                assert_eq!(*outcome, Outcome::Ok);
                let number = numbers.entry(claim.municipality).or_default();
                assets.insert(
                    claim.address,
                    claimed_asset(claim.municipality, *number).unwrap(),
                );
                *number += 1;
                claims.push(Claimed {
                    group: (claim.municipality, period - 1),
                    order: claims.len(),
                    address: claim.address.0.to_vec(),
                    home_randomizer: claim.home.randomizer.to_vec(),
                    home_signature: claim.home.signature.to_vec(),
                    counter_randomizer: claim.countersign.randomizer.to_vec(),
                    counter_signature: claim.countersign.signature.to_vec(),
                });
            }
        }
        (claims, assets)
    }
}

fn assert_taken(node: &Client, transaction: &[u8]) {
    let answer = node.broadcast(transaction).unwrap();
    assert!(matches!(answer, Taken::Waiting { .. }), "{answer:?}");
}

pub fn serve_routes(devnet: &Devnet, town: &Town) -> (Arc<Routes>, Client) {
    let service = Routes::new(
        Arc::clone(&devnet.store),
        Arc::clone(&devnet.validators),
        devnet.chain_id.clone(),
        devnet.genesis.clone(),
        None,
    );
    let service = Arc::new(service.with_mempool(Arc::clone(&devnet.mempool)));
    let routes = router(Arc::clone(&service));
    let url = town.runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        url
    });
    (service, Client::new(&url))
}

/// From the homes that a devnet writes, as the service itself reads them.
fn registrar_keys(devnet: &Devnet, town: &Town) -> Vec<registrar::Keys> {
    let folder = town.folder.path().join("homes");
    devnet.write_homes("http://127.0.0.1:1", &folder).unwrap();
    let mut keys = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let home = entry.unwrap().path();
        registrar::home::roll_secrets(&home).unwrap();
        let (index, opened) = registrar::home::open(&home).unwrap();
        keys.insert(index, opened);
    }
    keys.into_values().collect()
}

/// So many at a time, in no order.
fn in_parallel<T: Send>(all: &mut [T], work: impl Fn(&mut T) + Sync) {
    let size = all.len().div_ceil(THREADS).max(1);
    std::thread::scope(|scope| {
        for part in all.chunks_mut(size) {
            let work = &work;
            scope.spawn(move || part.iter_mut().for_each(work));
        }
    });
}

impl Person {
    /// Noted as the registrar would note it, had it wanted to.
    fn prepare(&mut self, requests: &mut usize, period: u64) {
        self.issued = Some(Issued {
            group: (self.voter.home, period),
            order: *requests,
            commitment: Vec::new(),
            home_blinded: Vec::new(),
            home_signed: Vec::new(),
            counter_blinded: Vec::new(),
            counter_signed: Vec::new(),
        });
        *requests += 1;
    }

    fn ask(&mut self, town: &Town) {
        let token = self.voter.token(town);
        let address = public_key(&self.key);
        let home = self.voter.home_blinding(town, &address);
        let counter = self.voter.countersign_blinding(town, &address);
        assert_eq!(self.voter.sign(town, &token, &home.blinded()).0, 202);
        self.device = Some(Device {
            token,
            home,
            counter,
        });
    }

    fn receive(&mut self, town: &Town) {
        let device = self.device.take().unwrap();
        let (home, counter) = (device.home.blinded(), device.counter.blinded());
        let (status, signed) = self.voter.sign(town, &device.token, &home);
        assert_eq!(status, 200, "{signed}");
        let (status, countersigned) = self.voter.countersign(town, &signed, &counter);
        assert_eq!(status, 200, "{countersigned}");
        let bytes =
            |answer: &Value, field: &str| hex::decode(answer[field].as_str().unwrap()).unwrap();
        let issued = self.issued.as_mut().unwrap();
        issued.commitment = bytes(&signed, "commitment");
        issued.home_blinded = hex::decode(&home).unwrap();
        issued.home_signed = bytes(&signed, "signature");
        issued.counter_blinded = hex::decode(&counter).unwrap();
        issued.counter_signed = bytes(&countersigned, "signature");
        let election = VoterElection {
            genesis: town.genesis,
            contract: town.contract.id(),
        };
        let claim = election.claim(
            self.voter.home,
            device.home.finish(signed["signature"].as_str().unwrap()),
            device
                .counter
                .finish(countersigned["signature"].as_str().unwrap()),
            &self.key,
        );
        self.claim = Some(claim.encode());
    }
}
