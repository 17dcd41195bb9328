//! Sentences for when nothing can be verified yet.

use super::{Both, both};

/// What is in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    Starting,
    SelfTestFailed,
    SelfTestFailedNext,
    CardMissing,
    CardNext,
    ChooseCard,
}

impl From<Gate> for Both {
    fn from(part: Gate) -> Self {
        match part {
            Gate::Starting => both("확인할 준비를 하고 있습니다", "Getting ready to verify"),
            Gate::SelfTestFailed => both(
                "자체 점검을 통과하지 못해 아무것도 확인하지 않습니다",
                "The self-test failed, so this page refuses to verify anything",
            ),
            Gate::SelfTestFailedNext => both(
                "이 프로그램은 가짜를 가려내지 못했습니다. 쓰지 마시고 다른 기기나 다른 사본으로 확인해 주십시오.",
                "This program failed to recognise a forgery. Do not use it; try another device or another copy.",
            ),
            Gate::CardMissing => both("신뢰 카드가 없습니다", "There is no trust card"),
            Gate::CardNext => both(
                "신뢰 카드는 확인의 출발점입니다. 믿을 만한 곳에서 받은 파일을 골라 주십시오.",
                "Verification starts from a trust card. Please choose a file from a place that you trust.",
            ),
            Gate::ChooseCard => both("신뢰 카드 파일 고르기", "Choose a trust card file"),
        }
    }
}
