//! Reading a QR code from pixels. Pure, so that it is tested without a browser.

/// Why a picture gave no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QrFault {
    #[error("the file is not a picture that this browser can open")]
    NotAPicture,
    #[error("the picture holds no QR code")]
    NoCode,
    #[error("the QR code is damaged or blurred")]
    Unreadable,
}

/// A picture in shades of grey, one byte a pixel, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    width: usize,
    height: usize,
    grey: Vec<u8>,
}

impl Pixels {
    /// From four bytes a pixel: red, green, blue, opacity. Transparent pixels count as white.
    pub fn from_rgba(width: u32, rgba: &[u8]) -> Self {
        let width = usize::try_from(width).unwrap_or(0);
        let grey: Vec<u8> = rgba.chunks_exact(4).map(grey).collect();
        let height = grey.len().checked_div(width).unwrap_or(0);
        Self {
            width,
            height,
            grey,
        }
    }

    fn at(&self, x: usize, y: usize) -> u8 {
        let index = y.saturating_mul(self.width).saturating_add(x);
        self.grey.get(index).copied().unwrap_or(u8::MAX)
    }
}

fn grey(pixel: &[u8]) -> u8 {
    let &[red, green, blue, opacity] = pixel else {
        return u8::MAX;
    };
    if opacity < 128 {
        return u8::MAX;
    }
    let luma = (u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114) / 1000;
    u8::try_from(luma).unwrap_or(u8::MAX)
}

/// The text of the first QR code in the picture that can be read.
///
/// # Errors
/// If there is no code, or none that can be read.
pub fn read_code(pixels: &Pixels) -> Result<String, QrFault> {
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(pixels.width, pixels.height, |x, y| {
            pixels.at(x, y)
        });
    let grids = image.detect_grids();
    if grids.is_empty() {
        return Err(QrFault::NoCode);
    }
    grids
        .iter()
        .find_map(|grid| grid.decode().ok())
        .map(|(_, text)| text)
        .ok_or(QrFault::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use qrcode::{Color, EcLevel, QrCode};

    const TEXT: &str = "CHG1-ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    fn picture(text: &str, scale: usize) -> Pixels {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let colours = code.to_colors();
        let side = (code.width() + 8) * scale;
        let mut rgba = vec![255; side * side * 4];
        for y in 0..side {
            for x in 0..side {
                let (column, row) = ((x / scale).wrapping_sub(4), (y / scale).wrapping_sub(4));
                let inside = column < code.width() && row < code.width();
                if inside && colours[row * code.width() + column] == Color::Dark {
                    rgba[(y * side + x) * 4..][..3].fill(20);
                }
            }
        }
        Pixels::from_rgba(u32::try_from(side).unwrap(), &rgba)
    }

    #[test]
    fn reads_a_code_that_was_drawn() {
        assert_eq!(read_code(&picture(TEXT, 5)), Ok(TEXT.to_owned()));
    }

    #[test]
    fn says_that_a_picture_holds_no_code() {
        let white = Pixels::from_rgba(60, &[255; 60 * 60 * 4]);
        assert_eq!(read_code(&white), Err(QrFault::NoCode));
        assert_eq!(read_code(&Pixels::from_rgba(0, &[])), Err(QrFault::NoCode));
    }
}
