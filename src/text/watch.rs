//! Sentences about the municipalities' nodes together, and about what their disagreement means. A word for the eye, a sentence for the
//! person.

use super::{Both, Fault, Rough, both, grouped};
use crate::state::hold::Hold;
use verifier_core::{Height, NodeStanding, Seconds};

/// The state of the nodes in one line, as it stands on every page.
#[derive(Clone, Copy, Debug)]
pub enum StatusLine {
    NoNodes,
    Asking,
    Agree {
        agree: usize,
        nodes: usize,
        height: Height,
    },
    TooFew {
        agree: usize,
        nodes: usize,
        required: usize,
    },
    Conflict,
    Rewritten,
}

impl From<StatusLine> for Both {
    fn from(line: StatusLine) -> Self {
        match line {
            StatusLine::NoNodes => both(
                "신뢰 카드에 노드 주소가 없어 비교하지 못합니다",
                "The trust card names no nodes to compare",
            ),
            StatusLine::Asking => both(
                "시·군의 노드를 비교하고 있습니다",
                "Comparing the municipalities' nodes",
            ),
            StatusLine::Agree {
                agree,
                nodes,
                height,
            } => {
                let height = grouped(height);
                Self::new(
                    format!("노드 {nodes}곳 가운데 {agree}곳이 블록 {height}에서 일치"),
                    format!("{agree} of {nodes} nodes agree at block {height}"),
                )
            }
            StatusLine::TooFew {
                agree,
                nodes,
                required,
            } => Self::new(
                format!("노드 {nodes}곳 가운데 {agree}곳만 일치 ({required}곳 필요)"),
                format!("Only {agree} of {nodes} nodes agree ({required} needed)"),
            ),
            StatusLine::Conflict => both(
                "노드들이 서로 다른 원장을 말합니다",
                "The nodes tell different ledgers",
            ),
            StatusLine::Rewritten => both(
                "원장이 지난번과 다릅니다",
                "The ledger is not the one of your last visit",
            ),
        }
    }
}

/// The same for screen readers, in words that change only when the state does.
#[derive(Clone, Copy, Debug)]
pub struct Spoken(pub StatusLine);

impl From<Spoken> for Both {
    fn from(Spoken(line): Spoken) -> Self {
        match line {
            StatusLine::Asking => both("", ""),
            StatusLine::Agree { .. } => both(
                "시·군의 노드들이 일치합니다.",
                "The municipalities' nodes agree.",
            ),
            StatusLine::TooFew { .. } => both(
                "일치하는 노드가 모자랍니다.",
                "Too few of the municipalities' nodes agree.",
            ),
            StatusLine::NoNodes | StatusLine::Conflict | StatusLine::Rewritten => line.into(),
        }
    }
}

/// Parts of the line and of the alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchText {
    Behind(usize),
    Unreachable(usize),
    Faulty(usize),
    Stalled(Seconds),
    /// What to do about an alarm.
    AlarmNext,
    /// Leads to the page about the nodes.
    See,
}

impl From<WatchText> for Both {
    fn from(part: WatchText) -> Self {
        match part {
            WatchText::Behind(count) => {
                Self::new(format!("뒤처짐 {count}"), format!("{count} behind"))
            }
            WatchText::Unreachable(count) => Self::new(
                format!("응답 없음 {count}"),
                format!("{count} not answering"),
            ),
            WatchText::Faulty(count) => {
                Self::new(format!("잘못된 답 {count}"), format!("{count} faulty"))
            }
            WatchText::Stalled(seconds) => {
                let span = Self::from(Rough(seconds));
                Self::new(
                    format!(
                        "{} 동안 새 블록이 없습니다. 시·군의 3분의 1이 넘게 멈추었을 수 있습니다. 지금까지의 기록은 그대로이며, 다시 켜지면 이어집니다.",
                        span.ko
                    ),
                    format!(
                        "The ledger has made no new block for {}: more than a third of the municipalities may be down. What is recorded stays, and it goes on when they are back.",
                        span.en
                    ),
                )
            }
            WatchText::AlarmNext => both(
                "이 화면은 이제 아무 결과도 인정하지 않습니다. 증거를 저장해 시·군과 언론에 알려 주십시오.",
                "This page accepts no result any more. Save the evidence and make it known to the municipalities and the press.",
            ),
            WatchText::See => both("노드 현황 보기", "See the nodes"),
        }
    }
}

/// Why a verdict is held back, as a headline.
#[derive(Clone, Copy, Debug)]
pub struct HoldTitle(pub Hold);

impl From<HoldTitle> for Both {
    fn from(HoldTitle(hold): HoldTitle) -> Self {
        match hold {
            Hold::Conflict => both(
                "서로 다른 두 원장에 유효한 서명이 있습니다",
                "Two different ledgers carry valid signatures",
            ),
            Hold::Rewritten => both(
                "지난번에 확인한 원장과 다른 원장입니다",
                "This is not the ledger that was verified on your last visit",
            ),
            Hold::TooFew { .. } => both(
                "일치하는 노드가 모자라 아직 판단할 수 없습니다",
                "Too few nodes agree to draw a conclusion",
            ),
        }
    }
}

