//! The homes: what a municipality's CometBFT and `node serve` start from.

use super::cometbft::{self, NodeId};
use super::description::{DESCRIPTION_FILE, Description, NodeDescription};
use super::keys::{KeysError, OwnKeys};
use super::municipality::{MunicipalityPlan, PublicKeys};
use super::plan::{Plan, PlanError};
use crate::engine::GenesisDocument;
use crate::home::{Home, HomeError, Settings};
use serde_json::Value;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use tendermint::{Time, validator};
use verifier_core::{Genesis, GenesisState, Seconds, ValidatorSetError};

/// Every municipality has the same power: they are equals.
const POWER: u32 = 10;
/// Blocks of a network are at most 4 MiB, about five thousand ballots: judged within a second, and sent to everyone within another.
const BLOCK_MAX_BYTES: i64 = 4 * 1024 * 1024;
/// A snapshot for late comers every so many blocks.
const SNAPSHOT_INTERVAL: u64 = 1_000;

/// Why the homes cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error(transparent)]
    Home(#[from] HomeError),
    #[error("a validator's key is none: {0}")]
    Validators(#[from] ValidatorSetError),
    #[error(transparent)]
    Tendermint(#[from] tendermint::Error),
    #[error("{path} is there already: remove it, or name another folder with --out")]
    Exists { path: PathBuf },
    #[error("{path}: {source}")]
    Write { path: PathBuf, source: io::Error },
}

/// Who plays in a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The municipalities themselves: each puts its own keys into its home.
    Election,
    /// This machine plays all of them: what keys are missing are drawn into the homes.
    Rehearsal,
}

/// Makes the homes of all municipalities in the new folder `out`. `now` is what relative times count from, and when a rehearsal's ledger begins.
///
/// # Errors
/// If the plan lacks something, or `out` is there already.
pub fn write_homes(
    plan: &Plan,
    out: &Path,
    purpose: Purpose,
    now: Seconds,
) -> Result<Description, InitError> {
    if purpose == Purpose::Election {
        plan.check_for_real()?;
    }
    if out.exists() {
        return Err(InitError::Exists { path: out.into() });
    }
    let own: Vec<Option<OwnKeys>> = plan
        .municipalities
        .iter()
        .map(|municipality| match municipality.keys {
            Some(_) => Ok(None),
            None => OwnKeys::draw(plan.election.phones).map(Some),
        })
        .collect::<Result<_, _>>()?;
    let keys: Vec<PublicKeys> = plan
        .municipalities
        .iter()
        .zip(&own)
        .filter_map(|(municipality, own)| {
            let given = municipality.keys.clone();
            given.or(own.as_ref().map(OwnKeys::public))
        })
        .collect();
    let start = Start::of(plan, &keys, now)?;
    create(out)?;
    for (index, own) in own.iter().enumerate() {
        start.write_home(plan, index, own.as_ref(), out)?;
    }
    write(
        &out.join(DESCRIPTION_FILE),
        start.description.to_json().as_bytes(),
    )?;
    Ok(start.description)
}

/// What all homes have in common.
struct Start {
    genesis: Value,
    nodes: Vec<NodeId>,
    description: Description,
}

impl Start {
    fn of(plan: &Plan, keys: &[PublicKeys], now: Seconds) -> Result<Self, InitError> {
        let contract = plan.contract(keys, now)?;
        let time = match plan.genesis_time {
            Some(time) => time,
            None => Time::from_unix_timestamp(i64::try_from(now).unwrap_or(i64::MAX), 0)?,
        };
        let document = GenesisDocument {
            chain_id: plan.chain_id.clone(),
            time,
            app_state: GenesisState::new(keys.iter().map(|keys| keys.registrar).collect())
                .to_app_state(),
        };
        let validators = plan.municipalities.iter().zip(keys);
        let validators = validators
            .map(|(municipality, keys)| validator_of(municipality, keys))
            .collect::<Result<Vec<_>, _>>()?;
        let genesis = Genesis::new(
            document.chain_id.clone(),
            document.time,
            1,
            validators.clone(),
            document.app_state.clone().into_bytes(),
        )?;
        let nodes = plan.municipalities.iter().zip(keys);
        Ok(Self {
            genesis: document.to_json_with(&validators, BLOCK_MAX_BYTES),
            nodes: keys.iter().map(|keys| keys.node).collect(),
            description: Description {
                chain_id: plan.chain_id.to_string(),
                genesis: genesis.hash(),
                contract,
                trusting_period: plan.trusting_period,
                nodes: nodes
                    .map(|(municipality, keys)| describe(municipality, keys))
                    .collect(),
            },
        })
    }

    fn write_home(
        &self,
        plan: &Plan,
        index: usize,
        own: Option<&OwnKeys>,
        out: &Path,
    ) -> Result<(), InitError> {
        let Some(municipality) = plan.municipalities.get(index) else {
            return Ok(());
        };
        let folder = out.join(&municipality.slug);
        let cometbft = folder.join("cometbft");
        for part in ["data", "cometbft/config", "cometbft/data"] {
            create(&folder.join(part))?;
        }
        Home::create(
            &folder,
            Settings {
                municipality: u16::try_from(index).unwrap_or(u16::MAX),
                chain_id: plan.chain_id.to_string(),
                abci: loopback(municipality.ports.abci),
                rpc: format!("http://127.0.0.1:{}", municipality.ports.rpc),
                metrics: Some(metrics(municipality)),
                snapshot_interval: SNAPSHOT_INTERVAL,
            },
        )?;
        let config = cometbft::config(plan, index, &self.nodes).unwrap_or_default();
        write(&cometbft.join("config/config.toml"), config.as_bytes())?;
        let genesis = pretty(&self.genesis);
        write(&cometbft.join("config/genesis.json"), genesis.as_bytes())?;
        let state = pretty(&cometbft::validator_state_file());
        write(
            &cometbft.join("data/priv_validator_state.json"),
            state.as_bytes(),
        )?;
        if let Some(own) = own {
            own.write(&folder)?;
        }
        Ok(())
    }
}

fn validator_of(
    municipality: &MunicipalityPlan,
    keys: &PublicKeys,
) -> Result<validator::Info, tendermint::Error> {
    let public = tendermint::PublicKey::from_raw_ed25519(&keys.validator.0)
        .ok_or_else(|| tendermint::Error::invalid_key("not an ed25519 public key".into()))?;
    let mut info = validator::Info::new(public, POWER.into());
    info.name = Some(municipality.name.en.clone());
    Ok(info)
}

fn describe(municipality: &MunicipalityPlan, keys: &PublicKeys) -> NodeDescription {
    let (host, ports) = (&municipality.host, municipality.ports);
    NodeDescription {
        home: municipality.slug.clone(),
        validator: keys.validator,
        power: POWER,
        url: municipality.url.clone(),
        rpc: format!("http://{host}:{}", ports.rpc),
        metrics: format!("http://{host}:{}/metrics", ports.metrics),
        cometbft_metrics: format!("http://{host}:{}/metrics", ports.cometbft_metrics),
    }
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

/// Prometheus may stand on another machine, unless the whole network is on this one.
fn metrics(municipality: &MunicipalityPlan) -> SocketAddr {
    let port = municipality.ports.metrics;
    if municipality.is_local() {
        loopback(port)
    } else {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port)
    }
}

/// Indented, with a line's end.
fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn create(folder: &Path) -> Result<(), InitError> {
    std::fs::create_dir_all(folder).map_err(at(folder))
}

fn write(path: &Path, content: &[u8]) -> Result<(), InitError> {
    std::fs::write(path, content).map_err(at(path))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> InitError + use<> {
    let path = path.to_path_buf();
    move |source| InitError::Write { path, source }
}
