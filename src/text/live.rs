//! Sentences of the page that follows an election.

use super::{Both, both, grouped};
use crate::state::live::{Link, Mischief};

/// Parts of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiveText {
    Title,
    Lead,
    Starting,
    StartingText,
    Verified,
    Turnout,
    Ballots,
    Issued,
    Roll,
    Block,
    Time,
    Counted,
    Rate,
    RateNote,
    Latest,
    Node,
    Closed,
    ClosedText,
    Still,
    StillText,
    Troubles,
    TroublesNote,
    Note,
    ByMunicipality,
}

impl From<LiveText> for Both {
    fn from(part: LiveText) -> Self {
        match part {
            LiveText::Title => both("투표 현황", "Live turnout"),
            LiveText::Lead => both(
                "새 블록이 나올 때마다 이 기기에서 서명과 내용을 확인한 다음에만 숫자를 더합니다.",
                "Each new block's signatures and content are verified on this device before its numbers are added.",
            ),
            LiveText::Starting => both(
                "지금까지의 숫자를 확인하고 있습니다",
                "Verifying the numbers so far",
            ),
            LiveText::StartingText => both(
                "시·군마다 명부, 투표권, 투표자, 표의 수를 증명과 함께 받습니다.",
                "Roll, rights, turnout and ballots of every municipality are fetched with their proofs.",
            ),
            LiveText::Verified => both("확인한 블록", "Verified up to block"),
            LiveText::Turnout => both("투표율", "Turnout"),
            LiveText::Ballots => both("기록된 표", "Ballots recorded"),
            LiveText::Issued => both("발급된 투표권", "Rights issued"),
            LiveText::Roll => both("선거인 명부", "On the roll"),
            LiveText::Block => both("블록", "Block"),
            LiveText::Time => both("시각", "Time"),
            LiveText::Counted => both("표", "Ballots"),
            LiveText::Rate => both("시간에 따른 투표", "Voting over time"),
            LiveText::RateNote => both(
                "확인한 블록에 기록된 표를 블록의 시각에 따라 나눈 것입니다.",
                "Ballots in verified blocks, by the blocks' times.",
            ),
            LiveText::Latest => both("최근 블록", "Latest blocks"),
            LiveText::Node => both("자료를 준 노드", "Data from"),
            LiveText::Closed => both("투표가 마감되었습니다", "Voting is closed"),
            LiveText::ClosedText => both(
                "표의 수는 더 늘지 않습니다. 득표수는 ‘전체 재검표’에서 확인하실 수 있습니다.",
                "The number of ballots will not grow any more. The totals can be verified on the page “Recount”.",
            ),
            LiveText::Still => both("새 블록이 나오지 않고 있습니다", "There are no new blocks"),
            LiveText::StillText => both(
                "노드들을 차례로 물어보고 있습니다. 아래 숫자는 마지막으로 확인한 블록까지의 것입니다.",
                "The nodes are being asked one after the other. The numbers below are those up to the last verified block.",
            ),
            LiveText::Troubles => both("바꾼 노드", "Nodes that were left"),
            LiveText::TroublesNote => both(
                "확인되지 않은 자료는 숫자에 넣지 않고 다른 노드에 물었습니다.",
                "What could not be verified was not counted, and another node was asked.",
            ),
            LiveText::Note => both(
                "투표자 수는 투표소가 참관인의 서명을 받아 때때로 알리므로, 기록된 표보다 늦게 올라갑니다.",
                "Stations certify turnout from time to time, countersigned by observers, so it rises later than the ballots recorded.",
            ),
            LiveText::ByMunicipality => both("시·군별", "By municipality"),
        }
    }
}

/// So many ballots in a minute.
#[derive(Clone, Copy, Debug)]
pub struct BallotsAMinute(pub u64);

impl From<BallotsAMinute> for Both {
    fn from(BallotsAMinute(ballots): BallotsAMinute) -> Self {
        let ballots = grouped(ballots);
        Self::new(
            format!("분당 {ballots}표"),
            format!("{ballots} ballots a minute"),
        )
    }
}

/// How news of blocks comes.
#[derive(Clone, Copy, Debug)]
pub struct LinkText(pub Link);

impl From<LinkText> for Both {
    fn from(LinkText(link): LinkText) -> Self {
        match link {
            Link::Starting => both("준비 중", "Getting ready"),
            Link::Socket => both("실시간", "Live"),
            Link::Polling => both("몇 초마다 묻는 중", "Asking every few seconds"),
            Link::Retrying => both("다시 연결하는 중", "Reconnecting"),
            Link::Over => both("선거 끝남", "Election over"),
        }
    }
}

impl From<&Mischief> for Both {
    fn from(mischief: &Mischief) -> Self {
        match mischief {
            Mischief::Faulty(reason) => reason.into(),
            Mischief::Silent { at } => Self::new(
                format!("다른 노드에 새 블록이 있는데도 블록 {at} 뒤로 알려 주지 않았습니다."),
                format!(
                    "It told of nothing after block {at} although another node had new blocks."
                ),
            ),
        }
    }
}
