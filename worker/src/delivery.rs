//! What a source delivered for one request.

use borsh::{BorshDeserialize, BorshSerialize};
use verifier_core::{Answer, Request, SourceFault, answer_from_export};

/// What the page got hold of. Bytes travel beside the message, so that they change hands without being copied.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Delivery {
    /// A node's answer, or a file of an archive.
    Answer,
    /// The file of an export that holds the answer.
    File,
    Nothing(SourceFault),
}

impl Delivery {
    /// The answer to `request`; `bytes` are those that came beside the message, and none are a fault of the page.
    pub fn into_answer(self, request: &Request, bytes: Option<Vec<u8>>) -> Answer {
        let bytes = bytes.ok_or(SourceFault::Unreachable);
        match self {
            Self::Answer => bytes,
            Self::File => answer_from_export(request, &bytes?),
            Self::Nothing(fault) => Err(fault),
        }
    }
}
