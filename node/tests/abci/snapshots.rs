//! State sync: a node that joins late takes over a state, and no other than the one that the trusted header says.

use crate::cometbft::{Node, home, snapshots};
use crate::support::run;
use node::abci::AbciError;
use node::devnet::{Devnet, Until};
use node::snapshot::{Content, Manifest};
use node::storage::Tip;
use tendermint_proto::v0_38::abci::response_apply_snapshot_chunk::Result as Applied;
use tendermint_proto::v0_38::abci::response_offer_snapshot::Result as Offered;
use tendermint_proto::v0_38::abci::{
    RequestApplySnapshotChunk, RequestListSnapshots, RequestLoadSnapshotChunk,
    RequestOfferSnapshot, ResponseApplySnapshotChunk, Snapshot, request::Value as Asked,
    response::Value as Answer,
};
use verifier_core::{Hash, Tally, encode};

/// A node at `height` with a snapshot of it.
fn provider(devnet: &Devnet, height: u64) -> Node {
    let node = Node::of(devnet);
    node.follow(devnet, height);
    let pinned = node.store.pin().unwrap();
    let taken = snapshots(node.home.path());
    taken.take(&node.service.committed(), &pinned).unwrap();
    node
}

fn list(node: &Node) -> Vec<Snapshot> {
    match node.ask(Asked::ListSnapshots(RequestListSnapshots {})) {
        Ok(Answer::ListSnapshots(list)) => list.snapshots,
        other => panic!("{other:?}"),
    }
}

fn load(node: &Node, snapshot: &Snapshot, chunk: u32) -> Vec<u8> {
    let load = RequestLoadSnapshotChunk {
        height: snapshot.height,
        format: snapshot.format,
        chunk,
    };
    match node.ask(Asked::LoadSnapshotChunk(load)) {
        Ok(Answer::LoadSnapshotChunk(chunk)) => chunk.chunk.to_vec(),
        other => panic!("{other:?}"),
    }
}

fn offer(node: &Node, snapshot: &Snapshot, root: &[u8]) -> Offered {
    let offer = RequestOfferSnapshot {
        snapshot: Some(snapshot.clone()),
        app_hash: root.to_vec().into(),
    };
    match node.ask(Asked::OfferSnapshot(offer)) {
        Ok(Answer::OfferSnapshot(answer)) => answer.result(),
        other => panic!("{other:?}"),
    }
}

fn apply(node: &Node, index: u32, chunk: &[u8]) -> ResponseApplySnapshotChunk {
    let apply = RequestApplySnapshotChunk {
        index,
        chunk: chunk.to_vec().into(),
        sender: "peer".into(),
    };
    match node.ask(Asked::ApplySnapshotChunk(apply)) {
        Ok(Answer::ApplySnapshotChunk(answer)) => answer,
        other => panic!("{other:?}"),
    }
}

/// The snapshot's only chunk, read as items.
fn items(node: &Node) -> (Snapshot, Vec<Content>) {
    let snapshot = list(node).remove(0);
    assert_eq!(snapshot.chunks, 1);
    let bytes = load(node, &snapshot, 0);
    let (mut rest, mut items) = (bytes.as_slice(), Vec::new());
    while !rest.is_empty() {
        items.push(borsh::BorshDeserialize::deserialize(&mut rest).unwrap());
    }
    (snapshot, items)
}

/// What a joining node says to these items in place of the true ones.
fn answer_to(devnet: &Devnet, truth: &Snapshot, root: &[u8], items: &[Content]) -> Applied {
    let chunk: Vec<u8> = items.iter().flat_map(encode).collect();
    let manifest = Manifest {
        chunks: vec![Hash::of(&chunk)],
    };
    let snapshot = Snapshot {
        hash: manifest.hash().0.to_vec().into(),
        metadata: manifest.to_bytes().into(),
        ..truth.clone()
    };
    let joining = Node::in_home(home(devnet));
    assert_eq!(offer(&joining, &snapshot, root), Offered::Accept);
    let answer = apply(&joining, 0, &chunk).result();
    if answer != Applied::Accept {
        assert_eq!(joining.service.committed().height, 0);
        assert_eq!(joining.info().last_block_height, 0);
    }
    answer
}

