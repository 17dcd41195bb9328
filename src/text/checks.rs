//! What each check asks, in a sentence that a voter understands.

use super::{Both, both};
use crate::state::row::RowOutcome;
use verifier_core::{CheckId, Verdict};

/// The name of a check, as a short statement that holds once it passed.
#[derive(Clone, Copy, Debug)]
pub struct CheckName(pub CheckId);

impl From<CheckName> for Both {
    fn from(CheckName(id): CheckName) -> Self {
        match id {
            CheckId::ReceiptForm => both("읽을 수 있는 확인증", "Readable receipt"),
            CheckId::ReceiptElection => both("이 선거의 확인증", "Receipt of this election"),
            CheckId::ReceiptPromise => {
                both("시·군이 서명한 약속", "Promise signed by a municipality")
            }
            CheckId::ReceiptHeader => both(
                "시·군들이 서명한 블록",
                "Block signed by the municipalities",
            ),
            CheckId::ReceiptBlocks => both("원본 그대로의 자료", "Blocks unaltered"),
            CheckId::ReceiptBallot => both("원장에 있는 내 표", "Your ballot on the ledger"),
            CheckId::ReceiptProof => both("올바르게 만들어진 표", "Well-made ballot"),
            CheckId::ReceiptAsset => both("한 번만 쓰인 투표권", "Voting right used once"),
            CheckId::ReceiptOutcome => both("유효표로 처리", "Accepted by the ledger"),
            CheckId::RecountHeaders => both(
                "처음부터 끝까지 이어지고 서명된 원장",
                "An unbroken, signed ledger",
            ),
            CheckId::RecountBlocks => {
                both("빠지거나 바뀌지 않은 블록", "Blocks complete and unaltered")
            }
            CheckId::RecountKeys => both(
                "선거 정의와 후보자 주소",
                "The contract and the candidates' addresses",
            ),
            CheckId::RecountRoll => both(
                "명부 이내의 투표권 발급",
                "No more rights than people on the roll",
            ),
            CheckId::RecountTurnout => both("명부 이내의 투표자 수", "Turnout within the roll"),
            CheckId::RecountOutcomes => both("모든 처리 결과의 재현", "Every outcome derived anew"),
            CheckId::RecountBallots => both(
                "모든 투표지의 서명과 증명",
                "Every ballot's signature and proof",
            ),
            CheckId::RecountAssets => {
                both("두 번 쓰이지 않은 투표권", "No voting right used twice")
            }
            CheckId::RecountBallotsTurnout => {
                both("투표자 수와 맞는 투표지 수", "Ballots match turnout")
            }
            CheckId::RecountSums => both("암호화된 합계", "The encrypted sums"),
            CheckId::RecountShares => both(
                "개표에 쓰인 열쇠 조각의 증명",
                "Every decryption share's proof",
            ),
            CheckId::RecountTotals => both("발표된 득표수", "The published totals"),
            CheckId::StateHeader => both(
                "시·군들이 서명한 블록",
                "Block signed by the municipalities",
            ),
            CheckId::StateValues => both("증명된 원장의 상태", "State of the ledger, proven"),
            CheckId::StateLists => both("빠짐없는 명단", "Lists complete and unaltered"),
            CheckId::StateRules => both("서로 어긋나지 않는 기록", "Records without contradiction"),
        }
    }
}

/// What a check looks at and why it matters.
#[derive(Clone, Copy, Debug)]
pub struct CheckMeaning(pub CheckId);

