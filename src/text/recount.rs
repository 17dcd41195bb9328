//! Sentences of the page that recounts an election.

use super::{Both, DateTime, both, grouped};
use crate::state::Doing;
use verifier_core::Seconds;

/// Parts of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecountText {
    Title,
    Lead,
    SourceTitle,
    FromNode,
    FromNodeHint,
    OtherAddress,
    FromFolder,
    FolderHint,
    ChooseFolder,
    NoFolder,
    Start,
    Running,
    Paused,
    Preparing,
    Pause,
    Resume,
    Cancel,
    Cancelled,
    Again,
    Blocks,
    Ballots,
    Rate,
    TimeLeft,
    Elapsed,
    PerSecond,
    Checks,
    Totals,
    TotalsNote,
    NoTotals,
    CountedBallots,
    Turnout,
    Ladder,
    LadderNote,
    LadderRunning,
    TurnoutNote,
    TurnoutScale,
    Municipality,
    Roll,
    Issued,
    CheckedIn,
    BallotsColumn,
    TurnoutColumn,
    TableView,
    Refused,
    RefusedNote,
    Code,
    Block,
    Asset,
    Reason,
    ClockJumps,
    ClockJumpsNote,
    Digest,
    DigestNote,
    SaveJson,
    SaveCsv,
    Print,
    NotSeen,
    Source,
    Range,
    Seoul,
    WorkerFailed,
    Workers,
    LineLost,
    KeptNote,
    Anew,
    StorageRefused,
    StorageFull,
    BadAddress,
}

