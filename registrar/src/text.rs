//! The one sentence that this service sends to people.

use serde::Deserialize;

/// The voter's language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    Ko,
    En,
}

/// The text that carries a code: what it is for, how long it is good, and that nobody asks for it.
pub fn code(language: Language, municipality: &verifier_core::Name, code: &str) -> String {
    match language {
        Language::Ko => format!(
            "[{}] 투표권 인증번호 {code}. 3분 안에 입력하십시오. 직원은 이 번호를 묻지 않습니다.",
            municipality.ko
        ),
        Language::En => format!(
            "[{}] Voting right code {code}. Enter it within 3 minutes. No official asks for it.",
            municipality.en
        ),
    }
}