impl From<CheckMeaning> for Both {
    fn from(CheckMeaning(id): CheckMeaning) -> Self {
        match id {
            CheckId::ReceiptForm => both(
                "확인증에는 검사 부호가 있어, 한 글자라도 잘못 옮겨 적으면 바로 드러납니다.",
                "A receipt carries a check code, so that a single mistyped character shows at once.",
            ),
            CheckId::ReceiptElection => both(
                "확인증에 적힌 원장과 선거가 신뢰 카드의 것과 같은지 봅니다.",
                "The ledger and election named on the receipt must be those of the trust card.",
            ),
            CheckId::ReceiptPromise => both(
                "접수한 시·군이 이 표를 기한 안에 기록하겠다고 서명했습니다. 기록이 없으면 이 서명이 증거가 됩니다.",
                "The accepting municipality signed that it would record this ballot in time. If it did not, that signature is evidence.",
            ),
            CheckId::ReceiptHeader => both(
                "시·군들의 서명을 하나씩 확인하여, 3분의 2가 넘게 서명한 원장에 이 블록이 있는지 봅니다.",
                "Every signature is checked: the block must belong to a ledger that more than two thirds of the municipalities signed.",
            ),
            CheckId::ReceiptBlocks => both(
                "블록의 내용을 다시 계산하여, 노드가 무엇도 빼거나 바꾸지 않았는지 봅니다.",
                "The content of the blocks is hashed again, so that a node can neither drop nor alter anything.",
            ),
            CheckId::ReceiptBallot => both(
                "확인증의 추적 코드와 표시가 같은 표를 이 기기 안에서 찾습니다. 노드는 어느 표를 찾는지 모릅니다.",
                "The ballot with your code and mark is searched for on this device. The node does not learn which one it is.",
            ),
            CheckId::ReceiptProof => both(
                "서명과 증명을 계산하여, 한 후보에게 정확히 한 표를 주는 투표지인지 봅니다. 누구에게 주었는지는 알 수 없습니다.",
                "Signature and proof show that it gives exactly one vote to exactly one candidate. To whom, nobody can see.",
            ),
            CheckId::ReceiptAsset => both(
                "이 주소에 발급된 투표권이며, 이 표 전에 쓰인 적이 없는지 봅니다.",
                "The right must have been issued to this address and not have been spent before this ballot.",
            ),
            CheckId::ReceiptOutcome => both(
                "다음 블록에 서명된 처리 결과가 ‘유효’인지 봅니다.",
                "The outcome, signed with the next block, must say that the ballot took effect.",
            ),
            CheckId::RecountHeaders => both(
                "모든 블록이 앞 블록을 가리키고, 시·군 3분의 2가 넘게 서명했는지 봅니다.",
                "Every block must name the one before it and be signed by more than two thirds of the municipalities.",
            ),
            CheckId::RecountBlocks => both(
                "블록마다 담긴 거래가 서명된 지문과 같은지 봅니다.",
                "The transactions in every block must match the signed digest.",
            ),
            CheckId::RecountKeys => both(
                "선거 정의와 열쇠 생성 기록에서 후보자 주소를 다시 만들어 비교합니다.",
                "The candidates' addresses are rebuilt from the contract and the record of key generation.",
            ),
            CheckId::RecountRoll => both(
                "시·군마다 발급한 투표권이 선거인 명부의 인원을 넘지 않는지 봅니다.",
                "No municipality may have issued more voting rights than there are people on its roll.",
            ),
            CheckId::RecountTurnout => both(
                "투표소의 시간대별 투표자 수가 끊김 없이 이어지고 참관인이 서명했는지 봅니다.",
                "The hourly numbers of people checked in must be chained and countersigned by observers.",
            ),
            CheckId::RecountOutcomes => both(
                "거래 하나하나를 다시 판정하여 원장의 판정과 같은지 봅니다. 무효가 된 표도 이유와 함께 확인합니다.",
                "Every transaction is judged anew and must come out as the ledger says, refused ballots and their reasons included.",
            ),
            CheckId::RecountBallots => both(
                "집계된 투표지마다 서명과, 한 후보에게 정확히 한 표를 준다는 증명을 계산합니다.",
                "Each counted ballot's signature is checked, and its proof that it gives one candidate exactly one vote.",
            ),
            CheckId::RecountAssets => both(
                "같은 투표권으로 두 번 집계된 표가 없는지 봅니다.",
                "No two counted ballots may have used the same voting right.",
            ),
            CheckId::RecountBallotsTurnout => both(
                "시·군마다 투표지가 투표자보다 많지 않고, 모자라는 수가 허용 범위 안인지 봅니다.",
                "No municipality may have more ballots than voters, and the shortfall must be within what is tolerated.",
            ),
            CheckId::RecountSums => both(
                "집계된 표를 암호화된 채로 모두 더해, 개표에 쓰인 합계를 다시 만듭니다.",
                "All counted ballots are added up while still encrypted, which gives the sums that are opened.",
            ),
            CheckId::RecountShares => both(
                "합계를 여는 데 쓰인 시·군의 열쇠 조각마다 올바르다는 증명을 확인합니다.",
                "Each municipality's share in opening the sums must carry a valid proof.",
            ),
            CheckId::RecountTotals => both(
                "열린 합계가 발표된 득표수와 같은지 봅니다.",
                "The opened sums must equal the published totals.",
            ),
            CheckId::StateHeader => both(
                "시·군들의 서명을 하나씩 확인하여, 3분의 2가 넘게 서명한 블록에서 출발합니다.",
                "Every signature is checked: the answer hangs from a block that more than two thirds of the municipalities signed.",
            ),
            CheckId::StateValues => both(
                "물어본 값마다 그 블록 아래에 있다는 증명, 또는 없다는 증명을 계산합니다.",
                "For every value asked for, a proof is computed that it is under that block, or that it is not there.",
            ),
            CheckId::StateLists => both(
                "노드가 준 명단과 블록을 다시 계산하여, 무엇도 빼거나 더하지 않았는지 봅니다.",
                "Lists and blocks are hashed again, so that a node can neither drop nor add anything.",
            ),
            CheckId::StateRules => both(
                "기록끼리 맞는지, 명부의 인원을 넘지 않는지 봅니다.",
                "The records must fit each other and stay within the roll.",
            ),
        }
    }
}

