//! The trustee: making what is due.

use super::due::Due;
use crate::home::KeyFile;
use rand_chacha::ChaCha20Rng;
use verifier_core::prove::{
    EncryptionSecret, ProveError, SigningKey, TrusteeKeys, complain, deal, decrypt_sums,
    prove_ready, public_key, sign_body,
};
use verifier_core::{
    Action, Body, Contract, DealKey, Election, GenesisHash, KeySet, MunicipalityIndex, Transaction,
    encode,
};

/// Why what is due cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum DutyError {
    #[error(transparent)]
    Prove(#[from] ProveError),
    #[error("the ledger no longer asks for it")]
    Overtaken,
}

/// A municipality's trustee, with its secrets.
pub struct Trustee {
    index: MunicipalityIndex,
    file: KeyFile,
    signing: SigningKey,
    encryption: EncryptionSecret,
}

impl Trustee {
    /// The trustee of the municipality at this position.
    pub fn new(index: MunicipalityIndex, file: KeyFile) -> Self {
        Self {
            index,
            signing: file.signing_key(),
            encryption: file.encryption_secret(),
            file,
        }
    }

    /// Position of its municipality.
    pub fn index(&self) -> MunicipalityIndex {
        self.index
    }

    /// Whether the contract names this trustee's keys.
    pub fn is_named_by(&self, contract: &Contract) -> bool {
        contract.municipality(self.index).is_some_and(|named| {
            named.trustee == public_key(&self.signing)
                && named.trustee_encryption == self.encryption.point()
        })
    }

    /// The transaction that is due: the same bytes again for the same state.
    pub fn make(
        &self,
        due: Due,
        genesis: GenesisHash,
        election: &Election,
    ) -> Result<Transaction, DutyError> {
        let contract = election.contract().ok_or(DutyError::Overtaken)?;
        let action = match due {
            Due::Deal { attempt } => {
                let mut rng = self.rng("deal", genesis, contract, &[&attempt.to_le_bytes()]);
                Action::DealKey(deal(&genesis, contract, attempt, self.index, &mut rng)?)
            }
            Due::Confirm { .. } => self.confirm(genesis, contract, election)?,
            Due::Close => Action::Close,
            Due::Open { .. } => self.open(genesis, contract, election)?,
        };
        let signers: &[&SigningKey] = match &action {
            Action::Close => &[],
            _ => &[&self.signing],
        };
        Ok(sign_body(
            Body::new(genesis, contract.id(), action),
            signers,
        ))
    }

    /// That the shares dealt to it are good; or a complaint about the first dealer whose shares are not.
    fn confirm(
        &self,
        genesis: GenesisHash,
        contract: &Contract,
        election: &Election,
    ) -> Result<Action, DutyError> {
        let key_set = election.key_set().ok_or(DutyError::Overtaken)?;
        match self.receive(key_set, contract, election) {
            Ok(keys) => {
                let mut rng = self.rng("ready", genesis, contract, &[key_set.id().as_bytes()]);
                Ok(Action::KeyReady(prove_ready(key_set, &keys, &mut rng)))
            }
            Err(DutyError::Prove(ProveError::BadDealing { dealer })) => {
                let dealt = election.dealing(dealer).ok_or(DutyError::Overtaken)?;
                let mut rng = self.rng("complain", genesis, contract, &[&encode(dealt)]);
                let secret = &self.encryption;
                Ok(Action::Complain(complain(
                    &genesis, contract, dealt, self.index, secret, &mut rng,
                )?))
            }
            Err(error) => Err(error),
        }
    }

    /// Its share of the closed sums.
    fn open(
        &self,
        genesis: GenesisHash,
        contract: &Contract,
        election: &Election,
    ) -> Result<Action, DutyError> {
        let key_set = election.complete_key_set().ok_or(DutyError::Overtaken)?;
        let close = election.close().ok_or(DutyError::Overtaken)?;
        let keys = self.receive(key_set, contract, election)?;
        let sums: Vec<_> = close.cells.iter().map(|cell| cell.sum.clone()).collect();
        let (id, cells) = (key_set.id(), encode(&close.cells));
        let binding: [&[u8]; 3] = [id.as_bytes(), close.code.as_bytes(), &cells];
        let mut rng = self.rng("share", genesis, contract, &binding);
        Ok(Action::Share(decrypt_sums(
            key_set, close.code, &sums, &keys, &mut rng,
        )))
    }

    fn receive(
        &self,
        key_set: &KeySet,
        contract: &Contract,
        election: &Election,
    ) -> Result<TrusteeKeys, DutyError> {
        let dealers = (0..).zip(&contract.municipalities);
        let dealings: Vec<DealKey> = dealers
            .filter_map(|(dealer, _)| election.dealing(dealer).cloned())
            .collect();
        Ok(TrusteeKeys::receive(
            key_set,
            contract,
            &dealings,
            self.index,
            &self.encryption,
        )?)
    }

    fn rng(
        &self,
        purpose: &str,
        genesis: GenesisHash,
        contract: &Contract,
        binding: &[&[u8]],
    ) -> ChaCha20Rng {
        let id = contract.id();
        let election: [&[u8]; 2] = [genesis.as_bytes(), id.as_bytes()];
        self.file.rng(purpose, &[&election, binding].concat())
    }
}
