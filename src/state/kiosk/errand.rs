//! What a step asks to have done outside, once.

use super::send::{Delivery, Parcel};
use super::step::{MARK, Step};
use std::rc::Rc;
use verifier_core::{AssetId, PublicKey, TrackingCode};

/// Something to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Errand {
    /// Ask the ledger about the right of this address.
    LookUp(u32, PublicKey),
    /// Have the ballot made.
    Encrypt {
        visit: u32,
        asset: AssetId,
        mark: [u8; MARK],
    },
    /// Have it signed.
    Cast(u32),
    /// Have it opened.
    Challenge(u32),
    /// Send this to two municipalities.
    Send {
        code: TrackingCode,
        round: u32,
        asset: AssetId,
        transaction: Rc<[u8]>,
    },
    /// Look on the ledger for it.
    LookFor {
        code: TrackingCode,
        round: u32,
        asset: AssetId,
        is_spoil: bool,
    },
    /// Send it again in a moment.
    Wait { code: TrackingCode, round: u32 },
}

pub(super) fn of(step: &Step, visit: u32) -> Option<Errand> {
    match step {
        Step::Looking(address) => Some(Errand::LookUp(visit, *address)),
        Step::Encrypting { right, mark } => Some(Errand::Encrypt {
            visit,
            asset: right.asset,
            mark: *mark,
        }),
        Step::Signing { .. } => Some(Errand::Cast(visit)),
        Step::Opening { .. } => Some(Errand::Challenge(visit)),
        Step::Sending(parcel) => of_parcel(parcel),
        Step::Idle
        | Step::Scanning(_)
        | Step::Refused(_)
        | Step::Choosing { .. }
        | Step::Reviewing(_)
        | Step::Marking { .. }
        | Step::Deciding { .. } => None,
    }
}

fn of_parcel(parcel: &Parcel) -> Option<Errand> {
    let (code, round) = (parcel.code(), parcel.round());
    match parcel.delivery() {
        Delivery::Asking => Some(Errand::Send {
            code,
            round,
            asset: parcel.asset,
            transaction: parcel.transaction.clone(),
        }),
        Delivery::LookingFor => Some(Errand::LookFor {
            code,
            round,
            asset: parcel.asset,
            is_spoil: parcel.opening.is_some(),
        }),
        Delivery::Pausing => Some(Errand::Wait { code, round }),
        Delivery::Undecided(_) | Delivery::Taken(_) | Delivery::Recorded(_) => None,
    }
}
