//! The report: named, counted checks, a verdict, and a digest that every implementation reproduces.

use crate::encoding;
use crate::finding::{Doubt, Finding};
use crate::ids::{AssetId, Hash, HeaderHash, Height, TrackingCode};
use crate::outcome::Outcome;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Serialize, Serializer};

/// Version of the list of checks and of the digest.
pub const PROFILE: u16 = 1;
const DIGEST_LABEL: &[u8] = b"chamgwan/report/v1";

macro_rules! check_ids {
    ($($(#[$doc:meta])* $name:ident = $id:literal,)*) => {
        /// One named check. Its text form is part of the public specification.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
        pub enum CheckId {
            $($(#[$doc])* $name,)*
        }

        impl CheckId {
            /// Every check, in the order of the specification.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The id that reports carry.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }
        }
    };
}

check_ids! {
    /// The receipt's text is well formed and its check code fits.
    ReceiptForm = "receipt.form",
    /// The receipt names the trust card's chain, genesis and contract.
    ReceiptElection = "receipt.election",
    /// The promise is signed by the municipality that it names, and its deadline is one that the contract allows.
    ReceiptPromise = "receipt.promise",
    /// The header of the ballot's block follows from the trust card.
    ReceiptHeader = "receipt.header",
    /// The downloaded blocks' transactions are those that their headers commit to.
    ReceiptBlocks = "receipt.blocks",
    /// The ballot with this tracking code, asset and mark is in its block.
    ReceiptBallot = "receipt.ballot",
    /// The ballot's form, signature and proof hold.
    ReceiptProof = "receipt.proof",
    /// The asset was issued to the ballot's address and spent by this ballot, not before.
    ReceiptAsset = "receipt.asset",
    /// The ledger's outcome, under the next header, says that the ballot took effect.
    ReceiptOutcome = "receipt.outcome",
    /// Headers are chained from the genesis to the last and signed by the validators.
    RecountHeaders = "recount.headers",
    /// Every block's transactions are under its header.
    RecountBlocks = "recount.blocks",
    /// The contract and the candidates' addresses are rebuilt from the ledger.
    RecountKeys = "recount.keys",
    /// No municipality issued more assets than it has people on its roll.
    RecountRoll = "recount.roll",
    /// Turnout is chained, countersigned, and no larger than the roll.
    RecountTurnout = "recount.turnout",
    /// Every transaction's outcome, derived anew, is the ledger's.
    RecountOutcomes = "recount.outcomes",
    /// Every counted ballot's signature, asset and proof hold.
    RecountBallots = "recount.ballots",
    /// No asset is counted twice.
    RecountAssets = "recount.assets",
    /// No municipality has more ballots than turnout, and the shortfall is within the tolerance.
    RecountBallotsTurnout = "recount.ballots-turnout",
    /// The encrypted sums were closed after the last ballot that counts.
    RecountSums = "recount.sums",
    /// Enough trustees opened the sums, each with a proof.
    RecountShares = "recount.shares",
    /// The totals that the shares give are the totals claimed.
    RecountTotals = "recount.totals",
    /// The header that the state hangs from follows from the trust card.
    StateHeader = "state.header",
    /// Every value of the state, and every absence, has a proof under that header.
    StateValues = "state.values",
    /// Lists have the hashes that the state holds; blocks are those of their headers.
    StateLists = "state.lists",
    /// What the state holds contradicts neither itself nor the ledger, and is within the roll.
    StateRules = "state.rules",
}

impl CheckId {
    /// The checks of a receipt, in order.
    pub fn of_receipt() -> impl Iterator<Item = Self> {
        Self::ALL
            .iter()
            .copied()
            .filter(|id| *id < Self::RecountHeaders)
    }

    /// The steps of a recount, in order.
    pub fn of_recount() -> impl Iterator<Item = Self> {
        Self::ALL
            .iter()
            .copied()
            .filter(|id| (Self::RecountHeaders..Self::StateHeader).contains(id))
    }

    /// The checks of a question about the state, in order.
    pub fn of_state() -> impl Iterator<Item = Self> {
        Self::ALL
            .iter()
            .copied()
            .filter(|id| *id >= Self::StateHeader)
    }
}

impl Serialize for CheckId {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

/// What became of a check. Only `Passed` counts as passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
#[serde(tag = "outcome", content = "reasons", rename_all = "kebab-case")]
pub enum CheckOutcome {
    /// It was carried out and holds.
    Passed,
    /// Data that a trusted header authenticates fails it.
    Failed(Vec<Finding>),
    /// It could not be carried out, or only on bytes that nothing authenticates.
    Unknown(Doubt),
}

/// One check with the number of things it looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Check {
    pub id: CheckId,
    pub count: u64,
    #[serde(flatten)]
    pub outcome: CheckOutcome,
}

/// What the checks amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every check passed.
    Accepted,
    /// Authenticated data fails a check.
    Rejected,
    /// Nothing authenticated fails, but not everything could be checked.
    Inconclusive,
}

/// Where a receipt's ballot stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
#[serde(tag = "standing", rename_all = "kebab-case")]
pub enum Standing {
    /// On the ledger with effect; the election's final header is not known yet.
    Recorded { height: Height },
    /// On the ledger with effect, and below the final header.
    Counted { height: Height },
    /// On the ledger, but refused for this reason.
    Refused { height: Height, outcome: Outcome },
    /// Another ballot, signed by the same address, spent the asset.
    Superseded { height: Height, by: TrackingCode },
    /// On no block although its deadline has passed; the promise is good evidence of that.
    Missing,
    /// On no block so far; its deadline has not passed.
    NotYet,
}

/// A ballot that the ledger refused, with the reason that the recount confirmed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, BorshSerialize, BorshDeserialize,
)]
pub struct RefusedBallot {
    pub height: Height,
    pub position: u32,
    pub code: TrackingCode,
    pub asset: AssetId,
    pub outcome: Outcome,
}

/// A cell's totals: the municipalities it covers and the votes of each candidate.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize, BorshSerialize, BorshDeserialize,
)]
pub struct CellTotals {
    pub municipalities: Vec<u16>,
    pub ballots: u64,
    pub votes: Vec<u64>,
}

