//! One card: the code, whose card it is, how it is used. Lengths are in millimetres, sizes of letters in points.

use super::font::Letters;
use super::sheet::{Imprint, SheetError};
use super::text::Phrase;
use pdf_writer::{Content, Name as PdfName, Str};
use qrcode::{Color, EcLevel, QrCode};
use verifier_core::{VOTING_RIGHT_PREFIX, VotingRight};
use zeroize::Zeroizing;

/// A card is this large.
pub(super) const CARD_WIDTH: f32 = 96.0;
pub(super) const CARD_HEIGHT: f32 = 70.0;
/// The code with the white around it that a camera needs.
const CODE: f32 = 42.0;
const QUIET: u16 = 4;
const EDGE: f32 = 4.0;
const COLUMN: f32 = 47.0;
/// Distance of lines, for a letter's size of one.
const LEADING: f32 = 0.43;
/// Names that need more lines are written smaller.
const NAME_LINES: usize = 2;
/// The code in letters is written in groups.
const GROUP: usize = 4;

/// In the file's own unit.
pub(super) fn millimetres(length: f32) -> f32 {
    length * 72.0 / 25.4
}

/// A card's place, and what stands on every card.
pub(super) struct Card<'a> {
    pub letters: &'a Letters<'a>,
    pub imprint: Imprint<'a>,
    pub left: f32,
    pub top: f32,
}

impl Card<'_> {
    /// Draws one card.
    pub fn draw(
        &self,
        content: &mut Content,
        right: &VotingRight,
        serial: &str,
    ) -> Result<(), SheetError> {
        let text = right.to_text();
        self.draw_code(content, &text)?;
        self.draw_column(content, serial);
        self.draw_foot(content, &text);
        Ok(())
    }

    /// The QR code: one rectangle for each run of dark modules.
    fn draw_code(&self, content: &mut Content, text: &str) -> Result<(), SheetError> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
        let modules = Zeroizing::new(
            code.to_colors()
                .iter()
                .map(|color| u8::from(*color == Color::Dark))
                .collect::<Vec<u8>>(),
        );
        let width = code.width();
        let side = u16::try_from(width).unwrap_or(0) + 2 * QUIET;
        let module = millimetres(CODE) / f32::from(side);
        content.save_state().transform([
            module,
            0.0,
            0.0,
            -module,
            millimetres(self.left + EDGE - 1.0) + module * f32::from(QUIET),
            millimetres(self.top - 2.0) - module * f32::from(QUIET),
        ]);
        for (row, modules) in (0u16..).zip(modules.chunks(width.max(1))) {
            for (column, length) in runs(modules) {
                content.rect(f32::from(column), f32::from(row), f32::from(length), 1.0);
            }
        }
        content.fill_nonzero().restore_state();
        Ok(())
    }

    fn draw_column(&self, content: &mut Content, serial: &str) {
        let width = CARD_WIDTH - COLUMN - EDGE;
        let (title, use_it, stock) = (
            Phrase::Card.both(),
            Phrase::Use.both(),
            Phrase::Stock.both(),
        );
        let (election, municipality) = (self.imprint.election, self.imprint.municipality);
        let at = self.lines(content, [COLUMN, 7.0], 11.0, width, title.ko);
        let at = self.lines(content, [COLUMN, at - 0.5], 7.0, width, title.en);
        let at = self.name(content, [COLUMN, at + 1.2], 8.0, width, &election.ko);
        let at = self.name(content, [COLUMN, at], 6.5, width, &election.en);
        let both = format!("{} · {}", municipality.ko, municipality.en);
        let at = self.name(content, [COLUMN, at + 0.5], 7.5, width, &both);
        let at = self.lines(content, [COLUMN, at + 0.8], 6.0, width, use_it.ko);
        self.lines(content, [COLUMN, at], 6.0, width, use_it.en);
        let label = format!("{} · {}  {serial}", stock.ko, stock.en);
        self.lines(content, [COLUMN, 43.0], 6.5, width, &label);
    }

    fn draw_foot(&self, content: &mut Content, text: &str) {
        let width = CARD_WIDTH - 2.0 * EDGE;
        let mut at = 48.0;
        for phrase in [Phrase::Secret, Phrase::Type] {
            let both = phrase.both();
            at = self.lines(content, [EDGE, at], 6.0, width, both.ko);
            at = self.lines(content, [EDGE, at], 6.0, width, both.en);
            at += 0.5;
        }
        let grouped = grouped(text);
        self.lines(content, [EDGE, at], 5.8, width, &grouped);
    }

    /// A name that somebody else chose: smaller where it would take too many lines.
    fn name(&self, content: &mut Content, at: [f32; 2], size: f32, width: f32, text: &str) -> f32 {
        let fits = |size: &f32| {
            let lines = self.letters.lines(text, *size, millimetres(width));
            let narrow = |line: &String| self.letters.width(line, *size) <= millimetres(width);
            lines.len() <= NAME_LINES && lines.iter().all(narrow)
        };
        let smaller = [1.0, 0.85, 0.7, 0.55, 0.4, 0.3].map(|part| size * part);
        let size = smaller.iter().find(|size| fits(size)).copied();
        self.lines(content, at, size.unwrap_or(1.5), width, text)
    }

    /// Writes a text from this place on, counted from the card's upper left corner. Says where the next line would be.
    fn lines(&self, content: &mut Content, at: [f32; 2], size: f32, width: f32, text: &str) -> f32 {
        let [x, mut y] = at;
        for words in self.letters.lines(text, size, millimetres(width)) {
            let place = [self.left + x, self.top - y];
            line(content, self.letters, place, size, &words);
            y += size * LEADING;
        }
        y
    }
}

/// Writes one line at a place of the page.
pub(super) fn line(
    content: &mut Content,
    letters: &Letters<'_>,
    at: [f32; 2],
    size: f32,
    words: &str,
) {
    let [x, y] = at.map(millimetres);
    let encoded = Zeroizing::new(letters.encode(words));
    content
        .begin_text()
        .set_font(PdfName(b"F"), size)
        .next_line(x, y)
        .show(Str(&encoded))
        .end_text();
}

/// First module and length of every run of dark modules.
fn runs(modules: &[u8]) -> Vec<(u16, u16)> {
    let mut runs: Vec<(u16, u16)> = Vec::new();
    for (column, _) in (0..).zip(modules).filter(|(_, dark)| **dark == 1) {
        match runs.last_mut() {
            Some((first, length)) if *first + *length == column => *length += 1,
            _ => runs.push((column, 1)),
        }
    }
    runs
}

/// The code with a blank after every few letters behind its prefix.
fn grouped(text: &str) -> Zeroizing<String> {
    let mut grouped = Zeroizing::new(String::with_capacity(text.len() * 2));
    for (number, letter) in text.chars().enumerate() {
        let after = number.checked_sub(VOTING_RIGHT_PREFIX.len());
        if after.is_some_and(|after| after > 0 && after % GROUP == 0) {
            grouped.push(' ');
        }
        grouped.push(letter);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use verifier_core::{ContractId, GenesisHash};

    #[test]
    fn runs_cover_the_dark_modules_and_no_others() {
        assert_eq!(runs(&[1, 1, 0, 1, 0, 0, 1]), [(0, 2), (3, 1), (6, 1)]);
        assert_eq!(runs(&[0, 0]), []);
    }

    #[test]
    fn the_letters_of_a_card_can_be_typed_as_they_are_grouped() {
        let right = VotingRight::new(GenesisHash([1; 32]), ContractId([2; 32]), [3; 32]);
        assert_eq!(VotingRight::parse(&grouped(&right.to_text())), Ok(right));
    }
}
