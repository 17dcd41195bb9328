//! The lies of the cases.

use super::CaseName;
use data_encoding::BASE64;
use serde_json::Value;
use verifier_core::{Height, Request};

/// Whether the case answers this request with a lie. `height` is that of the receipt's ballot, `last` that of the final header.
pub fn tells_lie(case: CaseName, request: &Request, height: Height, last: Option<Height>) -> bool {
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

/// The lie that the case tells instead of the genuine answer; `None` withholds it.
pub fn lie(case: CaseName, mut body: Value) -> Option<Value> {
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

/// Makes other bytes of these.
pub fn flip(bytes: &mut [u8]) {
    if let Some(first) = bytes.first_mut() {
        *first ^= 1;
    }
}
