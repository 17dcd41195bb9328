//! Evidence of an attack: whom it names, and what does not pass for it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod witness_ledger;

use serde_json::Value;
use std::collections::BTreeSet;
use tendermint::block::{Header, Round};
use verifier_core::{
    AttackEvidence, CommitError, ContractId, EVIDENCE_LIMIT, EvidenceError, GenesisHash, PublicKey,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use witness_ledger::ledger_chain::{Act, address, block_id, public_key};
use witness_ledger::{
    FOUR, card, evidence, forked, grow_in_round, history, other_data, other_state, split,
};

fn keys(signers: impl IntoIterator<Item = u8>) -> BTreeSet<PublicKey> {
    signers.into_iter().map(public_key).collect()
}

#[test]
fn those_who_signed_both_are_named_and_nobody_else() {
    for n in [2, 3, 9] {
        for change in [other_data, other_state] {
            let (_, evidence) = split(n, 0, change);
            assert_eq!(evidence.culprits(), keys([1, 2]));
            assert_eq!(evidence.suspects(), keys([]));
        }
    }
}

#[test]
fn of_a_province_exactly_the_eleven_who_signed_both_are_named() {
    let everybody: Vec<u8> = (1..=31).collect();
    let common = history(&everybody, 1);
    let with = |honest: fn(u8) -> bool| {
        move |signer| {
            if signer <= 11 || honest(signer) {
                Act::Signs
            } else {
                Act::VotesNil
            }
        }
    };
    let even = |signer| signer % 2 == 0;
    let odd = |signer| signer % 2 == 1;
    let one = forked(&common, 1, &everybody, 7, |_| {}, with(even));
    let other = forked(&common, 1, &everybody, 7, other_data, with(odd));
    let evidence = evidence(&card(&one, &everybody, 2), &one, &other);
    assert_eq!(evidence.culprits(), keys(1..=11));
}

#[test]
fn whoever_signs_a_header_that_hangs_on_nothing_is_a_culprit_too() {
    let honest = history(&FOUR, 9);
    let mut invented = honest.clone();
    invented.truncate(8);
    let hang = |header: &mut Header| {
        let mut parent = honest[7].header.clone();
        other_data(&mut parent);
        header.last_block_id = Some(block_id(&parent));
    };
    let act = |signer| match signer {
        4 => Act::IsAbsent,
        _ => Act::Signs,
    };
    let invented = grow_in_round(Round::from(3u16), invented, &FOUR, 9, hang, act);
    let evidence = evidence(&card(&honest, &FOUR, 2), &honest, &invented);
    assert_eq!((evidence.height(), evidence.common()), (9, None));
    assert_eq!(evidence.culprits(), keys([1, 2, 3]));
}

#[test]
fn second_headers_that_do_not_follow_the_first_are_left_out() {
    let (one, mut other) = (history(&FOUR, 9), history(&FOUR, 7));
    other = grow_in_round(Round::from(1u16), other, &FOUR, 9, other_data, |_| {
        Act::Signs
    });
    let elsewhere = forked(
        &other,
        8,
        &FOUR,
        9,
        |header| header.last_block_id = None,
        |_| Act::Signs,
    );
    let evidence = evidence(&card(&one, &FOUR, 2), &one, &elsewhere);
    assert_eq!(evidence.height(), 8);
    assert!(evidence.sides().iter().all(|side| side.second.is_none()));
}

#[test]
fn a_change_of_mind_between_rounds_proves_nothing_against_anybody() {
    let (_, evidence) = split(2, 1, other_data);
    assert_eq!(evidence.culprits(), keys([]));
    assert_eq!(evidence.suspects(), keys([1, 2]));
}

#[test]
fn whoever_goes_on_signing_both_histories_is_a_culprit_in_any_round() {
    let (_, evidence) = split(3, 1, other_data);
    assert_eq!(evidence.culprits(), keys([1, 2]));
    assert_eq!(evidence.suspects(), keys([]));
}

#[test]
fn whoever_signs_two_results_of_one_block_is_a_culprit_in_any_round() {
    let (_, evidence) = split(2, 1, other_state);
    assert_eq!(evidence.culprits(), keys([1, 2]));
}

#[test]
fn a_file_holds_the_same_evidence() {
    for (n, round) in [(2, 0), (2, 1), (3, 0), (9, 1)] {
        let (card, evidence) = split(n, round, other_data);
        let file = evidence.to_json();
        assert_eq!(AttackEvidence::read(file.as_bytes(), &card), Ok(evidence));
    }
}

#[test]
fn a_file_holds_for_the_card_that_is_printed_after_the_election() {
    let (mut card, evidence) = split(9, 0, other_data);
    card.final_header = Some(verifier_core::Anchor {
        height: 40,
        ..card.trusted
    });
    let file = evidence.to_json();
    assert_eq!(AttackEvidence::read(file.as_bytes(), &card), Ok(evidence));
}

/// Addresses that CometBFT's part of a file names, attack by attack, with the common height.
fn named_for_cometbft(evidence: &AttackEvidence) -> Vec<(String, Vec<u8>)> {
    let file: Value = serde_json::from_str(&evidence.to_json()).unwrap();
    let attacks = file["evidence"].as_array().unwrap();
    let signer = |validator: &Value| {
        let address = validator["address"].as_str().unwrap().to_owned();
        let is =
            |signer: &u8| witness_ledger::ledger_chain::address(*signer).to_string() == address;
        FOUR.into_iter().find(is).unwrap()
    };
    attacks
        .iter()
        .map(|attack| {
            let value = &attack["value"];
            let list = value["ByzantineValidators"].as_array();
            let mut named: Vec<u8> = list.into_iter().flatten().map(signer).collect();
            named.sort_unstable();
            (value["CommonHeight"].as_str().unwrap().to_owned(), named)
        })
        .collect()
}

/// The lists of `GetByzantineValidators`, as `witness_cometbft.rs` has CometBFT itself confirm.
#[test]
fn cometbft_is_told_whom_its_own_rules_name() {
    let (_, equivocation) = split(2, 0, other_data);
    assert_eq!(
        named_for_cometbft(&equivocation),
        [("2".into(), vec![1, 2]), ("2".into(), vec![1, 2])]
    );
    let (_, amnesia) = split(2, 1, other_data);
    assert_eq!(
        named_for_cometbft(&amnesia),
        [("2".into(), vec![]), ("2".into(), vec![])]
    );
    let (_, lunatic) = split(2, 0, other_state);
    assert_eq!(
        named_for_cometbft(&lunatic),
        [("1".into(), vec![1, 2, 3]), ("1".into(), vec![1, 2, 4])]
    );
}

#[test]
fn no_bit_can_be_flipped_unnoticed() {
    let (card, evidence) = split(2, 0, other_data);
    let file = evidence.to_json().into_bytes();
    for place in 0..file.len() {
        let mut flipped = file.clone();
        flipped[place] ^= 1 << (place % 8);
        let read = AttackEvidence::read(&flipped, &card);
        assert!(read.is_err(), "byte {place}: {read:?}");
    }
}

/// Reads a file after changing its JSON.
fn read_altered(change: impl Fn(&mut Value)) -> Result<AttackEvidence, EvidenceError> {
    let (card, evidence) = split(3, 0, other_data);
    let mut file: Value = serde_json::from_str(&evidence.to_json()).unwrap();
    change(&mut file);
    AttackEvidence::read(&serde_json::to_vec_pretty(&file).unwrap(), &card)
}

/// Reads a file after changing its text.
fn read_rewritten(change: impl Fn(String) -> String) -> Result<AttackEvidence, EvidenceError> {
    let (card, evidence) = split(2, 0, other_data);
    AttackEvidence::read(change(evidence.to_json()).as_bytes(), &card)
}

#[test]
fn nobody_else_can_be_put_on_the_list() {
    let [culprit, innocent] = [1, 3].map(|signer| address(signer).to_string());
    let replace = |file: String| {
        let (before, list) = file.split_once("\"ByzantineValidators\"").unwrap();
        let list = list.replacen(&culprit, &innocent, 1);
        format!("{before}\"ByzantineValidators\"{list}")
    };
    assert_eq!(read_rewritten(replace), Err(EvidenceError::Altered));
}

#[test]
fn nobody_can_be_taken_off_the_list() {
    let cut = |file: String| {
        let (before, list) = file.split_once("\"ByzantineValidators\": [").unwrap();
        let (_, after) = list.split_once(']').unwrap();
        format!("{before}\"ByzantineValidators\": null{after}")
    };
    assert_eq!(read_rewritten(cut), Err(EvidenceError::Altered));
}

#[test]
fn what_nobody_reads_is_not_carried_along() {
    let add = |file: String| file.replacen('{', "{\n  \"note\": \"guilty: number 3\",", 1);
    assert_eq!(read_rewritten(add), Err(EvidenceError::Altered));
}

#[test]
fn a_signature_cannot_be_lent_to_somebody_else() {
    let lend = |file: &mut Value| {
        let signatures = &mut file["evidence"][0]["value"]["ConflictingBlock"]["signed_header"]["commit"]
            ["signatures"];
        let votes = signatures.as_array_mut().unwrap();
        let absent = votes.iter().position(|v| v["block_id_flag"] == 1).unwrap();
        let present = votes.iter().position(|v| v["block_id_flag"] == 2).unwrap();
        votes.swap(absent, present);
    };
    assert!(matches!(
        read_altered(lend),
        Err(EvidenceError::Commit {
            height: 2,
            error: CommitError::WrongSigner { .. }
        })
    ));
}

#[test]
fn the_same_header_twice_is_no_conflict() {
    let repeat = |file: &mut Value| file["evidence"][1] = file["evidence"][0].clone();
    assert_eq!(
        read_altered(repeat),
        Err(EvidenceError::NoConflict { one: 2, other: 2 })
    );
}

#[test]
fn headers_of_different_heights_are_no_conflict() {
    let shift = |file: &mut Value| {
        file["evidence"][1] = file["evidence"][3].clone();
        file["evidence"].as_array_mut().unwrap().truncate(2);
    };
    assert_eq!(
        read_altered(shift),
        Err(EvidenceError::NoConflict { one: 2, other: 3 })
    );
}

#[test]
fn a_file_with_one_side_only_is_none() {
    for count in [0, 1, 3] {
        let cut = |file: &mut Value| file["evidence"].as_array_mut().unwrap().truncate(count);
        assert_eq!(read_altered(cut), Err(EvidenceError::Count(count)));
    }
}

#[test]
fn a_common_header_that_is_none_is_refused() {
    let other = serde_json::to_string(&history(&FOUR, 2)[1].header).unwrap();
    let replace = |file: String| {
        let (before, rest) = file.split_once("\"common_header\": ").unwrap();
        let (_, after) = rest.split_once("},\n  \"evidence\"").unwrap();
        format!("{before}\"common_header\": {other},\n  \"evidence\"{after}")
    };
    assert_eq!(read_rewritten(replace), Err(EvidenceError::Altered));
}

#[test]
fn another_version_is_not_read() {
    let change = |file: &mut Value| file["version"] = 2.into();
    assert_eq!(read_altered(change), Err(EvidenceError::Version(2)));
}

#[test]
fn evidence_about_another_election_or_ledger_is_refused() {
    let other = "11".repeat(32);
    let change = |file: &mut Value| file["contract_id"] = other.clone().into();
    assert!(matches!(
        read_altered(change),
        Err(EvidenceError::OtherElection { evidence, .. }) if evidence == ContractId([0x11; 32])
    ));
    let (mut card, evidence) = split(2, 0, other_data);
    card.genesis = GenesisHash([9; 32]);
    assert_eq!(
        AttackEvidence::read(evidence.to_json().as_bytes(), &card),
        Err(EvidenceError::OtherGenesis)
    );
}

#[test]
fn the_signatures_of_other_validators_are_evidence_against_nobody() {
    let (mut card, evidence) = split(2, 0, other_data);
    card.validators.pop();
    assert!(matches!(
        AttackEvidence::read(evidence.to_json().as_bytes(), &card),
        Err(EvidenceError::Commit {
            error: CommitError::WrongValidators { .. },
            ..
        })
    ));
}

#[test]
fn what_is_too_large_or_no_json_is_not_read() {
    let (card, evidence) = split(2, 0, other_data);
    let huge = vec![b' '; EVIDENCE_LIMIT + 1];
    assert_eq!(
        AttackEvidence::read(&huge, &card),
        Err(EvidenceError::TooLarge {
            actual: EVIDENCE_LIMIT + 1,
            limit: EVIDENCE_LIMIT
        })
    );
    assert!(matches!(
        AttackEvidence::read(b"[]", &card),
        Err(EvidenceError::Json(_))
    ));
    let spaced = format!("{} ", evidence.to_json());
    assert_eq!(
        AttackEvidence::read(spaced.as_bytes(), &card),
        Err(EvidenceError::Altered)
    );
}
