//! What can go wrong before anything is verified: with a receipt, a source, the trust card, a picture, the camera. One clear sentence each.

use super::{Both, both};
use crate::state::CameraFault;
use crate::state::qr_code::QrFault;
use verifier_core::rpc::RpcError;
use verifier_core::{
    CommitError, LightError, ReceiptError, SourceFault, TrustCard, TrustCardError,
};

/// A text that is not a receipt.
#[derive(Clone, Copy, Debug)]
pub struct ReceiptTrouble<'a>(pub &'a ReceiptError);

impl From<ReceiptTrouble<'_>> for Both {
    fn from(ReceiptTrouble(error): ReceiptTrouble<'_>) -> Self {
        match error {
            ReceiptError::Empty => both(
                "확인증이 비어 있습니다. 확인증의 글자를 붙여 넣거나 QR 코드를 읽어 주십시오.",
                "There is no receipt yet. Paste its text, or scan its QR code.",
            ),
            ReceiptError::TooLong => both(
                "확인증이라고 하기에는 너무 깁니다. 확인증의 글자만 넣어 주십시오.",
                "This is too long to be a receipt. Please enter the receipt's text only.",
            ),
            ReceiptError::Prefix => both(
                "확인증이 아닙니다. 확인증은 CHG1- 로 시작합니다.",
                "This is not a receipt. A receipt begins with CHG1-.",
            ),
            ReceiptError::Alphabet => both(
                "확인증이 도중에 잘렸거나 쓰지 않는 글자가 섞여 있습니다. 처음부터 끝까지 다시 옮겨 주십시오.",
                "The receipt was cut short or holds a character that no receipt has. Please copy all of it again.",
            ),
            ReceiptError::CheckCode => both(
                "확인증의 글자가 하나 이상 잘못되었거나 빠졌습니다. 다시 옮겨 적거나 QR 코드를 읽어 주십시오.",
                "A character of the receipt is wrong or missing. Please copy it again, or scan its QR code.",
            ),
            ReceiptError::Encoding(_) => both(
                "이 화면이 알지 못하는 형식의 확인증입니다.",
                "This receipt has a form that this page does not know.",
            ),
        }
    }
}

/// What a source did wrong.
#[derive(Clone, Copy, Debug)]
pub struct Fault<'a>(pub &'a SourceFault);

