//! A voting right on a phone: from a name on the roll to a claimed right. Pure: what is to be done follows from the state ([`Phone::errand`]). What the
//! right is made of is in the worker's purse; this knows only [`Kept`].

mod answer;
mod claiming;
mod errand;
mod form;
mod identity;
mod trouble;

pub use answer::{Refusal, Reply, read_answer};
pub use claiming::Claiming;
pub use errand::Errand;
pub use form::{Field, Form};
pub use identity::Identity;
pub use trouble::Trouble;

use caster::{FromCaster, Kept, PurseFault};
use std::rc::Rc;
use verifier_core::{MunicipalityIndex, Seconds, countersigner};

/// What is wanted of the registrar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// A voting right.
    #[default]
    Right,
    /// The slip that shows whether one was given in somebody's name.
    Slip,
}

/// What the worker keeps, as far as it has said.
#[derive(Clone, Debug, PartialEq)]
pub enum Purse {
    Opening,
    Shut(PurseFault),
    /// The worker ended by itself.
    Gone,
    Open {
        kept: Kept,
        /// Whether it is still there when the page was closed.
        lasts: bool,
    },
}

/// A person with a phone.
#[derive(Clone, Debug, PartialEq)]
pub struct Phone {
    /// How many municipalities there are.
    towns: usize,
    pub now: Seconds,
    pub purpose: Purpose,
    pub form: Form,
    pub identity: Identity,
    pub purse: Purse,
    pub claiming: Claiming,
    pub slip: Option<Rc<str>>,
    pub trouble: Option<Trouble>,
    /// Whether it waits before it asks again.
    pausing: bool,
    /// Whether it asks again only when it is told to.
    stopped: bool,
    /// Whether the worker is at what a registrar answered.
    handed: bool,
    /// Counts what was asked, so that each question is asked once.
    turn: u32,
}

/// What changes it.
#[derive(Clone, Debug, PartialEq)]
pub enum PhoneChange {
    Tick(Seconds),
    Told(FromCaster),
    CasterGone,
    For(Purpose),
    Choose(Option<MunicipalityIndex>),
    Type(Field, String),
    /// The form is filled in: send a code.
    Identify,
    /// The code is typed.
    Confirm,
    /// Back to the form.
    Back,
    /// A registrar's answer to the question of that turn.
    Answered(u32, MunicipalityIndex, Result<Reply, Refusal>),
    /// Ask again.
    Again,
    /// The pause of that turn is over.
    Paused(u32),
    /// What became of the claim.
    Claim(u32, claiming::News),
}

pub use claiming::News as ClaimNews;

impl yew::Reducible for Phone {
    type Action = PhoneChange;

    fn reduce(self: Rc<Self>, change: PhoneChange) -> Rc<Self> {
        self.next(change).into()
    }
}

impl Phone {
    /// Nobody yet.
    pub fn new(towns: usize, now: Seconds) -> Self {
        Self {
            towns,
            now,
            purpose: Purpose::default(),
            form: Form::default(),
            identity: Identity::Unknown,
            purse: Purse::Opening,
            claiming: Claiming::default(),
            slip: None,
            trouble: None,
            pausing: false,
            stopped: false,
            handed: false,
            turn: 0,
        }
    }

    /// What the worker keeps, once it is known.
    pub fn kept(&self) -> Option<&Kept> {
        match &self.purse {
            Purse::Open { kept, .. } => Some(kept),
            Purse::Opening | Purse::Shut(_) | Purse::Gone => None,
        }
    }

    /// What is to be done now, once.
    pub fn errand(&self) -> Option<Errand> {
        errand::of(self)
    }

    /// The municipality on whose roll the person stands, once it is settled.
    pub fn home(&self) -> Option<MunicipalityIndex> {
        match self.kept() {
            Some(
                Kept::Drawn { home, .. }
                | Kept::HalfSigned { home, .. }
                | Kept::Signed { home, .. },
            ) => Some(*home),
            _ => self.form.home,
        }
    }

    /// The state after a change.
    #[must_use]
    pub fn next(&self, change: PhoneChange) -> Self {
        let mut next = self.clone();
        match change {
            PhoneChange::Tick(now) => next.now = now,
            PhoneChange::Told(told) => next.told(told),
            PhoneChange::CasterGone => next.purse = Purse::Gone,
            PhoneChange::For(purpose) => next.purpose = purpose,
            PhoneChange::Choose(home) => next.form.home = home,
            PhoneChange::Type(field, text) => *next.form.field(field) = text,
            PhoneChange::Identify => next.identify(),
            PhoneChange::Confirm => next.confirm(),
            PhoneChange::Back => {
                next.identity = Identity::Unknown;
                next.go_on();
                next.turn_over();
            }
            PhoneChange::Answered(turn, of, answer) if turn == self.turn => {
                next.turn_over();
                next.answered(of, answer);
            }
            PhoneChange::Again => next.again(),
            PhoneChange::Paused(turn) if turn == self.turn => next.again(),
            PhoneChange::Claim(turn, news) if turn == self.turn => {
                next.turn_over();
                next.claiming.heard(news);
            }
            // They come too late.
            PhoneChange::Answered(..) | PhoneChange::Paused(_) | PhoneChange::Claim(..) => {}
        }
        next
    }