impl From<RecountText> for Both {
    fn from(part: RecountText) -> Self {
        match part {
            RecountText::Title => both("전체 재검표", "Recount the election"),
            RecountText::Lead => both(
                "원장 전체를 받아 서명, 증명, 합계를 처음부터 다시 계산합니다. 노드의 말은 믿지 않습니다.",
                "Fetches the whole ledger and recomputes every signature, proof and sum. It takes no node's word.",
            ),
            RecountText::SourceTitle => both("어디에서 자료를 받습니까", "Where to get the data"),
            RecountText::FromNode => both("시·군의 노드", "A municipality's node"),
            RecountText::FromNodeHint => both(
                "어느 노드를 골라도 결과가 같아야 합니다.",
                "Every node must lead to the same result.",
            ),
            RecountText::OtherAddress => both("다른 노드 주소", "Another node's address"),
            RecountText::FromFolder => both("내려받은 폴더", "A downloaded folder"),
            RecountText::FolderHint => both(
                "원장을 내보낸 폴더를 고르거나 여기에 끌어다 놓아 주십시오.",
                "Choose a folder that holds an export of the ledger, or drop it here.",
            ),
            RecountText::ChooseFolder => both("폴더 고르기", "Choose a folder"),
            RecountText::NoFolder => both(
                "원장을 내보낸 폴더가 아닙니다. genesis.json과 blocks 폴더가 있어야 합니다.",
                "This is not an export of the ledger: it should hold genesis.json and a folder blocks.",
            ),
            RecountText::Start => both("재검표 시작", "Start the recount"),
            RecountText::Running => both("재검표를 하고 있습니다", "Recounting"),
            RecountText::Paused => both("멈추었습니다", "Paused"),
            RecountText::Preparing => both("자료를 확인하고 있습니다", "Looking at the data"),
            RecountText::Pause => both("잠시 멈춤", "Pause"),
            RecountText::Resume => both("계속하기", "Resume"),
            RecountText::Cancel => both("그만두기", "Cancel"),
            RecountText::Cancelled => both(
                "재검표를 그만두었습니다. 판정은 내리지 않았습니다.",
                "The recount was cancelled. No verdict was reached.",
            ),
            RecountText::Again => both("다시 하기", "Recount again"),
            RecountText::Blocks => both("블록", "Blocks"),
            RecountText::Ballots => both("투표지", "Ballots"),
            RecountText::Rate => both("속도", "Rate"),
            RecountText::TimeLeft => both("남은 시간", "Time left"),
            RecountText::Elapsed => both("걸린 시간", "Elapsed"),
            RecountText::PerSecond => both("장/초", "ballots/s"),
            RecountText::Checks => both("검증 항목", "What was verified"),
            RecountText::Totals => both("후보자별 득표", "Candidates' totals"),
            RecountText::TotalsNote => both(
                "원장의 암호화된 합계를 연 값입니다. 표 한 장을 따로 열지 않습니다.",
                "Opened from the encrypted sums. No single ballot is ever opened.",
            ),
            RecountText::NoTotals => both(
                "증명된 득표수가 없어 보여 드리지 않습니다.",
                "No totals are proven, so none are shown.",
            ),
            RecountText::CountedBallots => both("집계된 투표지", "Ballots counted"),
            RecountText::Turnout => both("시·군별 투표율", "Turnout by municipality"),
            RecountText::Ladder => both("네 가지 수의 순서", "Four numbers in order"),
            RecountText::LadderNote => both(
                "명부 ≥ 발급 ≥ 투표자 ≥ 투표지. 어느 시·군에서든 순서가 뒤집히면 재검표를 통과하지 못합니다.",
                "Roll ≥ rights issued ≥ turnout ≥ ballots. If any municipality breaks this order, the recount fails.",
            ),
            RecountText::LadderRunning => both(
                "투표 중에는 투표자 수가 늦게 알려져 투표지보다 적을 수 있습니다. 끝난 뒤에는 명부 ≥ 발급 ≥ 투표자 ≥ 투표지여야 합니다.",
                "While voting goes on, turnout is certified late and can be below the ballots. In the end, roll ≥ rights issued ≥ turnout ≥ ballots.",
            ),
            RecountText::TurnoutNote => both(
                "네모 하나가 시·군 하나이며, 대략 지도의 자리에 놓았습니다.",
                "One square is one municipality, placed roughly where it lies.",
            ),
            RecountText::TurnoutScale => both("투표율", "Turnout"),
            RecountText::Municipality => both("시·군", "Municipality"),
            RecountText::Roll => both("명부", "Roll"),
            RecountText::Issued => both("발급", "Issued"),
            RecountText::CheckedIn => both("투표자", "Checked in"),
            RecountText::BallotsColumn => both("투표지", "Ballots"),
            RecountText::TurnoutColumn => both("투표율", "Turnout"),
            RecountText::TableView => both("표로 보기", "As a table"),
            RecountText::Refused => both("무효로 처리된 표", "Refused ballots"),
            RecountText::RefusedNote => both(
                "원장이 무효로 처리했고, 이 화면도 같은 이유로 무효임을 확인했습니다.",
                "The ledger refused these, and this page confirms each reason.",
            ),
            RecountText::Code => both("추적 코드", "Tracking code"),
            RecountText::Block => both("블록", "Block"),
            RecountText::Asset => both("투표권", "Voting right"),
            RecountText::Reason => both("이유", "Reason"),
            RecountText::ClockJumps => both(
                "원장의 시계가 크게 움직인 곳",
                "Jumps of the ledger's clock",
            ),
            RecountText::ClockJumpsNote => both(
                "마감 무렵에 블록 사이의 시간이 60초를 넘은 곳입니다.",
                "Gaps of more than 60 seconds between blocks near closing.",
            ),
            RecountText::Digest => both("보고서 지문", "Digest of the report"),
            RecountText::DigestNote => both(
                "누가 어떤 프로그램으로 다시 세어도 같은 지문이 나와야 합니다.",
                "Whoever recounts, with whatever program, must arrive at this digest.",
            ),
            RecountText::SaveJson => both("JSON 저장", "Save as JSON"),
            RecountText::SaveCsv => both("CSV 저장", "Save as CSV"),
            RecountText::Print => both("인쇄", "Print"),
            RecountText::NotSeen => both(
                "명부 담당자와 참관인이 함께 속인 것은 재검표만으로 드러나지 않습니다.",
                "A registrar in collusion with its observers is not seen by the recount alone.",
            ),
            RecountText::Source => both("자료 출처", "Source"),
            RecountText::Range => both("살펴본 블록", "Blocks looked at"),
            RecountText::Seoul => both("서울", "Seoul"),
            RecountText::WorkerFailed => both(
                "검증 작업이 도중에 멈추었습니다. 다시 시도해 주십시오.",
                "The verification stopped unexpectedly. Please try again.",
            ),
            RecountText::Workers => both("검증 작업", "What works on it"),
            RecountText::LineLost => both(
                "연결이 끊겼습니다. 다시 이어질 때까지 계속 시도합니다. 지금까지 검증한 것은 그대로입니다.",
                "The connection is lost. It is tried again until it is back; what was verified so far stays.",
            ),
            RecountText::KeptNote => both(
                "그 뒤의 블록만 새로 검증합니다. 이 브라우저에 남은 기록을 믿지 않는다면 처음부터 다시 세어 주십시오.",
                "Only the blocks after them are verified now. If you do not trust what this browser kept, start anew.",
            ),
            RecountText::Anew => both("처음부터 다시", "Start anew"),
            RecountText::StorageRefused => both(
                "이 브라우저가 저장을 허용하지 않거나 다른 탭에서 세고 있습니다. 이 화면을 닫으면 처음부터 다시 해야 합니다.",
                "This browser keeps nothing for this page, or another tab is recounting. If you close this page, it begins again from the start.",
            ),
            RecountText::StorageFull => both(
                "저장할 자리가 없습니다. 재검표는 계속하지만, 이 화면을 닫으면 여기부터는 다시 해야 합니다.",
                "There is no room to keep the progress. The recount goes on, but if you close this page, it begins again from here.",
            ),
            RecountText::BadAddress => both(
                "노드 주소를 http:// 또는 https:// 로 시작하게 적어 주십시오.",
                "Please enter a node's address that begins with http:// or https://.",
            ),
        }
    }
}

