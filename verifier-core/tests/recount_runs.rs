//! Runs of a recount: however the spans are cut, in whatever order they are judged, by however many workers and in however many visits, the report is the same.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod bundled;
mod frozen;

use bundled::{Bundled, Dice, Drive, NOW, cut, drive};
use frozen::{election, findings, good, source_faults};
use verifier_core::{
    Answer, Expected, Finding, FrozenElection, Origin, RecountRun, Report, Request, SourceFault,
    SpanAnswers, SpanWorker, StateError, Verdict, frame_record, framed_records, record_begins_at,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn run(bundled: &Bundled) -> RecountRun {
    RecountRun::new(bundled.card().clone(), NOW, Origin::Archive)
}

fn recount(bundled: &Bundled, dice: &mut Dice) -> Report {
    let mut run = run(bundled);
    drive(
        &mut run,
        |request| bundled.answer(request),
        dice,
        Drive::WHOLE,
    );
    assert!(run.is_over());
    run.finish().unwrap()
}

/// Elections whose lies lie on both sides of cuts, and honest ones.
const CUT: [&str; 12] = [
    "good",
    "good-complaint",
    "asset-counted-twice",
    "ballot-counted-twice",
    "refused-as-spent",
    "later-ballot-preferred",
    "not-issued-counted",
    "good-claims",
    "spoil-counted",
    "spoil-invented",
    "spoil-too-late",
    "claims-refused",
];

#[test]
fn any_cut_and_any_order_of_spans_give_what_the_vectors_say() {
    let mut dice = Dice::new(1);
    for name in CUT {
        let election = election(name);
        for _ in 0..8 {
            let bundled = Bundled::new(&election, &cut(election.blocks.len() - 1, &mut dice));
            let report = recount(&bundled, &mut dice);
            assert_eq!(
                Expected::of(&report),
                election.expected,
                "{name}: {bundled:?}"
            );
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn every_other_vector_comes_to_the_same_from_an_archive() {
    let mut dice = Dice::new(2);
    for (name, election) in frozen::elections() {
        let bundled = Bundled::new(&election, &cut(election.blocks.len() - 1, &mut dice));
        let report = recount(&bundled, &mut dice);
        assert_eq!(
            Expected::of(&report).digest,
            election.expected.digest,
            "{name}"
        );
    }
}

#[test]
fn a_node_and_an_archive_come_to_the_same() {
    let election = good();
    let mut run = RecountRun::new(election.card.clone(), NOW, Origin::Node);
    drive(
        &mut run,
        |request| election.answer(request),
        &mut Dice::new(3),
        Drive::WHOLE,
    );
    assert_eq!(Expected::of(&run.finish().unwrap()), election.expected);
    let end = u64::try_from(election.blocks.len()).unwrap();
    let mut folder = RecountRun::new(election.card.clone(), NOW, Origin::Folder { end });
    drive(
        &mut folder,
        |request| election.answer(request),
        &mut Dice::new(4),
        Drive::WHOLE,
    );
    assert_eq!(Expected::of(&folder.finish().unwrap()), election.expected);
}

#[test]
fn a_span_found_twice_or_by_a_second_worker_is_counted_once() {
    let election = good();
    let bundled = Bundled::new(&election, &cut(8, &mut Dice::new(5)));
    let mut run = run(&bundled);
    drive(
        &mut run,
        |request| bundled.answer(request),
        &mut Dice::new(6),
        Drive { until: 0 },
    );
    let worker = SpanWorker::new(&run.setup_for_workers().unwrap()).unwrap();
    while let Some(span) = run.next_span() {
        // The first worker is gone, a second one takes over, and then the first one answers after all.
        run.give_back(span.number);
        assert_eq!(run.next_span().as_ref(), Some(&span));
        for _ in 0..3 {
            let facts = bundled::judge(&worker, &run, &span, |r| bundled.answer(r), None);
            run.take(span.number, Ok(facts));
        }
        run.give_back(span.number);
        run.take(span.number, Err(SourceFault::Unreachable));
        run.take(span.number + 1000, Err(SourceFault::Unreachable));
    }
    assert!(run.is_over());
    assert_eq!(Expected::of(&run.finish().unwrap()), election.expected);
}

#[test]
fn ballots_of_an_asset_counted_twice_are_named_by_a_second_look() {
    for (name, cuts) in [
        ("asset-counted-twice", vec![vec![8], vec![1; 8], vec![4, 4]]),
        (
            "ballot-counted-twice",
            vec![vec![8], vec![1; 8], vec![4, 4]],
        ),
    ] {
        let election = election(name);
        for cut in cuts {
            let bundled = Bundled::new(&election, &cut);
            let report = recount(&bundled, &mut Dice::new(7));
            let named = findings(&report);
            assert!(
                named
                    .iter()
                    .any(|f| matches!(f, Finding::AssetCountedTwice { .. })),
                "{name}: {named:?}"
            );
            assert_eq!(Expected::of(&report), election.expected);
        }
    }
}

/// The facts stand, whether or not the blocks can be had again: same verdict, same digest.
#[test]
fn a_second_look_that_a_source_refuses_or_falsifies_changes_no_verdict() {
    let election = election("asset-counted-twice");
    let other = Bundled::new(&good(), &[1; 8]);
    let bundled = Bundled::new(&election, &[1; 8]);
    let lies: [&dyn Fn(&Request) -> Answer; 3] = [
        &|_| Err(SourceFault::Unreachable),
        &|request| other.answer(request),
        &|request| {
            bundled
                .answer(request)
                .map(|bytes| bytes[..bytes.len() / 2].to_vec())
        },
    ];
    for lie in lies {
        let mut run = run(&bundled);
        drive(
            &mut run,
            |r| bundled.answer(r),
            &mut Dice::new(8),
            Drive::ONCE,
        );
        assert!(!run.is_over());
        for _ in 0..20 {
            for request in run.needs() {
                run.supply(&request, lie(&request));
            }
        }
        assert!(run.is_over());
        let report = run.finish().unwrap();
        assert_eq!(report.digest().to_string(), election.expected.digest);
        assert_eq!(report.verdict, Verdict::Rejected);
        assert!(
            findings(&report)
                .iter()
                .any(|f| matches!(f, Finding::AssetCountedAgain { .. }))
        );
    }
}

/// A ballot that may be one that was challenged before it: unless its block can be had again, nothing is known of it, and nothing is accepted.
#[test]
fn a_suspicion_that_no_second_look_settles_stays_and_names_the_block() {
    let election = election("spoil-counted");
    let bundled = Bundled::new(&election, &[1; 8]);
    let other = Bundled::new(&good(), &[1; 8]);
    let lies: [&dyn Fn(&Request) -> Answer; 2] = [&|_| Err(SourceFault::Unreachable), &|request| {
        other.answer(request)
    }];
    for lie in lies {
        let mut run = run(&bundled);
        let mut dice = Dice::new(8);
        drive(&mut run, |r| bundled.answer(r), &mut dice, Drive::ONCE);
        assert!(!run.is_over());
        for _ in 0..20 {
            for request in run.needs() {
                run.supply(&request, lie(&request));
            }
        }
        assert!(run.is_over());
        let report = run.finish().unwrap();
        let missing = SourceFault::Missing("block 5".into());
        assert!(source_faults(&report).contains(&missing));
        assert_eq!(findings(&report), []);
        assert_eq!(report.verdict, Verdict::Inconclusive);
    }
}

/// Who may vote is asked, and what is answered counts.
#[test]
fn ballots_are_counted_only_if_their_asset_was_issued_to_them() {
    let election = good();
    let bundled = Bundled::new(&election, &[8]);
    let mut run = run(&bundled);
    drive(
        &mut run,
        |r| bundled.answer(r),
        &mut Dice::new(9),
        Drive { until: 0 },
    );
    let worker = SpanWorker::new(&run.setup_for_workers().unwrap()).unwrap();
    let span = run.next_span().unwrap();
    let read = || {
        SpanAnswers::read(
            &span,
            span.requests.iter().map(|r| bundled.answer(r)).collect(),
        )
    };
    let answers = read();
    let questions = worker.open(&answers).questions();
    let admitted = run.admit(&questions);
    assert!(admitted.contains(&true) && admitted.contains(&false));
    let expected = questions.len();
    for actual in [0, expected - 1, expected + 1] {
        let refused = worker.open(&answers).judge(&vec![true; actual], None);
        assert_eq!(
            refused.unwrap_err(),
            StateError::Admission { actual, expected }
        );
    }
    // The ledger counts them: if nothing was issued, every counted ballot is one too many.
    let facts = worker
        .open(&answers)
        .judge(&vec![false; expected], None)
        .unwrap();
    run.take(span.number, Ok(facts));
    let report = run.finish().unwrap();
    let invalid = findings(&report);
    let invalid = invalid
        .iter()
        .filter(|f| matches!(f, Finding::BallotInvalid { .. }));
    let counted = admitted.iter().filter(|admitted| **admitted).count();
    assert!(invalid.count() >= counted / 2);
    assert_eq!(report.verdict, Verdict::Rejected);
}

#[test]
fn wrong_hints_change_nothing() {
    for name in ["good", "invalid-proof-counted", "wrong-signature-counted"] {
        let election = election(name);
        let bundled = Bundled::new(&election, &[8]);
        let mut run = run(&bundled);
        drive(
            &mut run,
            |r| bundled.answer(r),
            &mut Dice::new(10),
            Drive { until: 0 },
        );
        let worker = SpanWorker::new(&run.setup_for_workers().unwrap()).unwrap();
        let span = run.next_span().unwrap();
        let judged = |hints: Option<&[u8]>| {
            bundled::judge(&worker, &run, &span, |r| bundled.answer(r), hints)
        };
        let without = judged(None);
        let right = bundled.hints();
        assert_eq!(judged(Some(&right)), without, "{name}");
        let mut dice = Dice::new(11);
        for _ in 0..6 {
            let mut wrong = right.clone();
            for byte in wrong.iter_mut().skip(9) {
                *byte ^= u8::try_from(dice.below(256)).unwrap();
            }
            assert_eq!(judged(Some(&wrong)), without, "{name}");
            let shifted = [&right[..9], &right[41..], &right[9..41]].concat();
            assert_eq!(judged(Some(&shifted)), without, "{name}");
            let cut = &right[..dice.below(right.len())];
            assert_eq!(judged(Some(cut)), without, "{name}");
        }
        assert_eq!(judged(Some(&[])), without);
    }
}

#[test]
fn a_recount_cut_at_any_of_a_hundred_moments_resumes_to_the_same_digest() {
    let mut dice = Dice::new(12);
    let names = [
        "good",
        "good-complaint",
        "asset-counted-twice",
        "later-ballot-preferred",
    ];
    for moment in 0..100 {
        let election = election(names[moment % names.len()]);
        let bundled = Bundled::new(&election, &cut(8, &mut dice));
        let mut log: Vec<u8> = Vec::new();
        // Three visits: two end at some moment, with the last record written half.
        for visit in 0..3 {
            let (records, good_bytes) = framed_records(&log);
            let mut run = run(&bundled).keeping();
            for record in records {
                run.resume(record).unwrap();
            }
            log.truncate(good_bytes);
            let until = if visit < 2 { dice.below(6) } else { usize::MAX };
            drive(&mut run, |r| bundled.answer(r), &mut dice, Drive { until });
            for record in run.kept() {
                log.extend(frame_record(&record));
            }
            if visit < 2 {
                let torn = dice.below(40).min(log.len());
                log.truncate(log.len() - torn);
            } else {
                assert!(run.is_over());
                let report = run.finish().unwrap();
                assert_eq!(Expected::of(&report), election.expected, "{moment}");
            }
        }
    }
}

#[test]
fn a_log_of_another_election_or_with_records_missing_repeated_or_swapped_ends_where_it_stops_to_fit()
 {
    let bundled = Bundled::new(&good(), &[1; 8]);
    let mut whole = run(&bundled).keeping();
    drive(
        &mut whole,
        |r| bundled.answer(r),
        &mut Dice::new(13),
        Drive::WHOLE,
    );
    let records = whole.kept();
    let spans: Vec<usize> = (0..records.len())
        .filter(|at| record_begins_at(&records[*at]).is_some())
        .collect();
    assert!(spans.len() >= 6);
    let resume = |order: &[usize]| {
        let mut run = run(&bundled);
        let results: Vec<_> = order.iter().map(|at| run.resume(&records[*at])).collect();
        drive(
            &mut run,
            |r| bundled.answer(r),
            &mut Dice::new(14),
            Drive::WHOLE,
        );
        assert_eq!(Expected::of(&run.finish().unwrap()), good().expected);
        results
    };
    let (genesis, first, second, third) = (0, spans[0], spans[1], spans[2]);
    assert!(record_begins_at(&records[genesis]).is_none());
    let fits = |results: Vec<Result<(), StateError>>| -> Vec<bool> {
        results.iter().map(Result::is_ok).collect()
    };
    assert_eq!(fits(resume(&[genesis, first, third])), [true, true, false]);
    assert_eq!(fits(resume(&[genesis, first, first])), [true, true, false]);
    assert_eq!(fits(resume(&[genesis, second])), [true, false]);
    assert_eq!(fits(resume(&[first])), [false]);
    let other = Bundled::new(&election("share-forged"), &[1; 8]);
    let mut foreign = run(&other);
    assert!(foreign.resume(&records[genesis]).is_ok());
    assert_eq!(foreign.resume(&records[first]), Err(StateError::OtherCard));
    let mut dice = Dice::new(15);
    for _ in 0..200 {
        let mut record = records[dice.below(records.len())].clone();
        let at = dice.below(record.len());
        record[at] ^= 1 << dice.below(8);
        let framed = frame_record(&record);
        assert!(framed_records(&framed[..framed.len() - 1]).0.is_empty());
        let _ = run(&bundled).resume(&record);
    }
}

#[test]
fn ranges_counted_apart_merge_to_the_same_report() {
    let mut dice = Dice::new(16);
    for name in CUT {
        let election = election(name);
        let last = u64::try_from(election.blocks.len()).unwrap() - 1;
        let bundled = Bundled::new(&election, &cut(8, &mut dice));
        for _ in 0..3 {
            let sizes = cut(usize::try_from(last).unwrap(), &mut dice);
            let mut records = Vec::new();
            let mut first = 1;
            for size in sizes {
                let end = first + u64::try_from(size).unwrap() - 1;
                let mut range = run(&bundled).of_heights(first..=end).keeping();
                drive(&mut range, |r| bundled.answer(r), &mut dice, Drive::WHOLE);
                assert_eq!(range.fault(), None, "{name}: {first} to {end}");
                records.extend(range.kept());
                first = end + 1;
            }
            // Each range has its own copy of genesis and totals; they come first.
            dice.shuffle(&mut records);
            records.sort_by_key(|record| record_begins_at(record).unwrap_or(0));
            let mut merged = run(&bundled);
            for record in &records {
                merged.resume(record).unwrap();
            }
            drive(&mut merged, |r| bundled.answer(r), &mut dice, Drive::WHOLE);
            assert_eq!(
                Expected::of(&merged.finish().unwrap()),
                election.expected,
                "{name}"
            );
        }
    }
}

fn blamed(bundled: &Bundled, fits: impl Fn(&SourceFault) -> bool) {
    let mut run = run(bundled);
    drive(
        &mut run,
        |r| bundled.answer(r),
        &mut Dice::new(17),
        Drive::WHOLE,
    );
    assert!(run.is_over());
    let fault = run.fault().cloned();
    assert!(fault.as_ref().is_some_and(&fits), "{fault:?}");
    if let Some(report) = run.finish() {
        assert_eq!(report.verdict, Verdict::Inconclusive);
        assert!(source_faults(&report).iter().any(fits));
    }
}

fn bundles() -> Bundled {
    Bundled::new(&good(), &[2, 1, 1, 1, 3])
}

#[test]
fn an_index_that_lies_accepts_nothing() {
    let lie = |change: &dyn Fn(&mut verifier_core::ArchiveIndex)| {
        let mut bundled = bundles();
        change(&mut bundled.index);
        bundled
    };
    blamed(&lie(&|index| index.chain_id = "other".into()), |f| {
        matches!(f, SourceFault::OtherChain { .. })
    });
    blamed(&lie(&|index| index.genesis_hash.0[0] ^= 1), |f| {
        *f == SourceFault::OtherGenesis
    });
    blamed(&lie(&|index| index.bundles[3].sha256.0[0] ^= 1), |f| {
        matches!(f, SourceFault::Malformed(_))
    });
    blamed(&lie(&|index| index.bundles[3].bytes += 1), |f| {
        matches!(f, SourceFault::Malformed(_))
    });
    // Heights that are not those of the bundles; bundles left out; none at all.
    blamed(
        &lie(&|index| {
            index.bundles[1].last += 1;
            index.bundles[2].first += 1;
            index.bundles[2].last += 1;
            index.bundles[3].first += 1;
        }),
        |_| true,
    );
    for left in 0..5 {
        blamed(&lie(&|index| index.bundles.truncate(left)), |f| {
            matches!(f, SourceFault::Missing(_))
        });
    }
}

#[test]
fn bundles_cut_swapped_repeated_missing_or_of_another_chain_accept_nothing() {
    let lie = |change: &dyn Fn(&mut Bundled)| {
        let mut bundled = bundles();
        change(&mut bundled);
        bundled
    };
    for at in 0..5 {
        let named_otherwise = |f: &SourceFault| matches!(f, SourceFault::Malformed(_));
        blamed(&lie(&|b| b.bundles[at].truncate(9)), named_otherwise);
        blamed(&lie(&|b| b.bundles.swap(at, (at + 1) % 5)), named_otherwise);
        blamed(
            &lie(&|b| b.bundles[at] = b.bundles[(at + 1) % 5].clone()),
            named_otherwise,
        );
        blamed(&lie(&|b| b.bundles[at].clear()), |_| true);
        // The same with an index that has the right hashes.
        blamed(
            &lie(&|b| {
                b.bundles[at].pop();
                b.rehash();
            }),
            |_| true,
        );
        blamed(
            &lie(&|b| {
                b.bundles.swap(at, (at + 1) % 5);
                b.rehash();
            }),
            |_| true,
        );
        blamed(
            &lie(&|b| {
                b.bundles[at] = b.bundles[(at + 1) % 5].clone();
                b.rehash();
            }),
            |_| true,
        );
        blamed(&lie(&|b| b.missing = Some(at)), |f| {
            *f == SourceFault::HttpStatus(404)
        });
    }
    // A whole archive of another ledger under this one's index.
    let other = Bundled::new(&election("good-complaint"), &[2, 1, 1, 1, 3]);
    for at in 0..5 {
        blamed(
            &lie(&|b| {
                b.bundles[at] = other.bundles[at].clone();
                b.rehash();
            }),
            |_| true,
        );
    }
}

/// Every transaction and every outcome of every bundle, one after another, under an index that has the right hashes.
#[test]
fn a_bundle_with_the_right_hash_and_wrong_content_accepts_nothing() {
    let honest = bundles();
    let mut dice = Dice::new(18);
    let mut changed = 0;
    for at in 0..honest.bundles.len() {
        for _ in 0..40 {
            let mut bundled = bundles();
            let byte = dice.below(bundled.bundles[at].len());
            bundled.bundles[at][byte] ^= 1 << dice.below(8);
            bundled.rehash();
            let mut run = run(&bundled);
            drive(&mut run, |r| bundled.answer(r), &mut dice, Drive::WHOLE);
            let accepted = run.finish().map(|report| (report.verdict, report.digest()));
            match accepted {
                // A signature's place or time is not part of what a commit fixes where the rest of it is enough; nothing else may be.
                Some((Verdict::Accepted, digest)) => {
                    assert_eq!(digest.to_string(), good().expected.digest);
                }
                Some((verdict, _)) => {
                    assert_eq!(verdict, Verdict::Inconclusive);
                    changed += 1;
                }
                None => changed += 1,
            }
        }
    }
    assert!(changed > 190, "{changed}");
}

#[test]
fn without_a_final_header_a_later_visit_reads_new_blocks_only() {
    let mut election = good();
    election.card.final_header = None;
    let early = Bundled::new(&election.clone().unfinished(6), &[2, 1, 2]);
    let mut first = run(&early).keeping();
    drive(
        &mut first,
        |r| early.answer(r),
        &mut Dice::new(19),
        Drive::WHOLE,
    );
    let later = Bundled::new(&election, &[2, 1, 2, 1, 2]);
    let mut again = run(&later);
    for record in first.kept() {
        let _ = again.resume(&record);
    }
    let asked = std::cell::RefCell::new(Vec::new());
    let source = |request: &Request| {
        asked.borrow_mut().push(request.clone());
        later.answer(request)
    };
    drive(&mut again, source, &mut Dice::new(20), Drive::WHOLE);
    let report = again.finish().unwrap();
    assert_eq!(report.verdict, Verdict::Accepted);
    assert_eq!(report.digest(), whole_digest(&election));
    let mut read: Vec<u32> = asked
        .into_inner()
        .iter()
        .filter_map(|request| match request {
            Request::Bundle(number) => Some(*number),
            _ => None,
        })
        .collect();
    read.sort_unstable();
    assert_eq!(read, [3, 4]);
}

fn whole_digest(election: &FrozenElection) -> verifier_core::Hash {
    let report = election.recount(|request| election.answer(request));
    report.unwrap().digest()
}
