//! One voter in the booth: what comes out is public, and nothing is signed twice.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
#![cfg(all(feature = "secrets", not(feature = "lying")))]

use caster::{Booth, MARK_LETTERS, RightFault, draw_mark};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use std::str::FromStr;
use verifier_core::prove::{SigningKey, public_key};
use verifier_core::{
    Action, AssetId, ContractId, ElectionKeys, GenesisHash, KeySetId, Point, TrackingCode,
    VotingRight, check_ballot, check_opening, verify_signature,
};

const GENESIS: GenesisHash = GenesisHash([1; 32]);
const CONTRACT: ContractId = ContractId([2; 32]);
const ASSET: AssetId = AssetId {
    municipality: 1,
    batch: 2,
    index: 3,
};

fn keys() -> ElectionKeys {
    // 5·B and 7·B, as in the specification.
    let addresses = [
        "e882b131016b52c1d3337080187cf768423efccbb517bb495ab812c4160ff44e",
        "44f53520926ec81fbd5a387845beb7df85a96a24ece18738bdcfa6a7822a176d",
    ];
    ElectionKeys {
        genesis: GENESIS,
        contract: CONTRACT,
        key_set: KeySetId([3; 32]),
        addresses: addresses.map(|text| Point::from_str(text).unwrap()).into(),
    }
}

fn right(seed: u8) -> VotingRight {
    VotingRight::new(GENESIS, CONTRACT, [seed; 32])
}

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(1)
}

/// A booth with a ballot for this candidate.
fn sealed(choice: u16) -> (Booth, TrackingCode) {
    let mut booth = Booth::new(keys()).unwrap();
    booth.take_right(&right(9).to_text()).unwrap();
    assert!(booth.choose(1 - choice));
    assert!(booth.choose(choice));
    let code = booth.encrypt(ASSET, *b"AB29", &mut rng()).unwrap();
    (booth, code)
}

#[test]
fn what_is_cast_is_a_valid_ballot_under_the_code_that_was_shown() {
    for choice in 0..2 {
        let (mut booth, code) = sealed(choice);
        let transaction = booth.cast().unwrap();
        let checked = check_ballot(&keys().ballot_keys().unwrap(), &transaction).unwrap();
        assert_eq!((checked.code(), checked.asset()), (code, ASSET));
        let key = SigningKey::from_bytes(&[9; 32]);
        assert_eq!(checked.address(), &public_key(&key));
    }
}

#[test]
fn what_is_challenged_opens_to_the_choice_and_can_never_be_cast() {
    for choice in 0..2 {
        let (mut booth, code) = sealed(choice);
        let challenged = booth.challenge().unwrap();
        let keys = keys().ballot_keys().unwrap();
        let opened = check_opening(&keys, &challenged.opening).unwrap();
        assert_eq!((opened.choice, opened.code), (choice, code));
        let Action::Spoil(spoil) = &challenged.spoil.body.action else {
            panic!("{:?}", challenged.spoil);
        };
        assert_eq!((spoil.asset, spoil.challenged), (ASSET, code));
        let message = challenged.spoil.body.signing_message();
        verify_signature(&spoil.address, &message, &challenged.spoil.signatures[0]).unwrap();
        assert!(booth.cast().is_none());
    }
}

#[test]
fn nothing_is_decided_twice_and_nothing_out_of_turn() {
    let mut empty = Booth::new(keys()).unwrap();
    assert!(!empty.choose(0));
    assert!(empty.encrypt(ASSET, *b"AB29", &mut rng()).is_none());
    assert!(empty.cast().is_none());
    assert!(empty.challenge().is_none());
    let (mut booth, _) = sealed(0);
    booth.cast().unwrap();
    assert!(booth.cast().is_none());
    assert!(booth.challenge().is_none());
    assert!(booth.encrypt(ASSET, *b"AB29", &mut rng()).is_none());
    let (mut again, _) = sealed(0);
    assert!(!again.choose(1));
    assert!(again.encrypt(ASSET, *b"AB29", &mut rng()).is_none());
    let mut unknown = Booth::new(keys()).unwrap();
    unknown.take_right(&right(9).to_text()).unwrap();
    assert!(unknown.choose(1));
    assert!(!unknown.choose(2));
    assert!(unknown.encrypt(ASSET, *b"AB29", &mut rng()).is_none());
    let (mut card, _) = sealed(0);
    card.take_right(&right(8).to_text()).unwrap();
    assert!(card.encrypt(ASSET, *b"AB29", &mut rng()).is_none());
}

#[test]
fn each_card_that_is_not_taken_is_told_apart() {
    let mut booth = Booth::new(keys()).unwrap();
    let text = right(9).to_text();
    let elsewhere = [
        VotingRight::new(GenesisHash([8; 32]), CONTRACT, [9; 32]),
        VotingRight::new(GENESIS, ContractId([8; 32]), [9; 32]),
    ];
    for other in elsewhere {
        let refused = booth.take_right(&other.to_text());
        assert_eq!(refused, Err(RightFault::Elsewhere));
    }
    let mut torn = text.to_string();
    torn.truncate(100);
    assert_eq!(booth.take_right(&torn), Err(RightFault::Mistyped));
    for other in ["", "hello", "CHG1-AAAA", "https://example.org/"] {
        assert_eq!(booth.take_right(other), Err(RightFault::NotARight));
    }
    assert!(booth.cast().is_none());
    assert!(booth.take_right(&text.to_lowercase()).is_ok());
}

#[test]
fn a_mark_is_drawn_from_all_its_letters() {
    let mut rng = rng();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..500 {
        seen.extend(draw_mark(&mut rng));
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), {
        let mut letters = MARK_LETTERS.to_vec();
        letters.sort_unstable();
        letters
    });
}
