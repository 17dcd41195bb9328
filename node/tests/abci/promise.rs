//! What a municipality promises for the ballots that it takes.

use crate::check::{casts, good};
use crate::cometbft::{Node, block, home, open_promising};
use crate::support::run;
use node::devnet::{Devnet, Until};
use node::promise::Promiser;
use tendermint_proto::v0_38::abci::{
    CheckTxType, Request, RequestCheckTx, ResponseCheckTx, request::Value as Asked,
    response::Value as Answer,
};
use verifier_core::{Action, Outcome, Promise, PromisedBallot, Transaction};

/// The municipality that the node belongs to.
const MUNICIPALITY: u16 = 2;

/// A node that signs for its municipality, just after opening; its machine's clock is slow.
fn promising(devnet: &Devnet) -> Node {
    let key = devnet.script.offices.of(MUNICIPALITY).unwrap();
    let promiser = Promiser::new(MUNICIPALITY, key.promise.clone());
    let home = home(devnet);
    let (service, store) = open_promising(home.path(), || 0, Some(promiser));
    let node = Node {
        home,
        service,
        store,
    };
    node.begin(devnet);
    let opening = devnet.script.schedule.opening;
    let height = (1..)
        .find(|height| devnet.script.schedule.time(*height) >= opening)
        .unwrap();
    node.follow(devnet, height - 1);
    let (time, _) = block(devnet, height);
    node.finalize(height, time, &[]);
    node.commit();
    node
}

fn send(node: &Node, tx: &[u8], kind: CheckTxType) -> ResponseCheckTx {
    let value = Asked::CheckTx(RequestCheckTx {
        tx: tx.to_vec().into(),
        r#type: kind.into(),
    });
    let request = Request { value: Some(value) };
    let mut answers = node.service.answer_all(vec![request]).unwrap();
    match answers.remove(0).value {
        Some(Answer::CheckTx(answer)) => answer,
        other => panic!("{other:?}"),
    }
}

fn about(tx: &[u8]) -> PromisedBallot {
    let transaction = Transaction::decode(tx).unwrap();
    let Action::Cast(ballot) = &transaction.body.action else {
        panic!()
    };
    PromisedBallot {
        genesis: transaction.body.genesis,
        contract: transaction.body.contract,
        code: transaction.body.tracking_code(),
        asset: ballot.asset,
    }
}

/// The node's header comes to this time, without ballots.
fn go_on_to(node: &Node, time: u64) {
    let height = node.service.committed().height + 1;
    node.finalize(height, time, &[]);
    node.commit();
}

#[test]
fn a_ballot_that_is_taken_is_promised_by_the_municipality_at_the_ledgers_time() {
    let devnet = run(Until::Result);
    let node = promising(&devnet);
    let contract = &devnet.script.offices.contract;
    for tx in good(&devnet).iter().take(3) {
        let answer = send(&node, tx, CheckTxType::New);
        let promise = Promise::decode(&answer.data).unwrap();
        assert_eq!(promise.check(contract, &about(tx)), Ok(()));
        assert_eq!(promise.municipality, MUNICIPALITY);
        assert_eq!(promise.time, node.service.committed().time);
        assert_eq!(promise.deadline, promise.time + 60);
    }
}

#[test]
fn what_is_no_good_ballot_is_not_promised() {
    let devnet = run(Until::Result);
    let node = promising(&devnet);
    for (fault, tx) in casts(&devnet) {
        let answer = send(&node, &tx, CheckTxType::New);
        let taken = answer.code == Outcome::Ok.code();
        assert_eq!(!answer.data.is_empty(), taken, "{fault:?}");
    }
    let setup = Node::of(&devnet);
    let (_, txs) = block(&devnet, 1);
    assert!(send(&setup, &txs[0], CheckTxType::New).data.is_empty());
}

