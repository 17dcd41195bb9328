//! A receipt with its proof holds by the trust card alone; no change to it proves anything else.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use axum::Router;
use node::devnet::Until;
use support::{NOW, ask, card, routes, run};
use verifier_core::{
    Hash, HeaderHash, MerkleError, PromiseError, ProofCollectError, Receipt, ReceiptCheck,
    ReceiptProof, ReceiptProofCollect, ReceiptProofError, ReceiptProofFileError, Request,
    SourceFault, Transaction, TrustCard, Verdict,
};

/// An election that is over, and a receipt of it with its proof.
struct World {
    card: TrustCard,
    routes: Router,
    receipts: Vec<Receipt>,
    proof: ReceiptProof,
}

impl World {
    fn new() -> Self {
        let devnet = run(Until::Result);
        let (card, routes) = (card(&devnet), routes(&devnet));
        let receipts = devnet.receipts(20).unwrap();
        let receipts = receipts
            .iter()
            .map(|(_, text)| Receipt::parse(text).unwrap());
        let receipts: Vec<_> = receipts.collect();
        let proof = prove(&card, &routes, &receipts[0]).unwrap();
        Self {
            card,
            routes,
            receipts,
            proof,
        }
    }

    /// What comes of the proof after a change.
    fn changed(&self, change: impl FnOnce(&mut ReceiptProof)) -> ReceiptProofError {
        let mut proof = self.proof.clone();
        change(&mut proof);
        proof.check(&self.card).unwrap_err()
    }

    fn other(&self) -> ReceiptProof {
        let recorded = self.receipts[1..].iter();
        let mut proofs = recorded.filter_map(|r| prove(&self.card, &self.routes, r));
        proofs
            .find(|proof| proof.header != self.proof.header)
            .unwrap()
    }
}

fn check(card: &TrustCard, routes: &Router, receipt: &Receipt) -> ReceiptCheck {
    let mut check = ReceiptCheck::new(card.clone(), &receipt.to_text(), NOW);
    while !check.needs().is_empty() {
        for request in check.needs() {
            check.supply(&request, Ok(ask(routes, 0, &request)));
        }
    }
    check
}

/// The receipt's proof, if its ballot took effect.
fn prove(card: &TrustCard, routes: &Router, receipt: &Receipt) -> Option<ReceiptProof> {
    let check = check(card, routes, receipt);
    let accepted = check.report().verdict == Verdict::Accepted;
    let collect = ReceiptProofCollect::new(&check);
    assert_eq!(collect.is_some(), accepted);
    let mut collect = collect?;
    for request in collect.needs() {
        collect.supply(&request, Ok(ask(routes, 0, &request)));
    }
    Some(collect.outcome().unwrap().unwrap().clone())
}

#[test]
fn the_trust_card_alone_shows_that_the_ballot_is_counted() {
    let world = World::new();
    let text = world.proof.to_json();
    let read = ReceiptProof::read(text.as_bytes()).unwrap();
    assert_eq!(read, world.proof);
    let proven = read.check(&world.card).unwrap();
    assert!(proven.counted);
    assert_eq!(Some(proven.block.0), read.receipt.height);
    // By a card from before the end it is recorded.
    let before = TrustCard {
        final_header: None,
        ..world.card.clone()
    };
    assert!(!read.check(&before).unwrap().counted);
}

#[test]
fn a_proof_from_before_the_end_says_recorded_and_by_the_final_card_too() {
    let world = World::new();
    let before = TrustCard {
        final_header: None,
        ..world.card.clone()
    };
    let proof = prove(&before, &world.routes, &world.receipts[0]).unwrap();
    assert!(!proof.check(&before).unwrap().counted);
}

#[test]
fn a_ballot_that_was_refused_has_no_proof() {
    let world = World::new();
    let refused = world
        .receipts
        .iter()
        .filter(|receipt| prove(&world.card, &world.routes, receipt).is_none());
    assert!(refused.count() > 0);
}

