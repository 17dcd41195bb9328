//! `keys/claims.json`: the two RSA keys that a municipality's registrar signs blindly with.
//!
//! ```json
//! { "version": 1, "use": "claims", "home": { "modulus": "<512 hex>", "secret": "<base64 of PKCS#8>" }, "countersign": { … } }
//! ```

use super::key_file::KeyFileError;
use super::private_file;
use blind_rsa_signatures::reexports::rand::SeedableRng;
use blind_rsa_signatures::reexports::rand::rngs::StdRng;
use blind_rsa_signatures::{
    DefaultRng, KeyPairSha384PSSRandomized as KeyPair, SecretKeySha384PSSRandomized as SecretKey,
};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use std::path::Path;
use verifier_core::{ClaimKeys, RSA_BYTES, RsaModulus};
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const USE: &str = "claims";
const FILE: &str = "claims.json";
const BITS: usize = RSA_BYTES * 8;

/// Both secret keys.
pub struct ClaimsFile {
    home: Secret,
    countersign: Secret,
}

/// One secret key.
struct Secret {
    modulus: RsaModulus,
    /// PKCS#8.
    der: Zeroizing<Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    version: u8,
    #[serde(rename = "use")]
    key_use: String,
    home: KeyForm,
    countersign: KeyForm,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyForm {
    modulus: String,
    secret: Zeroizing<String>,
}

/// RSA keys could not be made or written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no RSA keys of {BITS} bits could be made")]
pub struct NoClaimKeys;

impl ClaimsFile {
    /// New keys, from the operating system's randomness. Takes about a second.
    ///
    /// # Errors
    /// If the library fails.
    pub fn draw() -> Result<Self, NoClaimKeys> {
        let pair = || KeyPair::generate(&mut DefaultRng, BITS);
        Self::of(pair(), pair())
    }

    /// The keys that follow from a seed: a devnet's.
    ///
    /// # Errors
    /// If the library fails.
    pub fn from_seed(seed: [u8; 32]) -> Result<Self, NoClaimKeys> {
        let mut rng = StdRng::from_seed(seed);
        let home = KeyPair::generate(&mut rng, BITS);
        Self::of(home, KeyPair::generate(&mut rng, BITS))
    }

    fn of<E>(
        home: Result<KeyPair, E>,
        countersign: Result<KeyPair, E>,
    ) -> Result<Self, NoClaimKeys> {
        let secret = |pair: Result<KeyPair, E>| {
            let pair = pair.map_err(|_| NoClaimKeys)?;
            Secret::of(&pair.sk).ok_or(NoClaimKeys)
        };
        Ok(Self {
            home: secret(home)?,
            countersign: secret(countersign)?,
        })
    }

    /// Name of the file in the folder `keys`.
    pub fn file_name() -> &'static str {
        FILE
    }

    /// Reads the file, unless anybody but its owner may read it.
    ///
    /// # Errors
    /// If it is not there, or its parts do not belong together.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let malformed = |reason: String| KeyFileError::Malformed {
            path: path.into(),
            reason,
        };
        let text = private_file::read(path)?;
        let form: Form = serde_json::from_str(&text).map_err(|e| malformed(e.to_string()))?;
        if form.version != VERSION || form.key_use != USE {
            let expected = format!("not version {VERSION} of {USE} keys");
            return Err(malformed(expected));
        }
        let secret = |form: &KeyForm| Secret::read(form).map_err(|reason| malformed(reason.into()));
        Ok(Self {
            home: secret(&form.home)?,
            countersign: secret(&form.countersign)?,
        })
    }

    /// Writes a new file that only its owner may read.
    ///
    /// # Errors
    /// If there is one already.
    pub fn write(&self, path: &Path) -> Result<(), KeyFileError> {
        let form = Form {
            version: VERSION,
            key_use: USE.into(),
            home: self.home.form(),
            countersign: self.countersign.form(),
        };
        private_file::write(path, &form)
    }

    /// The public halves, as the contract names them.
    pub fn public(&self) -> ClaimKeys {
        ClaimKeys {
            home: self.home.modulus,
            countersign: self.countersign.modulus,
        }
    }

    /// The key for people on this municipality's roll, PKCS#8.
    pub fn home(&self) -> &[u8] {
        &self.home.der
    }

    /// The key for people on the roll of the municipality before, PKCS#8.
    pub fn countersign(&self) -> &[u8] {
        &self.countersign.der
    }
}

impl Secret {
    fn of(key: &SecretKey) -> Option<Self> {
        let modulus = key.components().n().try_into().ok()?;
        Some(Self {
            modulus: RsaModulus(modulus),
            der: Zeroizing::new(key.to_der().ok()?),
        })
    }

    fn read(form: &KeyForm) -> Result<Self, &'static str> {
        let der = BASE64.decode(form.secret.as_bytes());
        let der = Zeroizing::new(der.map_err(|_| "a secret is not base64")?);
        let key = SecretKey::from_der(&der).map_err(|_| "a secret is no RSA key in PKCS#8")?;
        let read = Self::of(&key).ok_or("a key has not 2048 bits")?;
        if hex::encode(read.modulus.0) == form.modulus {
            Ok(read)
        } else {
            Err("a modulus does not belong to its secret")
        }
    }

    fn form(&self) -> KeyForm {
        KeyForm {
            modulus: hex::encode(self.modulus.0),
            secret: Zeroizing::new(BASE64.encode(&self.der)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_was_written_is_read_by_its_owner_only_and_whole_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(ClaimsFile::file_name());
        let drawn = ClaimsFile::from_seed([1; 32]).unwrap();
        drawn.write(&path).unwrap();
        let read = ClaimsFile::read(&path).unwrap();
        assert_eq!(read.public(), drawn.public());
        assert_eq!(read.home(), drawn.home());
        assert_ne!(read.public().home, read.public().countersign);
        assert!(matches!(drawn.write(&path), Err(KeyFileError::Io { .. })));

        let text = std::fs::read_to_string(&path).unwrap();
        let modulus = hex::encode(drawn.public().home.0);
        let other = hex::encode(drawn.public().countersign.0);
        for changed in [
            text.replace(&modulus, &other),
            text.replace("claims", "promise"),
            text.replace("\"version\": 1", "\"version\": 2"),
        ] {
            std::fs::write(&path, changed).unwrap();
            let read = ClaimsFile::read(&path);
            assert!(matches!(read, Err(KeyFileError::Malformed { .. })));
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let read = ClaimsFile::read(&path);
        assert!(matches!(read, Err(KeyFileError::Permissions { .. })));
    }

    #[test]
    fn one_seed_gives_one_pair_of_keys() {
        let public = |seed| ClaimsFile::from_seed([seed; 32]).unwrap().public();
        assert_eq!(public(2), public(2));
        assert_ne!(public(2), public(3));
    }
}
