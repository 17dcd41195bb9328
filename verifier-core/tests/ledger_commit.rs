//! Commits: what a lying node may put in one, and why it is refused.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod ledger_chain;

use ledger_chain::{
    Act, Signers, address, chain_id, header, in_order, set, sign, steady_chain, trust,
};
use tendermint::Signature;
use tendermint::block::CommitSig;
use tendermint::block::signed_header::SignedHeader;
use tendermint_light_client_verifier::types::{LightBlock as TheirBlock, ValidatorSet as TheirSet};
use tendermint_light_client_verifier::{ProdVerifier, Verdict, Verifier};
use tendermint_proto::Protobuf;
use tendermint_proto::v0_38::types::SignedHeader as RawSignedHeader;
use verifier_core::{
    CommitError, Conflict, Hash, LightError, ValidatorSet, ValidatorSetError, check_commit,
    check_commits, header_hash, verify_adjacent,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Thirty-one validators, as many as Gyeonggi has municipalities.
fn province() -> Signers {
    (1..=31).collect()
}

fn signed_by(signers: &[u8], act: impl Fn(u8) -> Act) -> SignedHeader {
    sign(header(2, signers, signers, None), signers, act)
}

fn check(signers: &[u8], signed: &SignedHeader) -> Result<u64, CommitError> {
    check_commit(&chain_id(), &set(signers), signed).map(|power| power.signed)
}

/// Puts something else in the place of one signature's bytes.
fn forge(signed: &mut SignedHeader, index: usize, change: impl Fn(&mut Vec<u8>)) {
    let (CommitSig::BlockIdFlagCommit { signature, .. }
    | CommitSig::BlockIdFlagNil { signature, .. }) = &mut signed.commit.signatures[index]
    else {
        panic!("nobody signed there")
    };
    let mut bytes = signature.take().unwrap().into_bytes();
    change(&mut bytes);
    *signature = Signature::new(bytes).unwrap();
}

#[test]
fn a_commit_by_everybody_names_every_signer() {
    let signed = signed_by(&province(), |_| Act::Signs);
    let power = check_commit(&chain_id(), &set(&province()), &signed).unwrap();
    assert_eq!((power.signed, power.total), (31, 31));
    let addresses: Vec<_> = in_order(&province()).into_iter().map(address).collect();
    assert_eq!(power.signers, addresses);
}

#[test]
fn twenty_one_of_thirty_one_are_enough_and_twenty_are_not() {
    let first = |n: u8| {
        move |signer| {
            if signer <= n {
                Act::Signs
            } else {
                Act::IsAbsent
            }
        }
    };
    assert_eq!(
        check(&province(), &signed_by(&province(), first(21))),
        Ok(21)
    );
    assert_eq!(
        check(&province(), &signed_by(&province(), first(20))),
        Err(CommitError::NotEnoughPower {
            signed: 20,
            total: 31
        })
    );
}

#[test]
fn exactly_two_thirds_of_the_power_are_not_more_than_two_thirds() {
    let signed = signed_by(
        &[1, 2, 3],
        |s| if s < 3 { Act::Signs } else { Act::IsAbsent },
    );
    assert_eq!(
        check(&[1, 2, 3], &signed),
        Err(CommitError::NotEnoughPower {
            signed: 2,
            total: 3
        })
    );
}

#[test]
fn votes_for_nil_lend_a_block_no_power() {
    let signed = signed_by(&[1, 2, 3, 4], |s| {
        if s < 3 { Act::Signs } else { Act::VotesNil }
    });
    assert_eq!(
        check(&[1, 2, 3, 4], &signed),
        Err(CommitError::NotEnoughPower {
            signed: 2,
            total: 4
        })
    );
}

#[test]
fn a_vote_for_nil_passed_off_as_one_for_the_block_does_not_verify() {
    let mut signed = signed_by(&[1, 2, 3, 4], |s| {
        if s < 3 { Act::Signs } else { Act::VotesNil }
    });
    let places = in_order(&[1, 2, 3, 4]);
    let index = places.iter().position(|s| *s == 3).unwrap();
    let CommitSig::BlockIdFlagNil {
        validator_address,
        timestamp,
        signature,
    } = signed.commit.signatures[index].clone()
    else {
        panic!("validator 3 votes nil")
    };
    signed.commit.signatures[index] = CommitSig::BlockIdFlagCommit {
        validator_address,
        timestamp,
        signature,
    };
    assert_eq!(
        check(&[1, 2, 3, 4], &signed),
        Err(CommitError::InvalidSignature {
            index,
            validator: address(3)
        })
    );
}

#[test]
fn a_forged_vote_for_nil_is_refused_although_it_counts_for_nothing() {
    let mut signed = signed_by(&[1, 2, 3, 4], |s| {
        if s < 4 { Act::Signs } else { Act::VotesNil }
    });
    assert_eq!(check(&[1, 2, 3, 4], &signed), Ok(3));
    let index = in_order(&[1, 2, 3, 4])
        .iter()
        .position(|s| *s == 4)
        .unwrap();
    forge(&mut signed, index, |bytes| bytes[0] ^= 1);
    assert_eq!(
        check(&[1, 2, 3, 4], &signed),
        Err(CommitError::InvalidSignature {
            index,
            validator: address(4)
        })
    );
}

#[test]
fn a_forged_signature_is_found_in_every_place_also_beyond_the_first_two_thirds() {
    let honest = signed_by(&province(), |_| Act::Signs);
    for (index, signer) in in_order(&province()).into_iter().enumerate() {
        let mut signed = honest.clone();
        forge(&mut signed, index, |bytes| bytes[40] ^= 4);
        let expected = CommitError::InvalidSignature {
            index,
            validator: address(signer),
        };
        assert_eq!(check(&province(), &signed), Err(expected.clone()));
        let verdicts = check_commits(
            &chain_id(),
            &set(&province()),
            &[honest.clone(), signed, honest.clone()],
        );
        assert!(verdicts[0].is_ok() && verdicts[2].is_ok());
        assert_eq!(verdicts[1], Err(expected));
    }
}

#[test]
fn a_forgery_that_a_verifier_stopping_at_two_thirds_accepts_is_refused_here() {
    let mut chain = steady_chain(&province(), 2);
    forge(&mut chain[1].signed_header, 30, |bytes| bytes[0] ^= 1);
    let theirs = |block: &verifier_core::LightBlock| {
        let infos: Vec<_> = block
            .validators
            .keys()
            .map(|(_, key)| {
                let key = tendermint::PublicKey::from_raw_ed25519(&key.0).unwrap();
                tendermint::validator::Info::new(key, 1u32.into())
            })
            .collect();
        let set = TheirSet::without_proposer(infos);
        let peer = "0000000000000000000000000000000000000000".parse().unwrap();
        TheirBlock::new(block.signed_header.clone(), set.clone(), set, peer)
    };
    let (trusted, forged) = (theirs(&chain[0]), theirs(&chain[1]));
    let verdict = ProdVerifier::default().verify_update_header(
        forged.as_untrusted_state(),
        trusted.as_trusted_state(),
        &ledger_chain::options(),
        ledger_chain::now(),
    );
    assert_eq!(verdict, Verdict::Success);
    let ours = verify_adjacent(
        &trust(&chain[0]),
        &chain[1],
        &ledger_chain::options(),
        ledger_chain::now(),
    );
    assert!(matches!(
        ours,
        Err(LightError::Commit(CommitError::InvalidSignature {
            index: 30,
            ..
        }))
    ));
}

#[test]
fn a_header_of_another_chain_is_not_checked_against_this_one() {
    let signed = signed_by(&[1, 2, 3], |_| Act::Signs);
    let other = "another-ledger".parse().unwrap();
    assert_eq!(
        check_commit(&other, &set(&[1, 2, 3]), &signed),
        Err(CommitError::WrongChain {
            expected: "another-ledger".into(),
            actual: "test-ledger".into()
        })
    );
}

#[test]
fn a_commit_of_another_height_does_not_fix_this_header() {
    let mut signed = signed_by(&[1, 2, 3], |_| Act::Signs);
    signed.commit.height = 3u32.into();
    assert_eq!(
        check(&[1, 2, 3], &signed),
        Err(CommitError::WrongHeight {
            header: 2,
            commit: 3
        })
    );
}

#[test]
fn a_header_swapped_under_a_genuine_commit_is_noticed() {
    let mut signed = signed_by(&[1, 2, 3], |_| Act::Signs);
    let committed = Hash(header_hash(&signed.header).0);
    signed.header.data_hash = Some(ledger_chain::hash(99));
    let header = header_hash(&signed.header);
    assert_eq!(
        check(&[1, 2, 3], &signed),
        Err(CommitError::WrongBlock {
            header,
            commit: committed
        })
    );
}

#[test]
fn a_commit_by_a_set_that_the_header_does_not_name_is_refused() {
    let signed = sign(header(2, &[1, 2, 3], &[1, 2, 3], None), &[4, 5, 6], |_| {
        Act::Signs
    });
    assert_eq!(
        check(&[4, 5, 6], &signed),
        Err(CommitError::WrongValidators {
            header: set(&[1, 2, 3]).hash(),
            validators: set(&[4, 5, 6]).hash()
        })
    );
}

#[test]
fn missing_and_surplus_places_are_refused() {
    let mut signed = signed_by(&[1, 2, 3, 4], |_| Act::Signs);
    let last = signed.commit.signatures.pop().unwrap();
    assert_eq!(
        check(&[1, 2, 3, 4], &signed),
        Err(CommitError::WrongCount {
            validators: 4,
            signatures: 3
        })
    );
    signed.commit.signatures.extend([last.clone(), last]);
    assert_eq!(
        check(&[1, 2, 3, 4], &signed),
        Err(CommitError::WrongCount {
            validators: 4,
            signatures: 5
        })
    );
}

#[test]
fn one_genuine_signature_in_two_places_counts_for_neither() {
    let mut signed = signed_by(&[1, 2, 3, 4], |_| Act::Signs);
    let order = in_order(&[1, 2, 3, 4]);
    signed.commit.signatures[1] = signed.commit.signatures[0].clone();
    assert_eq!(
        check(&[1, 2, 3, 4], &signed),
        Err(CommitError::WrongSigner {
            index: 1,
            expected: address(order[1]),
            actual: address(order[0])
        })
    );
}

#[test]
fn a_vote_without_a_signature_is_refused() {
    let mut signed = signed_by(&[1, 2, 3, 4], |_| Act::Signs);
    forge(&mut signed, 2, Vec::clear);
    let validator = address(in_order(&[1, 2, 3, 4])[2]);
    assert_eq!(
        check(&[1, 2, 3, 4], &signed),
        Err(CommitError::MissingSignature {
            index: 2,
            validator
        })
    );
}

#[test]
fn a_batch_gives_each_commit_the_verdict_that_it_has_alone() {
    let honest = signed_by(&province(), |_| Act::Signs);
    let mut forged = honest.clone();
    forge(&mut forged, 7, |bytes| bytes[63] ^= 0x80);
    let mut shifted = honest.clone();
    shifted.commit.height = 9u32.into();
    let weak = signed_by(
        &province(),
        |s| if s < 9 { Act::Signs } else { Act::IsAbsent },
    );
    let all = [honest.clone(), forged, shifted, weak, honest];
    let alone: Vec<_> = all
        .iter()
        .map(|signed| check_commit(&chain_id(), &set(&province()), signed))
        .collect();
    assert_eq!(check_commits(&chain_id(), &set(&province()), &all), alone);
    assert_eq!(
        check_commits::<SignedHeader>(&chain_id(), &set(&province()), &[]),
        []
    );
}

#[test]
fn two_valid_commits_for_two_blocks_are_evidence_against_who_signed_both() {
    let signers = [1, 2, 3, 4];
    let first = signed_by(
        &signers,
        |s| if s == 1 { Act::IsAbsent } else { Act::Signs },
    );
    let mut forked = header(2, &signers, &signers, None);
    forked.app_hash = vec![9; 32].try_into().unwrap();
    let second = sign(forked, &signers, |s| {
        if s == 2 { Act::IsAbsent } else { Act::Signs }
    });
    let conflict = Conflict::between(&chain_id(), &set(&signers), &first, &second)
        .unwrap()
        .unwrap();
    let culprits: Vec<_> = in_order(&signers)
        .into_iter()
        .filter(|s| *s > 2)
        .map(address)
        .collect();
    assert_eq!(conflict.double_signers, culprits);
    assert_eq!(
        (conflict.first, conflict.second),
        (first.clone(), second.clone())
    );
    assert_eq!(
        Conflict::between(&chain_id(), &set(&signers), &first, &first),
        Ok(None)
    );
}

#[test]
fn an_invalid_commit_is_no_evidence() {
    let signers = [1, 2, 3, 4];
    let first = signed_by(&signers, |_| Act::Signs);
    let mut second = sign(header(3, &signers, &signers, None), &signers, |_| {
        Act::Signs
    });
    forge(&mut second, 0, |bytes| bytes[5] ^= 1);
    assert!(Conflict::between(&chain_id(), &set(&signers), &first, &second).is_err());
}

#[test]
fn every_bit_of_a_header_and_of_its_commit_matters() {
    let signers = [1, 2, 3, 4];
    let acts = |s| if s == 4 { Act::VotesNil } else { Act::Signs };
    let honest = signed_by(&signers, acts);
    assert_eq!(check(&signers, &honest), Ok(3));
    let bytes = Protobuf::<RawSignedHeader>::encode_vec(honest.clone());
    let mut decoded = 0;
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let Ok(signed) = <SignedHeader as Protobuf<RawSignedHeader>>::decode_vec(&flipped) else {
            continue;
        };
        decoded += 1;
        assert!(
            check(&signers, &signed).is_err(),
            "bit {bit} of {}",
            bytes.len() * 8
        );
    }
    assert!(
        decoded > 4 * 512,
        "every bit of every signature at least decodes"
    );
}

