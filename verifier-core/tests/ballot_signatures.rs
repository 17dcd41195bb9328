//! Signatures on which strict, plain and batch verifiers of common libraries disagree: ZIP-215 decides, alone and in batches.

#![cfg(feature = "prove")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod forger;

use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::edwards::CompressedEdwardsY;
use curve25519_dalek::{EdwardsPoint, Scalar};
use forger::{Forger, draw};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use sha2::{Digest, Sha512};
use verifier_core::prove::{draw_signing_key, public_key, sign};
use verifier_core::{
    PublicKey, Signature, Signed, Transaction, verify_signature, verify_signatures,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

struct Case {
    key: PublicKey,
    message: Vec<u8>,
    signature: Signature,
}

fn join(r: [u8; 32], s: [u8; 32]) -> Signature {
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&r);
    signature[32..].copy_from_slice(&s);
    signature
}

/// Signs with A = a·B + `in_key` and R = r·B + `in_commitment`, both of small order.
fn sign_with_torsion(
    rng: &mut ChaCha20Rng,
    a: Scalar,
    in_key: EdwardsPoint,
    in_commitment: EdwardsPoint,
    message: &[u8],
) -> Case {
    let r = draw(rng);
    let key = (EdwardsPoint::mul_base(&a) + in_key).compress();
    let commitment = (EdwardsPoint::mul_base(&r) + in_commitment).compress();
    let hash = Sha512::new()
        .chain_update(commitment.as_bytes())
        .chain_update(key.as_bytes())
        .chain_update(message);
    let s = r + Scalar::from_hash(hash) * a;
    Case {
        key: PublicKey(key.0),
        message: message.to_vec(),
        signature: join(commitment.0, s.to_bytes()),
    }
}

fn honest(rng: &mut ChaCha20Rng) -> Case {
    let key = draw_signing_key(rng);
    let message = rng.next_u64().to_le_bytes().to_vec();
    Case {
        key: public_key(&key),
        signature: sign(&key, &message),
        message,
    }
}

/// One verdict per case, the same alone, together, backwards and among honest signatures.
fn verdicts(cases: &[Case]) -> Vec<bool> {
    let signed: Vec<_> = cases
        .iter()
        .map(|case| Signed {
            key: &case.key,
            message: &case.message,
            signature: &case.signature,
        })
        .collect();
    let alone: Vec<_> = signed
        .iter()
        .map(|s| verify_signature(s.key, s.message, s.signature))
        .collect();
    assert_eq!(verify_signatures(&signed), alone);
    let backwards: Vec<_> = signed.iter().rev().copied().collect();
    let mut judged = verify_signatures(&backwards);
    judged.reverse();
    assert_eq!(judged, alone);
    alone.iter().map(Result::is_ok).collect()
}

/// The encodings of the eight points of small order: every one that decodes, canonical or not.
fn small_order_encodings() -> Vec<[u8; 32]> {
    let mut found = Vec::new();
    for point in EIGHT_TORSION {
        let canonical = point.compress().0;
        found.push(canonical);
        let mut other_sign = canonical;
        other_sign[31] ^= 0x80;
        found.push(other_sign);
    }
    // y = p and y = p + 1 are other names of y = 0 and y = 1.
    for low in [0xed, 0xee] {
        for high in [0x7f, 0xff] {
            let mut bytes = [0xff; 32];
            (bytes[0], bytes[31]) = (low, high);
            found.push(bytes);
        }
    }
    let small = |bytes: &[u8; 32]| {
        CompressedEdwardsY(*bytes)
            .decompress()
            .is_some_and(|point| point.is_small_order())
    };
    found.retain(small);
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn accepts_every_pair_of_small_order_points_with_s_zero_as_zip_215_asks() {
    let encodings = small_order_encodings();
    assert_eq!(encodings.len(), 14);
    let cases: Vec<_> = encodings
        .iter()
        .flat_map(|key| encodings.iter().map(move |r| (key, r)))
        .map(|(key, r)| Case {
            key: PublicKey(*key),
            message: b"Zcash".to_vec(),
            signature: join(*r, [0; 32]),
        })
        .collect();
    assert_eq!(verdicts(&cases), vec![true; 196]);
}

#[test]
fn torsion_in_key_and_commitment_changes_nothing() {
    let mut rng = ChaCha20Rng::seed_from_u64(31);
    let mut cases = Vec::new();
    for in_key in EIGHT_TORSION {
        for in_commitment in EIGHT_TORSION {
            let a = draw(&mut rng);
            cases.push(sign_with_torsion(
                &mut rng,
                a,
                in_key,
                in_commitment,
                b"message",
            ));
        }
    }
    assert_eq!(verdicts(&cases), vec![true; 64]);
    for case in &mut cases {
        case.message.push(0);
    }
    assert_eq!(verdicts(&cases), vec![false; 64]);
}

#[test]
fn rejects_s_plus_order_and_points_off_the_curve() {
    let mut rng = ChaCha20Rng::seed_from_u64(32);
    let mut cases: Vec<_> = (0..12).map(|_| honest(&mut rng)).collect();
    let mut order = (-Scalar::ONE).to_bytes();
    order[0] += 1;
    let mut carry = 0u16;
    for (digit, add) in cases[2].signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*digit) + u16::from(add) + carry;
        *digit = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    cases[5].signature[32..].copy_from_slice(&[0xff; 32]);
    let off_curve: [u8; 32] = core::array::from_fn(|i| if i == 0 { 2 } else { 0 });
    cases[7].key = PublicKey(off_curve);
    cases[9].signature[..32].copy_from_slice(&off_curve);
    let expected: Vec<_> = (0..12).map(|i| ![2, 5, 7, 9].contains(&i)).collect();
    assert_eq!(verdicts(&cases), expected);
}

