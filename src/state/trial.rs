//! Trials: a frozen election, and forgeries made of it, run through the very verifier that the page uses. Pure: the same everywhere.

use super::self_test::CaseName;
use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use verifier_core::{
    Answer, Height, LoneRecount, Origin, Receipt, ReceiptCheck, Request, Seconds, SourceFault,
    TrustCard, Verdict,
};

/// More rounds than any frozen election needs; a verifier that never ends has not answered.
const ROUNDS: usize = 10_000;

/// A frozen election: everything that a node answered while a receipt was checked and the election recounted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tape {
    trust_card: String,
    /// The time at which it was frozen.
    now: Seconds,
    /// Of a ballot whose height is known; a forged ledger needs none.
    receipt: Option<String>,
    /// Bodies by route and query.
    answers: BTreeMap<String, Value>,
}

/// The frozen elections of the self-test.
#[derive(Clone, Debug)]
pub struct Tapes {
    pub genuine: Tape,
    /// A ledger on which all validators agreed to count a forged ballot, and signed it.
    pub forged: Tape,
}

impl Tapes {
    /// What the verifier says of a case.
    pub fn judge(&self, case: CaseName) -> Option<Verdict> {
        match case {
            CaseName::ElectionWithForgedBallot => self.forged.judge(case),
            _ => self.genuine.judge(case),
        }
    }
}

impl Tape {
    /// Reads a tape from JSON.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// What the verifier says of a case; `None` if it comes to no end, or the tape does not hold what the case needs.
    fn judge(&self, case: CaseName) -> Option<Verdict> {
        match case {
            CaseName::GenuineReceipt
            | CaseName::MistypedReceipt
            | CaseName::ReceiptOfAnotherElection
            | CaseName::ForgedPromise
            | CaseName::ReceiptWithAnotherMark
            | CaseName::ReceiptAgainstAlteredBlock
            | CaseName::ReceiptAgainstForgedSignature
            | CaseName::ReceiptAgainstMisstatedOutcome => self.check(case),
            CaseName::GenuineElection
            | CaseName::ElectionWithForgedSignature
            | CaseName::ElectionWithAlteredBallot
            | CaseName::ElectionWithMisstatedOutcome
            | CaseName::ElectionWithMisstatedTotals
            | CaseName::ElectionCutShort
            | CaseName::ElectionOfAnotherGenesis
            | CaseName::ElectionWithForgedBallot => self.recount(case),
        }
    }

    fn check(&self, case: CaseName) -> Option<Verdict> {
        let genuine = self.receipt()?;
        let height = genuine.height?;
        let text = self.receipt_text(case, genuine)?;
        let mut check = ReceiptCheck::new(self.card()?, &text, self.now);
        for _ in 0..ROUNDS {
            let needs = check.needs();
            if needs.is_empty() {
                return Some(check.report().verdict);
            }
            for request in needs {
                check.supply(&request, self.answer(case, &request, height));
            }
        }
        None
    }

    fn receipt_text(&self, case: CaseName, mut receipt: Receipt) -> Option<String> {
        match case {
            CaseName::MistypedReceipt => {
                let mut text = self.receipt.clone()?;
                let last = text.pop()?;
                text.push(if last == 'A' { 'E' } else { 'A' });
                return Some(text);
            }
            CaseName::ReceiptOfAnotherElection => flip(&mut receipt.contract.0),
            CaseName::ForgedPromise => flip(&mut receipt.promise.signature),
            CaseName::ReceiptWithAnotherMark => flip(&mut receipt.mark),
            _ => {}
        }
        Some(receipt.to_text())
    }

    fn recount(&self, case: CaseName) -> Option<Verdict> {
        let height = self
            .receipt()
            .and_then(|receipt| receipt.height)
            .unwrap_or(0);
        let mut run = LoneRecount::new(self.card()?, self.now, Origin::Node);
        for _ in 0..ROUNDS {
            if run.is_over() {
                // A source without even a genesis gives no report, which is no verdict on the election.
                return Some(
                    run.finish()
                        .map_or(Verdict::Inconclusive, |report| report.verdict),
                );
            }
            for request in run.needs() {
                run.supply(&request, self.answer(case, &request, height));
            }
            while run.step() {}
        }
        None
    }

    fn receipt(&self) -> Option<Receipt> {
        Receipt::parse(self.receipt.as_ref()?).ok()
    }

    fn card(&self) -> Option<TrustCard> {
        TrustCard::parse(self.trust_card.as_bytes()).ok()
    }

    /// The frozen answer, or the lie that the case tells; `height` is that of the receipt's ballot.
    fn answer(&self, case: CaseName, request: &Request, height: Height) -> Answer {
        let missing = || SourceFault::Missing(request.path());
        let mut body = self
            .answers
            .get(&request.path())
            .cloned()
            .ok_or_else(missing)?;
        if tells_lie(
            case,
            request,
            height,
            self.card()
                .and_then(|card| card.final_header)
                .map(|last| last.height),
        ) {
            body = lie(case, body).ok_or_else(missing)?;
        }
        Ok(body.to_string().into_bytes())
    }
}

