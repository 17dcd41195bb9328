//! Who takes part: four municipalities with all their keys, a contract, voters, and key generation as it was dealt.

use super::claim_keys::{Role, claim_keys, secret};
use node::engine::{Validator, Validators};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tendermint::Time;
use verifier_core::prove::{
    BallotProver, EncryptionSecret, SigningKey, TrusteeKeys, VoterElection, deal, draw_signing_key,
    prove_ready, public_key, sign, sign_body,
};
use verifier_core::{
    Action, AssetId, Ballot, BlindSignature, Body, CertifyRoll, CertifyTurnout, ChoiceRule,
    Contract, DealKey, Define, Genesis, GenesisState, Hash, Issue, KeySet, Municipality, Name,
    Promise, PublicKey, Receipt, RecordIssuances, TrackingCode, Transaction, countersigner,
};

pub const START: u64 = 1_780_000_000;
pub const OPENING: u64 = START + 100;
pub const CLOSING: u64 = START + 200;
pub const DEADLINE: u64 = CLOSING + 60;
pub const CHAIN: &str = "chamgwan-vectors";
const SEED: &str = "chamgwan vectors 1";

/// What an election may differ in.
#[derive(Clone)]
pub struct Options {
    pub municipalities: u16,
    pub threshold: u16,
    pub minimum_cell: u32,
    pub turnout_tolerance: u32,
    pub attempt: u16,
    /// Whether rights are claimed too.
    pub claims: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            municipalities: 4,
            threshold: 3,
            minimum_cell: 3,
            turnout_tolerance: 1,
            attempt: 0,
            claims: false,
        }
    }
}

pub struct Keys {
    pub registrar: SigningKey,
    pub trustee: SigningKey,
    pub encryption: EncryptionSecret,
    pub promise: SigningKey,
    pub observer: SigningKey,
}

pub struct World {
    pub validators: Arc<Validators>,
    pub genesis: Genesis,
    pub genesis_state: GenesisState,
    pub contract: Contract,
    pub keys: Vec<Keys>,
    pub dealings: Vec<DealKey>,
    pub key_set: KeySet,
    pub trustees: Vec<TrusteeKeys>,
    pub prover: BallotProver,
}

/// A generator of its own for each purpose.
pub fn rng(purpose: &str) -> ChaCha20Rng {
    let hash = Sha256::new().chain_update(SEED).chain_update([0]);
    ChaCha20Rng::from_seed(hash.chain_update(purpose).finalize().into())
}

pub fn key(purpose: &str) -> SigningKey {
    draw_signing_key(&mut rng(purpose))
}

pub fn voter(asset: AssetId) -> SigningKey {
    key(&format!("voter {asset}"))
}

pub fn asset(municipality: u16, batch: u16, index: u16) -> AssetId {
    AssetId {
        municipality,
        batch,
        index,
    }
}

fn name(text: &str) -> Name {
    Name {
        ko: text.into(),
        en: text.into(),
    }
}

impl World {
    pub fn new(options: &Options) -> Self {
        let keys: Vec<Keys> = (0..options.municipalities).map(draw_keys).collect();
        let contract = contract(options, &keys);
        contract.check().unwrap();
        let validators = validators(options.municipalities);
        let genesis_state =
            GenesisState::new(keys.iter().map(|k| public_key(&k.registrar)).collect());
        let infos = validators.by_municipality().into_iter();
        let genesis = Genesis::new(
            CHAIN.parse().unwrap(),
            Time::from_unix_timestamp(i64::try_from(START).unwrap(), 0).unwrap(),
            1,
            infos.map(|v| v.info().clone()).collect(),
            genesis_state.to_app_state().into_bytes(),
        )
        .unwrap();
        let dealings: Vec<DealKey> = (0..options.municipalities)
            .map(|dealer| deal_of(&genesis, &contract, options.attempt, dealer))
            .collect();
        let key_set =
            KeySet::derive(genesis.hash(), &contract, options.attempt, &dealings).unwrap();
        let trustees = (0..).zip(&keys).map(|(m, keys)| {
            TrusteeKeys::receive(&key_set, &contract, &dealings, m, &keys.encryption).unwrap()
        });
        Self {
            trustees: trustees.collect(),
            prover: BallotProver::new(key_set.ballot_keys()),
            validators,
            genesis,
            genesis_state,
            contract,
            keys,
            dealings,
            key_set,
        }
    }