fn info(signer: u8, power: u64) -> tendermint::validator::Info {
    let key = tendermint::PublicKey::from_raw_ed25519(&ledger_chain::public_key(signer).0).unwrap();
    tendermint::validator::Info::new(key, power.try_into().unwrap())
}

#[test]
fn a_validator_listed_twice_is_no_second_validator() {
    assert_eq!(
        ValidatorSet::new(vec![info(1, 1), info(2, 1), info(1, 5)]),
        Err(ValidatorSetError::Duplicate {
            address: address(1)
        })
    );
}

#[test]
fn an_address_that_is_not_that_of_its_key_is_refused() {
    let mut impostor = info(1, 1);
    impostor.address = address(2);
    assert_eq!(
        ValidatorSet::new(vec![impostor]),
        Err(ValidatorSetError::AddressMismatch {
            claimed: address(2),
            derived: address(1)
        })
    );
}

#[test]
fn sets_that_are_empty_powerless_overpowered_or_overlong_are_refused() {
    assert_eq!(ValidatorSet::new(vec![]), Err(ValidatorSetError::Empty));
    assert_eq!(
        ValidatorSet::new(vec![info(1, 1), info(2, 0)]),
        Err(ValidatorSetError::NoPower {
            address: address(2)
        })
    );
    let half = u64::MAX >> 2;
    assert!(matches!(
        ValidatorSet::new(vec![info(1, half), info(2, half)]),
        Err(ValidatorSetError::TooMuchPower { .. })
    ));
    assert_eq!(
        ValidatorSet::new(vec![info(1, 1); 10_001]),
        Err(ValidatorSetError::TooMany {
            actual: 10_001,
            limit: 10_000
        })
    );
}

#[test]
fn a_key_that_is_no_curve_point_is_refused() {
    let nothing = (0..=255u8)
        .map(|b| verifier_core::PublicKey([b; 32]))
        .find(|key| ed25519_dalek::VerifyingKey::from_bytes(&key.0).is_err())
        .unwrap();
    assert_eq!(
        ValidatorSet::from_keys([(nothing, 1)]),
        Err(ValidatorSetError::UnusableKey {
            key: nothing.to_string()
        })
    );
    assert!(matches!(
        ValidatorSet::from_keys([(ledger_chain::public_key(1), u64::MAX)]),
        Err(ValidatorSetError::TooMuchPower { .. })
    ));
}
