//! A trustee's side of key generation: dealing, receiving, complaining, proving readiness.

use super::{ProveError, draw_scalar};
use crate::contract::Contract;
use crate::equality::{Encoded, Equality, knowledge_challenge};
use crate::group;
use crate::ids::{ContractId, GenesisHash, MunicipalityIndex, Point, ScalarBytes};
use crate::keys::{
    self, KeyError, KeySet, OpenedDealKey, disclosure, is_dealt, pad, ready_transcript,
};
use crate::transaction::{Complain, DealKey, Dealing, KeyReady};
use curve25519_dalek::{RistrettoPoint, Scalar};
use frost_core::keys::SigningShare;
use frost_ristretto255::{Identifier, Ristretto255Sha512, keys::dkg};
use rand_core::CryptoRngCore;
use zeroize::Zeroizing;

/// e, with which a trustee opens the shares dealt to it; E = e·B stands in the contract.
pub struct EncryptionSecret(Zeroizing<Scalar>);

impl EncryptionSecret {
    /// A new secret.
    pub fn draw(rng: &mut impl CryptoRngCore) -> Self {
        Self(draw_scalar(rng))
    }

    /// E = e·B.
    pub fn point(&self) -> Point {
        group::encode_point(&RistrettoPoint::mul_base(&self.0))
    }

    /// K = e·P.
    fn shared(&self, ephemeral: &RistrettoPoint) -> RistrettoPoint {
        ephemeral * *self.0
    }
}

/// Deals this municipality's part of every candidate's key: for each a polynomial of its own by FROST's key generation, with the share of every
/// municipality encrypted to it. FROST asks for a threshold of at least two.
pub fn deal(
    genesis: &GenesisHash,
    contract: &Contract,
    attempt: u16,
    dealer: MunicipalityIndex,
    rng: &mut impl CryptoRngCore,
) -> Result<DealKey, ProveError> {
    let ephemeral = draw_scalar(rng);
    let mut deal = DealKey {
        attempt,
        dealer,
        ephemeral: group::encode_point(&RistrettoPoint::mul_base(&ephemeral)),
        dealings: Vec::new(),
    };
    let shared = shared_points(contract, &ephemeral)?;
    let contract_id = contract.id();
    for (candidate, _) in (0..).zip(&contract.candidates) {
        let (secret, package) = draw_polynomial(contract, dealer, rng)?;
        let coefficients = Zeroizing::new(secret.coefficients());
        let mut encrypted_shares = Vec::with_capacity(shared.len());
        for (recipient, shared) in (0..).zip(&shared) {
            let share = SigningShare::<Ristretto255Sha512>::from_coefficients(
                &coefficients,
                identifier(recipient)?,
            );
            let pad = pad(genesis, &contract_id, &deal, recipient, candidate, shared);
            encrypted_shares.push(group::encode_scalar(&(share.to_scalar() + pad)));
        }
        deal.dealings.push(Dealing {
            commitments: commitments(&package)?,
            proof_of_knowledge: proof_of_knowledge(&package),
            encrypted_shares,
        });
    }
    Ok(deal)
}

fn identifier(municipality: MunicipalityIndex) -> Result<Identifier, ProveError> {
    Ok(Identifier::new(keys::identifier(municipality))?)
}

fn draw_polynomial(
    contract: &Contract,
    dealer: MunicipalityIndex,
    rng: &mut impl CryptoRngCore,
) -> Result<(dkg::round1::SecretPackage, dkg::round1::Package), ProveError> {
    let all = u16::try_from(contract.municipalities.len()).unwrap_or(u16::MAX);
    Ok(dkg::part1(
        identifier(dealer)?,
        all,
        contract.threshold,
        rng,
    )?)
}

/// K of every recipient.
fn shared_points(contract: &Contract, ephemeral: &Scalar) -> Result<Vec<Point>, KeyError> {
    let recipients = contract.municipalities.iter().enumerate();
    recipients
        .map(|(index, recipient)| {
            let key = group::point_but_identity(&recipient.trustee_encryption)
                .ok_or(KeyError::InvalidElement { symbol: "E", index })?;
            Ok(group::encode_point(&(key * ephemeral)))
        })
        .collect()
}

fn commitments(package: &dkg::round1::Package) -> Result<Vec<Point>, ProveError> {
    let coefficients = package.commitment().coefficients().iter();
    Ok(coefficients
        .map(|coefficient| group::encode_point(&coefficient.value()))
        .collect())
}

fn proof_of_knowledge(package: &dkg::round1::Package) -> (Point, ScalarBytes) {
    let proof = package.proof_of_knowledge();
    (
        group::encode_point(proof.R()),
        group::encode_scalar(proof.z()),
    )
}

