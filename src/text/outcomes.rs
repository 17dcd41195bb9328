//! Why the ledger refused something, and where a ballot stands.

use super::{Both, both};
use verifier_core::{Outcome, Standing};

/// The public reason of an outcome.
#[derive(Clone, Copy, Debug)]
pub struct OutcomeReason(pub Outcome);

impl From<OutcomeReason> for Both {
    fn from(OutcomeReason(outcome): OutcomeReason) -> Self {
        match outcome {
            Outcome::Ok => both("유효", "it took effect"),
            Outcome::Malformed => both("형식에 맞지 않는 자료", "not a transaction"),
            Outcome::WrongElection => both("다른 선거의 표", "it names another election"),
            Outcome::InvalidSignature => both("서명이 올바르지 않음", "a signature does not hold"),
            Outcome::OutsideWindow => both("정해진 시간 밖에 접수", "it came outside its time"),
            Outcome::NotDefined => both(
                "선거가 아직 등록되지 않음",
                "the election was not defined yet",
            ),
            Outcome::Repeated => both("같은 내용이 이미 있음", "it had taken effect before"),
            Outcome::UnknownMunicipality => {
                both("알 수 없는 시·군", "it names an unknown municipality")
            }
            Outcome::NotApproved => both("필요한 승인이 모자람", "too few municipalities approved"),
            Outcome::InvalidBatch => both("발급 묶음이 올바르지 않음", "the batch is not valid"),
            Outcome::ExceedsRoll => both(
                "명부보다 많은 투표권",
                "more voting rights than people on the roll",
            ),
            Outcome::WrongAttempt => both("다른 열쇠로 만든 자료", "it belongs to other keys"),
            Outcome::WrongShape => both("구성이 맞지 않음", "it has the wrong number of parts"),
            Outcome::InvalidElement => both("허용되지 않는 값", "a value in it is not allowed"),
            Outcome::InvalidProof => both("증명이 맞지 않음", "its proof does not hold"),
            Outcome::Unfounded => both("근거 없는 이의", "the complaint is unfounded"),
            Outcome::KeysIncomplete => both(
                "후보자 열쇠가 준비되지 않음",
                "the candidates' keys were not complete",
            ),
            Outcome::NotIssued => both(
                "이 주소에 발급되지 않은 투표권",
                "the voting right was not issued to this address",
            ),
            Outcome::AssetSpent => both("이미 쓰인 투표권", "the voting right was used before"),
            Outcome::BrokenChain => both(
                "앞 기록과 이어지지 않는 투표자 수",
                "turnout is not chained to the one before",
            ),
            Outcome::ExceedsTurnout => both("명부보다 많은 투표자", "more people than on the roll"),
            Outcome::NotClosed => both("집계 마감 전", "the sums were not closed yet"),
            Outcome::Spoiled => both(
                "투표자가 확인용으로 열어 본 표",
                "its voter had challenged it, so that it can never count",
            ),
            Outcome::NoClaims => both(
                "익명 수령을 하지 않는 선거",
                "no rights are claimed in this election",
            ),
            Outcome::ExceedsIssuances => both(
                "내준 것보다 많은 투표권 수령",
                "more rights claimed than were given",
            ),
        }
    }
}

/// Where a ballot stands, as the headline of a check.
#[derive(Clone, Copy, Debug)]
pub struct StandingHeadline(pub Standing);

impl From<StandingHeadline> for Both {
    fn from(StandingHeadline(standing): StandingHeadline) -> Self {
        match standing {
            Standing::Recorded { .. } => {
                both("내 표가 원장에 기록되었습니다", "Your ballot is recorded")
            }
            Standing::Counted { .. } => both("내 표가 집계되었습니다", "Your ballot was counted"),
            Standing::Refused { .. } => {
                both("내 표가 무효로 처리되었습니다", "Your ballot was refused")
            }
            Standing::Superseded { .. } => both(
                "같은 투표권의 다른 표가 집계되었습니다",
                "Another ballot signed by your address was counted",
            ),
            Standing::Missing => both("내 표가 원장에 없습니다", "Your ballot is missing"),
            Standing::NotYet => both(
                "아직 기록되지 않았습니다",
                "Your ballot is not recorded yet",
            ),
        }
    }
}

/// What that standing means for the voter.
#[derive(Clone, Copy, Debug)]
pub struct StandingMeaning(pub Standing);

impl From<StandingMeaning> for Both {
    fn from(StandingMeaning(standing): StandingMeaning) -> Self {
        match standing {
            Standing::Recorded { height } => Both::new(
                format!(
                    "블록 {height}에 바뀌지 않고 실려 있습니다. 집계에 들어갔는지는 선거가 끝난 뒤에 다시 확인하실 수 있습니다."
                ),
                format!(
                    "It stands unchanged in block {height}. Whether it was counted can be checked again once the election is over."
                ),
            ),
            Standing::Counted { height } => Both::new(
                format!(
                    "블록 {height}에 바뀌지 않고 실려 있으며, 선거의 마지막 블록에 이어지는 집계에 들어갔습니다."
                ),
                format!(
                    "It stands unchanged in block {height}, and the count that ends in the election's final block includes it."
                ),
            ),
            Standing::Refused { height, outcome } => Both::new(
                format!(
                    "블록 {height}에 있으나 집계되지 않았습니다. 이유: {}",
                    Both::from(OutcomeReason(outcome)).ko
                ),
                format!(
                    "It is in block {height} but was not counted: {}.",
                    Both::from(OutcomeReason(outcome)).en
                ),
            ),
            Standing::Superseded { height, .. } => Both::new(
                format!(
                    "블록 {height}에 있는 다른 표가 먼저 집계되었습니다. 그 표를 보내지 않으셨다면 투표 기기나 열쇠를 의심하고 선거 관리자에게 알려 주십시오."
                ),
                format!(
                    "A different ballot, in block {height}, was counted first. If you did not send it, suspect the device or key and tell the election's officers."
                ),
            ),
            Standing::Missing => both(
                "시·군이 기록을 약속하고 서명했으나 기한이 지나도록 기록되지 않았습니다. 아래의 이의 제기 파일을 저장해 제출해 주십시오.",
                "A municipality signed a promise to record it, and the deadline has passed. Save the dispute file below and hand it in.",
            ),
            Standing::NotYet => both(
                "기록 기한이 아직 지나지 않았습니다. 잠시 뒤에 다시 확인해 주십시오.",
                "Its deadline has not passed. Please check again later.",
            ),
        }
    }
}
