//! What the state asks to have done outside, once.

use super::{Claiming, Form, Identity, Phone, Purpose};
use caster::Kept;
use std::rc::Rc;
use verifier_core::{Hash, MunicipalityIndex, PublicKey};

/// Something to be done. The turn makes each a new one.
#[derive(Clone, Debug, PartialEq)]
pub enum Errand {
    Identify {
        turn: u32,
        form: Form,
    },
    Confirm {
        turn: u32,
        home: MunicipalityIndex,
        session: String,
        code: String,
    },
    Slip {
        turn: u32,
        home: MunicipalityIndex,
        token: String,
    },
    /// Have the worker draw an address.
    Draw {
        turn: u32,
        home: MunicipalityIndex,
    },
    Sign {
        turn: u32,
        home: MunicipalityIndex,
        token: String,
        blinded: Rc<[u8]>,
    },
    Countersign {
        turn: u32,
        home: MunicipalityIndex,
        commitment: Hash,
        authorisation: [u8; 64],
        blinded: Rc<[u8]>,
    },
    LookForClaim {
        turn: u32,
        home: MunicipalityIndex,
        address: PublicKey,
    },
    SendClaim {
        turn: u32,
        home: MunicipalityIndex,
        claim: Rc<[u8]>,
    },
    /// Ask again in a moment.
    Pause {
        turn: u32,
    },
}

pub(super) fn of(phone: &Phone) -> Option<Errand> {
    let turn = phone.turn;
    if phone.pausing {
        return Some(Errand::Pause { turn });
    }
    if phone.stopped || phone.handed {
        return None;
    }
    match (&phone.identity, phone.form.home) {
        (Identity::Asking { .. }, _) => {
            return Some(Errand::Identify {
                turn,
                form: phone.form.clone(),
            });
        }
        (Identity::Confirming { session, .. }, Some(home)) => {
            return Some(Errand::Confirm {
                turn,
                home,
                session: session.clone(),
                code: phone.form.code.trim().to_owned(),
            });
        }
        (Identity::Known { token }, Some(home)) if phone.purpose == Purpose::Slip => {
            return Some(Errand::Slip {
                turn,
                home,
                token: token.clone(),
            });
        }
        _ => {}
    }
    match (phone.kept()?, &phone.identity) {
        (Kept::Nothing, Identity::Known { .. }) => {
            let home = phone.form.home?;
            Some(Errand::Draw { turn, home })
        }
        (Kept::Drawn { home, blinded }, Identity::Known { token }) => Some(Errand::Sign {
            turn,
            home: *home,
            token: token.clone(),
            blinded: blinded.as_slice().into(),
        }),
        (
            Kept::HalfSigned {
                home,
                commitment,
                authorisation,
                blinded,
            },
            _,
        ) => Some(Errand::Countersign {
            turn,
            home: *home,
            commitment: *commitment,
            authorisation: *authorisation,
            blinded: blinded.as_slice().into(),
        }),
        (
            Kept::Signed {
                home,
                address,
                claim,
                at,
            },
            _,
        ) => of_claim(phone, *home, *address, claim, *at),
        (Kept::Nothing | Kept::Drawn { .. } | Kept::Used { .. }, _) => None,
    }
}

fn of_claim(
    phone: &Phone,
    home: MunicipalityIndex,
    address: PublicKey,
    claim: &[u8],
    at: u64,
) -> Option<Errand> {
    let turn = phone.turn;
    match phone.claiming {
        // Whoever is asked for an address before its moment learns who has it.
        _ if phone.now < at => None,
        Claiming::LookingFor => Some(Errand::LookForClaim {
            turn,
            home,
            address,
        }),
        Claiming::Sending => Some(Errand::SendClaim {
            turn,
            home,
            claim: claim.into(),
        }),
        Claiming::Pausing | Claiming::Silent => Some(Errand::Pause { turn }),
        Claiming::Refused(_) | Claiming::Proven(_) => None,
    }
}
