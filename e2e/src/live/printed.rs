//! Printed cards, and what a camera sees of them.

use anyhow::{Context, Result, bail, ensure};
use node::rights::{Font, Imprint, Stock, print_cards};
use std::process::Command;
use tempfile::TempDir;
use verifier_core::prove::{SigningKey, public_key};
use verifier_core::{AssetId, Issue, Name, VotingRight};

/// A camera's picture.
const WIDTH: usize = 640;
const HEIGHT: usize = 480;
/// At this resolution a card, 96 × 70 mm, fills it.
const RESOLUTION: usize = 160;
/// A page's first card, from the upper left corner, and the way to the next: millimetres.
const FIRST: [usize; 2] = [9, 8];
const NEXT: [usize; 2] = [96, 70];
const COLUMNS: usize = 2;
const CARDS_PER_PAGE: usize = 8;

/// Cards whose rights are on the ledger.
pub struct Printed {
    pub(super) election: Name,
    pub(super) municipality: Name,
    /// In the order of the cards.
    pub rights: Vec<VotingRight>,
    pub stock: Stock,
    pub issues: Vec<Issue>,
}

impl Printed {
    /// The text in a card's code.
    pub fn text(&self, card: usize) -> Result<String> {
        Ok(self.right(card)?.to_text().to_string())
    }

    /// The asset of a card.
    pub fn asset(&self, card: usize) -> Result<AssetId> {
        let address = public_key(&SigningKey::from_bytes(&self.right(card)?.seed));
        let found = self.issues.iter().find_map(|issue| {
            let index = issue.addresses.iter().position(|a| *a == address)?;
            Some(AssetId {
                municipality: issue.municipality,
                batch: issue.batch,
                index: u16::try_from(index).ok()?,
            })
        });
        found.context("the card was not issued")
    }

    /// The file that is printed.
    pub fn file(&self) -> Result<Vec<u8>> {
        let imprint = Imprint {
            election: &self.election,
            municipality: &self.municipality,
        };
        let file = print_cards(&self.rights, &self.stock, imprint, &Font::find()?)?;
        Ok(file.to_vec())
    }

    /// A card held before a camera of 640 × 480: shades, row by row. The page is drawn by poppler.
    pub fn seen(&self, card: usize) -> Result<Vec<u8>> {
        let folder = TempDir::new()?;
        std::fs::write(folder.path().join("cards.pdf"), self.file()?)?;
        let (page, place) = (card / CARDS_PER_PAGE + 1, card % CARDS_PER_PAGE);
        let page = page.to_string();
        let drawn = Command::new("pdftoppm")
            .args(["-gray", "-singlefile", "-r", &RESOLUTION.to_string()])
            .args(["-f", &page, "-l", &page, "cards.pdf", "page"])
            .current_dir(folder.path())
            .status()
            .context("there is no pdftoppm: './x setup' installs poppler-utils")?;
        ensure!(drawn.success(), "pdftoppm: {drawn}");
        cut(&std::fs::read(folder.path().join("page.pgm"))?, place)
    }

    /// The same as a PNG.
    pub fn photo(&self, card: usize) -> Result<Vec<u8>> {
        let mut file = Vec::new();
        let (width, height) = (u32::try_from(WIDTH)?, u32::try_from(HEIGHT)?);
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.seen(card)?)?;
        writer.finish()?;
        Ok(file)
    }

    /// The same as a film of one frame, for Chrome's `--use-file-for-fake-video-capture`.
    pub fn film(&self, card: usize) -> Result<Vec<u8>> {
        let light = self.seen(card)?;
        let head = format!("YUV4MPEG2 W{WIDTH} H{HEIGHT} F5:1 Ip A1:1 C420jpeg\nFRAME\n");
        let mut film = head.into_bytes();
        let colour = vec![128; light.len() / 2];
        film.extend(light);
        film.extend(colour);
        Ok(film)
    }

    fn right(&self, card: usize) -> Result<&VotingRight> {
        self.rights.get(card).context("no such card")
    }
}

/// What a camera sees of the card at this place of a page, which is a binary PGM.
fn cut(page: &[u8], place: usize) -> Result<Vec<u8>> {
    let mut fields = page.splitn(4, u8::is_ascii_whitespace);
    ensure!(fields.next() == Some(b"P5".as_slice()), "no PGM");
    let mut number = || -> Result<usize> {
        let field = fields.next().context("no size")?;
        Ok(std::str::from_utf8(field)?.parse()?)
    };
    let (width, height) = (number()?, number()?);
    let Some(begin) = page.len().checked_sub(width * height) else {
        bail!("the picture is cut short")
    };
    let shades = page.get(begin..).context("no shades")?;
    let [left, top] = [place % COLUMNS, place / COLUMNS];
    let pixels =
        |first: usize, step: usize, count: usize| (first + step * count) * RESOLUTION * 10 / 254;
    let (left, top) = (
        pixels(FIRST[0], NEXT[0], left),
        pixels(FIRST[1], NEXT[1], top),
    );
    let mut seen = Vec::with_capacity(WIDTH * HEIGHT);
    for y in top..top + HEIGHT {
        for x in left..left + WIDTH {
            // Beyond the page there is the desk.
            let inside = x < width && y < height;
            let shade = inside.then(|| shades.get(y * width + x)).flatten();
            seen.push(shade.copied().unwrap_or(140));
        }
    }
    Ok(seen)
}