#[test]
fn collecting_asks_for_nothing_that_singles_out_the_block() {
    let world = World::new();
    let check = check(&world.card, &world.routes, &world.receipts[0]);
    let (first, last) = check.evidence().searched.unwrap();
    let needs = ReceiptProofCollect::new(&check).unwrap().needs();
    for height in first..=last {
        assert!(needs.contains(&Request::Commit(height + 1)));
    }
    assert!(
        !needs
            .iter()
            .any(|request| matches!(request, Request::Block(_)))
    );
}

#[test]
fn a_node_that_answers_wrongly_gives_no_proof() {
    let world = World::new();
    let check = check(&world.card, &world.routes, &world.receipts[0]);
    let begun = ReceiptProofCollect::new(&check).unwrap();
    for bad in begun.needs() {
        for lie in [Err(SourceFault::Unreachable), Ok(b"{}".to_vec())] {
            let mut collect = begun.clone();
            for request in begun.needs() {
                let honest = Ok(ask(&world.routes, 0, &request));
                let answer = if request == bad { lie.clone() } else { honest };
                collect.supply(&request, answer);
            }
            let unread = matches!(bad, Request::Commit(height) if Some(height) != world.proof.receipt.height.map(|h| h + 1)
                && height != world.card.final_header.unwrap().height);
            let failed = matches!(collect.outcome(), Some(Err(ProofCollectError::Doubt(_))));
            assert!(failed || (unread && lie.is_ok()), "{bad:?}");
        }
    }
}

#[test]
fn refuses_another_chain_genesis_or_election_and_a_promise_that_binds_nobody() {
    let world = World::new();
    let chain = world.changed(|proof| proof.receipt.chain_id = "other".into());
    assert!(matches!(chain, ReceiptProofError::OtherChain { .. }));
    let genesis = world.changed(|proof| proof.receipt.genesis.0[0] ^= 1);
    assert_eq!(genesis, ReceiptProofError::OtherGenesis);
    let election = world.changed(|proof| proof.receipt.contract.0[0] ^= 1);
    assert_eq!(election, ReceiptProofError::OtherElection);
    for change in [
        |receipt: &mut Receipt| receipt.promise.signature[3] ^= 1,
        |receipt: &mut Receipt| receipt.tracking_code.0[3] ^= 1,
        |receipt: &mut Receipt| receipt.asset.index ^= 1,
    ] {
        let promise = world.changed(|proof| change(&mut proof.receipt));
        let expected = matches!(
            promise,
            ReceiptProofError::Promise(PromiseError::NotSigned { .. })
        );
        assert!(expected, "{promise}");
    }
}

#[test]
fn refuses_headers_that_are_not_signed_not_linked_or_not_the_cards() {
    let world = World::new();
    let other = world.other();
    for forge in [
        |proof: &mut ReceiptProof| proof.next.header.app_hash = vec![1; 32].try_into().unwrap(),
        |proof: &mut ReceiptProof| proof.anchor.commit.signatures.clear(),
    ] {
        let commit = world.changed(forge);
        assert!(matches!(commit, ReceiptProofError::Commit { .. }));
    }
    let parent = world.changed(|proof| proof.header = other.header.clone());
    assert!(matches!(parent, ReceiptProofError::Parent(_)));
    let mut card = world.card.clone();
    card.final_header.as_mut().unwrap().hash = HeaderHash([1; 32]);
    let foreign = world.proof.check(&card);
    assert!(matches!(
        foreign,
        Err(ReceiptProofError::NotTheCards { .. })
    ));
    let mut card = world.card.clone();
    card.final_header.as_mut().unwrap().height -= 1;
    let after = world.proof.check(&card);
    assert!(matches!(after, Err(ReceiptProofError::AfterTheEnd { .. })));
    let (first, second) = match world.proof.header.height < other.header.height {
        true => (world.proof.clone(), other),
        false => (other, world.proof.clone()),
    };
    let low = ReceiptProof {
        anchor: first.next,
        ..second
    };
    let low = low.check(&world.card);
    assert!(matches!(low, Err(ReceiptProofError::AnchorTooLow { .. })));
}

