//! Sentences of the page that asks about a voting right.

use super::{Both, DateTime, both, grouped};
use crate::state::rights::{AskFault, Asked};
use verifier_core::StateAnswer;

use super::faults::ReceiptTrouble;

/// Parts of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RightsText {
    Title,
    Lead,
    UsedQuestion,
    UsedHow,
    NameQuestion,
    NameHow,
    Label,
    Hint,
    Example,
    Drop,
    Action,
    Again,
    Running,
    HoldsAt,
    Municipality,
    Right,
    Batch,
    Record,
    UsedBy,
    UsedIn,
    RightsIssued,
    Entry,
    YourCode,
    LimitTitle,
    LimitName,
    LimitSlip,
    LimitUsed,
    PrivacyNote,
    Contradiction,
    InconclusiveText,
}

impl From<RightsText> for Both {
    fn from(part: RightsText) -> Self {
        match part {
            RightsText::Title => both("투표권 확인", "My voting right"),
            RightsText::Lead => both(
                "내 투표권이 쓰였는지, 내 이름으로 투표권이 나갔는지 원장의 증명으로 확인합니다.",
                "See from the ledger's own proofs whether your voting right was used, and whether one was issued in your name.",
            ),
            RightsText::UsedQuestion => {
                both("내 투표권이 쓰였습니까?", "Was my voting right used?")
            }
            RightsText::UsedHow => both(
                "확인증(CHG1-…) 또는 투표권 번호를 넣으시면, 쓰이지 않았는지 또는 어느 표에 쓰였는지 답합니다.",
                "Enter a receipt (CHG1-…) or the number of the right: it is either unused, or used by one ballot that is named.",
            ),
            RightsText::NameQuestion => both(
                "누가 내 이름으로 투표했습니까?",
                "Did anybody vote in my name?",
            ),
            RightsText::NameHow => both(
                "투표권을 신청하지 않으셨다면 명부 담당자가 준 명부 확인표(CHN1-…)를 넣어 주십시오. 발급된 모든 투표권 가운데 내 것이 있는지 찾습니다.",
                "If you never asked for a right, enter the roll slip (CHN1-…) that your registrar gave you. It is looked for among all rights issued.",
            ),
            RightsText::Label => both(
                "확인증, 명부 확인표 또는 투표권 번호",
                "Receipt, roll slip or number of a right",
            ),
            RightsText::Hint => both(
                "투표권 번호는 시·군-묶음-순서입니다. 예: 3-0-12. 순서 대신 투표 주소(64자)를 쓰셔도 됩니다.",
                "The number of a right is municipality-batch-position, as in 3-0-12. Instead of the position you can give the voter address (64 digits).",
            ),
            RightsText::Example => both("CHG1-… / CHN1-… / 3-0-12", "CHG1-… / CHN1-… / 3-0-12"),
            RightsText::Drop => both(
                "QR 코드 사진이나 파일을 여기에 끌어다 놓으셔도 됩니다.",
                "You can also drop a photo of the QR code or a file here.",
            ),
            RightsText::Action => both("확인하기", "Check"),
            RightsText::Again => both("다른 것 확인하기", "Check something else"),
            RightsText::Running => both("확인하고 있습니다", "Checking"),
            RightsText::HoldsAt => both("이 답이 맞는 시점", "True as of"),
            RightsText::Municipality => both("시·군", "Municipality"),
            RightsText::Right => both("투표권 번호", "Voting right"),
            RightsText::Batch => both("발급 묶음", "Batch"),
            RightsText::Record => both("익명 발급 기록", "Record of blind issuances"),
            RightsText::UsedBy => both("쓰인 표의 추적 코드", "Used by the ballot"),
            RightsText::UsedIn => both("쓰인 블록", "In block"),
            RightsText::RightsIssued => both("찾아본 투표권", "Rights looked through"),
            RightsText::Entry => both("명부 항목", "Entry on the roll"),
            RightsText::YourCode => both("확인증의 추적 코드", "Tracking code on the receipt"),
            RightsText::LimitTitle => both("이 답의 범위", "What this answer covers"),
            RightsText::LimitName => both(
                "이 시·군이 발급한 투표권은 여기서 찾아본 것이 전부이며, 그중 이 명부 확인표로 나간 것이 없음을 증명합니다.",
                "It proves that these are all the rights that the municipality has issued, and that none of them was issued against this roll slip.",
            ),
            RightsText::LimitSlip => both(
                "명부 담당자가 다른 확인표나 꾸며낸 이름으로 발급했는지는 알 수 없습니다. 그것은 참관인이 명부와 대조할 때 드러납니다.",
                "It cannot show a right that the registrar issued against another slip or an invented name. Observers find that by comparing all rights with the roll.",
            ),
            RightsText::LimitUsed => both(
                "표에 무엇이 적혔는지, 누구의 투표권인지는 원장에 없으며 여기서도 알 수 없습니다.",
                "What the ballot says and whose right it is are not on the ledger, and cannot be learnt here.",
            ),
            RightsText::PrivacyNote => both(
                "노드에는 시·군과 묶음의 번호만 묻습니다. 어느 투표권, 누구의 이름을 찾는지는 이 기기 밖으로 나가지 않습니다.",
                "Nodes are asked for a municipality and a batch only. Which right or whose name you look for never leaves this device.",
            ),
            RightsText::Contradiction => both(
                "원장의 기록이 서로 어긋납니다",
                "The ledger's records contradict each other",
            ),
            RightsText::InconclusiveText => both(
                "확인하지 못한 것이 있어 답을 드리지 않습니다. 다른 노드에서 다시 확인해 주십시오.",
                "Something could not be verified, so no answer is given. Please try again with another node.",
            ),
        }
    }
}

