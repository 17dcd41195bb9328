//! Blocks opened: authenticated, their transactions decoded. The ballots of all of them are judged at once; the rest is kept for the end.

use super::AddError;
use super::authenticate::{Authenticated, LedgerBlock, authenticate};
use super::basis::Basis;
use super::events::{Event, What};
use super::rules::BallotRules;
use super::state::{Link, State, StateError};
use crate::ballot::{CheckedBallot, HashedTransaction, RawBallot, check_batch_raw};
use crate::curve::Hint;
use crate::finding::Finding;
use crate::ids::{AssetId, PublicKey, Seconds, TrackingCode};
use crate::outcome::Outcome;
use crate::report::RefusedBallot;
use crate::transaction::{Action, Transaction};

/// Stands for an outcome that the ledger does not give. No outcome has this code.
const NO_OUTCOME: u32 = u32::MAX;

/// Blocks whose ballots wait for an answer to who may vote.
pub(crate) struct Opened<'a> {
    blocks: Vec<OpenBlock<'a>>,
    /// What keeps the blocks after these from being taken.
    pub fault: Option<AddError>,
}

struct OpenBlock<'a> {
    at: Authenticated<'a>,
    transactions: Vec<Read<'a>>,
    /// Outcomes beyond the last transaction, with their positions.
    surplus: Vec<(u32, u32)>,
}

/// A transaction as read, and the ledger's code for it.
struct Read<'a> {
    recorded: u32,
    kind: Kind<'a>,
}

