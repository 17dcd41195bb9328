//! The election: the rules of the ledger, applied to one transaction after another.
//!
//! Ballots apart, this is the whole state machine; a municipality's node and a recount run the same one. Everything a ballot needs
//! (contract, key set, issued assets) is fixed before opening, so that ballots can be judged in any order; see [`Election::admit`].

mod addresses;
mod claims;
mod closing;
mod keys;
mod setup;
mod spoils;

pub use claims::claimed_asset;

use crate::ballot::CheckedBallot;
use crate::contract::{Contract, Municipality};
use crate::encoding::{self, EncodingError};
use crate::ids::{
    AssetId, ContractId, GenesisHash, Hash, MunicipalityIndex, PublicKey, Seconds, Signature,
    TrackingCode,
};
use crate::keys::KeySet;
use crate::outcome::Outcome;
use crate::share::CheckedShare;
use crate::signature::verify_signature;
use crate::state_key::{RecordedIssuances, SpoiledEntry};
use crate::tally::{Cell, Tally};
use crate::transaction::{Action, CLAIM_BATCHES, DealKey, Transaction};
use addresses::AddressSet;
use borsh::{BorshDeserialize, BorshSerialize};
use data_encoding::BASE64;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const GENESIS_STATE_LIMIT: usize = 64 * 1024;
const GENESIS_STATE_VERSION: u8 = 1;

/// What the genesis gives the application: who may define the contract.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct GenesisState {
    pub version: u8,
    /// The registrar keys of the municipalities, in the contract's order.
    pub registrars: Vec<PublicKey>,
}

/// An election as the ledger has it so far. A clone shares what it does not change: cheap enough to try a transaction on.
#[derive(Clone, Debug)]
pub struct Election {
    genesis: GenesisHash,
    registrars: Vec<PublicKey>,
    defined: Option<(ContractId, Arc<Contract>)>,
    /// As many as the contract has municipalities.
    municipalities: Vec<Arc<Progress>>,
    attempt: u16,
    culprits: Vec<Culprit>,
    key_set: Option<Arc<KeySet>>,
    close: Option<Arc<Close>>,
    /// Everybody who has claimed a right, in whichever municipality.
    claimants: AddressSet,
}

/// What one municipality has done so far.
#[derive(Clone, Debug, Default)]
struct Progress {
    roll: Option<u32>,
    issued: u32,
    batches: Vec<Arc<[PublicKey]>>,
    recorded: RecordedIssuances,
    claimed: u32,
    /// From [`CLAIM_BATCHES`] on, all full but the last.
    claim_batches: Vec<Arc<Vec<PublicKey>>>,
    /// By batch.
    spoiled: BTreeMap<u16, Arc<BTreeSet<SpoiledEntry>>>,
    dealt: Option<Arc<DealKey>>,
    ready: bool,
    stations: BTreeMap<u16, Station>,
    share: Option<CheckedShare>,
}

/// What a station's last certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Station {
    pub sequence: u16,
    /// Tracking code of the certificate.
    pub code: TrackingCode,
    pub checked_in: u32,
}

/// A dealer whose shares a complaint has shown to be bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Culprit {
    pub attempt: u16,
    pub dealer: MunicipalityIndex,
}

/// The closed sums.
#[derive(Clone, Debug)]
pub struct Close {
    /// Tracking code of the Close transaction.
    pub code: TrackingCode,
    pub cells: Vec<Cell>,
}

impl GenesisState {
    /// A state of the current version.
    pub fn new(registrars: Vec<PublicKey>) -> Self {
        Self {
            version: GENESIS_STATE_VERSION,
            registrars,
        }
    }

    /// The text that stands as `app_state` in the genesis.
    pub fn to_app_state(&self) -> String {
        BASE64.encode(&encoding::encode(self))
    }

