//! Sentences of the kiosk.

use super::{Both, DateTime, OutcomeReason, both, grouped};
use crate::state::CameraFault;
use crate::state::kiosk::{Readiness, Refusal, ScanTrouble, Word};
use caster::RightFault;
use verifier_core::{Contract, Seconds};

use super::faults::Fault;
use super::watch::HoldTitle;

/// Parts of the kiosk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KioskText {
    Controls,
    Contrast,
    Larger,
    Quit,
    Steps,
    StepCard,
    StepChoice,
    StepMark,
    StepCode,
    StepReceipt,
    Welcome,
    WelcomeText,
    Start,
    NotOpenYet,
    IsClosed,
    CardTitle,
    CardText,
    OtherWays,
    TypeLabel,
    TypeHint,
    TypeAction,
    Photo,
    Looking,
    LookingText,
    ChooseTitle,
    ChooseText,
    Next,
    Back,
    ReviewTitle,
    ReviewText,
    ReviewYes,
    ReviewNo,
    MarkTitle,
    MarkText,
    MarkBoxes,
    MarkKeys,
    Erase,
    DrawMark,
    MarkDone,
    Encrypting,
    EncryptingText,
    DecideTitle,
    DecideText,
    WholeCode,
    YourMark,
    Cast,
    CastText,
    Challenge,
    ChallengeText,
    Signing,
    Sending,
    SendingText,
    LookingFor,
    Pausing,
    UndecidedTitle,
    UndecidedText,
    TryAgain,
    DoneTitle,
    DoneText,
    RecordedTitle,
    RecordedText,
    ReceiptQr,
    KeepText,
    Print,
    Finish,
    WhatTheySaid,
    Answering,
    OpenedTitle,
    OpenedText,
    OpenedHow,
    OpeningQr,
    SaveOpening,
    VoteNow,
    RefusedNext,
    UsedNext,
    ToStart,
    WarningTitle,
    WarningMore,
    WarningEnd,
}

