//! Why a file does not prove that a ballot is on the ledger; and what is said of a file that was dropped on the page.

use super::disputes::{DisputeReason, promise};
use super::faults::Fault;
use super::findings::of;
use super::{Both, DateTime, DoubtText, ProvenText, both};
use crate::state::filed::Filed;
use verifier_core::{Contract, ProofCollectError, ReceiptProofError};

/// Why there is no proof.
#[derive(Clone, Copy, Debug)]
pub struct NoProof<'a>(pub &'a ProofCollectError, pub &'a Contract);

impl From<NoProof<'_>> for Both {
    fn from(NoProof(error, contract): NoProof<'_>) -> Self {
        match error {
            ProofCollectError::Doubt(doubt) => DoubtText(doubt).into(),
            ProofCollectError::ProvesNothing(error) => ProofReason(error, contract).into(),
        }
    }
}

/// Why a receipt with a proof proves nothing.
#[derive(Clone, Copy, Debug)]
pub struct ProofReason<'a>(pub &'a ReceiptProofError, pub &'a Contract);

impl From<ProofReason<'_>> for Both {
    fn from(ProofReason(error, contract): ProofReason<'_>) -> Self {
        match error {
            ReceiptProofError::OtherChain { .. } | ReceiptProofError::OtherGenesis => both(
                "이 확인증은 다른 원장의 것입니다.",
                "This receipt belongs to another ledger.",
            ),
            ReceiptProofError::OtherElection => both(
                "이 확인증은 다른 선거의 것입니다.",
                "This receipt belongs to another election.",
            ),
            ReceiptProofError::Promise(error) => promise(error, contract),
            ReceiptProofError::Commit { height, .. } => Both::new(
                format!("블록 {height}의 서명을 믿을 수 없습니다."),
                format!("The signatures on block {height} cannot be trusted."),
            ),
            ReceiptProofError::NotTheCards { height } => Both::new(
                format!("블록 {height}이 신뢰 카드에 적힌 블록과 다릅니다."),
                format!("Block {height} is not the one that the trust card names."),
            ),
            ReceiptProofError::AnchorTooLow { .. } => both(
                "증명의 기준 블록이 표의 블록보다 앞에 있습니다.",
                "The block that the proof rests on comes before the ballot's.",
            ),
            ReceiptProofError::AfterTheEnd { .. } => both(
                "증명의 기준 블록이 선거의 마지막 블록보다 뒤에 있습니다.",
                "The block that the proof rests on comes after the election's final block.",
            ),
            ReceiptProofError::Parent(_) => both(
                "두 블록이 서로 이어지지 않습니다.",
                "The two blocks do not follow one another.",
            ),
            ReceiptProofError::NotInBlock(_) => both(
                "표가 그 블록에 있다는 증명이 맞지 않습니다.",
                "The proof that the ballot is in its block does not hold.",
            ),
            ReceiptProofError::Transaction(_) | ReceiptProofError::OtherBallot => both(
                "담긴 표가 확인증의 표가 아닙니다.",
                "The ballot in it is not the receipt's.",
            ),
            ReceiptProofError::OtherHeight { named, found } => Both::new(
                format!("확인증에는 블록 {named}이라고 적혀 있으나, 표는 블록 {found}에 있습니다."),
                format!("The receipt names block {named}, but the ballot is in block {found}."),
            ),
            ReceiptProofError::NoEffect(_) | ReceiptProofError::OtherPosition => both(
                "원장이 이 표를 유효하게 처리했다는 증명이 맞지 않습니다.",
                "The proof that the ledger accepted the ballot does not hold.",
            ),
            ReceiptProofError::State(fault) => Fault(fault).into(),
            ReceiptProofError::NoKeys => both(
                "후보자의 열쇠가 상태에 없습니다.",
                "The candidates' keys are not in the state.",
            ),
            ReceiptProofError::Ballot(_) => both(
                "담긴 표의 서명이나 증명이 맞지 않습니다.",
                "The ballot's own signature or proof does not hold.",
            ),
            ReceiptProofError::NotIssued { asset } => Both::new(
                format!("투표권 {asset}은 이 표의 주소에 발급되지 않았습니다."),
                format!("Voting right {asset} was not issued to this ballot's address."),
            ),
            ReceiptProofError::NotSpent { asset } => Both::new(
                format!("투표권 {asset}이 이 표에 쓰였다는 기록이 없습니다."),
                format!("Nothing shows that voting right {asset} was used by this ballot."),
            ),
            ReceiptProofError::TrustCard(_) => both(
                "신뢰 카드의 검증인 명단을 쓸 수 없습니다.",
                "The trust card's list of validators cannot be used.",
            ),
        }
    }
}

/// What a file shows, in a headline.
#[derive(Clone, Copy, Debug)]
pub struct FiledHeadline<'a>(pub &'a Filed, pub &'a Contract);

impl From<FiledHeadline<'_>> for Both {
    fn from(FiledHeadline(filed, contract): FiledHeadline<'_>) -> Self {
        match filed {
            Filed::Proof(Ok(ballot)) if ballot.counted => both(
                "이 표는 기록되었고 집계되었습니다",
                "This ballot is recorded and counted",
            ),
            Filed::Proof(Ok(_)) => both("이 표는 기록되었습니다", "This ballot is recorded"),
            Filed::Proof(Err(_)) => both(
                "이 파일은 표가 기록되었음을 증명하지 못합니다",
                "This file does not prove that the ballot is recorded",
            ),
            Filed::Dispute(Ok(broken)) => of(contract, broken.municipality, |ko, en| {
                (
                    format!("{ko}의 약속이 지켜지지 않았습니다"),
                    format!("{en} broke its promise"),
                )
            }),
            Filed::Dispute(Err(_)) => both(
                "이 파일은 약속이 깨졌음을 보여 주지 못합니다",
                "This file shows no broken promise",
            ),
            Filed::Unreadable(..) => both("읽을 수 없는 파일입니다", "This file cannot be read"),
        }
    }
}

/// The same in a sentence.
#[derive(Clone, Copy, Debug)]
pub struct FiledMeaning<'a>(pub &'a Filed, pub &'a Contract);

impl From<FiledMeaning<'_>> for Both {
    fn from(FiledMeaning(filed, contract): FiledMeaning<'_>) -> Self {
        match filed {
            Filed::Proof(Ok(ballot)) => ProvenText(ballot).into(),
            Filed::Proof(Err(error)) => ProofReason(error, contract).into(),
            Filed::Dispute(Ok(broken)) => {
                let (promised, due) = (DateTime::of(broken.time), DateTime::of(broken.deadline));
                let height = broken.header.0;
                Both::new(
                    format!(
                        "{}에 {}까지 기록하겠다고 서명했으나, 기한이 지난 블록 {height} 뒤에도 이 표가 원장에 없습니다. 왜 그런지는 이 파일이 말해 주지 않습니다.",
                        promised.korean(),
                        due.korean()
                    ),
                    format!(
                        "At {} it signed that the ballot would be recorded by {}; after block {height} it was still not on the ledger. Why, this file does not say.",
                        promised.english(),
                        due.english()
                    ),
                )
            }
            Filed::Dispute(Err(error)) => DisputeReason(error, contract).into(),
            Filed::Unreadable(..) => both(
                "증명이 담긴 확인증도 이의 제기 파일도 아니거나, 내용이 바뀌었습니다.",
                "It is neither a receipt with its proof nor a dispute file, or it was altered.",
            ),
        }
    }
}
