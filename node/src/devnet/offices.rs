//! What registrars and observers do, and the promises that municipalities sign: for an election of whatever engine.

use super::people::Electorate;
use super::script::ScriptError;
use super::seed::Seed;
use crate::promise::{Promiser, promise};
use verifier_core::prove::{SigningKey, sign_body};
use verifier_core::{
    Action, AssetId, Body, CertifyRoll, CertifyTurnout, Contract, Define, Election, GenesisHash,
    Height, Issue, PromisedBallot, Receipt, Seconds, Station, TrackingCode, Transaction,
};

/// Turnout is certified so many times per station.
pub const TURNOUT_ROUNDS: u16 = 3;

/// The keys of one municipality's offices.
pub struct OfficeKeys {
    pub registrar: SigningKey,
    pub promise: SigningKey,
    pub observer: SigningKey,
}

/// All municipalities' offices, and the people that they deal with.
pub struct Offices {
    pub seed: Seed,
    pub chain_id: String,
    pub genesis: GenesisHash,
    pub contract: Contract,
    /// In the order of municipalities.
    pub keys: Vec<OfficeKeys>,
    pub electorates: Vec<Electorate>,
}

/// A ballot for which a receipt is handed out.
#[derive(Clone, Copy, Debug)]
pub struct Promised {
    pub asset: AssetId,
    pub code: TrackingCode,
    pub mark: [u8; 4],
    /// The block that holds it, if that was known when the receipt was printed.
    pub height: Option<Height>,
    /// When the municipality accepted it.
    pub time: Seconds,
}

impl Offices {
    /// The contract, approved by all registrars.
    pub fn define(&self) -> Transaction {
        let approvals = (0..).zip(&self.keys).map(|(index, _)| index).collect();
        let define = Define {
            contract: self.contract.clone(),
            approvals,
        };
        let registrars: Vec<&SigningKey> = self.keys.iter().map(|keys| &keys.registrar).collect();
        self.signed(Action::Define(define), &registrars)
    }

    /// Every municipality's roll.
    pub fn certify_rolls(&self) -> Vec<Transaction> {
        let certify = |(electorate, keys): (&Electorate, &OfficeKeys)| {
            let roll = CertifyRoll {
                municipality: electorate.index,
                people: electorate.roll,
            };
            self.signed(Action::CertifyRoll(roll), &[&keys.registrar])
        };
        self.electorates
            .iter()
            .zip(&self.keys)
            .map(certify)
            .collect()
    }

    /// One batch of a municipality's voting rights.
    pub fn issue(&self, municipality: u16, batch: u16) -> Result<Transaction, ScriptError> {
        let (addresses, roll_commitments) = self
            .electorates
            .get(usize::from(municipality))
            .ok_or(ScriptError::Municipality(municipality))?
            .batch(self.seed, batch);
        let issue = Issue {
            municipality,
            batch,
            addresses,
            roll_commitments,
        };
        let registrar = &self.of(municipality)?.registrar;
        Ok(self.signed(Action::Issue(issue), &[registrar]))
    }

    /// All stations' certificates of a round, from 1 to [`TURNOUT_ROUNDS`], each chained to the station's last one on the ledger, whoever sent that.
    pub fn certify_turnout(&self, round: u16, election: &Election) -> Vec<Transaction> {
        let of_municipality = |(electorate, keys): (&'_ Electorate, &'_ OfficeKeys)| {
            let signers = [&keys.registrar, &keys.observer];
            let certify = |station| {
                let last = election.station(electorate.index, station);
                let arrived = electorate.arrived_at(station, round, TURNOUT_ROUNDS);
                let turnout = certificate(electorate.index, station, last, arrived);
                self.signed(Action::CertifyTurnout(turnout), &signers)
            };
            (0..electorate.stations).map(certify).collect::<Vec<_>>()
        };
        let municipalities = self.electorates.iter().zip(&self.keys);
        municipalities.flat_map(of_municipality).collect()
    }

    /// The close of the sums, which anyone may send.
    pub fn close(&self) -> Transaction {
        self.signed(Action::Close, &[])
    }

    /// A receipt with the signed promise of the holder's municipality.
    pub fn receipt(&self, ballot: &Promised) -> Result<Receipt, ScriptError> {
        let municipality = ballot.asset.municipality;
        let contract = &self.contract;
        let about = PromisedBallot {
            genesis: self.genesis,
            contract: contract.id(),
            code: ballot.code,
            asset: ballot.asset,
        };
        let key = &self.of(municipality)?.promise;
        Ok(Receipt::new(
            self.chain_id.clone(),
            self.genesis,
            about.contract,
            ballot.asset,
            ballot.code,
            ballot.height,
            ballot.mark,
            promise(key, municipality, contract, &about, ballot.time),
        ))
    }

    /// Who signs each municipality's promises.
    pub fn promisers(&self) -> Vec<Promiser> {
        (0..)
            .zip(&self.keys)
            .map(|(index, keys)| Promiser::new(index, keys.promise.clone()))
            .collect()
    }

    /// The keys of a municipality.
    pub fn of(&self, municipality: u16) -> Result<&OfficeKeys, ScriptError> {
        self.keys
            .get(usize::from(municipality))
            .ok_or(ScriptError::Municipality(municipality))
    }

    /// A transaction of this election.
    pub fn signed(&self, action: Action, keys: &[&SigningKey]) -> Transaction {
        let body = Body::new(self.genesis, self.contract.id(), action);
        sign_body(body, keys)
    }
}

/// A station's next certificate, when so many people more have arrived.
fn certificate(
    municipality: u16,
    station: u16,
    last: Option<&Station>,
    arrived: u32,
) -> CertifyTurnout {
    CertifyTurnout {
        municipality,
        station,
        sequence: last.map_or(0, |last| last.sequence.saturating_add(1)),
        previous: last.map_or(TrackingCode([0; 32]), |last| last.code),
        checked_in: last
            .map_or(0, |last| last.checked_in)
            .saturating_add(arrived),
    }
}