impl From<Fault<'_>> for Both {
    fn from(Fault(fault): Fault<'_>) -> Self {
        match fault {
            SourceFault::Unreachable => both(
                "노드에 연결할 수 없습니다. 다른 노드를 골라 주십시오.",
                "The node cannot be reached. Please choose another one.",
            ),
            SourceFault::TooSlow => both(
                "노드가 제때 답하지 않습니다. 다른 노드를 골라 주십시오.",
                "The node did not answer in time. Please choose another one.",
            ),
            // What a CometBFT node says of a height that it has not reached.
            SourceFault::HttpStatus(500) => both(
                "자료 대신 오류(500)를 받았습니다. 그 노드는 다른 노드보다 뒤처져 이 블록이 아직 없을 수 있습니다. 다른 노드를 골라 주십시오.",
                "An error (500) came instead of data: the node may be behind the others and not have this block yet. Please choose another one.",
            ),
            SourceFault::HttpStatus(status) => Both::new(
                format!("노드가 자료 대신 오류({status})를 보냈습니다."),
                format!("The node answered with the error {status} instead of data."),
            ),
            SourceFault::TooLarge { limit } => Both::new(
                format!(
                    "받은 자료가 허용된 크기({}바이트)보다 큽니다. 읽지 않고 버렸습니다.",
                    size(*limit)
                ),
                format!(
                    "The answer is larger than the {} bytes allowed and was discarded unread.",
                    size(*limit)
                ),
            ),
            SourceFault::Malformed(_) => malformed(),
            SourceFault::Answer(error) => match error {
                RpcError::TooLarge { limit, .. } => {
                    Fault(&SourceFault::TooLarge { limit: *limit }).into()
                }
                RpcError::Refused { .. } => both(
                    "노드가 요청을 거절했습니다.",
                    "The node refused the request.",
                ),
                RpcError::NotJson { .. }
                | RpcError::NoResult { .. }
                | RpcError::Malformed { .. } => malformed(),
            },
            SourceFault::OtherChain { actual, expected } => Both::new(
                format!(
                    "다른 원장({actual})의 자료를 받았습니다. 이 선거의 원장은 {expected}입니다."
                ),
                format!("The data is of another ledger ({actual}); this election's is {expected}."),
            ),
            SourceFault::OtherGenesis => both(
                "받은 원장은 시작점이 신뢰 카드와 다릅니다.",
                "The ledger received does not begin as the trust card says.",
            ),
            SourceFault::NotTheTrustedHeader { height } => Both::new(
                format!("받은 블록 {height}이 신뢰 카드에 적힌 블록과 다릅니다."),
                format!("Block {height}, as received, is not the one that the trust card names."),
            ),
            SourceFault::BrokenChain { height } => Both::new(
                format!("받은 블록 {height}이 다음 블록과 이어지지 않습니다."),
                format!("Block {height}, as received, is not the one that the next block names."),
            ),
            SourceFault::Commit { height, .. } => Both::new(
                format!("받은 블록 {height}의 서명을 믿을 수 없습니다."),
                format!("The signatures on block {height} cannot be trusted."),
            ),
            SourceFault::Light(_) => both(
                "받은 블록은 신뢰 카드에서 이어지지 않습니다.",
                "The block received does not follow from the trust card.",
            ),
            SourceFault::BlockDiffers { height } => Both::new(
                format!("받은 블록 {height}의 내용이 서명된 지문과 다릅니다."),
                format!("The content of block {height} does not match the signed digest."),
            ),
            SourceFault::OutcomesDiffer { height } => Both::new(
                format!("받은 블록 {height}의 처리 결과가 서명된 지문과 다릅니다."),
                format!("The outcomes received for block {height} do not match the signed digest."),
            ),
            SourceFault::StateProof(_) => both(
                "받은 상태 증명이 맞지 않습니다.",
                "The proof of the ledger's state does not hold.",
            ),
            SourceFault::StateDiffers { .. } => both(
                "받은 목록이 서명된 상태와 다릅니다.",
                "What was received is not what the signed state holds.",
            ),
            SourceFault::TotalsDiffer { cell } => Both::new(
                format!(
                    "발표된 득표수가 열린 합계와 다릅니다({}번 집계 구역).",
                    cell.saturating_add(1)
                ),
                format!(
                    "The totals that are claimed for cell {} are not those that the opened sums prove.",
                    cell.saturating_add(1)
                ),
            ),
            SourceFault::CellsDiffer => both(
                "발표된 집계 구역이 원장의 구역과 다릅니다.",
                "The cells of the totals that are claimed are not the ledger's.",
            ),
            SourceFault::Missing(what) => Both::new(
                format!("자료가 빠져 있습니다: {what}"),
                format!("Something is missing: {what}"),
            ),
        }
    }
}

fn malformed() -> Both {
    both(
        "받은 자료가 요청한 형식이 아닙니다.",
        "The answer is not of the form that was asked for.",
    )
}

/// What the library said, for experts, where that is more than the sentence. Names the municipality whose signature is at fault.
pub fn technical(fault: &SourceFault, card: &TrustCard) -> Option<String> {
    let said = fault.to_string();
    match fault {
        SourceFault::Commit { error, .. } | SourceFault::Light(LightError::Commit(error)) => {
            Some(match signer(error, card) {
                Some(name) => format!("{said} ({name})"),
                None => said,
            })
        }
        SourceFault::Malformed(_)
        | SourceFault::Answer(_)
        | SourceFault::Light(_)
        | SourceFault::StateProof(_)
        | SourceFault::StateDiffers { .. } => Some(said),
        SourceFault::Unreachable
        | SourceFault::TooSlow
        | SourceFault::HttpStatus(_)
        | SourceFault::TooLarge { .. }
        | SourceFault::OtherChain { .. }
        | SourceFault::OtherGenesis
        | SourceFault::NotTheTrustedHeader { .. }
        | SourceFault::BrokenChain { .. }
        | SourceFault::BlockDiffers { .. }
        | SourceFault::OutcomesDiffer { .. }
        | SourceFault::TotalsDiffer { .. }
        | SourceFault::CellsDiffer
        | SourceFault::Missing(_) => None,
    }
}

fn signer(error: &CommitError, card: &TrustCard) -> Option<String> {
    let account = match error {
        CommitError::InvalidSignature { validator, .. }
        | CommitError::MissingSignature { validator, .. } => validator,
        _ => return None,
    };
    let validators = card.validator_set().ok()?;
    let (_, key) = validators.keys().find(|(id, _)| id == account)?;
    let named = card.validators.iter().find(|v| v.key == key)?;
    Some(format!("{} {}", named.name_ko, named.name_en))
}

