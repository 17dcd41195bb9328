//! The node's command line.

mod command;

use clap::Parser;
use command::Command;
use std::process::ExitCode;

/// A municipality's node.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

fn main() -> anyhow::Result<ExitCode> {
    let done = |()| ExitCode::SUCCESS;
    match Arguments::parse().command {
        Command::Devnet(devnet) => devnet.run().map(done),
        Command::Serve(serve) => Ok(serve.run()),
        Command::Keys(keys) => keys.run().map(done),
        Command::Init(init) => init.run().map(done),
        Command::Card(card) => card.run().map(done),
        Command::Rehearse(rehearse) => rehearse.run().map(done),
        Command::Network(network) => network.run().map(done),
    }
}