fn tells_lie(case: CaseName, request: &Request, height: Height, last: Option<Height>) -> bool {
    match case {
        CaseName::ReceiptAgainstAlteredBlock | CaseName::ElectionWithAlteredBallot => {
            *request == Request::Block(height)
        }
        CaseName::ReceiptAgainstMisstatedOutcome | CaseName::ElectionWithMisstatedOutcome => {
            *request == Request::BlockResults(height)
        }
        CaseName::ReceiptAgainstForgedSignature => {
            last.is_some_and(|last| *request == Request::Commit(last))
        }
        CaseName::ElectionWithForgedSignature => *request == Request::Commit(height),
        CaseName::ElectionWithMisstatedTotals => *request == Request::Totals,
        CaseName::ElectionCutShort => {
            last.is_some_and(|last| *request == Request::Block(last.saturating_sub(1)))
        }
        CaseName::ElectionOfAnotherGenesis => *request == Request::Genesis,
        CaseName::GenuineReceipt
        | CaseName::MistypedReceipt
        | CaseName::ReceiptOfAnotherElection
        | CaseName::ForgedPromise
        | CaseName::ReceiptWithAnotherMark
        | CaseName::GenuineElection
        | CaseName::ElectionWithForgedBallot => false,
    }
}

/// `None` withholds the answer.
fn lie(case: CaseName, mut body: Value) -> Option<Value> {
    let result = body.get_mut("result")?;
    match case {
        CaseName::ReceiptAgainstAlteredBlock | CaseName::ElectionWithAlteredBallot => {
            alter_base64(result.pointer_mut("/block/data/txs/0")?)?;
        }
        CaseName::ReceiptAgainstMisstatedOutcome | CaseName::ElectionWithMisstatedOutcome => {
            *result.pointer_mut("/txs_results/0/code")? = Value::from(7);
        }
        CaseName::ReceiptAgainstForgedSignature | CaseName::ElectionWithForgedSignature => {
            alter_base64(result.pointer_mut("/signed_header/commit/signatures/0/signature")?)?;
        }
        CaseName::ElectionWithMisstatedTotals => {
            move_a_vote(result.pointer_mut("/response/value")?)?
        }
        CaseName::ElectionOfAnotherGenesis => {
            *result.pointer_mut("/genesis/chain_id")? = Value::from("another");
        }
        _ => return None,
    }
    Some(body)
}

/// Flips a bit in the middle.
fn alter_base64(text: &mut Value) -> Option<()> {
    let mut bytes = BASE64.decode(text.as_str()?.as_bytes()).ok()?;
    let middle = bytes.len() / 2;
    *bytes.get_mut(middle)? ^= 1;
    *text = Value::from(BASE64.encode(&bytes));
    Some(())
}

/// Gives a vote of one candidate to another, so that the sum stays right.
fn move_a_vote(text: &mut Value) -> Option<()> {
    let bytes = BASE64.decode(text.as_str()?.as_bytes()).ok()?;
    let mut totals: Value = serde_json::from_slice(&bytes).ok()?;
    let votes = totals.pointer_mut("/cells/0/votes")?.as_array_mut()?;
    let from = votes.iter().position(|votes| votes.as_u64() > Some(0))?;
    let to = votes.len().checked_sub(1)?.checked_sub(from)?;
    let to = if to == from {
        usize::from(from == 0)
    } else {
        to
    };
    let count = |votes: &Value| votes.as_u64();
    let (less, more) = (count(votes.get(from)?)? - 1, count(votes.get(to)?)? + 1);
    *votes.get_mut(from)? = Value::from(less);
    *votes.get_mut(to)? = Value::from(more);
    *text = Value::from(BASE64.encode(totals.to_string().as_bytes()));
    Some(())
}

fn flip(bytes: &mut [u8]) {
    if let Some(first) = bytes.first_mut() {
        *first ^= 1;
    }
}

/// The trust card of the frozen election, for tests.
#[cfg(test)]
pub fn frozen_card() -> TrustCard {
    Tape::parse(include_bytes!("../../static/self-test.json"))
        .and_then(|tape| tape.card())
        .expect("a frozen card")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{Case, SelfTest};

    fn tapes() -> Tapes {
        let tape = |bytes: &[u8]| Tape::parse(bytes).unwrap();
        Tapes {
            genuine: tape(&include_bytes!("../../static/self-test.json")[..]),
            forged: tape(&include_bytes!("../../static/self-test-forged.json")[..]),
        }
    }

    #[test]
    fn the_verifier_accepts_the_genuine_and_nothing_else() {
        let cases = CaseName::ALL.map(|name| Case {
            name,
            actual: tapes().judge(name),
        });
        let outcome = SelfTest::of(cases.to_vec());
        assert!(matches!(outcome, SelfTest::Passed(_)), "{outcome:#?}");
    }

    #[test]
    fn a_forgery_that_is_signed_or_complete_is_rejected_rather_than_doubted() {
        for case in [
            CaseName::ReceiptOfAnotherElection,
            CaseName::ForgedPromise,
            CaseName::ReceiptWithAnotherMark,
            CaseName::ElectionWithForgedBallot,
        ] {
            assert_eq!(tapes().judge(case), Some(Verdict::Rejected), "{case:?}");
        }
    }
}
