//! `node turnout`: how many people have checked in at a station.

use clap::Args;
use node::office::Office;
use node::turnout::certify;
use std::path::PathBuf;

#[derive(Args)]
pub struct Turnout {
    /// The municipality's folder with its registrar's key
    #[arg(long)]
    home: PathBuf,
    /// The observer's key file, or the folder of the home that holds it
    #[arg(long)]
    observer: PathBuf,
    /// Address of the node to send to; by default the home's own
    #[arg(long)]
    rpc: Option<String>,
    /// The trust card to believe; by default the home's, or else the one that the node hands out
    #[arg(long)]
    trust_card: Option<PathBuf>,
    /// The station's number; stations are numbered from 0 without a gap
    #[arg(long)]
    station: u16,
    /// How many people have checked in there so far, those of earlier certificates included
    #[arg(long)]
    checked_in: u32,
}

impl Turnout {
    pub fn run(self) -> anyhow::Result<()> {
        let office = Office::open(&self.home, self.rpc.as_deref(), self.trust_card.as_deref())?;
        let observer = office.observer(&self.observer)?;
        let certified = certify(&office, &observer, self.station, self.checked_in)?;
        println!(
            "{} people at station {} of {}: certificate {} of the station, in block {}",
            certified.certificate.checked_in,
            self.station,
            office.named()?.name.en,
            certified.certificate.sequence.saturating_add(1),
            certified.height
        );
        Ok(())
    }
}
