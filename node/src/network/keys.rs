//! A municipality's own keys: drawn, written as its home expects them, and their public halves as a fragment of the plan.

use super::cometbft;
use super::municipality::{CLAIMS_COUNTERSIGN, CLAIMS_HOME, PublicKeys};
use crate::home::{ClaimsFile, KeyFile, KeyFileError, KeyUse, NoClaimKeys};
use ed25519_dalek::SigningKey;
use rand_core::OsRng;
use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use verifier_core::prove::{draw_signing_key, public_key};
use verifier_core::{PublicKey, RsaModulus};

/// Owner reads and writes, nobody else anything.
const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;

/// Why keys cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    #[error(transparent)]
    NoClaimKeys(#[from] NoClaimKeys),
    #[error("{path}: {source}: keys are never written over others")]
    Write { path: PathBuf, source: io::Error },
}

/// All keys of one municipality.
pub struct OwnKeys {
    trustee: KeyFile,
    registrar: KeyFile,
    promise: KeyFile,
    observer: KeyFile,
    /// Only where rights are given to phones: making them takes a second.
    claims: Option<ClaimsFile>,
    /// CometBFT's name of the node follows from it.
    node: SigningKey,
    /// Signs blocks.
    validator: SigningKey,
}

impl OwnKeys {
    /// New keys, from the operating system's randomness; with those for rights on phones, or without.
    ///
    /// # Errors
    /// If no RSA keys can be made.
    pub fn draw(phones: bool) -> Result<Self, KeysError> {
        let file = |key_use| KeyFile::draw(key_use, &mut OsRng);
        Ok(Self {
            claims: phones.then(ClaimsFile::draw).transpose()?,
            trustee: file(KeyUse::Trustee),
            registrar: file(KeyUse::Registrar),
            promise: file(KeyUse::Promise),
            observer: file(KeyUse::Observer),
            node: draw_signing_key(&mut OsRng),
            validator: draw_signing_key(&mut OsRng),
        })
    }

    /// The public halves.
    pub fn public(&self) -> PublicKeys {
        PublicKeys {
            validator: public_key(&self.validator),
            node: cometbft::address(&PublicKey(self.node.verifying_key().to_bytes())),
            registrar: self.registrar.public_key(),
            trustee: self.trustee.public_key(),
            trustee_encryption: self.trustee.encryption_point(),
            promise: self.promise.public_key(),
            observer: self.observer.public_key(),
            claims: self.claims.as_ref().map(ClaimsFile::public),
        }
    }

    /// Writes them where a home has them, each readable by its owner only.
    ///
    /// # Errors
    /// If one is there already.
    pub fn write(&self, home: &Path) -> Result<(), KeysError> {
        let folder = home.join("keys");
        for folder in [&folder, &home.join("cometbft/config")] {
            let made = DirBuilder::new()
                .recursive(true)
                .mode(FOLDER_MODE)
                .create(folder);
            made.map_err(at(folder))?;
        }
        for key in [
            &self.trustee,
            &self.registrar,
            &self.promise,
            &self.observer,
        ] {
            key.write(&folder.join(key.key_use().file_name()))?;
        }
        if let Some(claims) = &self.claims {
            claims.write(&folder.join(ClaimsFile::file_name()))?;
        }
        let config = home.join("cometbft/config");
        write(
            &config.join("node_key.json"),
            &cometbft::node_key_file(&self.node).to_string(),
        )?;
        write(
            &config.join("priv_validator_key.json"),
            &format!("{:#}\n", cometbft::validator_key_file(&self.validator)),
        )
    }
}

impl PublicKeys {
    /// The section of `network.toml` that names them.
    pub fn to_toml(&self) -> String {
        let lines = [
            ("validator", self.validator.to_string()),
            ("node", hex::encode(self.node)),
            ("registrar", self.registrar.to_string()),
            ("trustee", self.trustee.to_string()),
            ("trustee_encryption", self.trustee_encryption.to_string()),
            ("promise", self.promise.to_string()),
            ("observer", self.observer.to_string()),
        ];
        let claims = self.claims.iter().flat_map(|claims| {
            let digits = |modulus: &RsaModulus| hex::encode(modulus.0);
            [
                (CLAIMS_HOME, digits(&claims.home)),
                (CLAIMS_COUNTERSIGN, digits(&claims.countersign)),
            ]
        });
        let lines: String = lines
            .into_iter()
            .chain(claims)
            .map(|(name, key)| format!("{name} = \"{key}\"\n"))
            .collect();
        format!("[municipality.keys]\n{lines}")
    }
}

/// Writes a new file that only its owner may read.
fn write(path: &Path, content: &str) -> Result<(), KeysError> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(FILE_MODE)
        .open(path)
        .and_then(|mut file| file.write_all(content.as_bytes()))
        .map_err(at(path))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> KeysError + use<> {
    let path = path.to_path_buf();
    move |source| KeysError::Write { path, source }
}
