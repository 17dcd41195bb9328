//! From a name on a roll to a ballot that counts, a thousand times; and what all records together tell of it.

use super::attack::{Claimed, Issued, all_guesses, count_groups, explains};
use super::chance::bound;
use super::phones::{Election, MUNICIPALITIES, Person, VOTERS};
use node::client::Client;
use verifier_core::prove::public_key;
use verifier_core::{LoneRecount, Origin, Report, TrustCard, Verdict};

/// So many people get a right and claim it, but do not vote.
const ABSTAIN: usize = 10;

#[test]
fn a_thousand_people_vote_from_phones_and_all_records_together_link_none_of_them() {
    let mut election = Election::start();
    let mut people = election.people();
    election.register(&mut people);
    let (claims, assets) = election.claims();
    assert_eq!(claims.len(), people.len());

    let issued = issued(&mut people);
    let truth = |person: usize, claim: usize| {
        public_key(&people[person].key).0.as_slice() == claims[claim].address
    };
    no_rule_links_better_than_chance(&issued, &claims, truth);
    every_claim_explains_every_signature(&election, &issued, &claims);

    let opening = election.devnet.script.schedule.opening;
    // Nodes take ballots once a header says that it is time.
    while election.time() <= opening {
        election.block();
    }
    let ballots = election.ballots(&people[ABSTAIN..], &assets);
    for some in ballots.chunks(200) {
        election.send(some);
        election.block();
    }
    while election
        .devnet
        .step(node::devnet::Until::Result)
        .unwrap()
        .is_some()
    {}
    recount_matches_signatures_with_claims(&election);
}

fn issued(people: &mut [Person]) -> Vec<Issued> {
    people
        .iter_mut()
        .map(|person| person.issued.take().unwrap())
        .collect()
}

fn no_rule_links_better_than_chance(
    issued: &[Issued],
    claims: &[Claimed],
    truth: impl Fn(usize, usize) -> bool,
) {
    let groups = count_groups(issued, claims);
    let (limit, guesses) = (bound(groups), all_guesses(issued, claims));
    println!(
        "{groups} groups of about {} people; by chance {groups} are right, more than {limit} once in a million times",
        issued.len() / groups
    );
    for (rule, guess) in &guesses {
        assert_eq!(guess.len(), issued.len(), "{rule} guesses everybody");
        let right = guess
            .iter()
            .filter(|(person, claim)| truth(*person, *claim))
            .count();
        println!("{right:3} of {} right: {rule}", guess.len());
        assert!(right <= limit, "{rule}: {right}");
    }
    // The counting itself sees a link where there is one.
    let knowing =
        (0..issued.len()).filter(|person| (0..claims.len()).any(|claim| truth(*person, claim)));
    assert_eq!(knowing.count(), issued.len());
}

/// Both registrars' values: of 20 people and 20 claims of one municipality every pair fits.
fn every_claim_explains_every_signature(
    election: &Election,
    issued: &[Issued],
    claims: &[Claimed],
) {
    let keys = &election.town.contract.claim_keys;
    let people: Vec<&Issued> = issued
        .iter()
        .filter(|person| person.group.0 == 0)
        .take(20)
        .collect();
    let claims: Vec<&Claimed> = claims
        .iter()
        .filter(|claim| claim.group.0 == 0)
        .take(20)
        .collect();
    for person in &people {
        for claim in &claims {
            let home = explains(
                &keys[0].home.0,
                &person.home_blinded,
                &person.home_signed,
                &claim.home_signature,
            );
            let counter = explains(
                &keys[1].countersign.0,
                &person.counter_blinded,
                &person.counter_signed,
                &claim.counter_signature,
            );
            assert!(home && counter);
        }
    }
    // It is an equation that can fail: another key's signature fits nobody.
    let person = people[0];
    assert!(!explains(
        &keys[1].home.0,
        &person.home_blinded,
        &person.home_signed,
        &claims[0].home_signature
    ));
}

fn recount(election: &Election) -> Report {
    let card = election.devnet.trust_card(None).unwrap();
    let card = TrustCard::parse(card.as_bytes()).unwrap();
    let node: &Client = election.ended();
    let mut run = LoneRecount::new(card, election.time(), Origin::Node);
    while !run.is_over() {
        for request in run.needs() {
            let answer = node.fetch(&request).unwrap();
            run.supply(&request, Ok(answer));
        }
        while run.step() {}
    }
    run.finish().unwrap()
}

fn recount_matches_signatures_with_claims(election: &Election) {
    let report = recount(election);
    assert_eq!(report.verdict, Verdict::Accepted, "{}", report.to_json());
    let mut claimed_ballots = 0;
    for (index, participation) in (0..MUNICIPALITIES).zip(&report.participation) {
        let store = &election.town.services[usize::from(index)].store;
        let numbers = election
            .town
            .runtime
            .block_on(store.numbers(index))
            .unwrap();
        assert_eq!(numbers.signed, u64::from(participation.recorded));
        assert_eq!(numbers.signed, u64::from(participation.claimed));
        let next = &election.town.services[usize::from((index + 1) % MUNICIPALITIES)].store;
        let counter = election
            .town
            .runtime
            .block_on(next.numbers((index + 1) % MUNICIPALITIES))
            .unwrap();
        assert_eq!(counter.countersigned, numbers.signed);
        claimed_ballots += participation.claimed_ballots;
    }
    let people = u64::from(VOTERS) - u64::try_from(ABSTAIN).unwrap();
    assert_eq!(claimed_ballots, people);
}