#[test]
fn a_node_joins_at_any_height_and_goes_on_as_if_it_had_run_all_blocks() {
    let devnet = run(Until::Result);
    let last = devnet.ledger.height();
    for height in (1..last).step_by(6) {
        let provider = provider(&devnet, height);
        let snapshot = list(&provider).remove(0);
        assert_eq!(snapshot.height, height);
        let joining = Node::in_home(home(&devnet));
        let root = devnet.store.root(height).unwrap().unwrap();
        assert_eq!(offer(&joining, &snapshot, &root), Offered::Accept);
        for index in 0..snapshot.chunks {
            let chunk = load(&provider, &snapshot, index);
            assert_eq!(apply(&joining, index, &chunk).result(), Applied::Accept);
        }
        let info = joining.info();
        assert_eq!(info.last_block_app_hash.as_ref(), root);
        assert_eq!(info.last_block_height, i64::try_from(height).unwrap());
        let joining = joining.restarted();
        assert_eq!(joining.root(), root);
        joining.follow(&devnet, last);
        assert_eq!(joining.root(), devnet.store.root(last).unwrap().unwrap());
        assert_eq!(
            joining.service.committed().application.totals(),
            devnet.totals()
        );
        let answer = joining.query("/store", b"contract", last);
        assert!(!answer.value.is_empty());
        let theirs = devnet.store.batch(0, 0).unwrap().unwrap_or_default();
        assert_eq!(joining.query("/batch", &[0; 4], last).value, theirs);
    }
}

#[test]
fn only_the_last_few_snapshots_are_kept() {
    let devnet = run(Until::Setup);
    let node = Node::of(&devnet);
    let taken = snapshots(node.home.path());
    for height in 1..=5 {
        node.follow(&devnet, height);
        let pinned = node.store.pin().unwrap();
        taken.take(&node.service.committed(), &pinned).unwrap();
    }
    let heights: Vec<u64> = list(&node).iter().map(|s| s.height).collect();
    assert_eq!(heights, [5, 4, 3]);
    let gone = Snapshot {
        height: 1,
        format: 1,
        ..Snapshot::default()
    };
    assert!(load(&node, &gone, 0).is_empty());
}

#[test]
fn a_snapshot_that_is_not_what_it_says_of_itself_is_not_wanted() {
    let devnet = run(Until::Setup);
    let provider = provider(&devnet, 4);
    let (root, truth) = (provider.root(), list(&provider).remove(0));
    let joining = Node::in_home(home(&devnet));
    let mut lies = vec![truth.clone(); 4];
    lies[0].format = 2;
    lies[1].hash = vec![0; 32].into();
    lies[2].chunks += 1;
    lies[3].metadata = vec![1, 2, 3].into();
    let answers: Vec<Offered> = lies.iter().map(|lie| offer(&joining, lie, &root)).collect();
    let rejected = Offered::Reject;
    assert_eq!(
        answers,
        [Offered::RejectFormat, rejected, rejected, rejected]
    );
    assert_eq!(offer(&joining, &truth, &root[1..]), Offered::Reject);
    assert_eq!(offer(&joining, &truth, &root), Offered::Accept);
}

#[test]
fn a_node_that_has_made_blocks_takes_no_snapshot() {
    let devnet = run(Until::Setup);
    let provider = provider(&devnet, 4);
    let snapshot = list(&provider).remove(0);
    let node = Node::of(&devnet);
    node.follow(&devnet, 1);
    assert_eq!(offer(&node, &snapshot, &provider.root()), Offered::Abort);
    let answer = apply(&node, 0, &load(&provider, &snapshot, 0));
    assert_eq!(answer.result(), Applied::Abort);
}

