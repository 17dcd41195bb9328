//! A question about the ledger's state, from an empty form to an answer.

use super::trouble::Trouble;
use super::watch::Found;
use std::rc::Rc;
use verifier_core::{
    AssetId, Check, GenesisHash, HeaderHash, Height, Holder, MunicipalityIndex, RECEIPT_PREFIX,
    ROLL_SLIP_PREFIX, Receipt, ReceiptError, RollSlip, RollSlipError, Seconds, StateAnswer,
    StateQuestion, TrackingCode, TrustCard, Verdict,
};
use yew::Reducible;

/// What somebody asks about, and how they named it.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// The right that a receipt names, and the ballot that it promises.
    Receipt { asset: AssetId, code: TrackingCode },
    /// A right by its number or its address.
    Right {
        municipality: MunicipalityIndex,
        batch: u16,
        holder: Holder,
    },
    /// An entry on the roll.
    Entry(Rc<RollSlip>),
}

/// Why a text asks nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskFault {
    Empty,
    /// It is neither a receipt, nor a roll slip, nor a right's number.
    Unreadable,
    Receipt(ReceiptError),
    Slip(RollSlipError),
    /// It is of another election or another ledger.
    Elsewhere,
    /// The election has no municipality of this number; the first number that it does not have.
    NoMunicipality {
        municipality: MunicipalityIndex,
        count: usize,
    },
}

/// What an answer rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    pub verdict: Verdict,
    pub answer: Option<StateAnswer>,
    pub checks: Rc<[Check]>,
    /// Height, hash and time of the header that it hangs from.
    pub anchor: Option<(Height, HeaderHash, Seconds)>,
    /// What all nodes say of that header.
    pub found: Option<Rc<Found>>,
}

/// One question under way: a number that tells it from earlier ones, whose late answers are dropped, and the node that is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Inquiry {
    pub number: u32,
    pub asked: Rc<Asked>,
    /// Position in the trust card's list of nodes.
    pub node: usize,
}

/// How far a question has come.
#[derive(Clone, Debug, PartialEq)]
pub enum RightsState {
    Waiting {
        text: String,
        trouble: Option<Trouble>,
    },
    Running {
        inquiry: Inquiry,
        checks: Rc<[Check]>,
    },
    Done {
        inquiry: Inquiry,
        answered: Rc<Answered>,
    },
}

/// What changes it.
#[derive(Clone, Debug, PartialEq)]
pub enum RightsChange {
    Given {
        text: String,
        card: Rc<TrustCard>,
        node: usize,
    },
    Troubled(Trouble),
    OtherNode(usize),
    Progressed {
        number: u32,
        checks: Rc<[Check]>,
    },
    Finished {
        number: u32,
        answered: Rc<Answered>,
    },
    Again,
}

impl Asked {
    /// Reads a receipt, a roll slip, or a right as `municipality-batch-index` or `municipality-batch-address`.
    pub fn read(text: &str, card: &TrustCard) -> Result<Self, AskFault> {
        let upper = text.to_ascii_uppercase();
        let asked = if upper.trim().is_empty() {
            return Err(AskFault::Empty);
        } else if upper.contains(RECEIPT_PREFIX) {
            let receipt = Receipt::parse(text).map_err(AskFault::Receipt)?;
            of_this_election(
                card,
                receipt.genesis,
                receipt.contract == card.contract_id(),
            )?;
            Self::Receipt {
                asset: receipt.asset,
                code: receipt.tracking_code,
            }
        } else if upper.contains(ROLL_SLIP_PREFIX) {
            let slip = RollSlip::parse(text).map_err(AskFault::Slip)?;
            of_this_election(card, slip.genesis, slip.contract == card.contract_id())?;
            Self::Entry(Rc::new(slip))
        } else {
            right(text).ok_or(AskFault::Unreadable)?
        };
        let (municipality, count) = (asked.municipality(), card.contract.municipalities.len());
        if usize::from(municipality) < count {
            Ok(asked)
        } else {
            Err(AskFault::NoMunicipality {
                municipality,
                count,
            })
        }
    }

    /// The municipality that issued the right, or on whose roll the entry stands.
    pub fn municipality(&self) -> MunicipalityIndex {
        match self {
            Self::Receipt { asset, .. } => asset.municipality,
            Self::Right { municipality, .. } => *municipality,
            Self::Entry(slip) => slip.municipality,
        }
    }

    /// The same for the verifier. Nothing of it but municipality and batch leaves this device.
    pub fn question(&self) -> StateQuestion {
        match self {
            Self::Receipt { asset, .. } => StateQuestion::Right {
                municipality: asset.municipality,
                batch: asset.batch,
                holder: Holder::Index(asset.index),
            },
            Self::Right {
                municipality,
                batch,
                holder,
            } => StateQuestion::Right {
                municipality: *municipality,
                batch: *batch,
                holder: *holder,
            },
            Self::Entry(slip) => StateQuestion::Name {
                municipality: slip.municipality,
                commitment: slip.commitment(),
            },
        }
    }
}

fn of_this_election(
    card: &TrustCard,
    genesis: GenesisHash,
    same_contract: bool,
) -> Result<(), AskFault> {
    if genesis == card.genesis && same_contract {
        Ok(())
    } else {
        Err(AskFault::Elsewhere)
    }
}

