//! Voting rights on paper, on both engines and in real time: printed at an office, seen by a camera, voted with, and looked for in the ledger's state.

use crate::stage::{Stage, ensure};
use anyhow::{Context, Result, bail};
use e2e::{LiveElection, Printed, Times};
use libtest_mimic::Trial;
use node::client::{Client, Taken};
use node::office::Office;
use node::rehearsal::Follower;
use rand_core::OsRng;
use std::sync::Arc;
use std::time::{Duration, Instant};
use verifier_core::prove::{BallotProver, SigningKey, public_key, sign_body};
use verifier_core::{
    Action, Body, GenesisState, Holder, Outcome, StateAnswer, StateQuestion, TrackingCode,
    TrustCard,
};

const MUNICIPALITIES: u16 = 4;
const BALLOTS: u32 = 12;
const CARDS: usize = 3;
/// The office whose cards they are, and a station beyond the engine's own.
const AT: u16 = 1;
const STATION: u16 = 1;
const TIMES: Times = Times {
    registration: 40,
    voting: 40,
};
const GLANCE: Duration = Duration::from_millis(200);
const PATIENCE: Duration = Duration::from_secs(60);

pub fn trials(stage: &Arc<Stage>) -> Vec<Trial> {
    let no_network = e2e::programs().err();
    if let Some(error) = &no_network {
        eprintln!("{error} Cards are not voted with on real nodes.");
    }
    vec![
        stage.trial("cards::on_the_embedded_engine", async |_| {
            vote_with_a_card(LiveElection::on_devnet(MUNICIPALITIES, BALLOTS, TIMES).await?).await
        }),
        stage
            .trial("cards::on_real_nodes", async |_| {
                vote_with_a_card(LiveElection::on_network(MUNICIPALITIES, BALLOTS, TIMES).await?)
                    .await
            })
            .with_ignored_flag(no_network.is_some()),
    ]
}

async fn vote_with_a_card(election: LiveElection) -> Result<()> {
    let printed = election.print_rights(AT, CARDS).await?;
    for card in 0..CARDS {
        let film = printed.film(card)?;
        ensure(film.len() > 640 * 480, || {
            format!("the film of card {card}")
        })?;
    }
    election.until_opening().await?;
    election.check_in(AT, STATION, 1).await?;
    let (card, url) = (election.card.clone(), election.url().to_owned());
    let (printed, code) = tokio::task::spawn_blocking(move || cast(&card, &url, printed)).await??;
    let card = election.until_result().await?;
    let home = election.home(AT)?.to_path_buf();
    tokio::task::spawn_blocking(move || look_up(&card, &home, &printed, code)).await?
}

/// Casts the first card's ballot, encrypted under keys that the ledger's own transactions give.
fn cast(card: &TrustCard, url: &str, printed: Printed) -> Result<(Printed, TrackingCode)> {
    let registrars = card.contract.municipalities.iter().map(|m| m.registrar);
    let state = GenesisState::new(registrars.collect());
    let mut follower = Follower::new(card.genesis, state);
    let node = Client::new(url);
    follower.read(std::slice::from_ref(&node))?;
    let keys = follower.election().complete_key_set();
    let prover = BallotProver::new(keys.context("the keys are not complete")?.ballot_keys());
    let right = printed.rights.first().context("no card")?;
    let key = SigningKey::from_bytes(&right.seed);
    let address = public_key(&key);
    let ballot = prover.prove(printed.asset(0)?, address, *b"CARD", 0, &mut OsRng)?;
    let body = Body::new(right.genesis, right.contract, Action::Cast(ballot));
    let transaction = sign_body(body, &[&key]);
    let code = transaction.body.tracking_code();
    let taken = node.broadcast(&transaction.encode())?;
    ensure(matches!(taken, Taken::Waiting { .. }), || {
        format!("{taken:?}")
    })?;
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        follower.read(std::slice::from_ref(&node))?;
        if let Some(recorded) = follower.recorded(&code) {
            let outcome = recorded.outcome;
            ensure(outcome == Outcome::Ok, || format!("{outcome:?}"))?;
            return Ok((printed, code));
        }
        std::thread::sleep(GLANCE);
    }
    bail!("the ballot is not on the ledger")
}

/// The state under the final header: the first card is spent by its ballot, the others never were.
fn look_up(
    card: &TrustCard,
    home: &std::path::Path,
    printed: &Printed,
    code: TrackingCode,
) -> Result<()> {
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
