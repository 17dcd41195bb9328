//! Codes: one right one, few wrong ones, for a short time.

use super::support::voter::Voter;
use super::support::{OPENING, Town, person, post};
use registrar::Limits;
use registrar::store::Store;
use serde_json::{Value, json};

/// Limits under which a test sends as many codes as it likes.
fn generous() -> Limits {
    Limits {
        codes_per_phone: 1_000,
        codes_per_address: 10_000,
        ..Limits::default()
    }
}

/// A code that is not this one.
fn other(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

fn assert_refused(answer: (u16, Value), status: u16, word: &str) -> Value {
    assert_eq!((answer.0, answer.1["error"].as_str()), (status, Some(word)));
    answer.1
}

#[test]
fn the_right_code_is_good_once() {
    let town = Town::of(2, Limits::default());
    let mut voter = Voter::of(0, 1);
    let (session, code) = voter.begin(&town);
    let (status, answer) = voter.confirm(&town, &session, &format!(" {code} "));
    assert_eq!((status, &answer["asked"]), (200, &json!(false)));
    assert_refused(voter.confirm(&town, &session, &code), 401, "code_over");
}

#[test]
fn the_fifth_wrong_code_is_the_last() {
    let town = Town::of(2, Limits::default());
    let mut voter = Voter::of(0, 0);
    let (session, code) = voter.begin(&town);
    for left in (0..5).rev() {
        let answer = voter.confirm(&town, &session, &other(&code));
        assert_eq!(assert_refused(answer, 401, "wrong_code")["left"], left);
    }
    assert_refused(voter.confirm(&town, &session, &code), 401, "code_over");
}

#[test]
fn a_code_is_over_after_three_minutes_and_when_another_was_sent() {
    let town = Town::of(2, Limits::default());
    let mut voter = Voter::of(0, 0);
    let (session, code) = voter.begin(&town);
    town.advance(179);
    let (later, newer) = voter.begin(&town);
    assert_refused(voter.confirm(&town, &session, &code), 401, "code_over");
    town.advance(180);
    assert_refused(voter.confirm(&town, &later, &newer), 401, "code_over");
}

#[test]
fn a_code_of_one_session_is_none_of_another() {
    let town = Town::of(2, Limits::default());
    let (mut one, mut two) = (Voter::of(0, 0), Voter::of(0, 1));
    let (session, _) = one.begin(&town);
    let (_, code) = two.begin(&town);
    let own = town.gateway.code(&one.phone(), 0);
    if own != code {
        assert_refused(one.confirm(&town, &session, &code), 401, "wrong_code");
    }
    assert_refused(one.confirm(&town, &"0".repeat(64), &own), 401, "code_over");
    assert_refused(one.confirm(&town, "x", &own), 400, "malformed");
}

#[test]
fn whoever_guesses_is_locked_out_for_the_hour_with_the_right_code_too() {
    let town = Town::of(2, generous());
    let mut voter = Voter::of(0, 0);
    for _ in 0..3 {
        let (session, code) = voter.begin(&town);
        for _ in 0..5 {
            let answer = voter.confirm(&town, &session, &other(&code));
            assert_refused(answer, 401, "wrong_code");
        }
    }
    let answer = assert_refused(voter.identify(&town), 429, "locked");
    assert_eq!(answer["seconds"], 3_600);
    assert_eq!(town.gateway.arrived().len(), 3);
    let mut other = Voter::of(0, 1);
    other.token(&town);
    town.advance(3_600);
    voter.token(&town);
}

#[test]
fn a_phone_gets_three_codes_in_ten_minutes() {
    let town = Town::of(2, Limits::default());
    let mut voter = Voter::of(0, 0);
    for _ in 0..3 {
        voter.begin(&town);
    }
    let answer = assert_refused(voter.identify(&town), 429, "too_many");
    assert_eq!(answer["seconds"], 600);
    town.advance(600);
    voter.begin(&town);
}

#[test]
fn an_address_asks_for_so_many_codes_and_uses_up_nobody_elses() {
    let limits = Limits {
        codes_per_address: 4,
        ..Limits::default()
    };
    let town = Town::of(6, limits);
    for number in 0..4 {
        Voter::of(0, number).begin(&town);
    }
    assert_refused(Voter::of(0, 4).identify(&town), 429, "too_many");
    assert_refused(Voter::of(0, 5).identify(&town), 429, "too_many");
    town.advance(600);
    Voter::of(0, 5).begin(&town);
}

/// Who is on the roll is told to nobody but the holder of the phone.
#[test]
fn somebody_who_is_not_on_the_roll_gets_the_same_answers_and_no_code() {
    let town = Town::of(2, generous());
    let stranger = Voter::of(0, 1_000);
    for _ in 0..3 {
        let (status, answer) = stranger.identify(&town);
        assert_eq!((status, &answer["seconds"]), (200, &json!(180)));
        let session = answer["session"].as_str().unwrap();
        for left in (0..5).rev() {
            let answer = stranger.confirm(&town, session, "123456");
            assert_eq!(assert_refused(answer, 401, "wrong_code")["left"], left);
        }
    }
    assert_refused(stranger.identify(&town), 429, "locked");
    // Somebody else's code has come meanwhile, and none before it.
    Voter::of(0, 0).begin(&town);
    assert_eq!(town.gateway.arrived().len(), 1);
}

#[test]
fn a_right_name_with_another_birth_date_or_phone_is_nobody_on_the_roll() {
    let town = Town::of(3, generous());
    let [name, birth, phone] = person(0, 0);
    let [_, other_birth, other_phone] = person(0, 1);
    for (birth, phone) in [(&other_birth, &phone), (&birth, &other_phone)] {
        let body = json!({ "name": name, "birth": birth, "phone": phone });
        assert_eq!(post(&town.urls[0], "/identify", &body).0, 200);
    }
    // Neither is somebody of another municipality.
    assert_eq!(
        post(
            &town.urls[1],
            "/identify",
            &json!({ "name": name, "birth": birth, "phone": phone })
        )
        .0,
        200
    );
    Voter::of(0, 2).begin(&town);
    assert_eq!(town.gateway.arrived().len(), 1);
}

#[test]
fn what_cannot_be_read_is_refused_by_its_field() {
    let town = Town::of(1, Limits::default());
    let [name, birth, phone] = person(0, 0);
    for (body, field) in [
        (
            json!({ "name": "", "birth": birth, "phone": phone }),
            "name",
        ),
        (
            json!({ "name": name, "birth": "1990-02-30", "phone": phone }),
            "birth",
        ),
        (
            json!({ "name": name, "birth": birth, "phone": "112" }),
            "phone",
        ),
        (json!({ "name": name, "birth": birth }), "body"),
        (
            json!({ "name": name, "birth": birth, "phone": phone, "more": 1 }),
            "body",
        ),
        (
            json!({ "name": "가".repeat(20_000), "birth": birth, "phone": phone }),
            "body",
        ),
    ] {
        let answer = post(&town.urls[0], "/identify", &body);
        assert_eq!(assert_refused(answer, 400, "malformed")["field"], field);
    }
}

#[test]
fn nobody_is_identified_once_it_is_too_late_to_claim() {
    let town = Town::of(1, Limits::default());
    let closes = OPENING - Limits::default().before_opening;
    town.advance(closes - super::support::NOW);
    assert_refused(Voter::of(0, 0).identify(&town), 403, "closed");
}

/// Whoever gets hold of the database alone finds nobody in it, no phone, no code and no token.
#[test]
fn the_database_holds_no_name_birth_date_phone_code_token_or_address() {
    let town = Town::of(2, Limits::default());
    let mut voter = Voter::of(0, 0);
    let (_, code) = voter.begin(&town);
    let token = voter.token(&town);
    let store: &Store = &town.services[0].store;
    town.runtime.block_on(store.close());
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(town.folder.path()).unwrap() {
        kept.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let [name, birth, phone] = person(0, 0);
    let digits = birth.replace('-', "");
    let token_bytes = hex::decode(&token).unwrap();
    for secret in [
        name.as_bytes(),
        birth.as_bytes(),
        digits.as_bytes(),
        phone.as_bytes(),
        code.as_bytes(),
        token.as_bytes(),
        &token_bytes,
        b"127.0.0.1",
    ] {
        let found = kept.windows(secret.len()).any(|window| window == secret);
        assert!(!found, "{:?}", String::from_utf8_lossy(secret));
    }
    let known = b"CREATE TABLE person";
    assert!(kept.windows(known.len()).any(|window| window == known));
}
