//! `node registrar`, `node roll`: the registrar's service is a program of its own, which lies beside this one.

use anyhow::Context;
use clap::Args;
use std::convert::Infallible;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

const PROGRAM: &str = "registrar";

/// Everything after the command's name is the other program's.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub struct Registrar {
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "OPTION"
    )]
    rest: Vec<OsString>,
}

impl Registrar {
    /// Becomes the other program, with one of its commands.
    pub fn run(self, command: &str) -> anyhow::Result<Infallible> {
        let own = std::env::current_exe().context("where this program lies")?;
        let program = own.with_file_name(PROGRAM);
        let error = Command::new(&program).arg(command).args(self.rest).exec();
        Err(error).with_context(|| {
            let path = program.display();
            format!("{path}: `cargo build --release -p registrar` puts it there")
        })
    }
}