#[test]
fn rejects_errors_that_cancel_across_signatures() {
    let mut rng = ChaCha20Rng::seed_from_u64(33);
    let mut cases: Vec<_> = (0..10).map(|_| honest(&mut rng)).collect();
    let error = draw(&mut rng);
    for (index, error) in [(1, error), (6, -error)] {
        let s: [u8; 32] = cases[index].signature[32..].try_into().unwrap();
        let shifted = Scalar::from_canonical_bytes(s).unwrap() + error;
        cases[index].signature[32..].copy_from_slice(shifted.as_bytes());
    }
    let expected: Vec<_> = (0..10).map(|i| ![1, 6].contains(&i)).collect();
    assert_eq!(verdicts(&cases), expected);
}

#[test]
fn many_signatures_by_one_key_are_judged_one_by_one() {
    let mut rng = ChaCha20Rng::seed_from_u64(34);
    let key = draw_signing_key(&mut rng);
    let mut cases: Vec<_> = (0..20u8)
        .map(|number| Case {
            key: public_key(&key),
            message: vec![number],
            signature: sign(&key, &[number]),
        })
        .collect();
    cases[13].message = vec![99];
    let expected: Vec<_> = (0..20).map(|i| i != 13).collect();
    assert_eq!(verdicts(&cases), expected);
}

#[test]
fn random_damage_gets_the_same_verdict_alone_and_in_a_batch() {
    let mut rng = ChaCha20Rng::seed_from_u64(35);
    for _ in 0..20 {
        let mut cases: Vec<_> = (0..16).map(|_| honest(&mut rng)).collect();
        for _ in 0..rng.next_u32() % 6 {
            let number = usize::try_from(rng.next_u32()).unwrap();
            let damaged = &mut cases[number % 16];
            let bit = 1 << (number % 8);
            if number % 3 == 0 {
                damaged.key.0[number % 32] ^= bit;
            } else {
                damaged.signature[number % 64] ^= bit;
            }
        }
        verdicts(&cases);
    }
    assert!(verify_signatures(&[]).is_empty());
}

/// The same at the level of ballots: whoever signs with torsion gets one verdict everywhere.
#[test]
fn ballots_signed_with_torsion_get_the_same_verdict_alone_and_in_a_batch() {
    let mut forger = Forger::new(36, 2);
    let mut ballots: Vec<Transaction> = Vec::new();
    for (number, torsion) in EIGHT_TORSION.into_iter().enumerate() {
        let other = EIGHT_TORSION[(3 * number) % 8];
        let a = forger.draw();
        let mut draft = forger.draft(0, 1);
        draft.address = PublicKey((EdwardsPoint::mul_base(&a) + torsion).compress().0);
        let mut ballot = forger.finish(&draft, 0, |_, _| {});
        let message = ballot.body.signing_message();
        let case = sign_with_torsion(&mut forger.rng, a, torsion, other, &message);
        assert_eq!(case.key, draft.address);
        ballot.signatures = vec![case.signature];
        ballots.push(ballot);
    }
    assert!(forger.verdicts(&ballots).iter().all(Result::is_ok));
    for ballot in &mut ballots {
        ballot.signatures[0][33] ^= 1;
    }
    assert!(forger.verdicts(&ballots).iter().all(Result::is_err));
}
