//! What the service takes from a municipality's home: its keys, and which municipality it is.

use crate::roll::RollSecrets;
use crate::service::Keys;
use crate::signer::{BlindSigner, NoKey};
use node::home::{ClaimsFile, Home, HomeError, KeyFile, KeyFileError, KeyUse};
use rand_core::OsRng;
use std::path::Path;
use verifier_core::MunicipalityIndex;

/// Why a home cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HomeTrouble {
    #[error(transparent)]
    Home(#[from] HomeError),
    #[error(transparent)]
    Key(#[from] KeyFileError),
    #[error("keys/claims.json: {0}")]
    Claims(#[from] NoKey),
}

/// The municipality and its keys for this service.
///
/// # Errors
/// If a key is missing, or may be read by others.
pub fn open(folder: &Path) -> Result<(MunicipalityIndex, Keys), HomeTrouble> {
    let home = Home::open(folder)?;
    let claims = ClaimsFile::read(&home.keys().join(ClaimsFile::file_name()))?;
    let registrar = KeyFile::read(&home.key(KeyUse::Registrar), KeyUse::Registrar)?;
    let roll = KeyFile::read(&home.key(KeyUse::Roll), KeyUse::Roll)?;
    let keys = Keys {
        registrar: registrar.signing_key(),
        roll: RollSecrets::of(&roll),
        home: BlindSigner::read(claims.home())?,
        countersign: BlindSigner::read(claims.countersign())?,
    };
    Ok((home.settings.municipality, keys))
}

/// The roll's secrets; the first time, a key file is made for them.
///
/// # Errors
/// If there is one that cannot be used.
pub fn roll_secrets(folder: &Path) -> Result<RollSecrets, HomeTrouble> {
    let path = Home::open(folder)?.key(KeyUse::Roll);
    if !path.exists() {
        KeyFile::draw(KeyUse::Roll, &mut OsRng).write(&path)?;
    }
    Ok(RollSecrets::of(&KeyFile::read(&path, KeyUse::Roll)?))
}