/// A trustee's shares s_jm of all candidates' keys.
pub struct TrusteeKeys {
    trustee: MunicipalityIndex,
    shares: Zeroizing<Vec<Scalar>>,
}

impl TrusteeKeys {
    /// Opens and adds up what was dealt to `trustee`. `dealings` are those that the key set was derived from.
    ///
    /// # Errors
    /// `BadDealing` names the first dealer whose shares do not fit: reason to [`complain`].
    pub fn receive(
        key_set: &KeySet,
        contract: &Contract,
        dealings: &[DealKey],
        trustee: MunicipalityIndex,
        secret: &EncryptionSecret,
    ) -> Result<Self, ProveError> {
        let verification_shares = key_set.shares_of(trustee)?;
        let mut sums = Zeroizing::new(vec![Scalar::ZERO; verification_shares.len()]);
        for deal in dealings {
            let opened = keys::open(contract, key_set.attempt(), deal)?;
            let shares = open_shares(key_set, deal, &opened, trustee, secret);
            let fit = shares
                .iter()
                .zip(&opened.commitments)
                .all(|(share, commitments)| is_dealt(commitments, trustee, share));
            if !fit {
                return Err(ProveError::BadDealing {
                    dealer: deal.dealer,
                });
            }
            for (sum, share) in sums.iter_mut().zip(shares.iter()) {
                *sum += share;
            }
        }
        Ok(Self {
            trustee,
            shares: sums,
        })
    }

    /// Whose shares they are.
    pub fn trustee(&self) -> MunicipalityIndex {
        self.trustee
    }

    pub(super) fn shares(&self) -> &[Scalar] {
        &self.shares
    }
}

/// f_j(m + 1) for every candidate j.
fn open_shares(
    key_set: &KeySet,
    deal: &DealKey,
    opened: &OpenedDealKey,
    trustee: MunicipalityIndex,
    secret: &EncryptionSecret,
) -> Zeroizing<Vec<Scalar>> {
    let shared = group::encode_point(&secret.shared(&opened.ephemeral));
    let (genesis, contract): (&GenesisHash, &ContractId) = (key_set.genesis(), key_set.contract());
    let encrypted = (0..).zip(&opened.encrypted_shares);
    let shares = encrypted.filter_map(|(candidate, shares)| {
        let share = shares.get(usize::from(trustee))?;
        Some(share - pad(genesis, contract, deal, trustee, candidate, &shared))
    });
    Zeroizing::new(shares.collect())
}

/// Proves that `trustee_keys` are the shares of `key_set`.
pub fn prove_ready(
    key_set: &KeySet,
    trustee_keys: &TrusteeKeys,
    rng: &mut impl CryptoRngCore,
) -> KeyReady {
    let trustee = trustee_keys.trustee;
    let mut prove = |candidate: u16, share: &Scalar| {
        let nonce = draw_scalar(rng);
        let public = group::encode_point(&RistrettoPoint::mul_base(share));
        let mut transcript = ready_transcript(key_set, trustee, candidate);
        let a = RistrettoPoint::mul_base(&nonce);
        let c = knowledge_challenge(&mut transcript, &public, &a);
        let z = *nonce + c * share;
        (group::encode_scalar(&c), group::encode_scalar(&z))
    };
    KeyReady {
        trustee,
        key_set: key_set.id(),
        proofs: (0..)
            .zip(trustee_keys.shares())
            .map(|(candidate, share)| prove(candidate, share))
            .collect(),
    }
}

/// Discloses what `deal` holds for `recipient`, so that everybody can see that it is bad.
pub fn complain(
    genesis: &GenesisHash,
    contract: &Contract,
    deal: &DealKey,
    recipient: MunicipalityIndex,
    secret: &EncryptionSecret,
    rng: &mut impl CryptoRngCore,
) -> Result<Complain, ProveError> {
    let opened = keys::open(contract, deal.attempt, deal)?;
    let shared = secret.shared(&opened.ephemeral);
    let shared_bytes = group::encode_point(&shared);
    let statement = Equality {
        public: Encoded {
            point: &RistrettoPoint::mul_base(&secret.0),
            bytes: &secret.point(),
        },
        base: Encoded {
            point: &opened.ephemeral,
            bytes: &deal.ephemeral,
        },
        image: Encoded {
            point: &shared,
            bytes: &shared_bytes,
        },
    };
    let transcript = disclosure(genesis, &contract.id(), deal, recipient);
    Ok(Complain {
        attempt: deal.attempt,
        dealer: deal.dealer,
        recipient,
        shared: shared_bytes,
        proof: super::share::prove_equality(&statement, transcript, &secret.0, rng),
    })
}
