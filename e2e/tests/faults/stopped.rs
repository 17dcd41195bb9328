//! Nodes that are gone: fewer than a third are not missed, more stop the election until they are back.

use crate::arena::{Arena, CATCH_UP};
use crate::count::{Count, Counting};
use crate::stage::Stage;
use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use std::sync::Arc;
use std::time::Duration;

/// How long the network is watched while it must not go on.
const HALT: Duration = Duration::from_secs(8);

pub fn fewer_than_a_third(stage: &Arc<Stage>) -> Trial {
    stage.on_network(
        "the_election_goes_on_with_one_of_four_nodes_stopped",
        "one of four stopped",
        None,
        one_of_four,
    )
}

pub fn more_than_a_third(stage: &Arc<Stage>) -> Trial {
    stage.on_network(
        "the_election_halts_with_two_of_four_nodes_stopped_and_resumes_without_a_fork",
        "two of four stopped",
        None,
        two_of_four,
    )
}

fn one_of_four(arena: &mut Arena) -> Result<(String, Count)> {
    let counting = Counting::begin(arena);
    arena.goes_on(2)?;
    arena.pair(1)?.kill();
    let before = arena.top();
    arena.goes_on(6)?;
    let blocks = arena.top() - before;
    arena.pair(1)?.start()?;
    let took = arena.catches_up(1)?;
    let what = format!(
        "{blocks} blocks without it; it caught up in {:.1} s",
        took.as_secs_f64()
    );
    Ok((what, counting.end(arena, 1)?))
}

fn two_of_four(arena: &mut Arena) -> Result<(String, Count)> {
    let counting = Counting::begin(arena);
    arena.goes_on(2)?;
    arena.pair(2)?.kill();
    arena.pair(3)?.kill();
    // A block whose votes were all there may still come.
    arena.watch(Duration::from_secs(2));
    let halted = arena.top();
    arena.watch(HALT);
    ensure!(
        arena.top() == halted,
        "half of the validators went on from {halted} to {}",
        arena.top()
    );
    arena.pair(2)?.start()?;
    arena.pair(3)?.start()?;
    let took = arena.wait_until("the election resumes", CATCH_UP, |arena| {
        arena.top() > halted
    })?;
    let what = format!(
        "no block for {} s; the next one {:.1} s after both were back; one ledger",
        HALT.as_secs(),
        took.as_secs_f64()
    );
    Ok((what, counting.end(arena, 3)?))
}
