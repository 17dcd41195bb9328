//! Key files: one secret with one use, in a file that only its owner may read.
//!
//! ```json
//! { "version": 1, "use": "trustee", "public": "<64 hex>", "encryption": "<64 hex, trustee only>", "secret": "<64 hex>" }
//! ```
//!
//! Everything that the key's holder draws follows from the secret, what it is for and what it is bound to, so that whoever restarts repeats
//! the same bytes. The public parts stand there to be read by people; a file whose parts do not belong together is refused.

use super::private_file;
use rand_chacha::ChaCha20Rng;
use rand_core::{CryptoRngCore, SeedableRng};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use verifier_core::prove::{EncryptionSecret, SigningKey, draw_signing_key, public_key};
use verifier_core::{Point, PublicKey};
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const LABEL: &[u8] = b"chamgwan/key-file/v1";

/// What a key is for. Each key has one use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyUse {
    /// Deals the candidates' keys and opens the sums.
    Trustee,
    /// Signs the contract, the roll, the issued assets and turnout.
    Registrar,
    /// Signs the promise in receipts.
    Promise,
    /// Countersigns turnout.
    Observer,
    /// Hashes and encrypts the people on the roll; signs nothing.
    Roll,
}

impl KeyUse {
    /// The four that a municipality has from the start.
    pub const ALL: [Self; 4] = [
        Self::Trustee,
        Self::Registrar,
        Self::Promise,
        Self::Observer,
    ];

    /// The name in the file and of the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Trustee => "trustee",
            Self::Registrar => "registrar",
            Self::Promise => "promise",
            Self::Observer => "observer",
            Self::Roll => "roll",
        }
    }

    /// Name of the file in the folder `keys`.
    pub fn file_name(self) -> String {
        format!("{}.json", self.name())
    }
}

impl fmt::Display for KeyUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a key file is not used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error("{}: {error}", path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error(
        "{} may be read by others than its owner (mode {mode:03o}): chmod 600 it, and consider whether the key is still secret",
        path.display()
    )]
    Permissions { path: PathBuf, mode: u32 },
    #[error("{} is not a key file: {reason}", path.display())]
    Malformed { path: PathBuf, reason: String },
    #[error("{} holds a {actual} key, not a {expected} key", path.display())]
    WrongUse {
        path: PathBuf,
        actual: KeyUse,
        expected: KeyUse,
    },
}

/// One secret and its use.
pub struct KeyFile {
    key_use: KeyUse,
    secret: Zeroizing<[u8; 32]>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    version: u8,
    #[serde(rename = "use")]
    key_use: KeyUse,
    public: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    encryption: Option<String>,
    secret: Zeroizing<String>,
}

impl KeyFile {
    /// A new key.
    pub fn draw(key_use: KeyUse, rng: &mut impl CryptoRngCore) -> Self {
        let mut secret = Zeroizing::new([0; 32]);
        rng.fill_bytes(secret.as_mut());
        Self { key_use, secret }
    }

    /// Reads a key file for this use, unless anybody but its owner may read it.
    pub fn read(path: &Path, expected: KeyUse) -> Result<Self, KeyFileError> {
        let malformed = |reason: String| KeyFileError::Malformed {
            path: path.into(),
            reason,
        };
        let text = private_file::read(path)?;
        let form: Form = serde_json::from_str(&text).map_err(|e| malformed(e.to_string()))?;
        if form.key_use != expected {
            return Err(KeyFileError::WrongUse {
                path: path.into(),
                actual: form.key_use,
                expected,
            });
        }
        Self::from_form(&form).map_err(malformed)
    }

    /// Writes a new file that only its owner may read. A file that is already there stays as it is, and is an error.
    pub fn write(&self, path: &Path) -> Result<(), KeyFileError> {
        private_file::write(path, &self.form())
    }

    /// What the key is for.
    pub fn key_use(&self) -> KeyUse {
        self.key_use
    }

    /// The signing key.
    pub fn signing_key(&self) -> SigningKey {
        draw_signing_key(&mut self.rng("signing", &[]))
    }

    /// The public half of the signing key.
    pub fn public_key(&self) -> PublicKey {
        public_key(&self.signing_key())
    }

    /// What a trustee opens the shares dealt to it with.
    pub fn encryption_secret(&self) -> EncryptionSecret {
        EncryptionSecret::draw(&mut self.rng("encryption", &[]))
    }

    /// The public half of the encryption secret.
    pub fn encryption_point(&self) -> Point {
        self.encryption_secret().point()
    }

