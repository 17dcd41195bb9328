//! A kiosk: one voter after another, from the card to the receipt. Pure: what is to be done follows from the step ([`Kiosk::errand`]), and so does
//! whether a worker with secrets may be alive ([`Step::has_secrets`]).

mod errand;
mod readiness;
mod send;
mod step;

pub use errand::Errand;
pub use readiness::Readiness;
pub use send::{Delivery, Parcel, Seen, Word, nodes_for};
pub use step::{Looked, MARK, Refusal, ScanTrouble, Step};

use caster::FromCaster;
use std::rc::Rc;
use verifier_core::TrackingCode;

/// Seconds without a touch until the voter is asked whether more time is wanted.
pub const QUIET: u32 = 90;
/// Seconds until everything is forgotten after that.
pub const WARNING: u32 = 30;

/// The kiosk as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Kiosk {
    step: Step,
    /// Seconds since somebody last touched anything.
    quiet: u32,
    /// Counts the voters, so that nothing late of one reaches the next.
    visit: u32,
}

/// What changes it.
#[derive(Clone, Debug, PartialEq)]
pub enum KioskChange {
    /// A second went by.
    Tick,
    /// Somebody touched something.
    Touched,
    /// A voter begins, or goes on with the same card after a challenge.
    Begin,
    /// Back to the start, whatever is under way.
    Leave,
    /// Back by one step.
    Back,
    /// A candidate is marked on the ballot paper; which one is not said.
    Choose,
    Review,
    /// The choice on show is right, and the worker was given it.
    Confirm,
    /// A letter of the mark, or the last one off again.
    Letter(u8),
    Erase,
    /// The mark is as it should be.
    Mark,
    Cast,
    Challenge,
    /// The camera does not work, or the card was typed badly.
    Troubled(ScanTrouble),
    /// What the worker said in a visit, with the bytes beside it.
    Told(u32, FromCaster, Option<Rc<[u8]>>),
    /// The worker is gone.
    CasterGone(u32),
    /// What the ledger says of a right.
    Looked(u32, Looked),
    /// The nodes that a ballot or a Spoil is being sent to.
    Asking(TrackingCode, Vec<usize>),
    /// What a municipality answered to a ballot or a Spoil, whose promise, if there is one, was checked.
    Answered(TrackingCode, usize, Word),
    /// What the ledger says of a ballot or a Spoil that no municipality has taken.
    Seen(TrackingCode, Seen),
    /// Send it once more.
    Again,
}

impl yew::Reducible for Kiosk {
    type Action = KioskChange;

    fn reduce(self: Rc<Self>, change: KioskChange) -> Rc<Self> {
        self.next(change).into()
    }
}

impl Default for Kiosk {
    fn default() -> Self {
        Self {
            step: Step::Idle,
            quiet: 0,
            visit: 0,
        }
    }
}

impl Kiosk {
    /// Somebody is back whose ballot was signed before: it is sent again, or found.
    pub fn resumed(parcel: Parcel) -> Self {
        Self {
            step: Step::Sending(parcel),
            ..Self::default()
        }
    }

    /// What is shown.
    pub fn step(&self) -> &Step {
        &self.step
    }

    /// The number of this voter.
    pub fn visit(&self) -> u32 {
        self.visit
    }

    /// Seconds left before everything is forgotten, once the voter is asked.
    pub fn warning(&self) -> Option<u32> {
        let over = self.quiet.checked_sub(QUIET)?;
        Some(WARNING.saturating_sub(over))
    }

    /// What is to be done now, once.
    pub fn errand(&self) -> Option<Errand> {
        errand::of(&self.step, self.visit)
    }

    /// The state after a change.
    #[must_use]
    pub fn next(&self, change: KioskChange) -> Self {
        let mut next = self.clone();
        match change {
            KioskChange::Tick => next.tick(),
            KioskChange::Touched => next.quiet = 0,
            KioskChange::Begin if next.step.may_begin() => next.begin(),
            KioskChange::Begin => {}
            KioskChange::Leave if next.step.may_leave() => next.leave(),
            KioskChange::Leave => {}
            change => next.step = self.step_after(change),
        }
        next
    }

    fn step_after(&self, change: KioskChange) -> Step {
        let step = self.step.clone();
        match change {
            KioskChange::Told(visit, told, beside) if visit == self.visit => {
                step.told(told, beside)
            }
            KioskChange::CasterGone(visit) if visit == self.visit => step.without_caster(),
            KioskChange::Looked(visit, looked) if visit == self.visit => step.looked(looked),
            KioskChange::Told(..) | KioskChange::CasterGone(_) | KioskChange::Looked(..) => step,
            KioskChange::Asking(code, nodes) => step.of_parcel(code, |p| Ok(p.asking(&nodes))),
            KioskChange::Answered(code, at, word) => step.of_parcel(code, |p| p.answered(at, word)),
            KioskChange::Seen(code, seen) => step.of_parcel(code, |parcel| parcel.seen(seen)),
            KioskChange::Again => step.again(),
            change => step.after(change),
        }
    }

    fn tick(&mut self) {
        if !self.step.waits_for_a_voter() {
            self.quiet = 0;
            return;
        }
        self.quiet = self.quiet.saturating_add(1);
        if self.quiet >= QUIET + WARNING {
            self.leave();
        }
    }

    fn begin(&mut self) {
        self.visit = self.visit.wrapping_add(1);
        self.quiet = 0;
        self.step = Step::Scanning(None);
    }

    fn leave(&mut self) {
        self.visit = self.visit.wrapping_add(1);
        self.quiet = 0;
        self.step = Step::Idle;
    }
}

#[cfg(test)]
mod tests;
