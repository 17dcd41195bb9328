//! The steps of a voter at a kiosk, and what leads from one to the next.

use super::KioskChange;
use super::send::Parcel;
use crate::state::CameraFault;
use crate::state::hold::Hold;
use caster::{FromCaster, MARK_LETTERS, RightFault};
use std::rc::Rc;
use verifier_core::{AssetId, Height, Outcome, PublicKey, TrackingCode};

/// A mark has so many letters.
pub const MARK: usize = 4;

/// What is shown to the voter.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Nobody is there.
    Idle,
    /// The card is wanted.
    Scanning(Option<ScanTrouble>),
    /// The card was read; the ledger is asked about its asset.
    Looking(PublicKey),
    /// There is no voting with this card, here and now.
    Refused(Refusal),
    /// The ballot paper is shown. What is marked on it is on the screen only, and never in this state.
    Choosing { right: Right, is_marked: bool },
    /// The same paper, with the choice alone on show.
    Reviewing(Right),
    /// The worker knows the choice.
    Marking { right: Right, mark: Vec<u8> },
    /// The worker makes the ballot.
    Encrypting { right: Right, mark: [u8; MARK] },
    /// The tracking code is shown: cast, or challenge?
    Deciding {
        right: Right,
        mark: [u8; MARK],
        code: TrackingCode,
    },
    /// The worker signs the ballot.
    Signing {
        right: Right,
        mark: [u8; MARK],
        code: TrackingCode,
    },
    /// The worker opens it instead.
    Opening {
        right: Right,
        mark: [u8; MARK],
        code: TrackingCode,
    },
    /// Signed, and on its way: the worker and the choice are gone.
    Sending(Parcel),
}

/// A voting right that may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Right {
    pub asset: AssetId,
    pub address: PublicKey,
}

/// Why there is no card yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanTrouble {
    Card(RightFault),
    Camera(CameraFault),
    /// Nothing was typed.
    Empty,
}

/// Why there is no voting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No asset was issued to the card's address.
    NotIssued,
    /// A ballot has spent the asset.
    Used {
        code: TrackingCode,
        height: Height,
    },
    /// Voting has not begun, or is over, by the clock of the ledger.
    TooEarly,
    Closed,
    /// What the ledger says could not be verified.
    Unverified,
    /// It could, but the nodes do not agree.
    Held(Hold),
    /// The ledger stands still.
    Stalled,
    /// A municipality refused what this kiosk sent.
    ByLedger(Outcome),
    /// The worker ended before it signed.
    Broke,
}

/// What the ledger says of a card's right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    Usable(AssetId),
    Refused(Refusal),
}

impl Step {
    /// Whether a worker that holds a voter's secrets may be alive. In every other step it is ended.
    pub fn has_secrets(&self) -> bool {
        match self {
            Self::Scanning(_)
            | Self::Looking(_)
            | Self::Choosing { .. }
            | Self::Reviewing(_)
            | Self::Marking { .. }
            | Self::Encrypting { .. }
            | Self::Deciding { .. }
            | Self::Signing { .. }
            | Self::Opening { .. } => true,
            Self::Idle | Self::Refused(_) | Self::Sending(_) => false,
        }
    }

    /// Whether the kiosk may forget the voter when nobody touches it. It never does while something is on its way.
    pub fn waits_for_a_voter(&self) -> bool {
        match self {
            Self::Idle
            | Self::Looking(_)
            | Self::Encrypting { .. }
            | Self::Signing { .. }
            | Self::Opening { .. } => false,
            Self::Sending(parcel) => !parcel.is_on_its_way(),
            Self::Scanning(_)
            | Self::Refused(_)
            | Self::Choosing { .. }
            | Self::Reviewing(_)
            | Self::Marking { .. }
            | Self::Deciding { .. } => true,
        }
    }

    /// Whether the voter may go. A ballot that is being signed or sent is not left alone.
    pub(super) fn may_leave(&self) -> bool {
        match self {
            Self::Signing { .. } | Self::Opening { .. } => false,
            Self::Sending(parcel) => !parcel.is_on_its_way(),
            _ => true,
        }
    }

    pub(super) fn may_begin(&self) -> bool {
        match self {
            Self::Idle | Self::Refused(_) => true,
            Self::Sending(parcel) => !parcel.is_on_its_way(),
            _ => false,
        }
    }

