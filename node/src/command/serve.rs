//! `node serve`: the application beside a municipality's CometBFT.

use clap::Args;
use node::ServeError;
use node::home::Home;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub struct Serve {
    /// The municipality's folder, as `node init` makes it
    #[arg(long)]
    home: PathBuf,
}

impl Serve {
    /// Whatever ends it is said in one line.
    pub fn run(self) -> ExitCode {
        let served = Home::open(&self.home)
            .map_err(ServeError::from)
            .and_then(|home| node::serve(&home));
        match served {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("The node stops: {error}.");
                ExitCode::FAILURE
            }
        }
    }
}
