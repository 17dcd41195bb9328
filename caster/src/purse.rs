//! The purse: a voting right on its way to a phone, and what became of it. It outlives the page: whoever closes it goes on where they were.
//!
//! ```text
//! drawn ── home signs ──► half signed ── next municipality signs ──► signed, claimed at a drawn moment ── ballot signed ──► used
//! ```
//!
//! Once the ballot is signed the key is gone, and only what is public is left.

use crate::{Kept, PurseFault};
use borsh::{BorshDeserialize, BorshSerialize};
use rand_core::CryptoRngCore;
use verifier_core::prove::{Blinding, SigningKey, VoterElection, public_key};
use verifier_core::{
    Action, AssetId, BlindSignature, ContractId, GenesisHash, Hash, MunicipalityIndex, PublicKey,
    RSA_BYTES, RsaModulus, Seconds, Transaction, VotingRight, claim_moment,
};

/// Changes whenever older bytes would be read wrongly.
const VERSION: u8 = 1;

/// One person's purse for one election. Its bytes are as secret as the right.
#[derive(BorshSerialize, BorshDeserialize)]
pub struct Purse {
    version: u8,
    home: MunicipalityIndex,
    stage: Stage,
}

#[derive(BorshSerialize, BorshDeserialize)]
#[expect(clippy::large_enum_variant, reason = "there is one of them")]
enum Stage {
    Drawn {
        right: VotingRight,
        blinding: Blinding,
    },
    HalfSigned {
        right: VotingRight,
        home: BlindSignature,
        commitment: Hash,
        authorisation: [u8; 64],
        blinding: Blinding,
    },
    Signed {
        right: VotingRight,
        claim: Vec<u8>,
        at: Seconds,
    },
    Used {
        asset: AssetId,
        mark: [u8; 4],
        ballot: Vec<u8>,
    },
}

/// What the home municipality gave.
pub struct HomeSigned {
    pub signature: [u8; RSA_BYTES],
    pub commitment: Hash,
    pub authorisation: [u8; 64],
}

impl Purse {
    /// Draws a voter address and blinds it for the municipality on whose roll the person stands.
    ///
    /// # Errors
    /// If the key is none.
    pub fn draw(
        genesis: GenesisHash,
        contract: ContractId,
        home: MunicipalityIndex,
        key: RsaModulus,
        rng: &mut impl CryptoRngCore,
    ) -> Result<Self, PurseFault> {
        let mut seed = [0; 32];
        rng.fill_bytes(&mut seed);
        let right = VotingRight::new(genesis, contract, seed);
        let blinding = blind(&right, key, rng)?;
        Ok(Self {
            version: VERSION,
            home,
            stage: Stage::Drawn { right, blinding },
        })
    }

    /// Reads what was kept; nothing if it is of another make, or torn. Behind it may stand what is left of a longer one before it.
    pub fn read(mut bytes: &[u8]) -> Option<Self> {
        Self::deserialize(&mut bytes)
            .ok()
            .filter(|purse| purse.version == VERSION)
    }

    /// What is kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        borsh::to_vec(self).unwrap_or_default() // writing to memory does not fail
    }

    /// Takes the home municipality's signature, and blinds the address for the next municipality. Later calls change nothing.
    ///
    /// # Errors
    /// If it is no signature on what was asked for; everything stays as it was.
    pub fn home_signed(
        &mut self,
        signed: &HomeSigned,
        next: RsaModulus,
        rng: &mut impl CryptoRngCore,
    ) -> Result<(), PurseFault> {
        let Stage::Drawn { right, blinding } = &self.stage else {
            return Ok(());
        };
        let home = blinding.finalize(&signed.signature);
        self.stage = Stage::HalfSigned {
            home: home.map_err(|_| PurseFault::NotSigned)?,
            commitment: signed.commitment,
            authorisation: signed.authorisation,
            blinding: blind(right, next, rng)?,
            right: again(right),
        };
        Ok(())
    }

    /// Takes the second signature: the claim is made, and a moment drawn for it in `span`, or it is due at once. Later calls change nothing.
    ///
    /// # Errors
    /// If it is no signature on what was asked for; everything stays as it was.
    pub fn countersigned(
        &mut self,
        signature: &[u8; RSA_BYTES],
        span: Option<(Seconds, Seconds)>,
        rng: &mut impl CryptoRngCore,
    ) -> Result<(), PurseFault> {
        let Stage::HalfSigned {
            right,
            home,
            blinding,
            ..
        } = &self.stage
        else {
            return Ok(());
        };
        let countersign = blinding.finalize(signature);
        let countersign = countersign.map_err(|_| PurseFault::NotSigned)?;
        let key = SigningKey::from_bytes(&right.seed);
        let claim = election(right).claim(self.home, *home, countersign, &key);
        self.stage = Stage::Signed {
            right: again(right),
            claim: claim.encode(),
            at: span.map_or(0, |(start, end)| {
                claim_moment(&(start..end), rng.next_u64())
            }),
        };
        Ok(())
    }

    /// The right, as long as it is not used.
    pub fn right(&self) -> Option<&VotingRight> {
        match &self.stage {
            Stage::Signed { right, .. } => Some(right),
            Stage::Drawn { .. } | Stage::HalfSigned { .. } | Stage::Used { .. } => None,
        }
    }

    /// The purse of whoever has voted with its right. The key is gone.
    #[must_use]
    pub fn used(self, ballot: &Transaction) -> Self {
        let Action::Cast(cast) = &ballot.body.action else {
            return self;
        };
        Self {
            version: VERSION,
            home: self.home,
            stage: Stage::Used {
                asset: cast.asset,
                mark: cast.mark,
                ballot: ballot.encode(),
            },
        }
    }

    /// What the page may know.
    pub fn kept(&self) -> Kept {
        let home = self.home;
        match &self.stage {
            Stage::Drawn { blinding, .. } => Kept::Drawn {
                home,
                blinded: blinding.blinded().to_vec(),
            },
            Stage::HalfSigned {
                commitment,
                authorisation,
                blinding,
                ..
            } => Kept::HalfSigned {
                home,
                commitment: *commitment,
                authorisation: *authorisation,
                blinded: blinding.blinded().to_vec(),
            },
            Stage::Signed { right, claim, at } => Kept::Signed {
                home,
                address: address(right),
                claim: claim.clone(),
                at: *at,
            },
            Stage::Used {
                asset,
                mark,
                ballot,
            } => Kept::Used {
                asset: *asset,
                mark: *mark,
                ballot: ballot.clone(),
            },
        }
    }
}

fn election(right: &VotingRight) -> VoterElection {
    VoterElection {
        genesis: right.genesis,
        contract: right.contract,
    }
}

fn address(right: &VotingRight) -> PublicKey {
    public_key(&SigningKey::from_bytes(&right.seed))
}

fn blind(
    right: &VotingRight,
    key: RsaModulus,
    rng: &mut impl CryptoRngCore,
) -> Result<Blinding, PurseFault> {
    let message = election(right).claim_message(&address(right));
    Blinding::new(key, &message, rng).map_err(|_| PurseFault::NoKey)
}

fn again(right: &VotingRight) -> VotingRight {
    VotingRight::new(right.genesis, right.contract, right.seed)
}
