//! Three municipalities with their registrars, each served over HTTP on this machine, and the gateway that their codes go through.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

pub mod gateway;
pub mod voter;

use gateway::Gateway;
use node::home::{ClaimsFile, KeyFile, KeyUse};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use registrar::http::{Exposure, serve};
use registrar::roll::{Person, RollSecrets};
use registrar::store::{NewPerson, RecordedBatch, Store};
use registrar::{BlindSigner, Clock, Keys, Limits, Service, Serving, Sms};
use serde_json::Value;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use verifier_core::prove::EncryptionSecret;
use verifier_core::{
    ChoiceRule, ClaimKeys, Contract, GenesisHash, Hash, Municipality, Name, Seconds, TrackingCode,
};

pub const GENESIS: GenesisHash = GenesisHash([7; 32]);
pub const OPENING: Seconds = 1_800_000_000;
/// Well before anything closes, at the beginning of an hour.
pub const NOW: Seconds = OPENING - 36_000;
pub const MUNICIPALITIES: u16 = 3;
pub const TOKEN: &str = "gateway-token";

/// A runtime, the services on it, and what tests move.
pub struct Town {
    pub runtime: Runtime,
    pub services: Vec<Arc<Service>>,
    pub urls: Vec<String>,
    pub gateway: Gateway,
    pub genesis: GenesisHash,
    pub contract: Contract,
    pub clock: Arc<AtomicU64>,
    pub folder: TempDir,
}

/// The secrets of a municipality in tests.
pub struct Secrets {
    pub registrar: KeyFile,
    pub roll: KeyFile,
    pub claims: &'static ClaimsFile,
}

/// Drawn once for all tests: RSA keys take a while.
fn claims(index: u16) -> &'static ClaimsFile {
    static DRAWN: OnceLock<Vec<ClaimsFile>> = OnceLock::new();
    let draw = |seed| ClaimsFile::from_seed([seed; 32]).unwrap();
    let drawn = DRAWN.get_or_init(|| (0..3).map(draw).collect());
    &drawn[usize::from(index)]
}

impl Secrets {
    pub fn of(index: u16) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(index.into());
        Self {
            registrar: KeyFile::draw(KeyUse::Registrar, &mut rng),
            roll: KeyFile::draw(KeyUse::Roll, &mut rng),
            claims: claims(index),
        }
    }

    pub fn keys(&self) -> Keys {
        Keys {
            registrar: self.registrar.signing_key(),
            roll: RollSecrets::of(&self.roll),
            home: BlindSigner::read(self.claims.home()).unwrap(),
            countersign: BlindSigner::read(self.claims.countersign()).unwrap(),
        }
    }
}

pub fn name(text: &str) -> Name {
    Name {
        ko: text.into(),
        en: text.into(),
    }
}

pub fn contract(secrets: &[Secrets]) -> Contract {
    let municipalities = (0u64..).zip(secrets).map(|(index, secrets)| {
        let mut rng = ChaCha20Rng::seed_from_u64(1000 + index);
        let mut public = |key_use| KeyFile::draw(key_use, &mut rng).public_key();
        Municipality {
            name: name(&format!("m{index}")),
            registrar: secrets.registrar.public_key(),
            trustee: public(KeyUse::Trustee),
            promise: public(KeyUse::Promise),
            observer: public(KeyUse::Observer),
            trustee_encryption: EncryptionSecret::draw(&mut rng).point(),
        }
    });
    let contract = Contract {
        version: 1,
        title: name("t"),
        candidates: vec![name("a"), name("b")],
        choice_rule: ChoiceRule::ExactlyOne,
        municipalities: municipalities.collect(),
        threshold: 2,
        opening: OPENING,
        closing: OPENING + 3_600,
        grace: 60,
        minimum_cell: 1,
        turnout_tolerance: 0,
        claim_keys: Vec::new(),
    };
    let keys: Vec<ClaimKeys> = secrets.iter().map(|s| s.claims.public()).collect();
    let contract = contract.with_claim_keys(keys);
    contract.check().unwrap();
    contract
}

/// The person of this number on a municipality's roll.
pub fn person(municipality: u16, number: u32) -> [String; 3] {
    [
        format!("시민{municipality}-{number}"),
        format!(
            "19{:02}-{:02}-{:02}",
            number % 100,
            number % 12 + 1,
            number % 28 + 1
        ),
        format!("010{municipality:04}{number:04}"),
    ]
}

