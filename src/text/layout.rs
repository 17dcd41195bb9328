//! Sentences of the frame around every page.

use super::{Both, both};
use crate::route::Route;

/// Parts of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    SkipLink,
    Masthead,
    MastheadLabel,
    Brand,
    BrandLine,
    Menu,
    CloseMenu,
    Navigation,
    OtherLanguage,
    FooterPromise,
    FooterIndependence,
    FooterDigest,
    FooterLinks,
    UnknownPage,
    UnknownPageNext,
    BackHome,
}

impl From<Layout> for Both {
    fn from(part: Layout) -> Self {
        match part {
            Layout::SkipLink => both("본문 바로가기", "Skip to the content"),
            Layout::Masthead => both(
                "검증은 이 기기 안에서만 이루어지며, 확인증은 외부로 전송되지 않습니다.",
                "Everything is verified on this device. Your receipt is never sent anywhere.",
            ),
            Layout::MastheadLabel => both("확인하는 곳", "Where it is verified"),
            Layout::Brand => both("참관", "Chamgwan"),
            Layout::BrandLine => both("선거 검증 창구", "Election verification"),
            Layout::Menu => both("메뉴", "Menu"),
            Layout::CloseMenu => both("닫기", "Close"),
            Layout::Navigation => both("주 메뉴", "Main menu"),
            Layout::OtherLanguage => both("English", "한국어"),
            Layout::FooterPromise => both(
                "참관은 누구의 말도 믿지 않고 원장을 직접 검증하는 공개 프로그램입니다.",
                "Chamgwan is open software that takes nobody's word and verifies the ledger itself.",
            ),
            Layout::FooterIndependence => both(
                "어느 기관의 공식 판정도 아닙니다. 같은 자료로 누구나 같은 결과를 다시 얻을 수 있습니다.",
                "It is no authority's official finding. Anyone can obtain the same result from the same data.",
            ),
            Layout::FooterDigest => both("이 프로그램의 지문", "Digest of this program"),
            Layout::FooterLinks => both("바로가기", "Links"),
            Layout::UnknownPage => both("찾으시는 화면이 없습니다", "There is no such page"),
            Layout::UnknownPageNext => both(
                "주소가 바뀌었거나 잘못 입력되었습니다. 처음 화면에서 다시 시작해 주십시오.",
                "The address has changed or was mistyped. Please start again from the first page.",
            ),
            Layout::BackHome => both("처음 화면으로", "To the first page"),
        }
    }
}

/// The name of a page, as in menus and in the window's title.
#[derive(Clone, Copy, Debug)]
pub struct PageName<'a>(pub &'a Route);

impl From<PageName<'_>> for Both {
    fn from(PageName(route): PageName<'_>) -> Self {
        match route {
            Route::Home => both("처음", "Home"),
            Route::Check(_) => both("내 표 확인", "Check my ballot"),
            Route::Rights => both("투표권 확인", "My voting right"),
            Route::Kiosk => both("투표소 기기", "Kiosk"),
            Route::Vote => both("휴대전화 투표", "Vote by phone"),
            Route::Live => both("투표 현황", "Live turnout"),
            Route::Recount => both("전체 재검표", "Recount"),
            Route::Nodes => both("노드 현황", "Nodes"),
            Route::SelfTest => both("자체 점검", "Self-test"),
            Route::About => both("증명의 범위", "What it proves"),
            Route::Unknown => both("없는 화면", "No such page"),
        }
    }
}
