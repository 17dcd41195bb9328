//! The registrar's command line.

mod command;

use clap::Parser;
use command::Command;

/// A municipality's registrar: who is on the roll gets one voting right, under an address that nobody learns.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Serve(serve) => serve.run(),
        Command::Roll(roll) => roll.run(),
    }
}
