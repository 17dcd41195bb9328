//! `node.toml`, and where things lie in the home.

use super::key_file::KeyUse;
use serde::{Deserialize, Serialize};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use verifier_core::MunicipalityIndex;

const FILE: &str = "node.toml";

/// The settings of `node serve`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Position in the contract's list, from 0.
    pub municipality: MunicipalityIndex,
    /// The ledger's name, as in the genesis.
    pub chain_id: String,
    /// Where CometBFT finds the application; `proxy_app` in its settings.
    pub abci: SocketAddr,
    /// The RPC of the CometBFT beside it: `http://127.0.0.1:26657`.
    pub rpc: String,
    /// Where Prometheus finds the application's numbers; nowhere if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics: Option<SocketAddr>,
    /// A snapshot for late comers every so many blocks; none if 0.
    #[serde(default = "default_snapshot_interval")]
    pub snapshot_interval: u64,
}

fn default_snapshot_interval() -> u64 {
    1_000
}

/// Why a home cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    #[error("{}: {error}", path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error("{} cannot be read: {reason}", path.display())]
    Settings { path: PathBuf, reason: String },
}

/// A municipality's folder.
#[derive(Clone, Debug)]
pub struct Home {
    folder: PathBuf,
    pub settings: Settings,
}

impl Settings {
    /// Text of `node.toml`.
    pub fn to_toml(&self) -> String {
        // Numbers and texts only, all of which TOML can say.
        toml::to_string(self).unwrap_or_default()
    }
}

impl Home {
    /// Reads the settings of the home in this folder.
    pub fn open(folder: &Path) -> Result<Self, HomeError> {
        let path = folder.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => return Err(HomeError::Io { path, error }),
        };
        match toml::from_str(&text) {
            Ok(settings) => Ok(Self {
                folder: folder.into(),
                settings,
            }),
            Err(error) => Err(HomeError::Settings {
                path,
                reason: error.to_string(),
            }),
        }
    }

    /// Writes the settings of a new home into this folder, which must be there.
    pub fn create(folder: &Path, settings: Settings) -> Result<Self, HomeError> {
        let path = folder.join(FILE);
        match std::fs::write(&path, settings.to_toml()) {
            Ok(()) => Ok(Self {
                folder: folder.into(),
                settings,
            }),
            Err(error) => Err(HomeError::Io { path, error }),
        }
    }

    /// A key's file.
    pub fn key(&self, key_use: KeyUse) -> PathBuf {
        self.keys().join(key_use.file_name())
    }

    /// The folder of the keys.
    pub fn keys(&self) -> PathBuf {
        self.folder.join("keys")
    }

    /// The folder of the application's database.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// CometBFT's home.
    pub fn cometbft(&self) -> PathBuf {
        self.folder.join("cometbft")
    }

    /// The trust card that this node hands out.
    pub fn trust_card(&self) -> PathBuf {
        self.folder.join("trust-card.json")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            municipality: 3,
            chain_id: "province-2026".into(),
            abci: "127.0.0.1:26658".parse().unwrap(),
            rpc: "http://127.0.0.1:26657".into(),
            metrics: None,
            snapshot_interval: 1_000,
        }
    }

    #[test]
    fn settings_that_were_written_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let metrics = Some("127.0.0.1:26661".parse().unwrap());
        for settings in [
            settings(),
            Settings {
                metrics,
                ..settings()
            },
        ] {
            Home::create(folder.path(), settings.clone()).unwrap();
            assert_eq!(Home::open(folder.path()).unwrap().settings, settings);
        }
    }

    #[test]
    fn refuses_a_setting_that_it_does_not_know() {
        let folder = tempfile::tempdir().unwrap();
        let text = format!("{}password = \"1234\"\n", settings().to_toml());
        std::fs::write(folder.path().join(FILE), text).unwrap();
        assert!(matches!(
            Home::open(folder.path()),
            Err(HomeError::Settings { .. })
        ));
    }

    #[test]
    fn says_which_file_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let error = Home::open(folder.path()).unwrap_err().to_string();
        assert!(error.contains(FILE), "{error}");
    }
}
