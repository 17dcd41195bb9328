//! Evidence of an attack: what two conflicting nodes showed.

use crate::ids::{Hash, Height};
use crate::ledger::{header_hash, plain_hash};
use crate::trust_card::TrustCard;
use tendermint::block::Header;
use tendermint::block::signed_header::SignedHeader;

/// Two histories of one ledger, each signed by more than two thirds of the pinned validators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttackEvidence {
    trust_card: Hash,
    common: Option<Header>,
    sides: [Side; 2],
}

/// The first blocks of one history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The lowest header that is known to differ from the other side's.
    pub first: SignedHeader,
    /// The header after it. There is none on either side where only one of them has got that far.
    pub second: Option<SignedHeader>,
}

impl AttackEvidence {
    /// Keeps of what two sides showed only what hangs together: the second headers if each names the first one as its parent, and
    /// the common one if both first ones name it.
    pub(super) fn new(card: &TrustCard, common: Option<Header>, mut sides: [Side; 2]) -> Self {
        if !sides.iter().all(Side::is_chained) {
            for side in &mut sides {
                side.second = None;
            }
        }
        let parent = |common: &Header| {
            let mut firsts = sides.iter().map(|side| &side.first.header);
            firsts.all(|first| names_parent(first, common))
        };
        Self {
            trust_card: card.fingerprint(),
            common: common.filter(parent),
            sides,
        }
    }

    /// The height at which the histories part, as far as is known.
    pub fn height(&self) -> Height {
        let [side, _] = &self.sides;
        side.first.header.height.value()
    }

    /// The last header that both histories share, if the nodes showed it.
    pub fn common(&self) -> Option<&Header> {
        self.common.as_ref()
    }

    /// Both histories.
    pub fn sides(&self) -> &[Side; 2] {
        &self.sides
    }
}

impl Side {
    fn is_chained(&self) -> bool {
        let second = self.second.as_ref();
        second.is_some_and(|second| names_parent(&second.header, &self.first.header))
    }
}

/// Whether `header` directly follows `parent`.
fn names_parent(header: &Header, parent: &Header) -> bool {
    let named = header.last_block_id.map(|id| plain_hash(id.hash).0);
    let follows = parent.height.value().checked_add(1) == Some(header.height.value());
    follows && named == Some(header_hash(parent).0)
}