    /// Randomness for one purpose, bound to these bytes: the same again for the same arguments, and for no others.
    ///
    /// Whatever a proof's challenge depends on must stand in `binding`: a nonce that meets two challenges gives its secret away.
    pub fn rng(&self, purpose: &str, binding: &[&[u8]]) -> ChaCha20Rng {
        let mut hash = Sha256::new().chain_update(LABEL).chain_update(*self.secret);
        for part in [self.key_use.name().as_bytes(), purpose.as_bytes()]
            .iter()
            .chain(binding)
        {
            let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
            hash.update(length.to_le_bytes());
            hash.update(part);
        }
        let seed: Zeroizing<[u8; 32]> = Zeroizing::new(hash.finalize().into());
        ChaCha20Rng::from_seed(*seed)
    }

    fn form(&self) -> Form {
        let encryption =
            (self.key_use == KeyUse::Trustee).then(|| self.encryption_point().to_string());
        Form {
            version: VERSION,
            key_use: self.key_use,
            public: self.public_key().to_string(),
            encryption,
            secret: Zeroizing::new(hex::encode(*self.secret)),
        }
    }

    fn from_form(form: &Form) -> Result<Self, String> {
        if form.version != VERSION {
            return Err(format!("version {} instead of {VERSION}", form.version));
        }
        let mut secret = Zeroizing::new([0; 32]);
        hex::decode_to_slice(form.secret.as_bytes(), secret.as_mut())
            .map_err(|_| "the secret is not 64 hexadecimal digits".to_string())?;
        let file = Self {
            key_use: form.key_use,
            secret,
        };
        let expected = file.form();
        if form.public != expected.public || form.encryption != expected.encryption {
            return Err("the public parts do not belong to the secret".into());
        }
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::super::private_file::MODE;
    use super::*;
    use rand_core::RngCore;
    use std::os::unix::fs::PermissionsExt;

    fn drawn(key_use: KeyUse) -> KeyFile {
        KeyFile::draw(key_use, &mut ChaCha20Rng::seed_from_u64(1))
    }

    fn written(key_use: KeyUse) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(key_use.file_name());
        drawn(key_use).write(&path).unwrap();
        (folder, path)
    }

    #[test]
    fn what_was_written_is_read_and_only_its_owner_can() {
        for key_use in KeyUse::ALL {
            let (_folder, path) = written(key_use);
            let mode = path.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, MODE);
            let read = KeyFile::read(&path, key_use).unwrap();
            assert_eq!(read.public_key(), drawn(key_use).public_key());
        }
    }

    #[test]
    fn refuses_a_file_that_others_may_read() {
        let (_folder, path) = written(KeyUse::Trustee);
        for mode in [0o640, 0o604, 0o620, 0o601] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let read = KeyFile::read(&path, KeyUse::Trustee);
            assert!(matches!(read, Err(KeyFileError::Permissions { .. })));
        }
    }

    #[test]
    fn refuses_a_key_with_another_use() {
        let (_folder, path) = written(KeyUse::Observer);
        let read = KeyFile::read(&path, KeyUse::Trustee);
        assert!(matches!(read, Err(KeyFileError::WrongUse { .. })));
    }

    #[test]
    fn refuses_a_file_whose_parts_do_not_belong_together() {
        let (_folder, path) = written(KeyUse::Trustee);
        let text = std::fs::read_to_string(&path).unwrap();
        let public = drawn(KeyUse::Trustee).public_key().to_string();
        let encryption = drawn(KeyUse::Trustee).encryption_point().to_string();
        for part in [public, encryption] {
            std::fs::write(&path, text.replace(&part, &"0".repeat(64))).unwrap();
            let read = KeyFile::read(&path, KeyUse::Trustee);
            assert!(matches!(read, Err(KeyFileError::Malformed { .. })));
        }
        std::fs::write(&path, text.replace("\"version\": 1", "\"version\": 2")).unwrap();
        let read = KeyFile::read(&path, KeyUse::Trustee);
        assert!(matches!(read, Err(KeyFileError::Malformed { .. })));
    }

    #[test]
    fn overwrites_no_key() {
        let (_folder, path) = written(KeyUse::Promise);
        let again = drawn(KeyUse::Promise).write(&path);
        assert!(matches!(again, Err(KeyFileError::Io { .. })));
    }

    #[test]
    fn randomness_differs_by_purpose_and_by_every_part_it_is_bound_to() {
        let key = drawn(KeyUse::Trustee);
        let draw = |purpose, binding: &[&[u8]]| key.rng(purpose, binding).next_u64();
        assert_eq!(draw("deal", &[b"a", b"b"]), draw("deal", &[b"a", b"b"]));
        let others = [
            draw("share", &[b"a", b"b"]),
            draw("deal", &[b"ab", b""]),
            draw("deal", &[b"a"]),
        ];
        assert!(!others.contains(&draw("deal", &[b"a", b"b"])));
    }
}
