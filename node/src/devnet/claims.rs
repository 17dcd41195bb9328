//! A devnet's RSA keys for rights on phones, if it has any: drawn from the seed, and written into the homes for the registrars' services.

use super::key_files::HomesError;
use super::seed::Seed;
use crate::home::{ClaimsFile, NoClaimKeys};
use rand_core::RngCore;
use rayon::prelude::*;
use std::path::PathBuf;

/// The keys of so many municipalities: about a second each.
pub fn draw_all(seed: Seed, municipalities: u16) -> Result<Vec<ClaimsFile>, NoClaimKeys> {
    let draw = |index: u16| {
        let mut drawn = [0; 32];
        seed.rng("claims", &[index.into()]).fill_bytes(&mut drawn);
        ClaimsFile::from_seed(drawn)
    };
    (0..municipalities).into_par_iter().map(draw).collect()
}

/// Writes them into homes that are there. Keys that are there already stay.
pub fn write_all(claims: &[ClaimsFile], homes: &[PathBuf]) -> Result<(), HomesError> {
    for (claims, home) in claims.iter().zip(homes) {
        let path = home.join("keys").join(ClaimsFile::file_name());
        if !path.exists() {
            claims.write(&path)?;
        } else if ClaimsFile::read(&path)?.public() != claims.public() {
            return Err(HomesError::OtherKey { path });
        }
    }
    Ok(())
}
