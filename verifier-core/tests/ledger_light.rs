//! The light client against those who would lead it astray: one test per rule, and what an honest chain gives.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod ledger_chain;

use core::time::Duration;
use ledger_chain::{
    Act, Signers, block_id, chain, header, now, options, set, sign, steady_chain, time, trust,
};
use tendermint::block::Header;
use verifier_core::{
    CommitError, Hash, HeaderHash, LightBlock, LightError, LightOutcome, NotYetTrusted, Options,
    TrustLevel, TrustedHeader, header_hash, verify_adjacent, verify_backwards, verify_skipping,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const FOUR: [u8; 4] = [1, 2, 3, 4];

fn province() -> Signers {
    (1..=31).collect()
}

/// The block of height 2 after changing its header, signed anew by everybody: the validators lie too.
fn altered(change: impl Fn(&mut Header)) -> (TrustedHeader, LightBlock) {
    let blocks = steady_chain(&FOUR, 2);
    let mut header = blocks[1].signed_header.header.clone();
    change(&mut header);
    let mut block = blocks[1].clone();
    block.signed_header = sign(header, &FOUR, |_| Act::Signs);
    (trust(&blocks[0]), block)
}

fn verify_altered(change: impl Fn(&mut Header)) -> Result<TrustedHeader, LightError> {
    let (trusted, block) = altered(change);
    verify_adjacent(&trusted, &block, &options(), now())
}

fn verified(outcome: Result<LightOutcome, LightError>) -> TrustedHeader {
    match outcome.unwrap() {
        LightOutcome::Verified(header) => *header,
        LightOutcome::NotYetTrusted(reason) => panic!("{reason:?}"),
    }
}

#[test]
fn an_honest_chain_is_followed_header_by_header() {
    let blocks = chain(&[vec![1, 2, 3], vec![1, 2, 4], vec![5, 6], vec![5, 6]]);
    let mut trusted = trust(&blocks[0]);
    for block in &blocks[1..] {
        trusted = verify_adjacent(&trusted, block, &options(), now()).unwrap();
        assert_eq!(trusted.header(), &block.signed_header.header);
        assert_eq!(trusted.hash(), header_hash(&block.signed_header.header));
        assert_eq!(trusted.next_validators(), block.next_validators.as_ref());
    }
    assert_eq!(trusted.height(), 3);
}

#[test]
fn an_unchanging_set_is_skipped_over_in_one_step() {
    let blocks = steady_chain(&FOUR, 50);
    let header = verified(verify_skipping(
        &trust(&blocks[0]),
        &blocks[49],
        &options(),
        now(),
    ));
    assert_eq!(header.height(), 50);
}

#[test]
fn where_no_change_is_announced_the_next_validators_need_not_be_given() {
    let mut blocks = steady_chain(&FOUR, 2);
    blocks[1].next_validators = None;
    let header = verify_adjacent(&trust(&blocks[0]), &blocks[1], &options(), now()).unwrap();
    assert_eq!(header.next_validators(), Some(&set(&FOUR)));
}

#[test]
fn eleven_of_thirty_one_keys_and_an_invented_set_are_not_enough() {
    let honest = steady_chain(&province(), 1);
    let thieves: Signers = (1..=11).chain(100..=101).collect();
    let forged = LightBlock {
        signed_header: sign(header(9, &thieves, &thieves, None), &thieves, |_| {
            Act::Signs
        }),
        validators: set(&thieves),
        next_validators: Some(set(&thieves)),
    };
    let strict = verify_skipping(&trust(&honest[0]), &forged, &options(), now());
    assert_eq!(
        strict,
        Ok(LightOutcome::NotYetTrusted(
            NotYetTrusted::TooLittleOverlap {
                signed: 11,
                total: 31
            }
        ))
    );
    // The usual level of one third is what lets them pass.
    let usual = Options {
        trust_threshold: TrustLevel::ONE_THIRD,
        ..options()
    };
    assert_eq!(
        verified(verify_skipping(&trust(&honest[0]), &forged, &usual, now())).height(),
        9
    );
}

#[test]
fn thieves_who_are_listed_but_did_not_sign_lend_no_trust() {
    let honest = steady_chain(&FOUR, 1);
    let mixed: Signers = (1..=4).chain(10..=30).collect();
    let forged = LightBlock {
        signed_header: sign(header(9, &mixed, &mixed, None), &mixed, |s| {
            if s <= 4 { Act::IsAbsent } else { Act::Signs }
        }),
        validators: set(&mixed),
        next_validators: Some(set(&mixed)),
    };
    assert_eq!(
        verify_skipping(&trust(&honest[0]), &forged, &options(), now()),
        Ok(LightOutcome::NotYetTrusted(
            NotYetTrusted::TooLittleOverlap {
                signed: 0,
                total: 4
            }
        ))
    );
}

#[test]
fn exactly_the_trust_level_is_not_more_than_it() {
    let honest = steady_chain(&[1, 2, 3], 1);
    let forged_set = [1, 2, 9];
    let forged = LightBlock {
        signed_header: sign(
            header(5, &forged_set, &forged_set, None),
            &forged_set,
            |_| Act::Signs,
        ),
        validators: set(&forged_set),
        next_validators: None,
    };
    assert_eq!(
        verify_skipping(&trust(&honest[0]), &forged, &options(), now()),
        Ok(LightOutcome::NotYetTrusted(
            NotYetTrusted::TooLittleOverlap {
                signed: 2,
                total: 3
            }
        ))
    );
}

#[test]
fn nothing_is_skipped_while_the_next_validators_are_unknown() {
    let blocks = steady_chain(&FOUR, 3);
    let header = blocks[0].signed_header.header.clone();
    let hash = header_hash(&header);
    let trusted = TrustedHeader::from_trusted_hash(header, hash, None).unwrap();
    assert_eq!(
        verify_skipping(&trusted, &blocks[2], &options(), now()),
        Ok(LightOutcome::NotYetTrusted(
            NotYetTrusted::NextValidatorsUnknown { trusted: 1 }
        ))
    );
    assert!(verify_adjacent(&trusted, &blocks[1], &options(), now()).is_ok());
}

#[test]
fn a_trusted_header_older_than_the_trusting_period_vouches_for_nothing() {
    let blocks = steady_chain(&FOUR, 2);
    let late = (blocks[0].signed_header.header.time + options().trusting_period).unwrap();
    assert_eq!(
        verify_adjacent(&trust(&blocks[0]), &blocks[1], &options(), late),
        Err(LightError::TrustExpired {
            time: time(10),
            period: options().trusting_period,
            now: late
        })
    );
    let just_in_time = (late - Duration::from_nanos(1)).unwrap();
    assert!(verify_adjacent(&trust(&blocks[0]), &blocks[1], &options(), just_in_time).is_ok());
}

#[test]
fn a_trusting_period_beyond_the_calendar_is_refused_rather_than_endless() {
    let blocks = steady_chain(&FOUR, 2);
    let endless = Options {
        trusting_period: Duration::MAX,
        ..options()
    };
    assert!(matches!(
        verify_adjacent(&trust(&blocks[0]), &blocks[1], &endless, now()),
        Err(LightError::TrustExpired { .. })
    ));
}

#[test]
fn a_header_of_another_chain_is_refused() {
    assert_eq!(
        verify_altered(|header| header.chain_id = "another-ledger".parse().unwrap()),
        Err(LightError::WrongChain {
            trusted: "test-ledger".into(),
            actual: "another-ledger".into()
        })
    );
}

#[test]
fn a_header_of_another_block_protocol_is_refused() {
    assert_eq!(
        verify_altered(|header| header.version.block = 12),
        Err(LightError::WrongVersion {
            trusted: 11,
            actual: 12
        })
    );
}

#[test]
fn an_old_header_is_no_news() {
    let blocks = steady_chain(&FOUR, 3);
    for old in &blocks[..2] {
        assert_eq!(
            verify_skipping(&trust(&blocks[1]), old, &options(), now()),
            Err(LightError::HeightNotIncreasing {
                trusted: 2,
                actual: old.signed_header.header.height.value()
            })
        );
    }
}

#[test]
fn a_header_further_on_does_not_pass_as_the_next_one() {
    let blocks = steady_chain(&FOUR, 3);
    assert_eq!(
        verify_adjacent(&trust(&blocks[0]), &blocks[2], &options(), now()),
        Err(LightError::NotAdjacent {
            trusted: 1,
            actual: 3
        })
    );
}

#[test]
fn time_must_move_on() {
    assert_eq!(
        verify_altered(|header| header.time = time(10)),
        Err(LightError::TimeNotIncreasing {
            trusted: time(10),
            actual: time(10)
        })
    );
}

#[test]
fn a_header_from_beyond_the_clock_drift_is_refused() {
    let present = time(18);
    let blocks = steady_chain(&FOUR, 2);
    assert_eq!(
        verify_adjacent(&trust(&blocks[0]), &blocks[1], &options(), present),
        Err(LightError::FromTheFuture {
            time: time(20),
            now: present,
            drift: options().clock_drift
        })
    );
    let later = (present + Duration::from_nanos(1)).unwrap();
    assert!(verify_adjacent(&trust(&blocks[0]), &blocks[1], &options(), later).is_ok());
}

#[test]
fn a_set_that_the_trusted_header_did_not_announce_is_refused_however_well_it_signs() {
    let blocks = steady_chain(&FOUR, 1);
    let others = [5, 6, 7];
    let forged = LightBlock {
        signed_header: sign(header(2, &others, &others, None), &others, |_| Act::Signs),
        validators: set(&others),
        next_validators: Some(set(&others)),
    };
    assert_eq!(
        verify_skipping(&trust(&blocks[0]), &forged, &options(), now()),
        Err(LightError::UnannouncedValidators {
            announced: set(&FOUR).hash(),
            actual: set(&others).hash()
        })
    );
}

#[test]
fn a_next_set_that_the_header_does_not_announce_is_refused() {
    let mut blocks = steady_chain(&FOUR, 2);
    blocks[1].next_validators = Some(set(&[1, 2, 3]));
    assert_eq!(
        verify_adjacent(&trust(&blocks[0]), &blocks[1], &options(), now()),
        Err(LightError::WrongNextValidators {
            announced: set(&FOUR).hash(),
            actual: set(&[1, 2, 3]).hash()
        })
    );
}

#[test]
fn a_commit_that_does_not_hold_makes_the_header_invalid_not_merely_untrusted() {
    let mut blocks = steady_chain(&FOUR, 5);
    let header = blocks[4].signed_header.header.clone();
    blocks[4].signed_header = sign(header, &FOUR, |s| {
        if s == 1 { Act::Signs } else { Act::IsAbsent }
    });
    assert_eq!(
        verify_skipping(&trust(&blocks[0]), &blocks[4], &options(), now()),
        Err(LightError::Commit(CommitError::NotEnoughPower {
            signed: 1,
            total: 4
        }))
    );
}

#[test]
fn a_header_that_the_trust_card_does_not_name_is_not_trusted() {
    let header = steady_chain(&FOUR, 1)[0].signed_header.header.clone();
    let actual = header_hash(&header);
    let trusted = HeaderHash([9; 32]);
    assert_eq!(
        TrustedHeader::from_trusted_hash(header, trusted, None),
        Err(LightError::WrongTrustedHash { trusted, actual })
    );
}

#[test]
fn every_ancestor_of_a_final_header_is_trusted_however_old() {
    let blocks = chain(&[vec![1, 2], vec![1, 3], vec![4], vec![4], vec![4]]);
    let mut trusted = trust(&blocks[3]);
    for block in blocks[..3].iter().rev() {
        trusted = verify_backwards(&trusted, block.signed_header.header.clone()).unwrap();
        assert_eq!(trusted.hash(), header_hash(&block.signed_header.header));
    }
    assert_eq!(trusted.height(), 1);
}

#[test]
fn an_ancestor_is_not_skipped_to() {
    let blocks = steady_chain(&FOUR, 3);
    for wrong in [&blocks[0], &blocks[2]] {
        assert_eq!(
            verify_backwards(&trust(&blocks[2]), wrong.signed_header.header.clone()),
            Err(LightError::NotPreceding {
                trusted: 3,
                actual: wrong.signed_header.header.height.value()
            })
        );
    }
}

#[test]
fn an_invented_parent_is_not_one() {
    let blocks = steady_chain(&FOUR, 3);
    let mut parent = blocks[1].signed_header.header.clone();
    let genuine = header_hash(&parent);
    parent.app_hash = vec![0; 32].try_into().unwrap();
    assert_eq!(
        verify_backwards(&trust(&blocks[2]), parent.clone()),
        Err(LightError::NotTheParent {
            parent: Hash(genuine.0),
            actual: header_hash(&parent)
        })
    );
}

/// A child with this parent, trusted because a card names it.
fn child_of(parent: &Header) -> TrustedHeader {
    let child = header(2, &FOUR, &FOUR, Some(block_id(parent)));
    let hash = header_hash(&child);
    TrustedHeader::from_trusted_hash(child, hash, None).unwrap()
}

#[test]
fn a_parent_that_contradicts_its_child_is_refused_although_the_hash_fits() {
    let mut parent = header(1, &FOUR, &FOUR, None);
    parent.time = time(20);
    assert_eq!(
        verify_backwards(&child_of(&parent), parent.clone()),
        Err(LightError::TimeNotDecreasing {
            trusted: time(20),
            actual: time(20)
        })
    );
    let parent = header(1, &FOUR, &[1, 2], None);
    assert_eq!(
        verify_backwards(&child_of(&parent), parent.clone()),
        Err(LightError::UnannouncedValidators {
            announced: set(&[1, 2]).hash(),
            actual: set(&FOUR).hash()
        })
    );
    let mut parent = header(1, &FOUR, &FOUR, None);
    parent.chain_id = "another-ledger".parse().unwrap();
    assert!(matches!(
        verify_backwards(&child_of(&parent), parent.clone()),
        Err(LightError::WrongChain { .. })
    ));
}

#[test]
fn every_bit_of_a_header_is_refused_as_an_ancestor_if_it_differs() {
    use tendermint_proto::Protobuf;
    use tendermint_proto::v0_38::types::Header as RawHeader;
    let blocks = steady_chain(&FOUR, 3);
    let trusted = trust(&blocks[2]);
    let bytes = Protobuf::<RawHeader>::encode_vec(blocks[1].signed_header.header.clone());
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        if let Ok(header) = <Header as Protobuf<RawHeader>>::decode_vec(&flipped) {
            assert!(verify_backwards(&trusted, header).is_err(), "bit {bit}");
        }
    }
    assert!(verify_backwards(&trusted, blocks[1].signed_header.header.clone()).is_ok());
}
