//! Doing what is due, state after state, for as long as the node runs.

use super::due::{Due, is_done};
use super::trustee::Trustee;
use crate::client::{Client, Taken};
use crate::metrics::{DutyState, Metrics};
use crate::replica::Committed;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

/// How long to wait for a block before looking again: CometBFT may not have answered.
const PATIENCE: Duration = Duration::from_secs(1);
/// What is not on the ledger after so many blocks is sent again.
const BLOCKS_TO_LAND: u64 = 5;

/// What was sent last.
struct Sent {
    due: Due,
    bytes: Vec<u8>,
    /// The block after which it was sent; `None` if the node's CometBFT did not take it.
    after: Option<u64>,
}

struct Duty<'a> {
    trustee: &'a Trustee,
    client: &'a Client,
    sent: Option<Sent>,
    /// What was said last, so that it is not said every second.
    said: String,
}

/// Watches the committed states, and sends what is due to the node's own CometBFT. Returns when nobody commits any more.
pub fn run(
    trustee: &Trustee,
    client: &Client,
    first: Arc<Committed>,
    committed: &Receiver<Arc<Committed>>,
    metrics: &Metrics,
) {
    let mut duty = Duty {
        trustee,
        client,
        sent: None,
        said: String::new(),
    };
    let (mut now, mut before) = (first, None::<Arc<Committed>>);
    loop {
        metrics.duty(duty.look(&now, before.as_deref()));
        match committed.recv_timeout(PATIENCE) {
            Ok(next) => {
                // Of several only the last matters.
                let next = committed.try_iter().last().unwrap_or(next);
                before = Some(std::mem::replace(&mut now, next));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

impl Duty<'_> {
    fn look(&mut self, now: &Committed, before: Option<&Committed>) -> DutyState {
        let election = now.application.election();
        let index = self.trustee.index();
        if let Some(contract) = election.contract()
            && !self.trustee.is_named_by(contract)
        {
            self.say("The contract names other trustee keys for this municipality than keys/trustee.json holds: this node can neither deal keys nor open sums.".into());
            return DutyState::WrongKey;
        }
        if is_done(index, election) {
            self.say("This municipality's share of the sums is on the ledger.".into());
            return DutyState::Done;
        }
        match Due::of(index, now, before) {
            None => DutyState::Idle,
            Some(due) => self.meet(due, now),
        }
    }

    /// Sends what is due, unless it was sent and may still land.
    fn meet(&mut self, due: Due, now: &Committed) -> DutyState {
        let sent = self.sent.take().filter(|sent| sent.due == due);
        if let Some(Sent {
            after: Some(after), ..
        }) = sent
            && now.height < after.saturating_add(BLOCKS_TO_LAND)
        {
            self.sent = sent;
            return DutyState::Waiting;
        }
        let bytes = match sent {
            Some(sent) => sent.bytes,
            None => {
                let election = now.application.election();
                let made = self.trustee.make(due, now.application.genesis(), election);
                match made {
                    Ok(transaction) => transaction.encode(),
                    Err(error) => {
                        self.say(format!("This node cannot make {due}: {error}."));
                        return DutyState::Failing;
                    }
                }
            }
        };
        let (state, after) = self.send(due, &bytes, now.height);
        self.sent = Some(Sent { due, bytes, after });
        state
    }

    fn send(&mut self, due: Due, bytes: &[u8], height: u64) -> (DutyState, Option<u64>) {
        match self.client.broadcast(bytes) {
            Ok(Taken::Waiting { .. } | Taken::Known | Taken::Recorded) => {
                self.say(format!("Sent {due}, after block {height}."));
                (DutyState::Waiting, Some(height))
            }
            Ok(Taken::Full) => {
                self.say(format!("CometBFT's mempool is full: {due} has to wait."));
                (DutyState::Failing, None)
            }
            Ok(Taken::Refused { code, log }) => {
                self.say(format!("The ledger does not take {due}: {log} ({code})."));
                (DutyState::Failing, Some(height))
            }
            Err(error) => {
                self.say(format!(
                    "{due} waits, for CometBFT does not take it: {error}."
                ));
                (DutyState::Failing, None)
            }
        }
    }

    fn say(&mut self, sentence: String) {
        if self.said != sentence {
            eprintln!("{sentence}");
            self.said = sentence;
        }
    }
}