impl From<KioskText> for Both {
    fn from(part: KioskText) -> Self {
        match part {
            KioskText::Controls => both("화면 설정", "Display settings"),
            KioskText::Contrast => both("고대비", "High contrast"),
            KioskText::Larger => both("크게 보기", "Larger text"),
            KioskText::Quit => both("그만두기", "Stop"),
            KioskText::Steps => both("투표 순서", "Steps"),
            KioskText::StepCard => both("카드", "Card"),
            KioskText::StepChoice => both("선택", "Choice"),
            KioskText::StepMark => both("표식", "Mark"),
            KioskText::StepCode => both("추적 코드", "Tracking code"),
            KioskText::StepReceipt => both("확인증", "Receipt"),
            KioskText::Welcome => both("투표하러 오셨습니까?", "Here to vote?"),
            KioskText::WelcomeText => both(
                "받으신 투표권 카드를 준비하고 아래 단추를 눌러 주십시오.",
                "Have your voting card ready and press the button below.",
            ),
            KioskText::Start => both("투표 시작", "Start voting"),
            KioskText::NotOpenYet => both("아직 투표 시간이 아닙니다", "Voting has not begun yet"),
            KioskText::IsClosed => both("투표가 끝났습니다", "Voting is over"),
            KioskText::CardTitle => both(
                "투표권 카드를 카메라에 비춰 주십시오",
                "Hold your voting card up to the camera",
            ),
            KioskText::CardText => both(
                "카드의 네모난 QR 코드가 화면 안에 모두 들어오게 해 주십시오. 자동으로 읽습니다.",
                "Keep the whole square QR code of the card within the picture. It is read by itself.",
            ),
            KioskText::OtherWays => both(
                "카메라로 읽을 수 없을 때",
                "If the camera cannot read the card",
            ),
            KioskText::TypeLabel => {
                both("카드에 적힌 글자(CHR1-…)", "The text on the card (CHR1-…)")
            }
            KioskText::TypeHint => both(
                "빈칸과 줄표, 대소문자는 틀려도 됩니다. 넣은 글자는 곧바로 지워집니다.",
                "Blanks, hyphens and case do not matter. What you enter is cleared at once.",
            ),
            KioskText::TypeAction => both("카드 확인", "Use this card"),
            KioskText::Photo => both("카드 사진 고르기", "Choose a photo of the card"),
            KioskText::Looking => both("카드를 확인하고 있습니다", "Checking your card"),
            KioskText::LookingText => both(
                "이 투표권이 발급되었고 아직 쓰이지 않았는지 원장의 증명으로 확인합니다.",
                "The ledger is asked to prove that this voting right was issued and has not been used.",
            ),
            KioskText::ChooseTitle => both("한 후보를 선택해 주십시오", "Choose one candidate"),
            KioskText::ChooseText => both(
                "후보는 선거가 정한 순서대로 나옵니다. 다음 화면에서 다시 확인합니다.",
                "Candidates stand in the election's order. You will be asked to confirm.",
            ),
            KioskText::Next => both("다음", "Next"),
            KioskText::Back => both("이전", "Back"),
            KioskText::ReviewTitle => both("이 선택이 맞습니까?", "Is this your choice?"),
            KioskText::ReviewText => both(
                "맞으면 ‘맞습니다’를 눌러 주십시오. 아직 아무것도 보내지 않았습니다.",
                "Press “Yes” if it is. Nothing has been sent yet.",
            ),
            KioskText::ReviewYes => both("맞습니다", "Yes"),
            KioskText::ReviewNo => both("다시 고르기", "Choose again"),
            KioskText::MarkTitle => both(
                "나만의 표식 네 글자를 정해 주십시오",
                "Choose a mark of four characters",
            ),
            KioskText::MarkText => both(
                "표식은 암호화되지 않고 표와 확인증에 그대로 적힙니다. 확인증이 내 것인지 알아보는 데 쓰입니다. 이름이나 생일처럼 나를 알 수 있는 글자는 피해 주십시오.",
                "The mark stands in clear on the ballot and on your receipt, so that you can tell that it is yours. Avoid anything that points to you, such as initials or a birthday.",
            ),
            KioskText::MarkBoxes => both("정하신 표식", "Your mark so far"),
            KioskText::MarkKeys => both("글자판", "Keys"),
            KioskText::Erase => both("지우기", "Erase"),
            KioskText::DrawMark => both("대신 뽑기", "Draw one for me"),
            KioskText::MarkDone => both("이 표식으로", "Use this mark"),
            KioskText::Encrypting => both("표를 암호화하고 있습니다", "Encrypting your ballot"),
            KioskText::EncryptingText => both(
                "이 기기 안에서 암호화하고 증명을 만듭니다.",
                "It is encrypted and proven on this device.",
            ),
            KioskText::DecideTitle => both("내 표의 추적 코드", "Your ballot's tracking code"),
            KioskText::DecideText => both(
                "표는 이미 암호화되어 이 코드로 정해졌습니다. 이제 투표하거나, 이 기기가 제대로 암호화했는지 시험할 수 있습니다.",
                "Your ballot is encrypted and fixed by this code. Now cast it, or test whether this device encrypted it rightly.",
            ),
            KioskText::WholeCode => both("코드 전체", "The whole code"),
            KioskText::YourMark => both("표식", "Mark"),
            KioskText::Cast => both("투표하기", "Cast this ballot"),
            KioskText::CastText => both(
                "서명해 시·군에 보냅니다. 되돌릴 수 없습니다.",
                "It is signed and sent to the municipalities. This cannot be undone.",
            ),
            KioskText::Challenge => both("이 표로 기기 시험하기", "Test the device with it"),
            KioskText::ChallengeText => both(
                "이 표의 내용을 공개해 다른 기기에서 확인합니다. 공개한 표는 절대 세지 않으며, 그다음에 새로 투표하시면 됩니다.",
                "Its content is revealed, to be checked on another device. A revealed ballot is never counted; you vote anew afterwards.",
            ),
            KioskText::Signing => both("서명하고 있습니다", "Signing"),
            KioskText::Sending => both("시·군에 보내고 있습니다", "Sending to the municipalities"),
            KioskText::SendingText => both(
                "두 시·군에 함께 보냅니다. 화면을 떠나지 마시고 기다려 주십시오.",
                "It goes to two municipalities at once. Please stay and wait.",
            ),
            KioskText::LookingFor => both(
                "답이 없어 원장에 기록되었는지 찾아보고 있습니다",
                "No answer yet: looking for it on the ledger",
            ),
            KioskText::Pausing => both(
                "아직 기록되지 않아 다른 시·군에 다시 보냅니다",
                "Not recorded yet: sending it to other municipalities",
            ),
            KioskText::UndecidedTitle => both(
                "아직 투표되지 않았습니다",
                "Your ballot has not been cast yet",
            ),
            KioskText::UndecidedText => both(
                "기록하겠다고 약속한 시·군이 없습니다. 다시 보내면 같은 표가 가며, 두 번 세는 일은 없습니다. 떠나신다면 나중에 어느 기기에서든 카드를 다시 비춰 기록되었는지 확인하고, 기록되지 않았으면 투표하실 수 있습니다.",
                "No municipality has promised to record it. Sending again sends the same ballot; it can never count twice. If you leave, show your card at any device later: it will say whether the ballot was recorded, and you can vote if it was not.",
            ),
            KioskText::TryAgain => both("다시 보내기", "Send again"),
            KioskText::DoneTitle => both("투표하셨습니다", "Your ballot is cast"),
            KioskText::DoneText => both(
                "시·군이 표를 받아 기록하기로 서명했습니다. 확인증을 가져가 주십시오.",
                "A municipality has taken it and signed a promise to record it. Please take your receipt.",
            ),
            KioskText::RecordedTitle => both(
                "투표가 원장에 기록되었습니다",
                "Your ballot is recorded on the ledger",
            ),
            KioskText::RecordedText => both(
                "약속의 서명은 받지 못했지만 기록된 것을 증명으로 확인했습니다. 추적 코드를 적어 두시면 확인하실 수 있습니다.",
                "No signed promise reached this device, but the ledger proves that it is recorded. Note the tracking code to check it.",
            ),
            KioskText::ReceiptQr => both("확인증의 QR 코드", "QR code of your receipt"),
            KioskText::KeepText => both(
                "휴대 전화로 찍거나 인쇄해 가져가십시오. 누구에게 투표했는지는 확인증에 없습니다.",
                "Photograph or print it and take it with you. It does not say whom you voted for.",
            ),
            KioskText::Print => both("인쇄하기", "Print"),
            KioskText::Finish => both("마치기", "Finish"),
            KioskText::WhatTheySaid => both("시·군의 답", "What the municipalities said"),
            KioskText::Answering => both("기다리는 중", "waiting"),
            KioskText::OpenedTitle => both("공개된 표", "The revealed ballot"),
            KioskText::OpenedText => both(
                "이 표는 세지 않습니다. 투표권은 그대로 남아 있습니다.",
                "This ballot will never be counted. Your voting right is still unused.",
            ),
            KioskText::OpenedHow => both(
                "휴대 전화의 ‘내 표 확인’ 화면에서 이 QR 코드를 읽으면, 이 기기가 어느 후보로 암호화했는지 나옵니다. 추적 코드가 아래와 같은지도 비교해 주십시오.",
                "Read this QR code on your phone, on the page “Check my ballot”: it says for whom this device encrypted. Compare the tracking code with the one below, too.",
            ),
            KioskText::OpeningQr => both("공개된 표의 QR 코드", "QR code of the revealed ballot"),
            KioskText::SaveOpening => both("파일로 저장", "Save as a file"),
            KioskText::VoteNow => both("이제 투표하기", "Vote now"),
            KioskText::RefusedNext => both(
                "투표소 직원에게 알려 주십시오. 아무것도 보내지 않았습니다.",
                "Please tell the staff of the polling station. Nothing has been sent.",
            ),
            KioskText::UsedNext => both(
                "직접 투표하셨다면 그 표가 기록된 것입니다. 투표하신 적이 없다면 이 화면을 투표소 직원에게 보여 주십시오.",
                "If you voted, that is your ballot and it is recorded. If you did not, show this screen to the staff.",
            ),
            KioskText::ToStart => both("처음으로", "To the start"),
            KioskText::WarningTitle => both("계속하시겠습니까?", "Are you still there?"),
            KioskText::WarningMore => both("계속하기", "Go on"),
            KioskText::WarningEnd => both("그만두기", "Stop"),
        }
    }
}