#[test]
fn nothing_is_promised_from_closing_on_or_for_later_than_the_deadline_of_all() {
    let devnet = run(Until::Result);
    let node = promising(&devnet);
    let contract = &devnet.script.offices.contract;
    let txs = good(&devnet);
    go_on_to(&node, contract.closing - 1);
    let promise = Promise::decode(&send(&node, &txs[0], CheckTxType::New).data).unwrap();
    assert_eq!(promise.deadline, contract.deadline());
    assert!(promise.deadline < promise.time + 60);
    go_on_to(&node, contract.closing);
    let answer = send(&node, &txs[1], CheckTxType::New);
    assert_eq!(answer.code, Outcome::Ok.code());
    assert!(answer.data.is_empty());
}

#[test]
fn a_node_without_the_key_takes_ballots_without_a_promise() {
    let devnet = run(Until::Result);
    let node = Node::of(&devnet);
    let opening = devnet.script.schedule.opening;
    let height = (1..).find(|height| devnet.script.schedule.time(*height) >= opening);
    node.follow(&devnet, height.unwrap() - 1);
    go_on_to(&node, opening);
    let tx = good(&devnet).remove(0);
    let answer = send(&node, &tx, CheckTxType::New);
    assert_eq!(answer.code, Outcome::Ok.code());
    assert!(answer.data.is_empty());
    let again = node.query("/promise", &tx, 0);
    assert_eq!((again.code, again.value.is_empty()), (0, true));
}

#[test]
fn whoever_lost_the_answer_is_told_again_and_then_that_the_ballot_is_recorded() {
    let devnet = run(Until::Result);
    let node = promising(&devnet);
    let tx = good(&devnet).remove(0);
    let first = Promise::decode(&send(&node, &tx, CheckTxType::New).data).unwrap();
    let again = node.query("/promise", &tx, 0);
    assert_eq!(again.code, 0);
    assert_eq!(Promise::decode(&again.value), Ok(first));
    let committed = node.service.committed();
    node.finalize(
        committed.height + 1,
        committed.time + 5,
        std::slice::from_ref(&tx),
    );
    node.commit();
    let again = node.query("/promise", &tx, 0);
    assert_eq!((again.code, again.log.as_str()), (0, "recorded"));
    assert!(again.value.is_empty());
}

/// Or a voter could collect a promise for a ballot, send it to nobody, and have the municipality named.
#[test]
fn nobody_gets_a_promise_for_a_ballot_that_does_not_wait() {
    let devnet = run(Until::Result);
    let node = promising(&devnet);
    let tx = good(&devnet).remove(0);
    let asked = node.query("/promise", &tx, 0);
    assert_eq!((asked.code, asked.value.is_empty()), (1_000, true));
    // It waited, and CometBFT has not handed it over again since the last block.
    send(&node, &tx, CheckTxType::New);
    let committed = node.service.committed();
    go_on_to(&node, committed.time + 5);
    assert_eq!(node.query("/promise", &tx, 0).code, 1_000);
    assert!(send(&node, &tx, CheckTxType::Recheck).data.is_empty());
    assert_eq!(node.query("/promise", &tx, 0).code, 0);
}

#[test]
fn asked_about_what_it_refuses_the_node_says_why() {
    let devnet = run(Until::Result);
    let node = promising(&devnet);
    let asked = node.query("/promise", b"junk", 0);
    assert_eq!(asked.code, Outcome::Malformed.code());
    let all = casts(&devnet);
    let at = all
        .iter()
        .position(|(fault, _)| *fault == Some(node::devnet::Fault::Repeated))
        .unwrap();
    let (first, second) = (&all[at - 1].1, &all[at].1);
    send(&node, second, CheckTxType::New);
    let committed = node.service.committed();
    node.finalize(
        committed.height + 1,
        committed.time + 5,
        std::slice::from_ref(first),
    );
    node.commit();
    let asked = node.query("/promise", second, 0);
    assert_eq!(asked.code, Outcome::AssetSpent.code());
}
