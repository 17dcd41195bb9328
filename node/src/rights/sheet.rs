//! The print-ready file: A4 pages with eight cards each, and marks to cut them along.

use super::card::{CARD_HEIGHT, CARD_WIDTH, Card, millimetres};
use super::font::{Font, FontError, FontObjects, Letters};
use super::stock::Stock;
use super::text::{Phrase, footer};
use pdf_writer::{Content, Finish, Name as PdfName, Pdf, Rect, Ref, TextStr};
use std::collections::BTreeSet;
use verifier_core::{Name, VotingRight};
use zeroize::Zeroizing;

const COLUMNS: u8 = 2;
const ROWS: u8 = 4;
/// Cards on a page.
pub const CARDS_PER_PAGE: usize = 8;
/// A4.
const PAGE_WIDTH: f32 = 210.0;
const PAGE_HEIGHT: f32 = 297.0;
/// A cut mark's length, and its distance from the cards.
const MARK: f32 = 4.0;
const GAP: f32 = 1.5;
/// The footer's distance from the page's edge, and from the first cut mark.
const FOOTER: f32 = 3.0;
const FOOTER_SIZE: f32 = 6.0;
/// Everything that a serial, a code and a page number are written with.
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/· ";
/// Objects before those of the pages.
const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const INFORMATION: Ref = Ref::new(3);
const FONT: FontObjects = FontObjects {
    font: Ref::new(4),
    descendant: Ref::new(5),
    descriptor: Ref::new(6),
    unicode: Ref::new(7),
    data: Ref::new(8),
};
const FIRST_PAGE: i32 = 9;

/// Why no file could be made.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    #[error(transparent)]
    Font(#[from] FontError),
    #[error("a code cannot be drawn: {0}")]
    Code(#[from] qrcode::types::QrError),
    #[error("{0} cards are too many for one file")]
    TooMany(usize),
}

/// What stands on every card.
#[derive(Clone, Copy, Debug)]
pub struct Imprint<'a> {
    pub election: &'a Name,
    pub municipality: &'a Name,
}

/// The file with a card for each right, in their order, which is that of the serials.
pub fn print_cards(
    rights: &[VotingRight],
    stock: &Stock,
    imprint: Imprint<'_>,
    font: &Font,
) -> Result<Zeroizing<Vec<u8>>, SheetError> {
    let letters = Letters::of(font, letters_of(imprint))?;
    let sheets: Vec<&[VotingRight]> = rights.chunks(CARDS_PER_PAGE).collect();
    let count = i32::try_from(sheets.len()).map_err(|_| SheetError::TooMany(rights.len()))?;
    // All of it at once: where a list grows, it leaves what it held behind.
    let mut pdf = Pdf::with_capacity(sheets.len().saturating_mul(PAGE_BYTES) + FONT_BYTES);
    pdf.catalog(CATALOG).pages(PAGES);
    pdf.document_info(INFORMATION)
        .title(TextStr("투표권 카드 · Voting cards"));
    let objects = |number: i32| {
        (
            Ref::new(FIRST_PAGE + 2 * number),
            Ref::new(FIRST_PAGE + 2 * number + 1),
        )
    };
    pdf.pages(PAGES)
        .kids((0..count).map(|number| objects(number).0))
        .count(count);
    letters.embed(&mut pdf, FONT)?;
    for ((number, first), sheet) in (0..).zip((0..).step_by(CARDS_PER_PAGE)).zip(&sheets) {
        let (page, content) = objects(number);
        begin_page(&mut pdf, page, content);
        let serials = (first..).map(|card| stock.serial(card));
        let mut drawn = draw_sheet(&letters, imprint, sheet, serials)?;
        let number = usize::try_from(number).unwrap_or(0);
        let line = footer(imprint.municipality, number + 1, sheets.len());
        let at = [left_of(0) + FOOTER, FOOTER];
        super::card::line(&mut drawn, &letters, at, FOOTER_SIZE, &line);
        let drawn = Zeroizing::new(drawn.finish().into_vec());
        pdf.stream(content, &drawn);
    }
    Ok(Zeroizing::new(pdf.finish()))
}

/// More than a page of cards takes, and than the font does.
const PAGE_BYTES: usize = 160 * 1024;
const FONT_BYTES: usize = 1024 * 1024;

fn begin_page(pdf: &mut Pdf, page: Ref, content: Ref) {
    let mut page = pdf.page(page);
    page.parent(PAGES)
        .media_box(Rect::new(
            0.0,
            0.0,
            millimetres(PAGE_WIDTH),
            millimetres(PAGE_HEIGHT),
        ))
        .contents(content);
    page.resources().fonts().pair(PdfName(b"F"), FONT.font);
    page.finish();
}

fn draw_sheet(
    letters: &Letters<'_>,
    imprint: Imprint<'_>,
    rights: &[VotingRight],
    serials: impl Iterator<Item = String>,
) -> Result<Content, SheetError> {
    let mut content = Content::with_capacity(PAGE_BYTES);
    draw_marks(&mut content);
    let places = (0..ROWS).flat_map(|row| (0..COLUMNS).map(move |column| (column, row)));
    for ((right, serial), (column, row)) in rights.iter().zip(serials).zip(places) {
        let card = Card {
            letters,
            imprint,
            left: left_of(column),
            top: top_of(row),
        };
        card.draw(&mut content, right, &serial)?;
    }
    Ok(content)
}

fn left_of(column: u8) -> f32 {
    (PAGE_WIDTH - CARD_WIDTH * f32::from(COLUMNS)) / 2.0 + CARD_WIDTH * f32::from(column)
}

/// From the page's lower edge.
fn top_of(row: u8) -> f32 {
    (PAGE_HEIGHT + CARD_HEIGHT * f32::from(ROWS)) / 2.0 - CARD_HEIGHT * f32::from(row)
}

/// Marks in the margins at every cut, and small crosses where two cuts meet between the cards.
fn draw_marks(content: &mut Content) {
    let (left, right) = (left_of(0), left_of(COLUMNS));
    let (top, bottom) = (top_of(0), top_of(ROWS));
    content.set_line_width(0.4).set_stroke_gray(0.0);
    for column in 0..=COLUMNS {
        let x = left_of(column);
        stroke(content, [x, top + GAP], [x, top + GAP + MARK]);
        stroke(content, [x, bottom - GAP], [x, bottom - GAP - MARK]);
    }
    for row in 0..=ROWS {
        let y = top_of(row);
        stroke(content, [left - GAP, y], [left - GAP - MARK, y]);
        stroke(content, [right + GAP, y], [right + GAP + MARK, y]);
    }
    for row in 1..ROWS {
        for column in 1..COLUMNS {
            let (x, y) = (left_of(column), top_of(row));
            stroke(content, [x - GAP, y], [x + GAP, y]);
            stroke(content, [x, y - GAP], [x, y + GAP]);
        }
    }
}

fn stroke(content: &mut Content, from: [f32; 2], to: [f32; 2]) {
    let [x, y] = from.map(millimetres);
    content.move_to(x, y);
    let [x, y] = to.map(millimetres);
    content.line_to(x, y).stroke();
}

/// Every letter that stands on some card.
fn letters_of(imprint: Imprint<'_>) -> BTreeSet<char> {
    let phrases = Phrase::ALL.map(Phrase::both);
    let phrases = phrases.iter().flat_map(|both| [both.ko, both.en]);
    let names = [imprint.election, imprint.municipality];
    let names = names
        .iter()
        .flat_map(|name| [name.ko.as_str(), name.en.as_str()]);
    let all = phrases.chain(names).chain([LETTERS]);
    all.flat_map(str::chars).collect()
}
