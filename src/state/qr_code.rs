//! QR codes: drawing one as squares, and reading one from pixels. Pure, so that it is tested without a browser.

pub use caster::{Pixels, QrFault, read_code as read};
use qrcode::{Color, EcLevel, QrCode};

/// A QR code as the outline of its dark squares, one unit a module, with the quiet zone that scanners need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// Units along each side.
    pub side: usize,
    /// The `d` of an SVG path.
    pub path: String,
}

/// Draws `text`; `None` if it is too long for any QR code.
pub fn draw(text: &str) -> Option<Drawing> {
    const QUIET: usize = 4;
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let path = code
        .to_colors()
        .iter()
        .enumerate()
        .filter(|(_, colour)| **colour == Color::Dark)
        .map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET))
        .collect();
    Some(Drawing {
        side: width + 2 * QUIET,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "CHG1-ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    #[test]
    fn draws_every_dark_square_inside_the_quiet_zone() {
        let drawing = draw(TEXT).unwrap();
        assert!(drawing.path.starts_with("M4 4h1v1h-1z"));
        assert!(drawing.side >= 29);
        assert_eq!(draw(&"x".repeat(5000)), None);
    }
}
