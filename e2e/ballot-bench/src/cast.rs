//! Making the ballots: the same ones in every run.

use crate::Error;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use std::ops::Range;
use verifier_core::prove::{
    BallotProver, EncryptionSecret, draw_signing_key, public_key, sign_body,
};
use verifier_core::{Action, AssetId, BallotKeys, Body, ContractId, GenesisHash, KeySetId};

const GENESIS: GenesisHash = GenesisHash([1; 32]);
const CONTRACT: ContractId = ContractId([2; 32]);

/// What the ballots are judged by. Any points will do for addresses.
pub fn ballot_keys(candidates: usize) -> Result<BallotKeys, Error> {
    let mut rng = ChaCha20Rng::seed_from_u64(8);
    let addresses: Vec<_> = (0..candidates)
        .map(|_| EncryptionSecret::draw(&mut rng).point())
        .collect();
    let keys = BallotKeys::new(GENESIS, CONTRACT, KeySetId([3; 32]), &addresses)?;
    Ok(keys)
}

/// The bytes of the ballots for assets of these indices, one after another; all have the same length.
pub fn cast(candidates: usize, indices: Range<u16>) -> Result<Vec<u8>, Error> {
    let mut rng = ChaCha20Rng::seed_from_u64(u64::from(indices.start));
    let prover = BallotProver::new(ballot_keys(candidates)?);
    let mut bytes = Vec::new();
    for (index, choice) in indices.zip((0..candidates).cycle()) {
        let voter = draw_signing_key(&mut rng);
        let asset = AssetId {
            municipality: 0,
            batch: 0,
            index,
        };
        let ballot = prover.prove(asset, public_key(&voter), *b"mark", choice, &mut rng)?;
        let body = Body::new(GENESIS, CONTRACT, Action::Cast(ballot));
        bytes.extend(sign_body(body, &[&voter]).encode());
    }
    Ok(bytes)
}
