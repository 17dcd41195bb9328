//! Nodes that run and do not reach each other.

use crate::arena::{Arena, CATCH_UP};
use crate::count::{Count, Counting};
use crate::stage::{Stage, without_namespaces};
use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use std::sync::Arc;
use std::time::Duration;

/// What was under way when the network was cut may still arrive.
const UNDER_WAY: Duration = Duration::from_secs(2);
const CUT: Duration = Duration::from_secs(8);

pub fn minority(stage: &Arc<Stage>) -> Trial {
    stage.on_network(
        "a_partitioned_minority_finalises_nothing_and_catches_up",
        "one of four cut off",
        without_namespaces(),
        one_of_four,
    )
}

pub fn halves(stage: &Arc<Stage>) -> Trial {
    stage.on_network(
        "neither_half_of_a_split_network_goes_on",
        "split two against two",
        without_namespaces(),
        two_of_four,
    )
}

fn one_of_four(arena: &mut Arena) -> Result<(String, Count)> {
    let counting = Counting::begin(arena);
    arena.goes_on(2)?;
    cut(arena, &[3])?;
    arena.watch(UNDER_WAY);
    let alone = arena.height(3).context("the node does not answer")?;
    let before = arena.top();
    arena.watch(CUT);
    let still = arena.height(3).context("the node does not answer")?;
    let others = arena.top();
    ensure!(still == alone, "alone it went on from {alone} to {still}");
    ensure!(others > before, "the others did not go on from {before}");
    heal(arena, &[3])?;
    let took = arena.catches_up(3)?;
    let what = format!(
        "no block of its own for {} s, {} of the others; it caught up in {:.1} s",
        CUT.as_secs(),
        others - before,
        took.as_secs_f64()
    );
    Ok((what, counting.end(arena, 3)?))
}

fn two_of_four(arena: &mut Arena) -> Result<(String, Count)> {
    let counting = Counting::begin(arena);
    arena.goes_on(2)?;
    cut(arena, &[2, 3])?;
    arena.watch(UNDER_WAY);
    let halted = heights(arena);
    arena.watch(CUT);
    let still = heights(arena);
    ensure!(
        still == halted,
        "the halves went on from {halted:?} to {still:?}"
    );
    heal(arena, &[2, 3])?;
    let top = arena.top();
    let took = arena.wait_until("the election resumes", CATCH_UP, |arena| arena.top() > top)?;
    let what = format!(
        "no block in either half for {} s; the next one {:.1} s after healing; one ledger",
        CUT.as_secs(),
        took.as_secs_f64()
    );
    Ok((what, counting.end(arena, 2)?))
}

fn heights(arena: &Arena) -> Vec<Option<u64>> {
    (0..arena.nodes.len())
        .map(|index| arena.height(index))
        .collect()
}

fn cut(arena: &Arena, apart: &[usize]) -> Result<()> {
    let namespaces = arena.namespaces.as_ref();
    namespaces.context("no namespaces")?.cut(apart)
}

fn heal(arena: &Arena, apart: &[usize]) -> Result<()> {
    let namespaces = arena.namespaces.as_ref();
    namespaces.context("no namespaces")?.heal(apart)
}
