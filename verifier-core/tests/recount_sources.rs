//! What a lying, late or broken source can do to a recount and to a receipt's check: nothing but be named. Neither is ever accepted on its word,
//! and nothing is held against the election.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod frozen;

use data_encoding::BASE64;
use frozen::{doubts, election, good, receipt, report, source_faults};
use serde_json::{Value, json};
use std::cell::RefCell;
use verifier_core::rpc::RpcError;
use verifier_core::{
    Answer, CheckId, CheckOutcome, CommitError, Doubt, FrozenElection, Report, Request,
    SourceFault, Standing, Verdict,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Changes the `result` of an answer.
fn change(answer: Answer, lie: impl Fn(&mut Value)) -> Answer {
    let mut value: Value = serde_json::from_slice(&answer?).unwrap();
    lie(&mut value["result"]);
    Ok(value.to_string().into_bytes())
}

/// Recounts the honest election from a source that lies in the answers to one request.
fn recount_with(at: &Request, lie: impl Fn(&mut Value)) -> Report {
    let election = good();
    let source = |request: &Request| {
        let answer = election.answer(request);
        if request == at {
            change(answer, &lie)
        } else {
            answer
        }
    };
    election.recount(source).unwrap()
}

fn check_with(at: impl Fn(&Request) -> bool, lie: impl Fn(&mut Value)) -> Report {
    let election = good();
    let counted = receipt("counted");
    let source = |request: &Request| {
        let answer = election.answer(request);
        if at(request) {
            change(answer, &lie)
        } else {
            answer
        }
    };
    election.check_receipt(&counted.receipt, counted.now, source)
}

fn blamed(report: &Report, fits: impl Fn(&SourceFault) -> bool) {
    assert_eq!(report.verdict, Verdict::Inconclusive, "{:?}", report.checks);
    let faults = source_faults(report);
    assert!(faults.iter().any(fits), "{faults:?}");
}

/// Every request that verifying the honest election, and one receipt, makes.
fn requests(verify: impl Fn(&FrozenElection, &dyn Fn(&Request) -> Answer)) -> Vec<Request> {
    let election = good();
    let seen = RefCell::new(Vec::new());
    verify(&election, &|request| {
        seen.borrow_mut().push(request.clone());
        election.answer(request)
    });
    seen.into_inner()
}

fn broken_answers() -> Vec<Answer> {
    vec![
        Err(SourceFault::Unreachable),
        Err(SourceFault::TooSlow),
        Err(SourceFault::HttpStatus(502)),
        Err(SourceFault::TooLarge { limit: 1 }),
        Ok(Vec::new()),
        Ok(b"<html>".to_vec()),
        Ok(br#"{"jsonrpc":"2.0","id":-1}"#.to_vec()),
        Ok(br#"{"jsonrpc":"2.0","id":-1,"result":{}}"#.to_vec()),
        Ok(br#"{"jsonrpc":"2.0","id":-1,"error":{"code":-32603,"message":"no"}}"#.to_vec()),
    ]
}

#[test]
fn a_recount_is_inconclusive_whatever_answer_is_missing_or_broken() {
    let needed = requests(|election, source| {
        election.recount(source).unwrap();
    });
    assert!(needed.len() > 25);
    for broken in broken_answers() {
        for at in &needed {
            let election = good();
            let report = election.recount(|request| match request == at {
                true => broken.clone(),
                false => election.answer(request),
            });
            match report {
                Some(report) => blamed(&report, |_| true),
                // Without a genesis there is nothing to report on.
                None => assert_eq!(*at, Request::Genesis),
            }
        }
    }
}

#[test]
fn a_receipts_check_is_inconclusive_whatever_answer_is_missing_or_broken() {
    let counted = receipt("counted");
    let needed = requests(|election, source| {
        election.check_receipt(&counted.receipt, counted.now, source);
    });
    assert!(needed.len() > 10);
    for broken in broken_answers() {
        for at in &needed {
            let election = good();
            let report = election.check_receipt(&counted.receipt, counted.now, |request| {
                match request == at {
                    true => broken.clone(),
                    false => election.answer(request),
                }
            });
            blamed(&report, |_| true);
            assert!(!matches!(report.standing, Some(Standing::Missing)));
        }
    }
}

#[test]
fn an_answer_larger_than_its_route_allows_is_refused_unread() {
    let election = good();
    let report = election.recount(|request| match request {
        Request::Block(4) => Ok(vec![b' '; (64 << 20) + 1]),
        other => election.answer(other),
    });
    blamed(&report.unwrap(), |fault| {
        matches!(fault, SourceFault::Answer(RpcError::TooLarge { .. }))
    });
}

#[test]
fn another_chain_and_another_genesis_are_named() {
    let mut open = good();
    open.card.final_header = None;
    let lie = |request: &Request| {
        let answer = open.answer(request);
        match request {
            Request::Status => change(answer, |r| r["node_info"]["network"] = json!("another")),
            _ => answer,
        }
    };
    blamed(&open.recount(lie).unwrap(), |fault| {
        matches!(fault, SourceFault::OtherChain { .. })
    });
    let counted = receipt("recorded");
    blamed(
        &open.check_receipt(&counted.receipt, counted.now, lie),
        |fault| matches!(fault, SourceFault::OtherChain { .. }),
    );
    let election = good();
    let other = election.recount(|request| {
        let answer = election.answer(request);
        match request {
            Request::Genesis => change(answer, |r| {
                r["genesis"]["genesis_time"] = json!("2020-01-01T00:00:00Z")
            }),
            _ => answer,
        }
    });
    assert_eq!(other, None);
}

#[test]
fn blocks_swapped_cut_reordered_or_added_to_are_not_those_of_their_headers() {
    let differs = |fault: &SourceFault| matches!(fault, SourceFault::BlockDiffers { height: 5 });
    let lies: [fn(&mut Vec<Value>); 4] = [
        |txs| {
            txs.pop();
        },
        |txs| txs.swap(0, 1),
        |txs| txs.push(txs[0].clone()),
        |txs| txs[0] = txs[1].clone(),
    ];
    for lie in lies {
        let lie = |result: &mut Value| {
            lie(result["block"]["data"]["txs"].as_array_mut().unwrap());
        };
        let report = recount_with(&Request::Block(5), lie);
        blamed(&report, differs);
        let blocks = report
            .checks
            .iter()
            .find(|c| c.id == CheckId::RecountBlocks);
        assert!(matches!(
            blocks.unwrap().outcome,
            CheckOutcome::Unknown(Doubt::Source(_))
        ));
        let report = check_with(|r| *r == Request::Block(5), lie);
        blamed(&report, differs);
        let blocks = report
            .checks
            .iter()
            .find(|c| c.id == CheckId::ReceiptBlocks);
        assert!(matches!(
            blocks.unwrap().outcome,
            CheckOutcome::Unknown(Doubt::Source(_))
        ));
    }
}

#[test]
fn outcomes_that_are_not_those_of_the_next_header_are_refused() {
    let differs = |fault: &SourceFault| matches!(fault, SourceFault::OutcomesDiffer { height: 5 });
    let lies: [fn(&mut Vec<Value>); 3] = [
        |results| results[3]["code"] = json!(0),
        |results| {
            results.pop();
        },
        |results| results.push(json!({ "code": 0 })),
    ];
    for lie in lies {
        let lie = |result: &mut Value| lie(result["txs_results"].as_array_mut().unwrap());
        let at = Request::BlockResults(5);
        blamed(&recount_with(&at, lie), differs);
        blamed(&check_with(|r| *r == at, lie), differs);
    }
}

#[test]
fn a_block_of_another_height_is_not_what_was_asked_for() {
    let election = good();
    for (asked, given) in [
        (Request::Block(5), Request::Block(4)),
        (Request::BlockResults(5), Request::BlockResults(4)),
        (Request::Commit(5), Request::Commit(4)),
    ] {
        let report = election.recount(|request| match *request == asked {
            true => election.answer(&given),
            false => election.answer(request),
        });
        blamed(&report.unwrap(), |fault| {
            matches!(fault, SourceFault::Malformed(_))
        });
    }
}

#[test]
fn headers_of_a_fork_break_the_chain() {
    let (good, fork) = (good(), election("share-forged"));
    let forked = |request: &Request| match request {
        Request::Commit(8) => fork.answer(request),
        other => good.answer(other),
    };
    blamed(&good.recount(forked).unwrap(), |fault| {
        matches!(fault, SourceFault::BrokenChain { height: 8 })
    });
    // The whole fork, under the card that names another final header.
    let whole = good.recount(|request| fork.answer(request)).unwrap();
    blamed(&whole, |fault| {
        matches!(fault, SourceFault::NotTheTrustedHeader { height: 9 })
    });
    let counted = receipt("counted");
    let check = |source: &dyn Fn(&Request) -> Answer| {
        good.check_receipt(&counted.receipt, counted.now, source)
    };
    blamed(&check(&|request| fork.answer(request)), |fault| {
        matches!(fault, SourceFault::NotTheTrustedHeader { height: 9 })
    });
    let headers = |request: &Request| match request {
        Request::Headers { .. } => fork.answer(request),
        other => good.answer(other),
    };
    blamed(&check(&headers), |fault| {
        matches!(fault, SourceFault::BrokenChain { .. })
    });
}

#[test]
fn a_first_header_that_the_card_does_not_name_is_refused() {
    let (good, fork) = (good(), election("define-not-approved"));
    let source = |request: &Request| match request {
        Request::Genesis | Request::Totals => good.answer(request),
        other => fork.answer(other),
    };
    blamed(&good.recount(source).unwrap(), |fault| {
        matches!(fault, SourceFault::NotTheTrustedHeader { height: 1 })
    });
}

/// Changes the commit of a header's answer.
fn commit_lie(lie: impl Fn(&mut Vec<Value>)) -> impl Fn(&mut Value) {
    move |result| {
        lie(result["signed_header"]["commit"]["signatures"]
            .as_array_mut()
            .unwrap());
    }
}

fn absent() -> Value {
    json!({
        "block_id_flag": 1, "validator_address": "", "timestamp": "0001-01-01T00:00:00Z", "signature": null,
    })
}

#[test]
fn commits_with_too_few_forged_or_exchanged_signatures_are_refused() {
    // Three of four validators are more than two thirds; two are not.
    let one_absent = recount_with(&Request::Commit(5), commit_lie(|s| s[0] = absent()));
    assert_eq!(
        one_absent.verdict,
        Verdict::Accepted,
        "{:?}",
        one_absent.checks
    );
    let few = commit_lie(|s| {
        s[0] = absent();
        s[1] = absent();
    });
    blamed(&recount_with(&Request::Commit(5), &few), |fault| {
        matches!(
            fault,
            SourceFault::Commit {
                error: CommitError::NotEnoughPower { .. },
                ..
            }
        )
    });
    let forged = commit_lie(|s| {
        let other = s[1]["signature"].clone();
        s[0]["signature"] = other;
    });
    blamed(&recount_with(&Request::Commit(5), &forged), |fault| {
        matches!(
            fault,
            SourceFault::Commit {
                error: CommitError::InvalidSignature { .. },
                ..
            }
        )
    });
    let exchanged = commit_lie(|s| s.swap(0, 1));
    blamed(&recount_with(&Request::Commit(5), &exchanged), |fault| {
        matches!(
            fault,
            SourceFault::Commit {
                error: CommitError::WrongSigner { .. },
                ..
            }
        )
    });
    let cut = commit_lie(|s| {
        s.pop();
    });
    blamed(&recount_with(&Request::Commit(5), &cut), |fault| {
        matches!(
            fault,
            SourceFault::Commit {
                error: CommitError::WrongCount { .. },
                ..
            }
        )
    });
    let repeated = commit_lie(|s| {
        for at in 1..4 {
            s[at] = s[0].clone();
        }
    });
    blamed(&recount_with(&Request::Commit(5), &repeated), |_| true);
    // The same at the header that a receipt hangs from.
    let lies: [&dyn Fn(&mut Value); 3] = [&few, &forged, &exchanged];
    for lie in lies {
        blamed(&check_with(|r| *r == Request::Commit(9), lie), |fault| {
            matches!(fault, SourceFault::Commit { height: 9, .. })
        });
    }
}

#[test]
fn headers_with_another_validator_set_are_refused() {
    let other = |result: &mut Value| {
        let hash = json!("00".repeat(32));
        result["signed_header"]["header"]["validators_hash"] = hash;
    };
    for height in 1..=9 {
        blamed(&recount_with(&Request::Commit(height), other), |_| true);
    }
}

#[test]
fn state_proofs_and_tables_that_do_not_fit_the_header_are_refused() {
    let state = |key: &str| {
        let key = key.to_string();
        move |request: &Request| matches!(request, Request::State { key: k, .. } if *k == key)
    };
    let without = |result: &mut Value| result["response"]["proofOps"] = Value::Null;
    for key in ["keyset", "issue/0/0", "spent/0/0"] {
        blamed(&check_with(state(key), without), |f| {
            matches!(f, SourceFault::Missing(_))
        });
        let flipped = |result: &mut Value| {
            let data = &mut result["response"]["proofOps"]["ops"][0]["data"];
            let mut bytes = BASE64.decode(data.as_str().unwrap().as_bytes()).unwrap();
            let at = bytes.len() / 2;
            bytes[at] ^= 1;
            *data = json!(BASE64.encode(&bytes));
        };
        blamed(&check_with(state(key), flipped), |f| {
            matches!(f, SourceFault::StateProof(_) | SourceFault::Malformed(_))
        });
    }
    // A proof of one key in the place of another's.
    let election = good();
    let counted = receipt("counted");
    let report = election.check_receipt(&counted.receipt, counted.now, |request| match request {
        Request::State { key, height } if key == "spent/0/0" => {
            let key = "issue/0/0".to_string();
            election.answer(&Request::State {
                key,
                height: *height,
            })
        }
        other => election.answer(other),
    });
    blamed(&report, |fault| matches!(fault, SourceFault::StateProof(_)));
    // Tables that the state does not commit to: a byte wrong, cut, empty.
    let tables = [
        |request: &Request| matches!(request, Request::Batch { .. }),
        |request: &Request| matches!(request, Request::Spent { .. }),
    ];
    for at in tables {
        for lie in [
            |bytes: &mut Vec<u8>| bytes[10] ^= 1,
            |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() - 1),
            |bytes: &mut Vec<u8>| *bytes = vec![0; 4],
        ] {
            let lie = |result: &mut Value| {
                let value = &mut result["response"]["value"];
                let mut bytes = BASE64.decode(value.as_str().unwrap().as_bytes()).unwrap();
                lie(&mut bytes);
                *value = json!(BASE64.encode(&bytes));
            };
            blamed(&check_with(at, lie), |f| {
                matches!(f, SourceFault::StateDiffers { .. })
            });
        }
    }
}

#[test]
fn a_source_that_hides_the_end_of_the_ledger_gets_nothing_accepted() {
    for latest in 1..9 {
        let open = good().unfinished(latest);
        let report = report(&open);
        assert_eq!(report.verdict, Verdict::Inconclusive, "{latest}");
    }
    let mut ends_early = good();
    ends_early.card.final_header = None;
    let report = ends_early.recount(|request| {
        let answer = ends_early.answer(request);
        match request {
            Request::Status => change(answer, |r| {
                r["sync_info"]["latest_block_height"] = json!("18446744073709551615");
            }),
            _ => answer,
        }
    });
    assert_ne!(report.unwrap().verdict, Verdict::Accepted);
}

#[test]
fn without_a_final_header_an_expired_card_concludes_nothing() {
    let mut open = good();
    open.card.final_header = None;
    assert_eq!(report(&open).verdict, Verdict::Accepted);
    open.card.trusting_period = 1;
    let report = report(&open);
    assert_eq!(report.verdict, Verdict::Inconclusive);
    assert!(
        doubts(&report)
            .iter()
            .any(|d| matches!(d, Doubt::CardExpired { .. }))
    );
}

#[test]
fn a_claim_of_no_totals_is_a_doubt() {
    let report = recount_with(&Request::Totals, |result| {
        result["response"]["code"] = json!(1);
    });
    blamed(&report, |fault| matches!(fault, SourceFault::Missing(_)));
    let huge = |result: &mut Value| {
        let totals = r#"{"cells":[{"municipalities":[1,2,3],"ballots":5,"votes":[18446744073709551615,6]},{"municipalities":[0],"ballots":5,"votes":[4,1]}]}"#;
        result["response"]["value"] = json!(BASE64.encode(totals.as_bytes()));
    };
    blamed(&recount_with(&Request::Totals, huge), |fault| {
        matches!(fault, SourceFault::TotalsDiffer { cell: 0 })
    });
}

/// Where the ballot itself is withheld, a copy with a forged signature must not hide that.
#[test]
fn a_refused_copy_that_the_voter_did_not_sign_does_not_stand_for_the_ballot() {
    let election = good();
    let forged = receipt("forged-copy");
    let report = forged.check(&election);
    assert_eq!(report.standing, Some(Standing::Missing));
}
