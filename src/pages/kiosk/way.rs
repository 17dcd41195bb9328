//! Where a voter's right comes from.

use crate::services::phone::open;
use crate::state::kiosk::{Kiosk, MARK, Parcel};
use caster::{Kept, ToCaster, ToPurse};
use std::rc::Rc;
use verifier_core::{AssetId, ElectionKeys, Transaction, TrustCard};

/// The way in.
#[derive(Clone, Debug, PartialEq)]
pub enum Way {
    /// A card that is shown.
    Card,
    /// The right that this browser keeps.
    Kept,
    /// It was voted with: what became of the ballot?
    Used(Rc<Parcel>),
}

impl Way {
    /// A ballot that is kept in the place of its right.
    pub fn resumed(asset: AssetId, mark: [u8; MARK], ballot: &[u8]) -> Option<Self> {
        let code = Transaction::decode(ballot).ok()?.body.tracking_code();
        let parcel = Parcel::ballot(asset, mark, code, Rc::from(ballot));
        Some(Self::Used(Rc::new(parcel)))
    }

    /// The same, of what the worker keeps.
    pub fn of_used(kept: &Kept) -> Option<Self> {
        match kept {
            Kept::Used {
                asset,
                mark,
                ballot,
            } => Self::resumed(*asset, *mark, ballot),
            _ => None,
        }
    }

    /// What is shown first.
    pub fn start(&self) -> Kiosk {
        match self {
            Self::Card | Self::Kept => Kiosk::default(),
            Self::Used(parcel) => Kiosk::resumed((**parcel).clone()),
        }
    }

    /// What a voter's worker is told first.
    pub fn first(&self, card: &TrustCard, keys: &ElectionKeys) -> Vec<ToCaster> {
        let begin = ToCaster::Begin(keys.clone());
        match self {
            Self::Card => vec![begin],
            Self::Kept | Self::Used(_) => {
                let vote = ToCaster::Purse(Box::new(ToPurse::Vote));
                vec![begin, open(card), vote]
            }
        }
    }
}
