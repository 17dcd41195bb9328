//! A live devnet's keys as key files: drawn from the seed, and in the form in which every municipality's home has them, so that whatever works with
//! a home works beside a devnet.

use super::keys::{MunicipalityKeys, TrusteeSecrets};
use super::names;
use super::offices::OfficeKeys;
use super::seed::Seed;
use crate::home::{Home, HomeError, KeyFile, KeyFileError, KeyUse, Settings};
use crate::network::slug;
use std::fs::DirBuilder;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use verifier_core::Name;

/// Owner reads and writes, nobody else anything.
const FOLDER_MODE: u32 = 0o700;

/// Why homes could not be written.
#[derive(Debug, thiserror::Error)]
pub enum HomesError {
    #[error("{}: {error}", path.display())]
    Folder { path: PathBuf, error: io::Error },
    #[error(transparent)]
    Key(#[from] KeyFileError),
    #[error(transparent)]
    Home(#[from] HomeError),
    #[error("{} holds another key already", path.display())]
    OtherKey { path: PathBuf },
}

fn key_file(seed: Seed, key_use: KeyUse, index: u16) -> KeyFile {
    let mut rng = seed.rng("key file", &[position(key_use), index.into()]);
    KeyFile::draw(key_use, &mut rng)
}

fn position(key_use: KeyUse) -> u64 {
    let at = KeyUse::ALL.iter().position(|other| *other == key_use);
    at.and_then(|at| u64::try_from(at).ok()).unwrap_or(u64::MAX)
}

/// The keys of so many municipalities.
pub fn draw_all(seed: Seed, municipalities: u16) -> Vec<MunicipalityKeys> {
    (0..)
        .zip(names::municipalities(municipalities))
        .map(|(index, (name, _))| draw(seed, index, name))
        .collect()
}

fn draw(seed: Seed, index: u16, name: Name) -> MunicipalityKeys {
    let signing = |key_use| key_file(seed, key_use, index).signing_key();
    MunicipalityKeys {
        name,
        offices: OfficeKeys {
            registrar: signing(KeyUse::Registrar),
            promise: signing(KeyUse::Promise),
            observer: signing(KeyUse::Observer),
        },
        trustee: TrusteeSecrets {
            signing: signing(KeyUse::Trustee),
            encryption: key_file(seed, KeyUse::Trustee, index).encryption_secret(),
        },
    }
}

/// Writes the home of every municipality into `out`, in a folder of its English name, and says where. Homes that are there already with the same keys stay.
///
/// # Errors
/// If a home holds other keys, or cannot be written.
pub fn write_homes(
    seed: Seed,
    chain_id: &str,
    municipalities: &[Name],
    url: &str,
    out: &Path,
) -> Result<Vec<PathBuf>, HomesError> {
    let mut homes = Vec::new();
    for (index, name) in (0..).zip(municipalities) {
        let folder = out.join(slug(&name.en));
        let keys = folder.join("keys");
        let made = DirBuilder::new()
            .recursive(true)
            .mode(FOLDER_MODE)
            .create(&keys);
        made.map_err(|error| HomesError::Folder { path: keys, error })?;
        let home = Home::create(
            &folder,
            Settings {
                municipality: index,
                chain_id: chain_id.to_owned(),
                // Nobody listens there: a devnet's application is in its own process.
                abci: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
                rpc: format!("{url}/n/{index}"),
                metrics: None,
                snapshot_interval: 0,
            },
        )?;
        for key_use in KeyUse::ALL {
            write_key(&key_file(seed, key_use, index), &home.key(key_use))?;
        }
        homes.push(folder);
    }
    Ok(homes)
}

fn write_key(key: &KeyFile, path: &Path) -> Result<(), HomesError> {
    if !path.exists() {
        return Ok(key.write(path)?);
    }
    let there = KeyFile::read(path, key.key_use())?;
    if there.public_key() == key.public_key() {
        Ok(())
    } else {
        Err(HomesError::OtherKey { path: path.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use verifier_core::prove::public_key;

    #[test]
    fn homes_hold_the_keys_that_the_election_is_held_with_and_are_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<Name> = names::municipalities(2)
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let write = |seed| write_homes(seed, "chain", &names, "http://localhost", folder.path());
        write(Seed(5)).unwrap();
        write(Seed(5)).unwrap();
        let home = Home::open(&folder.path().join("yongin")).unwrap();
        assert_eq!(home.settings.municipality, 1);
        assert_eq!(home.settings.rpc, "http://localhost/n/1");
        let drawn = draw_all(Seed(5), 2);
        let registrar = KeyFile::read(&home.key(KeyUse::Registrar), KeyUse::Registrar).unwrap();
        assert_eq!(
            registrar.public_key(),
            public_key(&drawn[1].offices.registrar)
        );
        let trustee = KeyFile::read(&home.key(KeyUse::Trustee), KeyUse::Trustee).unwrap();
        assert_eq!(
            trustee.encryption_point(),
            drawn[1].trustee.encryption.point()
        );
        assert!(matches!(write(Seed(6)), Err(HomesError::OtherKey { .. })));
    }
}
