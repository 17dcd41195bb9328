//! What was asked to be signed, and the batches that record it on the ledger.

use super::{Store, StoreError, array, signed, unsigned};
use crate::roll::PersonId;
use sqlx::Row;
use verifier_core::{Hash, TrackingCode};

/// What one person asked to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuance {
    pub commitment: Hash,
    pub blinded: Vec<u8>,
    /// Where its batch stands; `None` before it is in one.
    pub batch: Option<BatchState>,
    pub signature: Option<Vec<u8>>,
}

/// Where a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchState {
    /// Not on the ledger yet.
    Sent,
    Recorded,
    /// The ledger does not take it.
    Refused,
}

/// A RecordIssuances transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub sequence: u16,
    pub code: TrackingCode,
    pub transaction: Vec<u8>,
}

/// How many were recorded, signed and countersigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    pub recorded: u64,
    pub signed: u64,
    pub countersigned: u64,
}

impl BatchState {
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Sent => 0,
            Self::Recorded => 1,
            Self::Refused => 2,
        }
    }

    fn read(number: i64) -> Result<Self, StoreError> {
        [Self::Sent, Self::Recorded, Self::Refused]
            .into_iter()
            .find(|state| state.number() == number)
            .ok_or(StoreError::Malformed("batch"))
    }
}

impl Store {
    /// Keeps what a person asks to be signed, unless they asked before; gives what is kept.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn ask(
        &self,
        person: &PersonId,
        commitment: &Hash,
        blinded: &[u8],
    ) -> Result<Issuance, StoreError> {
        sqlx::query(
            "INSERT INTO issuance (person, commitment, blinded) VALUES ($1, $2, $3) ON CONFLICT (person) DO NOTHING",
        )
        .bind(person.as_slice())
        .bind(commitment.0.as_slice())
        .bind(blinded)
        .execute(&self.pool)
        .await?;
        let kept = self.issuance(person).await?;
        kept.ok_or(StoreError::Malformed("issuance"))
    }

    /// What a person has asked for.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn issuance(&self, person: &PersonId) -> Result<Option<Issuance>, StoreError> {
        let row = sqlx::query(
            "SELECT issuance.commitment, issuance.blinded, batch.state, issuance.signature \
             FROM issuance LEFT JOIN batch ON batch.sequence = issuance.batch WHERE issuance.person = $1",
        )
        .bind(person.as_slice())
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let state: Option<i64> = row.try_get(2)?;
        Ok(Some(Issuance {
            commitment: Hash(array(row.try_get(0)?, "commitment")?),
            blinded: row.try_get(1)?,
            batch: state.map(BatchState::read).transpose()?,
            signature: row.try_get(3)?,
        }))
    }

    /// Keeps a person's signature; the first one stays.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn keep_signature(
        &self,
        person: &PersonId,
        signature: &[u8],
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE issuance SET signature = $2 WHERE person = $1 AND signature IS NULL")
            .bind(person.as_slice())
            .bind(signature)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Commitments that are in no batch yet, ascending.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn waiting(&self, limit: u32) -> Result<Vec<Hash>, StoreError> {
        let rows: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT commitment FROM issuance WHERE batch IS NULL ORDER BY commitment LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        let commitments = rows
            .into_iter()
            .map(|bytes| Ok(Hash(array(bytes, "commitment")?)));
        commitments.collect()
    }

    /// Keeps a batch and says of its commitments that they are in it.
    ///
    /// # Errors
    /// If the database gives no answer, or the number is taken.
    pub async fn put_batch(&self, batch: &Batch, commitments: &[Hash]) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query(
            "INSERT INTO batch (sequence, code, transaction_bytes, state) VALUES ($1, $2, $3, $4)",
        )
        .bind(i64::from(batch.sequence))
        .bind(batch.code.as_bytes().as_slice())
        .bind(batch.transaction.as_slice())
        .bind(BatchState::Sent.number())
        .execute(&mut *transaction)
        .await?;
        for commitment in commitments {
            sqlx::query("UPDATE issuance SET batch = $1 WHERE commitment = $2 AND batch IS NULL")
                .bind(i64::from(batch.sequence))
                .bind(commitment.0.as_slice())
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The batch that is on its way, if there is one: the lowest.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn sent(&self) -> Result<Option<Batch>, StoreError> {
        let row = sqlx::query(
            "SELECT sequence, code, transaction_bytes FROM batch WHERE state = $1 ORDER BY sequence LIMIT 1",
        )
        .bind(BatchState::Sent.number())
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let sequence: i64 = row.try_get(0)?;
        Ok(Some(Batch {
            sequence: u16::try_from(sequence).map_err(|_| StoreError::Malformed("batch"))?,
            code: TrackingCode(array(row.try_get(1)?, "batch")?),
            transaction: row.try_get(2)?,
        }))
    }

    /// The number of the next batch; `None` once all numbers are used.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn next_sequence(&self) -> Result<Option<u16>, StoreError> {
        let last: Option<i64> =
            sqlx::query_scalar("SELECT sequence FROM batch ORDER BY sequence DESC LIMIT 1")
                .fetch_optional(&self.pool)
                .await?;
        let next = last.map_or(0, |last| last.saturating_add(1));
        Ok(u16::try_from(next).ok())
    }

    /// Says what became of a batch.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn set_state(&self, sequence: u16, state: BatchState) -> Result<(), StoreError> {
        sqlx::query("UPDATE batch SET state = $2 WHERE sequence = $1")
            .bind(i64::from(sequence))
            .bind(state.number())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// What this registrar has done so far; `home` is its municipality.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn numbers(&self, home: u16) -> Result<Numbers, StoreError> {
        let count = async |statement: &str| -> Result<u64, StoreError> {
            let query = sqlx::query_scalar(statement).bind(signed(home.into()));
            let number: i64 = query.fetch_one(&self.pool).await?;
            Ok(unsigned(number))
        };
        Ok(Numbers {
            recorded: count("SELECT COUNT(*) FROM recorded WHERE home = $1").await?,
            signed: count("SELECT COUNT(*) FROM issuance WHERE signature IS NOT NULL AND $1 >= 0")
                .await?,
            countersigned: count("SELECT COUNT(*) FROM countersigned WHERE home <> $1").await?,
        })
    }
}