#[test]
fn refuses_a_ballot_that_is_not_there_or_not_the_receipts() {
    let world = World::new();
    let other = world.other();
    let absent = world.changed(|proof| proof.transaction = other.transaction.clone());
    let expected = matches!(
        absent,
        ReceiptProofError::NotInBlock(MerkleError::WrongRoot { .. })
    );
    assert!(expected, "{absent}");
    // Somebody else's ballot, block and all, under this receipt.
    let swapped = ReceiptProof {
        receipt: Receipt {
            height: None,
            ..world.proof.receipt.clone()
        },
        ..other.clone()
    };
    let swapped = swapped.check(&world.card);
    assert_eq!(swapped, Err(ReceiptProofError::OtherBallot));
    let mark = world.changed(|proof| proof.receipt.mark = *b"zzzz");
    assert_eq!(mark, ReceiptProofError::OtherBallot);
    let height = world.changed(|proof| proof.receipt.height = Some(1));
    assert!(matches!(
        height,
        ReceiptProofError::OtherHeight { named: 1, .. }
    ));
}

#[test]
fn refuses_an_outcome_that_is_not_there_or_anothers() {
    let world = World::new();
    let forged = world.changed(|proof| match proof.outcome.aunts.first_mut() {
        Some(aunt) => *aunt = Hash([1; 32]),
        None => proof.outcome.total += 1,
    });
    assert!(matches!(forged, ReceiptProofError::NoEffect(_)));
    let moved = world.changed(|proof| proof.outcome.index += 1);
    assert!(matches!(
        moved,
        ReceiptProofError::NoEffect(_) | ReceiptProofError::OtherPosition
    ));
}

#[test]
fn refuses_a_state_that_is_not_the_anchors() {
    let world = World::new();
    let other = world.other();
    let keys = world.changed(|proof| proof.key_set = proof.issued.proof.clone());
    assert!(matches!(
        keys,
        ReceiptProofError::State(SourceFault::StateProof(_))
    ));
    let issued = world.changed(|proof| proof.issued.list.truncate(4));
    assert!(matches!(
        issued,
        ReceiptProofError::State(SourceFault::StateDiffers { .. })
    ));
    let spent = world.changed(|proof| {
        let last = proof.spent.list.len() - 1;
        proof.spent.list[last] ^= 1;
    });
    assert!(matches!(
        spent,
        ReceiptProofError::State(SourceFault::StateDiffers { .. })
    ));
    assert_ne!(other.receipt, world.proof.receipt);
}

#[test]
fn a_ballot_whose_signature_was_changed_is_not_the_one_in_the_block() {
    let world = World::new();
    let forged = world.changed(|proof| {
        let mut transaction = Transaction::decode(&proof.transaction).unwrap();
        transaction.signatures[0][0] ^= 1;
        proof.transaction = transaction.encode();
    });
    assert!(matches!(forged, ReceiptProofError::NotInBlock(_)));
}

#[test]
fn no_flipped_bit_leaves_a_proof() {
    let world = World::new();
    let bytes = world.proof.to_json().into_bytes();
    for at in 0..bytes.len() {
        // One bit of every byte; which one goes round.
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        let proven = ReceiptProof::read(&flipped)
            .ok()
            .and_then(|proof| proof.check(&world.card).ok());
        assert!(proven.is_none(), "byte {at}");
    }
    let later = String::from_utf8(bytes).unwrap();
    let later = later.replacen("\"version\": 1", "\"version\": 2", 1);
    let read = ReceiptProof::read(later.as_bytes());
    assert_eq!(read, Err(ReceiptProofFileError::Version(2)));
}
