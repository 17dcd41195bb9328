//! Files about a ballot: saving a proof, and what a file that was dropped on the page shows.

use verifier_core::{
    BrokenPromise, DisputeError, DisputeFile, DisputeFileError, ProofCollectError, ProvenBallot,
    ReceiptProof, ReceiptProofError, ReceiptProofFileError, TrustCard,
};

/// How far the saving of a proof has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ProofSaving {
    #[default]
    NotAsked,
    /// A node is asked for what the file holds.
    Collecting,
    /// The file was checked and handed to the visitor.
    Saved(ProvenBallot),
    Refused(ProofCollectError),
}

/// What a file shows, by the trust card alone.
#[derive(Clone, Debug, PartialEq)]
pub enum Filed {
    Proof(Result<ProvenBallot, ReceiptProofError>),
    Dispute(Result<BrokenPromise, DisputeError>),
    /// Neither; why it is no proof, and why no dispute.
    Unreadable(ReceiptProofFileError, DisputeFileError),
}

impl Filed {
    /// Reads and judges a file.
    pub fn judge(bytes: &[u8], card: &TrustCard) -> Self {
        match (ReceiptProof::read(bytes), DisputeFile::read(bytes)) {
            (Ok(proof), _) => Self::Proof(proof.check(card)),
            (_, Ok(dispute)) => Self::Dispute(dispute.check(card)),
            (Err(proof), Err(dispute)) => Self::Unreadable(proof, dispute),
        }
    }
}
