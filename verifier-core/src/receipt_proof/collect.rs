//! Collecting a receipt's proof, after its check has found the ballot: most of it was downloaded for that.
//!
//! What is asked for tells the node no more than the check did. The signed headers of the whole range that was searched are asked for, so that
//! none of them is singled out; and the batch's values under the anchor.

use super::{ReceiptProof, ReceiptProofError};
use crate::finding::{Doubt, SourceFault};
use crate::ids::{Height, MunicipalityIndex};
use crate::ledger::rpc::{CommitAnswer, decode_answer};
use crate::listed_state::{ListedState, proof_of};
use crate::receipt::Receipt;
use crate::receipt_check::{Located, ReceiptCheck};
use crate::request::{Answer, Request};
use crate::state_key;
use crate::trust_card::TrustCard;
use std::collections::{BTreeMap, BTreeSet};
use tendermint::block::signed_header::SignedHeader;

/// Why there is no proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofCollectError {
    /// The node gave not what was needed; another one may.
    #[error(transparent)]
    Doubt(#[from] Doubt),
    /// What it gave proves nothing.
    #[error(transparent)]
    ProvesNothing(#[from] ReceiptProofError),
}

/// A proof being collected.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceiptProofCollect {
    card: TrustCard,
    receipt: Receipt,
    located: Located,
    anchor: Height,
    missing: BTreeSet<Request>,
    parts: BTreeMap<Request, Vec<u8>>,
    outcome: Option<Result<Box<ReceiptProof>, ProofCollectError>>,
}

impl ReceiptProofCollect {
    /// Begins with a check that is over and found its ballot in effect; there is no proof to collect from any other.
    pub fn new(check: &ReceiptCheck) -> Option<Self> {
        let (anchor, _, _) = check.evidence().anchor?;
        let located = check.located()?.clone();
        let mut collect = Self {
            card: check.card().clone(),
            receipt: check.receipt()?.clone(),
            anchor,
            missing: BTreeSet::new(),
            parts: BTreeMap::new(),
            outcome: None,
            located,
        };
        let after = collect.located.searched.iter();
        let after = after.map(|height| Request::Commit(height.saturating_add(1)));
        collect.missing = after.chain(collect.questions()).collect();
        collect.missing.insert(Request::Commit(anchor));
        Some(collect)
    }

    /// What is needed next; empty once there is a proof or cannot be one. The answers may come in any order.
    pub fn needs(&self) -> Vec<Request> {
        match self.outcome {
            None => self.missing.iter().cloned().collect(),
            Some(_) => Vec::new(),
        }
    }

    /// Takes the answer to one of [`ReceiptProofCollect::needs`]. Answers to anything else are ignored.
    pub fn supply(&mut self, request: &Request, answer: Answer) {
        if self.outcome.is_some() || !self.missing.remove(request) {
            return;
        }
        match answer {
            Ok(bytes) if self.is_used(request) => {
                self.parts.insert(request.clone(), bytes);
            }
            Ok(_) => {}
            Err(fault) => self.outcome = Some(Err(Doubt::from(fault).into())),
        }
        if self.missing.is_empty() && self.outcome.is_none() {
            self.outcome = Some(self.conclude().map(Box::new));
        }
    }

    /// The proof, or why there is none; nothing while it is being collected. The proof holds by the trust card.
    pub fn outcome(&self) -> Option<Result<&ReceiptProof, &ProofCollectError>> {
        self.outcome.as_ref().map(|outcome| outcome.as_deref())
    }

    /// The signed headers of the other blocks are not kept.
    fn is_used(&self, request: &Request) -> bool {
        match request {
            Request::Commit(height) => *height == self.anchor || *height == self.next(),
            _ => true,
        }
    }

    fn next(&self) -> Height {
        self.located.header.height.value().saturating_add(1)
    }

    /// What is asked about the batch: three values and two lists.
    fn questions(&self) -> [Request; 5] {
        let (municipality, batch): (MunicipalityIndex, u16) =
            (self.receipt.asset.municipality, self.receipt.asset.batch);
        let height = self.anchor.saturating_sub(1);
        let state = |key| Request::State { key, height };
        [
            state(state_key::KEY_SET.into()),
            state(state_key::issue(municipality, batch)),
            Request::Batch {
                municipality,
                batch,
            },
            state(state_key::spent(municipality, batch)),
            Request::Spent {
                municipality,
                batch,
                height,
            },
        ]
    }

    fn conclude(&self) -> Result<ReceiptProof, ProofCollectError> {
        let proof = self.assemble().map_err(Doubt::from)?;
        proof.check(&self.card)?;
        Ok(proof)
    }

    fn assemble(&self) -> Result<ReceiptProof, SourceFault> {
        let [key_set, issue, batch, spent, spent_list] = self.questions();
        let part = |request: &Request| -> Result<&[u8], SourceFault> {
            let missing = || SourceFault::Missing(request.path());
            let bytes = self.parts.get(request).ok_or_else(missing)?;
            Ok(bytes.as_slice())
        };
        let signed = |height: Height| -> Result<SignedHeader, SourceFault> {
            let answer: CommitAnswer = decode_answer(part(&Request::Commit(height))?)?;
            Ok(answer.signed_header)
        };
        Ok(ReceiptProof {
            receipt: Receipt {
                height: Some(self.located.header.height.value()),
                ..self.receipt.clone()
            },
            header: self.located.header.clone(),
            transaction: self.located.transaction.clone(),
            position: self.located.position.clone(),
            next: signed(self.next())?,
            outcome: self.located.outcome.clone(),
            anchor: signed(self.anchor)?,
            key_set: proof_of(part(&key_set)?)?,
            issued: ListedState::answered(part(&issue)?, part(&batch)?)?,
            spent: ListedState::answered(part(&spent)?, part(&spent_list)?)?,
        })
    }
}
