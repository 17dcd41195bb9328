//! All of it in one binary: one election, one driver and a few browsers are set up once and stopped at the end.

mod bad_input;
mod every_page;
mod forks_natively;
mod journalist;
mod kiosk;
mod lies_in_the_page;
mod lies_natively;
mod live;
mod phone;
mod rights;
mod stage;
mod visit;
mod voter;
mod witnesses;

use libtest_mimic::{Arguments, Failed, Trial};
use stage::{Stage, what_is_missing};
use std::process::ExitCode;
use std::sync::Arc;

/// Tests that run at the same time, unless `--test-threads` says otherwise; several of them only wait.
const THREADS: usize = 3;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(THREADS);
    if let Some(sentence) = what_is_missing() {
        eprintln!("{sentence} The tests at a browser are left out.");
    }
    let stage = Arc::new(Stage::new());
    let conclusion = libtest_mimic::run(&arguments, trials(&stage));
    stage.close();
    conclusion.exit_code()
}

fn trials(stage: &Arc<Stage>) -> Vec<Trial> {
    let everything_is_there =
        || what_is_missing().map_or(Ok(()), |sentence| Err(Failed::from(sentence)));
    let mut trials = vec![Trial::test(
        "page_browser_and_axe_are_there",
        everything_is_there,
    )];
    trials.extend(lies_natively::trials(stage));
    trials.extend(forks_natively::trials(stage));
    trials.extend(voter::trials(stage));
    trials.extend(journalist::trials(stage));
    trials.extend(rights::trials(stage));
    trials.extend(live::trials(stage));
    trials.extend(kiosk::trials(stage));
    trials.extend(phone::trials(stage));
    trials.extend(bad_input::trials(stage));
    trials.extend(lies_in_the_page::trials(stage));
    trials.extend(witnesses::trials(stage));
    trials.extend(every_page::trials(stage));
    trials
}
