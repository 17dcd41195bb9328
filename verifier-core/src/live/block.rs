//! What a verified block adds to the numbers.

use crate::ids::{Height, MunicipalityIndex};
use crate::outcome::Outcome;
use crate::report::Participation;
use crate::state_check::Numbers;
use crate::transaction::{Action, CLAIM_BATCHES, Transaction};

/// What is worth knowing of a block beside the numbers.
pub(super) struct Counted {
    pub ballots: u64,
    pub closed: bool,
}

/// Adds every transaction that took effect.
pub(super) fn count(
    numbers: &mut Numbers,
    height: Height,
    transactions: &[(Vec<u8>, u32)],
) -> Counted {
    let mut counted = Counted {
        ballots: 0,
        closed: false,
    };
    let effective = transactions
        .iter()
        .filter(|(_, code)| *code == Outcome::Ok.code())
        .filter_map(|(bytes, _)| Transaction::decode(bytes).ok());
    for transaction in effective {
        match transaction.body.action {
            Action::Cast(ballot) => {
                counted.ballots += 1;
                let claimed = ballot.asset.batch >= CLAIM_BATCHES;
                if let Some(people) = of(numbers, ballot.asset.municipality) {
                    people.ballots += 1;
                    people.claimed_ballots += u64::from(claimed);
                }
            }
            Action::CertifyTurnout(turnout) => {
                numbers.check_in(turnout.municipality, turnout.station, turnout.checked_in);
            }
            Action::CertifyRoll(roll) => {
                let people = of(numbers, roll.municipality);
                people
                    .into_iter()
                    .for_each(|people| people.roll = roll.people);
            }
            Action::Issue(issue) => {
                let rights = u32::try_from(issue.addresses.len()).unwrap_or(u32::MAX);
                if let Some(people) = of(numbers, issue.municipality) {
                    people.issued = people.issued.saturating_add(rights);
                }
            }
            Action::Close => counted.closed = true,
            Action::Share(_) => numbers.shares = numbers.shares.saturating_add(1),
            Action::RecordIssuances(record) => {
                let given = u32::try_from(record.roll_commitments.len()).unwrap_or(u32::MAX);
                if let Some(people) = of(numbers, record.municipality) {
                    people.recorded = people.recorded.saturating_add(given);
                }
            }
            Action::Claim(claim) => {
                if let Some(people) = of(numbers, claim.municipality) {
                    people.claimed = people.claimed.saturating_add(1);
                }
            }
            Action::Define(_)
            | Action::DealKey(_)
            | Action::KeyReady(_)
            | Action::Complain(_)
            | Action::Spoil(_) => {}
        }
    }
    if counted.ballots > 0 {
        numbers.recorded.insert(height, counted.ballots);
    }
    counted
}

fn of(numbers: &mut Numbers, municipality: MunicipalityIndex) -> Option<&mut Participation> {
    numbers.participation.get_mut(usize::from(municipality))
}
