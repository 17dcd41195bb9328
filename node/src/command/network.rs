//! `node keys`, `node init`, `node card`: the making of a network.

use anyhow::{Context, bail};
use clap::Args;
use node::client::Client;
use node::network::{
    Description, OwnKeys, Plan, Purpose, trust_card, with_final_header, write_homes,
};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};
use verifier_core::Seconds;

#[derive(Args)]
pub struct Keys {
    /// New folder for the keys: the municipality's home
    #[arg(long)]
    out: PathBuf,
}

#[derive(Args)]
pub struct Init {
    /// The network's file; node/network.example.toml explains it
    file: PathBuf,
    /// New folder for the homes
    #[arg(long)]
    out: PathBuf,
    /// Draw the keys that the file does not give: one machine plays all municipalities
    #[arg(long)]
    rehearsal: bool,
}

#[derive(Args)]
pub struct Card {
    /// Address of a node, for example http://127.0.0.1:26657; the first one that answers is asked
    #[arg(long, required = true)]
    rpc: Vec<String>,
    /// The network's folder, made by `node init`
    #[arg(long)]
    network: PathBuf,
    /// Name the final header: the election is over
    #[arg(long = "final")]
    ended: bool,
}

impl Keys {
    pub fn run(self) -> anyhow::Result<()> {
        let keys = OwnKeys::draw(true)?;
        keys.write(&self.out)?;
        print!("{}", keys.public().to_toml());
        eprintln!(
            "These are the public halves: they go into network.toml, below the municipality's name. The secret ones are in {}: keep a copy offline, show them to nobody.",
            self.out.display()
        );
        Ok(())
    }
}

impl Init {
    pub fn run(self) -> anyhow::Result<()> {
        let file = self.file.display();
        let text = std::fs::read_to_string(&self.file).with_context(|| file.to_string())?;
        let plan = Plan::parse(&text).with_context(|| file.to_string())?;
        let purpose = if self.rehearsal {
            Purpose::Rehearsal
        } else {
            Purpose::Election
        };
        let made = write_homes(&plan, &self.out, purpose, now()?)?;
        println!(
            "{} homes in {}\ngenesis hash {}\ncontract id  {}\nCompare both with the other municipalities before anything is started.",
            made.nodes.len(),
            self.out.display(),
            made.genesis,
            made.contract.id()
        );
        Ok(())
    }
}

impl Card {
    pub fn run(self) -> anyhow::Result<()> {
        let description = Description::read(&self.network)?;
        let mut refusals = Vec::new();
        for url in &self.rpc {
            let node = Client::new(url);
            let card = trust_card(&description, &node).and_then(|card| {
                if self.ended {
                    with_final_header(card, &node)
                } else {
                    Ok(card)
                }
            });
            match card {
                Ok(card) => {
                    print!("{}", card.to_json());
                    return Ok(());
                }
                Err(error) => refusals.push(format!("{url}: {error}")),
            }
        }
        bail!("no node gave a trust card: {}", refusals.join("; "))
    }
}

/// Seconds since 1970.
pub fn now() -> anyhow::Result<Seconds> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Ok(since.context("the clock is before 1970")?.as_secs())
}
