//! Encrypted shares, and the complaint of whoever was dealt a bad one.
//!
//! The dealer draws P = p·B; with the recipient's key E = e·B both know K = p·E = e·P. The share of candidate j is sent as
//! f(m + 1) + pad_j, where pad_j is the challenge `pad` of a transcript over who deals what to whom, j, P and K. The commitments check the
//! share, so that it needs no authentication of its own. A complaint discloses K, with a proof that log_B E = log_P K.

use super::{KeyError, dealing, evaluate, identifier};
use crate::contract::Contract;
use crate::equality::{Encoded, Equality};
use crate::group;
use crate::ids::{ContractId, GenesisHash, MunicipalityIndex, Point};
use crate::transaction::{Complain, DealKey};
use crate::transcript::Transcript;
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT;
use curve25519_dalek::{RistrettoPoint, Scalar};

const PAD_LABEL: &[u8] = b"chamgwan/share-pad/v1";
const LABEL: &[u8] = b"chamgwan/complaint/v1";

/// Checks a complaint about `deal`, which was accepted before. Success names the culprit: the dealer, at least one of whose shares for the
/// recipient does not fit its commitments.
pub fn check_complaint(
    genesis: &GenesisHash,
    contract: &Contract,
    deal: &DealKey,
    complaint: &Complain,
) -> Result<MunicipalityIndex, KeyError> {
    check_subject(deal, complaint)?;
    let opened = dealing::open(contract, complaint.attempt, deal)?;
    check_disclosure(genesis, contract, deal, &opened.ephemeral, complaint)?;
    let contract = contract.id();
    let encrypted = opened.encrypted_shares.iter().zip(&opened.commitments);
    for ((candidate, shares), commitments) in (0..).zip(encrypted).map(|(j, (s, c))| ((j, s), c)) {
        let pad = pad(
            genesis,
            &contract,
            deal,
            complaint.recipient,
            candidate,
            &complaint.shared,
        );
        let good = shares
            .get(usize::from(complaint.recipient))
            .is_some_and(|share| is_dealt(commitments, complaint.recipient, &(share - pad)));
        if !good {
            return Ok(deal.dealer);
        }
    }
    Err(KeyError::Unfounded {
        dealer: deal.dealer,
    })
}

fn check_subject(deal: &DealKey, complaint: &Complain) -> Result<(), KeyError> {
    if complaint.attempt != deal.attempt {
        return Err(KeyError::WrongAttempt {
            actual: complaint.attempt,
            expected: deal.attempt,
        });
    }
    if complaint.dealer != deal.dealer {
        return Err(KeyError::UnknownMunicipality {
            municipality: complaint.dealer,
        });
    }
    Ok(())
}

fn check_disclosure(
    genesis: &GenesisHash,
    contract: &Contract,
    deal: &DealKey,
    ephemeral: &RistrettoPoint,
    complaint: &Complain,
) -> Result<(), KeyError> {
    let invalid = |symbol| KeyError::InvalidElement { symbol, index: 0 };
    let recipient =
        contract
            .municipality(complaint.recipient)
            .ok_or(KeyError::UnknownMunicipality {
                municipality: complaint.recipient,
            })?;
    let key = &recipient.trustee_encryption;
    let key_point = group::point_but_identity(key).ok_or_else(|| invalid("E"))?;
    let shared = group::point_but_identity(&complaint.shared).ok_or_else(|| invalid("K"))?;
    let statement = Equality {
        public: Encoded {
            point: &key_point,
            bytes: key,
        },
        base: Encoded {
            point: ephemeral,
            bytes: &deal.ephemeral,
        },
        image: Encoded {
            point: &shared,
            bytes: &complaint.shared,
        },
    };
    statement
        .verify(
            disclosure(genesis, &contract.id(), deal, complaint.recipient),
            &complaint.proof,
        )
        .map_err(|error| KeyError::of_proof("proof", 0, error))
}

/// What the proof of a disclosure is bound to.
pub(crate) fn disclosure(
    genesis: &GenesisHash,
    contract: &ContractId,
    deal: &DealKey,
    recipient: MunicipalityIndex,
) -> Transcript {
    transcript(LABEL, genesis, contract, deal, recipient)
}

/// pad_j, which hides the share of `candidate` from everybody but dealer and recipient. `shared` is K.
pub(crate) fn pad(
    genesis: &GenesisHash,
    contract: &ContractId,
    deal: &DealKey,
    recipient: MunicipalityIndex,
    candidate: u16,
    shared: &Point,
) -> Scalar {
    let mut transcript = transcript(PAD_LABEL, genesis, contract, deal, recipient);
    transcript.append_u16(b"candidate", candidate);
    transcript.append(b"P", deal.ephemeral.as_bytes());
    transcript.append(b"K", shared.as_bytes());
    transcript.challenge(b"pad")
}

/// Whether `share` is the value at m + 1 of the polynomial that is committed to.
pub(crate) fn is_dealt(
    commitments: &[RistrettoPoint],
    recipient: MunicipalityIndex,
    share: &Scalar,
) -> bool {
    RISTRETTO_BASEPOINT_POINT * share == evaluate(commitments, identifier(recipient))
}

fn transcript(
    label: &[u8],
    genesis: &GenesisHash,
    contract: &ContractId,
    deal: &DealKey,
    recipient: MunicipalityIndex,
) -> Transcript {
    let mut transcript = Transcript::new(label, genesis, contract);
    transcript.append_u16(b"attempt", deal.attempt);
    transcript.append_u16(b"dealer", deal.dealer);
    transcript.append_u16(b"recipient", recipient);
    transcript
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_pad_is_the_example_of_the_specification() {
        let deal = DealKey {
            attempt: 1,
            dealer: 2,
            ephemeral: Point([5; 32]),
            dealings: Vec::new(),
        };
        let (genesis, contract) = (GenesisHash([1; 32]), ContractId([2; 32]));
        let pad = pad(&genesis, &contract, &deal, 3, 4, &Point([6; 32]));
        assert_eq!(
            hex::encode(pad.as_bytes()),
            "7267a657efc273a086eb9d67cc7c72861735a3325b06df69457d87aca7e0a405"
        );
    }
}
