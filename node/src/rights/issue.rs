//! Issuing: batches are signed, sent, and believed only once the ledger's state shows them.

use super::draw::issues;
use crate::client::ClientError;
use crate::office::{Office, OfficeError};
use rand_core::CryptoRngCore;
use verifier_core::rpc::StateQuery;
use verifier_core::{
    Action, AssetId, Holder, Issue, MunicipalityIndex, Request, StateAnswer, StateQuestion,
    VotingRight,
};

/// Batches from here on are not a registrar's.
const BATCHES: u16 = 0x8000;

/// Why rights were not issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    #[error(transparent)]
    Office(#[from] OfficeError),
    #[error("this municipality has issued as many batches as there can be")]
    NoBatch,
    #[error(
        "{error}; batches {batches:?} were sent before that: if they are on the ledger, nobody holds their rights, and they stay unspent"
    )]
    Partly {
        batches: Vec<u16>,
        error: OfficeError,
    },
}

/// Issues these rights in the municipality's next batches, and waits until the ledger's state proves that they are issued and unspent.
///
/// # Errors
/// If a batch is not taken, or not proven in time.
pub fn issue_rights(
    office: &Office,
    rights: &[VotingRight],
    rng: &mut impl CryptoRngCore,
) -> Result<Vec<Issue>, IssueError> {
    let first = next_batch(office)?;
    let issues = issues(rights, office.municipality, first, rng);
    let mut sent = Vec::new();
    for issue in &issues {
        match send(office, issue) {
            Ok(()) => sent.push(issue.batch),
            Err(error) if sent.is_empty() => return Err(error.into()),
            Err(error) => {
                return Err(IssueError::Partly {
                    batches: sent,
                    error,
                });
            }
        }
    }
    for issue in &issues {
        prove(office, issue).map_err(|error| IssueError::Partly {
            batches: sent.clone(),
            error,
        })?;
    }
    Ok(issues)
}

fn send(office: &Office, issue: &Issue) -> Result<(), OfficeError> {
    let transaction = office.signed(Action::Issue(issue.clone()), &[&office.registrar]);
    office.send(&transaction, &format!("batch {}", issue.batch))
}

/// Nobody but the registrar can sign a batch, and its keys are new: one of its addresses at its place in the state proves all of it.
fn prove(office: &Office, issue: &Issue) -> Result<(), OfficeError> {
    let Some((index, address)) = (0..).zip(&issue.addresses).last() else {
        return Ok(());
    };
    let (municipality, batch) = (issue.municipality, issue.batch);
    let question = StateQuestion::Right {
        municipality,
        batch,
        holder: Holder::Address(*address),
    };
    let asset = AssetId {
        municipality,
        batch,
        index,
    };
    let what = format!("batch {batch} in the ledger's state");
    office.wait_for(&question, &StateAnswer::Unspent { asset }, &what)
}

/// The number of the municipality's next batch.
fn next_batch(office: &Office) -> Result<u16, IssueError> {
    let municipality = office.municipality;
    for batch in 0..BATCHES {
        if !is_issued(office, municipality, batch).map_err(OfficeError::from)? {
            return Ok(batch);
        }
    }
    Err(IssueError::NoBatch)
}

fn is_issued(
    office: &Office,
    municipality: MunicipalityIndex,
    batch: u16,
) -> Result<bool, ClientError> {
    let request = Request::Batch {
        municipality,
        batch,
    };
    let answer: StateQuery = office.node.ask(&request)?;
    Ok(!answer.value.is_empty())
}
