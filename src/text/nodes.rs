//! Sentences of the page about the municipalities' nodes.

use super::{Both, both};

/// Parts of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodesText {
    Title,
    Lead,
    Refresh,
    Municipality,
    State,
    Height,
    Latency,
    ComparedAt,
    Hash,
    NoNodes,
    Table,
    Evidence,
    Culprits,
    Suspects,
    SaveEvidence,
    EvidenceNote,
    NoEvidence,
    Setting,
    SettingHint,
    SettingLow,
    SettingDefault(usize),
    Kept,
    KeptText,
    NothingKept,
    Forget,
}

impl From<NodesText> for Both {
    fn from(part: NodesText) -> Self {
        match part {
            NodesText::Title => both("노드 현황", "Nodes"),
            NodesText::Lead => both(
                "시·군마다 노드를 운영합니다. 모두가 같은 블록을 말하는지 비교합니다.",
                "Each municipality runs a node. This compares whether all of them name the same block.",
            ),
            NodesText::Refresh => both("다시 묻기", "Ask again"),
            NodesText::Municipality => both("시·군", "Municipality"),
            NodesText::State => both("상태", "State"),
            NodesText::Height => both("블록 높이", "Height"),
            NodesText::Latency => both("응답 시간", "Latency"),
            NodesText::ComparedAt => both("비교한 블록", "Compared at block"),
            NodesText::Hash => both("그 블록의 지문", "Its hash"),
            NodesText::NoNodes => both(
                "신뢰 카드에 노드 주소가 없습니다.",
                "The trust card names no nodes.",
            ),
            NodesText::Table => both("시·군별 노드", "Each municipality's node"),
            NodesText::Evidence => both("두 원장의 증거", "Evidence of two ledgers"),
            NodesText::Culprits => both(
                "규칙을 어기고 두 블록에 모두 서명한 시·군",
                "Signed both blocks, against the rules",
            ),
            NodesText::Suspects => both(
                "서로 다른 차례에 두 블록에 서명한 시·군. 이 가운데 일부가 규칙을 어겼으나, 누구인지는 이것만으로 알 수 없습니다",
                "Signed both blocks in different rounds; some of them broke the rules, but this does not show which",
            ),
            NodesText::SaveEvidence => both("증거 파일 저장", "Save the evidence"),
            NodesText::EvidenceNote => both(
                "누구나 chamgwan evidence 명령에 이 파일과 신뢰 카드를 주어 다시 확인할 수 있습니다.",
                "Anyone can check this file again, with the trust card, by the command chamgwan evidence.",
            ),
            NodesText::NoEvidence => both(
                "두 원장을 함께 보여 주는 노드가 지금은 없어 증거 파일을 만들 수 없습니다. 다시 묻기를 눌러 주십시오.",
                "No two nodes show both ledgers now, so there is no evidence file. Please ask again.",
            ),
            NodesText::Setting => both("일치해야 하는 노드의 수", "Nodes that must agree"),
            NodesText::SettingHint => both(
                "이보다 적은 노드가 일치하면 결과를 인정하지 않습니다. 마지막 블록이 적힌 신뢰 카드에는 적용되지 않습니다.",
                "With fewer, no result is accepted. It does not apply to a trust card that names the final block.",
            ),
            NodesText::SettingLow => both(
                "권장하는 수보다 적습니다. 몇 곳만 짜도 이 화면을 속일 수 있습니다.",
                "This is fewer than recommended: a handful in collusion could deceive this page.",
            ),
            NodesText::SettingDefault(number) => Self::new(
                format!("권장하는 수({number}곳)로"),
                format!("Back to the recommended {number}"),
            ),
            NodesText::Kept => both("이 기기에 보관한 블록", "Blocks kept on this device"),
            NodesText::KeptText => both(
                "확인한 블록의 지문을 보관해, 다음에 왔을 때 누가 과거를 바꾸었는지 알아냅니다. 확인증은 보관하지 않습니다.",
                "Hashes of verified blocks are kept, so that a rewritten past is noticed on your next visit. Receipts are never kept.",
            ),
            NodesText::NothingKept => both(
                "보관한 블록이 없습니다. 브라우저가 허락하지 않았거나 처음 오셨습니다.",
                "Nothing is kept: the browser does not allow it, or this is your first visit.",
            ),
            NodesText::Forget => both("지우기", "Forget them"),
        }
    }
}
