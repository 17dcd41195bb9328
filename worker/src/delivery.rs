//! What a source delivered for one request.

use borsh::{BorshDeserialize, BorshSerialize};
use verifier_core::{Answer, Request, SourceFault, answer_from_export};

/// What the page got hold of. Bytes travel beside the message, so that they change hands without being copied.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Delivery {
    /// A node's answer.
    Answer,
    /// The file of an export or archive that holds the answer.
    File,
    Nothing(SourceFault),
}

impl Delivery {
    /// The answer to `request`; `bytes` are those that came beside the message, and none are a fault of the page.
    pub fn into_answer(self, request: &Request, bytes: Option<Vec<u8>>) -> Answer {
        let bytes = bytes.ok_or(SourceFault::Unreachable);
        match (self, request) {
            (Self::Answer, _) | (Self::File, Request::Bundle(_) | Request::Hints(_)) => bytes,
            (Self::File, _) => answer_from_export(request, &bytes?),
            (Self::Nothing(fault), _) => Err(fault),
        }
    }
}