    /// After something that the voter did.
    pub(super) fn after(self, change: KioskChange) -> Self {
        match (self, change) {
            // That the camera does not work is no news to whoever shows a card otherwise.
            (
                scanning @ Self::Scanning(Some(ScanTrouble::Card(_))),
                KioskChange::Troubled(ScanTrouble::Camera(_)),
            ) => scanning,
            (Self::Scanning(_), KioskChange::Troubled(trouble)) => Self::Scanning(Some(trouble)),
            (Self::Choosing { right, .. }, KioskChange::Choose) => Self::Choosing {
                right,
                is_marked: true,
            },
            (
                Self::Choosing {
                    right,
                    is_marked: true,
                },
                KioskChange::Review,
            ) => Self::Reviewing(right),
            (Self::Reviewing(right), KioskChange::Back) => Self::Choosing {
                right,
                is_marked: true,
            },
            (Self::Reviewing(right), KioskChange::Confirm) => Self::Marking {
                right,
                mark: Vec::new(),
            },
            (Self::Marking { right, .. }, KioskChange::Back) => Self::Choosing {
                right,
                is_marked: false,
            },
            (marking @ Self::Marking { .. }, change) => marking.marked(&change),
            (Self::Deciding { right, mark, code }, KioskChange::Cast) => {
                Self::Signing { right, mark, code }
            }
            (Self::Deciding { right, mark, code }, KioskChange::Challenge) => {
                Self::Opening { right, mark, code }
            }
            (step, _) => step,
        }
    }

    fn marked(self, change: &KioskChange) -> Self {
        let Self::Marking { right, mut mark } = self else {
            return self;
        };
        match change {
            KioskChange::Letter(letter) if MARK_LETTERS.contains(letter) && mark.len() < MARK => {
                mark.push(*letter);
            }
            KioskChange::Erase => {
                mark.pop();
            }
            KioskChange::Mark => {
                if let Ok(mark) = <[u8; MARK]>::try_from(mark.as_slice()) {
                    return Self::Encrypting { right, mark };
                }
            }
            _ => {}
        }
        Self::Marking { right, mark }
    }

    /// After the worker said something.
    pub(super) fn told(self, told: FromCaster, beside: Option<Rc<[u8]>>) -> Self {
        match (self, told, beside) {
            (Self::Scanning(_), FromCaster::Refused(fault), _) => {
                Self::Scanning(Some(ScanTrouble::Card(fault)))
            }
            (Self::Scanning(_), FromCaster::Right(address), _) => Self::Looking(address),
            (Self::Marking { right, .. }, FromCaster::Mark(mark), _) => Self::Marking {
                right,
                mark: mark.into(),
            },
            (Self::Encrypting { right, mark }, FromCaster::Encrypted(code), _) => {
                Self::Deciding { right, mark, code }
            }
            (Self::Signing { right, mark, code }, FromCaster::Signed, Some(transaction)) => {
                Self::Sending(Parcel::ballot(right.asset, mark, code, transaction))
            }
            (
                Self::Opening { right, mark, code },
                FromCaster::Opened(opening),
                Some(transaction),
            ) => Self::Sending(Parcel::spoil(right.asset, mark, code, transaction, opening)),
            (step, FromCaster::Broke, _) => step.without_caster(),
            (step, ..) => step,
        }
    }

    /// After the worker ended by itself.
    pub(super) fn without_caster(self) -> Self {
        if self.has_secrets() {
            Self::Refused(Refusal::Broke)
        } else {
            self
        }
    }

    pub(super) fn looked(self, looked: Looked) -> Self {
        match (self, looked) {
            (Self::Looking(address), Looked::Usable(asset)) => Self::Choosing {
                right: Right { asset, address },
                is_marked: false,
            },
            (Self::Looking(_), Looked::Refused(refusal)) => Self::Refused(refusal),
            (step, _) => step,
        }
    }

    pub(super) fn of_parcel(
        self,
        code: TrackingCode,
        change: impl FnOnce(Parcel) -> Result<Parcel, Refusal>,
    ) -> Self {
        match self {
            Self::Sending(parcel) if parcel.code() == code => match change(parcel) {
                Ok(parcel) => Self::Sending(parcel),
                Err(refusal) => Self::Refused(refusal),
            },
            step => step,
        }
    }

    pub(super) fn again(self) -> Self {
        match self {
            Self::Sending(parcel) => Self::Sending(parcel.again()),
            step => step,
        }
    }
}