enum Kind<'a> {
    Malformed,
    Event(&'a [u8]),
    /// A ballot outside the window. It stands among the hints nevertheless.
    Late(&'a [u8]),
    Ballot(Box<Cast<'a>>),
}

/// A ballot within the window.
struct Cast<'a> {
    transaction: HashedTransaction<'a>,
    asset: AssetId,
    address: PublicKey,
    code: TrackingCode,
    /// Whether it gets as far as the question who may vote.
    admitted: Result<(), Outcome>,
}

impl<'a> Opened<'a> {
    /// Opens blocks of successive heights; without `rules`, up to the first one with ballots.
    pub fn new(
        basis: &Basis,
        rules: Option<&BallotRules>,
        after: Option<&Link>,
        blocks: &[LedgerBlock<'a>],
    ) -> Self {
        let (authenticated, fault) = authenticate(basis, after, blocks);
        let mut opened = Self {
            blocks: Vec::with_capacity(authenticated.len()),
            fault: fault.map(AddError::Source),
        };
        for (at, block) in authenticated.into_iter().zip(blocks) {
            let height = at.height;
            match OpenBlock::new(basis, rules, at, block) {
                Some(block) => opened.blocks.push(block),
                None => {
                    opened.fault = Some(AddError::NeedsSetup { height });
                    break;
                }
            }
        }
        opened
    }

    /// Asset and address of every ballot that may count if the one was issued to the other, in order.
    pub fn questions(&self) -> impl Iterator<Item = (AssetId, PublicKey)> + '_ {
        let admitted = self.ballots().filter(|(_, ballot)| ballot.admitted.is_ok());
        admitted.map(|(_, ballot)| (ballot.asset, ballot.address))
    }

    /// Judges all ballots in one batch. `admitted` answers the questions, `hints` are those of every Cast in these blocks.
    ///
    /// # Errors
    /// If there are more or fewer answers than questions.
    pub fn judge(
        self,
        basis: &Basis,
        rules: Option<&BallotRules>,
        admitted: &[bool],
        hints: &[&[Hint]],
    ) -> Result<State, StateError> {
        let expected = self.questions().count();
        if admitted.len() != expected {
            let actual = admitted.len();
            return Err(StateError::Admission { actual, expected });
        }
        let mut verdicts = self.verdicts(rules, admitted, hints).into_iter();
        let mut state = State::new(basis);
        for block in self.blocks {
            state.extend(basis, &block.at);
            state.take(block, rules, &mut verdicts);
        }
        Ok(state)
    }

    /// What each ballot's outcome should be, but for whether its asset is unspent.
    fn verdicts(
        &self,
        rules: Option<&BallotRules>,
        admitted: &[bool],
        hints: &[&[Hint]],
    ) -> Vec<Result<CheckedBallot, Outcome>> {
        let mut answers = admitted.iter();
        let admitted: Vec<Result<(), Outcome>> = self
            .ballots()
            .map(|(_, ballot)| {
                ballot.admitted?;
                let issued = answers.next().is_some_and(|issued| *issued);
                if issued {
                    Ok(())
                } else {
                    Err(Outcome::NotIssued)
                }
            })
            .collect();
        let candidates: Vec<(HashedTransaction<'_>, &[Hint])> = self
            .ballots()
            .zip(&admitted)
            .filter(|(_, admitted)| admitted.is_ok())
            .map(|((number, ballot), _)| {
                let hints = hints.get(number).copied();
                (ballot.transaction, hints.unwrap_or_default())
            })
            .collect();
        let keys = rules.and_then(|rules| rules.keys.as_ref());
        let mut proofs = match keys {
            Some(keys) => check_batch_raw(keys, &candidates),
            None => Vec::new(),
        }
        .into_iter();
        admitted
            .into_iter()
            .map(|admitted| {
                admitted?;
                let proof = proofs.next().ok_or(Outcome::KeysIncomplete)?;
                proof.map_err(|error| error.outcome())
            })
            .collect()
    }

    /// The ballots within the window, each with its number among all Casts.
    fn ballots(&self) -> impl Iterator<Item = (usize, &Cast<'a>)> {
        let reads = self.blocks.iter().flat_map(|block| &block.transactions);
        let casts = reads.filter(|read| matches!(read.kind, Kind::Ballot(_) | Kind::Late(_)));
        casts
            .enumerate()
            .filter_map(|(number, read)| match &read.kind {
                Kind::Ballot(ballot) => Some((number, ballot.as_ref())),
                _ => None,
            })
    }
}

impl<'a> OpenBlock<'a> {
    /// Nothing if it holds ballots that no rules are there for.
    fn new(
        basis: &Basis,
        rules: Option<&BallotRules>,
        at: Authenticated<'a>,
        block: &LedgerBlock<'a>,
    ) -> Option<Self> {
        let outcomes = block.results.iter().map(|result| result.code);
        let recorded = outcomes.chain(core::iter::repeat(NO_OUTCOME));
        let transactions = at.transactions.iter().zip(recorded);
        let transactions: Option<Vec<Read<'a>>> = transactions
            .map(|(transaction, recorded)| {
                let kind = Kind::read(basis, rules, at.time, transaction)?;
                Some(Read { recorded, kind })
            })
            .collect();
        let results = (0u32..).zip(&block.results).skip(at.transactions.len());
        let surplus = results.map(|(position, result)| (position, result.code));
        Some(Self {
            transactions: transactions?,
            surplus: surplus.collect(),
            at,
        })
    }
}

impl<'a> Kind<'a> {
    fn read(
        basis: &Basis,
        rules: Option<&BallotRules>,
        time: Seconds,
        transaction: &HashedTransaction<'a>,
    ) -> Option<Self> {
        let contract = &basis.card.contract;
        let bytes = transaction.bytes();
        // Most are ballots of one layout, read where they lie.
        let raw = RawBallot::read(contract.candidates.len(), transaction).map(|ballot| {
            (
                ballot.asset(),
                ballot.address(),
                ballot.code(),
                ballot.election(),
            )
        });
        let cast = match raw {
            Some(cast) => cast,
            None => match Transaction::decode(bytes) {
                Err(_) => return Some(Self::Malformed),
                Ok(Transaction { body, .. }) => match &body.action {
                    Action::Cast(ballot) => (
                        ballot.asset,
                        ballot.address,
                        body.tracking_code(),
                        (body.genesis, body.contract),
                    ),
                    _ => return Some(Self::Event(bytes)),
                },
            },
        };
        if !contract.accepts_ballots_at(time) {
            return Some(Self::Late(bytes));
        }
        let (asset, address, code, election) = cast;
        Some(Self::Ballot(Box::new(Cast {
            transaction: *transaction,
            asset,
            address,
            code,
            admitted: rules?.admit(time, election),
        })))
    }
}

/// A ballot in the window, where it stands and what the ledger says of it.
struct Placed<'a> {
    height: u64,
    position: u32,
    ballot: &'a Cast<'a>,
    recorded: u32,
}

impl State {
    /// Takes an opened block's transactions into the state; `verdicts` gives that of the next ballot.
    fn take(
        &mut self,
        block: OpenBlock<'_>,
        rules: Option<&BallotRules>,
        verdicts: &mut impl Iterator<Item = Result<CheckedBallot, Outcome>>,
    ) {
        let height = block.at.height;
        let mut ballots = Vec::new();
        for (position, Read { recorded, kind }) in (0u32..).zip(&block.transactions) {
            let (position, recorded) = (position, *recorded);
            self.transactions = self.transactions.saturating_add(1);
            match kind {
                Kind::Malformed => self.compare(height, position, recorded, Outcome::Malformed),
                Kind::Event(bytes) | Kind::Late(bytes) => self.events.push(Event {
                    height,
                    position,
                    time: block.at.time,
                    recorded,
                    what: What::Transaction(bytes.to_vec()),
                }),
                Kind::Ballot(ballot) => ballots.push(Placed {
                    height,
                    position,
                    ballot,
                    recorded,
                }),
            }
        }
        for (position, recorded) in &block.surplus {
            self.compare(height, *position, *recorded, Outcome::Malformed);
        }
        if let (Some(rules), false) = (rules, ballots.is_empty()) {
            self.setup_digest = Some(rules.digest());
        }
        for placed in &ballots {
            let verdict = verdicts.next().unwrap_or(Err(Outcome::KeysIncomplete));
            self.settle(placed, verdict);
        }
    }

    /// Compares the ledger's code for a transaction with the outcome derived anew.
    fn compare(&mut self, height: u64, position: u32, recorded: u32, derived: Outcome) {
        if recorded != derived.code() {
            self.findings.push(Finding::OutcomeDiffers {
                height,
                position,
                recorded,
                derived,
            });
        }
    }

    /// Takes a judged ballot into the state. What the ledger counts and proves is summed, even where the asset is counted before: that is a failure of its own.
    fn settle(&mut self, placed: &Placed<'_>, verdict: Result<CheckedBallot, Outcome>) {
        self.judged = self.judged.saturating_add(1);
        let refused = |outcome| RefusedBallot {
            height: placed.height,
            position: placed.position,
            code: placed.ballot.code,
            asset: placed.ballot.asset,
            outcome,
        };
        match verdict {
            Ok(checked) if placed.recorded == Outcome::Ok.code() => {
                let ballot = placed.ballot;
                self.counted
                    .insert(ballot.asset, placed.height, &ballot.code);
                self.tally.add(&checked);
            }
            Ok(_) if placed.recorded == Outcome::AssetSpent.code() => {
                let ballot = refused(Outcome::AssetSpent);
                self.refused.push(ballot);
                self.owe(ballot);
            }
            // Whether it was spoiled before shows only once all blocks before it are known.
            Ok(_) if placed.recorded == Outcome::Spoiled.code() => {
                self.refused.push(refused(Outcome::Spoiled));
            }
            Ok(_) => self.compare(placed.height, placed.position, placed.recorded, Outcome::Ok),
            Err(derived) => {
                self.compare(placed.height, placed.position, placed.recorded, derived);
                if placed.recorded == derived.code() {
                    self.refused.push(refused(derived));
                } else if placed.recorded == Outcome::Ok.code() {
                    self.findings.push(Finding::BallotInvalid {
                        code: placed.ballot.code,
                        height: placed.height,
                        derived,
                    });
                }
            }
        }
    }
}
