//! Signing what is not seen: RFC 9474, variant RSABSSA-SHA384-PSS-Randomized.

use blind_rsa_signatures::{PublicKeySha384PSSRandomized, SecretKeySha384PSSRandomized};
use verifier_core::{RSA_BYTES, RsaModulus};

/// One secret key with one use.
pub struct BlindSigner {
    key: SecretKeySha384PSSRandomized,
    modulus: RsaModulus,
}

/// A number that this key does not sign: of another length, or not below the modulus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what is to be signed is no number below the key's modulus")]
pub struct Unsignable;

/// Bytes that are no key of 2,048 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key is no RSA key of 2048 bits with exponent 65537, in PKCS#8")]
pub struct NoKey;

impl BlindSigner {
    /// The key in these bytes, PKCS#8.
    ///
    /// # Errors
    /// If it is none, or does not fit together.
    pub fn read(der: &[u8]) -> Result<Self, NoKey> {
        let key = SecretKeySha384PSSRandomized::from_der(der).map_err(|_| NoKey)?;
        let public: PublicKeySha384PSSRandomized = key.public_key().map_err(|_| NoKey)?;
        let components = public.components();
        let modulus: [u8; RSA_BYTES] = components.n().try_into().map_err(|_| NoKey)?;
        let exponent = components.e();
        let significant = exponent.iter().skip_while(|byte| **byte == 0);
        if !significant.eq([1, 0, 1].iter()) {
            return Err(NoKey);
        }
        Ok(Self {
            key,
            modulus: RsaModulus(modulus),
        })
    }

    /// The public half.
    pub fn modulus(&self) -> RsaModulus {
        self.modulus
    }

    /// The blind signature: the same for the same bytes. The exponentiation is blinded once more, so that how long it takes says nothing of
    /// the key.
    ///
    /// # Errors
    /// If the bytes are no number below the modulus.
    pub fn sign(&self, blinded: &[u8]) -> Result<Vec<u8>, Unsignable> {
        let signature = self.key.blind_sign(blinded).map_err(|_| Unsignable)?;
        Ok(signature.0)
    }
}