#[test]
fn a_chunk_that_was_changed_is_fetched_again_from_somebody_else() {
    let devnet = run(Until::Setup);
    let provider = provider(&devnet, 4);
    let snapshot = list(&provider).remove(0);
    let joining = Node::in_home(home(&devnet));
    offer(&joining, &snapshot, &provider.root());
    let mut chunk = load(&provider, &snapshot, 0);
    chunk[100] ^= 1;
    let answer = apply(&joining, 0, &chunk);
    assert_eq!(answer.result(), Applied::Retry);
    assert_eq!(answer.refetch_chunks, [0]);
    assert_eq!(answer.reject_senders, ["peer"]);
    chunk[100] ^= 1;
    assert_eq!(apply(&joining, 0, &chunk).result(), Applied::Accept);
}

#[test]
fn a_snapshot_of_another_root_is_refused() {
    let devnet = run(Until::Voting);
    let height = devnet.ledger.height();
    let provider = provider(&devnet, height);
    let (truth, items) = items(&provider);
    let root = provider.root();
    assert_eq!(answer_to(&devnet, &truth, &root, &items), Applied::Accept);
    let other = devnet.store.root(height - 1).unwrap().unwrap();
    assert_eq!(
        answer_to(&devnet, &truth, &other, &items),
        Applied::RejectSnapshot
    );
}

#[test]
fn no_item_of_a_snapshot_can_be_left_out_doubled_or_moved() {
    let devnet = run(Until::Result);
    let provider = provider(&devnet, devnet.ledger.height());
    let (truth, items) = items(&provider);
    let root = provider.root();
    let refused = |items: &[Content], what: &str| {
        let answer = answer_to(&devnet, &truth, &root, items);
        assert_eq!(answer, Applied::RejectSnapshot, "{what}");
    };
    // Every transaction is long to run again: one of each kind of item and place is enough.
    let events = items
        .iter()
        .filter(|item| matches!(item, Content::Event(_)))
        .count();
    for at in [0, 1, events / 2, events, events + 1, items.len() - 1] {
        let mut without = items.clone();
        without.remove(at);
        refused(&without, &format!("without item {at}"));
        let mut doubled = items.clone();
        doubled.insert(at, items[at].clone());
        refused(&doubled, &format!("item {at} twice"));
    }
    let mut moved = items.clone();
    moved.swap(1, 2);
    refused(&moved, "moved");
    let mut trailing = items.clone();
    trailing.push(Content::End);
    refused(&trailing, "something after the end");
}

#[test]
fn sums_that_do_not_count_the_spent_assets_are_refused() {
    let devnet = run(Until::Voting);
    let provider = provider(&devnet, devnet.ledger.height());
    let (truth, items) = items(&provider);
    let root = provider.root();
    let Content::Header {
        genesis,
        height,
        tip,
    } = &items[0]
    else {
        panic!()
    };
    let doubled = {
        let mut tally = tip.tally.clone();
        tally.merge(&tip.tally);
        tally
    };
    for tally in [
        Tally::new(5, 3),
        Tally::new(4, 3),
        Tally::new(0, 0),
        doubled,
    ] {
        let mut lie = items.clone();
        lie[0] = Content::Header {
            genesis: *genesis,
            height: *height,
            tip: Tip {
                time: tip.time,
                tally,
            },
        };
        assert_eq!(
            answer_to(&devnet, &truth, &root, &lie),
            Applied::RejectSnapshot
        );
    }
}

#[test]
fn a_chunk_of_nothing_offered_is_not_taken() {
    let devnet = run(Until::Setup);
    let joining = Node::in_home(home(&devnet));
    let answer: Result<Answer, AbciError> = joining.ask(Asked::ApplySnapshotChunk(
        RequestApplySnapshotChunk::default(),
    ));
    match answer {
        Ok(Answer::ApplySnapshotChunk(answer)) => assert_eq!(answer.result(), Applied::Abort),
        other => panic!("{other:?}"),
    }
}
