//! The printed cards, as a camera sees them: every page is drawn as a picture by poppler, and every code in it is read.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use node::rights::{CARDS_PER_PAGE, Font, Imprint, Stock, draw_rights, print_cards};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use rqrr::PreparedImage;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
use verifier_core::prove::{SigningKey, public_key};
use verifier_core::{ContractId, GenesisHash, Name, VotingRight};

const CARDS: usize = 19;

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
fn pages(folder: &Path, resolution: u32) -> Vec<(usize, usize, Vec<u8>)> {
    let drawn = Command::new("pdftoppm")
        .args(["-gray", "-r", &resolution.to_string(), "cards.pdf", "page"])
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

fn codes((width, height, shades): &(usize, usize, Vec<u8>)) -> Vec<String> {
    let at = |x: usize, y: usize| shades[y * width + x];
    let mut picture = PreparedImage::prepare_from_greyscale(*width, *height, at);
    let grids = picture.detect_grids();
    grids.iter().map(|grid| grid.decode().unwrap().1).collect()
}

#[test]
fn every_code_of_every_page_is_read_and_is_the_right_of_one_card() {
    if let Some(sentence) = what_is_missing() {
        eprintln!("{sentence} The cards are not looked at.");
        return;
    }
    let printed = print(
        &name("경기도 시범 선거", "Gyeonggi-do demonstration election"),
        &name("수원시", "Suwon"),
    );
    let pages = pages(printed.folder.path(), 150);
    assert_eq!(pages.len(), CARDS.div_ceil(CARDS_PER_PAGE));
    let read: Vec<String> = pages.iter().flat_map(codes).collect();
    assert_eq!(read.len(), CARDS);
    let read: BTreeSet<String> = read.into_iter().collect();
    let printed: BTreeSet<String> = printed
        .rights
        .iter()
        .map(|r| r.to_text().to_string())
        .collect();
    assert_eq!(read, printed);
}

/// Of the page, a camera of 640 × 480 sees one card: 96 × 70 mm.
#[test]
fn a_card_that_fills_a_picture_of_640_by_480_is_read() {
    if let Some(sentence) = what_is_missing() {
        eprintln!("{sentence} The cards are not looked at.");
        return;
    }
    let printed = print(&name("선거", "Election"), &name("가평군", "Gapyeong"));
    let pages = pages(printed.folder.path(), 160);
    let (width, _, shades) = &pages[0];
    // From the first card's corner, at (9, 8.5) mm.
    let (left, top) = (9 * 160 / 25, 8 * 160 / 25);
    let picture: Vec<u8> = (0..480)
        .flat_map(|y| (0..640).map(move |x| (x, y)))
        .map(|(x, y)| shades[(top + y) * width + left + x])
        .collect();
    let expected = printed.rights[0].to_text().to_string();
    assert_eq!(codes(&(640, 480, picture)), [expected]);
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
    let read: Vec<String> = pages(printed.folder.path(), 150)
        .iter()
        .flat_map(codes)
        .collect();
    assert_eq!(read.len(), CARDS);
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