impl From<&AskFault> for Both {
    fn from(fault: &AskFault) -> Self {
        match fault {
            AskFault::Empty => both(
                "확인증이나 명부 확인표, 투표권 번호 가운데 하나를 넣어 주십시오.",
                "Please enter a receipt, a roll slip or the number of a voting right.",
            ),
            AskFault::Unreadable => both(
                "확인증(CHG1-…)도, 명부 확인표(CHN1-…)도, 투표권 번호(예: 3-0-12)도 아닙니다.",
                "This is neither a receipt (CHG1-…), nor a roll slip (CHN1-…), nor the number of a right (as in 3-0-12).",
            ),
            AskFault::Receipt(error) => ReceiptTrouble(error).into(),
            AskFault::Slip(_) => both(
                "명부 확인표의 글자가 잘못되었거나 빠졌습니다. 처음부터 끝까지 다시 옮기거나 QR 코드를 읽어 주십시오.",
                "A character of the roll slip is wrong or missing. Please copy all of it again, or scan its QR code.",
            ),
            AskFault::Elsewhere => both(
                "이 선거의 것이 아닙니다. 다른 선거나 다른 원장의 확인증 또는 명부 확인표입니다.",
                "This is of another election or another ledger.",
            ),
            AskFault::NoMunicipality {
                municipality,
                count,
            } => {
                let last = count.saturating_sub(1);
                Self::new(
                    format!(
                        "{municipality}번 시·군은 없습니다. 이 선거의 시·군은 0번부터 {last}번까지입니다."
                    ),
                    format!(
                        "There is no municipality {municipality}: this election has numbers 0 to {last}."
                    ),
                )
            }
        }
    }
}

/// An answer in one sentence; without one, that there is none.
#[derive(Clone, Copy, Debug)]
pub struct AnswerHeadline<'a>(pub &'a Asked, pub &'a StateAnswer);

