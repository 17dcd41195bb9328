//! After closing: the close of the sums, the trustees' shares, the final header, the totals.

use super::follower::Follower;
use super::play::{AGAIN, GLANCE, PATIENCE, Rehearsal, RehearsalError, until};
use std::time::Instant;
use verifier_core::Request;
use verifier_core::rpc::StateQuery;

impl Rehearsal {
    /// Waits for the deadline and closes the sums, unless somebody else does.
    pub(super) fn close(&mut self) -> Result<(), RehearsalError> {
        let deadline = self.offices.contract.deadline();
        self.wait("the deadline", PATIENCE + until(deadline), |follower| {
            follower.time() >= deadline || follower.is_closed()
        })?;
        if self.follower.is_closed() {
            return Ok(());
        }
        let close = self.offices.close();
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            self.delivery().send(&close.encode(), 0);
            let closed = self.wait("the close", AGAIN, Follower::is_closed);
            if closed.is_ok() {
                return Ok(());
            }
        }
        Err(RehearsalError::Late {
            what: "the close",
            seconds: PATIENCE.as_secs(),
        })
    }

    /// Waits until every trustee has opened the sums, and for the header after the last of them to be fixed by another.
    pub(super) fn wait_for_shares(&mut self) -> Result<(), RehearsalError> {
        let all = u16::try_from(self.description.nodes.len()).unwrap_or(u16::MAX);
        self.wait("the trustees' shares", PATIENCE, |follower| {
            follower.shares() >= all
        })?;
        self.wait("the final header", PATIENCE, |follower| {
            follower.height() > follower.last_share() + 1
        })
    }

    pub(super) fn wait_for_totals(&self) -> Result<(), RehearsalError> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let totals = self.any_node()?.ask::<StateQuery>(&Request::Totals)?;
            if !totals.value.is_empty() {
                return Ok(());
            }
            std::thread::sleep(GLANCE);
        }
        Err(RehearsalError::Late {
            what: "the totals",
            seconds: PATIENCE.as_secs(),
        })
    }
}
