//! Trials: a frozen election, and forgeries made of it, run through the very verifier that is to judge real ones. The page tries receipts before it
//! judges any, and a worker tries elections before a recount.

mod case;
mod lie;

pub use case::CaseName;

use lie::{flip, lie, tells_lie};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use verifier_core::{
    Answer, Height, LoneRecount, Origin, Receipt, ReceiptCheck, Request, Seconds, SourceFault,
    TrustCard, Verdict,
};

/// More rounds than any frozen election needs; a verifier that never ends has not answered.
const ROUNDS: usize = 10_000;

/// Cases, and what this program says of each; nothing if it came to no end.
pub type Tried = Vec<(CaseName, Option<Verdict>)>;

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

/// What the verifier says of every election; no answer where there is no tape.
pub fn try_elections(genuine: &[u8], forged: &[u8]) -> Tried {
    let (genuine, forged) = (Tape::parse(genuine), Tape::parse(forged));
    let judge = |case: CaseName| {
        let tape = match case {
            CaseName::ElectionWithForgedBallot => forged.as_ref(),
            _ => genuine.as_ref(),
        };
        (case, tape.and_then(|tape| tape.recount(case)))
    };
    CaseName::ELECTIONS.map(judge).to_vec()
}

impl Tape {
    /// Reads a tape from JSON.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// What the verifier of receipts says of a case; `None` if it comes to no end, or the tape does not hold what the case needs.
    pub fn check(&self, case: CaseName) -> Option<Verdict> {
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

    /// The same for the verifier of elections.
    pub fn recount(&self, case: CaseName) -> Option<Verdict> {
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

    /// The trust card of the frozen election.
    pub fn card(&self) -> Option<TrustCard> {
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
