//! A signed ballot, or the Spoil of a challenged one, on its way to the ledger: two municipalities at a time, until one has taken it or the ledger holds it.

use super::step::{MARK, Refusal};
use std::rc::Rc;
use verifier_core::{
    AssetId, Height, MunicipalityIndex, Outcome, Promise, Seconds, SourceFault, TrackingCode,
};

/// Municipalities that are asked at a time.
const AT_ONCE: usize = 2;
/// It is sent by itself so many times before the voter is asked.
const ROUNDS: u32 = 4;

/// What is sent, and what has come of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Parcel {
    pub asset: AssetId,
    pub mark: [u8; MARK],
    code: TrackingCode,
    pub transaction: Rc<[u8]>,
    /// The challenged ballot's opening, if it is one.
    pub opening: Option<Rc<str>>,
    /// Every municipality that was asked, by its node's place on the trust card.
    pub said: Vec<Said>,
    /// Those that are asked in this round.
    asked: Vec<usize>,
    round: u32,
    delivery: Delivery,
}

/// How far it has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Delivery {
    /// Municipalities are asked.
    Asking,
    /// None has taken it: the ledger is looked at.
    LookingFor,
    /// It is not there, and is sent again in a moment.
    Pausing,
    /// It is not there, and the voter is asked what to do. The height up to which the ledger is known, if it is.
    Undecided(Option<(Height, Seconds)>),
    /// A municipality has taken it, with a promise if it is a ballot.
    Taken(Option<Promise>),
    /// The ledger holds it.
    Recorded(Height),
}

/// What one municipality said.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub node: usize,
    /// Nothing, as long as it is waited for.
    pub word: Option<Word>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Word {
    /// It promises to record it.
    Promised(Promise),
    /// It will try, without a promise.
    Accepted,
    /// It is recorded already.
    Recorded,
    /// Its promise is not what the contract asks for.
    BadPromise,
    /// It holds no more for now.
    Full,
    Refused(Outcome),
    /// It answered with a code that is no outcome.
    Strange(u32),
    Silent(SourceFault),
}

/// What the ledger says of it, proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It is there.
    Recorded(Height),
    /// Another ballot has spent the asset.
    Other { code: TrackingCode, height: Height },
    /// It is not there after this block.
    Absent { height: Height, time: Seconds },
    /// Nobody could say.
    Unknown,
}

impl Parcel {
    pub fn ballot(
        asset: AssetId,
        mark: [u8; MARK],
        code: TrackingCode,
        transaction: Rc<[u8]>,
    ) -> Self {
        Self {
            asset,
            mark,
            code,
            transaction,
            opening: None,
            said: Vec::new(),
            asked: Vec::new(),
            round: 0,
            delivery: Delivery::Asking,
        }
    }

    pub fn spoil(
        asset: AssetId,
        mark: [u8; MARK],
        code: TrackingCode,
        transaction: Rc<[u8]>,
        opening: String,
    ) -> Self {
        Self {
            opening: Some(opening.into()),
            ..Self::ballot(asset, mark, code, transaction)
        }
    }

    /// The ballot's tracking code, or that of the one that was challenged.
    pub fn code(&self) -> TrackingCode {
        self.code
    }

    /// How far it has come.
    pub fn delivery(&self) -> &Delivery {
        &self.delivery
    }

    /// The number of the attempt, from 0.
    pub fn round(&self) -> u32 {
        self.round
    }

    /// Whether nobody knows yet what becomes of it.
    pub fn is_on_its_way(&self) -> bool {
        match self.delivery {
            Delivery::Asking | Delivery::LookingFor | Delivery::Pausing => true,
            Delivery::Undecided(_) | Delivery::Taken(_) | Delivery::Recorded(_) => false,
        }
    }

    /// When these nodes begin to be asked.
    #[must_use]
    pub fn asking(mut self, nodes: &[usize]) -> Self {
        self.said.retain(|said| !nodes.contains(&said.node));
        let asked = nodes.iter().map(|node| Said {
            node: *node,
            word: None,
        });
        self.said.extend(asked);
        self.asked = nodes.to_vec();
        self
    }

