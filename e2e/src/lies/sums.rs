//! Lies about keys, shares and totals.

use super::{Plot, Tale};
use anyhow::{Context, Result};
use verifier_core::prove::EncryptionSecret;
use verifier_core::state_key::KeySetSummary;
use verifier_core::{
    Action, CellTotals, ClaimedTotals, Point, TRANSACTION_LIMIT, Transaction, decode, encode,
};

/// Points whose logarithms the node knows stand for the candidates' addresses: in the state's summary, and in the dealings.
pub fn serve_own_keys(tale: &mut Tale, plot: &Plot) -> Result<()> {
    let truth: KeySetSummary = decode(&plot.key_set, TRANSACTION_LIMIT)?;
    let mut own = truth.clone();
    for (number, address) in (0..).zip(&mut own.addresses) {
        *address = own_point(number);
    }
    tale.replaced_state = Some((encode(&truth), encode(&own)));
    change_first(tale, |action| match action {
        Action::DealKey(deal) => {
            for dealing in &mut deal.dealings {
                if let Some(constant) = dealing.commitments.first_mut() {
                    *constant = own_point(100);
                }
            }
            true
        }
        _ => false,
    })
}

/// The first trustee's first share is another point.
pub fn forge_share(tale: &mut Tale, _: &Plot) -> Result<()> {
    change_first(tale, |action| match action {
        Action::Share(share) => {
            let first = share.cells.first_mut().and_then(|cell| cell.first_mut());
            first.map(|share| share.share = own_point(200)).is_some()
        }
        _ => false,
    })
}

/// One vote goes from the first candidate to the second; the sum stays.
pub fn misstate_totals(tale: &mut Tale, _: &Plot) -> Result<()> {
    let bytes = tale
        .ledger
        .totals
        .as_ref()
        .context("no totals are claimed")?;
    let mut claimed = ClaimedTotals::parse(bytes)?;
    let cell = claimed
        .cells
        .iter_mut()
        .find_map(first_two)
        .context("nobody has a vote to lose")?;
    let (first, second) = cell;
    *first -= 1;
    *second += 1;
    tale.ledger.totals = Some(serde_json::to_vec(&claimed)?);
    Ok(())
}

fn first_two(cell: &mut CellTotals) -> Option<(&mut u64, &mut u64)> {
    match cell.votes.as_mut_slice() {
        [first, second, ..] if *first > 0 => Some((first, second)),
        _ => None,
    }
}

fn own_point(number: u64) -> Point {
    use rand_core::SeedableRng;
    EncryptionSecret::draw(&mut rand_chacha::ChaCha20Rng::seed_from_u64(number)).point()
}

/// Changes the first transaction that `change` takes, wherever it is.
fn change_first(tale: &mut Tale, change: impl Fn(&mut Action) -> bool) -> Result<()> {
    let transactions = tale
        .ledger
        .blocks
        .values_mut()
        .flat_map(|told| &mut told.transactions);
    for bytes in transactions {
        let Ok(mut transaction) = Transaction::decode(bytes) else {
            continue;
        };
        if change(&mut transaction.body.action) {
            *bytes = transaction.encode();
            return Ok(());
        }
    }
    anyhow::bail!("there is nothing to change")
}
