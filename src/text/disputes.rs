//! Sentences about a promise that was not kept, and about why a file does not show that.

use super::faults::Fault;
use super::findings::of;
use super::{Both, DateTime, DoubtText, both};
use verifier_core::{BrokenPromise, CollectError, Contract, DisputeError, PromiseError};

/// What a dispute file shows.
#[derive(Clone, Copy, Debug)]
pub struct BrokenText<'a>(pub &'a BrokenPromise, pub &'a Contract);

impl From<BrokenText<'_>> for Both {
    fn from(BrokenText(broken, contract): BrokenText<'_>) -> Self {
        let (promised, due) = (DateTime::of(broken.time), DateTime::of(broken.deadline));
        let height = broken.header.0;
        of(contract, broken.municipality, |ko, en| {
            (
                format!(
                    "이의 제기 파일을 저장했습니다. 이 파일은 {ko}의 약속이 지켜지지 않았음을 보여 줍니다. {}에 약속했으나, 기한인 {}이 지난 블록 {height}까지 표가 기록되지 않았습니다.",
                    promised.korean(),
                    due.korean()
                ),
                format!(
                    "The dispute file is saved. It shows that {en} broke its promise: given at {}, due by {}, and after block {height} the ballot was still not recorded.",
                    promised.english(),
                    due.english()
                ),
            )
        })
    }
}

/// Why there is no dispute file.
#[derive(Clone, Copy, Debug)]
pub struct NoDispute<'a>(pub &'a CollectError, pub &'a Contract);

impl From<NoDispute<'_>> for Both {
    fn from(NoDispute(error, contract): NoDispute<'_>) -> Self {
        match error {
            CollectError::Doubt(doubt) => DoubtText(doubt).into(),
            CollectError::DoesNotHold(error) => DisputeReason(error, contract).into(),
        }
    }
}

/// Why a file shows no broken promise.
#[derive(Clone, Copy, Debug)]
pub struct DisputeReason<'a>(pub &'a DisputeError, pub &'a Contract);

impl From<DisputeReason<'_>> for Both {
    fn from(DisputeReason(error, contract): DisputeReason<'_>) -> Self {
        match error {
            DisputeError::OtherChain { .. } | DisputeError::OtherGenesis => both(
                "이 확인증은 다른 원장의 것입니다.",
                "This receipt belongs to another ledger.",
            ),
            DisputeError::OtherElection { .. } => both(
                "이 확인증은 다른 선거의 것입니다.",
                "This receipt belongs to another election.",
            ),
            DisputeError::Promise(error) => promise(error, contract),
            DisputeError::Commit { height, .. } => Both::new(
                format!("블록 {height}의 서명을 믿을 수 없습니다."),
                format!("The signatures on block {height} cannot be trusted."),
            ),
            DisputeError::NotTheCards { height } => Both::new(
                format!("블록 {height}이 신뢰 카드에 적힌 블록과 다릅니다."),
                format!("Block {height} is not the one that the trust card names."),
            ),
            DisputeError::Parent(_) => both(
                "두 블록이 서로 이어지지 않습니다.",
                "The two blocks do not follow one another.",
            ),
            DisputeError::TooEarly { deadline, .. } => {
                let due = DateTime::of(*deadline);
                Both::new(
                    format!("기록 기한인 {}이 아직 지나지 않았습니다.", due.korean()),
                    format!(
                        "The ballot is due by {}, which has not passed yet.",
                        due.english()
                    ),
                )
            }
            DisputeError::State(fault) => Fault(fault).into(),
            DisputeError::Spent { height, .. } => Both::new(
                format!(
                    "이 투표권은 블록 {height}에서 쓰였습니다. 그러므로 약속을 어긴 것이 아닙니다."
                ),
                format!("This voting right was used in block {height}, so no promise was broken."),
            ),
            DisputeError::Spoiled { .. } => both(
                "이 표는 투표자가 스스로 무효로 한 표입니다. 그러므로 약속을 어긴 것이 아닙니다.",
                "The voter has spoiled this ballot, so no promise was broken.",
            ),
            DisputeError::TrustCard(_) => both(
                "신뢰 카드의 검증인 명단을 쓸 수 없습니다.",
                "The trust card's list of validators cannot be used.",
            ),
        }
    }
}

/// Why a promise binds nobody.
pub(super) fn promise(error: &PromiseError, contract: &Contract) -> Both {
    match error {
        PromiseError::NotSigned { municipality } => of(contract, *municipality, |ko, en| {
            (
                format!("약속에 {ko}의 올바른 서명이 없습니다."),
                format!("The promise is not signed by {en}."),
            )
        }),
        PromiseError::AfterClosing { .. } => both(
            "투표가 끝난 뒤에 한 약속은 효력이 없습니다.",
            "A promise given after closing binds nobody.",
        ),
        PromiseError::BeforeItsTime { .. } => both(
            "약속의 기한이 약속한 시각보다 앞섭니다.",
            "The promise's deadline is earlier than the promise itself.",
        ),
        PromiseError::TooLate { .. } => both(
            "약속의 기한이 선거 규칙보다 늦습니다.",
            "The promise's deadline is later than the election's rules allow.",
        ),
    }
}
