//! Sentences around keeping a receipt: its short code, its file, its print, its proof.

use super::{Both, DateTime, both};
use verifier_core::{Contract, ProvenBallot, Receipt, short_code};

/// Parts of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepText {
    ShortCode,
    SaveText,
    PrintSheet,
    PrintSlip,
    SaveProof,
    ProofText,
    ProofCollecting,
    ProofSaved,
    NoProof,
    SlipTitle,
    SlipHow,
    SlipPrivate,
}

impl From<KeepText> for Both {
    fn from(part: KeepText) -> Self {
        match part {
            KeepText::ShortCode => both("짧은 코드", "Short code"),
            KeepText::SaveText => both("글자 파일로 저장", "Save as a text file"),
            KeepText::PrintSheet => both("A4로 인쇄", "Print on A4"),
            KeepText::PrintSlip => both("영수증 종이(80 mm)로 인쇄", "Print on an 80 mm roll"),
            KeepText::SaveProof => both("증명까지 저장", "Save with its proof"),
            KeepText::ProofText => both(
                "증명까지 저장하시면, 신뢰 카드만으로 통신 없이 이 표가 원장에 있음을 확인하실 수 있습니다. 누구를 찍었는지는 담기지 않습니다.",
                "With its proof, the receipt can be checked by the trust card alone, without a network. It does not hold whom you voted for.",
            ),
            KeepText::ProofCollecting => both(
                "증명을 모아 확인하고 있습니다.",
                "Collecting and checking the proof.",
            ),
            KeepText::ProofSaved => both(
                "증명을 확인하고 저장했습니다",
                "The proof was checked and saved",
            ),
            KeepText::NoProof => both("증명을 저장할 수 없습니다", "The proof cannot be saved"),
            KeepText::SlipTitle => both("투표 확인증", "Ballot receipt"),
            KeepText::SlipHow => both(
                "「내 표 확인」 화면에서 이 QR 코드를 읽거나 아래 글자를 넣어 주십시오.",
                "On the page “Check my ballot”, scan this QR code or enter the text below.",
            ),
            KeepText::SlipPrivate => both(
                "누구를 찍었는지는 이 확인증에 없습니다.",
                "This receipt does not hold whom you voted for.",
            ),
        }
    }
}

/// What a receipt with its proof shows.
#[derive(Clone, Copy, Debug)]
pub struct ProvenText<'a>(pub &'a ProvenBallot);

impl From<ProvenText<'_>> for Both {
    fn from(ProvenText(ballot): ProvenText<'_>) -> Self {
        let (height, _, time) = ballot.block;
        let (anchor, time) = (ballot.anchor.0, DateTime::of(time));
        if ballot.counted {
            return Both::new(
                format!(
                    "이 표는 {}에 블록 {height}에 기록되었고 집계되었습니다. 신뢰 카드의 마지막 블록 {anchor}의 상태가 그렇게 증명합니다.",
                    time.korean()
                ),
                format!(
                    "This ballot was recorded in block {height} at {} and is counted: the state of the trust card's final block {anchor} proves it.",
                    time.english()
                ),
            );
        }
        Both::new(
            format!(
                "이 표는 {}에 블록 {height}에 기록되었습니다. 시·군 3분의 2 넘게 서명한 블록 {anchor}의 상태가 그렇게 증명합니다. 집계되었는지는 선거가 끝난 뒤의 신뢰 카드로 새로 저장한 증명이 보여 줍니다.",
                time.korean()
            ),
            format!(
                "This ballot was recorded in block {height} at {}: the state of block {anchor}, which more than two thirds of the municipalities signed, proves it. That it is counted, a proof shows that is saved anew with the trust card from after the election.",
                time.english()
            ),
        )
    }
}