    pub fn body(&self, action: Action) -> Body {
        Body::new(self.genesis.hash(), self.contract.id(), action)
    }

    pub fn signed(&self, action: Action, keys: &[&SigningKey]) -> Vec<u8> {
        sign_body(self.body(action), keys).encode()
    }

    pub fn define(&self, approvals: &[u16]) -> Vec<u8> {
        let define = Define {
            contract: self.contract.clone(),
            approvals: approvals.to_vec(),
        };
        let keys: Vec<_> = approvals
            .iter()
            .map(|m| &self.keys[usize::from(*m)].registrar)
            .collect();
        self.signed(Action::Define(define), &keys)
    }

    pub fn roll(&self, municipality: u16, people: u32) -> Vec<u8> {
        let roll = CertifyRoll {
            municipality,
            people,
        };
        let registrar = &self.keys[usize::from(municipality)].registrar;
        self.signed(Action::CertifyRoll(roll), &[registrar])
    }

    pub fn addresses(&self, municipality: u16, batch: u16, count: u16) -> Vec<PublicKey> {
        (0..count)
            .map(|index| public_key(&voter(asset(municipality, batch, index))))
            .collect()
    }

    pub fn issue(&self, municipality: u16, batch: u16, count: u16) -> Vec<u8> {
        let mut roll_commitments: Vec<Hash> = (0..count)
            .map(|index| Hash::of(format!("salt {municipality} {batch} {index}").as_bytes()))
            .collect();
        roll_commitments.sort();
        let issue = Issue {
            municipality,
            batch,
            addresses: self.addresses(municipality, batch, count),
            roll_commitments,
        };
        let registrar = &self.keys[usize::from(municipality)].registrar;
        self.signed(Action::Issue(issue), &[registrar])
    }

    /// Says that so many people got a right by blind signature.
    pub fn record(&self, municipality: u16, sequence: u16, people: u16) -> Vec<u8> {
        let commitment = |person| format!("blind salt {municipality} {sequence} {person}");
        let commitments = (0..people).map(|person| Hash::of(commitment(person).as_bytes()));
        let mut roll_commitments: Vec<Hash> = commitments.collect();
        roll_commitments.sort();
        let record = RecordIssuances {
            municipality,
            sequence,
            roll_commitments,
        };
        let registrar = &self.keys[usize::from(municipality)].registrar;
        self.signed(Action::RecordIssuances(record), &[registrar])
    }

    pub fn voters(&self) -> VoterElection {
        VoterElection {
            genesis: self.genesis.hash(),
            contract: self.contract.id(),
        }
    }

    /// What a municipality signs for an address without seeing it.
    pub fn blind(&self, signer: u16, role: Role, address: &PublicKey) -> BlindSignature {
        let mut rng = rng(&format!("blind {signer} {role:?} {address}"));
        let message = self.voters().claim_message(address);
        secret(signer, role).blind_signature(&message, &mut rng)
    }

    /// The home signature and the countersignature for an address.
    pub fn both_signatures(&self, home: u16, address: &PublicKey) -> [BlindSignature; 2] {
        let next = countersigner(home, self.contract.municipalities.len()).unwrap();
        [
            self.blind(home, Role::Home, address),
            self.blind(next, Role::Countersign, address),
        ]
    }

    /// A claim by whoever is to hold this asset.
    pub fn claim(&self, asset: AssetId) -> Vec<u8> {
        let holder = voter(asset);
        let [home, countersign] = self.both_signatures(asset.municipality, &public_key(&holder));
        let voters = self.voters();
        let claim = voters.claim(asset.municipality, home, countersign, &holder);
        claim.encode()
    }

    /// A challenge by the asset's holder.
    pub fn spoil(&self, asset: AssetId, challenged: TrackingCode) -> Vec<u8> {
        let spoil = self.voters().spoil(asset, challenged, &voter(asset));
        spoil.encode()
    }

    pub fn dealing(&self, dealer: u16) -> Vec<u8> {
        let deal = self.dealings[usize::from(dealer)].clone();
        let trustee = &self.keys[usize::from(dealer)].trustee;
        self.signed(Action::DealKey(deal), &[trustee])
    }

    pub fn ready(&self, trustee: u16, forged: bool) -> Vec<u8> {
        let index = usize::from(trustee);
        let mut rng = rng(&format!("ready {trustee}"));
        let mut ready = prove_ready(&self.key_set, &self.trustees[index], &mut rng);
        if forged {
            ready.proofs[0].1.0[0] ^= 1;
        }
        self.signed(Action::KeyReady(ready), &[&self.keys[index].trustee])
    }

