//! Signatures: one for each person, once it is recorded, and the same again whenever the answer was lost.

use super::support::voter::Voter;
use super::support::{GENESIS, Secrets, TOKEN, Town, post, roll};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use registrar::store::{Store, StoreError};
use registrar::{Clock, Limits, Service, ServiceError, Serving, Sms, authorisation_message};
use serde_json::{Value, json};
use verifier_core::prove::{draw_signing_key, public_key, sign};
use verifier_core::{ContractId, GenesisHash, Hash, PublicKey, RollSlip, claim_message};

fn address(number: u64) -> PublicKey {
    public_key(&draw_signing_key(&mut ChaCha20Rng::seed_from_u64(number)))
}

fn assert_refused(answer: (u16, Value), status: u16, word: &str) {
    assert_eq!((answer.0, answer.1["error"].as_str()), (status, Some(word)));
}

/// A voter's answer once the ledger has it.
fn signed(town: &Town, voter: &mut Voter, blinded: &str, sequence: u16) -> Value {
    let token = voter.token(town);
    assert_eq!(voter.sign(town, &token, blinded).0, 202);
    town.record_waiting(voter.home, sequence);
    let (status, answer) = voter.sign(town, &token, blinded);
    assert_eq!(status, 200, "{answer}");
    answer
}

#[test]
fn both_signatures_hold_for_the_address_and_for_no_other() {
    let town = Town::of(2, Limits::default());
    // The last municipality's people are countersigned for by the first.
    for home in [0, 2] {
        let mut voter = Voter::of(home, 1);
        let own = address(home.into());
        let (first, second) = (
            voter.home_blinding(&town, &own),
            voter.countersign_blinding(&town, &own),
        );
        let answer = signed(&town, &mut voter, &first.blinded(), home);
        let home_signature = first.finish(answer["signature"].as_str().unwrap());
        let (status, counter) = voter.countersign(&town, &answer, &second.blinded());
        assert_eq!(status, 200, "{counter}");
        let counter_signature = second.finish(counter["signature"].as_str().unwrap());
        let keys = &town.contract.claim_keys;
        let (key, next) = (
            &keys[usize::from(home)].home,
            &keys[usize::from(home + 1) % 3].countersign,
        );
        let message = claim_message(&GENESIS, &town.contract.id(), &own);
        assert!(home_signature.verify(key, &message).is_ok());
        assert!(counter_signature.verify(next, &message).is_ok());
        assert!(home_signature.verify(next, &message).is_err());
        let other = claim_message(&GENESIS, &town.contract.id(), &address(99));
        assert!(home_signature.verify(key, &other).is_err());
    }
}

#[test]
fn nothing_is_signed_before_the_ledger_holds_the_commitment() {
    let town = Town::of(2, Limits::default());
    let mut voter = Voter::of(0, 0);
    let blinded = voter.home_blinding(&town, &address(1)).blinded();
    let token = voter.token(&town);
    for _ in 0..3 {
        let (status, answer) = voter.sign(&town, &token, &blinded);
        assert_eq!((status, answer["state"].as_str()), (202, Some("recording")));
    }
    // Somebody else's commitment does not help.
    town.record(0, 0, &[Hash([9; 32])]);
    assert_eq!(voter.sign(&town, &token, &blinded).0, 202);
    town.record_waiting(0, 1);
    assert_eq!(voter.sign(&town, &token, &blinded).0, 200);
}

#[test]
fn a_lost_answer_is_given_again_and_nothing_else_is_signed() {
    let town = Town::of(2, Limits::default());
    let mut voter = Voter::of(0, 0);
    let blinded = voter.home_blinding(&town, &address(1)).blinded();
    let first = signed(&town, &mut voter, &blinded, 0);
    let token = voter.token(&town);
    let again = voter.sign(&town, &token, &blinded);
    assert_eq!(again, (200, first.clone()));
    let other = voter.home_blinding(&town, &address(2)).blinded();
    assert_refused(voter.sign(&town, &token, &other), 409, "other_blinded");
    // The same address blinded anew is something else too: nobody can tell.
    let anew = voter.home_blinding(&town, &address(1)).blinded();
    assert_refused(voter.sign(&town, &token, &anew), 409, "other_blinded");

    let counter = voter.countersign_blinding(&town, &address(1)).blinded();
    let given = voter.countersign(&town, &first, &counter);
    assert_eq!(given.0, 200);
    assert_eq!(voter.countersign(&town, &first, &counter), given);
    let other = voter.countersign_blinding(&town, &address(2)).blinded();
    assert_refused(
        voter.countersign(&town, &first, &other),
        409,
        "other_blinded",
    );
}

