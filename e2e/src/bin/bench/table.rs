//! The one table that everything ends in.

use anyhow::{Context, Result};
use std::collections::BTreeMap;

/// Numbers of candidates.
pub const CANDIDATES: [usize; 4] = [2, 4, 8, 16];

/// Medians by what was measured and the number of candidates, and what there is one number of.
#[derive(Default)]
pub struct Table {
    rates: BTreeMap<(Row, usize), f64>,
    missing: BTreeMap<Row, String>,
    lines: Vec<(String, String)>,
}

/// A row of the table, in order. All but the last are ballots per second and core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    Native,
    NativeHinted,
    NativeSingle,
    Chromium,
    ChromiumHinted,
    Wide,
    WideHinted,
    Peer,
    PeerChromium,
    Belenios,
    Bytes,
}

impl Row {
    const ALL: [Self; 11] = [
        Self::Native,
        Self::NativeHinted,
        Self::NativeSingle,
        Self::Chromium,
        Self::ChromiumHinted,
        Self::Wide,
        Self::WideHinted,
        Self::Peer,
        Self::PeerChromium,
        Self::Belenios,
        Self::Bytes,
    ];

    fn title(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::NativeHinted => "native, with hints",
            Self::NativeSingle => "native, one by one",
            Self::Chromium => "Chromium",
            Self::ChromiumHinted => "Chromium, with hints",
            Self::Wide => "Chromium, wide arithmetic",
            Self::WideHinted => "Chromium, wide arithmetic and hints",
            Self::Peer => "`elastic-elgamal`, native, proofs only",
            Self::PeerChromium => "`elastic-elgamal`, Chromium, proofs only",
            Self::Belenios => "`belenios-tool`, native, 2048 bits",
            Self::Bytes => "bytes a ballot",
        }
    }
}

impl Table {
    pub fn set(&mut self, row: Row, candidates: usize, median: f64) {
        self.rates.insert((row, candidates), median);
    }

    /// Says why a row has no numbers.
    pub fn lacks(&mut self, row: Row, why: String) {
        self.missing.insert(row, why);
    }

    /// One more number, for below.
    pub fn say(&mut self, what: impl Into<String>, number: impl Into<String>) {
        self.lines.push((what.into(), number.into()));
    }

    pub fn get(&self, row: Row, candidates: usize) -> Option<f64> {
        self.rates.get(&(row, candidates)).copied()
    }

    /// The median of several runs.
    pub fn median(mut runs: Vec<f64>) -> Result<f64> {
        runs.sort_by(f64::total_cmp);
        runs.get(runs.len() / 2)
            .copied()
            .context("nothing was measured")
    }

    /// In Markdown.
    pub fn print(mut self) {
        self.compare();
        if !self.rates.is_empty() {
            println!("\n| ballots per second, one core; candidates: | 2 | 4 | 8 | 16 |");
            println!("|---|---|---|---|---|");
        }
        for row in Row::ALL {
            let cells = CANDIDATES.map(|candidates| self.get(row, candidates));
            if cells.iter().any(Option::is_some) {
                let cells =
                    cells.map(|cell| cell.map_or("–".to_owned(), |cell| format!("{cell:.0}")));
                println!("| {} | {} |", row.title(), cells.join(" | "));
            } else if let Some(why) = self.missing.get(&row) {
                println!("| {} | not measured: {why} ||||", row.title());
            }
        }
        if !self.lines.is_empty() {
            println!("\n| | |\n|---|---|");
        }
        for (what, number) in &self.lines {
            println!("| {what} | {number} |");
        }
    }

    fn compare(&mut self) {
        let ratio = |row, peer| Some(self.get(row, 4)? / self.get(peer, 4)?);
        let ratios = [
            ("Chromium", ratio(Row::Chromium, Row::PeerChromium)),
            ("native", ratio(Row::Native, Row::Peer)),
        ];
        for (place, ratio) in ratios {
            if let Some(ratio) = ratio {
                self.say(
                    format!("times `elastic-elgamal`, {place}, 4 candidates"),
                    format!("{ratio:.1}"),
                );
            }
        }
    }
}