impl From<AnswerHeadline<'_>> for Both {
    fn from(AnswerHeadline(asked, answer): AnswerHeadline<'_>) -> Self {
        match (answer, asked) {
            (StateAnswer::Unspent { .. }, _) => both(
                "이 투표권은 쓰이지 않았습니다",
                "This voting right has not been used",
            ),
            (StateAnswer::SpentBy { code, .. }, Asked::Receipt { code: own, .. })
                if code == own =>
            {
                both(
                    "이 투표권은 확인증의 표에 쓰였습니다",
                    "This voting right was used by the receipt's ballot",
                )
            }
            (StateAnswer::SpentBy { .. }, Asked::Receipt { .. }) => both(
                "이 투표권은 확인증과 다른 표에 쓰였습니다",
                "This voting right was used by another ballot than the receipt's",
            ),
            (StateAnswer::SpentBy { .. }, _) => {
                both("이 투표권은 쓰였습니다", "This voting right was used")
            }
            (StateAnswer::NoSuchRight, _) => both(
                "그런 투표권은 발급되지 않았습니다",
                "No such voting right was issued",
            ),
            (StateAnswer::NameOnList { .. } | StateAnswer::NameRecorded { .. }, _) => both(
                "이 명부 확인표로 투표권이 발급되었습니다",
                "A voting right was issued against this roll slip",
            ),
            (StateAnswer::NameNotOnList { .. }, _) => both(
                "이 명부 확인표로 발급된 투표권은 없습니다",
                "No voting right was issued against this roll slip",
            ),
            (
                StateAnswer::Numbers(_)
                | StateAnswer::Spoiled { .. }
                | StateAnswer::NotSpoiled { .. },
                _,
            ) => both("확인했습니다", "Checked"),
        }
    }
}

/// What an answer means for whoever asked, and what to do.
#[derive(Clone, Copy, Debug)]
pub struct AnswerMeaning<'a>(pub &'a Asked, pub &'a StateAnswer);

impl From<AnswerMeaning<'_>> for Both {
    fn from(AnswerMeaning(asked, answer): AnswerMeaning<'_>) -> Self {
        match (answer, asked) {
            (StateAnswer::Unspent { .. }, Asked::Receipt { .. }) => both(
                "확인증의 표가 아직 기록되지 않았거나 무효로 처리되었습니다. ‘내 표 확인’에서 확인증을 살펴봐 주십시오.",
                "The receipt's ballot is not recorded yet, or was refused. Please check the receipt on the page “Check my ballot”.",
            ),
            (StateAnswer::Unspent { .. }, _) => both(
                "투표하지 않으셨다면 선거가 끝날 때까지 이대로여야 합니다.",
                "If you did not vote, it must stay so until the election is over.",
            ),
            (StateAnswer::SpentBy { code, .. }, Asked::Receipt { code: own, .. })
                if code == own =>
            {
                both(
                    "다른 누구도 이 투표권을 다시 쓸 수 없습니다.",
                    "Nobody can use this right again.",
                )
            }
            (StateAnswer::SpentBy { .. }, Asked::Receipt { .. }) => both(
                "같은 투표 주소가 서명한 다른 표가 먼저 기록되었습니다. 그 표를 보내신 적이 없다면 투표소나 시·군에 알려 주십시오.",
                "Another ballot, signed by the same address, was recorded first. If you did not send it, tell your polling station or municipality.",
            ),
            (StateAnswer::SpentBy { .. }, _) => both(
                "투표하신 적이 없다면 이 화면을 저장해 투표소나 시·군에 알려 주십시오.",
                "If you did not vote, keep this page and tell your polling station or municipality.",
            ),
            (StateAnswer::NoSuchRight, _) => both(
                "번호나 주소를 다시 확인해 주십시오. 발급되지 않은 투표권은 쓰일 수도 없습니다.",
                "Please check the number or address. A right that was not issued cannot be used either.",
            ),
            (StateAnswer::NameOnList { .. } | StateAnswer::NameRecorded { .. }, _) => both(
                "투표권을 신청하셨다면 당연한 일입니다. 신청하신 적이 없다면 이 화면을 저장해 시·군과 참관인에게 알려 주십시오.",
                "That is as it should be if you asked for one. If you never did, keep this page and tell the municipality and its observers.",
            ),
            (StateAnswer::NameNotOnList { .. }, _) => both(
                "이 명부 확인표로는 아무도 투표할 수 없습니다.",
                "Nobody can vote against this roll slip.",
            ),
            (
                StateAnswer::Numbers(_)
                | StateAnswer::Spoiled { .. }
                | StateAnswer::NotSpoiled { .. },
                _,
            ) => both("", ""),
        }
    }
}

/// When an answer holds: after which block, and when the next one was signed.
pub fn holds_at(height: u64, time: u64) -> Both {
    let (block, time) = (grouped(height.saturating_sub(1)), DateTime::of(time));
    Both::new(
        format!("블록 {block}까지 ({})", time.korean()),
        format!("block {block} ({})", time.english()),
    )
}
