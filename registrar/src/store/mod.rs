//! The service's database: SQLite beside it, or PostgreSQL. One set of statements serves both; only the tables' types differ.
//!
//! Whatever must happen once happens in one statement whose condition the database checks, so that two requests at the same time are
//! no different from two in a row.

mod codes;
mod countersigned;
mod issuances;
mod ledger;
mod people;

pub use codes::{Attempt, Scope};
pub use countersigned::Countersigned;
pub use issuances::{Batch, BatchState, Issuance, Numbers};
pub use ledger::RecordedBatch;
pub use people::{Listed, NewPerson};

use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AnyPool, Executor};
use std::borrow::Cow;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

const SQLITE: &str = include_str!("../../migrations/sqlite/0001_registrar.sql");
const POSTGRES: &str = include_str!("../../migrations/postgres/0001_registrar.sql");
const POSTGRES_CONNECTIONS: u32 = 8;
/// Owner reads and writes, nobody else anything.
const MODE: u32 = 0o600;

/// Why the database gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the database's tables: {0}")]
    Migrate(#[from] MigrateError),
    #[error("{path}: {error}")]
    File { path: String, error: io::Error },
    #[error("{0:?} names no database: write sqlite:FILE or postgres://USER@HOST/NAME")]
    Url(String),
    #[error("the database holds a roll already: one roll for each database")]
    RollIsThere,
    #[error("the database belongs to another election or municipality")]
    OtherElection,
    #[error("the database holds a {0} that is none")]
    Malformed(&'static str),
}

/// The database.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
}

impl Store {
    /// Opens the database that the URL names and brings its tables up to date. An SQLite file is made if it is not there.
    ///
    /// # Errors
    /// If there is none, or its tables are not ours.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        install_default_drivers();
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return Self::open_sqlite(path).await;
        }
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(StoreError::Url(url.into()));
        }
        let options = AnyPoolOptions::new().max_connections(POSTGRES_CONNECTIONS);
        let pool = options.connect(url).await?;
        migrations(POSTGRES).run(&pool).await?;
        Ok(Self { pool })
    }

    /// One connection: SQLite has one writer, and readers do not wait long here.
    async fn open_sqlite(path: &str) -> Result<Self, StoreError> {
        let path = made_file(path).map_err(|error| StoreError::File {
            path: path.into(),
            error,
        })?;
        let options = AnyPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None);
        let pool = options
            .connect(&format!("sqlite://{}", path.display()))
            .await?;
        pool.execute("PRAGMA journal_mode = WAL").await?;
        pool.execute("PRAGMA synchronous = FULL").await?;
        migrations(SQLITE).run(&pool).await?;
        Ok(Self { pool })
    }

    /// Ends all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// The file's whole path; made for its owner only, if it is not there.
fn made_file(path: &str) -> io::Result<PathBuf> {
    std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .mode(MODE)
        .open(path)?;
    std::fs::canonicalize(path)
}

fn migrations(first: &'static str) -> Migrator {
    let first = Migration::new(
        1,
        Cow::Borrowed("registrar"),
        MigrationType::Simple,
        Cow::Borrowed(first),
        false,
    );
    Migrator {
        migrations: Cow::Owned(vec![first]),
        ..Migrator::DEFAULT
    }
}

/// A column of so many bytes.
fn array<const N: usize>(bytes: Vec<u8>, what: &'static str) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Malformed(what))
}

/// Seconds and counts as databases have them.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
