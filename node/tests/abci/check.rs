//! What waits for a block, and what is refused at the door.

use crate::cometbft::{Node, block, open_at};
use crate::support::{GENESIS, run};
use node::devnet::{Devnet, Fault, Until};
use std::sync::Arc;
use verifier_core::prove::sign_body;
use verifier_core::{Action, Outcome, TRANSACTION_LIMIT, Transaction};

/// A node that is ready for ballots, the time of its next block, and the ballots' election.
fn open_election() -> (Devnet, Node) {
    let mut devnet = run(Until::Setup);
    let setup = devnet.ledger.height();
    while devnet.step(Until::Result).unwrap().is_some() {}
    let node = Node::of(&devnet);
    // The first block with header time after opening: from then on ballots may wait.
    let opening = devnet.script.schedule.opening;
    let height = (setup..)
        .find(|height| devnet.script.schedule.time(*height) >= opening)
        .unwrap();
    node.follow(&devnet, height - 1);
    let (time, _) = block(&devnet, height);
    node.finalize(height, time, &[]);
    node.commit();
    (devnet, node)
}

/// All casts as transactions, with what is wrong with each.
pub fn casts(devnet: &Devnet) -> Vec<(Option<Fault>, Vec<u8>)> {
    let election = devnet.ledger.application().election();
    let device = devnet.script.device(election).unwrap();
    let casts = devnet.script.casts.all.iter();
    casts
        .map(|cast| (cast.fault, device.cast(cast).unwrap().encode()))
        .collect()
}

pub fn good(devnet: &Devnet) -> Vec<Vec<u8>> {
    let all = casts(devnet).into_iter();
    all.filter(|(fault, _)| fault.is_none())
        .map(|(_, bytes)| bytes)
        .collect()
}

#[test]
fn good_ballots_wait_and_bad_ones_do_not_and_nothing_changes() {
    let (devnet, node) = open_election();
    let before = node.service.committed();
    let all = casts(&devnet);
    let bytes: Vec<Vec<u8>> = all.iter().map(|(_, bytes)| bytes.clone()).collect();
    let together = node.check(&bytes);
    for ((fault, bytes), outcome) in all.iter().zip(together) {
        let expected = match fault {
            Some(Fault::Proof) => Outcome::InvalidProof,
            Some(Fault::Signature) => Outcome::InvalidSignature,
            Some(Fault::Address) => Outcome::NotIssued,
            // Good by themselves: the one races with another, the other comes in time here.
            None | Some(Fault::Repeated | Fault::Late) => Outcome::Ok,
        };
        assert_eq!(outcome, expected, "{fault:?}");
        assert_eq!(node.check(std::slice::from_ref(bytes)), [expected]);
    }
    let after = node.service.committed();
    assert!(Arc::ptr_eq(&before, &after));
    assert_eq!(node.store.last_height().unwrap(), after.height);
}

#[test]
fn what_is_no_transaction_is_refused() {
    let (devnet, node) = open_election();
    let ballot = good(&devnet).remove(0);
    let mut trailing = ballot.clone();
    trailing.push(0);
    let mut version = ballot.clone();
    version[0] = 2;
    let oversized = vec![1; TRANSACTION_LIMIT + 1];
    for junk in [Vec::new(), b"junk".to_vec(), trailing, version, oversized] {
        assert_eq!(node.check(&[junk]), [Outcome::Malformed]);
    }
}

#[test]
fn a_transaction_of_another_ledger_or_contract_is_refused() {
    let (devnet, node) = open_election();
    let transaction = Transaction::decode(&good(&devnet)[0]).unwrap();
    let mut other_genesis = transaction.clone();
    other_genesis.body.genesis.0[0] ^= 1;
    let mut other_contract = transaction;
    other_contract.body.contract.0[0] ^= 1;
    for lie in [other_genesis, other_contract] {
        assert_eq!(node.check(&[lie.encode()]), [Outcome::WrongElection]);
    }
}

#[test]
fn a_ballot_whose_signature_alone_was_changed_is_not_taken_for_the_one_that_was_checked() {
    let (devnet, node) = open_election();
    let bytes = good(&devnet).remove(0);
    assert_eq!(node.check(std::slice::from_ref(&bytes)), [Outcome::Ok]);
    let mut forged = Transaction::decode(&bytes).unwrap();
    forged.signatures[0][0] ^= 1;
    assert_eq!(node.check(&[forged.encode()]), [Outcome::InvalidSignature]);
    // Nor in a block, where what was checked is not checked again.
    let time = node.service.committed().time + 1;
    assert!(!node.votes_for(time, &[forged.encode()]));
    let height = node.service.committed().height + 1;
    let block = node.finalize(height, time, &[forged.encode()]);
    assert_eq!(block.tx_results[0].code, Outcome::InvalidSignature.code());
}

