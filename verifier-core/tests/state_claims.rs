//! Questions about the state of an election in which rights are claimed, and following one.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod ledger_chain;
mod town;

use town::ask::{ask, blamed, list, name_of, rejected, right};
use town::{Block, LAST, Town, address, anchor, asset, commitment, now, transaction_under};
use verifier_core::state_key::{self, RecordedIssuances, SpentEntry};
use verifier_core::{
    Action, AssetId, Ballot, BlindSignature, CLAIM_BATCHES, CertifyRoll, Claim, ClaimKeys,
    Contract, Finding, Issue, Live, Numbers, Participation, Point, PublicKey, RecordIssuances,
    Request, RsaModulus, SourceFault, StateAnswer, StateCheck, StateQuestion, Transaction, encode,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// What a lie does to the blocks.
type Change = dyn Fn(&mut Vec<Block>);

/// Three municipalities, with keys that nothing here is signed with.
fn contract() -> Contract {
    let mut contract = town::contract();
    let mut third = contract.municipalities[1].clone();
    for (at, key) in [
        &mut third.registrar.0,
        &mut third.trustee.0,
        &mut third.trustee_encryption.0,
        &mut third.promise.0,
        &mut third.observer.0,
    ]
    .into_iter()
    .enumerate()
    {
        *key = [100 + u8::try_from(at).unwrap(); 32];
    }
    contract.municipalities.push(third);
    let modulus = |n: u8| RsaModulus([0x80 | (2 * n + 1); 256]);
    let keys = (0..3).map(|m| ClaimKeys {
        home: modulus(2 * m),
        countersign: modulus(2 * m + 1),
    });
    let contract = contract.with_claim_keys(keys.collect());
    contract.check().unwrap();
    contract
}

fn claimed(index: u16) -> AssetId {
    asset(0, CLAIM_BATCHES, index)
}

fn made(action: Action) -> (Vec<u8>, u32) {
    (transaction_under(&contract(), action), 0)
}

fn record(sequence: u16, people: &[&str]) -> (Vec<u8>, u32) {
    let mut roll_commitments: Vec<_> = people.iter().map(|p| commitment(p)).collect();
    roll_commitments.sort();
    made(Action::RecordIssuances(RecordIssuances {
        municipality: 0,
        sequence,
        roll_commitments,
    }))
}

fn claim(index: u16) -> (Vec<u8>, u32) {
    let nothing = BlindSignature {
        randomizer: [0; 32],
        signature: [0; 256],
    };
    made(Action::Claim(Box::new(Claim {
        municipality: 0,
        address: address(claimed(index)),
        home: nothing,
        countersign: nothing,
    })))
}

fn addresses(count: u16) -> Vec<PublicKey> {
    (0..count).map(|index| address(claimed(index))).collect()
}

fn recorded(records: u16, people: u32) -> Vec<u8> {
    encode(&RecordedIssuances { records, people })
}

/// Two rights are issued, three given by blind signature, one of these claimed in block 3 and one in block 4, which is voted with in block 5.
fn blocks() -> Vec<Block> {
    let mut blocks = vec![Block::default(); usize::try_from(LAST).unwrap()];
    let roll = CertifyRoll {
        municipality: 0,
        people: 9,
    };
    blocks[1].transactions = vec![made(Action::CertifyRoll(roll))];
    blocks[1].writes = [(state_key::roll(0), encode(&9u32))].into();
    let mut roll_commitments = vec![commitment("dal"), commitment("eun")];
    roll_commitments.sort();
    let issued: Vec<_> = (0..2).map(|index| address(asset(0, 0, index))).collect();
    let issue = Issue {
        municipality: 0,
        batch: 0,
        addresses: issued.clone(),
        roll_commitments,
    };
    blocks[2].transactions = vec![
        made(Action::Issue(issue)),
        record(0, &["ana", "ben"]),
        record(1, &["cho"]),
        claim(0),
    ];
    let claims = state_key::issue(0, CLAIM_BATCHES);
    let value = |count| encode(&state_key::issue_value(&addresses(count)));
    blocks[2].writes = [
        (
            state_key::issue(0, 0),
            encode(&state_key::issue_value(&issued)),
        ),
        (state_key::recorded(0), recorded(2, 3)),
        (claims.clone(), value(1)),
    ]
    .into();
    blocks[3].transactions = vec![claim(1)];
    blocks[3].writes = [(claims, value(2))].into();
    let ballot = made(Action::Cast(Ballot {
        asset: claimed(1),
        address: address(claimed(1)),
        mark: *b"MARK",
        randomness: Point([1; 32]),
        transfers: Vec::new(),
        a: Vec::new(),
        b: Vec::new(),
        c: Vec::new(),
        z: Vec::new(),
    }));
    let spent = SpentEntry {
        index: 1,
        height: 5,
        code: Transaction::decode(&ballot.0).unwrap().body.tracking_code(),
    };
    let key = state_key::spent(0, CLAIM_BATCHES);
    blocks[4].writes = [(key, encode(&state_key::spent_value(&[spent])))].into();
    blocks[4].transactions = vec![ballot];
    blocks
}

fn town() -> Town {
    Town::under(contract(), blocks())
}

fn asked(town: &Town, question: StateQuestion) -> StateCheck {
    ask(&town.card, question, |request| town.answer(request))
}

fn answered(town: &Town, question: StateQuestion) -> StateAnswer {
    asked(town, question).answer().unwrap().clone()
}

fn numbers(town: &Town) -> Numbers {
    match answered(town, StateQuestion::Numbers) {
        StateAnswer::Numbers(numbers) => numbers,
        other => panic!("{other:?}"),
    }
}

#[test]
fn numbers_tell_rights_issued_from_rights_given_blindly_and_claimed() {
    let town = town();
    let people = &numbers(&town).participation[0];
    let expected = Participation {
        roll: 9,
        issued: 2,
        recorded: 3,
        claimed: 2,
        checked_in: 0,
        ballots: 1,
        claimed_ballots: 1,
    };
    assert_eq!(*people, expected);
    assert_eq!((people.rights(), people.turnout()), (5, 1));
    assert_eq!(numbers(&town).participation[1], Participation::default());
}

#[test]
fn a_list_of_claims_may_be_longer_than_it_was_but_not_another() {
    let mut early = town();
    early.card.final_header = Some(anchor(&early.signed[3]));
    assert_eq!(numbers(&early).participation[0].claimed, 1);
    let of_claims = |request: &Request| matches!(request, Request::Batch { batch, .. } if *batch == CLAIM_BATCHES);
    let mut foreign = addresses(3);
    foreign.reverse();
    for lie in [foreign, addresses(0), addresses(3)[1..].to_vec()] {
        let check = ask(
            &early.card,
            StateQuestion::Numbers,
            |request| match of_claims(request) {
                true => list(encode(&lie)),
                false => early.answer(request),
            },
        );
        blamed(&check, |fault| {
            matches!(fault, SourceFault::StateDiffers { .. })
        });
    }
    // A shorter one than the state's is another one.
    let town = town();
    let check = ask(
        &town.card,
        StateQuestion::Numbers,
        |request| match of_claims(request) {
            true => list(encode(&addresses(1))),
            false => town.answer(request),
        },
    );
    blamed(&check, |fault| {
        matches!(fault, SourceFault::StateDiffers { .. })
    });
}

#[test]
fn a_claimed_right_is_asked_about_like_any_other() {
    let town = town();
    let spent = answered(&town, right(0, CLAIM_BATCHES, 1));
    assert!(
        matches!(spent, StateAnswer::SpentBy { height: 5, .. }),
        "{spent:?}"
    );
    let asset = claimed(0);
    assert_eq!(
        answered(&town, right(0, CLAIM_BATCHES, 0)),
        StateAnswer::Unspent { asset }
    );
    let absent = right(0, CLAIM_BATCHES, 2);
    assert_eq!(answered(&town, absent), StateAnswer::NoSuchRight);
}

#[test]
fn a_name_is_found_among_rights_given_blindly_too() {
    let town = town();
    let recorded = |record| StateAnswer::NameRecorded { record, height: 3 };
    assert_eq!(answered(&town, name_of(0, "ana")), recorded(0));
    assert_eq!(answered(&town, name_of(0, "cho")), recorded(1));
    let issued = answered(&town, name_of(0, "dal"));
    assert_eq!(
        issued,
        StateAnswer::NameOnList {
            batch: 0,
            height: 3
        }
    );
    let nobody = answered(&town, name_of(0, "zoe"));
    assert_eq!(nobody, StateAnswer::NameNotOnList { rights: 5 });
    let elsewhere = answered(&town, name_of(1, "ana"));
    assert_eq!(elsewhere, StateAnswer::NameNotOnList { rights: 0 });
}

#[test]
fn records_that_the_state_does_not_have_or_the_ledger_lacks_are_a_contradiction() {
    let contradicts = [Finding::StateContradicts {
        key: state_key::recorded(0),
    }];
    let with = |change: &Change| {
        let mut blocks = blocks();
        change(&mut blocks);
        asked(&Town::under(contract(), blocks), name_of(0, "zoe"))
    };
    // A record left out, refused on the ledger, in another order, or with another number of people.
    let lies: [&Change; 6] = [
        &|b| drop(b[2].transactions.remove(2)),
        &|b| b[2].transactions[2].1 = 9,
        &|b| b[2].transactions.swap(1, 2),
        &|b| drop(b[2].writes.insert(state_key::recorded(0), recorded(2, 4))),
        &|b| drop(b[2].writes.insert(state_key::recorded(0), recorded(1, 3))),
        &|b| drop(b[2].writes.remove(&state_key::recorded(0))),
    ];
    for lie in lies {
        rejected(&with(lie), &contradicts);
    }
    let garbled = with(&|b| drop(b[2].writes.insert(state_key::recorded(0), vec![1])));
    blamed(&garbled, |fault| matches!(fault, SourceFault::Malformed(_)));
}

#[test]
fn more_claims_than_rights_given_and_more_rights_than_people_are_findings() {
    let with = |change: &Change| {
        let mut blocks = blocks();
        change(&mut blocks);
        asked(&Town::under(contract(), blocks), StateQuestion::Numbers)
    };
    let set = |key: String, value: Vec<u8>| {
        move |b: &mut Vec<Block>| {
            b[2].writes.insert(key.clone(), value.clone());
        }
    };
    let claims = with(&set(state_key::recorded(0), recorded(1, 1)));
    rejected(
        &claims,
        &[Finding::ClaimsExceedIssuances {
            municipality: 0,
            claimed: 2,
            recorded: 1,
        }],
    );
    let rights = with(&set(state_key::recorded(0), recorded(2, 8)));
    rejected(
        &rights,
        &[Finding::IssuedExceedsRoll {
            municipality: 0,
            issued: 10,
            roll: 9,
        }],
    );
}

#[test]
fn following_the_ledger_counts_what_the_state_holds() {
    let town = town();
    let mut live = Live::new(town.card.clone(), now());
    // It begins before anything was claimed, and hears of the rest block by block.
    for latest in 2..=LAST {
        live.look();
        loop {
            let needs = live.needs();
            if needs.is_empty() {
                break;
            }
            for request in needs {
                let answer = match &request {
                    Request::Status => Ok(town::envelope(&town::status(latest))),
                    Request::Commit(height) | Request::Block(height) if *height > latest => {
                        Err(SourceFault::HttpStatus(500))
                    }
                    Request::BlockResults(height) if *height > latest => {
                        Err(SourceFault::HttpStatus(500))
                    }
                    _ => town.answer(&request),
                };
                live.supply(&request, answer, now());
            }
        }
        assert_eq!(live.trouble(), None, "at {latest}");
    }
    let seen = live.view().numbers.as_ref().unwrap().participation[0].clone();
    assert_eq!(seen, numbers(&town).participation[0]);
    assert_eq!(seen.claimed_ballots, 1);
}