    /// Decodes the application's part of the genesis: base64 of the canonical bytes, which in the genesis file is a JSON string.
    pub fn decode(app_state: &[u8]) -> Result<Self, EncodingError> {
        let bytes = BASE64
            .decode(app_state)
            .map_err(|e| EncodingError::Malformed(e.to_string()))?;
        let state: Self = encoding::decode(&bytes, GENESIS_STATE_LIMIT)?;
        if state.version != GENESIS_STATE_VERSION {
            return Err(EncodingError::UnknownVersion {
                actual: state.version,
                expected: GENESIS_STATE_VERSION,
            });
        }
        Ok(state)
    }
}

impl Election {
    /// A ledger on which nothing has been defined yet.
    pub fn new(genesis: GenesisHash, state: GenesisState) -> Self {
        Self {
            genesis,
            registrars: state.registrars,
            defined: None,
            municipalities: Vec::new(),
            attempt: 0,
            culprits: Vec::new(),
            key_set: None,
            close: None,
            claimants: AddressSet::default(),
        }
    }

    /// Applies a transaction other than a ballot that counts; `tally` holds the ballots counted in the blocks before.
    ///
    /// A ballot gets the reason for which it is not admitted. One that would be admitted changes nothing here and gets `Ok`:
    /// its proof, whether it is spoiled and whether its asset is unspent are for the caller to judge.
    pub fn apply(&mut self, time: Seconds, transaction: &Transaction, tally: &Tally) -> Outcome {
        match self.try_apply(time, transaction, tally) {
            Ok(()) => Outcome::Ok,
            Err(outcome) => outcome,
        }
    }

    fn try_apply(
        &mut self,
        time: Seconds,
        transaction: &Transaction,
        tally: &Tally,
    ) -> Result<(), Outcome> {
        if let Action::Define(define) = &transaction.body.action {
            return self.define(time, transaction, define);
        }
        self.check_binding(transaction)?;
        match &transaction.body.action {
            Action::Define(_) => Err(Outcome::Repeated),
            Action::CertifyRoll(roll) => self.certify_roll(time, transaction, roll),
            Action::Issue(issue) => self.issue(time, transaction, issue),
            Action::DealKey(deal) => self.deal_key(time, transaction, deal),
            Action::KeyReady(ready) => self.key_ready(time, transaction, ready),
            Action::Complain(complain) => self.complain(time, transaction, complain),
            Action::Cast(ballot) => self.check_admission(time, ballot.asset, &ballot.address),
            Action::CertifyTurnout(turnout) => self.certify_turnout(time, transaction, turnout),
            Action::Close => self.close_sums(time, transaction, tally),
            Action::Share(share) => self.add_share(transaction, share),
            Action::Spoil(spoil) => self.spoil(time, transaction, spoil),
            Action::RecordIssuances(record) => self.record_issuances(time, transaction, record),
            Action::Claim(claim) => self.claim(time, transaction, claim),
        }
    }

    /// Whether a ballot in a block of this time gets as far as its signature and proof: right election, within the window, keys complete, asset issued to its address.
    pub fn admit(&self, time: Seconds, transaction: &Transaction) -> Result<(), Outcome> {
        self.check_binding(transaction)?;
        match &transaction.body.action {
            Action::Cast(ballot) => self.check_admission(time, ballot.asset, &ballot.address),
            _ => Err(Outcome::Malformed),
        }
    }

    /// As [`Election::admit`], of a ballot that was checked under this election's complete key set.
    pub fn admit_checked(&self, time: Seconds, ballot: &CheckedBallot) -> Result<(), Outcome> {
        self.check_admission(time, ballot.asset(), ballot.address())
    }

    fn check_admission(
        &self,
        time: Seconds,
        asset: AssetId,
        address: &PublicKey,
    ) -> Result<(), Outcome> {
        let contract = self.require_contract()?;
        if !contract.accepts_ballots_at(time) {
            return Err(Outcome::OutsideWindow);
        }
        self.complete_key_set().ok_or(Outcome::KeysIncomplete)?;
        if self.issued_to(asset) != Some(address) {
            return Err(Outcome::NotIssued);
        }
        Ok(())
    }

    /// The contract, once defined.
    pub fn contract(&self) -> Option<&Contract> {
        self.defined.as_ref().map(|(_, contract)| contract.as_ref())
    }

