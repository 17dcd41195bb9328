//! What the page and the workers say to each other. Bytes of a ledger, and whatever else is long, travel beside a message.

use crate::{Delivery, Tried};
use borsh::{BorshDeserialize, BorshSerialize};
use verifier_core::{Anchor, Height, Report, Request, Seconds, SourceFault, Span};

/// From the page to any worker: the first message decides what it is.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub enum ToWorker {
    Lead(Order),
    Check(Task),
    /// Try the frozen elections: the genuine tape and the forged one beside it.
    Try,
}

/// From the page to the worker that leads.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub enum Order {
    Begin(Begin),
    /// To a request that it asked; bytes beside it.
    Answer {
        number: u32,
        delivery: Delivery,
    },
    /// A worker is ready for spans.
    Joined {
        worker: u16,
    },
    /// A worker is gone, with whatever it had.
    Lost {
        worker: u16,
    },
    /// A worker asks who may vote; questions beside it.
    Opened {
        worker: u16,
        span: u32,
    },
    /// A worker is done with a span; facts beside it.
    Judged {
        worker: u16,
        span: u32,
    },
}

/// What a recount begins with.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub struct Begin {
    /// The trust card's file.
    pub card: String,
    pub now: Seconds,
    pub source: SourceKind,
    /// The name of the module that runs: what another one kept is not believed.
    pub module: String,
    /// Whether to forget what was kept.
    pub anew: bool,
}

/// What kind of source the page has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum SourceKind {
    Node,
    Archive,
    /// An export with blocks up to the header at `end`.
    Folder {
        end: Height,
    },
}

/// From the worker that leads to the page.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub enum News {
    /// It listens now; anything said before would have been lost.
    Ready,
    Keeping(Keeping),
    Needs(Vec<(u32, Request)>),
    /// What every worker is told first; the bytes beside it.
    Setup,
    /// A span for a worker.
    Span {
        worker: u16,
        span: Box<Span>,
    },
    /// Who may vote, for a worker that asked; bits beside it.
    Admitted {
        worker: u16,
        span: u32,
    },
    Progress(Progress),
    Finished {
        report: Box<Report>,
        /// The last header verified, from which everything hangs.
        anchor: Option<Anchor>,
    },
    /// There was nothing to begin with.
    Faulted(SourceFault),
    /// A span ends whichever worker takes it.
    Broke,
}

/// What becomes of the progress between visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Keeping {
    /// It is kept in this browser; so much was there already.
    Kept { ballots: u64, at: Option<Seconds> },
    /// The browser refuses, or another tab has it.
    Refused,
    /// There is no room for more.
    Full,
}

/// Blocks and ballots looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Progress {
    pub blocks: u64,
    /// How many blocks there are, once known.
    pub all_blocks: Option<u64>,
    pub ballots: u64,
}

/// From the page to a worker that checks.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub enum Task {
    /// Before anything else; the setup beside it.
    Prepare,
    /// What was delivered for each request of the span, bytes beside it; `hinted` if hints follow them.
    Open {
        span: Box<Span>,
        deliveries: Vec<Delivery>,
        hinted: bool,
    },
    /// Who may vote; bits beside it.
    Judge { span: u32 },
}

/// From a worker that checks to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Found {
    /// It listens now.
    Ready,
    /// Questions beside it.
    Opened { span: u32 },
    /// Facts beside it.
    Judged { span: u32 },
}

/// From a worker that tries frozen elections to the page.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Tester {
    /// It listens now.
    Ready,
    Tried(Tried),
}