#[test]
fn whoever_asked_before_is_told_so_when_they_come_again() {
    let town = Town::of(1, Limits::default());
    let mut voter = Voter::of(0, 0);
    let blinded = voter.home_blinding(&town, &address(1)).blinded();
    signed(&town, &mut voter, &blinded, 0);
    let (session, code) = voter.begin(&town);
    let (_, answer) = voter.confirm(&town, &session, &code);
    assert_eq!(answer["asked"], true);
}

#[test]
fn the_slip_opens_the_commitment_and_can_be_had_without_a_right() {
    let town = Town::of(3, Limits::default());
    let mut voter = Voter::of(1, 2);
    let token = voter.token(&town);
    let (status, answer) = post(&town.urls[1], "/slip", &json!({ "token": token }));
    assert_eq!(status, 200);
    let slip = RollSlip::parse(answer["slip"].as_str().unwrap()).unwrap();
    assert_eq!((slip.municipality, slip.entry.as_str()), (1, "1/3"));
    let waiting = town.services[1].store.waiting(10);
    assert_eq!(town.runtime.block_on(waiting).unwrap(), []);

    let blinded = voter.home_blinding(&town, &address(1)).blinded();
    let signed = signed(&town, &mut voter, &blinded, 0);
    assert_eq!(signed["slip"], answer["slip"]);
    assert_eq!(signed["commitment"], slip.commitment().to_string());
}

#[test]
fn a_token_is_needed_and_is_over_after_half_an_hour() {
    let town = Town::of(1, Limits::default());
    let mut voter = Voter::of(0, 0);
    let blinded = voter.home_blinding(&town, &address(1)).blinded();
    let token = voter.token(&town);
    assert_refused(
        voter.sign(&town, &"0".repeat(64), &blinded),
        401,
        "token_over",
    );
    assert_refused(voter.sign(&town, "x", &blinded), 400, "malformed");
    town.advance(1_800);
    assert_refused(voter.sign(&town, &token, &blinded), 401, "token_over");
}

#[test]
fn what_is_no_number_below_the_modulus_is_not_even_recorded() {
    let town = Town::of(1, Limits::default());
    let mut voter = Voter::of(0, 0);
    let token = voter.token(&town);
    let modulus = hex::encode(town.contract.claim_keys[0].home.0);
    for blinded in [
        modulus.as_str(),
        &"f".repeat(512),
        "",
        "00",
        &"0".repeat(514),
    ] {
        assert_refused(voter.sign(&town, &token, blinded), 400, "unsignable");
    }
    assert_refused(voter.sign(&town, &token, "zz"), 400, "malformed");
    let waiting = town.services[0].store.waiting(10);
    assert_eq!(town.runtime.block_on(waiting).unwrap(), []);
}

#[test]
fn too_late_to_claim_nothing_new_is_signed_but_what_was_asked_for_is() {
    let town = Town::of(2, Limits::default());
    let (mut early, mut late) = (Voter::of(0, 0), Voter::of(0, 1));
    let first = early.home_blinding(&town, &address(1)).blinded();
    let second = late.home_blinding(&town, &address(2)).blinded();
    town.advance(36_000 - 7_200 - 60);
    let (early_token, late_token) = (early.token(&town), late.token(&town));
    assert_eq!(early.sign(&town, &early_token, &first).0, 202);
    town.advance(60);
    town.record_waiting(0, 0);
    assert_eq!(early.sign(&town, &early_token, &first).0, 200);
    assert_refused(late.sign(&town, &late_token, &second), 403, "closed");
}

#[test]
fn nothing_is_countersigned_that_is_not_recorded_authorised_and_of_the_municipality_before() {
    let town = Town::of(2, Limits::default());
    let mut voter = Voter::of(0, 0);
    let blinded = voter.home_blinding(&town, &address(1)).blinded();
    let answer = signed(&town, &mut voter, &blinded, 0);
    let counter = voter.countersign_blinding(&town, &address(1)).blinded();
    let ask = |url: usize, change: &dyn Fn(&mut Value)| {
        let mut request = voter.request(&answer, &counter);
        change(&mut request);
        post(&town.urls[url], "/countersign", &request)
    };

    assert_refused(ask(0, &|_| {}), 403, "wrong_municipality");
    assert_refused(ask(2, &|_| {}), 403, "wrong_municipality");
    assert_refused(ask(1, &|r| r["home"] = json!(1)), 403, "wrong_municipality");
    let other = Hash([5; 32]).to_string();
    let swapped = ask(1, &|r| r["commitment"] = json!(other));
    assert_refused(swapped, 403, "wrong_authorisation");
    let forged = ask(1, &|r| r["authorisation"] = json!("00".repeat(64)));
    assert_refused(forged, 403, "wrong_authorisation");

    // The registrar stands behind a commitment that it did not record: nobody mints a right alone.
    let minted = |genesis: &GenesisHash, contract: &ContractId| {
        let key = Secrets::of(0).registrar.signing_key();
        let message = authorisation_message(genesis, contract, &Hash([5; 32]));
        hex::encode(sign(&key, &message))
    };
    let authorisation = minted(&GENESIS, &town.contract.id());
    let unrecorded = ask(1, &|r| {
        r["commitment"] = json!(other);
        r["authorisation"] = json!(authorisation);
    });
    assert_refused(unrecorded, 202, "not_recorded");
    // Nor with what it signed for another election.
    let foreign = minted(&GENESIS, &ContractId([1; 32]));
    let foreign = ask(1, &|r| {
        r["commitment"] = json!(other);
        r["authorisation"] = json!(foreign);
    });
    assert_refused(foreign, 403, "wrong_authorisation");

    let too_large = hex::encode(town.contract.claim_keys[1].countersign.0);
    assert_refused(
        ask(1, &|r| r["blinded"] = json!(too_large)),
        400,
        "unsignable",
    );
    assert_eq!(ask(1, &|_| {}).0, 200);
}

