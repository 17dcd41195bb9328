//! What stands on a card, in both languages.

use verifier_core::Name;

/// A sentence in both languages.
pub struct Both {
    pub ko: &'static str,
    pub en: &'static str,
}

/// What stands on every card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phrase {
    Card,
    Stock,
    Use,
    Secret,
    Type,
}

impl Phrase {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Card, Self::Stock, Self::Use, Self::Secret, Self::Type];

    /// The words.
    pub fn both(self) -> Both {
        match self {
            Self::Card => Both {
                ko: "투표권 카드",
                en: "Voting card",
            },
            Self::Stock => Both {
                ko: "관리 번호",
                en: "Stock no.",
            },
            Self::Use => Both {
                ko: "투표소 기기의 카메라에 코드를 비추어 주십시오.",
                en: "Hold the code up to the camera of the voting terminal.",
            },
            Self::Secret => Both {
                ko: "이 코드를 가진 사람은 누구나 이 표를 던질 수 있습니다. 남에게 보이거나 찍지 마십시오.",
                en: "Whoever has this code can cast this ballot. Show it to nobody and take no picture.",
            },
            Self::Type => Both {
                ko: "카메라를 쓸 수 없으면 아래 글자를 입력해 주십시오.",
                en: "If the camera cannot be used, type these characters.",
            },
        }
    }
}

/// The line below the cards of a page.
pub fn footer(municipality: &Name, page: usize, pages: usize) -> String {
    format!(
        "{} {}  ·  {page} / {pages}",
        municipality.ko, municipality.en
    )
}
