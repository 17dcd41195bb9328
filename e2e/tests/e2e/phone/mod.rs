//! People vote from phones: a code by SMS, a right that nobody can link to them, the ballot.

mod hand;
mod is_refused;
mod looks;
mod votes;

use crate::stage::{Stage, what_is_missing};
use crate::visit::{BOTH, Reader};
use anyhow::Result;
use e2e::Phones;
use libtest_mimic::Trial;
use std::sync::Arc;
use tokio::sync::OnceCell;
use verifier_core::Seconds;

const PEOPLE: usize = 12;
/// Nobody votes in the shared election, so that its registration goes on for as long as tests do.
const LONG: Seconds = 3_000;

static TOWN: OnceCell<Phones> = OnceCell::const_new();

/// Registration that goes on, shared by tests that do not vote.
pub async fn town() -> Result<&'static Phones> {
    TOWN.get_or_try_init(|| Phones::open(PEOPLE, LONG, LONG))
        .await
}

pub fn trials(stage: &Arc<Stage>) -> Vec<Trial> {
    let no_network = e2e::programs().err();
    if let Some(error) = &no_network {
        eprintln!("{error} Nobody votes from a phone on real nodes.");
    }
    let [phone, desk]: [Reader; 2] = BOTH;
    let on_real_nodes = stage.visit("phone::votes_on_real_nodes", phone, votes::on_real_nodes);
    let mut trials = vec![
        on_real_nodes.with_ignored_flag(no_network.is_some() || what_is_missing().is_some()),
        stage.visit("phone::votes_with_a_right_of_its_own", phone, votes::test),
        stage.visit("phone::challenges_and_then_votes", desk, votes::challenges),
        stage.visit("phone::somebody_not_on_the_roll", phone, is_refused::nobody),
        stage.visit("phone::wrong_codes", phone, is_refused::wrong_code),
        stage.visit("phone::a_second_right", desk, is_refused::second_device),
        stage.visit("phone::a_registrar_that_is_down", phone, is_refused::down),
        stage.visit("phone::reloads_at_every_stage", phone, votes::reloads),
        stage.visit("phone::only_the_slip", desk, is_refused::only_the_slip),
    ];
    for reader in Reader::all() {
        trials.push(stage.visit("phone::is_accessible", reader, looks::test));
    }
    trials
}
