//! Pictures as a phone takes them: a QR code on a desk, a little turned, badly lit, with noise; or the desk alone.

use anyhow::{Context, Result};
use qrcode::{Color, EcLevel, QrCode};

const SIDE: i64 = 1100;
/// Pixels a module.
const MODULE: i64 = 8;
/// Modules of paper around the code.
const QUIET: i64 = 4;
/// Cosine and sine of the angle, times 85.
const TURN: (i64, i64, i64) = (84, 13, 85);

/// A photo of the text's QR code, as a PNG.
pub fn photo_of_code(text: &str) -> Result<Vec<u8>> {
    encode(&code_on_desk(text)?)
}

/// A photo of a desk, as a PNG.
pub fn photo_of_desk() -> Result<Vec<u8>> {
    encode(&photo(|x, y| {
        if (x / 90 + y / 130) % 2 == 0 {
            120
        } else {
            160
        }
    })?)
}

/// The photo with a strip torn out of its middle, as a PNG: the code's finder patterns are there, its data is not.
///
/// # Errors
/// If it is no photo of this module's making.
pub fn torn(photo: &[u8]) -> Result<Vec<u8>> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(photo)).read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().context("too large")?];
    reader.next_frame(&mut pixels)?;
    let side = usize::try_from(SIDE)?;
    let middle = side * 9 / 20..side * 11 / 20;
    for (y, row) in pixels.chunks_exact_mut(side).enumerate() {
        if middle.contains(&y) {
            row.fill(140);
        }
    }
    encode(&pixels)
}

/// One frame of a camera that is held over the text's QR code, as a Y4M film.
pub fn film_of_code(text: &str) -> Result<Vec<u8>> {
    let light = code_on_desk(text)?;
    let mut film = format!("YUV4MPEG2 W{SIDE} H{SIDE} F5:1 Ip A1:1 C420jpeg\nFRAME\n").into_bytes();
    let colour = vec![128; light.len() / 2];
    film.extend(light);
    film.extend(colour);
    Ok(film)
}

/// The shades of a photo of the text's QR code.
fn code_on_desk(text: &str) -> Result<Vec<u8>> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let width = i64::try_from(code.width())?;
    let modules = code.to_colors();
    photo(|x, y| {
        let (column, row) = (
            x.div_euclid(MODULE) + width / 2,
            y.div_euclid(MODULE) + width / 2,
        );
        let on_code = (0..width).contains(&column) && (0..width).contains(&row);
        let paper =
            (-QUIET..width + QUIET).contains(&column) && (-QUIET..width + QUIET).contains(&row);
        let module = usize::try_from(row * width + column)
            .ok()
            .and_then(|at| modules.get(at));
        match module {
            Some(Color::Dark) if on_code => 40,
            _ if paper => 225,
            _ => 140,
        }
    })
}

/// A picture of what has these shades around its centre, row by row.
fn photo(shade: impl Fn(i64, i64) -> i64) -> Result<Vec<u8>> {
    let (cosine, sine, whole) = TURN;
    let mut noise: u32 = 1;
    let mut pixels = Vec::new();
    for y in -SIDE / 2..SIDE / 2 {
        for x in -SIDE / 2..SIDE / 2 {
            let (u, v) = (
                (cosine * x + sine * y) / whole,
                (cosine * y - sine * x) / whole,
            );
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let grain = i64::from(noise >> 28) - 8;
            let light = (x + y) / 50;
            pixels.push(u8::try_from((shade(u, v) + grain + light).clamp(0, 255))?);
        }
    }
    Ok(pixels)
}

fn encode(pixels: &[u8]) -> Result<Vec<u8>> {
    let side = u32::try_from(SIDE).context("side")?;
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(file)
}
