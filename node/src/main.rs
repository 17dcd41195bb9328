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
        Command::Serve(serve) => return Ok(serve.run()),
        Command::Devnet(devnet) => devnet.run(),
        Command::Archive(archive) => archive.run(),
        Command::Keys(keys) => keys.run(),
        Command::Init(init) => init.run(),
        Command::Card(card) => card.run(),
        Command::Rehearse(rehearse) => rehearse.run(),
        Command::Rights(rights) => rights.run(),
        Command::Turnout(turnout) => turnout.run(),
        Command::Network(network) => network.run(),
        Command::Registrar(registrar) => match registrar.run("serve")? {},
        Command::Roll(roll) => match roll.run("roll")? {},
    }?;
    Ok(ExitCode::SUCCESS)
}
