//! `node archive`: the ledger as a folder of static files, from a devnet's folder or from any node's RPC.

use super::now;
use anyhow::{Context, bail};
use clap::Args;
use node::archive::{Archive as Folder, Progress, Source};
use node::client::Client;
use node::devnet::{Archiving, Devnet};
use node::storage::{DATABASE_FILE, Store};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::path::{Path, PathBuf};
use verifier_core::rpc::{GenesisAnswer, StateQuery, decode_answer};
use verifier_core::{Request, TRUST_CARD_FILE, TrustCard};

#[derive(Args)]
pub struct Archive {
    /// Folder of the archive; one that is there already is gone on with
    #[arg(long)]
    out: PathBuf,
    /// Folder in which `node devnet --data` keeps its ledger
    #[arg(long, required_unless_present = "rpc", conflicts_with = "rpc")]
    data: Option<PathBuf>,
    /// Address of a node, for example http://127.0.0.1:26657
    #[arg(long)]
    rpc: Option<String>,
    /// The trust card that says where the election ends; by default the one that the node hands out
    #[arg(long, requires = "rpc")]
    card: Option<PathBuf>,
    /// Write decompression hints beside each bundle: 32 bytes for each point, which save a reader half of the work
    #[arg(long)]
    hints: bool,
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    result: &'a RawValue,
}

impl Archive {
    pub fn run(self) -> anyhow::Result<()> {
        let progress = match (&self.data, &self.rpc) {
            (Some(data), _) => self.of_store(data)?,
            (None, Some(url)) => self.of_node(&Client::new(url))?,
            (None, None) => bail!("neither --data nor --rpc"),
        };
        let Progress {
            bundles,
            last,
            ballots,
        } = progress;
        println!(
            "{}: {bundles} bundles, blocks 1 to {last}, {ballots} ballots",
            self.out.display()
        );
        Ok(())
    }

    fn of_store(&self, data: &Path) -> anyhow::Result<Progress> {
        if !data.join(DATABASE_FILE).is_file() {
            bail!("{} holds no ledger", data.display());
        }
        let store = Store::open(data).with_context(|| data.display().to_string())?;
        let Some(settings) = Devnet::settings_of(&store)? else {
            bail!(
                "{} is not a devnet's: beside CometBFT the blocks are CometBFT's, ask it with --rpc",
                data.display()
            );
        };
        let devnet = Devnet::open(store, &settings, now()?)?;
        let mut archiving = Archiving::open(&devnet, &self.out, self.hints)?;
        Ok(archiving.advance(&devnet, None)?)
    }

    fn of_node(&self, client: &Client) -> anyhow::Result<Progress> {
        let document = client.fetch(&Request::Genesis)?;
        let genesis: GenesisAnswer = decode_answer(&document)?;
        let genesis = genesis.genesis;
        let chain_id = genesis.chain_id.as_str();
        let mut folder = Folder::open(&self.out, chain_id, genesis.hash(), self.hints)?;
        let document: Answer<'_> = serde_json::from_slice(&document)?;
        folder.hand_out("genesis.json", document.result.get().as_bytes())?;
        let card = match &self.card {
            Some(path) => {
                Some(std::fs::read_to_string(path).with_context(|| path.display().to_string())?)
            }
            None => client.trust_card()?,
        };
        let end = self.hand_out_card(&folder, card.as_deref())?;
        let source = Source::Node(client);
        let latest = source.last()?;
        let ended = end.is_some_and(|end| latest >= end);
        let last = match end {
            Some(end) if ended => end.saturating_sub(1),
            // The commit of a header is settled once the next block holds it.
            _ => latest.saturating_sub(2),
        };
        folder.advance(&source, last, ended, |_| {})?;
        if ended {
            let totals: StateQuery = client.ask(&Request::Totals)?;
            folder.hand_out("totals.json", &totals.value)?;
        }
        Ok(folder.progress())
    }

    /// Writes the trust card, and gives the height of the final header if it names one.
    fn hand_out_card(&self, folder: &Folder, card: Option<&str>) -> anyhow::Result<Option<u64>> {
        let Some(card) = card else {
            return Ok(None);
        };
        folder.hand_out(TRUST_CARD_FILE, card.as_bytes())?;
        let card = TrustCard::parse(card.as_bytes()).context("the trust card")?;
        Ok(card.final_header.map(|header| header.height))
    }
}
