//! Evidence of an attack: two histories of one ledger, each signed by more than two thirds of the pinned validators.
//!
//! It exists only where both were verified: a [`crate::Survey`] makes it of what it has verified, and a file is verified anew.

use super::culprits::{is_certain, signed_both};
use crate::ids::{ContractId, GenesisHash, Height, PublicKey};
use crate::ledger::{ValidatorSet, header_hash, plain_hash};
use crate::trust_card::{TrustCard, TrustCardError};
use std::collections::BTreeSet;
use tendermint::block::Header;
use tendermint::block::signed_header::SignedHeader;

/// Two histories of one ledger, each signed by more than two thirds of the pinned validators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttackEvidence {
    pub(super) genesis: GenesisHash,
    pub(super) contract: ContractId,
    pub(super) validators: ValidatorSet,
    pub(super) common: Option<Header>,
    pub(super) sides: [Side; 2],
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
    /// the common one if both first ones name it. The caller has verified the commits of both sides, and that they differ.
    pub(super) fn new(
        card: &TrustCard,
        common: Option<Header>,
        mut sides: [Side; 2],
    ) -> Result<Self, TrustCardError> {
        if !sides.iter().all(Side::is_chained) {
            for side in &mut sides {
                side.second = None;
            }
        }
        let parent = |common: &Header| {
            let mut firsts = sides.iter().map(|side| &side.first.header);
            firsts.all(|first| names_parent(first, common))
        };
        Ok(Self {
            genesis: card.genesis,
            contract: card.contract_id(),
            validators: card.validator_set()?,
            common: common.filter(parent),
            sides,
        })
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

    /// The validators that signed two blocks which no honest validator signs both of.
    pub fn culprits(&self) -> BTreeSet<PublicKey> {
        let certain = self.heights().filter(|[one, other]| is_certain(one, other));
        self.signed_both(certain)
    }

    /// The validators that signed both blocks of one height in different rounds, and nothing that proves more. Some of them broke the
    /// rules, for more than a third of the power must have; an honest one among them may have changed sides by the rules.
    pub fn suspects(&self) -> BTreeSet<PublicKey> {
        let both = self.signed_both(self.heights());
        both.difference(&self.culprits()).copied().collect()
    }

    /// The signed headers of both sides, height by height.
    pub(super) fn heights(&self) -> impl Iterator<Item = [&SignedHeader; 2]> {
        let [one, other] = &self.sides;
        let seconds = one.second.as_ref().zip(other.second.as_ref());
        let firsts = (&one.first, &other.first);
        core::iter::once(firsts)
            .chain(seconds)
            .map(|(one, other)| [one, other])
    }

    fn signed_both<'a>(
        &self,
        heights: impl Iterator<Item = [&'a SignedHeader; 2]>,
    ) -> BTreeSet<PublicKey> {
        heights
            .flat_map(|[one, other]| signed_both(&self.validators, one, other))
            .map(|(_, key)| key)
            .collect()
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
