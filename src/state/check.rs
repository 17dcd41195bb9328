//! The check of a receipt, from an empty form to a report.

use super::filed::Filed;
use super::trouble::Trouble;
use super::watch::Found;
use std::rc::Rc;
use verifier_core::{Check, Evidence, Receipt, ReceiptProofCollect, Report};
use yew::Reducible;

/// How far the check of a receipt has come.
#[derive(Clone, Debug, PartialEq)]
pub enum CheckState {
    /// Waiting for a receipt; holds what was entered last and what is wrong with it.
    Waiting {
        text: String,
        trouble: Option<Trouble>,
    },
    Running {
        run: Run,
        checks: Rc<[Check]>,
    },
    Done {
        run: Run,
        findings: Rc<Findings>,
    },
    /// A file with proofs was given and judged.
    Filed(Rc<Filed>),
}

/// What a check came to, and what all nodes say of the header that it relies on.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    pub report: Report,
    pub evidence: Evidence,
    pub found: Option<Rc<Found>>,
    /// What a proof of the receipt can be collected from, if the ballot was found in effect.
    pub proof: Option<Rc<ReceiptProofCollect>>,
}

/// One check: the receipt, the node that is asked, and a number that tells it from earlier ones, whose late answers are dropped.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub number: u32,
    pub receipt: Rc<Receipt>,
    /// Position in the trust card's list of nodes.
    pub node: usize,
}

/// What changes it.
#[derive(Clone, Debug, PartialEq)]
pub enum CheckChange {
    /// A text that should be a receipt, to be checked against the node at this position.
    Given {
        text: String,
        node: usize,
    },
    Troubled(Trouble),
    /// The same receipt, asked of another node.
    OtherNode(usize),
    Progressed {
        number: u32,
        checks: Rc<[Check]>,
    },
    Finished {
        number: u32,
        findings: Rc<Findings>,
    },
    Filed(Rc<Filed>),
    Again,
}

impl Default for CheckState {
    fn default() -> Self {
        Self::Waiting {
            text: String::new(),
            trouble: None,
        }
    }
}

impl CheckState {
    /// The check that runs or ran last.
    pub fn run(&self) -> Option<&Run> {
        match self {
            Self::Waiting { .. } | Self::Filed(_) => None,
            Self::Running { run, .. } | Self::Done { run, .. } => Some(run),
        }
    }

    fn given(&self, text: String, node: usize) -> Self {
        match Receipt::parse(&text) {
            Ok(receipt) => self.started(Rc::new(receipt), node),
            Err(error) => Self::Waiting {
                text,
                trouble: Some(Trouble::Receipt(error)),
            },
        }
    }

    fn started(&self, receipt: Rc<Receipt>, node: usize) -> Self {
        let number = self.run().map_or(0, |run| run.number.wrapping_add(1));
        Self::Running {
            run: Run {
                number,
                receipt,
                node,
            },
            checks: Rc::from([]),
        }
    }

    fn troubled(&self, trouble: Trouble) -> Self {
        let text = match self {
            Self::Waiting { text, .. } => text.clone(),
            Self::Running { .. } | Self::Done { .. } | Self::Filed(_) => String::new(),
        };
        Self::Waiting {
            text,
            trouble: Some(trouble),
        }
    }

    fn progressed(&self, number: u32, checks: Rc<[Check]>) -> Self {
        match self {
            Self::Running { run, .. } if run.number == number => Self::Running {
                run: run.clone(),
                checks,
            },
            other => other.clone(),
        }
    }

    fn finished(&self, number: u32, findings: Rc<Findings>) -> Self {
        match self {
            Self::Running { run, .. } if run.number == number => Self::Done {
                run: run.clone(),
                findings,
            },
            other => other.clone(),
        }
    }
}

impl Reducible for CheckState {
    type Action = CheckChange;

    fn reduce(self: Rc<Self>, change: CheckChange) -> Rc<Self> {
        let next = match change {
            CheckChange::Given { text, node } => self.given(text, node),
            CheckChange::Troubled(trouble) => self.troubled(trouble),
            CheckChange::OtherNode(node) => match self.run() {
                Some(run) => self.started(run.receipt.clone(), node),
                None => return self,
            },
            CheckChange::Progressed { number, checks } => self.progressed(number, checks),
            CheckChange::Finished { number, findings } => self.finished(number, findings),
            CheckChange::Filed(filed) => Self::Filed(filed),
            CheckChange::Again => Self::default(),
        };
        next.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use verifier_core::{AssetId, ContractId, GenesisHash, Promise, ReceiptError, TrackingCode};

    fn receipt_text() -> String {
        let asset = AssetId {
            municipality: 1,
            batch: 2,
            index: 3,
        };
        let promise = Promise {
            municipality: 1,
            time: 5,
            deadline: 6,
            signature: [7; 64],
        };
        let (genesis, contract) = (GenesisHash([1; 32]), ContractId([2; 32]));
        let code = TrackingCode([3; 32]);
        Receipt::new(
            "chain".into(),
            genesis,
            contract,
            asset,
            code,
            None,
            *b"MARK",
            promise,
        )
        .to_text()
    }

    fn after(state: CheckState, change: CheckChange) -> CheckState {
        (*Rc::new(state).reduce(change)).clone()
    }

    fn running() -> CheckState {
        let text = receipt_text();
        after(CheckState::default(), CheckChange::Given { text, node: 4 })
    }

    #[test]
    fn a_text_that_is_no_receipt_stays_in_the_form_with_its_reason() {
        let text = "hello".to_owned();
        let state = after(
            CheckState::default(),
            CheckChange::Given {
                text: text.clone(),
                node: 0,
            },
        );
        let trouble = Some(Trouble::Receipt(ReceiptError::Prefix));
        assert_eq!(state, CheckState::Waiting { text, trouble });
    }

    #[test]
    fn a_receipt_starts_a_check() {
        assert!(matches!(running(), CheckState::Running { run, .. } if run.node == 4));
    }

    #[test]
    fn another_node_starts_anew_and_late_answers_of_the_first_are_dropped() {
        let state = after(running(), CheckChange::OtherNode(5));
        let checks: Rc<[Check]> = Rc::from([]);
        let late = CheckChange::Progressed { number: 0, checks };
        assert_eq!(after(state.clone(), late), state);
        assert_eq!(state.run().map(|run| (run.number, run.node)), Some((1, 5)));
    }
}
