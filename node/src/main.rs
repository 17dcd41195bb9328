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
    match Arguments::parse().command {
        Command::Devnet(devnet) => devnet.run().map(|()| ExitCode::SUCCESS),
        Command::Serve(serve) => Ok(serve.run()),
    }
}
