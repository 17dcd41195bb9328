//! Sentences of the first page.

use super::{Both, both};

/// Parts of the first page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    Eyebrow,
    NoElection,
    Lead,
    CheckTitle,
    CheckText,
    CheckAction,
    RecountTitle,
    RecountText,
    RecountAction,
    Opening,
    Closing,
    Municipalities,
    Candidates,
    State,
    StateBefore,
    StateOpen,
    StateCounting,
    StateFinal,
    ElectionFacts,
    ContractId,
    ChainId,
    CardFingerprint,
    ProvesTitle,
    ProvesRecorded,
    ProvesCounted,
    ProvesTotals,
    ProvesSame,
    NotTitle,
    NotChoice,
    NotDevice,
    NotRegistrar,
    NotPage,
    NotMore,
    VoteLead,
    HowTitle,
    HowOne,
    HowTwo,
    HowThree,
}

impl From<Home> for Both {
    fn from(part: Home) -> Self {
        match part {
            Home::Eyebrow => both("검증할 선거", "The election"),
            Home::NoElection => both("내 손으로 하는 선거 검증", "Verify an election yourself"),
            Home::Lead => both(
                "내 표가 그대로 기록되고 집계되었는지, 발표된 결과가 맞는지 이 기기에서 직접 확인하실 수 있습니다.",
                "See for yourself, on this device, whether your ballot was recorded and counted unchanged and whether the published result is right.",
            ),
            Home::CheckTitle => both("내 표 확인", "Check my ballot"),
            Home::CheckText => both(
                "투표할 때 받은 확인증으로 내 표가 원장에 있는지, 집계에 들어갔는지 확인합니다.",
                "Use the receipt from voting to see whether your ballot is on the ledger and part of the count.",
            ),
            Home::CheckAction => both("확인증으로 확인하기", "Check with my receipt"),
            Home::RecountTitle => both("전체 재검표", "Recount the election"),
            Home::RecountText => both(
                "원장 전체를 내려받아 모든 투표지와 집계를 처음부터 다시 검증합니다. 누구나 할 수 있습니다.",
                "Fetch the whole ledger and verify every ballot and every sum from the beginning. Anyone can.",
            ),
            Home::RecountAction => both("재검표 시작하기", "Start a recount"),
            Home::Opening => both("투표 시작", "Voting opens"),
            Home::Closing => both("투표 마감", "Voting closes"),
            Home::Municipalities => both("감시하는 시·군", "Municipalities watching"),
            Home::Candidates => both("후보자", "Candidates"),
            Home::State => both("진행 상황", "State"),
            Home::StateBefore => both("투표 시작 전", "Not open yet"),
            Home::StateOpen => both("투표 진행 중", "Voting is open"),
            Home::StateCounting => both("마감, 집계 중", "Closed, being counted"),
            Home::StateFinal => both("집계 완료", "Counted"),
            Home::ElectionFacts => both("선거 개요", "The election at a glance"),
            Home::ContractId => both("선거 정의의 지문", "Contract id"),
            Home::ChainId => both("원장 이름", "Chain id"),
            Home::CardFingerprint => both("신뢰 카드의 지문", "Fingerprint of the card"),
            Home::ProvesTitle => both("증명하는 것", "What this page proves"),
            Home::ProvesRecorded => both(
                "확인증의 표가 바뀌지 않고 원장에 기록되었다는 것",
                "That the ballot on a receipt was recorded on the ledger unchanged",
            ),
            Home::ProvesCounted => both(
                "그 표가 최종 집계에 한 번만 들어갔다는 것",
                "That it went into the final count, once",
            ),
            Home::ProvesTotals => both(
                "후보자별 득표수가 원장의 모든 유효표를 더한 값이라는 것",
                "That each candidate's total is the sum of every valid ballot on the ledger",
            ),
            Home::ProvesSame => both(
                "시·군의 3분의 2가 넘게 그 원장에 서명했다는 것",
                "That more than two thirds of the municipalities signed that ledger",
            ),
            Home::NotTitle => both("증명하지 못하는 것", "What it cannot prove"),
            Home::NotChoice => both(
                "누구를 찍었는지는 확인하지 않습니다. 확인증에도 그 내용은 없습니다.",
                "Whom you voted for: it is not checked, and your receipt does not hold it.",
            ),
            Home::NotDevice => both(
                "투표 기기가 선택을 그대로 암호화했는지는 투표할 때의 시험으로만 알 수 있습니다.",
                "Whether the casting device encrypted your choice: only a challenge at the time of voting shows that.",
            ),
            Home::NotRegistrar => both(
                "명부 담당자와 참관인이 함께 속이면 재검표만으로는 드러나지 않습니다.",
                "A registrar in collusion with its observers: the recount alone does not see it.",
            ),
            Home::NotPage => both(
                "이 화면 자체가 가짜일 수 있습니다. 다른 기기나 저장해 둔 사본으로도 확인해 주십시오.",
                "That this page is honest: use a second device or a saved copy as well.",
            ),
            Home::NotMore => both(
                "증명의 범위 자세히 보기",
                "Read exactly what is and is not proven",
            ),
            Home::VoteLead => both(
                "휴대전화로 투표권을 받고 투표합니다.",
                "Get a voting right on your phone, and vote.",
            ),
            Home::HowTitle => both("어떻게 확인합니까", "How it is verified"),
            Home::HowOne => both(
                "시·군마다 노드를 운영하며 같은 원장에 서명합니다. 이해관계가 서로 달라 서로를 감시합니다.",
                "Each municipality runs a node and signs the same ledger. Their interests differ, so they watch each other.",
            ),
            Home::HowTwo => both(
                "투표지는 암호화된 채 원장에 실리며, 한 장이 한 후보에게 한 표만 준다는 증명이 붙습니다.",
                "A ballot stands on the ledger encrypted, with a proof that it gives one candidate exactly one vote.",
            ),
            Home::HowThree => both(
                "이 화면은 서명과 증명을 하나씩 다시 계산합니다. 노드의 말은 믿지 않습니다.",
                "This page recomputes every signature and proof. It takes no node's word.",
            ),
        }
    }
}