    /// The key set, once every trustee has shown that it holds its shares.
    pub fn complete_key_set(&self) -> Option<&KeySet> {
        let all_ready = self.municipalities.iter().all(|m| m.ready);
        self.key_set.as_deref().filter(|_| all_ready)
    }

    /// The key set that the dealings so far give, whether or not the trustees are ready.
    pub fn key_set(&self) -> Option<&KeySet> {
        self.key_set.as_deref()
    }

    /// The current attempt at key generation.
    pub fn attempt(&self) -> u16 {
        self.attempt
    }

    /// Dealers that complaints have named.
    pub fn culprits(&self) -> &[Culprit] {
        &self.culprits
    }

    /// The dealing of a municipality in the current attempt.
    pub fn dealing(&self, municipality: MunicipalityIndex) -> Option<&DealKey> {
        self.progress(municipality)?.dealt.as_deref()
    }

    /// Whether a trustee has shown that it holds its shares of the current attempt's keys.
    pub fn is_ready(&self, trustee: MunicipalityIndex) -> bool {
        self.progress(trustee).is_some_and(|m| m.ready)
    }

    /// The number of batches that a municipality has issued, claims apart: the number of the next.
    pub fn batches(&self, municipality: MunicipalityIndex) -> usize {
        self.progress(municipality).map_or(0, |m| m.batches.len())
    }

    /// The sequence number of a station's next certificate.
    pub fn next_certificate(&self, municipality: MunicipalityIndex, station: u16) -> u16 {
        self.station(municipality, station)
            .map_or(0, |station| station.sequence.saturating_add(1))
    }

    /// What a station's last certificate says; `None` before its first.
    pub fn station(&self, municipality: MunicipalityIndex, station: u16) -> Option<&Station> {
        self.progress(municipality)?.stations.get(&station)
    }

    /// The address that an asset was issued to.
    pub fn issued_to(&self, asset: AssetId) -> Option<&PublicKey> {
        self.batch(asset.municipality, asset.batch)?
            .get(usize::from(asset.index))
    }

    /// Every asset that was issued or claimed, with the address that holds it.
    pub fn all_issued(&self) -> impl Iterator<Item = (AssetId, PublicKey)> {
        let of_all = (0..).zip(&self.municipalities);
        of_all.flat_map(|(municipality, progress)| {
            let issued = (0..).zip(progress.batches.iter().map(AsRef::as_ref));
            let claimed = progress.claim_batches.iter();
            let claimed = (CLAIM_BATCHES..).zip(claimed.map(|batch| batch.as_slice()));
            issued.chain(claimed).flat_map(move |(batch, addresses)| {
                (0..).zip(addresses).map(move |(index, address)| {
                    let asset = AssetId {
                        municipality,
                        batch,
                        index,
                    };
                    (asset, *address)
                })
            })
        })
    }

    /// The addresses of a batch.
    pub fn batch(&self, municipality: MunicipalityIndex, batch: u16) -> Option<&[PublicKey]> {
        let progress = self.progress(municipality)?;
        match batch.checked_sub(CLAIM_BATCHES) {
            Some(claims) => progress
                .claim_batches
                .get(usize::from(claims))
                .map(|batch| batch.as_slice()),
            None => progress.batches.get(usize::from(batch)).map(AsRef::as_ref),
        }
    }

    /// The addresses of an issued batch, to hold on to.
    pub(crate) fn batch_of(
        &self,
        municipality: MunicipalityIndex,
        batch: u16,
    ) -> Option<Arc<[PublicKey]>> {
        let batches = &self.progress(municipality)?.batches;
        batches.get(usize::from(batch)).cloned()
    }

    /// Takes a municipality's next batch as issued, from somebody who applied its transaction before.
    pub(crate) fn issued_before(
        &mut self,
        municipality: MunicipalityIndex,
        addresses: Arc<[PublicKey]>,
    ) {
        if let Ok(progress) = self.require_progress(municipality) {
            let count = u32::try_from(addresses.len()).unwrap_or(u32::MAX);
            progress.issued = progress.issued.saturating_add(count);
            progress.batches.push(addresses);
        }
    }

