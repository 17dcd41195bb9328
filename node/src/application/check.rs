//! Whether a transaction is worth waiting for its block: the cheap refusals first, the ballots' proofs last and together, nothing kept.

use super::block::Application;
use super::judge::judge;
use rayon::prelude::*;
use verifier_core::{Action, AssetId, Hash, Outcome, Seconds, TrackingCode, Transaction};

/// What became of a transaction that was checked and not applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// `Ok` if it may take effect.
    pub outcome: Outcome,
    /// Which ballot it is, if it may take effect, or could but for its asset, which is spent.
    pub ballot: Option<Admitted>,
}

/// A ballot: what it would spend, and the code that it is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admitted {
    pub asset: AssetId,
    pub code: TrackingCode,
}

/// How far a transaction got without its proof.
enum Admission {
    Decided(Checked),
    /// All but signature and proof are good.
    Ballot(Hash, Box<Transaction>, Admitted),
}

impl Application {
    /// Whether a transaction would take effect in a block of this time, as things stand.
    pub fn check(&self, time: Seconds, bytes: &[u8]) -> Outcome {
        let checked = self.check_all(time, &[bytes]);
        checked
            .first()
            .map_or(Outcome::Malformed, |checked| checked.outcome)
    }

    /// As [`Application::check`], of many at once, each by itself.
    ///
    /// A registrar's batch or certificate that waits for the one before it is `Ok`.
    pub fn check_all<T: AsRef<[u8]> + Sync>(&self, time: Seconds, all: &[T]) -> Vec<Checked> {
        let admissions: Vec<Admission> = all
            .par_iter()
            .map(|bytes| self.admission(time, bytes.as_ref()))
            .collect();
        let ballots: Vec<(Hash, &Transaction)> = admissions
            .iter()
            .filter_map(|admission| match admission {
                Admission::Ballot(hash, transaction, _) => Some((*hash, transaction.as_ref())),
                Admission::Decided(_) => None,
            })
            .collect();
        let mut judged = judge(self.keys.as_deref(), &self.verdicts, &ballots).into_iter();
        admissions
            .iter()
            .map(|admission| match admission {
                Admission::Decided(checked) => *checked,
                Admission::Ballot(_, _, ballot) => match judged.next() {
                    Some(Ok(_)) => Checked::ballot(Outcome::Ok, *ballot),
                    Some(Err(refusal)) => Checked::of(refusal),
                    None => Checked::of(Outcome::Malformed),
                },
            })
            .collect()
    }

    fn admission(&self, time: Seconds, bytes: &[u8]) -> Admission {
        let hash = Hash::of(bytes);
        if let Some(known) = self.admit_known(time, hash) {
            return Admission::Decided(known);
        }
        let Ok(transaction) = Transaction::decode(bytes) else {
            return Admission::Decided(Checked::of(Outcome::Malformed));
        };
        let Action::Cast(ballot) = &transaction.body.action else {
            return Admission::Decided(Checked::of(self.try_out(time, &transaction)));
        };
        let ballot = Admitted {
            asset: ballot.asset,
            code: transaction.body.tracking_code(),
        };
        match self.election.admit(time, &transaction) {
            Err(refusal) => Admission::Decided(Checked::of(refusal)),
            Ok(()) if self.spent.contains(ballot.asset) => {
                Admission::Decided(Checked::ballot(Outcome::AssetSpent, ballot))
            }
            Ok(()) => Admission::Ballot(hash, Box::new(transaction), ballot),
        }
    }

    /// A ballot that was found good before, without decoding it again.
    fn admit_known(&self, time: Seconds, hash: Hash) -> Option<Checked> {
        let checked = self.verdicts.get(self.keys.as_ref()?.key_set(), hash)?;
        let ballot = Admitted {
            asset: checked.asset(),
            code: checked.code(),
        };
        Some(match self.election.admit_checked(time, &checked) {
            Err(refusal) => Checked::of(refusal),
            Ok(()) if self.spent.contains(ballot.asset) => {
                Checked::ballot(Outcome::AssetSpent, ballot)
            }
            Ok(()) => Checked::ballot(Outcome::Ok, ballot),
        })
    }

    /// Applies a transaction other than a ballot to a copy of the election.
    fn try_out(&self, time: Seconds, transaction: &Transaction) -> Outcome {
        let outcome = self.election.clone().apply(time, transaction, &self.tally);
        if outcome != Outcome::Ok && self.waits_its_turn(outcome, transaction) {
            return Outcome::Ok;
        }
        outcome
    }

    /// Whether a registrar's transaction only comes before the one that it follows. Its signatures hold, or it would have another outcome.
    fn waits_its_turn(&self, outcome: Outcome, transaction: &Transaction) -> bool {
        match (&transaction.body.action, outcome) {
            (Action::Issue(issue), Outcome::InvalidBatch) => {
                usize::from(issue.batch) > self.election.batches(issue.municipality)
            }
            (Action::Issue(issue), Outcome::ExceedsRoll) => {
                self.election.roll(issue.municipality) == 0
            }
            (Action::CertifyTurnout(turnout), Outcome::BrokenChain) => {
                turnout.sequence
                    > self
                        .election
                        .next_certificate(turnout.municipality, turnout.station)
            }
            _ => false,
        }
    }
}

impl Checked {
    fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            ballot: None,
        }
    }

    fn ballot(outcome: Outcome, ballot: Admitted) -> Self {
        Self {
            outcome,
            ballot: Some(ballot),
        }
    }

    /// The ballot, if it may take effect.
    pub fn good(&self) -> Option<Admitted> {
        self.ballot.filter(|_| self.outcome == Outcome::Ok)
    }
}