/// A database that was brought back from a copy has forgotten who was signed for; the ledger has not.
#[test]
fn a_person_whose_right_the_ledger_remembers_gets_no_second_one() {
    let town = Town::of(1, Limits::default());
    let mut voter = Voter::of(0, 0);
    let token = voter.token(&town);
    let (_, answer) = post(&town.urls[0], "/slip", &json!({ "token": token }));
    let slip = RollSlip::parse(answer["slip"].as_str().unwrap()).unwrap();
    town.record(0, 0, &[slip.commitment()]);
    let blinded = voter.home_blinding(&town, &address(1)).blinded();
    assert_refused(voter.sign(&town, &token, &blinded), 409, "other_blinded");
}

#[test]
fn the_service_says_how_many_it_has_signed() {
    let town = Town::of(4, Limits::default());
    for number in 0..3 {
        let mut voter = Voter::of(0, number);
        let own = address(number.into());
        let first = voter.home_blinding(&town, &own).blinded();
        let answer = signed(&town, &mut voter, &first, u16::try_from(number).unwrap());
        if number < 2 {
            let second = voter.countersign_blinding(&town, &own).blinded();
            assert_eq!(voter.countersign(&town, &answer, &second).0, 200);
        }
    }
    let about = |url: &str| -> Value {
        let mut answer = ureq::get(format!("{url}/about")).call().unwrap();
        answer.body_mut().read_json().unwrap()
    };
    let home = about(&town.urls[0]);
    assert_eq!((&home["recorded"], &home["signed"]), (&json!(3), &json!(3)));
    assert_eq!(home["contract"], town.contract.id().to_string());
    assert_eq!(about(&town.urls[1])["countersigned"], 2);
}

#[test]
fn keys_or_a_database_of_another_election_start_no_service() {
    let town = Town::of(1, Limits::default());
    let start = |secrets: u16, claims: u16, genesis: GenesisHash, database: &str| {
        let serving = Serving {
            genesis,
            id: town.contract.id(),
            contract: town.contract.clone(),
            municipality: 0,
        };
        let keys = registrar::Keys {
            registrar: Secrets::of(secrets).registrar.signing_key(),
            ..Secrets::of(claims).keys()
        };
        let url = format!("sqlite:{}/{database}", town.folder.path().display());
        town.runtime.block_on(async {
            let store = Store::open(&url).await.unwrap();
            let sms = Sms::parse("console", Some(TOKEN.to_owned().into())).unwrap();
            Service::new(serving, keys, store, sms, Limits::default(), Clock::System)
                .await
                .map(|_| ())
        })
    };
    let other = GenesisHash([8; 32]);
    assert!(matches!(
        start(1, 0, GENESIS, "a"),
        Err(ServiceError::OtherKey(_))
    ));
    assert!(matches!(
        start(0, 1, GENESIS, "b"),
        Err(ServiceError::OtherKey(_))
    ));
    assert!(matches!(
        start(0, 0, other, "0.db"),
        Err(ServiceError::Store(StoreError::OtherElection))
    ));
    assert!(start(0, 0, GENESIS, "0.db").is_ok());
}

#[test]
fn a_roll_is_imported_once() {
    let town = Town::of(2, Limits::default());
    let secrets = Secrets::of(0).keys().roll;
    let store = &town.services[0].store;
    let roll = roll(&secrets, 0, 3);
    let again = town.runtime.block_on(store.import(&roll));
    assert!(matches!(again, Err(StoreError::RollIsThere)));
    assert_eq!(town.runtime.block_on(store.people()).unwrap(), 2);
}
