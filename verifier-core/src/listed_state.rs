//! A list of the state, as files hold it: the proof about its key, and the list whose hash stands there.

use crate::base64_text;
use crate::finding::SourceFault;
use crate::state_values::query;
use serde::{Deserialize, Serialize};

/// What a state holds under a key: the proof, and the list whose hash the state holds, or nothing if it holds none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedState {
    #[serde(with = "base64_text")]
    pub proof: Vec<u8>,
    #[serde(with = "base64_text")]
    pub list: Vec<u8>,
}

impl ListedState {
    /// From a node's answers about the key and about the list. Neither is checked here.
    ///
    /// # Errors
    /// If the node has no answer, or none with a proof.
    pub(crate) fn answered(value: &[u8], list: &[u8]) -> Result<Self, SourceFault> {
        let is_there = !query(value)?.value.is_empty();
        Ok(Self {
            proof: proof_of(value)?,
            list: if is_there {
                query(list)?.value
            } else {
                Vec::new()
            },
        })
    }
}

/// The proof in a node's answer about a key.
///
/// # Errors
/// If there is none.
pub(crate) fn proof_of(value: &[u8]) -> Result<Vec<u8>, SourceFault> {
    let answer = query(value)?;
    let missing = || SourceFault::Missing("a state proof".into());
    Ok(answer.proof().ok_or_else(missing)?.to_vec())
}
