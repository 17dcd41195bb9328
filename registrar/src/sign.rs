//! One blind signature for each person on the roll, once the ledger holds the commitment to their entry; and the slip that opens it.

use crate::refusal::Refusal;
use crate::roll::PersonId;
use crate::service::Service;
use crate::signer::BlindSigner;
use crate::store::{BatchState, Issuance};
use std::sync::Arc;
use verifier_core::prove::sign;
use verifier_core::{
    ContractId, GenesisHash, Hash, MunicipalityIndex, PublicKey, RSA_BYTES, RollSlip, Signature,
    verify_signature,
};

/// What a registrar signs for the countersigner begins with this.
pub const AUTHORISATION_LABEL: &[u8] = b"chamgwan/countersign/v1";

/// What a person gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    pub signature: Vec<u8>,
    /// The commitment on the ledger; opened by the slip.
    pub commitment: Hash,
    /// Shows the countersigner that this municipality stands behind the commitment.
    pub authorisation: Signature,
    pub slip: RollSlip,
}

/// Where a request for a signature stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The ledger does not hold the commitment yet: ask again.
    Waiting,
    Signed(Box<Signed>),
}

/// What a registrar signs so that the next municipality countersigns against this commitment.
pub fn authorisation_message(
    genesis: &GenesisHash,
    contract: &ContractId,
    commitment: &Hash,
) -> Vec<u8> {
    let parts: [&[u8]; 4] = [
        AUTHORISATION_LABEL,
        genesis.as_bytes(),
        contract.as_bytes(),
        &commitment.0,
    ];
    parts.concat()
}

/// Whether a registrar stands behind this commitment.
pub(crate) fn is_authorised(
    registrar: &PublicKey,
    message: &[u8],
    authorisation: &Signature,
) -> bool {
    verify_signature(registrar, message, authorisation).is_ok()
}

impl Service {
    /// Signs what the holder of a token asks for, the first thing and no other.
    ///
    /// # Errors
    /// If the token is over, something else was asked for before, or it is too late.
    pub async fn sign(
        self: &Arc<Self>,
        token: &[u8; 32],
        blinded: &[u8],
    ) -> Result<Standing, Refusal> {
        let person = self.holder(token).await?;
        let slip = self.slip(&person).await?;
        if !is_below(blinded, &self.keys.home) {
            return Err(Refusal::Unsignable);
        }
        let issuance = match self.store.issuance(&person).await? {
            Some(issuance) => issuance,
            None => self.ask_first(&person, &slip.commitment(), blinded).await?,
        };
        if issuance.blinded != blinded {
            return Err(Refusal::OtherBlinded);
        }
        match issuance.batch {
            None | Some(BatchState::Sent) => Ok(Standing::Waiting),
            Some(BatchState::Refused) => Err(Refusal::Closed),
            Some(BatchState::Recorded) => {
                let signed = self.signed(&person, issuance, slip).await?;
                Ok(Standing::Signed(Box::new(signed)))
            }
        }
    }

    async fn ask_first(
        &self,
        person: &PersonId,
        commitment: &Hash,
        blinded: &[u8],
    ) -> Result<Issuance, Refusal> {
        if self.is_closed() {
            return Err(Refusal::Closed);
        }
        let own = self.serving.municipality;
        // The ledger remembers what a database brought back from a copy has forgotten: something was signed.
        if self.store.is_recorded(own, commitment).await? {
            return Err(Refusal::OtherBlinded);
        }
        Ok(self.store.ask(person, commitment, blinded).await?)
    }

    /// The slip of the holder of a token: to look later whether a right was given in their name.
    ///
    /// # Errors
    /// If the token is over.
    pub async fn slip_of(&self, token: &[u8; 32]) -> Result<RollSlip, Refusal> {
        let person = self.holder(token).await?;
        self.slip(&person).await
    }

    async fn slip(&self, person: &PersonId) -> Result<RollSlip, Refusal> {
        let listed = self.store.listed(person).await?;
        let number = listed.ok_or(Refusal::TokenOver)?.number;
        let serving = &self.serving;
        let salt = self.keys.roll.salt(&serving.genesis, &serving.id, person);
        let entry = format!("{}/{number}", serving.municipality);
        Ok(RollSlip::new(
            serving.genesis,
            serving.id,
            serving.municipality,
            salt,
            entry,
        ))
    }

    async fn signed(
        self: &Arc<Self>,
        person: &PersonId,
        issuance: Issuance,
        slip: RollSlip,
    ) -> Result<Signed, Refusal> {
        let signature = match issuance.signature {
            Some(signature) => signature,
            None => {
                let signature = self.sign_blindly(Own::Home, issuance.blinded).await?;
                self.store.keep_signature(person, &signature).await?;
                signature
            }
        };
        let (genesis, contract) = (&self.serving.genesis, &self.serving.id);
        let message = authorisation_message(genesis, contract, &issuance.commitment);
        Ok(Signed {
            signature,
            commitment: issuance.commitment,
            authorisation: sign(&self.keys.registrar, &message),
            slip,
        })
    }

    /// On a thread where it holds up nobody.
    pub(crate) async fn sign_blindly(
        self: &Arc<Self>,
        own: Own,
        blinded: Vec<u8>,
    ) -> Result<Vec<u8>, Refusal> {
        let service = Arc::clone(self);
        let signed = tokio::task::spawn_blocking(move || service.signer(own).sign(&blinded));
        let signed = signed.await.map_err(|_| Refusal::Interrupted)?;
        signed.map_err(|_| Refusal::Unsignable)
    }

    pub(crate) fn signer(&self, own: Own) -> &BlindSigner {
        match own {
            Own::Home => &self.keys.home,
            Own::Countersign => &self.keys.countersign,
        }
    }
}

/// Which of the two keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Own {
    Home,
    Countersign,
}

/// Whether the bytes are a number that the key can sign: nothing else is kept, or put on the ledger for.
pub(crate) fn is_below(blinded: &[u8], signer: &BlindSigner) -> bool {
    // Of the same length, big-endian numbers compare as their bytes do.
    blinded.len() == RSA_BYTES && blinded < signer.modulus().0.as_slice()
}

/// What the next municipality is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountersignRequest {
    pub home: MunicipalityIndex,
    pub commitment: Hash,
    pub authorisation: Signature,
    pub blinded: Vec<u8>,
}