/// The seconds left before everything is forgotten.
#[derive(Clone, Copy, Debug)]
pub struct ForgetsIn(pub u32);

impl From<ForgetsIn> for Both {
    fn from(ForgetsIn(seconds): ForgetsIn) -> Self {
        Self::new(
            format!("{seconds}초 뒤에 지금까지의 내용을 모두 지우고 처음으로 돌아갑니다."),
            format!("In {seconds} seconds everything is erased and the start is shown."),
        )
    }
}

/// When voting begins or ended.
#[derive(Clone, Copy, Debug)]
pub enum Hours {
    Opens(Seconds),
    Closed(Seconds),
}

impl Hours {
    /// What stands in the way of voting at this time, if anything.
    pub fn at(contract: &Contract, now: Seconds) -> Option<Self> {
        if now >= contract.closing {
            Some(Self::Closed(contract.closing))
        } else if now < contract.opening {
            Some(Self::Opens(contract.opening))
        } else {
            None
        }
    }
}

impl From<Hours> for Both {
    fn from(hours: Hours) -> Self {
        match hours {
            Hours::Opens(time) => {
                let time = DateTime::of(time);
                Self::new(
                    format!("{}에 시작합니다.", time.korean()),
                    format!("It begins on {}.", time.english()),
                )
            }
            Hours::Closed(time) => {
                let time = DateTime::of(time);
                Self::new(
                    format!("{}에 끝났습니다.", time.korean()),
                    format!("It ended on {}.", time.english()),
                )
            }
        }
    }
}

