//! Every sentence that a person reads, in both languages side by side. Each is chosen by an exhaustive match on an enum, so that a new
//! check, outcome or error without its sentence does not compile.

mod about;
mod card;
mod checks;
mod disputes;
mod faults;
mod findings;
mod gate;
mod home;
mod keep;
mod kiosk;
mod layout;
mod live;
mod nodes;
mod opening;
mod outcomes;
mod phone;
mod proofs;
mod receipt;
mod recount;
mod rights;
mod rows;
mod self_test;
mod threats;
mod time;
mod watch;

pub use about::About;
pub use card::{CardText, Comparison, Rough, TimeLeft};
pub use checks::{
    CheckCount, CheckMeaning, CheckName, OutcomeWord, RecountMeaning, RecountVerdict, grouped,
};
pub use disputes::{BrokenText, NoDispute};
pub use faults::{CardTrouble, Fault, technical};
pub use findings::{DoubtText, FindingText};
pub use gate::Gate;
pub use home::Home;
pub use keep::{KeepText, ProvenText, receipt_file, receipt_lines};
pub use kiosk::{
    ForgetsIn, Hours, KioskText, ReadinessText, RefusalText, ScanTroubleText, WordText, in_block,
};
pub use layout::{Layout, PageName};
pub use live::{BallotsAMinute, LinkText, LiveText};
pub use nodes::NodesText;
pub use opening::{OpeningText, OpeningTrouble, SpoilText};
pub use outcomes::{OutcomeReason, StandingHeadline, StandingMeaning};
pub use phone::{ClaimsAt, MinutesLeft, PhoneText, PurseText, SignsText, TroubleText, VotingOpens};
pub use proofs::{FiledHeadline, FiledMeaning, NoProof};
pub use receipt::ReceiptText;
pub use recount::{CheckedEarlier, DoingText, RecountText, Span};
pub use rights::{AnswerHeadline, AnswerMeaning, RightsText, holds_at};
pub use rows::{reason, recounted, row, trouble_reason};
pub use self_test::SelfTestText;
pub use threats::{Cell, Protection, Threat};
pub use time::DateTime;
pub use watch::{
    HoldMeaning, HoldTitle, Spoken, StandingSentence, StandingWord, StatusLine, WatchText,
};

use yew::AttrValue;

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    Korean,
    English,
}

/// One sentence in both languages.
#[derive(Clone, Debug, PartialEq)]
pub struct Both {
    ko: AttrValue,
    en: AttrValue,
}

impl Both {
    /// A sentence put together from parts.
    pub fn new(ko: String, en: String) -> Self {
        Self {
            ko: ko.into(),
            en: en.into(),
        }
    }
}

impl Both {
    /// Something that is the same in every language: a number, a code.
    pub fn plain(text: String) -> Self {
        Self::new(text.clone(), text)
    }
}

/// A fixed sentence.
fn both(ko: &'static str, en: &'static str) -> Both {
    Both {
        ko: AttrValue::Static(ko),
        en: AttrValue::Static(en),
    }
}

impl From<&verifier_core::Name> for Both {
    fn from(name: &verifier_core::Name) -> Self {
        Self::new(name.ko.clone(), name.en.clone())
    }
}

impl Language {
    /// The sentence in this language.
    pub fn say(self, sentence: impl Into<Both>) -> AttrValue {
        let Both { ko, en } = sentence.into();
        match self {
            Self::Korean => ko,
            Self::English => en,
        }
    }

    /// The language that the switch leads to.
    pub fn other(self) -> Self {
        match self {
            Self::Korean => Self::English,
            Self::English => Self::Korean,
        }
    }

    /// Its tag, as in the `lang` attribute.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Korean => "ko",
            Self::English => "en",
        }
    }

    /// The language of a tag such as `ko-KR`: Korean where it is Korean, English for everybody else.
    pub fn of_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("ko") {
            Self::Korean
        } else {
            Self::English
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_set_to_korean_gets_korean_and_any_other_english() {
        assert_eq!(Language::of_tag("ko-KR"), Language::Korean);
        assert_eq!(Language::of_tag("ko"), Language::Korean);
        assert_eq!(Language::of_tag("kok-IN"), Language::English);
        assert_eq!(Language::of_tag("fr"), Language::English);
    }
}