    /// After a municipality's answer. The first that takes it settles it; what the others say is noted.
    ///
    /// # Errors
    /// If it can never be recorded.
    pub fn answered(mut self, node: usize, word: Word) -> Result<Self, Refusal> {
        for said in self.said.iter_mut().filter(|said| said.node == node) {
            said.word = Some(word.clone());
        }
        if !matches!(self.delivery, Delivery::Asking) {
            return Ok(self);
        }
        match word {
            Word::Promised(promise) => self.delivery = Delivery::Taken(Some(promise)),
            Word::Accepted if self.opening.is_some() => self.delivery = Delivery::Taken(None),
            _ => self.settle_round()?,
        }
        Ok(self)
    }

    /// Once everybody asked in this round has answered without taking it.
    fn settle_round(&mut self) -> Result<(), Refusal> {
        let asked = self.said.iter().filter(|s| self.asked.contains(&s.node));
        let words: Option<Vec<&Word>> = asked.map(|said| said.word.as_ref()).collect();
        match words.as_deref() {
            None => {}
            // All refuse it, and not because it may be there already.
            Some([Word::Refused(first), others @ ..])
                if others.iter().all(|word| **word == Word::Refused(*first))
                    && !others.is_empty()
                    && !may_be_there(*first) =>
            {
                return Err(refusal(*first));
            }
            Some(_) => self.delivery = Delivery::LookingFor,
        }
        Ok(())
    }

    /// After a look at the ledger.
    ///
    /// # Errors
    /// If another ballot has spent the asset.
    pub fn seen(mut self, seen: Seen) -> Result<Self, Refusal> {
        let absent = match seen {
            Seen::Recorded(height) => {
                self.delivery = Delivery::Recorded(height);
                return Ok(self);
            }
            Seen::Other { code, height } => return Err(Refusal::Used { code, height }),
            Seen::Absent { height, time } => Some((height, time)),
            Seen::Unknown => None,
        };
        self.delivery = match self.delivery {
            Delivery::LookingFor if self.round.saturating_add(1) < ROUNDS => Delivery::Pausing,
            Delivery::LookingFor => Delivery::Undecided(absent),
            other => other,
        };
        Ok(self)
    }

    /// The next round.
    #[must_use]
    pub fn again(mut self) -> Self {
        if matches!(self.delivery, Delivery::Pausing | Delivery::Undecided(_)) {
            self.round = self.round.saturating_add(1);
            self.delivery = Delivery::Asking;
        }
        self
    }
}

/// Outcomes that a transaction also meets if it, or one with the same right, is on the ledger.
fn may_be_there(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::AssetSpent | Outcome::Repeated)
}

fn refusal(outcome: Outcome) -> Refusal {
    match outcome {
        Outcome::OutsideWindow => Refusal::Closed,
        outcome => Refusal::ByLedger(outcome),
    }
}

/// The nodes that are asked in a round: two of different municipalities, others from round to round. The tracking code is as good as drawn by lot, so
/// that voters are spread over all municipalities.
pub fn nodes_for(
    code: TrackingCode,
    round: u32,
    municipalities: &[MunicipalityIndex],
) -> Vec<usize> {
    let count = u64::try_from(municipalities.len()).unwrap_or(1).max(1);
    let first = code
        .0
        .first_chunk::<8>()
        .map_or(0, |b| u64::from_le_bytes(*b));
    let start = (first % count).wrapping_add(u64::from(round).wrapping_mul(2));
    let mut chosen: Vec<usize> = Vec::new();
    for step in 0..count {
        let at = usize::try_from(start.wrapping_add(step) % count).unwrap_or(0);
        let of = |at: &usize| municipalities.get(*at);
        if chosen.len() < AT_ONCE && !chosen.iter().any(|other| of(other) == of(&at)) {
            chosen.push(at);
        }
    }
    chosen
}