/// What a receipt says, line by line: the name and the value.
pub fn receipt_lines(receipt: &Receipt, contract: &Contract) -> Vec<(Both, Both)> {
    use super::ReceiptText as Text;
    let promise = &receipt.promise;
    let municipality = match contract.municipality(promise.municipality) {
        Some(municipality) => Both::from(&municipality.name),
        None => Both::plain(promise.municipality.to_string()),
    };
    let mark = String::from_utf8_lossy(&receipt.mark).into_owned();
    let mut lines: Vec<(Both, Both)> = vec![
        (
            KeepText::ShortCode.into(),
            Both::plain(short_code(&receipt.tracking_code)),
        ),
        (Text::Mark.into(), Both::plain(mark)),
        (Text::Asset.into(), Both::plain(receipt.asset.to_string())),
        (Text::Municipality.into(), municipality),
        (Text::PromisedAt.into(), DateTime::of(promise.time).into()),
        (Text::Deadline.into(), DateTime::of(promise.deadline).into()),
    ];
    let block = receipt.height.map(|height| height.to_string());
    lines.extend(block.map(|block| (Text::Height.into(), Both::plain(block))));
    lines
}

/// The receipt as a text file, in both languages. Its code comes last, so that the file itself can be dropped on the page.
pub fn receipt_file(receipt: &Receipt, contract: &Contract) -> String {
    let in_both = |sentence: Both| format!("{} / {}\n", sentence.ko, sentence.en);
    let mut text = in_both(KeepText::SlipTitle.into());
    text += &in_both(Both::from(&contract.title));
    text.push('\n');
    for (name, value) in receipt_lines(receipt, contract) {
        text += &if value.ko == value.en {
            format!("{} / {}: {}\n", name.ko, name.en, value.ko)
        } else {
            format!("{} / {}: {} / {}\n", name.ko, name.en, value.ko, value.en)
        };
    }
    text += &format!("{} / ", Both::from(super::ReceiptText::TrackingCode).ko);
    text += &format!("{}:\n", Both::from(super::ReceiptText::TrackingCode).en);
    text += &format!("{}\n\n", receipt.tracking_code);
    for sentence in [KeepText::SlipPrivate, KeepText::SlipHow] {
        let Both { ko, en } = sentence.into();
        text += &format!("{ko}\n{en}\n");
    }
    text.push('\n');
    let code: Vec<char> = receipt.to_text().chars().collect();
    for line in code.chunks(64) {
        text.extend(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use verifier_core::{
        AssetId, ChoiceRule, ContractId, GenesisHash, Name, Promise, TrackingCode,
    };

    fn receipt() -> Receipt {
        Receipt::new(
            "chain".into(),
            GenesisHash([1; 32]),
            ContractId([2; 32]),
            AssetId {
                municipality: 1,
                batch: 2,
                index: 3,
            },
            TrackingCode([3; 32]),
            Some(7),
            *b"MARK",
            Promise {
                municipality: 1,
                time: 5,
                deadline: 6,
                signature: [7; 64],
            },
        )
    }

    fn contract() -> Contract {
        let name = |text: &str| Name {
            ko: text.into(),
            en: text.into(),
        };
        Contract {
            version: 1,
            title: name("선거"),
            candidates: Vec::new(),
            choice_rule: ChoiceRule::ExactlyOne,
            municipalities: Vec::new(),
            threshold: 1,
            opening: 1,
            closing: 2,
            grace: 3,
            minimum_cell: 1,
            turnout_tolerance: 0,
            claim_keys: Vec::new(),
        }
    }

    #[test]
    fn a_receipts_text_file_is_read_again_as_the_receipt() {
        let text = receipt_file(&receipt(), &contract());
        assert_eq!(Receipt::parse(&text), Ok(receipt()));
        assert!(text.contains(&short_code(&receipt().tracking_code)));
        assert!(text.contains(&receipt().tracking_code.to_string()));
    }

    #[test]
    fn a_receipt_without_a_height_names_no_block() {
        let mut without = receipt();
        without.height = None;
        let lines = receipt_lines(&without, &contract()).len();
        assert_eq!(lines + 1, receipt_lines(&receipt(), &contract()).len());
    }
}
