//! Blocks: the same state under either engine, after a crash at any point.

use crate::cometbft::{Node, block, home, init_chain};
use crate::support::run;
use node::abci::AbciError;
use node::devnet::Until;
use tendermint_proto::v0_38::abci::{RequestCommit, RequestFinalizeBlock, request::Value as Asked};
use verifier_core::Outcome;

#[test]
fn the_same_blocks_give_the_same_roots_and_outcomes_as_the_embedded_engine() {
    let devnet = run(Until::Result);
    let node = Node::of(&devnet);
    assert_eq!(
        node.begin(&devnet),
        devnet.store.block(1).unwrap().header.app_hash.as_bytes()
    );
    let mut refused = 0;
    for height in 1..=devnet.ledger.height() {
        let (time, txs) = block(&devnet, height);
        let finalized = node.finalize(height, time, &txs);
        let outcomes: Vec<Outcome> = finalized
            .tx_results
            .iter()
            .map(|result| Outcome::from_code(result.code).unwrap())
            .collect();
        assert_eq!(outcomes, devnet.store.outcomes(height).unwrap());
        let root = devnet.store.root(height).unwrap().unwrap();
        assert_eq!(finalized.app_hash.as_ref(), root);
        refused += outcomes.iter().filter(|o| **o != Outcome::Ok).count();
        node.commit();
    }
    assert_eq!(refused, crate::support::settings().invalid);
    assert_eq!(
        node.service.committed().application.totals(),
        devnet.totals()
    );
}

#[test]
fn a_node_restarted_after_every_block_goes_on_as_if_it_had_not_been() {
    let devnet = run(Until::Result);
    let mut node = Node::of(&devnet);
    for height in 1..=devnet.ledger.height() {
        node.follow(&devnet, height);
        node = node.restarted();
        let info = node.info();
        assert_eq!(info.last_block_height, i64::try_from(height).unwrap());
        let root = devnet.store.root(height).unwrap().unwrap();
        assert_eq!(info.last_block_app_hash.as_ref(), root);
    }
    let committed = node.service.committed();
    assert_eq!(committed.application.totals(), devnet.totals());
    assert_eq!(
        committed.application.tally(),
        devnet.ledger.application().tally()
    );
}

#[test]
fn a_block_finalised_and_not_committed_is_as_if_it_had_not_been() {
    let devnet = run(Until::Voting);
    let mut node = Node::of(&devnet);
    for height in 1..=devnet.ledger.height() {
        let (time, txs) = block(&devnet, height);
        let before = node.root();
        let first = node.finalize(height, time, &txs);
        assert_eq!(node.root(), before);
        // CometBFT alone was restarted, then both.
        assert_eq!(node.finalize(height, time, &txs), first);
        node = node.restarted();
        assert_eq!(
            node.info().last_block_height,
            i64::try_from(height - 1).unwrap()
        );
        assert_eq!(node.finalize(height, time, &txs), first);
        node.commit();
        assert_eq!(node.root(), first.app_hash.as_ref());
    }
}

#[test]
fn a_chain_that_began_and_made_no_block_begins_again() {
    let devnet = run(Until::Setup);
    let node = Node::of(&devnet);
    let root = node.begin(&devnet);
    let node = node.restarted();
    assert_eq!(node.info().last_block_height, 0);
    assert!(node.info().last_block_app_hash.is_empty());
    assert_eq!(node.begin(&devnet), root);
}

#[test]
fn refuses_a_genesis_that_is_not_the_homes() {
    let devnet = run(Until::Setup);
    let node = Node::in_home(home(&devnet));
    let good = init_chain(&devnet);
    let mut lies = vec![good.clone(); 5];
    lies[0].chain_id = "another".into();
    lies[1].time = None;
    lies[2].validators.pop();
    lies[3].app_state_bytes = b"\"\"".to_vec().into();
    lies[4].validators[0].power += 1;
    for lie in lies {
        let answer = node.ask(Asked::InitChain(lie));
        assert!(matches!(answer, Err(AbciError::Genesis(_))), "{answer:?}");
    }
    assert!(node.ask(Asked::InitChain(good)).is_ok());
}

#[test]
fn refuses_blocks_out_of_their_order_and_a_commit_of_nothing() {
    let devnet = run(Until::Setup);
    let node = Node::of(&devnet);
    let nothing = node.ask(Asked::Commit(RequestCommit {}));
    assert!(matches!(nothing, Err(AbciError::NothingFinalized)));
    for height in [0, 2] {
        let block = RequestFinalizeBlock {
            height,
            ..RequestFinalizeBlock::default()
        };
        let answer = node.ask(Asked::FinalizeBlock(block));
        assert!(matches!(answer, Err(AbciError::Replica(_))), "{answer:?}");
    }
}

#[test]
fn a_database_of_another_ledger_is_refused() {
    let devnet = run(Until::Setup);
    let node = Node::of(&devnet);
    node.follow(&devnet, 1);
    let genesis = node.home.path().join("cometbft/config/genesis.json");
    let text = std::fs::read_to_string(&genesis).unwrap();
    drop(node.service);
    drop(node.store);
    std::fs::write(&genesis, text.replace("devnet-7", "devnet-8")).unwrap();
    let opened = std::panic::catch_unwind(|| crate::cometbft::open(node.home.path()));
    assert!(opened.is_err());
}
