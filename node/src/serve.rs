//! `node serve`: the application beside this municipality's CometBFT, from the files of its home.

use crate::abci::{AbciError, GenesisError, Listener, Service, Stopped, read_genesis};
use crate::client::Client;
use crate::clock::clock;
use crate::duty::{self, Trustee};
use crate::home::{Home, HomeError, KeyFile, KeyFileError, KeyUse};
use crate::metrics::{self, Metrics};
use crate::promise::Promiser;
use crate::snapshot::Snapshots;
use crate::storage::{DATABASE_FILE, StorageError, Store};
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

/// Why the node does not run, or no longer.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    Home(#[from] HomeError),
    #[error(transparent)]
    Genesis(#[from] GenesisError),
    #[error("the genesis is that of {actual}, but node.toml says {expected}")]
    Chain { actual: String, expected: String },
    #[error(transparent)]
    Key(#[from] KeyFileError),
    #[error("{}: {error}", path.display())]
    Folder { path: PathBuf, error: io::Error },
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Application(#[from] AbciError),
    #[error("{address} cannot be listened on: {error}")]
    Address {
        address: SocketAddr,
        error: io::Error,
    },
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

/// Serves until something fails that nobody may go on after.
pub fn serve(home: &Home) -> Result<(), ServeError> {
    let settings = &home.settings;
    let trustee = read_key(home, KeyUse::Trustee, "is no trustee")?
        .map(|key| Trustee::new(settings.municipality, key));
    let promiser = read_key(home, KeyUse::Promise, "promises nothing")?
        .map(|key| Promiser::new(settings.municipality, key.signing_key()));
    let genesis = read_genesis(&home.cometbft())?;
    if genesis.chain_id.as_str() != settings.chain_id {
        return Err(ServeError::Chain {
            actual: genesis.chain_id.to_string(),
            expected: settings.chain_id.clone(),
        });
    }
    let store = open_store(home)?;
    let metrics = Arc::new(Metrics::new(home.data().join(DATABASE_FILE)));
    let service = Service::open(
        Arc::new(store),
        genesis,
        home.trust_card(),
        promiser,
        Snapshots::new(home.data().join("snapshots"), settings.snapshot_interval),
        Arc::clone(&metrics),
        clock,
    )?;
    let service = Arc::new(service);
    let address = settings.abci;
    let listener = Listener::on(address).map_err(|error| ServeError::Address { address, error })?;
    if let Some(address) = settings.metrics {
        spawn_metrics(address, Arc::clone(&metrics));
    }
    if let Some(trustee) = trustee {
        spawn_duty(trustee, &settings.rpc, &service, &metrics);
    }
    eprintln!(
        "The application of {} stands at height {} and waits for CometBFT at {address}.",
        settings.chain_id,
        service.committed().height
    );
    let stopped = listener.serve(service);
    Err(stopped.recv().unwrap_or(Stopped::Panicked).into())
}

/// A key of this home, if it is there: a node without it keeps the ledger as well as any.
fn read_key(home: &Home, key_use: KeyUse, without: &str) -> Result<Option<KeyFile>, KeyFileError> {
    let path = home.key(key_use);
    match KeyFile::read(&path, key_use) {
        Ok(key) => Ok(Some(key)),
        Err(KeyFileError::Io { error, .. }) if error.kind() == io::ErrorKind::NotFound => {
            eprintln!(
                "There is no {}: this node keeps the ledger, and {without}.",
                path.display()
            );
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn spawn_duty(trustee: Trustee, rpc: &str, service: &Service, metrics: &Arc<Metrics>) {
    let (client, metrics) = (Client::new(rpc), Arc::clone(metrics));
    let (committed, first) = (service.follow(), service.committed());
    thread::spawn(move || duty::run(&trustee, &client, first, &committed, &metrics));
}

fn open_store(home: &Home) -> Result<Store, ServeError> {
    let path = home.data();
    if let Err(error) = std::fs::create_dir_all(&path) {
        return Err(ServeError::Folder { path, error });
    }
    Ok(Store::open(&path)?)
}

/// A node without its numbers still votes and counts, so that a failure here stops nothing.
fn spawn_metrics(address: SocketAddr, metrics: Arc<Metrics>) {
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let served = runtime.and_then(|runtime| runtime.block_on(metrics::serve(address, metrics)));
        if let Err(error) = served {
            eprintln!("The numbers for Prometheus are not served at {address}: {error}.");
        }
    });
}
