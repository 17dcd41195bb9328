//! What the page and the workers say to each other.

use crate::Delivery;
use borsh::{BorshDeserialize, BorshSerialize};
use verifier_core::{Anchor, Height, Report, Request, Seconds, SourceFault};

/// From the page to the worker that leads.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub enum Order {
    Begin {
        card: String,
        now: Seconds,
        /// The last header of a folder, which cannot be asked for its status.
        end: Option<Height>,
    },
    /// Bytes go beside it.
    Answer { number: u32, delivery: Delivery },
}

/// From the worker that leads to the page.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub enum News {
    /// It listens now; anything said before would have been lost.
    Ready,
    Needs(Vec<(u32, Request)>),
    Progress(Progress),
    Finished {
        report: Box<Report>,
        /// The last header verified, from which everything hangs.
        anchor: Option<Anchor>,
    },
    /// There was nothing to begin with.
    Faulted(SourceFault),
}

/// Blocks and ballots looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Progress {
    pub blocks: u64,
    /// How many blocks there are, once known.
    pub all_blocks: Option<u64>,
    pub ballots: u64,
}