/// How the preparation stands.
#[derive(Clone, Copy, Debug)]
pub struct ReadinessText<'a>(pub &'a Readiness);

impl From<ReadinessText<'_>> for Both {
    fn from(ReadinessText(readiness): ReadinessText<'_>) -> Self {
        match readiness {
            Readiness::Reading(blocks) => {
                let blocks = grouped(*blocks);
                Self::new(
                    format!(
                        "후보의 열쇠를 원장에서 다시 계산하고 있습니다. 블록 {blocks}까지 읽었습니다."
                    ),
                    format!(
                        "Rebuilding the candidates' keys from the ledger: {blocks} blocks read."
                    ),
                )
            }
            Readiness::Early => both(
                "원장이 투표 시작 시각에 이르면 준비가 끝납니다.",
                "It will be ready once the ledger has come to the opening.",
            ),
            Readiness::NoKeys => both(
                "후보의 열쇠가 완성되지 않아 투표할 수 없습니다.",
                "The candidates' keys were not completed: there is no voting.",
            ),
            Readiness::Faulted(fault) => {
                let Self { ko, en } = Fault(fault).into();
                Self::new(
                    format!("{ko} 다른 시·군의 노드에 다시 물어봅니다."),
                    format!("{en} Another municipality's node is asked."),
                )
            }
            Readiness::Ready(keys) => {
                let candidates = keys.election.addresses.len();
                Self::new(
                    format!(
                        "후보 {candidates}명의 주소를 시·군이 서명한 기록으로 다시 계산해 확인했습니다."
                    ),
                    format!(
                        "The addresses of {candidates} candidates were rebuilt from what the municipalities signed."
                    ),
                )
            }
        }
    }
}

/// Why there is no card yet.
#[derive(Clone, Copy, Debug)]
pub struct ScanTroubleText(pub ScanTrouble);

