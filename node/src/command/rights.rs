//! `node rights`: voting rights on paper for a polling station.

use anyhow::Context;
use clap::{Args, value_parser};
use node::office::Office;
use node::rights::{Font, Imprint, Stock, draw_rights, issue_rights, print_cards};
use rand_core::OsRng;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The cards' file holds secrets: its owner reads it, and nobody else.
const MODE: u32 = 0o600;

#[derive(Args)]
pub struct Rights {
    /// The municipality's folder with its registrar's key
    #[arg(long)]
    home: PathBuf,
    /// Address of the node to send to; by default the home's own
    #[arg(long)]
    rpc: Option<String>,
    /// The trust card to believe; by default the home's, or else the one that the node hands out
    #[arg(long)]
    trust_card: Option<PathBuf>,
    /// How many voting rights
    #[arg(long, value_parser = value_parser!(u32).range(1..=20_000))]
    count: u32,
    /// Folder for cards.pdf and stock.csv, which must not be there yet
    #[arg(long)]
    out: PathBuf,
    /// A font with Korean letters, if not the one that this machine has
    #[arg(long)]
    font: Option<PathBuf>,
}

impl Rights {
    /// Nothing is issued before it is clear that the cards can be printed.
    pub fn run(self) -> anyhow::Result<()> {
        let font = match &self.font {
            Some(path) => Font::read(path)?,
            None => Font::find()?,
        };
        let office = Office::open(&self.home, self.rpc.as_deref(), self.trust_card.as_deref())?;
        let count = usize::try_from(self.count)?;
        std::fs::create_dir_all(&self.out).with_context(|| self.out.display().to_string())?;
        let mut cards = new_file(&self.out.join("cards.pdf"))?;
        let mut list = new_file(&self.out.join("stock.csv"))?;
        let contract = &office.card.contract;
        let rights = draw_rights(office.card.genesis, contract.id(), count, &mut OsRng);
        let stock = Stock::draw(count, &mut OsRng);
        let imprint = Imprint {
            election: &contract.title,
            municipality: &office.named()?.name,
        };
        let printed = print_cards(&rights, &stock, imprint, &font)?;
        let issues = issue_rights(&office, &rights, &mut OsRng).inspect_err(|_| self.clear())?;
        cards.write_all(&printed)?;
        cards.sync_all()?;
        list.write_all(stock.to_csv().as_bytes())?;
        list.sync_all()?;
        let batches: Vec<String> = issues.iter().map(|issue| issue.batch.to_string()).collect();
        println!(
            "{count} voting rights of {} are on the ledger, in {} {}; their cards are in {}",
            imprint.municipality.en,
            if batches.len() == 1 {
                "batch"
            } else {
                "batches"
            },
            batches.join(", "),
            self.out.join("cards.pdf").display()
        );
        println!(
            "The cards' keys are in that file and nowhere else: print it, then destroy it. A lost card is not replaced; its right stays unspent, which everybody can check."
        );
        Ok(())
    }
}

impl Rights {
    /// Removes the files, which are empty still: these cards are never printed.
    fn clear(&self) {
        for name in ["cards.pdf", "stock.csv"] {
            // Whoever tries again is told if it is still there.
            let _ = std::fs::remove_file(self.out.join(name));
        }
    }
}

fn new_file(path: &Path) -> anyhow::Result<File> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(MODE)
        .open(path);
    file.with_context(|| path.display().to_string())
}
