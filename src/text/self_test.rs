//! Sentences of the self-test.

use super::{Both, both};
use recount_worker::CaseName;

/// Parts of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelfTestText {
    Title,
    Lead,
    Receipts,
    Elections,
    ElectionsWhere,
    Running,
    Passed,
    Failed,
    FailedNext,
    Case,
    Expected,
    Actual,
    Result,
    Accept,
    Refuse,
    Right,
    Wrong,
    BuildTitle,
    BuildDigest,
    BuildMatches,
    BuildDiffers,
    BuildUnknown,
    BuildHow,
    Files,
}

impl From<SelfTestText> for Both {
    fn from(part: SelfTestText) -> Self {
        match part {
            SelfTestText::Title => both("자체 점검", "Self-test"),
            SelfTestText::Lead => both(
                "이 화면은 열릴 때마다 가짜 확인증을, 다시 세기 전에는 가짜 선거를 스스로 확인해 봅니다. 하나라도 통과시키면 아무것도 확인하지 않습니다.",
                "Each time it opens, this page checks forged receipts, and before a recount forged elections. If one passes, it refuses to verify anything.",
            ),
            SelfTestText::Receipts => both("확인증", "Receipts"),
            SelfTestText::Elections => both("선거 다시 세기", "Recounting elections"),
            SelfTestText::ElectionsWhere => both(
                "다시 세는 프로그램은 따로 있어, 지금 그 프로그램으로 점검합니다.",
                "A recount is done by a program of its own, which is the one tested here.",
            ),
            SelfTestText::Running => both("점검하고 있습니다", "Testing"),
            SelfTestText::Passed => {
                both("모든 가짜를 가려냈습니다", "Every forgery was recognised")
            }
            SelfTestText::Failed => both("점검을 통과하지 못했습니다", "The self-test failed"),
            SelfTestText::FailedNext => both(
                "이 프로그램은 쓰지 마시고, 다른 기기나 다른 사본으로 확인해 주십시오.",
                "Do not use this program. Try another device or another copy.",
            ),
            SelfTestText::Case => both("점검 항목", "Case"),
            SelfTestText::Expected => both("바른 답", "Right answer"),
            SelfTestText::Actual => both("이 화면의 답", "This page's answer"),
            SelfTestText::Result => both("결과", "Result"),
            SelfTestText::Accept => both("인정", "Accept"),
            SelfTestText::Refuse => both("인정하지 않음", "Do not accept"),
            SelfTestText::Right => both("맞음", "Right"),
            SelfTestText::Wrong => both("틀림", "Wrong"),
            SelfTestText::BuildTitle => both("이 프로그램의 지문", "The digest of this program"),
            SelfTestText::BuildDigest => both("지문", "Digest"),
            SelfTestText::BuildMatches => both(
                "받은 파일이 모두 목록과 같습니다.",
                "Every file received matches the list.",
            ),
            SelfTestText::BuildDiffers => both(
                "받은 파일이 목록과 다릅니다. 누군가 바꾸었을 수 있습니다.",
                "The files received do not match the list. Somebody may have altered them.",
            ),
            SelfTestText::BuildUnknown => both(
                "파일 목록(build.txt)을 읽지 못해 지문을 계산할 수 없습니다.",
                "The list of files (build.txt) could not be read, so there is no digest.",
            ),
            SelfTestText::BuildHow => both(
                "누구나 공개된 소스에서 같은 프로그램을 만들어 sha256sum build.txt 의 값과 비교할 수 있습니다. 거짓말하는 화면은 지문도 거짓으로 보일 수 있으므로, 다른 기기에서도 비교해 주십시오.",
                "Anyone can build the same program from its source and compare with sha256sum build.txt. A lying page can show a false digest too, so compare on a second device.",
            ),
            SelfTestText::Files => both("파일", "Files"),
        }
    }
}

impl From<CaseName> for Both {
    fn from(name: CaseName) -> Self {
        match name {
            CaseName::GenuineReceipt => both("올바른 확인증", "A genuine receipt"),
            CaseName::MistypedReceipt => both(
                "한 글자가 틀린 확인증",
                "A receipt with one wrong character",
            ),
            CaseName::ReceiptOfAnotherElection => {
                both("다른 선거의 확인증", "A receipt of another election")
            }
            CaseName::ForgedPromise => both(
                "약속의 서명이 위조된 확인증",
                "A receipt with a forged promise",
            ),
            CaseName::ReceiptWithAnotherMark => {
                both("표시가 바뀐 확인증", "A receipt with another mark")
            }
            CaseName::ReceiptAgainstAlteredBlock => both("내용이 바뀐 블록", "An altered block"),
            CaseName::ReceiptAgainstForgedSignature => {
                both("서명이 위조된 블록", "A block with a forged signature")
            }
            CaseName::ReceiptAgainstMisstatedOutcome => {
                both("처리 결과를 속인 블록", "A block with a misstated outcome")
            }
            CaseName::GenuineElection => both("올바른 선거", "A genuine election"),
            CaseName::ElectionWithForgedSignature => both(
                "서명 하나가 위조된 선거",
                "An election with one forged signature",
            ),
            CaseName::ElectionWithAlteredBallot => both(
                "표 한 장이 바뀐 선거",
                "An election with one altered ballot",
            ),
            CaseName::ElectionWithMisstatedOutcome => both(
                "처리 결과 하나를 속인 선거",
                "An election with one misstated outcome",
            ),
            CaseName::ElectionWithMisstatedTotals => {
                both("득표수를 바꾼 선거", "An election with altered totals")
            }
            CaseName::ElectionCutShort => both("끝이 잘린 선거", "An election cut short"),
            CaseName::ElectionWithForgedBallot => both(
                "모든 시·군이 함께 위조 표를 집계한 선거",
                "An election in which all municipalities count a forged ballot",
            ),
            CaseName::ElectionOfAnotherGenesis => {
                both("시작점이 다른 선거", "An election with another beginning")
            }
        }
    }
}