impl From<ScanTroubleText> for Both {
    fn from(ScanTroubleText(trouble): ScanTroubleText) -> Self {
        match trouble {
            ScanTrouble::Camera(CameraFault::NotOffered) => both(
                "이 기기에서 카메라를 쓸 수 없습니다. 카드의 글자를 넣거나 사진을 골라 주십시오.",
                "This device offers no camera. Enter the card's text or choose a photo.",
            ),
            ScanTrouble::Camera(CameraFault::Refused) => both(
                "카메라를 쓸 수 있게 허용되지 않았습니다. 투표소 직원에게 알려 주십시오.",
                "The camera may not be used. Please tell the staff.",
            ),
            ScanTrouble::Empty => both(
                "카드의 글자를 넣어 주십시오.",
                "Please enter the card's text.",
            ),
            ScanTrouble::Card(RightFault::NotAPicture) => both(
                "이 기기에서 열 수 있는 사진이 아닙니다.",
                "This is not a picture that this device can open.",
            ),
            ScanTrouble::Card(RightFault::Unreadable) => both(
                "QR 코드가 찢어졌거나 흐려 읽을 수 없습니다. 카드를 펴고 밝은 곳에서 다시 비춰 주십시오. 그래도 읽지 못하면 투표소 직원에게 새 카드를 요청해 주십시오.",
                "The QR code is torn or blurred. Hold the card flat and in good light. If that does not help, ask the staff for another card.",
            ),
            ScanTrouble::Card(RightFault::NotARight) => both(
                "투표권 카드의 코드가 아닙니다. 확인증이나 명부 확인표로는 투표할 수 없습니다.",
                "This is not the code of a voting card. A receipt or a roll slip cannot be used to vote.",
            ),
            ScanTrouble::Card(RightFault::Mistyped) => both(
                "글자가 잘못되었거나 빠졌습니다. 처음부터 끝까지 다시 넣어 주십시오.",
                "A character is wrong or missing. Please enter all of it again.",
            ),
            ScanTrouble::Card(RightFault::Elsewhere) => both(
                "다른 선거의 투표권 카드입니다. 이 선거에서는 쓸 수 없습니다.",
                "This voting card is of another election and cannot be used here.",
            ),
        }
    }
}

/// Why there is no voting.
#[derive(Clone, Copy, Debug)]
pub struct RefusalText(pub Refusal);

impl From<RefusalText> for Both {
    fn from(RefusalText(refusal): RefusalText) -> Self {
        match refusal {
            Refusal::NotIssued => both(
                "이 카드에는 투표권이 발급되지 않았습니다",
                "No voting right was issued to this card",
            ),
            Refusal::Used { .. } => both(
                "이 카드의 투표권은 이미 쓰였습니다",
                "This card's voting right has been used",
            ),
            Refusal::TooEarly => KioskText::NotOpenYet.into(),
            Refusal::Closed => KioskText::IsClosed.into(),
            Refusal::Unverified => both(
                "원장을 확인할 수 없어 투표를 시작하지 않았습니다",
                "The ledger could not be verified, so voting was not begun",
            ),
            Refusal::Held(hold) => HoldTitle(hold).into(),
            Refusal::Stalled => both(
                "원장에 새 블록이 없어 지금은 투표할 수 없습니다",
                "The ledger makes no new blocks: there is no voting for now",
            ),
            Refusal::ByLedger(outcome) => {
                let Self { ko, en } = OutcomeReason(outcome).into();
                Self::new(
                    format!("시·군이 표를 받지 않았습니다: {ko}"),
                    format!("The municipalities refuse it: {en}"),
                )
            }
            Refusal::Broke => both(
                "기기에 문제가 생겨 투표를 마치지 못했습니다",
                "The device failed before your ballot was signed",
            ),
        }
    }
}

/// What a municipality said.
#[derive(Clone, Copy, Debug)]
pub struct WordText<'a>(pub &'a Word);

impl From<WordText<'_>> for Both {
    fn from(WordText(word): WordText<'_>) -> Self {
        match word {
            Word::Promised(_) => both("기록하겠다고 서명함", "signed a promise to record it"),
            Word::Accepted => both("받았음", "took it"),
            Word::Recorded => both("이미 기록됨", "has it recorded"),
            Word::BadPromise => both(
                "약속의 서명이 올바르지 않음",
                "gave a promise that does not hold",
            ),
            Word::Full => both("지금은 더 받지 못함", "takes no more for now"),
            Word::Refused(outcome) => OutcomeReason(*outcome).into(),
            Word::Strange(code) => Self::new(
                format!("알 수 없는 답 {code}"),
                format!("an unknown answer, {code}"),
            ),
            Word::Silent(fault) => Fault(fault).into(),
        }
    }
}

/// Where a ballot is.
pub fn in_block(height: u64) -> Both {
    let height = grouped(height);
    Both::new(
        format!("블록 {height}에 기록됨"),
        format!("recorded in block {height}"),
    )
}
