//! Sentences of the page that checks a receipt.

use super::{Both, both};

/// Parts of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptText {
    Title,
    Lead,
    Label,
    Hint,
    Example,
    Action,
    Again,
    Camera,
    CameraStop,
    CameraAim,
    ChooseFile,
    Drop,
    Running,
    RecordedQuestion,
    CountedQuestion,
    Yes,
    No,
    NotYet,
    Unknown,
    Checks,
    ReceiptTitle,
    Asset,
    TrackingCode,
    Mark,
    Municipality,
    PromisedAt,
    Deadline,
    Height,
    Source,
    Digest,
    Range,
    Details,
    Anchor,
    Signers,
    Fingerprint,
    Time,
    Ballots,
    Signature,
    ReceiptCode,
    Keep,
    KeepText,
    CopyLink,
    Copied,
    QrAlt,
    Dispute,
    DisputeTitle,
    DisputeText,
    DisputeCollecting,
    DisputeHow,
    NoDispute,
    AnotherNode,
    CheckId,
    Inconclusive,
    InconclusiveText,
    Rejected,
    RejectedText,
}

impl From<ReceiptText> for Both {
    fn from(part: ReceiptText) -> Self {
        match part {
            ReceiptText::Title => both("내 표 확인", "Check my ballot"),
            ReceiptText::Lead => both(
                "투표할 때 받은 확인증을 넣어 주십시오. 확인은 이 기기 안에서만 하며, 누구를 찍었는지는 드러나지 않습니다.",
                "Enter the receipt from voting. It is checked on this device only, and whom you voted for is not revealed.",
            ),
            ReceiptText::Label => both("확인증", "Receipt"),
            ReceiptText::Hint => both(
                "CHG1- 로 시작하는 글자를 붙여 넣어 주십시오. 띄어쓰기와 줄바꿈은 상관없습니다.",
                "Paste the text that begins with CHG1-. Spaces and line breaks do not matter.",
            ),
            ReceiptText::Example => both("CHG1-…", "CHG1-…"),
            ReceiptText::Action => both("확인하기", "Check"),
            ReceiptText::Again => both("다른 확인증 확인하기", "Check another receipt"),
            ReceiptText::Camera => both("카메라로 읽기", "Scan with the camera"),
            ReceiptText::CameraStop => both("카메라 끄기", "Close the camera"),
            ReceiptText::CameraAim => both(
                "QR 코드를 네모 안에 맞춰 주십시오.",
                "Hold the QR code inside the frame.",
            ),
            ReceiptText::ChooseFile => both("사진이나 파일 고르기", "Choose a photo or file"),
            ReceiptText::Drop => both(
                "QR 코드 사진, 확인증 파일, 증명이 담긴 파일이나 이의 제기 파일을 여기에 끌어다 놓으셔도 됩니다.",
                "You can also drop a photo of the QR code, the receipt's file, one with its proof, or a dispute file here.",
            ),
            ReceiptText::Running => both("확인하고 있습니다", "Checking"),
            ReceiptText::RecordedQuestion => both("기록되었습니까?", "Recorded?"),
            ReceiptText::CountedQuestion => both("집계되었습니까?", "Counted?"),
            ReceiptText::Yes => both("예", "Yes"),
            ReceiptText::No => both("아니요", "No"),
            ReceiptText::NotYet => both("아직", "Not yet"),
            ReceiptText::Unknown => both("알 수 없음", "Not known"),
            ReceiptText::Checks => both("확인한 내용", "What was checked"),
            ReceiptText::ReceiptTitle => both("확인증에 적힌 내용", "What the receipt says"),
            ReceiptText::Asset => both("투표권 번호", "Voting right"),
            ReceiptText::TrackingCode => both("추적 코드", "Tracking code"),
            ReceiptText::Mark => both("내가 고른 표시", "Your own mark"),
            ReceiptText::Municipality => both("약속한 시·군", "Promised by"),
            ReceiptText::PromisedAt => both("약속한 시각", "Promised at"),
            ReceiptText::Deadline => both("기록 기한", "Due by"),
            ReceiptText::Height => both("블록", "Block"),
            ReceiptText::Source => both("자료를 준 노드", "Data from"),
            ReceiptText::Digest => both("보고서 지문", "Digest of the report"),
            ReceiptText::Range => both("살펴본 블록", "Blocks looked at"),
            ReceiptText::Details => both("자세히", "Details"),
            ReceiptText::Anchor => both("기준이 된 블록", "Anchoring block"),
            ReceiptText::Fingerprint => both("블록 지문", "Hash"),
            ReceiptText::Time => both("블록 시각", "Time"),
            ReceiptText::Ballots => both("그 안의 표", "Ballots in them"),
            ReceiptText::Signature => both("약속의 서명", "Signature of the promise"),
            ReceiptText::ReceiptCode => both("확인증 글자", "Text of the receipt"),
            ReceiptText::Signers => both("기준 블록에 서명한 시·군", "Signed by"),
            ReceiptText::Keep => both("이 확인증 보관하기", "Keep this receipt"),
            ReceiptText::KeepText => both(
                "이 QR 코드나 링크로 몇 년 뒤에도 다시 확인하실 수 있습니다. 링크의 내용은 웹 서버에 전해지지 않습니다.",
                "This QR code or link lets you check again, even years later. What the link holds is not sent to any web server.",
            ),
            ReceiptText::CopyLink => both("링크 복사", "Copy the link"),
            ReceiptText::Copied => both("복사했습니다", "Copied"),
            ReceiptText::QrAlt => both("확인증 QR 코드", "QR code of the receipt"),
            ReceiptText::Dispute => both("이의 제기 파일 저장", "Save the dispute file"),
            ReceiptText::DisputeTitle => both(
                "시·군이 약속을 지키지 않은 것 같습니다",
                "The municipality seems to have broken its promise",
            ),
            ReceiptText::DisputeText => both(
                "이의 제기 파일에는 시·군의 서명된 약속과, 기한이 지난 원장에 표가 없다는 증명이 담깁니다. 누구를 찍었는지는 담기지 않습니다. 파일을 저장하신 뒤, 투표 시간이 남았다면 다시 투표해 주십시오. 이 표로는 투표권이 쓰이지 않았습니다.",
                "A dispute file holds the municipality's signed promise, and the proof that the ballot is not on the ledger after the deadline. It does not hold whom you voted for. Save it, and then vote again if voting is still open: this ballot has not used your voting right.",
            ),
            ReceiptText::DisputeCollecting => both(
                "증명을 모아 확인하고 있습니다.",
                "Collecting and checking the proofs.",
            ),
            ReceiptText::DisputeHow => both(
                "신뢰 카드만 있으면 누구나 통신 없이 확인할 수 있습니다: chamgwan dispute chamgwan-dispute.json --trust-card 신뢰카드.json",
                "Anybody can check it offline with the trust card alone: chamgwan dispute chamgwan-dispute.json --trust-card trust-card.json",
            ),
            ReceiptText::NoDispute => both(
                "이의 제기 파일을 만들 수 없습니다",
                "No dispute file can be made",
            ),
            ReceiptText::AnotherNode => {
                both("다른 노드에서 다시 확인", "Try again with another node")
            }
            ReceiptText::CheckId => both("검사 이름", "Check id"),
            ReceiptText::Inconclusive => {
                both("아직 판단할 수 없습니다", "No conclusion can be drawn yet")
            }
            ReceiptText::InconclusiveText => both(
                "확인하지 못한 항목이 있습니다. 내 표가 잘못되었다는 뜻은 아닙니다.",
                "Something could not be checked. That does not mean that anything is wrong with your ballot.",
            ),
            ReceiptText::Rejected => both(
                "확인증과 원장이 맞지 않습니다",
                "The receipt and the ledger disagree",
            ),
            ReceiptText::RejectedText => both(
                "아래에 표시한 항목이 맞지 않습니다.",
                "The items marked below do not hold.",
            ),
        }
    }
}