    /// What is asked from here on is asked anew, and answers to what was asked before come too late.
    fn turn_over(&mut self) {
        self.turn = self.turn.wrapping_add(1);
    }

    fn again(&mut self) {
        self.pausing = false;
        self.stopped = false;
        self.handed = false;
        self.turn_over();
        self.claiming.again();
    }

    fn told(&mut self, told: FromCaster) {
        match told {
            FromCaster::Purse { kept, lasts } => {
                // A drawn address is blinded for one municipality.
                if let Kept::Drawn { home, .. } = &kept {
                    self.form.home = Some(*home);
                }
                self.purse = Purse::Open { kept, lasts };
                self.handed = false;
                self.turn_over();
                self.go_on();
            }
            FromCaster::PurseFault(PurseFault::NotSigned) => {
                let of = self.asked_last();
                self.handed = false;
                self.trouble = Some(Trouble::NotSigned(of));
                self.stopped = true;
            }
            FromCaster::PurseFault(fault) => self.purse = Purse::Shut(fault),
            FromCaster::Broke => self.purse = Purse::Gone,
            _ => {}
        }
    }

    /// The municipality that is to sign what is kept.
    fn asked_last(&self) -> MunicipalityIndex {
        let home = self.home().unwrap_or_default();
        match self.kept() {
            Some(Kept::HalfSigned { .. }) => countersigner(home, self.towns).unwrap_or(home),
            _ => home,
        }
    }

    fn identify(&mut self) {
        if let Some(missing) = self.form.missing() {
            self.trouble = Some(Trouble::Missing(missing));
            return;
        }
        let earlier = match &self.identity {
            Identity::CodeSent { session, until } if *until > self.now => {
                Some((session.clone(), *until))
            }
            _ => None,
        };
        self.go_on();
        self.turn_over();
        self.identity = Identity::Asking { earlier };
    }

    fn confirm(&mut self) {
        let Identity::CodeSent { session, until } = self.identity.clone() else {
            return;
        };
        if self.form.code.trim().is_empty() {
            self.trouble = Some(Trouble::Missing(Some(Field::Code)));
            return;
        }
        self.go_on();
        self.turn_over();
        self.identity = Identity::Confirming { session, until };
    }

    fn answered(&mut self, of: MunicipalityIndex, answer: Result<Reply, Refusal>) {
        match answer {
            Ok(reply) => self.replied(reply),
            Err(refusal) => self.refused(of, refusal),
        }
    }

    /// Whatever was in the way is behind.
    fn go_on(&mut self) {
        self.trouble = None;
        self.pausing = false;
        self.stopped = false;
    }

    fn replied(&mut self, reply: Reply) {
        self.go_on();
        match reply {
            Reply::CodeSent { session, seconds } => {
                self.form.code.clear();
                self.identity = Identity::CodeSent {
                    session,
                    until: self.now.saturating_add(seconds),
                };
            }
            Reply::Confirmed { token, asked } => {
                self.form.code.clear();
                self.identity = Identity::Known { token };
                let has_none = matches!(self.kept(), Some(Kept::Nothing));
                if asked && has_none && self.purpose == Purpose::Right {
                    self.trouble = Some(Trouble::AskedElsewhere);
                    self.stopped = true;
                }
            }
            Reply::Recording => self.pausing = true,
            Reply::HomeSigned { slip, .. } => {
                self.slip = Some(slip);
                self.handed = true;
            }
            Reply::Slip(slip) => {
                self.slip = Some(slip);
                self.identity = Identity::Unknown;
            }
            Reply::Countersigned { .. } => self.handed = true,
        }
    }

    fn refused(&mut self, of: MunicipalityIndex, refusal: Refusal) {
        if matches!(refusal, Refusal::WrongCode { .. }) {
            self.form.code.clear();
        }
        self.identity = self.identity.after(&refusal);
        match refusal.is_passing() {
            true => self.pausing = true,
            false => self.stopped = true,
        }
        self.trouble = Some(Trouble::Refused(of, refusal));
    }
}

#[cfg(test)]
mod tests;
