//! The printed cards, as a camera sees them: every page is drawn as a picture by poppler, and every code in it is read.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use node::rights::{CARDS_PER_PAGE, Font, Imprint, Stock, draw_rights, print_cards};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use rqrr::PreparedImage;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
use verifier_core::prove::{SigningKey, public_key};
use verifier_core::{ContractId, GenesisHash, Name, VotingRight};

const CARDS: usize = 19;
/// At so many dots an inch a card fills a camera's picture of 640 × 480.
const RESOLUTION: usize = 160;

/// What these tests need and do not find, as a sentence.
fn what_is_missing() -> Option<String> {
    if let Err(error) = Font::find() {
        return Some(error.to_string());
    }
    let poppler = Command::new("pdftoppm").arg("-v").output();
    poppler
        .err()
        .map(|_| "There is no pdftoppm: './x setup' installs poppler-utils.".into())
}

fn name(ko: &str, en: &str) -> Name {
    Name {
        ko: ko.into(),
        en: en.into(),
    }
}

struct Printed {
    folder: TempDir,
    rights: Vec<VotingRight>,
    stock: Stock,
    file: Vec<u8>,
}

fn print(election: &Name, municipality: &Name) -> Printed {
    let mut rng = ChaCha20Rng::seed_from_u64(7);
    let (genesis, contract) = (GenesisHash([1; 32]), ContractId([2; 32]));
    let rights = draw_rights(genesis, contract, CARDS, &mut rng);
    let stock = Stock::draw(CARDS, &mut rng);
    let imprint = Imprint {
        election,
        municipality,
    };
    let file = print_cards(&rights, &stock, imprint, &Font::find().unwrap()).unwrap();
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("cards.pdf"), &*file).unwrap();
    Printed {
        folder,
        rights,
        stock,
        file: file.to_vec(),
    }
}

/// The pages as grey pictures: width, height, shades.
fn pages(folder: &Path) -> Vec<(usize, usize, Vec<u8>)> {
    let drawn = Command::new("pdftoppm")
        .args(["-gray", "-r", &RESOLUTION.to_string(), "cards.pdf", "page"])
        .current_dir(folder)
        .status();
    assert!(drawn.unwrap().success());
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "pgm"))
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| grey_picture(&std::fs::read(file).unwrap()))
        .collect()
}

/// Reads a binary PGM with shades of one byte.
fn grey_picture(file: &[u8]) -> (usize, usize, Vec<u8>) {
    let mut fields = file.splitn(4, |byte| byte.is_ascii_whitespace());
    assert_eq!(fields.next().unwrap(), b"P5");
    let mut number = || -> usize {
        let field = std::str::from_utf8(fields.next().unwrap()).unwrap();
        field.parse().unwrap()
    };
    let (width, height) = (number(), number());
    (width, height, file[file.len() - width * height..].to_vec())
}

/// What a camera of 640 × 480 reads that sees this card of a page, and nothing else that is on it.
fn code((width, height, shades): &(usize, usize, Vec<u8>), place: usize) -> String {
    let pixels = |millimetres: usize| millimetres * RESOLUTION * 10 / 254;
    // A card is 96 × 70 mm; the first is 9 and 8.5 mm from the corner.
    let (left, top) = (pixels(9 + place % 2 * 96), pixels(8 + place / 2 * 70));
    let at = |x: usize, y: usize| {
        let (x, y) = (left + x, top + y);
        let inside = x < *width && y < *height && x < left + pixels(96) && y < top + pixels(71);
        if inside { shades[y * width + x] } else { 140 }
    };
    let mut picture = PreparedImage::prepare_from_greyscale(640, 480, at);
    let grids = picture.detect_grids();
    let mut read = grids.iter().filter_map(|grid| grid.decode().ok());
    let (_, text) = read.next().unwrap();
    assert!(read.next().is_none());
    text
}

/// The codes of all cards, in the order of the pages.
fn codes(printed: &Printed) -> Vec<String> {
    let pages = pages(printed.folder.path());
    assert_eq!(pages.len(), CARDS.div_ceil(CARDS_PER_PAGE));
    (0..CARDS)
        .map(|card| code(&pages[card / CARDS_PER_PAGE], card % CARDS_PER_PAGE))
        .collect()
}

fn texts(printed: &Printed) -> Vec<String> {
    let rights = printed.rights.iter();
    rights.map(|right| right.to_text().to_string()).collect()
}

#[test]
fn a_camera_reads_every_card_and_reads_its_own_right() {
    if let Some(sentence) = what_is_missing() {
        eprintln!("{sentence} The cards are not looked at.");
        return;
    }
    let printed = print(
        &name("경기도 시범 선거", "Gyeonggi-do demonstration election"),
        &name("수원시", "Suwon"),
    );
    assert_eq!(codes(&printed), texts(&printed));
}

#[test]
fn names_of_any_length_leave_the_codes_readable() {
    if let Some(sentence) = what_is_missing() {
        eprintln!("{sentence} The cards are not looked at.");
        return;
    }
    let printed = print(
        &name(&"긴 이름 ".repeat(18), &"a rather long name ".repeat(10)),
        &name(&"자치단체".repeat(16), &"m".repeat(200)),
    );
    assert_eq!(codes(&printed), texts(&printed));
}

#[test]
fn the_list_for_stock_keeping_and_the_file_name_no_address() {
    if Font::find().is_err() {
        eprintln!("There is no Korean font: nothing is printed.");
        return;
    }
    let printed = print(&name("선거", "Election"), &name("가평군", "Gapyeong"));
    let list = printed.stock.to_csv();
    assert_eq!(list.lines().count(), CARDS + 1);
    let file = String::from_utf8_lossy(&printed.file).into_owned();
    for right in &printed.rights {
        let address = public_key(&SigningKey::from_bytes(&right.seed)).to_string();
        assert!(!list.contains(&address) && !file.contains(&address));
        assert!(!list.contains(right.to_text().as_str()));
    }
}
