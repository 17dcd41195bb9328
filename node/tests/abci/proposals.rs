//! Which blocks a node proposes, and which it votes for.

use crate::cometbft::{Node, block};
use crate::support::run;
use node::devnet::{Devnet, Fault, Until};
use verifier_core::{Outcome, Transaction};

struct Election {
    devnet: Devnet,
    node: Node,
    time: u64,
    /// Of every fault one, `None` first.
    ballots: Vec<(Option<Fault>, Vec<u8>)>,
}

fn voting() -> Election {
    let devnet = run(Until::Result);
    let opening = devnet.script.schedule.opening;
    let height = (1..)
        .find(|height| devnet.script.schedule.time(*height) >= opening)
        .unwrap();
    let node = Node::of(&devnet);
    node.follow(&devnet, height - 1);
    let device = devnet
        .script
        .device(devnet.ledger.application().election())
        .unwrap();
    let casts = devnet.script.casts.all.iter();
    let ballots = casts
        .map(|cast| (cast.fault, device.cast(cast).unwrap().encode()))
        .collect();
    Election {
        time: devnet.script.schedule.time(height),
        devnet,
        node,
        ballots,
    }
}

impl Election {
    fn faulty(&self, fault: Fault) -> Vec<u8> {
        let mut ballots = self.ballots.iter();
        let found = ballots.find(|(kind, _)| *kind == Some(fault));
        found.unwrap().1.clone()
    }

    fn good(&self) -> Vec<Vec<u8>> {
        let ballots = self.ballots.iter();
        ballots
            .filter(|(fault, _)| fault.is_none())
            .map(|(_, bytes)| bytes.clone())
            .collect()
    }

    /// The ballot whose asset the repeated one would spend again.
    fn repeated(&self) -> [Vec<u8>; 2] {
        let at = self
            .ballots
            .iter()
            .position(|(fault, _)| *fault == Some(Fault::Repeated));
        let at = at.unwrap();
        [self.ballots[at - 1].1.clone(), self.ballots[at].1.clone()]
    }
}

#[test]
fn votes_for_the_blocks_of_an_honest_proposer() {
    let devnet = run(Until::Result);
    let node = Node::of(&devnet);
    for height in 1..=devnet.ledger.height() {
        let (time, txs) = block(&devnet, height);
        let proposed = node.prepare(time, &txs, 1 << 30);
        assert!(node.votes_for(time, &proposed), "{height}");
        let honest = devnet.store.outcomes(height).unwrap();
        assert!(proposed.len() >= honest.iter().filter(|o| **o == Outcome::Ok).count());
        node.follow(&devnet, height);
    }
}

#[test]
fn an_empty_block_is_as_good_as_any() {
    let election = voting();
    assert!(election.node.votes_for(election.time, &[]));
}

#[test]
fn votes_for_no_block_with_what_can_take_no_effect() {
    let election = voting();
    let good = election.good();
    let mut other_ledger = Transaction::decode(&good[1]).unwrap();
    other_ledger.body.genesis.0[0] ^= 1;
    let bad = [
        b"junk".to_vec(),
        other_ledger.encode(),
        election.faulty(Fault::Proof),
        election.faulty(Fault::Signature),
        election.faulty(Fault::Address),
    ];
    assert!(election.node.votes_for(election.time, &good[..1]));
    for bad in bad {
        let block = [good[0].clone(), bad.clone()];
        assert!(!election.node.votes_for(election.time, &block));
        let proposed = election.node.prepare(election.time, &block, 1 << 20);
        assert_eq!(proposed, good[..1]);
    }
}

#[test]
fn votes_for_no_block_with_a_late_or_early_ballot() {
    let election = voting();
    let (good, schedule) = (election.good(), &election.devnet.script.schedule);
    let deadline = election.devnet.script.offices.contract.deadline();
    for (time, accepted) in [
        (schedule.opening - 1, false),
        (schedule.opening, true),
        (deadline - 1, true),
        (deadline, false),
    ] {
        assert_eq!(election.node.votes_for(time, &good[..1]), accepted);
        let proposed = election.node.prepare(time, &good[..1], 1 << 20);
        assert_eq!(proposed.len(), usize::from(accepted));
    }
}

#[test]
fn the_same_bytes_stand_in_a_block_once() {
    let election = voting();
    let twice = vec![election.good()[0].clone(); 2];
    assert!(!election.node.votes_for(election.time, &twice));
    let proposed = election.node.prepare(election.time, &twice, 1 << 20);
    assert_eq!(proposed, twice[..1]);
}

/// A double spend raced in one block: the first counts, the second gets its public reason, and the chain goes on.
#[test]
fn ballots_that_race_for_an_asset_stand_in_one_block_and_one_counts() {
    let election = voting();
    let racing = election.repeated();
    let node = &election.node;
    assert_eq!(node.prepare(election.time, &racing, 1 << 20), racing);
    assert!(node.votes_for(election.time, &racing));
    let height = node.service.committed().height + 1;
    let block = node.finalize(height, election.time, &racing);
    let codes: Vec<u32> = block.tx_results.iter().map(|result| result.code).collect();
    assert_eq!(codes, [Outcome::Ok.code(), Outcome::AssetSpent.code()]);
    node.commit();
    let counted: u64 = node.service.committed().application.tally().ballots().sum();
    assert_eq!(counted, 1);
    // From the next block on, everybody knows that the asset is spent.
    for ballot in racing {
        assert!(!node.votes_for(election.time + 1, &[ballot]));
    }
}

#[test]
fn a_proposal_keeps_to_its_size() {
    let election = voting();
    let good = election.good();
    let size = good[0].len() + 3;
    for room in 0..4 {
        let limit = i64::try_from(room * size).unwrap();
        let mut proposed = election.node.prepare(election.time, &good, limit);
        // Those that came first, in an order that does not tell.
        let mut first = good[..room].to_vec();
        proposed.sort();
        first.sort();
        assert_eq!(proposed, first);
    }
}
