//! Sentences about the trust card: its age, its fingerprint, and how to come by a new one.

use super::{Both, both};
use crate::state::card_code::Scanned;
use verifier_core::{CardAge, Seconds};

/// Parts of the trust card's view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardText {
    Title,
    Lead,
    Short,
    QrAlt,
    Age,
    Left,
    TrustedBlock,
    More,
    Compare,
    CompareScan,
    CompareStop,
    ComparePicture,
    Print,
    ExpiredTitle,
    ExpiredNext,
    Url,
    UrlHint,
    UrlAction,
}

impl From<CardText> for Both {
    fn from(part: CardText) -> Self {
        match part {
            CardText::Title => both("신뢰 카드", "The trust card"),
            CardText::Lead => both(
                "모든 확인은 이 카드에서 시작합니다. 신문이나 시·군 게시판에 실린 지문과 같은지 비교해 주십시오.",
                "Everything is verified starting from this card. Compare its fingerprint with one printed in a newspaper or on a town hall's board.",
            ),
            CardText::Short => both("카드 지문", "Fingerprint"),
            CardText::QrAlt => both(
                "신뢰 카드 지문 QR 코드",
                "QR code of the trust card's fingerprint",
            ),
            CardText::Age => both("카드의 나이", "Age of the card"),
            CardText::Left => both("남은 신뢰 기간", "Trusting period left"),
            CardText::TrustedBlock => both("기준 블록", "Trusted block"),
            CardText::More => both("카드의 자세한 내용", "What the card says"),
            CardText::Compare => both("다른 카드와 비교하기", "Compare with another card"),
            CardText::CompareScan => both("카메라로 QR 읽기", "Scan a QR code"),
            CardText::CompareStop => both("카메라 끄기", "Close the camera"),
            CardText::ComparePicture => both("QR 사진 고르기", "Choose a picture of it"),
            CardText::Print => both("카드 인쇄", "Print the card"),
            CardText::ExpiredTitle => both(
                "신뢰 카드의 기간이 지나 아무것도 결론지을 수 없습니다",
                "The trust card has expired, so nothing can be concluded",
            ),
            CardText::ExpiredNext => both(
                "시·군이나 믿을 만한 사람에게서 새 카드를 받아, 파일로 고르거나 주소를 넣거나 QR 코드를 읽어 주십시오.",
                "Get a new card from a municipality or somebody you trust: choose its file, enter its address, or scan its QR code.",
            ),
            CardText::Url => both("새 카드의 주소", "Address of a new card"),
            CardText::UrlHint => both(
                "받은 카드의 지문을 인쇄된 지문과 꼭 비교해 주십시오.",
                "Be sure to compare the new card's fingerprint with a printed one.",
            ),
            CardText::UrlAction => both("받아 오기", "Fetch it"),
        }
    }
}

/// Minutes, hours or days, whichever says enough.
#[derive(Clone, Copy, Debug)]
pub struct Rough(pub Seconds);

impl From<Rough> for Both {
    fn from(Rough(seconds): Rough) -> Self {
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
        match (days, hours) {
            (0, 0) => Self::new(format!("{minutes}분"), format!("{minutes} min")),
            (0, _) => Self::new(
                format!("{hours}시간 {minutes}분"),
                format!("{hours} h {minutes} min"),
            ),
            (1, _) => Self::new(format!("1일 {hours}시간"), format!("1 day {hours} h")),
            _ => Self::new(
                format!("{days}일 {hours}시간"),
                format!("{days} days {hours} h"),
            ),
        }
    }
}

/// How long a card may still be relied on.
#[derive(Clone, Copy, Debug)]
pub struct TimeLeft(pub CardAge);

impl From<TimeLeft> for Both {
    fn from(TimeLeft(age): TimeLeft) -> Self {
        match age {
            CardAge::Timeless => both(
                "기간 없음: 선거의 마지막 블록이 적힌 카드입니다",
                "No limit: the card names the election's final block",
            ),
            CardAge::Within { remaining, .. } => Rough(remaining).into(),
            CardAge::Expired { age, period } => {
                let span = Self::from(Rough(age.saturating_sub(period)));
                Self::new(
                    format!("{} 전에 지났습니다", span.ko),
                    format!("Expired {} ago", span.en),
                )
            }
        }
    }
}

/// What a scanned code says of the card on the page.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a>(pub &'a Scanned);

impl From<Comparison<'_>> for Both {
    fn from(Comparison(scanned): Comparison<'_>) -> Self {
        match scanned {
            Scanned::Same => both(
                "같은 카드입니다. 지문이 끝까지 일치합니다.",
                "The same card: the fingerprints match in full.",
            ),
            Scanned::Other(short) => Self::new(
                format!(
                    "다른 카드입니다. 읽은 카드의 지문은 {short}입니다. 어느 쪽이 맞는지 알 때까지 아무것도 믿지 마십시오."
                ),
                format!(
                    "Another card: its fingerprint is {short}. Trust neither until you know which one is right."
                ),
            ),
            Scanned::Address(_) => both(
                "카드의 주소가 담긴 QR 코드입니다. 아래 주소에서 새 카드를 받을 수 있습니다.",
                "This QR code holds the address of a card, which can be fetched below.",
            ),
            Scanned::NoCard => both(
                "신뢰 카드의 QR 코드가 아닙니다. 신뢰 카드의 코드는 chamgwan-card:로 시작합니다.",
                "This is not the QR code of a trust card, which begins with chamgwan-card:",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Both, Rough};

    #[test]
    fn a_time_is_as_exact_as_it_matters() {
        for (seconds, english) in [
            (59, "0 min"),
            (3_600, "1 h 0 min"),
            (90_000, "1 day 1 h"),
            (1_209_600, "14 days 0 h"),
        ] {
            assert_eq!(Both::from(Rough(seconds)).en, english);
        }
    }
}
