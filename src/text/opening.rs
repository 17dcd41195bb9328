//! Sentences about a challenged ballot on a second device.

use super::{Both, both};
use crate::state::opening::SpoilStanding;
use verifier_core::OpeningError;

/// Parts of what is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpeningText {
    Reading,
    Encrypted,
    Compare,
    CompareCode,
    CompareChoice,
    Never,
    Faulty,
    FaultyNext,
    Again,
}

impl From<OpeningText> for Both {
    fn from(part: OpeningText) -> Self {
        match part {
            OpeningText::Reading => both(
                "후보의 열쇠를 원장에서 다시 계산하고 있습니다",
                "Rebuilding the candidates' keys from the ledger",
            ),
            OpeningText::Encrypted => both(
                "기기가 암호화한 후보",
                "The device encrypted this candidate",
            ),
            OpeningText::Compare => both("직접 비교해 주십시오", "Compare these yourself"),
            OpeningText::CompareCode => both(
                "기기가 시험 전에 보여 준 추적 코드가 아래와 같아야 합니다. 다르면 기기가 다른 표를 공개한 것입니다.",
                "The tracking code that the device showed before you tested it must be the one below. If it is not, the device revealed another ballot.",
            ),
            OpeningText::CompareChoice => both(
                "위의 후보가 선택하신 후보와 달라도, 추적 코드가 같다면 기기가 표를 바꾼 것입니다. 바로 투표소 직원과 참관인에게 알려 주십시오.",
                "If the candidate above is not the one that you chose, and the code is the same, the device changes votes. Tell the staff and the observers at once.",
            ),
            OpeningText::Never => both("이 표를 셀 수 있습니까?", "Can this ballot be counted?"),
            OpeningText::Faulty => both(
                "공개된 내용이 표와 맞지 않습니다",
                "What was revealed fits no ballot",
            ),
            OpeningText::FaultyNext => both(
                "기기가 거짓을 공개했을 수 있습니다. 글자를 빠짐없이 옮겼는데도 그렇다면 투표소 직원과 참관인에게 알려 주십시오.",
                "The device may have lied. If you copied all of it, tell the staff and the observers.",
            ),
            OpeningText::Again => both("다른 것 확인하기", "Check something else"),
        }
    }
}

/// Whether the ledger says that it can never be cast.
#[derive(Clone, Copy, Debug)]
pub struct SpoilText(pub SpoilStanding);

impl From<SpoilText> for Both {
    fn from(SpoilText(standing): SpoilText) -> Self {
        match standing {
            SpoilStanding::Looking => both("원장에서 찾고 있습니다.", "Looking on the ledger."),
            SpoilStanding::Recorded => both(
                "아니요. 시험한 표라고 원장에 기록되어 있어 절대 세지 않습니다.",
                "No. The ledger holds it as tested: it can never be counted.",
            ),
            SpoilStanding::Absent => both(
                "시험한 표라고 아직 원장에 기록되지 않았습니다. 조금 뒤에 다시 확인해 주십시오.",
                "The ledger does not hold it as tested yet. Please check again in a moment.",
            ),
            SpoilStanding::Unknown => both(
                "원장을 확인하지 못해 답할 수 없습니다.",
                "The ledger could not be verified, so there is no answer.",
            ),
        }
    }
}

/// Why a text opens no ballot.
#[derive(Clone, Copy, Debug)]
pub struct OpeningTrouble<'a>(pub &'a OpeningError);

impl From<OpeningTrouble<'_>> for Both {
    fn from(OpeningTrouble(error): OpeningTrouble<'_>) -> Self {
        match error {
            OpeningError::Empty | OpeningError::Prefix => both(
                "공개된 표의 글자가 아닙니다. CHO1- 로 시작합니다.",
                "This is not a revealed ballot, which begins with CHO1-.",
            ),
            OpeningError::TooLong => both(
                "공개된 표라고 하기에는 너무 깁니다.",
                "This is too long to be a revealed ballot.",
            ),
            OpeningError::Alphabet | OpeningError::CheckCode => both(
                "글자가 잘못되었거나 빠졌습니다. 처음부터 끝까지 다시 옮기거나 QR 코드를 읽어 주십시오.",
                "A character is wrong or missing. Please copy all of it again, or scan its QR code.",
            ),
            OpeningError::Encoding(_) => both(
                "이 화면이 알지 못하는 형식입니다.",
                "It has a form that this page does not know.",
            ),
            OpeningError::WrongElection { .. } => both(
                "다른 선거에서 공개된 표입니다.",
                "This ballot was revealed in another election.",
            ),
            OpeningError::UnknownCandidate { .. }
            | OpeningError::WrongShape { .. }
            | OpeningError::UnprintableMark { .. }
            | OpeningError::InvalidElement { .. } => both(
                "이 선거의 표가 가질 수 없는 값이 들어 있습니다.",
                "It holds values that no ballot of this election can have.",
            ),
            OpeningError::OpensNothing => both(
                "공개된 후보와 난수로는 올바른 표가 만들어지지 않습니다.",
                "The candidate and randomness that were revealed do not make a valid ballot.",
            ),
        }
    }
}
