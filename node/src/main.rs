//! The node's command line.

mod command;

use clap::Parser;
use command::{Command, Devnet};

/// A municipality's node.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Devnet(devnet) => Devnet::run(*devnet),
        Command::Keys(keys) => keys.run(),
        Command::Init(init) => init.run(),
        Command::Card(card) => card.run(),
        Command::Rehearse(rehearse) => rehearse.run(),
        Command::Network(network) => network.run(),
    }
}