fn right(text: &str) -> Option<Asked> {
    let mut parts = text.trim().split('-').map(str::trim);
    let (municipality, batch, last) = (parts.next()?, parts.next()?, parts.next()?);
    let holder = match last.len() {
        64 => Holder::Address(last.parse().ok()?),
        _ => Holder::Index(last.parse().ok()?),
    };
    parts.next().is_none().then_some(Asked::Right {
        municipality: municipality.parse().ok()?,
        batch: batch.parse().ok()?,
        holder,
    })
}

impl Default for RightsState {
    fn default() -> Self {
        Self::Waiting {
            text: String::new(),
            trouble: None,
        }
    }
}

impl RightsState {
    /// The question that is asked, or was asked last.
    pub fn inquiry(&self) -> Option<&Inquiry> {
        match self {
            Self::Waiting { .. } => None,
            Self::Running { inquiry, .. } | Self::Done { inquiry, .. } => Some(inquiry),
        }
    }

    fn started(&self, asked: Rc<Asked>, node: usize) -> Self {
        let number = self.inquiry().map_or(0, |i| i.number.wrapping_add(1));
        Self::Running {
            inquiry: Inquiry {
                number,
                asked,
                node,
            },
            checks: Rc::from([]),
        }
    }

    fn next(&self, change: RightsChange) -> Self {
        match (self, change) {
            (_, RightsChange::Given { text, card, node }) => match Asked::read(&text, &card) {
                Ok(asked) => self.started(Rc::new(asked), node),
                Err(fault) => Self::Waiting {
                    text,
                    trouble: Some(Trouble::Ask(fault)),
                },
            },
            (_, RightsChange::Troubled(trouble)) => Self::Waiting {
                text: String::new(),
                trouble: Some(trouble),
            },
            (
                Self::Running { inquiry, .. } | Self::Done { inquiry, .. },
                RightsChange::OtherNode(node),
            ) => self.started(inquiry.asked.clone(), node),
            (Self::Running { inquiry, .. }, RightsChange::Progressed { number, checks })
                if inquiry.number == number =>
            {
                Self::Running {
                    inquiry: inquiry.clone(),
                    checks,
                }
            }
            (Self::Running { inquiry, .. }, RightsChange::Finished { number, answered })
                if inquiry.number == number =>
            {
                Self::Done {
                    inquiry: inquiry.clone(),
                    answered,
                }
            }
            (_, RightsChange::Again) => Self::default(),
            (other, _) => other.clone(),
        }
    }
}

impl Reducible for RightsState {
    type Action = RightsChange;

    fn reduce(self: Rc<Self>, change: RightsChange) -> Rc<Self> {
        self.next(change).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::frozen_card;

    fn read(text: &str) -> Result<Asked, AskFault> {
        Asked::read(text, &frozen_card())
    }

    fn slip(municipality: u16) -> RollSlip {
        let card = frozen_card();
        RollSlip::new(
            card.genesis,
            card.contract_id(),
            municipality,
            [4; 32],
            "1".into(),
        )
    }

    #[test]
    fn reads_a_right_by_number_or_address_and_a_slip() {
        let right = |holder| Asked::Right {
            municipality: 1,
            batch: 2,
            holder,
        };
        assert_eq!(read(" 1-2-3 "), Ok(right(Holder::Index(3))));
        let address = verifier_core::PublicKey([7; 32]);
        assert_eq!(
            read(&format!("1-2-{address}")),
            Ok(right(Holder::Address(address)))
        );
        assert!(matches!(read(&slip(1).to_text()), Ok(Asked::Entry(_))));
    }

    #[test]
    fn every_text_that_asks_nothing_is_told_apart() {
        assert_eq!(read(" "), Err(AskFault::Empty));
        for text in ["hello", "1-2", "1-2-3-4", "1-2-x", "1-2-70000"] {
            assert_eq!(read(text), Err(AskFault::Unreadable), "{text}");
        }
        assert!(matches!(read("CHG1-AAAA"), Err(AskFault::Receipt(_))));
        assert!(matches!(read("CHN1-AAAA"), Err(AskFault::Slip(_))));
        let elsewhere = RollSlip {
            genesis: GenesisHash([9; 32]),
            ..slip(1)
        };
        assert_eq!(read(&elsewhere.to_text()), Err(AskFault::Elsewhere));
        assert!(matches!(
            read("99-0-0"),
            Err(AskFault::NoMunicipality {
                municipality: 99,
                ..
            })
        ));
    }

    #[test]
    fn late_answers_of_an_earlier_question_are_dropped() {
        let card = Rc::new(frozen_card());
        let given = |text: &str| RightsChange::Given {
            text: text.into(),
            card: card.clone(),
            node: 0,
        };
        let state = RightsState::default().next(given("0-0-0"));
        let state = state.next(RightsChange::OtherNode(1));
        let late = RightsChange::Progressed {
            number: 0,
            checks: Rc::from([]),
        };
        assert_eq!(state.next(late), state);
        assert_eq!(state.inquiry().map(|i| (i.number, i.node)), Some((1, 1)));
    }
}