impl Town {
    /// Services with so many people on each roll.
    pub fn of(people: u32, limits: Limits) -> Self {
        Self::on(people, limits, |folder, index| {
            format!("sqlite:{}/{index}.db", folder.path().display())
        })
    }

    /// The same on databases that the caller names.
    pub fn on(people: u32, limits: Limits, database: impl Fn(&TempDir, u16) -> String) -> Self {
        let secrets: Vec<Secrets> = (0..MUNICIPALITIES).map(Secrets::of).collect();
        let keys = secrets.iter().map(Secrets::keys).collect();
        let mut town = Self::without_services(GENESIS, contract(&secrets), NOW);
        town.serve_all(keys, people, limits, database);
        town
    }

    pub fn without_services(genesis: GenesisHash, contract: Contract, now: Seconds) -> Self {
        let runtime = Runtime::new().unwrap();
        let gateway = runtime.block_on(Gateway::start(Some(TOKEN)));
        Self {
            runtime,
            services: Vec::new(),
            urls: Vec::new(),
            gateway,
            genesis,
            contract,
            clock: Arc::new(AtomicU64::new(now)),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub fn serve_all(
        &mut self,
        keys: Vec<Keys>,
        people: u32,
        limits: Limits,
        database: impl Fn(&TempDir, u16) -> String,
    ) {
        for (index, keys) in (0..).zip(keys) {
            let url = database(&self.folder, index);
            self.serve(index, keys, &url, people, limits);
        }
    }

    fn serve(&mut self, index: u16, keys: Keys, database: &str, people: u32, limits: Limits) {
        let serving = Serving {
            genesis: self.genesis,
            id: self.contract.id(),
            contract: self.contract.clone(),
            municipality: index,
        };
        let listed = roll(&keys.roll, index, people);
        let token = Some(TOKEN.to_owned().into());
        let sms = Sms::parse(&self.gateway.url, token).unwrap();
        let clock = Clock::Set(Arc::clone(&self.clock));
        let (service, url) = self.runtime.block_on(async {
            let store = Store::open(database).await.unwrap();
            store.import(&listed).await.unwrap();
            let service = Service::new(serving, keys, store, sms, limits, clock).await;
            let service = Arc::new(service.unwrap());
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            tokio::spawn(serve(listener, Arc::clone(&service), Exposure::Open));
            (service, url)
        });
        self.services.push(service);
        self.urls.push(url);
    }

    pub fn advance(&self, seconds: Seconds) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    /// As if the ledger had recorded this batch of a municipality, and all had read so.
    pub fn record(&self, home: u16, sequence: u16, commitments: &[Hash]) {
        let batch = RecordedBatch {
            municipality: home,
            sequence,
            code: TrackingCode(Hash::of(&[7, u8::try_from(sequence).unwrap()]).0),
            commitments: commitments.to_vec(),
        };
        let height = u64::from(sequence) + 1;
        for (index, service) in (0..).zip(&self.services) {
            let taken = service
                .store
                .take_blocks(index, height, std::slice::from_ref(&batch));
            self.runtime.block_on(taken).unwrap();
        }
    }

    /// Records whatever waits at a municipality.
    pub fn record_waiting(&self, home: u16, sequence: u16) {
        let store = &self.services[usize::from(home)].store;
        let waiting = self.runtime.block_on(store.waiting(1024)).unwrap();
        self.record(home, sequence, &waiting);
    }
}

/// A whole roll as it is kept.
pub fn roll(secrets: &RollSecrets, municipality: u16, people: u32) -> Vec<NewPerson> {
    let kept = (0..people).map(|number| {
        let [name, birth, phone] = person(municipality, number);
        let person = Person::parse(&name, &birth, &phone).unwrap();
        let id = secrets.person(&person);
        let phone = secrets.seal(&id, person.phone(), &mut rand_core::OsRng);
        NewPerson { id, phone }
    });
    kept.collect()
}

/// Status and JSON of an answer.
pub fn post(url: &str, route: &str, body: &Value) -> (u16, Value) {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let mut answer = agent.post(format!("{url}{route}")).send_json(body).unwrap();
    let status = answer.status().as_u16();
    (status, answer.body_mut().read_json().unwrap())
}