/// What a check's number counts.
#[derive(Clone, Copy, Debug)]
pub struct CheckCount(pub CheckId, pub u64);

impl From<CheckCount> for Both {
    fn from(CheckCount(id, count): CheckCount) -> Self {
        let (ko, en) = match id {
            CheckId::RecountHeaders | CheckId::ReceiptHeader => ("블록 머리글", "headers"),
            CheckId::RecountBlocks | CheckId::ReceiptBlocks => ("거래", "transactions"),
            CheckId::RecountKeys => ("후보자 주소", "addresses"),
            CheckId::RecountRoll => ("투표권", "voting rights"),
            CheckId::RecountTurnout => ("투표자 수 기록", "turnout certificates"),
            CheckId::RecountOutcomes => ("거래", "transactions"),
            CheckId::RecountBallots | CheckId::RecountBallotsTurnout => ("투표지", "ballots"),
            CheckId::RecountAssets => ("투표권", "voting rights"),
            CheckId::RecountSums => ("집계 구역", "cells"),
            CheckId::RecountShares => ("열쇠 조각", "shares"),
            CheckId::RecountTotals => ("득표수", "totals"),
            CheckId::StateValues => ("증명", "proofs"),
            CheckId::StateLists => ("항목", "entries"),
            CheckId::ReceiptForm
            | CheckId::ReceiptElection
            | CheckId::ReceiptPromise
            | CheckId::ReceiptBallot
            | CheckId::ReceiptProof
            | CheckId::ReceiptAsset
            | CheckId::ReceiptOutcome
            | CheckId::StateHeader
            | CheckId::StateRules => ("건", "item"),
        };
        let number = grouped(count);
        Self::new(format!("{ko} {number}"), format!("{number} {en}"))
    }
}

/// A number with a comma between every three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A check's outcome in one word.
#[derive(Clone, Copy, Debug)]
pub struct OutcomeWord(pub RowOutcome);

impl From<OutcomeWord> for Both {
    fn from(OutcomeWord(outcome): OutcomeWord) -> Self {
        match outcome {
            RowOutcome::Passed => both("통과", "Passed"),
            RowOutcome::Failed => both("불일치", "Failed"),
            RowOutcome::Unknown => both("확인 못 함", "Not checked"),
        }
    }
}

/// The verdict of a recount, as its headline.
#[derive(Clone, Copy, Debug)]
pub struct RecountVerdict(pub Verdict);

impl From<RecountVerdict> for Both {
    fn from(RecountVerdict(verdict): RecountVerdict) -> Self {
        match verdict {
            Verdict::Accepted => both(
                "발표된 결과가 원장과 일치합니다",
                "The published result agrees with the ledger",
            ),
            Verdict::Rejected => both(
                "이 자료의 결과를 인정할 수 없습니다",
                "This result cannot be accepted",
            ),
            Verdict::Inconclusive => {
                both("끝까지 판단할 수 없습니다", "No conclusion can be drawn")
            }
        }
    }
}

/// What the verdict of a recount means.
#[derive(Clone, Copy, Debug)]
pub struct RecountMeaning(pub Verdict);

impl From<RecountMeaning> for Both {
    fn from(RecountMeaning(verdict): RecountMeaning) -> Self {
        match verdict {
            Verdict::Accepted => both(
                "아래의 모든 항목을 이 기기에서 다시 계산했고, 모두 맞았습니다.",
                "Every item below was recomputed on this device, and every one holds.",
            ),
            Verdict::Rejected => both(
                "시·군들이 서명한 자료 안에서 규칙에 어긋나는 것이 나왔습니다. 아래에 표시한 항목을 확인해 주십시오.",
                "Data that the municipalities signed breaks a rule. See the items marked below.",
            ),
            Verdict::Inconclusive => both(
                "자료가 없거나 늦거나 확인되지 않은 항목이 있습니다. 선거가 잘못되었다는 뜻은 아닙니다. 다른 노드에서 다시 시도해 주십시오.",
                "Something is missing, late or not authenticated. That says nothing against the election. Please try another node.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn groups_digits_by_three() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1000), "1,000");
        assert_eq!(grouped(4_744_241), "4,744,241");
    }
}
