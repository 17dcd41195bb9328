//! A font with Korean letters, from this machine; of it the cards' file holds only the glyphs that stand on them.

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Finish, Name, Pdf, Rect, Ref, Str};
use skrifa::instance::{LocationRef, Size};
use skrifa::raw::FileRef;
use skrifa::{FontRef, MetadataProvider, Tag};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use subsetter::GlyphRemapper;

/// Where systems keep such fonts; `./x setup` installs the first.
const PLACES: [&str; 6] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/nanum/NanumGothic.ttf",
    "/usr/share/fonts/truetype/unfonts-core/UnDotum.ttf",
    "/Library/Fonts/NanumGothic.ttf",
];
const KOREAN: char = '가';
/// A glyph's width is told in thousandths of the font's size.
const EM: f32 = 1000.0;
const BASE_FONT: Name<'static> = Name(b"CHAMGW+Cards");
const SYSTEM: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// Why there is no font to print with.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    #[error(
        "no font with Korean letters was found: install one (Debian: fonts-noto-cjk), or name a file with --font"
    )]
    Nowhere,
    #[error("{}: {error}", path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("{} is no font with Korean letters", path.display())]
    NotKorean { path: PathBuf },
    #[error("the font has no letter {0:?}")]
    Letter(char),
    #[error("the font cannot be embedded: {0}")]
    Subset(String),
}

/// A font's file, and which of the fonts in it is meant.
pub struct Font {
    data: Vec<u8>,
    index: u32,
}

impl Font {
    /// The first of the usual ones that is there.
    pub fn find() -> Result<Self, FontError> {
        let path = PLACES.iter().map(Path::new).find(|path| path.is_file());
        Self::read(path.ok_or(FontError::Nowhere)?)
    }

    /// The font in this file, or the first with Korean letters in this collection.
    pub fn read(path: &Path) -> Result<Self, FontError> {
        let data = std::fs::read(path).map_err(|error| FontError::Read {
            path: path.into(),
            error,
        })?;
        let korean = |font: FontRef<'_>| font.charmap().map(KOREAN).is_some();
        let fonts = FileRef::new(&data).ok().map(|file| {
            let mut fonts = file.fonts();
            fonts.position(|font| font.is_ok_and(korean))
        });
        match fonts.flatten().and_then(|at| u32::try_from(at).ok()) {
            Some(index) => Ok(Self { data, index }),
            None => Err(FontError::NotKorean { path: path.into() }),
        }
    }
}

#[derive(Clone, Copy)]
struct Glyph {
    /// Its number in the file that is written.
    id: u16,
    width: f32,
}

/// The glyphs of all letters that stand on the cards.
pub(super) struct Letters<'f> {
    font: &'f Font,
    face: FontRef<'f>,
    glyphs: BTreeMap<char, Glyph>,
    chosen: GlyphRemapper,
}

/// The five objects of an embedded font.
#[derive(Clone, Copy)]
pub(super) struct FontObjects {
    pub font: Ref,
    pub descendant: Ref,
    pub descriptor: Ref,
    pub unicode: Ref,
    pub data: Ref,
}

impl<'f> Letters<'f> {
    /// The glyphs of these letters.
    pub fn of(font: &'f Font, letters: impl IntoIterator<Item = char>) -> Result<Self, FontError> {
        let face = FontRef::from_index(&font.data, font.index)
            .map_err(|error| FontError::Subset(error.to_string()))?;
        let (charmap, metrics) = (
            face.charmap(),
            face.glyph_metrics(Size::new(EM), LocationRef::default()),
        );
        let (mut glyphs, mut chosen) = (BTreeMap::new(), GlyphRemapper::new());
        for letter in letters {
            let old = charmap.map(letter).ok_or(FontError::Letter(letter))?;
            let width = metrics.advance_width(old).unwrap_or(0.0);
            let old = u16::try_from(old.to_u32()).map_err(|_| FontError::Letter(letter))?;
            let id = chosen.remap(old);
            glyphs.insert(letter, Glyph { id, width });
        }
        Ok(Self {
            font,
            face,
            glyphs,
            chosen,
        })
    }