/// A span of time, in seconds, as people say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub u64);

impl From<Span> for Both {
    fn from(Span(seconds): Span) -> Self {
        let (minutes, rest) = (seconds / 60, seconds % 60);
        if minutes == 0 {
            Self::new(format!("{rest}초"), format!("{rest} s"))
        } else {
            Self::new(
                format!("{}분 {rest}초", grouped(minutes)),
                format!("{} min {rest} s", grouped(minutes)),
            )
        }
    }
}

/// What a worker does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoingText(pub Doing);

impl From<DoingText> for Both {
    fn from(DoingText(doing): DoingText) -> Self {
        match doing {
            Doing::Gone => both("멈추어서 다시 시작합니다", "stopped; is started again"),
            Doing::Starting => both("준비 중", "is being started"),
            Doing::Waiting => both("기다리는 중", "waits"),
            Doing::Fetching { first, last } => {
                let blocks = blocks(first, last);
                Self::new(
                    format!("블록 {blocks} 받는 중"),
                    format!("fetches blocks {blocks}"),
                )
            }
            Doing::Checking { first, last } => {
                let blocks = blocks(first, last);
                Self::new(
                    format!("블록 {blocks} 검증 중"),
                    format!("verifies blocks {blocks}"),
                )
            }
        }
    }
}

fn blocks(first: u64, last: u64) -> String {
    format!("{}–{}", grouped(first), grouped(last))
}

/// Ballots that an earlier visit checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckedEarlier {
    pub ballots: u64,
    pub at: Seconds,
}

impl From<CheckedEarlier> for Both {
    fn from(CheckedEarlier { ballots, at }: CheckedEarlier) -> Self {
        let (ballots, time) = (grouped(ballots), DateTime::of(at));
        Self::new(
            format!(
                "이 브라우저에서 이미 검증한 투표지: {ballots}장 ({})",
                time.korean()
            ),
            format!(
                "Checked earlier in this browser: {ballots} ballots, on {}",
                time.english()
            ),
        )
    }
}
