//! A fork: two nodes that show different headers of one height, each with a valid commit; and the way back to the last header that
//! both show.
//!
//! The way is a search by halves. It asks for signed headers only, so that each step is verified by itself, and a node that cannot
//! answer ends the search without making the conflict go away.

use super::evidence::{AttackEvidence, Side};
use super::told::Told;
use crate::ids::Height;
use crate::request::Request;
use crate::trust_card::TrustCard;

/// Two nodes with their numbers.
type Pair<'a> = [(usize, &'a Told); 2];

/// What is known of a fork so far.
pub(super) struct Fork<'a> {
    sides: Pair<'a>,
    /// The lowest height at which the sides are known to differ.
    differ: Height,
    /// The highest height below at which they are known to agree, if any.
    agree: Option<Height>,
    /// The lowest height to go back to: that of the trusted header, or of the first block that both nodes have kept.
    start: Height,
}

impl<'a> Fork<'a> {
    /// The lowest conflict among the nodes.
    pub fn find(nodes: &'a [Told], card: &TrustCard) -> Option<Self> {
        let all = || nodes.iter().enumerate();
        let pairs = all().flat_map(|one| all().skip(one.0 + 1).map(move |other| [one, other]));
        let differing = pairs.filter_map(|sides| Some((lowest_difference(sides)?, sides)));
        let (differ, sides) = differing.min_by_key(|(differ, _)| *differ)?;
        let mut below: Vec<Height> = shared(sides, true).filter(|h| *h < differ).collect();
        let kept = sides.iter().filter_map(|(_, told)| told.reach);
        let kept = kept.map(|reach| reach.earliest).max();
        Some(Self {
            sides,
            differ,
            agree: below.pop(),
            start: card.trusted.height.max(kept.unwrap_or_default()),
        })
    }

    /// The next header on the way back, from both sides.
    pub fn needs(&self) -> Vec<(usize, Request)> {
        if self.sides.iter().any(|(_, told)| told.fault.is_some()) {
            return Vec::new();
        }
        let next = self.next();
        let owing = self.sides.iter().filter(|(_, told)| told.owes(next));
        owing
            .map(|(node, _)| (*node, Request::Commit(next)))
            .collect()
    }

    /// The lowest height first; then halfway; at last the fork's second headers, whose signers cannot plead a change of mind.
    fn next(&self) -> Height {
        match self.agree {
            None => self.start.min(self.differ),
            Some(agree) if self.differ - agree > 1 => agree + (self.differ - agree) / 2,
            Some(_) => self.differ.saturating_add(1),
        }
    }

    /// What both sides show.
    pub fn evidence(&self, card: &TrustCard) -> Option<AttackEvidence> {
        let [one, other] = self.sides.map(|(_, told)| {
            let first = told.signed(self.differ)?;
            let second = told.signed(self.differ.saturating_add(1));
            Some(Side { first, second })
        });
        let [(_, told), _] = self.sides;
        let common = self.agree.and_then(|agree| told.signed(agree));
        let common = common.map(|signed| signed.header);
        AttackEvidence::new(card, common, [one?, other?]).ok()
    }
}

fn lowest_difference(sides: Pair<'_>) -> Option<Height> {
    shared(sides, false).next()
}

/// The heights at which both have shown a header, the same one or not, lowest first.
fn shared(sides: Pair<'_>, same: bool) -> impl Iterator<Item = Height> + '_ {
    let [(_, one), (_, other)] = sides;
    one.hashes()
        .filter(move |(height, hash)| other.hash(*height).is_some_and(|it| (it == *hash) == same))
        .map(|(height, _)| height)
}
