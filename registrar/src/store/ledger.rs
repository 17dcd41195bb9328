//! What the ledger says: which commitments are recorded, up to which block it was read.

use super::{BatchState, Store, StoreError, array};
use sqlx::{Any, Row, Transaction};
use verifier_core::{ContractId, GenesisHash, Hash, Height, MunicipalityIndex, TrackingCode};

const ELECTION: &str = "election";
const HEIGHT: &str = "height";

/// A RecordIssuances transaction that took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedBatch {
    pub municipality: MunicipalityIndex,
    pub sequence: u16,
    pub code: TrackingCode,
    pub commitments: Vec<Hash>,
}

impl Store {
    /// Ties the database to an election and a municipality, the first time; from then on it must be these.
    ///
    /// # Errors
    /// If it belongs to another.
    pub async fn belong(
        &self,
        genesis: &GenesisHash,
        contract: &ContractId,
        municipality: MunicipalityIndex,
    ) -> Result<(), StoreError> {
        let election = verifier_core::encode(&(genesis, contract, municipality));
        sqlx::query(
            "INSERT INTO place (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        )
        .bind(ELECTION)
        .bind(election.as_slice())
        .execute(&self.pool)
        .await?;
        match self.place(ELECTION).await? {
            Some(kept) if kept == election => Ok(()),
            _ => Err(StoreError::OtherElection),
        }
    }

    /// The last block that was read; 0 before the first.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn height(&self) -> Result<Height, StoreError> {
        let Some(bytes) = self.place(HEIGHT).await? else {
            return Ok(0);
        };
        Ok(Height::from_le_bytes(array(bytes, "height")?))
    }

    async fn place(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let row = sqlx::query("SELECT value FROM place WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    /// Keeps what blocks up to `height` recorded, all of it or nothing; `own` is this registrar's municipality.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn take_blocks(
        &self,
        own: MunicipalityIndex,
        height: Height,
        batches: &[RecordedBatch],
    ) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        for batch in batches {
            take_commitments(&mut transaction, batch).await?;
            if batch.municipality == own {
                take_own(&mut transaction, batch).await?;
            }
        }
        sqlx::query(
            "INSERT INTO place (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2",
        )
        .bind(HEIGHT)
        .bind(height.to_le_bytes().as_slice())
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Whether a municipality has recorded this commitment on the ledger.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn is_recorded(
        &self,
        home: MunicipalityIndex,
        commitment: &Hash,
    ) -> Result<bool, StoreError> {
        let found = sqlx::query("SELECT 1 FROM recorded WHERE home = $1 AND commitment = $2")
            .bind(i64::from(home))
            .bind(commitment.0.as_slice())
            .fetch_optional(&self.pool)
            .await?;
        Ok(found.is_some())
    }
}

async fn take_commitments(
    transaction: &mut Transaction<'_, Any>,
    batch: &RecordedBatch,
) -> Result<(), StoreError> {
    for commitment in &batch.commitments {
        sqlx::query(
            "INSERT INTO recorded (home, commitment) VALUES ($1, $2) ON CONFLICT (home, commitment) DO NOTHING",
        )
        .bind(i64::from(batch.municipality))
        .bind(commitment.0.as_slice())
        .execute(&mut **transaction)
        .await?;
    }
    Ok(())
}

/// What the ledger holds under a number is what was recorded: a database that was brought back from a copy may have used the number again,
/// or never. Whoever was in a batch that never came to be waits for another; whoever is in this one is recorded.
async fn take_own(
    transaction: &mut Transaction<'_, Any>,
    batch: &RecordedBatch,
) -> Result<(), StoreError> {
    let sequence = i64::from(batch.sequence);
    sqlx::query("UPDATE issuance SET batch = NULL WHERE batch = $1")
        .bind(sequence)
        .execute(&mut **transaction)
        .await?;
    sqlx::query(
        "INSERT INTO batch (sequence, code, transaction_bytes, state) VALUES ($1, $2, $2, $3) \
         ON CONFLICT (sequence) DO UPDATE SET code = $2, state = $3",
    )
    .bind(sequence)
    .bind(batch.code.as_bytes().as_slice())
    .bind(BatchState::Recorded.number())
    .execute(&mut **transaction)
    .await?;
    for commitment in &batch.commitments {
        sqlx::query("UPDATE issuance SET batch = $1 WHERE commitment = $2")
            .bind(sequence)
            .bind(commitment.0.as_slice())
            .execute(&mut **transaction)
            .await?;
    }
    Ok(())
}
