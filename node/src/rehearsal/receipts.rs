//! The receipts that voters take home.

use super::delivery::Delivered;
use super::play::{Rehearsal, RehearsalError, write_whole};
use super::voting::Prepared;
use crate::devnet::Promised;
use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use verifier_core::{Action, Outcome, Seconds};

/// The folder within the network's.
const FOLDER: &str = "receipts";
/// Of so many receipts, one was printed before the height was known.
const WITHOUT_HEIGHT: usize = 5;

/// Writes receipts of recorded ballots, evenly chosen, and of all that the ledger refused; each named by its ballot's number.
pub fn write(
    rehearsal: &Rehearsal,
    ballots: &[Prepared],
    delivered: &[Delivered],
    folder: &Path,
) -> Result<(), RehearsalError> {
    let folder = folder.join(FOLDER);
    std::fs::create_dir_all(&folder).map_err(|source| RehearsalError::Write {
        path: folder.clone(),
        source,
    })?;
    let count = rehearsal.settings.receipts;
    let stride = ballots.len().div_ceil(count.max(1)).max(1);
    let mut written = 0usize;
    for (number, (ballot, delivered)) in ballots.iter().zip(delivered).enumerate() {
        let Some(recorded) = rehearsal.recorded(ballot) else {
            continue;
        };
        let chosen = count > 0 && number % stride == 0;
        if !chosen && recorded.outcome == Outcome::Ok {
            continue;
        }
        let Action::Cast(cast) = &ballot.transaction.body.action else {
            continue;
        };
        let known = written % WITHOUT_HEIGHT != WITHOUT_HEIGHT - 1;
        let receipt = rehearsal.offices.receipt(&Promised {
            asset: ballot.cast.asset,
            code: ballot.transaction.body.tracking_code(),
            mark: cast.mark,
            height: known.then_some(recorded.height),
            time: accepted_at(rehearsal, delivered, recorded.seen),
        })?;
        let path = folder.join(format!("{:05}.txt", number + 1));
        write_whole(&path, format!("{}\n", receipt.to_text()).as_bytes())?;
        written += 1;
    }
    Ok(())
}

/// When a node took the ballot: before closing.
fn accepted_at(rehearsal: &Rehearsal, delivered: &Delivered, seen: Instant) -> Seconds {
    let since = match delivered {
        Delivered::Waiting { since } => *since,
        Delivered::Refused { .. } | Delivered::Nowhere => seen,
    };
    let contract = &rehearsal.offices.contract;
    SystemTime::now()
        .checked_sub(since.elapsed())
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .map_or(contract.opening, |time| time.as_secs())
        .clamp(contract.opening, contract.closing - 1)
}