/// A trust card that cannot be used.
#[derive(Clone, Copy, Debug)]
pub struct CardTrouble<'a>(pub &'a TrustCardError);

impl From<CardTrouble<'_>> for Both {
    fn from(CardTrouble(error): CardTrouble<'_>) -> Self {
        match error {
            TrustCardError::TooLarge { .. } => both(
                "신뢰 카드라고 하기에는 파일이 너무 큽니다.",
                "The file is too large to be a trust card.",
            ),
            TrustCardError::Json(_) | TrustCardError::Base64 => both(
                "신뢰 카드 파일이 아니거나 파일이 손상되었습니다.",
                "The file is not a trust card, or it is damaged.",
            ),
            TrustCardError::Version(version) => Both::new(
                format!("이 화면이 알지 못하는 판({version})의 신뢰 카드입니다."),
                format!("This page does not know trust cards of version {version}."),
            ),
            TrustCardError::Contract(_) => both(
                "신뢰 카드에 적힌 선거 정의가 올바르지 않습니다.",
                "The election that the trust card defines is not a valid one.",
            ),
            TrustCardError::ContractId { .. } => both(
                "신뢰 카드에 적힌 선거 정의가 그 지문과 다릅니다. 누군가 바꾸었을 수 있습니다.",
                "The election that the trust card defines does not match its id. Somebody may have altered it.",
            ),
            TrustCardError::ChainId(_) => both(
                "신뢰 카드에 적힌 원장 이름이 올바르지 않습니다.",
                "The name of the ledger on the trust card is not a valid one.",
            ),
            TrustCardError::Validators => both(
                "신뢰 카드의 검증인 명단이 비었거나 같은 열쇠가 두 번 있습니다.",
                "The trust card's list of validators is empty or names a key twice.",
            ),
            TrustCardError::FinalHeader { .. } => both(
                "신뢰 카드의 마지막 블록이 시작 블록보다 앞에 있습니다.",
                "The trust card's final block comes before its trusted block.",
            ),
        }
    }
}

/// A picture that gave no receipt.
#[derive(Clone, Copy, Debug)]
pub struct PictureTrouble(pub QrFault);

impl From<PictureTrouble> for Both {
    fn from(PictureTrouble(fault): PictureTrouble) -> Self {
        match fault {
            QrFault::NotAPicture => both(
                "사진도 확인증 글자도 아닌 파일입니다. 확인증의 사진이나 글자 파일을 골라 주십시오.",
                "The file is neither a picture nor a receipt's text. Please choose a photo or a text file of the receipt.",
            ),
            QrFault::NoCode => both(
                "사진에서 QR 코드를 찾지 못했습니다. QR 코드가 크게, 똑바로 나오게 다시 찍어 주십시오.",
                "There is no QR code in the picture. Please take it again with the code large and upright.",
            ),
            QrFault::Unreadable => both(
                "QR 코드가 흐리거나 손상되어 읽지 못했습니다. 밝은 곳에서 다시 찍어 주십시오.",
                "The QR code is blurred or damaged. Please take the picture again in better light.",
            ),
        }
    }
}

impl From<CameraFault> for Both {
    fn from(fault: CameraFault) -> Self {
        match fault {
            CameraFault::NotOffered => both(
                "이 브라우저에서는 카메라를 쓸 수 없습니다. 사진 파일을 고르거나 글자를 붙여 넣어 주십시오.",
                "This browser offers no camera here. Please choose a photo, or paste the text.",
            ),
            CameraFault::Refused => both(
                "카메라 사용이 허용되지 않았습니다. 브라우저 설정에서 허용하거나 사진 파일을 골라 주십시오.",
                "The camera was not allowed. Allow it in the browser's settings, or choose a photo.",
            ),
        }
    }
}

fn size(bytes: usize) -> String {
    super::grouped(u64::try_from(bytes).unwrap_or(u64::MAX))
}

impl From<&crate::state::Trouble> for Both {
    fn from(trouble: &crate::state::Trouble) -> Self {
        match trouble {
            crate::state::Trouble::Receipt(error) => ReceiptTrouble(error).into(),
            crate::state::Trouble::Ask(fault) => fault.into(),
            crate::state::Trouble::Picture(fault) => PictureTrouble(*fault).into(),
            crate::state::Trouble::Camera(fault) => (*fault).into(),
        }
    }
}
