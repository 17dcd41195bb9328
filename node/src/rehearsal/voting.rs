//! Between opening and closing: ballots are encrypted, sent, looked for, and sent again.

use super::delivery::{Delivered, Delivery};
use super::follower::Recorded;
use super::play::{AGAIN, GLANCE, Rehearsal, RehearsalError, until};
use crate::devnet::{Cast, Device, ScriptError};
use rayon::prelude::*;
use std::time::Instant;
use verifier_core::Transaction;
use verifier_core::prove::BallotProver;

/// A ballot of the rehearsal, ready to be sent.
pub struct Prepared {
    pub cast: Cast,
    pub transaction: Transaction,
    pub bytes: Vec<u8>,
}

impl Rehearsal {
    /// Encrypts all ballots, on all cores.
    pub(super) fn prepare(&self) -> Result<Vec<Prepared>, RehearsalError> {
        let keys = self.follower.election().complete_key_set();
        let keys = keys.ok_or(ScriptError::Keys)?;
        let device = Device {
            seed: self.offices.seed,
            genesis: self.offices.genesis,
            contract: self.offices.contract.id(),
            prover: BallotProver::new(keys.ballot_keys()),
        };
        let prepare = |cast: &Cast| {
            let transaction = device.cast(cast)?;
            Ok(Prepared {
                cast: *cast,
                bytes: transaction.encode(),
                transaction,
            })
        };
        self.casts.all.par_iter().map(prepare).collect()
    }

    /// Sends all ballots while the ledger is read.
    pub(super) fn vote(&mut self, ballots: &[Prepared]) -> Vec<Delivered> {
        let bytes: Vec<Vec<u8>> = ballots.iter().map(|ballot| ballot.bytes.clone()).collect();
        let delivery = Delivery {
            nodes: &self.nodes,
            senders: self.settings.senders,
            rate: self.settings.rate,
            until: Instant::now() + until(self.offices.contract.closing),
        };
        let follower = &mut self.follower;
        std::thread::scope(|scope| {
            let sending = scope.spawn(move || delivery.send_all(&bytes, 0));
            while !sending.is_finished() {
                // A node that is down is left for the next; when none answers, the ballots wait as well.
                let _ = follower.read(delivery.nodes);
                std::thread::sleep(GLANCE);
            }
            sending.join().unwrap_or_default()
        })
    }

    /// Waits until every accepted ballot is recorded. What is not there after a while is sent again, to another node.
    pub(super) fn wait_for_ballots(
        &mut self,
        ballots: &[Prepared],
        delivered: &mut [Delivered],
    ) -> Result<(), RehearsalError> {
        let contract = &self.offices.contract;
        let deadline = contract.deadline();
        let mut first = 1;
        while self.follower.time() < deadline {
            let end = Instant::now() + AGAIN;
            while Instant::now() < end && !self.missing(ballots, delivered).is_empty() {
                // As above.
                let _ = self.follower.read(&self.nodes);
                std::thread::sleep(GLANCE);
            }
            let missing = self.missing(ballots, delivered);
            if missing.is_empty() {
                break;
            }
            let delivery = Delivery {
                nodes: &self.nodes,
                senders: 1,
                rate: None,
                // What was promised before closing may be recorded until the deadline.
                until: Instant::now() + until(deadline).min(AGAIN),
            };
            for number in missing {
                if let (Some(ballot), Some(place)) =
                    (ballots.get(number), delivered.get_mut(number))
                {
                    let again = delivery.send(&ballot.bytes, number + first);
                    if again != Delivered::Nowhere {
                        *place = again;
                    }
                }
            }
            first += 1;
        }
        Ok(())
    }

    /// Ballots that were accepted, or never reached a node, and are not on the ledger, though they may still come.
    fn missing(&self, ballots: &[Prepared], delivered: &[Delivered]) -> Vec<usize> {
        let numbered = ballots.iter().zip(delivered).enumerate();
        numbered
            .filter(|(_, (ballot, delivered))| {
                !matches!(delivered, Delivered::Refused { .. })
                    && self.recorded(ballot).is_none()
                    && !self.is_outdone(ballot)
            })
            .map(|(number, _)| number)
            .collect()
    }

    /// Whether another ballot has spent the asset of this one, so that it cannot come any more.
    pub(super) fn is_outdone(&self, ballot: &Prepared) -> bool {
        self.recorded(ballot).is_none() && self.follower.is_spent(ballot.cast.asset)
    }

    /// What became of a ballot, once it is on the ledger.
    pub(super) fn recorded(&self, ballot: &Prepared) -> Option<&Recorded> {
        self.follower
            .recorded(&ballot.transaction.body.tracking_code())
    }
}
