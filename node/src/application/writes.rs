//! Which keys of the authenticated state a transaction writes once it took effect.

use crate::storage::StateWrite;
use verifier_core::state_key::{self, KeySetSummary};
use verifier_core::{Action, Election, Hash, PublicKey, Transaction, encode};

/// The writes of a transaction other than a ballot, from the election as it is after it. `bytes` are the whole transaction.
pub fn of(transaction: &Transaction, bytes: &[u8], election: &Election) -> Vec<StateWrite> {
    let hash = || encode(&Hash::of(bytes));
    match &transaction.body.action {
        Action::Define(define) => vec![(state_key::CONTRACT.into(), encode(&define.contract))],
        Action::CertifyRoll(roll) => {
            vec![(state_key::roll(roll.municipality), encode(&roll.people))]
        }
        Action::Issue(issue) => {
            vec![issued((issue.municipality, issue.batch), &issue.addresses)]
        }
        Action::RecordIssuances(record) => {
            let recorded = election.recorded(record.municipality);
            vec![(state_key::recorded(record.municipality), encode(&recorded))]
        }
        Action::Spoil(spoil) => {
            let (municipality, batch) = (spoil.asset.municipality, spoil.asset.batch);
            let entries: Vec<_> = election.spoiled(municipality, batch).collect();
            vec![(
                state_key::spoiled(municipality, batch),
                encode(&state_key::spoiled_value(&entries)),
            )]
        }
        Action::DealKey(deal) => vec![(state_key::deal(deal.attempt, deal.dealer), hash())],
        Action::KeyReady(ready) => {
            let ready = (state_key::ready(ready.trustee), hash());
            [ready].into_iter().chain(key_set(election)).collect()
        }
        Action::CertifyTurnout(turnout) => {
            vec![(
                state_key::turnout(turnout.municipality, turnout.station),
                encode(&turnout.checked_in),
            )]
        }
        Action::Close => close(election).into_iter().collect(),
        Action::Share(share) => vec![(state_key::share(share.trustee), hash())],
        // A batch of claims is written once a block.
        Action::Complain(_) | Action::Cast(_) | Action::Claim(_) => Vec::new(),
    }
}

/// What the state holds of a batch, of claims or not.
pub fn issued((municipality, batch): (u16, u16), addresses: &[PublicKey]) -> StateWrite {
    let value = state_key::issue_value(addresses);
    (state_key::issue(municipality, batch), encode(&value))
}

/// The key set, once the last trustee is ready.
fn key_set(election: &Election) -> Option<StateWrite> {
    let keys = election.complete_key_set()?;
    let summary = KeySetSummary {
        id: keys.id(),
        addresses: keys.addresses(),
    };
    Some((state_key::KEY_SET.into(), encode(&summary)))
}

fn close(election: &Election) -> Option<StateWrite> {
    let close = election.close()?;
    Some((state_key::CLOSE.into(), encode(&close.cells)))
}