    /// How wide a line is at this size.
    pub fn width(&self, line: &str, size: f32) -> f32 {
        let widths = line.chars().filter_map(|letter| self.glyphs.get(&letter));
        widths.map(|glyph| glyph.width).sum::<f32>() * size / EM
    }

    /// The line as the file's text has it: two bytes a glyph.
    pub fn encode(&self, line: &str) -> Vec<u8> {
        let glyphs = line.chars().filter_map(|letter| self.glyphs.get(&letter));
        glyphs.flat_map(|glyph| glyph.id.to_be_bytes()).collect()
    }

    /// Breaks a text at its blanks, and words that are too long within, into lines that are not wider.
    pub fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let words = text.split_whitespace();
        for part in words.flat_map(|word| self.parts(word, size, width)) {
            match lines.last_mut() {
                Some(line) if self.width(&format!("{line} {part}"), size) <= width => {
                    line.push(' ');
                    line.push_str(&part);
                }
                _ => lines.push(part),
            }
        }
        lines
    }

    /// A word in parts that are not wider.
    fn parts(&self, word: &str, size: f32, width: f32) -> Vec<String> {
        let mut parts: Vec<String> = Vec::new();
        for letter in word.chars() {
            match parts.last_mut() {
                Some(part) if self.width(&format!("{part}{letter}"), size) <= width => {
                    part.push(letter);
                }
                _ => parts.push(letter.into()),
            }
        }
        parts
    }

    /// Writes the font into the file.
    pub fn embed(&self, pdf: &mut Pdf, at: FontObjects) -> Result<(), FontError> {
        let subset = subsetter::subset(&self.font.data, self.font.index, &self.chosen)
            .map_err(|error| FontError::Subset(format!("{error:?}")))?;
        let outlines = FontRef::new(&subset).ok();
        let compact = outlines.and_then(|face| face.table_data(Tag::new(b"CFF ")));
        let compact = compact.as_ref().map(|table| table.as_bytes());
        self.write_font(pdf, at, compact.is_some());
        self.write_descriptor(pdf, at, compact.is_some());
        match compact {
            Some(outlines) => {
                let mut stream = pdf.stream(at.data, outlines);
                stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
            }
            None => {
                let length = i32::try_from(subset.len()).unwrap_or(i32::MAX);
                pdf.stream(at.data, &subset).pair(Name(b"Length1"), length);
            }
        }
        let mut unicode = UnicodeCmap::new(Name(b"Letters"), SYSTEM);
        for (letter, glyph) in &self.glyphs {
            unicode.pair(glyph.id, *letter);
        }
        pdf.cmap(at.unicode, &unicode.finish());
        Ok(())
    }

    fn write_font(&self, pdf: &mut Pdf, at: FontObjects, compact: bool) {
        pdf.type0_font(at.font)
            .base_font(BASE_FONT)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(at.descendant)
            .to_unicode(at.unicode);
        let mut font = pdf.cid_font(at.descendant);
        font.subtype(if compact {
            CidFontType::Type0
        } else {
            CidFontType::Type2
        });
        font.base_font(BASE_FONT)
            .system_info(SYSTEM)
            .font_descriptor(at.descriptor)
            .default_width(0.0);
        if !compact {
            font.cid_to_gid_map_predefined(Name(b"Identity"));
        }
        let mut widths = font.widths();
        for glyph in self.glyphs.values() {
            widths.consecutive(glyph.id, [glyph.width]);
        }
        widths.finish();
    }

    fn write_descriptor(&self, pdf: &mut Pdf, at: FontObjects, compact: bool) {
        let metrics = self.face.metrics(Size::new(EM), LocationRef::default());
        let bounds = metrics.bounds.unwrap_or_default();
        let mut descriptor = pdf.font_descriptor(at.descriptor);
        descriptor
            .name(BASE_FONT)
            .flags(FontFlags::SYMBOLIC)
            .bbox(Rect::new(
                bounds.x_min,
                bounds.y_min,
                bounds.x_max,
                bounds.y_max,
            ))
            .italic_angle(0.0)
            .ascent(metrics.ascent)
            .descent(metrics.descent)
            .cap_height(metrics.cap_height.unwrap_or(metrics.ascent))
            .stem_v(80.0);
        if compact {
            descriptor.font_file3(at.data);
        } else {
            descriptor.font_file2(at.data);
        }
    }
}
