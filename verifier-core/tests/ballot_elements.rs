//! Encodings and shapes on which verifiers are known to differ. One by one or in a batch: the same verdict.

#![cfg(feature = "prove")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod forger;

use curve25519_dalek::Scalar;
use curve25519_dalek::ristretto::CompressedRistretto;
use forger::{CONTRACT, Forger, GENESIS, KEY_SET, sign};
use verifier_core::prove::{public_key, sign_body};
use verifier_core::{
    Action, Ballot, BallotError, BallotKeys, Body, ContractId, GenesisHash, KeySetId, Outcome,
    Point, PublicKey, ScalarBytes, Transaction, check_ballot,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const K: usize = 2;
/// A change to a ballot, with the symbol that it is about.
type Change = (&'static str, fn(&mut Ballot));
/// p = 2^255 − 19, little-endian.
const P: [u8; 32] = {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xed;
    bytes[31] = 0x7f;
    bytes
};
const IDENTITY: Point = Point([0; 32]);

/// a + b as numbers of 32 bytes, little-endian; the sum must fit.
fn add(a: [u8; 32], b: [u8; 32]) -> [u8; 32] {
    let mut carry = 0u16;
    let mut sum = [0; 32];
    for i in 0..32 {
        let digit = u16::from(a[i]) + u16::from(b[i]) + carry;
        sum[i] = digit.to_le_bytes()[0];
        carry = digit >> 8;
    }
    assert_eq!(carry, 0);
    sum
}

/// s + ℓ: another name for the same scalar.
fn plus_order(scalar: ScalarBytes) -> ScalarBytes {
    let mut order = (-Scalar::ONE).to_bytes();
    order[0] += 1;
    ScalarBytes(add(scalar.0, order))
}

fn decodes(bytes: [u8; 32]) -> bool {
    CompressedRistretto(bytes).decompress().is_some()
}

/// Non-canonical names of points, and bytes that name none.
fn bad_points() -> Vec<[u8; 32]> {
    let small = |s: u8| {
        let mut bytes = [0; 32];
        bytes[0] = s;
        bytes
    };
    let named = (2..19).map(small).find(|s| decodes(*s)).unwrap();
    let nothing = (2..200u8)
        .step_by(2)
        .map(small)
        .find(|s| !decodes(*s))
        .unwrap();
    let mut high_bit = named;
    high_bit[31] |= 0x80;
    let mut complement = [0; 32];
    for i in 0..32 {
        complement[i] = P[i] - named[i].min(P[i]);
    }
    vec![
        P,
        add(P, named),
        complement,
        nothing,
        high_bit,
        small(1),
        [0xff; 32],
    ]
}

/// A good ballot with one change, signed by its voter.
fn changed(forger: &mut Forger, change: impl Fn(&mut Ballot)) -> Transaction {
    let draft = forger.draft(0, 1);
    let (mut ballot, _) = forger.prove(&draft, 0, |_, _| {});
    change(&mut ballot);
    sign(ballot, &draft.voter)
}

fn refused(forger: &mut Forger, outcome: Outcome, change: impl Fn(&mut Ballot)) -> BallotError {
    let transaction = changed(forger, change);
    let error = forger.verdict(transaction).unwrap_err();
    assert_eq!(error.outcome(), outcome, "{error}");
    error
}

#[test]
fn rejects_points_that_are_not_canonical() {
    let mut forger = Forger::new(20, K);
    let places: [fn(&mut Ballot) -> &mut Point; 5] = [
        |ballot| &mut ballot.randomness,
        |ballot| &mut ballot.transfers[0],
        |ballot| &mut ballot.transfers[1],
        |ballot| &mut ballot.a[1],
        |ballot| &mut ballot.b[0],
    ];
    for place in places {
        for bytes in bad_points() {
            assert!(!decodes(bytes));
            let set = |ballot: &mut Ballot| *place(ballot) = Point(bytes);
            refused(&mut forger, Outcome::InvalidElement, set);
        }
    }
}

#[test]
fn rejects_scalars_that_are_not_canonical() {
    let mut forger = Forger::new(21, K);
    let places: [fn(&mut Ballot) -> &mut ScalarBytes; 3] = [
        |ballot| &mut ballot.c[0],
        |ballot| &mut ballot.z[0],
        |ballot| &mut ballot.z[1],
    ];
    for place in places {
        let set = |ballot: &mut Ballot| *place(ballot) = plus_order(*place(ballot));
        refused(&mut forger, Outcome::InvalidElement, set);
        let set = |ballot: &mut Ballot| *place(ballot) = ScalarBytes([0xff; 32]);
        refused(&mut forger, Outcome::InvalidElement, set);
        let set = |ballot: &mut Ballot| *place(ballot) = plus_order(ScalarBytes([0; 32]));
        refused(&mut forger, Outcome::InvalidElement, set);
    }
}

#[test]
fn rejects_the_identity_as_randomness_and_as_candidate_address() {
    let mut forger = Forger::new(22, K);
    let error = refused(&mut forger, Outcome::InvalidElement, |ballot| {
        ballot.randomness = IDENTITY;
    });
    let symbol = "R";
    assert_eq!(error, BallotError::InvalidElement { symbol, index: 0 });
    // A ballot with r = 0 is an open vote: even with a proof that holds, it is refused.
    let mut draft = forger.draft(1, 1);
    draft.r = Scalar::ZERO;
    let open_vote = forger.finish(&draft, 1, |_, _| {});
    assert!(matches!(
        forger.verdict(open_vote),
        Err(BallotError::InvalidElement { symbol: "R", .. })
    ));
    let good =
        forger::point(forger.logs[0] * curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT);
    for bad in bad_points().into_iter().chain([IDENTITY.0]) {
        let refused = BallotKeys::new(GENESIS, CONTRACT, KEY_SET, &[good, Point(bad)]);
        let symbol = "H";
        assert_eq!(
            refused.err(),
            Some(BallotError::InvalidElement { symbol, index: 1 })
        );
    }
}

#[test]
fn an_identity_that_is_no_address_is_only_as_good_as_its_proof() {
    let mut forger = Forger::new(23, K);
    let places: [fn(&mut Ballot) -> &mut Point; 3] = [
        |ballot| &mut ballot.transfers[0],
        |ballot| &mut ballot.a[1],
        |ballot| &mut ballot.b[0],
    ];
    for place in places {
        let set = |ballot: &mut Ballot| *place(ballot) = IDENTITY;
        refused(&mut forger, Outcome::InvalidProof, set);
    }
    // The voter who knows log_B H_0 may well send C_0 = 1·B + r·H_0 = 0.
    let mut draft = forger.draft(0, 1);
    draft.r = -forger.logs[0].invert();
    let ballot = forger.finish(&draft, 0, |_, _| {});
    assert_eq!(forger::ballot_of(&ballot).transfers[0], IDENTITY);
    assert!(forger.verdict(ballot).is_ok());
}

#[test]
fn rejects_a_ballot_that_has_not_one_part_per_candidate() {
    let mut forger = Forger::new(24, K);
    let changes: [Change; 10] = [
        ("C", |ballot| ballot.transfers.truncate(K - 1)),
        ("C", |ballot| ballot.transfers.push(IDENTITY)),
        ("a", |ballot| ballot.a.truncate(K - 1)),
        ("a", |ballot| ballot.a.push(IDENTITY)),
        ("b", |ballot| ballot.b.clear()),
        ("b", |ballot| ballot.b.push(IDENTITY)),
        ("c", |ballot| ballot.c.clear()),
        ("c", |ballot| ballot.c.push(ScalarBytes([0; 32]))),
        ("z", |ballot| ballot.z.truncate(K - 1)),
        ("z", |ballot| ballot.z.push(ScalarBytes([0; 32]))),
    ];
    for (expected, change) in changes {
        let error = refused(&mut forger, Outcome::WrongShape, change);
        assert!(matches!(error, BallotError::WrongShape { symbol, .. } if symbol == expected));
    }
    for signatures in [0, 2] {
        let mut transaction = forger.honest(0);
        transaction.signatures.resize(signatures, [0; 64]);
        let error = forger.verdict(transaction).unwrap_err();
        assert_eq!(error.outcome(), Outcome::WrongShape);
    }
}

#[test]
fn rejects_a_mark_that_cannot_be_read_aloud() {
    let mut forger = Forger::new(25, K);
    for byte in [0, 0x1f, 0x7f, 0x80, 0xff] {
        for place in 0..4 {
            let error = refused(&mut forger, Outcome::WrongShape, |ballot| {
                ballot.mark[place] = byte;
            });
            assert!(matches!(error, BallotError::UnprintableMark { .. }));
        }
    }
    let good = changed(&mut forger, |ballot| ballot.mark = *b" ~0Z");
    assert!(forger.verdict(good).is_ok());
}

#[test]
fn rejects_a_ballot_of_another_election() {
    let mut forger = Forger::new(26, K);
    let draft = forger.draft(0, 1);
    let (ballot, _) = forger.prove(&draft, 0, |_, _| {});
    let cast = Action::Cast(ballot);
    for (genesis, contract) in [
        (GenesisHash([8; 32]), CONTRACT),
        (GENESIS, ContractId([8; 32])),
    ] {
        let body = Body::new(genesis, contract, cast.clone());
        let error = forger
            .verdict(sign_body(body, &[&draft.voter]))
            .unwrap_err();
        assert_eq!(error, BallotError::WrongElection { genesis, contract });
        assert_eq!(error.outcome(), Outcome::WrongElection);
    }
    // Signed for this election, but proven for another, or for other keys.
    let body = Body::new(GENESIS, CONTRACT, cast);
    let transaction = sign_body(body, &[&draft.voter]);
    assert!(check_ballot(&forger.keys, &transaction).is_ok());
    let addresses: Vec<_> = (forger.logs.iter())
        .map(|log| forger::point(log * curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT))
        .collect();
    forger.keys = BallotKeys::new(GENESIS, CONTRACT, KeySetId([8; 32]), &addresses).unwrap();
    assert!(matches!(
        check_ballot(&forger.keys, &transaction),
        Err(BallotError::InvalidProof { .. })
    ));
}

#[test]
fn rejects_an_address_that_anybody_can_sign_for() {
    let mut forger = Forger::new(27, K);
    let order_four = [0; 32];
    let mut minus_one = P;
    minus_one[0] -= 1;
    let mut one = [0; 32];
    one[0] = 1;
    let one_not_canonical = add(P, one);
    let off_curve = {
        let mut bytes = [0; 32];
        bytes[0] = 2;
        bytes
    };
    for bytes in [order_four, P, minus_one, one, one_not_canonical, off_curve] {
        let address = PublicKey(bytes);
        assert!(!verifier_core::is_voter_address(&address));
        let mut draft = forger.draft(0, 1);
        draft.address = address;
        // s = 0 and R = the identity: a signature that ZIP-215 accepts for every key of small order.
        let mut transaction = forger.finish(&draft, 0, |_, _| {});
        transaction.signatures[0] = [0; 64];
        transaction.signatures[0][0] = 1;
        let error = forger.verdict(transaction).unwrap_err();
        assert_eq!(error, BallotError::InvalidAddress { address });
        assert_eq!(error.outcome(), Outcome::InvalidElement);
    }
    let voter = forger.voter();
    assert!(verifier_core::is_voter_address(&public_key(&voter)));
}

#[test]
fn refusals_come_in_the_order_election_shape_elements_signature_proof() {
    let mut forger = Forger::new(28, K);
    let mut ballot = changed(&mut forger, |ballot| {
        ballot.z[0] = ScalarBytes([5; 32]);
        ballot.z[0].0[31] = 0;
    });
    let mut expect = |ballot: &Transaction, expected| {
        let error = forger.verdict(ballot.clone()).unwrap_err();
        assert_eq!(error.outcome(), expected);
    };
    expect(&ballot, Outcome::InvalidProof);
    ballot.signatures[0][40] ^= 1;
    expect(&ballot, Outcome::InvalidSignature);
    forger::ballot_mut(&mut ballot).a[0] = Point([0xff; 32]);
    expect(&ballot, Outcome::InvalidElement);
    forger::ballot_mut(&mut ballot).c.clear();
    expect(&ballot, Outcome::WrongShape);
    ballot.body.genesis = GenesisHash([0; 32]);
    expect(&ballot, Outcome::WrongElection);
}
