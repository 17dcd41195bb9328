//! The second signature, by the municipality after the person's own: so that no registrar alone can make a right, and the number of both is that on the ledger.

use crate::refusal::Refusal;
use crate::service::Service;
use crate::sign::{CountersignRequest, Own, authorisation_message, is_authorised, is_below};
use crate::store::Countersigned;
use std::sync::Arc;

impl Service {
    /// Countersigns once against a commitment that its municipality has recorded on the ledger and stands behind.
    ///
    /// # Errors
    /// If it has not, or something else was countersigned against it before.
    pub async fn countersign(
        self: &Arc<Self>,
        request: &CountersignRequest,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_authorisation(request)?;
        if !is_below(&request.blinded, &self.keys.countersign) {
            return Err(Refusal::Unsignable);
        }
        let (home, commitment) = (request.home, &request.commitment);
        let kept = match self.store.countersigned(home, commitment).await? {
            Some(kept) => kept,
            None => self.countersign_first(request).await?,
        };
        if kept.blinded == request.blinded {
            Ok(kept.signature)
        } else {
            Err(Refusal::OtherBlinded)
        }
    }

    async fn countersign_first(
        self: &Arc<Self>,
        request: &CountersignRequest,
    ) -> Result<Countersigned, Refusal> {
        let (home, commitment) = (request.home, &request.commitment);
        if !self.store.is_recorded(home, commitment).await? {
            return Err(Refusal::NotRecorded);
        }
        let blinded = request.blinded.clone();
        let signature = self.sign_blindly(Own::Countersign, blinded.clone()).await?;
        let given = Countersigned { blinded, signature };
        // Of two at the same time one is kept, and only that one leaves this place.
        Ok(self.store.countersign(home, commitment, &given).await?)
    }

    fn check_authorisation(&self, request: &CountersignRequest) -> Result<(), Refusal> {
        let serving = &self.serving;
        if serving.countersigns_for() != Some(request.home) {
            return Err(Refusal::WrongMunicipality);
        }
        let home = serving.contract.municipality(request.home);
        let registrar = home.ok_or(Refusal::WrongMunicipality)?.registrar;
        let message = authorisation_message(&serving.genesis, &serving.id, &request.commitment);
        if is_authorised(&registrar, &message, &request.authorisation) {
            Ok(())
        } else {
            Err(Refusal::WrongAuthorisation)
        }
    }
}
