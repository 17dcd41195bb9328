//! KeyReady: a trustee proves that it holds its share of every candidate's key, one Schnorr proof (c, z) of log_B S_jm per candidate.

use super::{KeyError, KeySet};
use crate::equality::{Encoded, verify_knowledge};
use crate::group;
use crate::ids::MunicipalityIndex;
use crate::transaction::KeyReady;
use crate::transcript::Transcript;

const LABEL: &[u8] = b"chamgwan/key-ready/v1";

/// Checks key set, trustee, shape and every proof of a KeyReady.
pub fn check_ready(key_set: &KeySet, ready: &KeyReady) -> Result<(), KeyError> {
    if ready.key_set != key_set.id() {
        return Err(KeyError::WrongKeySet {
            actual: ready.key_set,
            expected: key_set.id(),
        });
    }
    let shares = key_set.shares_of(ready.trustee)?;
    if ready.proofs.len() != shares.len() {
        return Err(KeyError::WrongShape {
            symbol: "proof",
            actual: ready.proofs.len(),
            expected: shares.len(),
        });
    }
    for ((candidate, share), proof) in (0..).zip(&shares).zip(&ready.proofs) {
        let public = Encoded {
            point: share,
            bytes: &group::encode_point(share),
        };
        let transcript = ready_transcript(key_set, ready.trustee, candidate);
        verify_knowledge(transcript, public, proof)
            .map_err(|error| KeyError::of_proof("proof", usize::from(candidate), error))?;
    }
    Ok(())
}

/// What a proof of possession is bound to.
pub(crate) fn ready_transcript(
    key_set: &KeySet,
    trustee: MunicipalityIndex,
    candidate: u16,
) -> Transcript {
    let mut transcript = Transcript::new(LABEL, key_set.genesis(), key_set.contract());
    transcript.append(b"key set", key_set.id().as_bytes());
    transcript.append_u16(b"trustee", trustee);
    transcript.append_u16(b"candidate", candidate);
    transcript
}
