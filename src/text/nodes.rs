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
    Header,
    Latency,
    Asking,
    Agrees,
    Behind,
    Unreachable,
    Faulty,
    Conflict,
    ConflictNote,
    SaveEvidence,
    ComparedAt,
    NoNodes,
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
            NodesText::Header => both("비교한 블록의 지문", "Hash compared"),
            NodesText::Latency => both("응답 시간", "Latency"),
            NodesText::Asking => both("묻는 중", "Asking"),
            NodesText::Agrees => both("일치", "Agrees"),
            NodesText::Behind => both("뒤처짐", "Behind"),
            NodesText::Unreachable => both("응답 없음", "No answer"),
            NodesText::Faulty => both("잘못된 답", "Faulty answer"),
            NodesText::Conflict => both("불일치", "Conflict"),
            NodesText::ConflictNote => both(
                "같은 높이에서 서로 다른 블록을 말하는 노드가 있습니다. 증거 파일을 저장해 알려 주십시오.",
                "Some nodes name different blocks at the same height. Save the evidence and make it known.",
            ),
            NodesText::SaveEvidence => both("증거 파일 저장", "Save the evidence"),
            NodesText::ComparedAt => both("비교한 블록", "Compared at block"),
            NodesText::NoNodes => both(
                "신뢰 카드에 노드 주소가 없습니다.",
                "The trust card names no nodes.",
            ),
        }
    }
}
