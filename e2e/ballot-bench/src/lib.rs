//! The work that is measured: checking ballots, ours and a peer's. It holds no clock: whoever calls it measures.
//!
//! Ours are checked with their ed25519 signatures. The peer's (`elastic-elgamal`, a 0/1 proof per candidate and one for the sum) have none.

use elastic_elgamal::app::{ChoiceParams, EncryptedChoice, SingleChoice};
use elastic_elgamal::{Keypair, group::Ristretto};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use verifier_core::prove::{
    BallotProver, EncryptionSecret, ProveError, draw_signing_key, public_key, sign_body,
};
use verifier_core::{
    Action, AssetId, BallotKeys, Body, ContractId, GenesisHash, Hint, KeySetId, Transaction,
    check_ballot, check_batch, check_batch_with_hints, decompression_hints,
};

#[cfg(target_arch = "wasm32")]
mod page;

/// Ballots could not be made.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

const GENESIS: GenesisHash = GenesisHash([1; 32]);
const CONTRACT: ContractId = ContractId([2; 32]);
/// So many ballots are checked at once.
pub const BATCH: usize = 8192;

/// Ballots of both kinds, all valid.
pub struct Ballots {
    keys: BallotKeys,
    transactions: Vec<Transaction>,
    hints: Vec<Vec<Hint>>,
    peer: ChoiceParams<Ristretto, SingleChoice>,
    peer_ballots: Vec<EncryptedChoice<Ristretto, SingleChoice>>,
}

impl Ballots {
    /// `count` ballots of each kind for `candidates` candidates.
    pub fn cast(candidates: usize, count: usize, peer_count: usize) -> Result<Self, Error> {
        let mut rng = ChaCha20Rng::seed_from_u64(7);
        // Any points will do for addresses.
        let addresses: Vec<_> = (0..candidates)
            .map(|_| EncryptionSecret::draw(&mut rng).point())
            .collect();
        let keys = BallotKeys::new(GENESIS, CONTRACT, KeySetId([3; 32]), &addresses)?;
        let prover = BallotProver::new(keys.clone());
        let choices = || (0..candidates).cycle();
        let mut transactions = Vec::with_capacity(count);
        for (index, choice) in (0..).zip(choices()).take(count) {
            transactions.push(cast(&prover, index, choice, &mut rng)?);
        }
        let (receiver, _) = Keypair::generate(&mut rng).into_tuple();
        let peer = ChoiceParams::single(receiver, candidates);
        let peer_ballots = choices()
            .take(peer_count)
            .map(|choice| EncryptedChoice::single(&peer, choice, &mut rng))
            .collect();
        Ok(Self {
            keys,
            hints: transactions.iter().map(decompression_hints).collect(),
            transactions,
            peer,
            peer_ballots,
        })
    }

    /// Checks ours in batches; says how many hold.
    pub fn check_in_batches(&self) -> usize {
        let batches = self.transactions.chunks(BATCH);
        batches
            .map(|batch| check_batch(&self.keys, &batch.iter().collect::<Vec<_>>()))
            .map(|verdicts| verdicts.iter().flatten().count())
            .sum()
    }

    /// The same with decompression hints.
    pub fn check_with_hints(&self) -> usize {
        let ballots: Vec<_> = self.transactions.iter().zip(&self.hints).collect();
        let batches = ballots.chunks(BATCH).map(|batch| {
            let hinted: Vec<_> = batch
                .iter()
                .map(|(t, hints)| (*t, hints.as_slice()))
                .collect();
            check_batch_with_hints(&self.keys, &hinted)
        });
        batches
            .map(|verdicts| verdicts.iter().flatten().count())
            .sum()
    }

    /// Checks ours one by one; says how many hold.
    pub fn check_one_by_one(&self) -> usize {
        let verdicts = self
            .transactions
            .iter()
            .map(|t| check_ballot(&self.keys, t));
        verdicts.flatten().count()
    }

    /// Checks the peer's, one by one, as it does; says how many hold.
    pub fn check_peer(&self) -> usize {
        let verdicts = self.peer_ballots.iter().map(|b| b.verify(&self.peer));
        verdicts.flatten().count()
    }
}

fn cast(
    prover: &BallotProver,
    index: u16,
    choice: usize,
    rng: &mut ChaCha20Rng,
) -> Result<Transaction, ProveError> {
    let voter = draw_signing_key(rng);
    let asset = AssetId {
        municipality: 0,
        batch: 0,
        index,
    };
    let ballot = prover.prove(asset, public_key(&voter), *b"mark", choice, rng)?;
    let body = Body::new(GENESIS, CONTRACT, Action::Cast(ballot));
    Ok(sign_body(body, &[&voter]))
}
