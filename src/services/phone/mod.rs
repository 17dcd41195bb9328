//! What a phone does outside: keeps the worker with the purse, asks registrars, claims the right.

mod errands;
mod registrar;

pub use errands::Errands;

use super::caster::Caster;
use crate::state::phone::{Phone, PhoneChange};
use caster::{FromCaster, ToCaster, ToPurse};
use std::cell::RefCell;
use std::rc::Rc;
use verifier_core::TrustCard;
use yew::UseReducerDispatcher;

/// The worker that has the purse, while the right is on its way.
#[derive(Clone, Default)]
pub struct Keeper(Rc<RefCell<Option<Caster>>>);

impl PartialEq for Keeper {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Keeper {
    /// Starts it, and has it open what this browser keeps.
    pub fn begin(&self, card: &TrustCard, tell: UseReducerDispatcher<Phone>) {
        let gone = tell.clone();
        let heard = {
            let tell = tell.clone();
            move |told: FromCaster, _: Option<Vec<u8>>| {
                if told != FromCaster::Ready {
                    tell.dispatch(PhoneChange::Told(told));
                }
            }
        };
        let caster = Caster::start(vec![open(card)], heard, move || {
            gone.dispatch(PhoneChange::CasterGone);
        });
        if caster.is_none() {
            tell.dispatch(PhoneChange::CasterGone);
        }
        self.0.replace(caster);
    }

    /// Ends it; what it keeps stays in the browser's storage.
    pub fn end(&self) {
        self.0.replace(None);
    }

    /// Tells it something.
    pub fn tell(&self, order: ToPurse) {
        if let Some(caster) = self.0.borrow().as_ref() {
            caster.tell(&ToCaster::Purse(Box::new(order)));
        }
    }
}

/// The order to open the purse of an election.
pub fn open(card: &TrustCard) -> ToCaster {
    ToCaster::Purse(Box::new(ToPurse::Open {
        genesis: card.genesis,
        contract: card.contract_id(),
    }))
}