    /// A ballot by the asset's holder. `salt` makes another ballot of the same.
    pub fn ballot(&self, asset: AssetId, choice: usize, salt: &str) -> Ballot {
        let mut rng = rng(&format!("ballot {asset} {choice} {salt}"));
        let address = public_key(&voter(asset));
        self.prover
            .prove(asset, address, *b"MARK", choice, &mut rng)
            .unwrap()
    }

    pub fn cast(&self, asset: AssetId, choice: usize, salt: &str) -> Vec<u8> {
        self.sign_ballot(self.ballot(asset, choice, salt))
    }

    pub fn sign_ballot(&self, ballot: Ballot) -> Vec<u8> {
        let holder = voter(ballot.asset);
        self.signed(Action::Cast(ballot), &[&holder])
    }

    pub fn turnout_body(
        &self,
        municipality: u16,
        sequence: u16,
        previous: TrackingCode,
        checked_in: u32,
    ) -> Body {
        self.body(Action::CertifyTurnout(CertifyTurnout {
            municipality,
            station: 0,
            sequence,
            previous,
            checked_in,
        }))
    }

    pub fn sign_turnout(&self, municipality: u16, body: Body) -> Vec<u8> {
        let keys = &self.keys[usize::from(municipality)];
        sign_body(body, &[&keys.registrar, &keys.observer]).encode()
    }

    pub fn close(&self) -> Transaction {
        sign_body(self.body(Action::Close), &[])
    }

    /// A receipt for a ballot, promised by a municipality.
    pub fn receipt(&self, transaction: &[u8], height: Option<u64>, municipality: u16) -> Receipt {
        let transaction = Transaction::decode(transaction).unwrap();
        let Action::Cast(ballot) = &transaction.body.action else {
            panic!("not a ballot");
        };
        let mut receipt = Receipt::new(
            CHAIN.into(),
            self.genesis.hash(),
            self.contract.id(),
            ballot.asset,
            transaction.body.tracking_code(),
            height,
            ballot.mark,
            Promise {
                municipality,
                time: OPENING + 40,
                deadline: DEADLINE,
                signature: [0; 64],
            },
        );
        let promise = &self.keys[usize::from(municipality)].promise;
        receipt.promise.signature = sign(promise, &receipt.promise_message());
        receipt
    }
}

pub fn deal_of(genesis: &Genesis, contract: &Contract, attempt: u16, dealer: u16) -> DealKey {
    let mut rng = rng(&format!("deal {attempt} {dealer}"));
    deal(&genesis.hash(), contract, attempt, dealer, &mut rng).unwrap()
}

fn draw_keys(index: u16) -> Keys {
    Keys {
        registrar: key(&format!("registrar {index}")),
        trustee: key(&format!("trustee {index}")),
        encryption: EncryptionSecret::draw(&mut rng(&format!("encryption {index}"))),
        promise: key(&format!("promise {index}")),
        observer: key(&format!("observer {index}")),
    }
}

fn contract(options: &Options, keys: &[Keys]) -> Contract {
    let municipalities = (0..)
        .zip(keys)
        .map(|(index, keys): (u16, &Keys)| Municipality {
            name: name(&format!("M{index}")),
            registrar: public_key(&keys.registrar),
            trustee: public_key(&keys.trustee),
            trustee_encryption: keys.encryption.point(),
            promise: public_key(&keys.promise),
            observer: public_key(&keys.observer),
        });
    Contract {
        version: 1,
        title: name("Vectors"),
        candidates: vec![name("Pine"), name("Oak")],
        choice_rule: ChoiceRule::ExactlyOne,
        municipalities: municipalities.collect(),
        threshold: options.threshold,
        opening: OPENING,
        closing: CLOSING,
        grace: DEADLINE - CLOSING,
        minimum_cell: options.minimum_cell,
        turnout_tolerance: options.turnout_tolerance,
        claim_keys: Vec::new(),
    }
    .with_claim_keys(match options.claims {
        true => claim_keys(options.municipalities),
        false => Vec::new(),
    })
}

fn validators(count: u16) -> Arc<Validators> {
    let members = (0..count).map(|index| {
        let consensus = key(&format!("consensus {index}"));
        Validator::new(index, format!("M{index}"), consensus, 10).unwrap()
    });
    Arc::new(Validators::new(members.collect()))
}
