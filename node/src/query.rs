//! Questions about the application's state, and lists that nothing rests on: the same answers under either engine.
//!
//! | path | data | value |
//! |---|---|---|
//! | `/store` | a state key | its value after block `height`, with an ics23 proof under the next header's `app_hash` |
//! | `/batch` | municipality u16, batch u16 | borsh list of the batch's addresses |
//! | `/spent` | municipality u16, batch u16 | borsh list of the batch's spent entries after block `height` |
//! | `/spoiled` | municipality u16, batch u16 | borsh list of the batch's spoiled ballots after block `height` |
//! | `/index` | from u64, to u64, or nothing | borsh list of (height u64, ballots u32), blocks without ballots left out |
//! | `/totals` | nothing | the totals that this node claims, JSON |
//! | `/trust-card` | nothing | the trust card's file |

use crate::storage::{StorageError, Store};
use verifier_core::encode;
use verifier_core::state_key::{SpentEntry, SpoiledEntry};

/// The type that JMT-based chains give their proofs.
pub const PROOF_TYPE: &str = "ics23:jmt";

/// One question.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub path: &'a str,
    pub data: &'a [u8],
    /// The block after which the state is asked for; 0 for the last.
    pub height: u64,
    pub prove: bool,
}

/// Its answer.
pub struct Found {
    /// The block after which it was so.
    pub height: u64,
    pub value: Option<Vec<u8>>,
    /// Protobuf of an ics23 `CommitmentProof`.
    pub proof: Option<Vec<u8>>,
}

/// What a node hands out beside the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handout {
    Totals,
    TrustCard,
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    #[error("the parameter path is not a path that this application knows")]
    Path,
    #[error("the parameter data is not {expected}")]
    Data { expected: &'static str },
    #[error("height {height} must be between 1 and the current height {last}")]
    Height { height: u64, last: u64 },
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Found {
    /// What the answer says in words.
    pub fn log(&self) -> &'static str {
        match self.value {
            Some(_) => "exists",
            None => "does not exist",
        }
    }
}

/// Answers a question. `handout` gives what is not in the store.
pub fn answer(
    store: &Store,
    question: Question<'_>,
    handout: impl FnOnce(Handout) -> Option<Vec<u8>>,
) -> Result<Found, QueryError> {
    let height = existing(store, question.height)?;
    let plain = |value| {
        Ok(Found {
            height,
            value,
            proof: None,
        })
    };
    match question.path {
        "/store" => {
            let state = store.state(question.data, height)?;
            Ok(Found {
                height,
                value: state.value,
                proof: question.prove.then_some(state.proof),
            })
        }
        "/batch" => plain(batch(store, question.data)?),
        "/spent" => plain(Some(spent(store, question.data, height)?)),
        // No transaction spoils a ballot yet.
        "/spoiled" => {
            plain(batch_key(question.data).map(|_| Some(encode(&Vec::<SpoiledEntry>::new())))?)
        }
        "/index" => plain(Some(index(store, question.data)?)),
        "/totals" => plain(handout(Handout::Totals)),
        "/trust-card" => plain(handout(Handout::TrustCard)),
        _ => Err(QueryError::Path),
    }
}

/// The height that a question means: the one it names, or the last.
fn existing(store: &Store, asked: u64) -> Result<u64, QueryError> {
    let last = store.last_height()?;
    let height = if asked == 0 { last } else { asked };
    if (1..=last).contains(&height) {
        Ok(height)
    } else {
        Err(QueryError::Height { height, last })
    }
}

fn batch(store: &Store, data: &[u8]) -> Result<Option<Vec<u8>>, QueryError> {
    let (municipality, batch) = batch_key(data)?;
    Ok(store.batch(municipality, batch)?)
}

fn spent(store: &Store, data: &[u8], height: u64) -> Result<Vec<u8>, QueryError> {
    let (municipality, batch) = batch_key(data)?;
    let spent = store.spent(municipality, batch, height)?;
    let entries = spent.iter().map(|entry| SpentEntry {
        index: entry.asset.index,
        height: entry.height,
        code: entry.code,
    });
    Ok(encode(&entries.collect::<Vec<_>>()))
}

fn index(store: &Store, data: &[u8]) -> Result<Vec<u8>, QueryError> {
    let range = match data {
        [] => Ok((0, u64::MAX)),
        bytes => borsh::from_slice(bytes).map_err(|_| QueryError::Data {
            expected: "two heights",
        }),
    };
    let (from, to) = range?;
    Ok(encode(&store.ballot_index(from, to)?))
}

fn batch_key(data: &[u8]) -> Result<(u16, u16), QueryError> {
    borsh::from_slice(data).map_err(|_| QueryError::Data {
        expected: "a municipality and a batch",
    })
}
