//! What machines, networks and attackers do to municipalities' nodes, with real processes: every fault while ballots flow, each ballot counted
//! before and after it.
//!
//! The faults share this machine, so that they come one after the other; most share one election, whose network stands in namespaces of its own
//! where that is permitted. What cannot be done here says `skipped: ` and why.

mod arena;
mod book;
mod count;
mod flood;
mod full_disk;
mod kills;
mod namespaces;
mod partition;
mod signs_twice;
mod stage;
mod stopped;
mod table;
mod voters;

use libtest_mimic::Arguments;
use stage::Stage;
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // They share the machine.
    arguments.test_threads = Some(1);
    let stage = Arc::new(Stage::new());
    let trials = vec![
        stopped::fewer_than_a_third(&stage),
        stopped::more_than_a_third(&stage),
        full_disk::trial(&stage),
        partition::minority(&stage),
        partition::halves(&stage),
        signs_twice::trial(&stage),
        flood::trial(&stage),
        kills::trial(&stage),
    ];
    let conclusion = libtest_mimic::run(&arguments, trials);
    stage.close();
    conclusion.exit_code()
}
