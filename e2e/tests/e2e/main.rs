//! All of it in one binary: one election, one driver and a few browsers are set up once and stopped at the end.

mod lies_natively;
mod stage;

use libtest_mimic::{Arguments, Trial};
use stage::Stage;
use std::process::ExitCode;
use std::sync::Arc;

/// Browsers that run at the same time, unless `--test-threads` says otherwise.
const THREADS: usize = 3;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(THREADS);
    let stage = Arc::new(Stage::new());
    let conclusion = libtest_mimic::run(&arguments, trials(&stage));
    stage.close();
    conclusion.exit_code()
}

fn trials(stage: &Arc<Stage>) -> Vec<Trial> {
    lies_natively::trials(stage)
}