/// People and ballots of one municipality, as the ledger authenticates them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Participation {
    pub roll: u32,
    /// Rights issued to addresses that the registrar knows.
    pub issued: u32,
    /// Rights given by blind signature, as recorded.
    pub recorded: u32,
    /// Those of them that were claimed.
    pub claimed: u32,
    pub checked_in: u32,
    /// Of rights issued and of rights claimed.
    pub ballots: u64,
    /// Those of them with claimed rights.
    pub claimed_ballots: u64,
}

impl Participation {
    /// Rights that people were given, in whichever way: no more than people on the roll.
    pub fn rights(&self) -> u64 {
        u64::from(self.issued).saturating_add(self.recorded.into())
    }

    /// People who took part: checked in at a station, or by a ballot with a claimed right.
    pub fn turnout(&self) -> u64 {
        u64::from(self.checked_in).saturating_add(self.claimed_ballots)
    }
}

/// A jump of the ledger's clock near closing.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, BorshSerialize, BorshDeserialize,
)]
pub struct ClockJump {
    pub height: Height,
    pub seconds: u64,
}

/// Everything that a verification found. Its borsh form carries it between programs of one build; the digest has a form of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
pub struct Report {
    pub profile: u16,
    /// Fingerprint of the trust card.
    pub trust_card: Hash,
    /// First and last height looked at.
    pub range: Option<(Height, Height)>,
    pub final_header: Option<HeaderHash>,
    pub checks: Vec<Check>,
    /// Receipts only.
    pub standing: Option<Standing>,
    /// Recounts only.
    pub refused: Vec<RefusedBallot>,
    pub participation: Vec<Participation>,
    /// Recounts only, and only where the shares prove them.
    pub totals: Option<Vec<CellTotals>>,
    pub clock_jumps: Vec<ClockJump>,
    pub verdict: Verdict,
}

impl Report {
    /// The verdict that follows from checks alone: a check that is not `Passed` never yields `Accepted`, nor does an empty list.
    pub fn judge(checks: &[Check]) -> Verdict {
        let failed = |c: &Check| matches!(c.outcome, CheckOutcome::Failed(_));
        let passed = |c: &Check| matches!(c.outcome, CheckOutcome::Passed);
        if checks.iter().any(failed) {
            Verdict::Rejected
        } else if !checks.is_empty() && checks.iter().all(passed) {
            Verdict::Accepted
        } else {
            Verdict::Inconclusive
        }
    }

    /// The report as JSON, its digest first.
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct WithDigest<'a> {
            digest: Hash,
            #[serde(flatten)]
            report: &'a Report,
        }
        let report = WithDigest {
            digest: self.digest(),
            report: self,
        };
        // Strings, numbers and lists always have a JSON form.
        serde_json::to_string_pretty(&report).unwrap_or_default()
    }

    /// SHA-256 over profile, trust card, range, final header, counts and outcomes per check, refused codes, totals and verdict;
    /// over no times, nodes, languages or batch sizes.
    pub fn digest(&self) -> Hash {
        let checks: Vec<(&str, u64, u8)> = self
            .checks
            .iter()
            .map(|check| {
                let outcome = match check.outcome {
                    CheckOutcome::Passed => 0,
                    CheckOutcome::Failed(_) => 1,
                    CheckOutcome::Unknown(_) => 2,
                };
                (check.id.as_str(), check.count, outcome)
            })
            .collect();
        let refused: Vec<(TrackingCode, u32)> = self
            .refused
            .iter()
            .map(|ballot| (ballot.code, ballot.outcome.code()))
            .collect();
        let mut bytes = DIGEST_LABEL.to_vec();
        bytes.extend(encoding::encode(&(
            self.profile,
            self.trust_card,
            self.range,
            self.final_header,
            checks,
            self.standing,
            refused,
            &self.totals,
            self.verdict,
        )));
        Hash::of(&bytes)
    }
}
