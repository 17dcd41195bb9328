//! A challenged ballot: what its opening shows, and what a device that lies cannot show.

#![cfg(feature = "prove")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod fixture;

use fixture::Fixture;
use verifier_core::prove::public_key;
use verifier_core::{
    Action, AssetId, Body, ChallengedBallot, ContractId, GenesisHash, OPENING_PREFIX, Opening,
    OpeningError, ScalarBytes, TrackingCode, check_opening, encode,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const CANDIDATES: usize = 3;

/// A challenged ballot for a candidate: the tracking code that the device showed, and its opening.
fn challenged(election: &mut Fixture, choice: usize) -> (TrackingCode, Opening) {
    let voter = election.voter();
    let asset = AssetId {
        municipality: 1,
        batch: 2,
        index: 3,
    };
    let (ballot, secret) = election
        .prover
        .prove_to_open(
            asset,
            public_key(&voter),
            *b"AB12",
            choice,
            &mut election.rng,
        )
        .unwrap();
    let opening = secret.open(&election.keys, &ballot);
    let body = Body::new(
        election.genesis,
        election.contract.id(),
        Action::Cast(ballot),
    );
    (body.tracking_code(), opening)
}

fn election() -> Fixture {
    Fixture::new(11, 3, 2, CANDIDATES)
}

#[test]
fn shows_the_choice_and_comes_to_the_tracking_code_that_was_shown() {
    let mut election = election();
    for choice in 0..CANDIDATES {
        let (code, opening) = challenged(&mut election, choice);
        let read = Opening::parse(&opening.to_text().to_lowercase()).unwrap();
        let asset = opening.asset;
        assert_eq!(read, opening);
        assert_eq!(
            check_opening(&election.keys, &read),
            Ok(ChallengedBallot {
                asset,
                mark: *b"AB12",
                choice: u16::try_from(choice).unwrap(),
                code
            })
        );
    }
}

#[test]
fn a_device_cannot_claim_another_choice_than_it_encrypted() {
    let mut election = election();
    let (_, opening) = challenged(&mut election, 0);
    for choice in 1..u16::try_from(CANDIDATES).unwrap() {
        let lie = Opening {
            choice,
            ..opening.clone()
        };
        assert_eq!(
            check_opening(&election.keys, &lie),
            Err(OpeningError::OpensNothing)
        );
    }
}

#[test]
fn a_device_cannot_open_another_ballot_under_the_code_that_it_showed() {
    let mut election = election();
    let (shown, _) = challenged(&mut election, 0);
    let (_, other) = challenged(&mut election, 1);
    assert_ne!(check_opening(&election.keys, &other).unwrap().code, shown);
}

#[test]
fn every_changed_byte_opens_nothing_or_another_ballot() {
    let mut election = election();
    let (code, opening) = challenged(&mut election, 2);
    let bytes = encode(&opening);
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        if let Ok(changed) = verifier_core::decode::<Opening>(&changed, 2048) {
            let checked = check_opening(&election.keys, &changed);
            let found = checked.map(|ballot| ballot.code);
            // The version stands before the ballot and is looked at when a text is read; the mark is part of the body alone.
            assert!(changed.version != 1 || found != Ok(code), "byte {at}");
        }
    }
}

#[test]
fn each_malformed_opening_is_told_apart() {
    let mut election = election();
    let (_, good) = challenged(&mut election, 0);
    let with = |change: &dyn Fn(&mut Opening)| {
        let mut opening = good.clone();
        change(&mut opening);
        check_opening(&election.keys, &opening).unwrap_err()
    };
    let genesis = GenesisHash([8; 32]);
    let contract = ContractId([8; 32]);
    assert_eq!(
        with(&|o| o.genesis = genesis),
        OpeningError::WrongElection {
            genesis,
            contract: good.contract
        }
    );
    assert_eq!(
        with(&|o| o.contract = contract),
        OpeningError::WrongElection {
            genesis: good.genesis,
            contract
        }
    );
    assert_eq!(
        with(&|o| o.choice = 3),
        OpeningError::UnknownCandidate {
            choice: 3,
            candidates: 3
        }
    );
    let shape = |symbol| OpeningError::WrongShape {
        symbol,
        actual: 2,
        expected: 3,
    };
    assert_eq!(with(&|o| o.c.truncate(2)), shape("c"));
    assert_eq!(with(&|o| o.z.truncate(2)), shape("z"));
    assert_eq!(
        with(&|o| o.mark = *b"AB\n1"),
        OpeningError::UnprintableMark { mark: *b"AB\n1" }
    );
    let element = |symbol, index| OpeningError::InvalidElement { symbol, index };
    assert_eq!(with(&|o| o.r = ScalarBytes([0; 32])), element("r", 0));
    assert_eq!(with(&|o| o.r = ScalarBytes([255; 32])), element("r", 0));
    assert_eq!(with(&|o| o.c[1] = ScalarBytes([255; 32])), element("c", 1));
    assert_eq!(with(&|o| o.z[2] = ScalarBytes([255; 32])), element("z", 2));
}

#[test]
fn a_mistyped_text_is_told_from_one_that_opens_nothing() {
    let mut election = election();
    let (_, opening) = challenged(&mut election, 1);
    let text = opening.to_text();
    assert!(text.len() < 4096);
    for at in (OPENING_PREFIX.len()..text.len()).step_by(7) {
        let mut mistyped = text.clone().into_bytes();
        mistyped[at] = if mistyped[at] == b'A' { b'B' } else { b'A' };
        assert!(matches!(
            Opening::parse(&String::from_utf8(mistyped).unwrap()),
            Err(OpeningError::CheckCode | OpeningError::Alphabet)
        ));
    }
    assert_eq!(Opening::parse(" "), Err(OpeningError::Empty));
    assert_eq!(Opening::parse("CHG1-AAAA"), Err(OpeningError::Prefix));
    assert_eq!(
        Opening::parse(&"A".repeat(5000)),
        Err(OpeningError::TooLong)
    );
    let other = Opening {
        version: 2,
        ..opening
    };
    assert!(matches!(
        Opening::parse(&other.to_text()),
        Err(OpeningError::Encoding(_))
    ));
}

#[test]
fn the_largest_ballot_has_an_opening_that_can_be_read() {
    let mut election = Fixture::new(12, 2, 2, 16);
    let (code, opening) = challenged(&mut election, 15);
    let read = Opening::parse(&opening.to_text()).unwrap();
    assert_eq!(check_opening(&election.keys, &read).unwrap().code, code);
}
