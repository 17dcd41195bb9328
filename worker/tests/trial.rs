//! The frozen cases of the page's self-test, judged natively.

#![allow(clippy::unwrap_used)]

use recount_worker::{CaseName, Tape, try_elections};
use verifier_core::Verdict;

const GENUINE: &[u8] = include_bytes!("../../static/self-test.json");
const FORGED: &[u8] = include_bytes!("../../static/self-test-forged.json");

#[test]
fn of_receipts_the_genuine_is_accepted_and_nothing_else() {
    let tape = Tape::parse(GENUINE).unwrap();
    for case in CaseName::RECEIPTS {
        let accepted = tape.check(case).unwrap() == Verdict::Accepted;
        assert_eq!(accepted, case.is_genuine(), "{case:?}");
    }
}

#[test]
fn of_elections_the_genuine_is_accepted_and_nothing_else() {
    let tried = try_elections(GENUINE, FORGED);
    let names: Vec<CaseName> = tried.iter().map(|(case, _)| *case).collect();
    assert_eq!(names, CaseName::ELECTIONS);
    for (case, verdict) in tried {
        let accepted = verdict.unwrap() == Verdict::Accepted;
        assert_eq!(accepted, case.is_genuine(), "{case:?}");
    }
}

#[test]
fn a_forgery_that_is_signed_or_complete_is_rejected_rather_than_doubted() {
    let tape = Tape::parse(GENUINE).unwrap();
    for case in [
        CaseName::ReceiptOfAnotherElection,
        CaseName::ForgedPromise,
        CaseName::ReceiptWithAnotherMark,
    ] {
        assert_eq!(tape.check(case), Some(Verdict::Rejected), "{case:?}");
    }
    let forged = Tape::parse(FORGED).unwrap();
    let verdict = forged.recount(CaseName::ElectionWithForgedBallot);
    assert_eq!(verdict, Some(Verdict::Rejected));
}

#[test]
fn without_a_tape_there_is_no_answer() {
    let tried = try_elections(b"{}", FORGED);
    let silent = tried.iter().filter(|(_, verdict)| verdict.is_none());
    assert_eq!(silent.count(), CaseName::ELECTIONS.len() - 1);
    let (last, verdict) = try_elections(GENUINE, b"").pop().unwrap();
    assert_eq!((last, verdict), (CaseName::ElectionWithForgedBallot, None));
}
