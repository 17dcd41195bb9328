//! All validators together lie: they agree on what the rules forbid, and sign it. Headers, commits, outcomes and proofs fit together, and
//! the recount still finds it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use node::application::{Application, BlockChanges};
use node::devnet::{Devnet, Until};
use node::engine::{Chain, GenesisDocument};
use node::rpc::{block_results, block_with_id, signed_header};
use node::storage::{NewBlock, Store, Tip};
use node::{genesis_of, seconds};
use serde_json::{Value, json};
use std::sync::Arc;
use support::{NOW, card, run};
use verifier_core::{
    Action, Anchor, CheckId, CheckOutcome, Finding, GenesisState, HeaderHash, LoneRecount, Origin,
    Outcome, Report, Request, Transaction, TrustCard, Verdict,
};

/// Changes a block's transactions before they are applied, or what came of them.
struct Conspiracy {
    transactions: fn(u64, &mut Vec<Vec<u8>>),
    changes: fn(&[Vec<u8>], &mut BlockChanges),
}

/// A ledger that all validators signed, and the trust card that they hand out for it.
struct Forgery {
    store: Store,
    card: TrustCard,
    genesis: Value,
    totals: Vec<u8>,
}

fn forge(truth: &Devnet, conspiracy: &Conspiracy) -> Forgery {
    let document = GenesisDocument {
        chain_id: truth.chain_id.parse().unwrap(),
        time: truth.store.block(1).unwrap().header.time,
        app_state: truth.genesis["app_state"].as_str().unwrap().to_owned(),
    };
    let state = GenesisState::decode(document.app_state.as_bytes()).unwrap();
    let mut application = Application::new(
        genesis_of(&document, &truth.validators).unwrap().hash(),
        state,
    );
    let store = Store::in_memory().unwrap();
    let update = store.update_state(0, application.initial_state()).unwrap();
    store.save_initial_state(&update).unwrap();
    let mut chain = Chain::new(document, Arc::clone(&truth.validators), update.root).unwrap();
    for height in 1..=truth.ledger.height() {
        let mut transactions = truth.store.block(height).unwrap().block.data.unwrap().txs;
        (conspiracy.transactions)(height, &mut transactions);
        let proposal = chain.propose(transactions.clone()).unwrap();
        let mut changes =
            application.apply_block(height, seconds(proposal.header.time), &transactions);
        (conspiracy.changes)(&transactions, &mut changes);
        let tree = store.update_state(height, changes.writes).unwrap();
        let next = truth.script.schedule.nanoseconds(height + 1);
        let commit = chain
            .commit(&proposal, next, &changes.outcomes, tree.root)
            .unwrap();
        let tip = Tip {
            time: seconds(proposal.header.time),
            tally: application.tally().clone(),
        };
        let new = NewBlock {
            height,
            signed: Some((&proposal.block, &commit.into())),
            outcomes: &changes.outcomes,
            ballots: changes.ballots,
            tree: &tree,
            batches: &changes.batches,
            spent: &changes.spent,
            spoiled: &changes.spoiled,
            events: &changes.events,
            tip: &tip,
        };
        store.save_block(&new).unwrap();
    }
    let totals = serde_json::to_vec(&truth.totals().unwrap()).unwrap();
    let mut forgery = Forgery {
        card: card(truth),
        store,
        genesis: json!({ "genesis": truth.genesis }),
        totals,
    };
    forgery.card.final_header = Some(forgery.anchor(truth.ledger.height()));
    forgery
}

impl Forgery {
    fn anchor(&self, height: u64) -> Anchor {
        let header = self.store.block(height).unwrap().header;
        let hash = HeaderHash(header.hash().as_bytes().try_into().unwrap());
        Anchor {
            height,
            hash,
            time: seconds(header.time),
        }
    }

