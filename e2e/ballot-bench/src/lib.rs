//! The work that is measured: checking ballots, ours and a peer's. It holds no clock: whoever calls it measures.
//!
//! Ours are checked with their ed25519 signatures. The peer's (`elastic-elgamal`, a 0/1 proof per candidate and one for the sum) have none.

mod cast;
#[cfg(target_arch = "wasm32")]
mod page;

pub use cast::cast;

use cast::ballot_keys;
use elastic_elgamal::app::{ChoiceParams, EncryptedChoice, SingleChoice};
use elastic_elgamal::{Keypair, group::Ristretto};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use verifier_core::{
    BallotKeys, HashedTransaction, Hint, Transaction, check_ballot, check_batch_raw,
    decompression_hints,
};

/// Ballots could not be made.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// So many ballots are checked at once.
pub const BATCH: usize = 8192;

/// Our ballots, all valid, as they lie in a block.
pub struct Ballots {
    keys: BallotKeys,
    raw: Vec<Vec<u8>>,
    hints: Vec<Vec<Hint>>,
}

impl Ballots {
    /// Ballots that [`cast`] made for so many candidates, one after another. Their hints are made here.
    pub fn read(candidates: usize, bytes: &[u8]) -> Result<Self, Error> {
        let size = cast(candidates, 0..1)?.len();
        let raw: Vec<_> = bytes.chunks_exact(size).map(<[u8]>::to_vec).collect();
        let hints = raw
            .iter()
            .map(|bytes| Transaction::decode(bytes).map(|t| decompression_hints(&t)));
        Ok(Self {
            keys: ballot_keys(candidates)?,
            hints: hints.collect::<Result<_, _>>()?,
            raw,
        })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.raw.len()
    }

    /// Bytes of one.
    pub fn size(&self) -> usize {
        self.raw.first().map_or(0, Vec::len)
    }

    /// Checks them in batches; says how many hold.
    pub fn check_in_batches(&self) -> usize {
        self.check(&self.raw, self.raw.iter().map(|_| [].as_slice()))
    }

    /// The same with decompression hints.
    pub fn check_with_hints(&self) -> usize {
        self.check(&self.raw, self.hints.iter().map(Vec::as_slice))
    }

    /// The same without hints, where so many of them, evenly spread, have a byte of their signature changed. Those do not hold.
    pub fn check_among_bad(&self, bad: usize) -> usize {
        let step = self.raw.len().checked_div(bad).unwrap_or(usize::MAX);
        let mut raw = self.raw.clone();
        for bytes in raw.iter_mut().step_by(step).take(bad) {
            // Of the signature's s: everything still decodes, so that only the sum can tell.
            if let Some(byte) = bytes.iter_mut().nth_back(20) {
                *byte ^= 1;
            }
        }
        self.check(&raw, raw.iter().map(|_| [].as_slice()))
    }

    fn check<'a>(&self, raw: &'a [Vec<u8>], hints: impl Iterator<Item = &'a [Hint]>) -> usize {
        let hashed = raw.iter().map(|bytes| HashedTransaction::new(bytes));
        let ballots: Vec<_> = hashed.zip(hints).collect();
        ballots
            .chunks(BATCH)
            .map(|batch| check_batch_raw(&self.keys, batch))
            .map(|verdicts| verdicts.iter().flatten().count())
            .sum()
    }

    /// Checks some of them one by one; says how many hold.
    pub fn check_one_by_one(&self, count: usize) -> usize {
        let decoded = self
            .raw
            .iter()
            .take(count)
            .flat_map(|bytes| Transaction::decode(bytes));
        decoded
            .filter(|transaction| check_ballot(&self.keys, transaction).is_ok())
            .count()
    }
}

/// The peer's ballots, all valid.
pub struct PeerBallots {
    parameters: ChoiceParams<Ristretto, SingleChoice>,
    ballots: Vec<EncryptedChoice<Ristretto, SingleChoice>>,
}

impl PeerBallots {
    /// Casts so many for so many candidates.
    pub fn cast(candidates: usize, count: usize) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(7);
        let (receiver, _) = Keypair::generate(&mut rng).into_tuple();
        let parameters = ChoiceParams::single(receiver, candidates);
        let ballots = (0..candidates)
            .cycle()
            .take(count)
            .map(|choice| EncryptedChoice::single(&parameters, choice, &mut rng))
            .collect();
        Self {
            parameters,
            ballots,
        }
    }

    /// Checks them one by one, as the peer does; says how many hold.
    pub fn check(&self) -> usize {
        let verdicts = self.ballots.iter().map(|b| b.verify(&self.parameters));
        verdicts.flatten().count()
    }
}
