//! What the service has at hand, and the election that it serves.

use crate::clock::Clock;
use crate::limits::Limits;
use crate::roll::RollSecrets;
use crate::signer::BlindSigner;
use crate::sms::Sms;
use crate::store::{Store, StoreError};
use rand_core::{OsRng, RngCore};
use std::sync::atomic::{AtomicU64, Ordering};
use verifier_core::prove::{SigningKey, public_key};
use verifier_core::{
    Contract, ContractId, GenesisHash, Municipality, MunicipalityIndex, Seconds, countersigner,
};

/// The election, and whose registrar this is.
#[derive(Clone, Debug)]
pub struct Serving {
    pub genesis: GenesisHash,
    pub contract: Contract,
    pub id: ContractId,
    pub municipality: MunicipalityIndex,
}

/// The secrets of the service.
pub struct Keys {
    pub registrar: SigningKey,
    pub roll: RollSecrets,
    /// For people on this roll.
    pub home: BlindSigner,
    /// For people on the roll of the municipality before.
    pub countersign: BlindSigner,
}

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    #[error("the contract has no municipality {0}")]
    Municipality(MunicipalityIndex),
    #[error("the contract has no keys for claims: rights are issued on paper only")]
    NoClaims,
    #[error("{0} is not the key that the contract names")]
    OtherKey(&'static str),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The service.
pub struct Service {
    pub serving: Serving,
    pub store: Store,
    pub sms: Sms,
    pub limits: Limits,
    pub clock: Clock,
    pub(crate) keys: Keys,
    /// Seconds of the last header that was read.
    ledger_time: AtomicU64,
}

impl Service {
    /// A service whose keys are those that the contract names, on the database of this election.
    ///
    /// # Errors
    /// If a key or the database is another's.
    pub async fn new(
        serving: Serving,
        keys: Keys,
        store: Store,
        sms: Sms,
        limits: Limits,
        clock: Clock,
    ) -> Result<Self, ServiceError> {
        check_keys(&serving, &keys)?;
        store
            .belong(&serving.genesis, &serving.id, serving.municipality)
            .await?;
        Ok(Self {
            serving,
            store,
            sms,
            limits,
            clock,
            keys,
            ledger_time: AtomicU64::new(0),
        })
    }

    /// Until when rights are given.
    pub fn closes(&self) -> Seconds {
        let opening = self.serving.contract.opening;
        opening.saturating_sub(self.limits.before_opening)
    }

    /// Whether it is too late for another right, by the clock or by the ledger's.
    pub fn is_closed(&self) -> bool {
        let ledger = self.ledger_time.load(Ordering::Relaxed);
        self.clock.now().max(ledger) >= self.closes()
    }

    pub(crate) fn set_ledger_time(&self, time: Seconds) {
        self.ledger_time.store(time, Ordering::Relaxed);
    }
}

impl Serving {
    /// This municipality in the contract.
    pub fn own(&self) -> Option<&Municipality> {
        self.contract.municipality(self.municipality)
    }

    /// The municipality whose people this one countersigns for.
    pub fn countersigns_for(&self) -> Option<MunicipalityIndex> {
        let all = self.contract.municipalities.len();
        let indices = 0..u16::try_from(all).unwrap_or(u16::MAX);
        let own = Some(self.municipality);
        indices
            .into_iter()
            .find(|home| countersigner(*home, all) == own)
    }
}

fn check_keys(serving: &Serving, keys: &Keys) -> Result<(), ServiceError> {
    let index = serving.municipality;
    let own = serving.own().ok_or(ServiceError::Municipality(index))?;
    let claims = serving.contract.claim_keys.get(usize::from(index));
    let claims = claims.ok_or(ServiceError::NoClaims)?;
    if public_key(&keys.registrar) != own.registrar {
        return Err(ServiceError::OtherKey("keys/registrar.json"));
    }
    if keys.home.modulus() != claims.home || keys.countersign.modulus() != claims.countersign {
        return Err(ServiceError::OtherKey("keys/claims.json"));
    }
    Ok(())
}

/// 32 bytes that nobody can guess.
pub(crate) fn draw() -> [u8; 32] {
    let mut bytes = [0; 32];
    OsRng.fill_bytes(&mut bytes);
    bytes
}
