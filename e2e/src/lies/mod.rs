//! Lies: what a node may tell instead of the truth, one function each. A liar is as consistent as it can be: whatever follows from a
//! forged thing is computed anew, and signed where it holds the keys.

mod blame;
mod contents;
mod delivery;
mod headers;
mod sums;
mod validators;

pub use blame::{Blame, Flow};
pub use delivery::Manner;

use crate::ledger::{Ledger, Told};
use crate::signers::Signers;
use anyhow::{Context, Result};
use verifier_core::prove::SigningKey;
use verifier_core::{Action, Height, Receipt, Transaction};

macro_rules! lies {
    ($($(#[$doc:meta])* $name:ident = $text:literal => $tell:path,)*) => {
        /// One kind of lie.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Lie { $($(#[$doc])* $name,)* }

        impl Lie {
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in tests and files.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            fn tell(self, tale: &mut Tale, plot: &Plot) -> Result<()> {
                match self { $(Self::$name => $tell(tale, plot),)* }
            }
        }
    };
}

lies! {
    /// A header's application root is another; the rest of the chain follows it, with the true signatures.
    ForgedHeader = "forged_header" => headers::forge,
    /// Every commit lacks a third of its signatures.
    TooFewSignatures = "too_few_signatures" => validators::withhold_signatures,
    /// From the voting on, an invented set of validators signs everything.
    WrongValidatorSet = "wrong_validator_set" => validators::replace_all,
    /// The same, but a third of the keys are real ones.
    OneThirdInvented = "one_third_of_keys_with_an_invented_set" => validators::replace_two_thirds,
    /// The node serves another chain under the same validators' names.
    WrongChain = "wrong_chain" => headers::rename_chain,
    /// The receipt's ballot is replaced by another voter's.
    BallotSwapped = "ballot_swapped" => contents::swap_ballot,
    /// The block of the receipt's ballot ends before it.
    BlockTruncated = "block_truncated" => contents::truncate_block,
    /// The receipt's ballot is said to have been refused.
    OutcomeMisstated = "outcome_misstated" => contents::misstate_outcome,
    /// A ballot stands in two blocks, both times with effect.
    CountedTwice = "ballot_counted_twice" => contents::count_twice,
    /// The candidates' addresses are the node's own.
    OwnKeys = "own_keys_as_candidate_addresses" => sums::serve_own_keys,
    /// A trustee's share of the sums is another.
    ShareForged = "share_forged" => sums::forge_share,
    /// The totals give a vote of the first candidate to the second.
    TotalsMisstated = "totals_misstated" => sums::misstate_totals,
    /// Every answer comes later than anybody waits.
    Delayed = "answer_delayed" => delivery::delay,
    /// Answers do not end.
    Huge = "answer_huge" => delivery::never_end,
    /// Answers are a web page.
    NotJson = "answer_not_json" => delivery::serve_a_page,
    /// The node's ledger ends before the one that others have.
    Older = "older_than_another" => headers::lag,
}

/// What a liar tells, and how.
#[derive(Clone, Debug)]
pub struct Tale {
    pub ledger: Ledger,
    pub manner: Manner,
    /// Bytes of the state's answers that are replaced, value and proof alike.
    pub replaced_state: Option<(Vec<u8>, Vec<u8>)>,
}

/// What a lie is about.
#[derive(Clone, Debug)]
pub struct Plot {
    /// The validators' keys, in the order of municipalities: a lie is told as well as anybody could.
    pub validators: Vec<SigningKey>,
    /// The ballot that somebody holds a receipt for.
    pub receipt: Receipt,
    /// Where that ballot is.
    pub height: Height,
    /// Canonical bytes of the state's summary of the true keys.
    pub key_set: Vec<u8>,
}

impl Tale {
    /// The truth, told promptly.
    pub fn truth(ledger: Ledger) -> Self {
        Self {
            ledger,
            manner: Manner::Prompt,
            replaced_state: None,
        }
    }

    /// A lie.
    pub fn of(lie: Lie, truth: &Ledger, plot: &Plot) -> Result<Self> {
        let mut tale = Self::truth(truth.clone());
        lie.tell(&mut tale, plot)
            .with_context(|| format!("telling {}", lie.name()))?;
        Ok(tale)
    }
}

impl Lie {
    /// Lies that need no signature of others to be told, and become another ledger once all validators sign them.
    pub const OF_CONTENTS: [Self; 6] = [
        Self::BallotSwapped,
        Self::BlockTruncated,
        Self::OutcomeMisstated,
        Self::CountedTwice,
        Self::OwnKeys,
        Self::ShareForged,
    ];
}

impl Tale {
    /// The lie in a ledger that all validators together have signed from the first changed block on.
    pub fn by_all(lie: Lie, truth: &Ledger, plot: &Plot) -> Result<Self> {
        let mut tale = Self::of(lie, truth, plot)?;
        let changed = |(height, told): (&Height, &Told)| {
            let before = truth.blocks.get(height);
            let same = before.is_some_and(|before| {
                before.transactions == told.transactions && before.results == told.results
            });
            (!same).then_some(*height)
        };
        let first = tale.ledger.blocks.iter().find_map(changed);
        let all = Signers::all(&plot.validators)?;
        tale.ledger
            .hang_together(first.context("nothing is changed")?, &all)?;
        Ok(tale)
    }
}

impl Plot {
    /// The position of the receipt's ballot in its block.
    fn position(&self, ledger: &Ledger) -> Result<usize> {
        let told = ledger
            .blocks
            .get(&self.height)
            .context("the receipt's block")?;
        let is_it = |bytes: &Vec<u8>| {
            Transaction::decode(bytes)
                .is_ok_and(|t| t.body.tracking_code() == self.receipt.tracking_code)
        };
        told.transactions
            .iter()
            .position(is_it)
            .context("the receipt's ballot")
    }
}

/// Whether the bytes are a ballot.
fn is_ballot(bytes: &[u8]) -> bool {
    Transaction::decode(bytes).is_ok_and(|t| matches!(t.body.action, Action::Cast(_)))
}
