//! People vote at a kiosk, while polls are open.

pub mod booth;
mod challenges;
mod forgets;
mod is_interrupted;
mod looks;
mod many;
mod printed;
mod refuses;
mod votes;

pub use looks::look as look_at;
pub use votes::{recorded_soon, recount_accepts};

use crate::stage::Stage;
use crate::visit::{BOTH, Reader};
use anyhow::Result;
use e2e::Polling;
use libtest_mimic::Trial;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// Cards for all tests that do not close the polls.
const RIGHTS: usize = 120;

/// The polls that most tests share.
static POLLS: OnceCell<Polling> = OnceCell::const_new();

/// The polls, opened by the first who asks.
pub async fn polls() -> Result<&'static Polling> {
    POLLS.get_or_try_init(|| Polling::open(RIGHTS)).await
}

pub fn trials(stage: &Arc<Stage>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for reader in BOTH {
        trials.extend([
            stage.visit("kiosk::votes_with_a_card", reader, votes::test),
            stage.visit(
                "kiosk::challenges_and_then_votes",
                reader,
                challenges::honest,
            ),
            stage.visit("kiosk::refuses_other_cards", reader, refuses::other_cards),
            stage.visit("kiosk::refuses_a_used_card", reader, refuses::used),
        ]);
    }
    let [phone, desk]: [Reader; 2] = BOTH;
    trials.extend([
        stage.visit(
            "kiosk::a_device_that_steals_votes_is_caught",
            desk,
            challenges::lying,
        ),
        stage.visit("kiosk::refuses_after_closing", desk, refuses::closed),
        stage.visit("kiosk::forgets_every_secret", desk, forgets::test),
        stage.visit(
            "kiosk::a_lost_answer_is_found_on_the_ledger",
            desk,
            is_interrupted::answer_lost,
        ),
        stage.visit(
            "kiosk::nothing_is_cast_that_no_node_takes",
            phone,
            is_interrupted::nothing_taken,
        ),
        stage.visit(
            "kiosk::reloading_midway_casts_nothing",
            desk,
            is_interrupted::reloaded,
        ),
        stage.visit(
            "kiosk::forgets_whoever_is_gone",
            phone,
            is_interrupted::timed_out,
        ),
        stage.visit("kiosk::many_vote_in_a_row", desk, many::test),
    ]);
    trials.extend(printed::trials(stage));
    for reader in Reader::all() {
        trials.push(stage.visit("kiosk::is_accessible", reader, looks::test));
    }
    trials
}
