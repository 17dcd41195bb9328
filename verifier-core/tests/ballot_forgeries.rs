//! Ballots whose maker knows every log_B H_j, and breaks the rules. One by one or in a batch: the same refusal.

#![cfg(feature = "prove")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod forger;

use curve25519_dalek::Scalar;
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as B;
use curve25519_dalek::ristretto::CompressedRistretto;
use forger::{Equations, Forger, KEY_SET, Verdict, draw, point, scalar, sign};
use sha2::{Digest, Sha256, Sha512};
use verifier_core::{
    Action, Ballot, BallotError, Outcome, Point, ScalarBytes, Transaction, check_ballot,
    check_batch,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const K: usize = 3;

fn outcome(verdict: &Verdict) -> Outcome {
    verdict
        .as_ref()
        .map_or_else(BallotError::outcome, |_| Outcome::Ok)
}

fn refused_proof(verdict: &Verdict) {
    assert_eq!(outcome(verdict), Outcome::InvalidProof, "{verdict:?}");
}

#[test]
fn the_specification_and_the_prover_agree_on_honest_ballots() {
    let mut forger = Forger::new(1, K);
    for choice in 0..K {
        let ballot = forger.honest(choice);
        assert_eq!(outcome(&forger.verdict(ballot)), Outcome::Ok);
    }
}

#[test]
fn rejects_a_ballot_worth_a_thousand_votes_proven_as_if_it_were_one() {
    let mut forger = Forger::new(2, K);
    for amount in [0, 2, 1000] {
        let draft = forger.draft(1, amount);
        let ballot = forger.finish(&draft, 1, |_, _| {});
        refused_proof(&forger.verdict(ballot));
    }
}

#[test]
fn rejects_a_thousand_votes_that_satisfy_both_equations_added_together() {
    let mut forger = Forger::new(3, K);
    let draft = forger.draft(1, 1000);
    // With every logarithm known, z can be chosen so that the sum of the clause's two equations holds.
    let cheat = |proof: &mut Equations, r: Scalar| {
        let (c, rho) = (proof.c[1], proof.rho[1]);
        let right = proof.a[1] + c * r + proof.b[1] + c * (proof.c_star - rho);
        proof.z[1] = right * (Scalar::ONE + proof.h_star).invert();
    };
    let (ballot, proof) = forger.prove(&draft, 1, |proof, draft| cheat(proof, draft.r));
    let left = proof.z[1] * (Scalar::ONE + proof.h_star);
    let right = proof.a[1] + proof.b[1] + proof.c[1] * (draft.r + proof.c_star - proof.rho[1]);
    assert_eq!(left, right, "a verifier that merges the equations accepts");
    refused_proof(&forger.verdict(sign(ballot, &draft.voter)));
}

#[test]
fn rejects_a_thousand_votes_that_satisfy_either_equation_alone() {
    let mut forger = Forger::new(4, K);
    let draft = forger.draft(0, 1000);
    let ballot = forger.finish(&draft, 0, |_, _| {});
    refused_proof(&forger.verdict(ballot));
    let ballot = forger.finish(&draft, 0, |proof, _| {
        let right = proof.b[0] + proof.c[0] * (proof.c_star - proof.rho[0]);
        proof.z[0] = right * proof.h_star.invert();
    });
    refused_proof(&forger.verdict(ballot));
}

#[test]
fn rejects_votes_for_several_candidates_and_negative_ones() {
    let mut forger = Forger::new(5, K);
    let one = Scalar::ONE;
    for amounts in [
        [one, one, Scalar::ZERO],
        [one + one, -one, Scalar::ZERO],
        [one, one, -one],
    ] {
        let mut draft = forger.draft(0, 1);
        draft.amounts = amounts.to_vec();
        for claimed in 0..K {
            let ballot = forger.finish(&draft, claimed, |_, _| {});
            refused_proof(&forger.verdict(ballot));
        }
    }
}

/// Errors that cancel if two equations have the same weight: fixed before e is drawn, so that nothing but the weights can tell.
#[test]
fn rejects_errors_that_cancel_within_a_ballot() {
    let mut forger = Forger::new(6, K);
    let error = forger.draw();
    let honest = forger.draft(0, 1);
    let mut across_equations = honest.clone();
    across_equations.a_error[1] = error;
    across_equations.b_error[1] = -error;
    let mut across_clauses = honest.clone();
    across_clauses.a_error[0] = error;
    across_clauses.a_error[2] = -error;
    let mut across_second_equations = honest.clone();
    across_second_equations.b_error[0] = error;
    across_second_equations.b_error[1] = -error;
    for draft in [across_equations, across_clauses, across_second_equations] {
        let ballot = forger.finish(&draft, 0, |_, _| {});
        refused_proof(&forger.verdict(ballot));
    }
}

#[test]
fn rejects_errors_that_cancel_across_ballots() {
    let mut forger = Forger::new(7, K);
    let error = forger.draw();
    for clause in 0..K {
        for second_equation in [false, true] {
            let ballots: Vec<_> = [error, -error]
                .map(|error| {
                    let mut draft = forger.draft(0, 1);
                    if second_equation {
                        draft.b_error[clause] = error;
                    } else {
                        draft.a_error[clause] = error;
                    }
                    forger.finish(&draft, 0, |_, _| {})
                })
                .into();
            forger.verdicts(&ballots).iter().for_each(refused_proof);
        }
    }
}

/// The weights of a batch, 2k + 1 per ballot, from the specification.
fn weights(ballots: &[&Transaction]) -> Vec<Scalar> {
    let mut seed = Sha512::new();
    seed.update(b"chamgwan/ballot-batch/v1");
    seed.update(KEY_SET.0);
    seed.update(u64::try_from(ballots.len()).unwrap().to_le_bytes());
    for ballot in ballots {
        seed.update(Sha256::digest(ballot.encode()));
    }
    let seed = seed.finalize();
    let mut weights = Vec::new();
    for block in 0..u64::try_from(ballots.len() * (2 * K + 1)).unwrap() {
        let digest = Sha512::new()
            .chain_update(seed)
            .chain_update(block.to_le_bytes())
            .finalize();
        weights.extend(
            digest
                .chunks(16)
                .map(|bytes| Scalar::from(u128::from_le_bytes(bytes.try_into().unwrap()))),
        );
    }
    weights
}

/// The weights depend on every byte: errors made to cancel under the weights of one batch do not cancel under those of the next.
#[test]
fn rejects_errors_fitted_to_the_weights_of_the_batch_before() {
    let mut forger = Forger::new(8, K);
    let drafts = [forger.draft(0, 1), forger.draft(0, 1)];
    let ballots = drafts.each_ref().map(|d| forger.finish(d, 0, |_, _| {}));
    let weights = weights(&[&ballots[0], &ballots[1]]);
    // The first weight of each ballot is the signature's.
    let (of_first, of_second) = (weights[1], weights[2 * K + 1 + 1]);
    let mut fitted = drafts;
    fitted[0].a_error[0] = of_second;
    fitted[1].a_error[0] = -of_first;
    let ballots = fitted.each_ref().map(|d| forger.finish(d, 0, |_, _| {}));
    forger.verdicts(&ballots).iter().for_each(refused_proof);
}

/// Answers changed after everything is hashed, the signature made anew: only the weights could be outwitted, and they cover the answers.
#[test]
fn rejects_answers_shifted_against_each_other() {
    let mut forger = Forger::new(9, K);
    let shift = forger.draw();
    let draft = forger.draft(2, 1);
    let ballot = forger.finish(&draft, 2, |proof, _| {
        proof.z[0] += shift;
        proof.z[1] -= shift;
    });
    refused_proof(&forger.verdict(ballot));
    let ballots: Vec<_> = [shift, -shift]
        .map(|shift| {
            let draft = forger.draft(2, 1);
            forger.finish(&draft, 2, |proof, _| proof.z[0] += shift)
        })
        .into();
    forger.verdicts(&ballots).iter().for_each(refused_proof);
}

/// Signature and proof have B in common: an answer of the one shifted against an answer of the other, in one ballot or in two.
#[test]
fn rejects_signatures_shifted_against_proofs() {
    let mut forger = Forger::new(16, K);
    let shift = forger.draw();
    for proof_shift in [shift, -shift] {
        let draft = forger.draft(0, 1);
        let shifted = forger.finish(&draft, 0, |proof, _| proof.z[0] += proof_shift);
        let signed = |mut ballot: Transaction| {
            let response = &mut ballot.signatures[0][32..];
            let s = Scalar::from_canonical_bytes((&*response).try_into().unwrap()).unwrap();
            response.copy_from_slice((s - shift).as_bytes());
            ballot
        };
        let verdicts = forger.verdicts(&[signed(shifted.clone())]);
        assert_eq!(outcome(&verdicts[0]), Outcome::InvalidSignature);
        let other = signed(forger.honest(0));
        let verdicts = forger.verdicts(&[shifted, other]);
        refused_proof(&verdicts[0]);
        assert_eq!(outcome(&verdicts[1]), Outcome::InvalidSignature);
    }
}

fn moved(bytes: &Point, by: Scalar) -> Point {
    let decoded = CompressedRistretto(bytes.0).decompress().unwrap();
    point(decoded + by * B)
}

#[test]
fn rejects_shifted_ciphertext_components_within_and_across_ballots() {
    let mut forger = Forger::new(10, K);
    let shift = forger.draw();
    let mut shifted = |one: fn(&mut Ballot, Scalar), other: fn(&mut Ballot, Scalar), same: bool| {
        let drafts = [forger.draft(0, 1), forger.draft(1, 1)];
        let mut ballots = [0, 1].map(|i: usize| forger.prove(&drafts[i], i, |_, _| {}).0);
        one(&mut ballots[0], shift);
        other(&mut ballots[usize::from(!same)], -shift);
        let [first, second] = ballots;
        let mut signed = vec![sign(first, &drafts[0].voter)];
        if !same {
            signed.push(sign(second, &drafts[1].voter));
        }
        forger.verdicts(&signed).iter().for_each(refused_proof);
    };
    let randomness: fn(&mut Ballot, Scalar) = |b, d| b.randomness = moved(&b.randomness, d);
    let first: fn(&mut Ballot, Scalar) = |b, d| b.transfers[0] = moved(&b.transfers[0], d);
    let last: fn(&mut Ballot, Scalar) = |b, d| b.transfers[2] = moved(&b.transfers[2], d);
    let a: fn(&mut Ballot, Scalar) = |b, d| b.a[0] = moved(&b.a[0], d);
    let b: fn(&mut Ballot, Scalar) = |b, d| b.b[0] = moved(&b.b[0], d);
    for (one, other) in [(first, last), (randomness, first), (a, b)] {
        shifted(one, other, true);
    }
    for component in [randomness, first, last, a, b] {
        shifted(component, component, false);
    }
}

#[test]
fn rejects_swapped_proofs_clauses_and_commitments() {
    let mut forger = Forger::new(11, K);
    let drafts = [forger.draft(0, 1), forger.draft(0, 1)];
    let [one, other] = drafts.each_ref().map(|d| forger.prove(d, 0, |_, _| {}).0);
    let voter = &drafts[0].voter;
    let mut swapped = Vec::new();
    let mut lie = |change: &dyn Fn(&mut Ballot)| {
        let mut ballot = one.clone();
        change(&mut ballot);
        swapped.push(sign(ballot, voter));
    };
    lie(&|ballot| {
        (ballot.a, ballot.b) = (other.a.clone(), other.b.clone());
        (ballot.c, ballot.z) = (other.c.clone(), other.z.clone());
    });
    lie(&|ballot| {
        ballot.transfers = other.transfers.clone();
        ballot.randomness = other.randomness;
    });
    lie(&|ballot| ballot.transfers.swap(0, 1));
    lie(&|ballot| ballot.a.swap(0, 1));
    lie(&|ballot| ballot.b.swap(1, 2));
    lie(&|ballot| ballot.c.swap(0, 1));
    lie(&|ballot| ballot.z.swap(0, 2));
    lie(&|ballot| core::mem::swap(&mut ballot.a, &mut ballot.b));
    lie(&|ballot| ballot.asset = other.asset);
    forger.verdicts(&swapped).iter().for_each(refused_proof);
}

#[test]
fn rejects_a_ballot_copied_by_another_voter() {
    let mut forger = Forger::new(12, K);
    let draft = forger.draft(0, 1);
    let thief = forger.draft(0, 1);
    let (mut ballot, _) = forger.prove(&draft, 0, |_, _| {});
    ballot.address = verifier_core::prove::public_key(&thief.voter);
    refused_proof(&forger.verdict(sign(ballot.clone(), &thief.voter)));
    ballot.asset = thief.asset;
    refused_proof(&forger.verdict(sign(ballot.clone(), &thief.voter)));
    let verdict = forger.verdict(sign(ballot, &draft.voter));
    assert_eq!(outcome(&verdict), Outcome::InvalidSignature);
}

#[test]
fn random_mutations_get_the_same_verdict_alone_and_in_a_batch() {
    let mut forger = Forger::new(13, 2);
    for round in 0..12u64 {
        let ballots: Vec<_> = (0..24u64)
            .map(|number| {
                let draft = forger.draft(0, 1);
                let (mut ballot, _) = forger.prove(&draft, 0, |_, _| {});
                mutate(&mut ballot, number * 7 + round, &mut forger);
                let mut signed = sign(ballot, &draft.voter);
                if number % 11 == 3 {
                    signed.signatures[0][usize::try_from(round).unwrap()] ^= 4;
                }
                signed
            })
            .collect();
        let together: Vec<_> = ballots.iter().collect();
        let verdicts = check_batch(&forger.keys, &together);
        for (ballot, verdict) in ballots.iter().zip(&verdicts) {
            assert_eq!(&check_ballot(&forger.keys, ballot), verdict);
        }
        assert!(verdicts.iter().any(Result::is_ok));
        assert!(verdicts.iter().any(Result::is_err));
    }
}

fn mutate(ballot: &mut Ballot, kind: u64, forger: &mut Forger) {
    let drawn = draw(&mut forger.rng);
    match kind % 16 {
        0 => ballot.randomness = point(drawn * B),
        1 => ballot.transfers[1] = point(drawn * B),
        2 => ballot.a[0] = point(drawn * B),
        3 => ballot.b[1] = point(drawn * B),
        4 => ballot.c[0] = scalar(drawn),
        5 => ballot.z[1] = scalar(drawn),
        6 => ballot.z[0] = ScalarBytes([0xff; 32]),
        7 => ballot.a[1] = Point([0xff; 32]),
        8 => ballot.randomness = Point([0; 32]),
        9 => ballot.mark = [0; 4],
        10 => ballot.asset.index ^= 1,
        11 => ballot.z.truncate(1),
        _ => {}
    }
}

#[test]
fn an_empty_batch_has_no_verdicts() {
    let forger = Forger::new(14, K);
    assert_eq!(check_batch(&forger.keys, &[]), vec![]);
}

#[test]
fn rejects_what_is_not_a_ballot() {
    let mut forger = Forger::new(15, K);
    let mut transaction = forger.honest(0);
    transaction.body.action = Action::Close;
    assert_eq!(forger.verdict(transaction), Err(BallotError::NotABallot));
}
