//! Promises that are broken, and attempts to have a municipality named that broke none.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod ledger_chain;
mod town;

use ed25519_dalek::Signer;
use ledger_chain::{Act, key, sign};
use town::{
    Block, LAST, PROMISERS, SIGNERS, Town, asset, cast, code_of, honest_blocks, now, seconds,
};
use verifier_core::state_key::{self, SpentEntry, SpoiledEntry};
use verifier_core::{
    Answer, AssetId, BrokenPromise, CollectError, CommitError, DISPUTE_LIMIT, DisputeCollect,
    DisputeError, DisputeFile, DisputeFileError, Doubt, GenesisHash, HeaderHash, LightError,
    Promise, PromiseError, Receipt, Request, SourceFault, TrackingCode, TrustCard, encode,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Who promises.
const MUNICIPALITY: u16 = 1;
/// The right of a voter whose ballot nobody recorded.
const ASSET: AssetId = AssetId {
    municipality: 0,
    batch: 0,
    index: 1,
};
const CODE: TrackingCode = TrackingCode([5; 32]);

/// A receipt that the municipality has signed.
fn receipt(card: &TrustCard, change: impl FnOnce(&mut Receipt)) -> Receipt {
    let promise = Promise {
        municipality: MUNICIPALITY,
        time: seconds(5) + 1,
        deadline: seconds(6) + 1,
        signature: [0; 64],
    };
    let mut receipt = Receipt::new(
        card.chain_id.clone(),
        card.genesis,
        card.contract_id(),
        ASSET,
        CODE,
        None,
        *b"AB12",
        promise,
    );
    change(&mut receipt);
    let promiser = PROMISERS + u8::try_from(MUNICIPALITY).unwrap();
    let signature = key(promiser).sign(&receipt.promise_message());
    receipt.promise.signature = signature.to_bytes();
    receipt
}

type Collected = Result<DisputeFile, CollectError>;

fn collect(town: &Town, receipt: Receipt, source: impl Fn(&Request) -> Answer) -> Collected {
    let mut collect = DisputeCollect::new(town.card.clone(), receipt, now());
    for _ in 0..40 {
        for request in collect.needs() {
            collect.supply(&request, source(&request));
        }
        if let Some(outcome) = collect.outcome() {
            return outcome.cloned().map_err(CollectError::clone);
        }
    }
    panic!("it never ends");
}

fn collected(town: &Town) -> DisputeFile {
    let receipt = receipt(&town.card, |_| {});
    collect(town, receipt, |request| town.answer(request)).unwrap()
}

/// A file about the receipt, changed in this way, with everything else as it is.
fn changed(change: impl FnOnce(&mut Receipt)) -> (Town, DisputeFile) {
    let town = Town::honest();
    let file = DisputeFile {
        receipt: receipt(&town.card, change),
        ..collected(&town)
    };
    (town, file)
}

/// An honest town in which the block at this height writes something more.
fn town_with(height: u64, key: String, value: Vec<u8>) -> Town {
    let mut blocks: Vec<Block> = honest_blocks();
    let block = &mut blocks[usize::try_from(height - 1).unwrap()];
    block.writes.insert(key, value);
    Town::new(blocks)
}

fn spoiled_town(entries: &[SpoiledEntry], height: u64) -> Town {
    let value = encode(&state_key::spoiled_value(entries));
    let mut town = town_with(height, state_key::spoiled(0, 0), value);
    town.spoiled.insert((0, 0), entries.to_vec());
    town
}

#[test]
fn a_broken_promise_names_the_municipality_that_gave_it() {
    let town = Town::honest();
    let file = collected(&town);
    let text = file.to_json();
    assert!(text.len() <= DISPUTE_LIMIT);
    let read = DisputeFile::read(text.as_bytes()).unwrap();
    assert_eq!(read, file);
    let broken = read.check(&town.card).unwrap();
    let expected = BrokenPromise {
        municipality: MUNICIPALITY,
        asset: ASSET,
        code: CODE,
        time: seconds(5) + 1,
        deadline: seconds(6) + 1,
        header: broken.header,
    };
    assert_eq!(broken, expected);
    let (height, _, time) = broken.header;
    assert_eq!(
        (height, time),
        (7, seconds(7)),
        "the first header after the deadline"
    );
}

#[test]
fn a_file_holds_by_a_card_with_a_final_header_too_and_not_by_one_with_another_header_there() {
    let mut town = Town::honest();
    let file = collected(&town);
    town.card.final_header = Some(town::anchor(&town.signed[9]));
    assert!(file.check(&town.card).is_ok());
    assert!(
        file.check(&{
            let mut card = town.card.clone();
            card.final_header = Some(town::anchor(&town.signed[7]));
            card
        })
        .is_ok()
    );
    let mut other = town::anchor(&town.signed[7]);
    other.hash = HeaderHash([1; 32]);
    town.card.final_header = Some(other);
    let height = 8;
    assert_eq!(
        file.check(&town.card),
        Err(DisputeError::NotTheCards { height })
    );
}

#[test]
fn nothing_is_asked_that_names_asset_or_code() {
    let town = Town::honest();
    let receipt = receipt(&town.card, |_| {});
    let other = town::asset(0, 0, 2);
    let asked = |receipt: Receipt| {
        let asked = core::cell::RefCell::new(Vec::new());
        let _ = collect(&town, receipt, |request| {
            asked.borrow_mut().push(request.clone());
            town.answer(request)
        });
        asked.into_inner()
    };
    let neighbour = {
        let mut neighbour = receipt.clone();
        neighbour.asset = other;
        neighbour.tracking_code = TrackingCode([6; 32]);
        neighbour
    };
    assert_eq!(asked(receipt), asked(neighbour));
}

#[test]
fn refuses_the_promise_of_another_chain_genesis_or_election() {
    let (town, file) = changed(|receipt| receipt.chain_id = "other".into());
    let error = file.check(&town.card);
    assert!(matches!(error, Err(DisputeError::OtherChain { .. })));
    let (town, file) = changed(|receipt| receipt.genesis = GenesisHash([8; 32]));
    assert_eq!(file.check(&town.card), Err(DisputeError::OtherGenesis));
    let (town, file) = changed(|receipt| receipt.contract.0[0] ^= 1);
    let error = file.check(&town.card);
    assert!(matches!(error, Err(DisputeError::OtherElection { .. })));
}

#[test]
fn refuses_a_promise_that_the_municipality_named_has_not_signed() {
    let town = Town::honest();
    let file = collected(&town);
    let not_signed = |change: fn(&mut Receipt)| {
        let mut file = file.clone();
        change(&mut file.receipt);
        let error = file.check(&town.card).unwrap_err();
        let expected = matches!(error, DisputeError::Promise(PromiseError::NotSigned { .. }));
        assert!(expected, "{error}");
    };
    not_signed(|receipt| receipt.promise.municipality = 0);
    not_signed(|receipt| receipt.promise.municipality = 9);
    not_signed(|receipt| receipt.promise.time += 1);
    not_signed(|receipt| receipt.promise.deadline -= 1);
    not_signed(|receipt| receipt.promise.signature[0] ^= 1);
    not_signed(|receipt| receipt.tracking_code.0[0] ^= 1);
    not_signed(|receipt| receipt.asset.index = 2);
}

#[test]
fn refuses_a_promise_that_binds_nobody() {
    let town = Town::honest();
    let (closing, latest) = (town.card.contract.closing, town.card.contract.deadline());
    let error = |change: &dyn Fn(&mut Promise)| {
        let (town, file) = changed(|receipt| change(&mut receipt.promise));
        file.check(&town.card).unwrap_err()
    };
    let after = error(&|promise| promise.time = closing);
    let expected = PromiseError::AfterClosing {
        time: closing,
        closing,
    };
    assert_eq!(after, DisputeError::Promise(expected));
    let late = error(&|promise| promise.deadline = latest + 1);
    let deadline = latest + 1;
    let expected = PromiseError::TooLate { deadline, latest };
    assert_eq!(late, DisputeError::Promise(expected));
    let before = error(&|promise| promise.deadline = promise.time - 1);
    let expected = matches!(
        before,
        DisputeError::Promise(PromiseError::BeforeItsTime { .. })
    );
    assert!(expected);
}

#[test]
fn refuses_a_header_that_too_few_signed_or_one_signature_of_which_is_forged() {
    let town = Town::honest();
    let mut file = collected(&town);
    let header = file.signed_header.header.clone();
    let sleepy = |signer| {
        if signer < 3 {
            Act::Signs
        } else {
            Act::IsAbsent
        }
    };
    file.signed_header = sign(header.clone(), &SIGNERS, sleepy);
    let error = file.check(&town.card);
    assert!(matches!(
        error,
        Err(DisputeError::Commit {
            error: CommitError::NotEnoughPower { .. },
            ..
        })
    ));
    file.signed_header = sign(header, &[11, 12, 13, 14], |_| Act::Signs);
    let error = file.check(&town.card);
    assert!(matches!(error, Err(DisputeError::Commit { .. })));
}

#[test]
fn refuses_a_header_before_that_is_not_the_one_before() {
    let town = Town::honest();
    let mut file = collected(&town);
    file.parent = town.signed[8].header.clone();
    let error = file.check(&town.card);
    assert!(
        matches!(
            error,
            Err(DisputeError::Parent(
                LightError::NotPreceding { .. } | LightError::NotTheParent { .. }
            ))
        ),
        "{error:?}"
    );
    let mut later = town.signed[6].header.clone();
    later.time = (later.time + core::time::Duration::from_secs(1)).unwrap();
    file.parent = later;
    let error = file.check(&town.card);
    assert!(matches!(
        error,
        Err(DisputeError::Parent(LightError::NotTheParent { .. }))
    ));
}

#[test]
fn refuses_a_ledger_that_has_not_come_as_far_as_the_promise_runs() {
    let (town, file) = changed(|receipt| receipt.promise.deadline = seconds(7) + 1);
    let expected = DisputeError::TooEarly {
        time: seconds(7),
        deadline: seconds(7) + 1,
    };
    assert_eq!(file.check(&town.card), Err(expected));
    let (town, file) = changed(|receipt| receipt.promise.deadline = seconds(7));
    assert!(file.check(&town.card).is_ok());
}

#[test]
fn refuses_proofs_and_lists_that_are_not_those_of_the_header() {
    let town = Town::honest();
    let file = collected(&town);
    let mut swapped = file.clone();
    swapped.spent.proof = file.spoiled.proof.clone();
    let error = swapped.check(&town.card);
    assert!(matches!(
        error,
        Err(DisputeError::State(SourceFault::StateProof(_)))
    ));
    let mut swapped = file.clone();
    swapped.spoiled.proof = file.spent.proof.clone();
    assert!(swapped.check(&town.card).is_err());
    let mut shortened = file.clone();
    shortened.spent.list = encode(&Vec::<SpentEntry>::new());
    let error = shortened.check(&town.card);
    let expected = SourceFault::StateDiffers {
        key: state_key::spent(0, 0),
    };
    assert_eq!(error, Err(DisputeError::State(expected)));
}

/// Casting another ballot with the same right, before or after: the municipality cannot have both recorded.
#[test]
fn refuses_a_voter_whose_right_has_voted() {
    let town = Town::honest();
    for (index, height) in [(2, 5), (0, 6)] {
        let spent = asset(0, 0, index);
        let receipt = receipt(&town.card, |receipt| receipt.asset = spent);
        let outcome = collect(&town, receipt, |request| town.answer(request));
        let by = code_of(&cast(spent));
        let expected = DisputeError::Spent {
            asset: spent,
            by,
            height,
        };
        assert_eq!(outcome, Err(CollectError::DoesNotHold(expected)));
    }
}

#[test]
fn refuses_a_voter_who_spoiled_the_ballot_but_not_one_who_spoiled_others() {
    let entry = |index, code| SpoiledEntry {
        index,
        code: TrackingCode(code),
    };
    let others = [entry(0, CODE.0), entry(1, [4; 32])];
    let town = spoiled_town(&others, 6);
    assert!(collected(&town).check(&town.card).is_ok());
    let entries = [entry(0, [1; 32]), entry(1, [4; 32]), entry(1, CODE.0)];
    let town = spoiled_town(&entries, 7);
    let receipt = receipt(&town.card, |_| {});
    let outcome = collect(&town, receipt.clone(), |request| town.answer(request));
    let expected = DisputeError::Spoiled { code: CODE };
    assert_eq!(outcome, Err(CollectError::DoesNotHold(expected)));
    // Leaving the spoiled ballot out of the list, or the list out altogether, does not help.
    for lie in [&others[1..], &[]] {
        let mut town = spoiled_town(&entries, 7);
        town.spoiled.insert((0, 0), lie.to_vec());
        let outcome = collect(&town, receipt.clone(), |request| town.answer(request));
        let expected = matches!(
            outcome,
            Err(CollectError::DoesNotHold(DisputeError::State(
                SourceFault::StateDiffers { .. }
            )))
        );
        assert!(expected, "{outcome:?}");
    }
}

#[test]
fn a_ledger_that_has_not_come_so_far_is_no_reason_yet() {
    let town = Town::honest();
    let deadline = town.card.contract.deadline();
    for late in [seconds(LAST), seconds(LAST) + 1] {
        let receipt = receipt(&town.card, |receipt| receipt.promise.deadline = late);
        let outcome = collect(&town, receipt, |request| town.answer(request));
        assert!(matches!(
            outcome,
            Err(CollectError::Doubt(Doubt::NotYetRecorded { .. }))
        ));
    }
    let receipt = receipt(&town.card, |receipt| receipt.promise.deadline = deadline);
    let file = collect(&town, receipt, |request| town.answer(request)).unwrap();
    assert!(file.check(&town.card).unwrap().header.2 >= deadline);
}

#[test]
fn a_node_that_answers_wrongly_or_not_at_all_is_to_blame_itself() {
    let town = Town::honest();
    let receipt = receipt(&town.card, |_| {});
    let all = core::cell::RefCell::new(Vec::new());
    let _ = collect(&town, receipt.clone(), |request| {
        all.borrow_mut().push(request.clone());
        town.answer(request)
    });
    for bad in all.into_inner() {
        for lie in [Err(SourceFault::Unreachable), Ok(b"{}".to_vec())] {
            let outcome = collect(&town, receipt.clone(), |request| {
                if *request == bad {
                    lie.clone()
                } else {
                    town.answer(request)
                }
            });
            // The list of spoiled ballots is not looked at where the state holds none.
            let unread = matches!(bad, Request::Spoiled { .. }) && lie.is_ok();
            let blamed = matches!(outcome, Err(CollectError::Doubt(_)));
            assert!(blamed || unread, "{bad:?}: {outcome:?}");
        }
    }
}

#[test]
fn a_file_is_read_in_one_form_only() {
    let town = Town::honest();
    let text = collected(&town).to_json();
    let read = |text: &str| DisputeFile::read(text.as_bytes()).unwrap_err();
    assert!(matches!(read("{}"), DisputeFileError::Json(_)));
    assert_eq!(read(&format!("{text} ")), DisputeFileError::Altered);
    let other = text.replacen("\"version\": 1", "\"version\": 2", 1);
    assert_eq!(read(&other), DisputeFileError::Version(2));
    let small = text.replacen("CHG1-", "chg1-", 1);
    assert_eq!(read(&small), DisputeFileError::Altered);
    let broken = text.replacen("CHG1-A", "CHG1-B", 1);
    assert!(matches!(read(&broken), DisputeFileError::Receipt(_)));
    let more = text.replacen("\"version\": 1,", "\"version\": 1, \"note\": 1,", 1);
    assert!(matches!(read(&more), DisputeFileError::Json(_)));
    let long = " ".repeat(DISPUTE_LIMIT + 1);
    assert!(matches!(read(&long), DisputeFileError::TooLarge { .. }));
}

#[test]
fn no_flipped_bit_names_another_municipality() {
    let town = Town::honest();
    let bytes = collected(&town).to_json().into_bytes();
    // Where it is slow, every eleventh: all places in a byte come up.
    let step = if cfg!(target_arch = "wasm32") { 11 } else { 1 };
    for bit in (0..bytes.len() * 8).step_by(step) {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let broken = DisputeFile::read(&flipped)
            .ok()
            .and_then(|file| file.check(&town.card).ok());
        assert!(broken.is_none(), "bit {bit}: {broken:?}");
    }
}
