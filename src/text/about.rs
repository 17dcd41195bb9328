//! Sentences of the page that says what is and is not proven.

use super::{Both, both};

/// Parts of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Title,
    Lead,
    TableTitle,
    Who,
    Tries,
    Answer,
    Protection,
    TermsTitle,
    TermLedger,
    TermLedgerText,
    TermReceipt,
    TermReceiptText,
    TermCard,
    TermCardText,
    TermCount,
    TermCountText,
    PrivacyTitle,
    PrivacyReceipt,
    PrivacyLookup,
    PrivacyNothingKept,
}

impl From<About> for Both {
    fn from(part: About) -> Self {
        match part {
            About::Title => both(
                "증명하는 것과 증명하지 못하는 것",
                "What is proven, and what is not",
            ),
            About::Lead => both(
                "누가 무엇을 시도할 수 있는지, 무엇이 막고 무엇은 막지 못하는지 그대로 적었습니다.",
                "Who may try what, what stops it, and what nothing stops: said as it is.",
            ),
            About::TableTitle => both("누가 무엇을 할 수 있습니까", "Who may try what"),
            About::Who => both("누가", "Who"),
            About::Tries => both("무엇을 시도합니까", "May try to"),
            About::Answer => both("무엇이 막습니까", "What stops it, or does not"),
            About::Protection => both("보호", "Protection"),
            About::TermsTitle => both("이 화면에서 쓰는 말", "Words used here"),
            About::TermLedger => both("원장", "Ledger"),
            About::TermLedgerText => both(
                "시·군들이 함께 쓰고 서명하는 기록입니다. 한 번 서명된 것은 누구도 몰래 바꿀 수 없습니다.",
                "The record that the municipalities keep and sign together. What is signed cannot be changed in secret.",
            ),
            About::TermReceipt => both("확인증", "Receipt"),
            About::TermReceiptText => both(
                "내 표가 어디에 있는지와, 시·군이 서명한 기록 약속이 담겨 있습니다. 누구를 찍었는지는 담겨 있지 않습니다.",
                "Says where your ballot is and what a municipality promised. It does not say whom you voted for.",
            ),
            About::TermCard => both("신뢰 카드", "Trust card"),
            About::TermCardText => both(
                "확인의 출발점입니다. 선거의 지문과 시·군의 열쇠가 적혀 있으며, 신문이나 게시판처럼 원장 밖에서 구합니다.",
                "Where verification starts: the election's id and the municipalities' keys. It comes from outside the ledger, such as a newspaper.",
            ),
            About::TermCount => both("기록과 집계", "Recorded and counted"),
            About::TermCountText => both(
                "‘기록’은 원장에 실렸다는 뜻이고, ‘집계’는 선거의 마지막 블록까지 이어진 셈에 들어갔다는 뜻입니다. 서로 다른 답입니다.",
                "Recorded means that it stands on the ledger; counted means that the final count includes it. They are different answers.",
            ),
            About::PrivacyTitle => both(
                "이 화면이 다루는 정보",
                "What this page does with your data",
            ),
            About::PrivacyReceipt => both(
                "확인증은 이 기기를 떠나지 않습니다. 링크의 # 뒤에 담겨 웹 서버에도 전해지지 않습니다.",
                "Your receipt never leaves this device. In a link it sits after the #, which no web server sees.",
            ),
            About::PrivacyLookup => both(
                "노드에는 수많은 표가 든 블록 범위만 요청합니다. 어느 표를 찾는지는 알려 주지 않습니다.",
                "Nodes are asked for ranges of blocks with many ballots, never for yours.",
            ),
            About::PrivacyNothingKept => both(
                "언어 선택 말고는 아무것도 저장하지 않습니다.",
                "Nothing is stored except your choice of language.",
            ),
        }
    }
}