    fn answer(&self, request: &Request) -> Vec<u8> {
        let result = match request {
            Request::Genesis => self.genesis.clone(),
            Request::Commit(height) => signed_header(&self.store.block(*height).unwrap(), true),
            Request::Block(height) => block_with_id(&self.store.block(*height).unwrap()),
            Request::BlockResults(height) => block_results(
                *height,
                &self.store.outcomes(*height).unwrap(),
                &self.store.root(*height).unwrap().unwrap(),
            ),
            Request::Totals => {
                let value = data_encoding::BASE64.encode(&self.totals);
                json!({ "response": { "code": 0, "height": "0", "value": value } })
            }
            other => panic!("{other:?}"),
        };
        json!({ "jsonrpc": "2.0", "id": -1, "result": result })
            .to_string()
            .into_bytes()
    }

    fn recount(&self) -> Report {
        let mut run = LoneRecount::new(self.card.clone(), NOW, Origin::Node);
        while !run.is_over() {
            for request in run.needs() {
                run.supply(&request, Ok(self.answer(&request)));
            }
            while run.step() {}
        }
        assert_eq!(run.fault(), None);
        self.freeze();
        run.finish().unwrap()
    }

    /// Writes the forged ledger as one of the page's self-test, named after the test, if `FREEZE_FORGERIES` names a folder.
    fn freeze(&self) {
        let Some(folder) = std::env::var_os("FREEZE_FORGERIES") else {
            return;
        };
        let mut requests = vec![Request::Genesis, Request::Totals];
        let last = self.card.final_header.unwrap().height;
        requests.extend((1..=last).map(Request::Commit));
        requests.extend((1..last).map(Request::Block));
        requests.extend((1..last).map(Request::BlockResults));
        let answers: std::collections::BTreeMap<String, Value> = requests
            .iter()
            .map(|request| {
                let answer = serde_json::from_slice(&self.answer(request)).unwrap();
                (request.path(), answer)
            })
            .collect();
        let tape = json!({ "trust_card": self.card.to_json(), "now": NOW, "answers": answers });
        let test = std::thread::current().name().unwrap().to_owned();
        let file = std::path::Path::new(&folder).join(format!("{test}.json"));
        std::fs::write(file, tape.to_string()).unwrap();
    }
}

fn keep(_: u64, _: &mut Vec<Vec<u8>>) {}

fn outcome_of(report: &Report, id: CheckId) -> &CheckOutcome {
    &report
        .checks
        .iter()
        .find(|check| check.id == id)
        .unwrap()
        .outcome
}

fn failed(report: &Report, id: CheckId) -> &[Finding] {
    match outcome_of(report, id) {
        CheckOutcome::Failed(findings) => findings,
        other => panic!("{other:?}"),
    }
}

fn action(bytes: &[u8]) -> Option<Action> {
    Some(Transaction::decode(bytes).ok()?.body.action)
}

#[test]
fn without_a_lie_the_forgery_is_the_truth() {
    let truth = run(Until::Result);
    let forgery = forge(
        &truth,
        &Conspiracy {
            transactions: keep,
            changes: |_, _| {},
        },
    );
    assert_eq!(forgery.card, card(&truth));
    assert_eq!(forgery.recount().verdict, Verdict::Accepted);
}

#[test]
fn a_ballot_that_all_validators_count_twice_is_found() {
    let truth = run(Until::Result);
    let changes = |_: &[Vec<u8>], changes: &mut BlockChanges| {
        for outcome in changes
            .outcomes
            .iter_mut()
            .filter(|outcome| **outcome == Outcome::AssetSpent)
        {
            *outcome = Outcome::Ok;
        }
    };
    let report = forge(
        &truth,
        &Conspiracy {
            transactions: keep,
            changes,
        },
    )
    .recount();
    assert_eq!(report.verdict, Verdict::Rejected);
    assert!(matches!(
        failed(&report, CheckId::RecountAssets),
        [Finding::AssetCountedTwice { .. }]
    ));
}