#[test]
fn ballots_wait_only_within_the_window() {
    let (devnet, node) = open_election();
    let ballot = good(&devnet).remove(0);
    let early = Node::of(&devnet);
    early.follow(&devnet, 4);
    assert!(devnet.script.schedule.time(4) < devnet.script.schedule.opening);
    let checked = early.check(std::slice::from_ref(&ballot));
    assert_ne!(checked, [Outcome::Ok]);
    let deadline = devnet.script.offices.contract.deadline();
    let height = node.service.committed().height + 1;
    node.finalize(height, deadline - 1, &[]);
    node.commit();
    assert_eq!(node.check(std::slice::from_ref(&ballot)), [Outcome::Ok]);
    node.finalize(height + 1, deadline, &[]);
    node.commit();
    assert_eq!(node.check(&[ballot]), [Outcome::OutsideWindow]);
}

/// Opening has come, and no block has a header that says so: the ballot waits for the one that does.
#[test]
fn a_ballot_may_come_before_the_first_header_after_opening() {
    let devnet = run(Until::Result);
    let ballot = good(&devnet).remove(0);
    let opening = devnet.script.schedule.opening;
    let height = (1..)
        .find(|height| devnet.script.schedule.time(*height) >= opening)
        .unwrap();
    let Node {
        home,
        service,
        store,
    } = Node::of(&devnet);
    drop((service, store));
    let (service, store) = open_at(home.path(), || GENESIS + 60);
    let node = Node {
        home,
        service,
        store,
    };
    node.follow(&devnet, height - 1);
    assert!(node.service.committed().time < opening);
    assert!(opening <= GENESIS + 60);
    let ballot = std::slice::from_ref(&ballot);
    assert_eq!(node.check(ballot), [Outcome::Ok]);
    assert!(node.prepare(opening - 1, ballot, 1 << 20).is_empty());
    assert_eq!(node.prepare(opening, ballot, 1 << 20), ballot);
}

#[test]
fn an_asset_that_is_spent_is_refused_and_two_ballots_may_race_for_one() {
    let (devnet, node) = open_election();
    let all = casts(&devnet);
    let at = all
        .iter()
        .position(|(fault, _)| *fault == Some(Fault::Repeated))
        .unwrap();
    let racing = vec![all[at - 1].1.clone(), all[at].1.clone()];
    assert_eq!(node.check(&racing), [Outcome::Ok; 2]);
    let again = node.check(&racing);
    assert_eq!(again, [Outcome::Ok; 2], "what waits may be checked again");
    let committed = node.service.committed();
    let height = committed.height + 1;
    let block = node.finalize(height, committed.time + 1, &racing);
    assert_eq!(block.tx_results[1].code, Outcome::AssetSpent.code());
    node.commit();
    assert_eq!(node.check(&racing), [Outcome::AssetSpent; 2]);
}

#[test]
fn a_setup_transaction_is_tried_and_not_applied() {
    let devnet = run(Until::Result);
    let node = Node::of(&devnet);
    for height in 1..6 {
        let (_, txs) = block(&devnet, height);
        for _ in 0..2 {
            let outcomes = node.check(&txs[..1.min(txs.len())]);
            assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Ok));
        }
        node.follow(&devnet, height);
        // What took effect takes none again.
        let outcomes = node.check(&txs);
        assert!(outcomes.iter().all(|outcome| *outcome != Outcome::Ok));
    }
}

#[test]
fn nobody_but_the_registrar_can_make_a_batch_wait() {
    let devnet = run(Until::Result);
    let node = Node::of(&devnet);
    let is_issue = |tx: &Vec<u8>| {
        let action = Transaction::decode(tx).unwrap().body.action;
        matches!(action, Action::Issue(_))
    };
    let height = (1..10)
        .find(|height| block(&devnet, *height).1.iter().any(is_issue))
        .unwrap();
    node.follow(&devnet, height - 1);
    let (_, txs) = block(&devnet, height);
    let issue = txs.iter().find(|tx| is_issue(tx)).unwrap();
    let mut transaction = Transaction::decode(issue).unwrap();
    let Action::Issue(issue) = &mut transaction.body.action else {
        panic!()
    };
    issue.batch += 1;
    let municipality = issue.municipality;
    let keys = devnet.script.offices.of(municipality).unwrap();
    let later = sign_body(transaction.body.clone(), &[&keys.registrar]);
    let forged = sign_body(transaction.body, &[&keys.observer]);
    assert_eq!(node.check(&[later.encode()]), [Outcome::Ok]);
    assert_eq!(node.check(&[forged.encode()]), [Outcome::InvalidSignature]);
    // It waits its turn: it goes into no block before the one that it follows.
    let time = GENESIS + 1;
    assert!(node.prepare(time, &[later.encode()], 1 << 20).is_empty());
    assert!(!node.votes_for(time, &[later.encode()]));
}