    /// The number of people on a municipality's roll; 0 before it is certified.
    pub fn roll(&self, municipality: MunicipalityIndex) -> u32 {
        self.progress(municipality)
            .and_then(|m| m.roll)
            .unwrap_or(0)
    }

    /// The number of assets that a municipality has issued, claims apart.
    pub fn issued(&self, municipality: MunicipalityIndex) -> u32 {
        self.progress(municipality).map_or(0, |m| m.issued)
    }

    /// The number of people checked in at all stations of a municipality.
    pub fn checked_in(&self, municipality: MunicipalityIndex) -> u32 {
        self.progress(municipality).map_or(0, Progress::checked_in)
    }

    /// The closed sums.
    pub fn close(&self) -> Option<&Close> {
        self.close.as_deref()
    }

    /// The shares so far, in the order of the municipalities.
    pub fn shares(&self) -> impl Iterator<Item = &CheckedShare> {
        self.municipalities.iter().filter_map(|m| m.share.as_ref())
    }

    /// SHA-256 of everything that ballots are judged by: contract, complete key set, every batch's addresses.
    pub fn setup_digest(&self) -> Hash {
        let hashed = |batches: &mut dyn Iterator<Item = &[PublicKey]>| -> Vec<Hash> {
            batches.map(crate::state_key::issue_value).collect()
        };
        let municipalities = self.municipalities.iter();
        let batches: Vec<(Vec<Hash>, Vec<Hash>)> = municipalities
            .map(|m| {
                (
                    hashed(&mut m.batches.iter().map(AsRef::as_ref)),
                    hashed(&mut m.claim_batches.iter().map(|batch| batch.as_slice())),
                )
            })
            .collect();
        let contract = self.defined.as_ref().map(|(id, _)| *id);
        let key_set = self.complete_key_set().map(KeySet::id);
        Hash::of(&encoding::encode(&(contract, key_set, batches)))
    }

    fn check_binding(&self, transaction: &Transaction) -> Result<(), Outcome> {
        if transaction.body.genesis != self.genesis {
            return Err(Outcome::WrongElection);
        }
        let (id, _) = self.defined.as_ref().ok_or(Outcome::NotDefined)?;
        if transaction.body.contract != *id {
            return Err(Outcome::WrongElection);
        }
        Ok(())
    }

    fn require_contract(&self) -> Result<&Contract, Outcome> {
        self.contract().ok_or(Outcome::NotDefined)
    }

    fn require_before_opening(&self, time: Seconds) -> Result<(), Outcome> {
        if time < self.require_contract()?.opening {
            Ok(())
        } else {
            Err(Outcome::OutsideWindow)
        }
    }

    fn require_municipality(&self, index: MunicipalityIndex) -> Result<&Municipality, Outcome> {
        self.require_contract()?
            .municipality(index)
            .ok_or(Outcome::UnknownMunicipality)
    }

    fn progress(&self, index: MunicipalityIndex) -> Option<&Progress> {
        self.municipalities
            .get(usize::from(index))
            .map(AsRef::as_ref)
    }

    fn require_progress(&mut self, index: MunicipalityIndex) -> Result<&mut Progress, Outcome> {
        self.municipalities
            .get_mut(usize::from(index))
            .map(Arc::make_mut)
            .ok_or(Outcome::UnknownMunicipality)
    }
}

impl Progress {
    fn checked_in(&self) -> u32 {
        self.stations
            .values()
            .fold(0, |sum, station| sum.saturating_add(station.checked_in))
    }
}

/// Whether the signers, in this order, signed the transaction.
fn check_signatures(transaction: &Transaction, signers: &[PublicKey]) -> Result<(), Outcome> {
    let message = transaction.body.signing_message();
    let signed =
        |(key, bytes): (&PublicKey, &Signature)| verify_signature(key, &message, bytes).is_ok();
    if transaction.signatures.len() == signers.len()
        && signers.iter().zip(&transaction.signatures).all(signed)
    {
        Ok(())
    } else {
        Err(Outcome::InvalidSignature)
    }
}