/// What that means.
#[derive(Clone, Copy, Debug)]
pub struct HoldMeaning(pub Hold);

impl From<HoldMeaning> for Both {
    fn from(HoldMeaning(hold): HoldMeaning) -> Self {
        match hold {
            Hold::Conflict => both(
                "두 원장에 저마다 시·군의 3분의 2가 넘게 서명했으므로, 양쪽에 모두 서명한 시·군이 있습니다. 어느 쪽이 맞는지 알 때까지 어떤 결과도 인정하지 않습니다.",
                "Each was signed by more than two thirds of the municipalities, so some signed both. Until it is known which one is right, no result is accepted.",
            ),
            Hold::Rewritten => both(
                "시·군들이 이미 확인된 블록을 다른 블록으로 바꾸어 서명했습니다. 어떤 결과도 인정하지 않습니다.",
                "A block that was verified before has been replaced by another one with valid signatures. No result is accepted.",
            ),
            Hold::TooFew { agree, required } => Both::new(
                format!(
                    "검사는 모두 마쳤지만, 같은 블록을 말하는 노드가 {agree}곳뿐입니다({required}곳 필요). 선거가 잘못되었다는 뜻은 아닙니다. 잠시 뒤에 다시 시도해 주십시오."
                ),
                format!(
                    "The checks are done, but only {agree} of the {required} nodes needed show the same block. That says nothing against the election. Please try again later."
                ),
            ),
        }
    }
}

/// A node's standing in a word.
#[derive(Clone, Copy, Debug)]
pub struct StandingWord<'a>(pub &'a NodeStanding);

impl From<StandingWord<'_>> for Both {
    fn from(StandingWord(standing): StandingWord<'_>) -> Self {
        match standing {
            NodeStanding::Asked => both("묻는 중", "Asking"),
            NodeStanding::Agrees { .. } => both("일치", "Agrees"),
            NodeStanding::Behind { .. } => both("뒤처짐", "Behind"),
            NodeStanding::Unreachable(_) => both("응답 없음", "No answer"),
            NodeStanding::Faulty(_) => both("잘못된 답", "Faulty"),
            NodeStanding::Conflicts { .. } => both("다른 원장", "Conflict"),
            NodeStanding::Rewrote { .. } => both("원장 바뀜", "Rewrote"),
        }
    }
}

/// A node's standing in a sentence; the height is the furthest that any node has come.
#[derive(Clone, Copy, Debug)]
pub struct StandingSentence<'a>(pub &'a NodeStanding, pub Height);

impl From<StandingSentence<'_>> for Both {
    fn from(StandingSentence(standing, furthest): StandingSentence<'_>) -> Self {
        match standing {
            NodeStanding::Asked => both("", ""),
            NodeStanding::Agrees { .. } => both(
                "다른 노드와 같은 블록을 말합니다.",
                "It shows the same block as the others.",
            ),
            NodeStanding::Behind { latest } => {
                let blocks = grouped(furthest.saturating_sub(*latest));
                Self::new(
                    format!(
                        "가장 앞선 노드보다 {blocks}블록 뒤에 있습니다. 멈추었거나 따라잡는 중입니다."
                    ),
                    format!("It is {blocks} blocks behind the furthest: stopped, or catching up."),
                )
            }
            NodeStanding::Unreachable(fault) => unreachable(fault),
            NodeStanding::Faulty(fault) => Fault(fault).into(),
            NodeStanding::Conflicts { height, .. } => {
                let height = grouped(*height);
                Self::new(
                    format!(
                        "블록 {height}에서 다른 노드와 다른 블록을 말하며, 거기에도 유효한 서명이 있습니다."
                    ),
                    format!(
                        "At block {height} it shows another block than the others, with valid signatures too."
                    ),
                )
            }
            NodeStanding::Rewrote { .. } => both(
                "지난번에 확인한 블록을 다른 블록으로 바꾸어 말합니다.",
                "It shows another block than the one verified on an earlier visit.",
            ),
        }
    }
}

/// Here nobody has to choose another node.
fn unreachable(fault: &verifier_core::SourceFault) -> Both {
    match fault {
        verifier_core::SourceFault::TooSlow => {
            both("제때 답하지 않습니다.", "It did not answer in time.")
        }
        verifier_core::SourceFault::HttpStatus(status) => Both::new(
            format!("자료 대신 오류({status})를 보냈습니다."),
            format!("It answered with the error {status} instead of data."),
        ),
        _ => both(
            "연결할 수 없습니다. 꺼져 있거나 통신이 끊겼습니다.",
            "It cannot be reached: switched off, or cut off.",
        ),
    }
}
