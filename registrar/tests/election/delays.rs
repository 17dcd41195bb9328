//! Why a claim waits for the next period instead of some minutes: somebody who sees when everybody is signed for and when everybody claims guesses
//! whose the first claims of the day are, among those whose device could have sent them. No cryptography here, only times.

use super::chance::bound;
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};
use verifier_core::{CLAIM_PERIOD, claim_moment, claim_span};

const ELECTIONS: usize = 200;
const PEOPLE: usize = 1_000;
/// The first claims of the day, of each election.
const FIRST: usize = 10;
/// Everybody comes within two hours: four periods.
const SECONDS: u64 = 7_200;
const OPENING: u64 = 1_000_000;
/// With one of 250 people in a period.
const BY_CHANCE: usize = ELECTIONS * FIRST * 4 / PEOPLE;

fn below(rng: &mut ChaCha20Rng, bound: u64) -> u64 {
    claim_moment(&(0..bound), rng.next_u64())
}

/// How often a guess is right. `claim` says when somebody claims who is signed for at this time, `fits` what whoever guesses knows of that.
fn right(claim: impl Fn(u64, &mut ChaCha20Rng) -> u64, fits: impl Fn(u64, u64) -> bool) -> usize {
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let mut right = 0;
    for _ in 0..ELECTIONS {
        let times = (0..PEOPLE).map(|_| {
            let signed = below(&mut rng, SECONDS);
            (claim(signed, &mut rng), signed)
        });
        let mut times: Vec<(u64, u64)> = times.collect();
        times.sort_unstable();
        let mut guessed = Vec::new();
        for (at, (claimed, _)) in times.iter().take(FIRST).enumerate() {
            let could = |person: &usize| fits(times[*person].1, *claimed);
            let candidates: Vec<usize> = (0..PEOPLE)
                .filter(|person| !guessed.contains(person) && could(person))
                .collect();
            let drawn = below(&mut rng, u64::try_from(candidates.len()).unwrap());
            let guess = candidates[usize::try_from(drawn).unwrap()];
            right += usize::from(guess == at);
            guessed.push(guess);
        }
    }
    right
}

#[test]
fn whoever_claims_at_once_is_found() {
    let found = right(
        |signed, _| signed + 3,
        |signed, claimed| claimed == signed + 3,
    );
    assert!(found * 10 > ELECTIONS * FIRST * 9, "{found}");
}

/// The same rule that finds nothing below finds more than chance here: it is an attack that works.
#[test]
fn whoever_waits_one_to_thirty_minutes_is_found_more_often_than_by_chance() {
    let found = right(
        |signed, rng| signed + 60 + below(rng, 1_740),
        |signed, claimed| (60..1_800).contains(&claimed.saturating_sub(signed)),
    );
    let (of, limit) = (ELECTIONS * FIRST, bound(BY_CHANCE));
    println!(
        "1 to 30 minutes: {found} of {of} found; by chance {BY_CHANCE}, and not more than {limit}"
    );
    assert!(found > limit, "{found}");
}

#[test]
fn whoever_claims_in_the_next_period_is_found_no_more_often_than_by_chance() {
    let found = right(
        |signed, rng| {
            let span = claim_span(signed, CLAIM_PERIOD, OPENING).unwrap();
            claim_moment(&span, rng.next_u64())
        },
        |signed, claimed| signed / CLAIM_PERIOD + 1 == claimed / CLAIM_PERIOD,
    );
    let (of, limit) = (ELECTIONS * FIRST, bound(BY_CHANCE));
    println!(
        "next period: {found} of {of} found; by chance {BY_CHANCE}, and not more than {limit}"
    );
    assert!(found <= limit, "{found}");
}
