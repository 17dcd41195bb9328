//! Voting rights on paper, on both engines and in real time: printed at an office, held before a kiosk's camera, voted with, checked on another browser,
//! and recounted.

use super::votes::{before_camera, recorded_soon, recount_accepts};
use crate::stage::{Stage, dist, ensure};
use crate::visit::{BOTH, Reader, Visit};
use anyhow::Result;
use e2e::{LiveElection, Printed, Site, Times};
use libtest_mimic::Trial;
use node::office::Office;
use std::path::Path;
use std::sync::Arc;
use verifier_core::{Holder, Receipt, StateAnswer, StateQuestion, TrackingCode, TrustCard};

const MUNICIPALITIES: u16 = 4;
const BALLOTS: u32 = 12;
const CARDS: usize = 3;
const CANDIDATE: usize = 2;
/// The office whose cards they are, and a station beyond the engine's own.
const AT: u16 = 1;
const STATION: u16 = 1;
const TIMES: Times = Times {
    registration: 40,
    voting: 60,
};

pub fn trials(stage: &Arc<Stage>) -> [Trial; 2] {
    let no_network = e2e::programs().err();
    if let Some(error) = &no_network {
        eprintln!("{error} Nobody votes with a printed card on real nodes.");
    }
    let [phone, desk]: [Reader; 2] = BOTH;
    [
        stage.visit(
            "kiosk::votes_with_a_printed_card_on_the_embedded_engine",
            phone,
            async |visit: &Visit| {
                vote(
                    visit,
                    LiveElection::on_devnet(MUNICIPALITIES, BALLOTS, TIMES).await?,
                )
                .await
            },
        ),
        stage
            .visit(
                "kiosk::votes_with_a_printed_card_on_real_nodes",
                desk,
                async |visit: &Visit| {
                    vote(
                        visit,
                        LiveElection::on_network(MUNICIPALITIES, BALLOTS, TIMES).await?,
                    )
                    .await
                },
            )
            .with_ignored_flag(no_network.is_some() || crate::stage::what_is_missing().is_some()),
    ]
}

async fn vote(visit: &Visit, election: LiveElection) -> Result<()> {
    let printed = election.print_rights(AT, CARDS).await?;
    let film = printed.film(0)?;
    election.until_opening().await?;
    let site = site(&election.card).await?;
    let receipt = before_camera(visit, &site, &film, CANDIDATE).await?;
    let code = Receipt::parse(&receipt)?.tracking_code;
    let link = format!("#/check?r={receipt}");
    recorded_soon(visit, &site, &link).await?;
    election.check_in(AT, STATION, 1).await?;
    let ended = election.until_result().await?;
    recount_accepts(election.url(), &ended).await?;
    visit.browser.open_nothing().await?;
    visit
        .browser
        .open(&self::site(&ended).await?, &link)
        .await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "accepted", || verdict)?;
    let home = election.home(AT)?.to_path_buf();
    tokio::task::spawn_blocking(move || look_up(&ended, &home, &printed, code)).await?
}

async fn site(card: &TrustCard) -> Result<Site> {
    Site::start(dist(), Some(card.to_json().into_bytes())).await
}

/// The state under the final header: the first card is spent by its ballot, the others never were.
fn look_up(card: &TrustCard, home: &Path, printed: &Printed, code: TrackingCode) -> Result<()> {
    let file = home.join("final-card.json");
    std::fs::write(&file, card.to_json())?;
    let office = Office::open(home, None, Some(&file))?;
    for number in 0..CARDS {
        let asset = printed.asset(number)?;
        let answer = office.ask(StateQuestion::Right {
            municipality: asset.municipality,
            batch: asset.batch,
            holder: Holder::Index(asset.index),
        })?;
        let fits = match &answer {
            StateAnswer::SpentBy { code: by, .. } => number == 0 && *by == code,
            StateAnswer::Unspent { .. } => number != 0,
            _ => false,
        };
        ensure(fits, || format!("card {number}: {answer:?}"))?;
    }
    Ok(())
}