#[test]
fn a_good_ballot_that_all_validators_refuse_is_found() {
    let truth = run(Until::Result);
    let changes = |transactions: &[Vec<u8>], changes: &mut BlockChanges| {
        let ballots = transactions
            .iter()
            .map(|bytes| matches!(action(bytes), Some(Action::Cast(_))));
        for (outcome, _) in changes
            .outcomes
            .iter_mut()
            .zip(ballots)
            .filter(|(_, ballot)| *ballot)
            .take(1)
        {
            *outcome = Outcome::InvalidProof;
        }
    };
    let report = forge(
        &truth,
        &Conspiracy {
            transactions: keep,
            changes,
        },
    )
    .recount();
    assert_eq!(report.verdict, Verdict::Rejected);
    assert!(
        failed(&report, CheckId::RecountOutcomes)
            .iter()
            .any(|finding| matches!(finding, Finding::OutcomeDiffers { .. }))
    );
}

#[test]
fn a_forged_ballot_that_all_validators_count_is_found() {
    let truth = run(Until::Result);
    let changes = |_: &[Vec<u8>], changes: &mut BlockChanges| {
        for outcome in changes
            .outcomes
            .iter_mut()
            .filter(|outcome| **outcome == Outcome::InvalidProof)
        {
            *outcome = Outcome::Ok;
        }
    };
    let report = forge(
        &truth,
        &Conspiracy {
            transactions: keep,
            changes,
        },
    )
    .recount();
    assert_eq!(report.verdict, Verdict::Rejected);
    assert!(matches!(
        failed(&report, CheckId::RecountBallots),
        [Finding::BallotInvalid { .. }, ..]
    ));
}

#[test]
fn a_ballot_that_all_validators_leave_out_of_a_block_shows_in_the_turnout() {
    let truth = run(Until::Result);
    let transactions = |height: u64, transactions: &mut Vec<Vec<u8>>| {
        // Every ballot of the voting's first half is dropped, far more than the tolerance.
        if height < 40 {
            transactions.retain(|bytes| !matches!(action(bytes), Some(Action::Cast(_))));
        }
    };
    let report = forge(
        &truth,
        &Conspiracy {
            transactions,
            changes: |_, _| {},
        },
    )
    .recount();
    assert_eq!(report.verdict, Verdict::Rejected);
    assert!(!failed(&report, CheckId::RecountBallotsTurnout).is_empty());
}

#[test]
fn a_forged_share_that_all_validators_take_is_found() {
    let truth = run(Until::Result);
    let transactions = |_: u64, transactions: &mut Vec<Vec<u8>>| {
        for bytes in transactions {
            let Ok(mut transaction) = Transaction::decode(bytes) else {
                continue;
            };
            if let Action::Share(share) = &mut transaction.body.action {
                share.cells[0].rotate_left(1);
                *bytes = transaction.encode();
            }
        }
    };
    let changes = |transactions: &[Vec<u8>], changes: &mut BlockChanges| {
        for (outcome, bytes) in changes.outcomes.iter_mut().zip(transactions) {
            if matches!(action(bytes), Some(Action::Share(_))) {
                *outcome = Outcome::Ok;
            }
        }
    };
    let report = forge(
        &truth,
        &Conspiracy {
            transactions,
            changes,
        },
    )
    .recount();
    assert_eq!(report.verdict, Verdict::Rejected);
    assert!(!matches!(
        outcome_of(&report, CheckId::RecountShares),
        CheckOutcome::Passed
    ));
}

#[test]
fn an_asset_more_than_people_on_the_roll_is_found() {
    let truth = run(Until::Result);
    // The roll's certificates come after the assets are issued: every Issue should have been refused.
    let changes = |transactions: &[Vec<u8>], changes: &mut BlockChanges| {
        for (outcome, bytes) in changes.outcomes.iter_mut().zip(transactions) {
            if matches!(action(bytes), Some(Action::Issue(_))) {
                *outcome = Outcome::Ok;
            }
        }
    };
    let transactions = |height: u64, transactions: &mut Vec<Vec<u8>>| {
        if height == 2 {
            transactions.clear();
        }
    };
    let report = forge(
        &truth,
        &Conspiracy {
            transactions,
            changes,
        },
    )
    .recount();
    assert_eq!(report.verdict, Verdict::Rejected);
    assert!(!failed(&report, CheckId::RecountRoll).is_empty());
}
