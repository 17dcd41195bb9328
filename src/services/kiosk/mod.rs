//! What a kiosk does outside: keeps the worker that casts for as long as a step asks for it, carries out errands, and looks through the camera.

mod errands;
mod eye;
mod paper;

pub use errands::Errands;
pub use eye::{look_through, photo, typed};
pub use paper::hand_in;

use super::caster::Caster;
use crate::state::kiosk::{Kiosk, KioskChange};
use caster::{FromCaster, RightFault, ToCaster};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use web_sys::ImageBitmap;
use yew::UseReducerDispatcher;

/// So many frames in a row with a code that cannot be read are more than a card on its way to the camera.
const BLURRED: u32 = 12;

/// The worker of the voter who is there, if one is.
#[derive(Clone, Default)]
pub struct Secrets {
    caster: Rc<RefCell<Option<Caster>>>,
    /// Frames in a row whose code could not be read.
    blurred: Rc<Cell<u32>>,
}

impl PartialEq for Secrets {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.caster, &other.caster)
    }
}

impl Secrets {
    /// Starts a worker for a voter; one that was there before is ended.
    pub fn begin(&self, first: Vec<ToCaster>, visit: u32, tell: UseReducerDispatcher<Kiosk>) {
        self.end();
        self.blurred.set(0);
        let gone = tell.clone();
        let heard = {
            let (tell, blurred) = (tell.clone(), self.blurred.clone());
            move |told: FromCaster, beside: Option<Vec<u8>>| {
                if is_news(&told, &blurred) {
                    tell.dispatch(KioskChange::Told(visit, told, beside.map(Rc::from)));
                }
            }
        };
        let caster = Caster::start(first, heard, move || {
            gone.dispatch(KioskChange::CasterGone(visit));
        });
        if caster.is_none() {
            tell.dispatch(KioskChange::CasterGone(visit));
        }
        self.caster.replace(caster);
    }

    /// Ends the worker, and with it whatever it knew.
    pub fn end(&self) {
        self.caster.replace(None);
    }

    /// Tells it something.
    pub fn tell(&self, message: &ToCaster) {
        self.with(|caster| caster.tell(message));
    }

    /// A picture that is not one of many: if its code cannot be read, that is news at once.
    fn show_once(&self, picture: &ImageBitmap) -> bool {
        self.blurred.set(BLURRED);
        self.with(|caster| caster.show(picture)).is_some()
    }

    fn with<T>(&self, action: impl FnOnce(&Caster) -> T) -> Option<T> {
        self.caster.borrow().as_ref().map(action)
    }
}

/// Frames without a code, or with one that is still moving, are no news.
fn is_news(told: &FromCaster, blurred: &Cell<u32>) -> bool {
    match told {
        FromCaster::Ready
        | FromCaster::Begun
        | FromCaster::Nothing
        | FromCaster::Chosen
        | FromCaster::Purse { .. } => false,
        FromCaster::Refused(RightFault::Unreadable) => {
            blurred.set(blurred.get().saturating_add(1));
            blurred.get() >= BLURRED
        }
        _ => {
            blurred.set(0);
            true
        }
    }
}
