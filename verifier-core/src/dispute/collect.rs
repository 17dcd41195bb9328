//! Collecting a dispute file: what it holds is asked of one node, and the file is checked before anybody gets it.
//!
//! 1. *Anchor*: the final header that the trust card names, or else the latest header, by light client.
//! 2. *Deadline*: the first header whose time is not before the promise's deadline, by halving the heights below the anchor.
//! 3. *State*: the signed header after it, and what its state says of the asset's batch.
//!
//! The heights that are asked for tell the node about when the ballot was promised; neither asset nor tracking code is named to it.

use super::{DisputeError, DisputeFile};
use crate::finding::{Doubt, SourceFault};
use crate::ids::{Height, Seconds};
use crate::ledger::check_commit;
use crate::ledger::rpc::{CommitAnswer, decode_answer};
use crate::listed_state::ListedState;
use crate::receipt::Receipt;
use crate::receipt_check::anchor::Anchoring;
use crate::request::{Answer, Request};
use crate::state_key;
use crate::trust_card::TrustCard;
use std::collections::BTreeMap;
use tendermint::block::signed_header::SignedHeader;

/// Why there is no dispute file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CollectError {
    /// The node gave not what was needed; another one may.
    #[error(transparent)]
    Doubt(#[from] Doubt),
    /// The promise is not broken, or binds nobody.
    #[error(transparent)]
    DoesNotHold(#[from] DisputeError),
}

/// A dispute file being collected.
#[derive(Clone, Debug)]
pub struct DisputeCollect {
    card: TrustCard,
    now: Seconds,
    receipt: Receipt,
    stage: Stage,
    headers: BTreeMap<Height, SignedHeader>,
}

#[derive(Clone, Debug)]
enum Stage {
    Anchoring(Anchoring),
    /// The header at `before` (0: none) is earlier than the deadline; that at `after`, once it is there, is not.
    Deadline {
        before: Height,
        after: Height,
    },
    /// What is missing of the state after the header at `parent`.
    State {
        parent: Height,
        missing: Vec<Request>,
        parts: BTreeMap<Request, Vec<u8>>,
    },
    Done(Result<Box<DisputeFile>, CollectError>),
}

impl DisputeCollect {
    /// Begins with a receipt. `now` bounds the trusting period.
    pub fn new(card: TrustCard, receipt: Receipt, now: Seconds) -> Self {
        Self {
            stage: Stage::Anchoring(Anchoring::new(&card)),
            card,
            now,
            receipt,
            headers: BTreeMap::new(),
        }
    }

    /// What is needed next; empty once there is a file or cannot be one. The answers may come in any order.
    pub fn needs(&self) -> Vec<Request> {
        match &self.stage {
            Stage::Anchoring(anchoring) => anchoring.needs(),
            Stage::Deadline { before, after } => {
                vec![Request::Commit(self.probe(*before, *after))]
            }
            Stage::State { missing, .. } => missing.clone(),
            Stage::Done(_) => Vec::new(),
        }
    }

    /// Takes the answer to one of [`DisputeCollect::needs`]. Answers to anything else are ignored.
    pub fn supply(&mut self, request: &Request, answer: Answer) {
        if !self.needs().contains(request) {
            return;
        }
        if let Err(error) = self.take(request, answer) {
            self.stage = Stage::Done(Err(error));
        }
    }

    /// The file, or why there is none; nothing while it is being collected. The file holds by the trust card.
    pub fn outcome(&self) -> Option<Result<&DisputeFile, &CollectError>> {
        match &self.stage {
            Stage::Done(outcome) => Some(outcome.as_deref()),
            _ => None,
        }
    }

    fn take(&mut self, request: &Request, answer: Answer) -> Result<(), CollectError> {
        if let Stage::Anchoring(anchoring) = &mut self.stage {
            let anchored = anchoring.supply(&self.card, self.now, request, answer)?;
            if let Some((anchor, _)) = anchored {
                self.stage = Stage::Deadline {
                    before: 0,
                    after: anchor.height().saturating_sub(1),
                };
            }
            return Ok(());
        }
        let bytes = answer.map_err(Doubt::from)?;
        if let Request::Commit(height) = request {
            self.take_header(*height, &bytes).map_err(Doubt::from)?;
        }
        match &self.stage {
            Stage::Deadline { before, after } => self.narrow(*before, *after),
            Stage::State { .. } => self.take_part(request, bytes),
            Stage::Anchoring(_) | Stage::Done(_) => Ok(()),
        }
    }

    fn take_header(&mut self, height: Height, bytes: &[u8]) -> Result<(), SourceFault> {
        let signed = decode_answer::<CommitAnswer>(bytes)?.signed_header;
        if signed.header.height.value() != height {
            return Err(SourceFault::Malformed(format!(
                "not the header at {height}"
            )));
        }
        let malformed =
            |error: crate::trust_card::TrustCardError| SourceFault::Malformed(error.to_string());
        let chain_id = self.card.chain().map_err(malformed)?;
        let validators = self.card.validator_set().map_err(malformed)?;
        check_commit(&chain_id, &validators, &signed)
            .map_err(|error| SourceFault::Commit { height, error })?;
        self.headers.insert(height, signed);
        Ok(())
    }

    /// The height to look at next: the highest first, and then the one in the middle.
    fn probe(&self, before: Height, after: Height) -> Height {
        if self.headers.contains_key(&after) {
            before + (after - before) / 2
        } else {
            after
        }
    }

    /// Goes on halving with the header that came.
    fn narrow(&mut self, before: Height, after: Height) -> Result<(), CollectError> {
        let deadline = self.receipt.promise.deadline;
        let is_late = |height: Height| {
            let time = self.headers.get(&height).map(time_of);
            time.map(|time| time >= deadline)
        };
        let middle = before + (after - before) / 2;
        let (before, after) = match (is_late(after), is_late(middle)) {
            (Some(false), _) | (None, _) => {
                return Err(Doubt::NotYetRecorded { deadline }.into());
            }
            (Some(true), Some(true)) => (before, middle),
            (Some(true), Some(false)) => (middle, after),
            (Some(true), None) => (before, after),
        };
        self.stage = if after - before > 1 {
            Stage::Deadline { before, after }
        } else {
            self.ask_state(after)
        };
        Ok(())
    }

    fn ask_state(&self, parent: Height) -> Stage {
        let [spent, spoiled, spent_list, spoiled_list] = self.parts(parent);
        let mut missing = vec![spent, spoiled, spent_list, spoiled_list];
        let child = parent + 1;
        if !self.headers.contains_key(&child) {
            missing.push(Request::Commit(child));
        }
        Stage::State {
            parent,
            missing,
            parts: BTreeMap::new(),
        }
    }

    /// The questions about the batch: two values and two lists.
    fn parts(&self, height: Height) -> [Request; 4] {
        let (municipality, batch) = (self.receipt.asset.municipality, self.receipt.asset.batch);
        let state = |key| Request::State { key, height };
        [
            state(state_key::spent(municipality, batch)),
            state(state_key::spoiled(municipality, batch)),
            Request::Spent {
                municipality,
                batch,
                height,
            },
            Request::Spoiled {
                municipality,
                batch,
                height,
            },
        ]
    }

    fn take_part(&mut self, request: &Request, bytes: Vec<u8>) -> Result<(), CollectError> {
        let Stage::State {
            parent,
            missing,
            parts,
        } = &mut self.stage
        else {
            return Ok(());
        };
        parts.insert(request.clone(), bytes);
        missing.retain(|other| other != request);
        if missing.is_empty() {
            let (parent, parts) = (*parent, core::mem::take(parts));
            let file = self.assemble(parent, &parts)?;
            file.check(&self.card)?;
            self.stage = Stage::Done(Ok(Box::new(file)));
        }
        Ok(())
    }

    fn assemble(
        &self,
        parent: Height,
        parts: &BTreeMap<Request, Vec<u8>>,
    ) -> Result<DisputeFile, Doubt> {
        let [spent, spoiled, spent_list, spoiled_list] = self.parts(parent);
        let header = |height| {
            let missing = || SourceFault::Missing(format!("header {height}"));
            self.headers.get(&height).cloned().ok_or_else(missing)
        };
        Ok(DisputeFile {
            receipt: self.receipt.clone(),
            signed_header: header(parent + 1)?,
            parent: header(parent)?.header,
            spent: listed(parts, &spent, &spent_list)?,
            spoiled: listed(parts, &spoiled, &spoiled_list)?,
        })
    }
}

/// What a node says of a key and of the list under it.
fn listed(
    parts: &BTreeMap<Request, Vec<u8>>,
    value: &Request,
    list: &Request,
) -> Result<ListedState, SourceFault> {
    let part = |request: &Request| {
        let missing = || SourceFault::Missing(request.path());
        parts.get(request).ok_or_else(missing)
    };
    ListedState::answered(part(value)?, part(list)?)
}

fn time_of(signed: &SignedHeader) -> Seconds {
    u64::try_from(signed.header.time.unix_timestamp()).unwrap_or(0)
}
