//! What was countersigned for people of another municipality.

use super::{Store, StoreError};
use sqlx::Row;
use verifier_core::{Hash, MunicipalityIndex};

/// A countersignature that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Countersigned {
    pub blinded: Vec<u8>,
    pub signature: Vec<u8>,
}

impl Store {
    /// What was countersigned against a commitment.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn countersigned(
        &self,
        home: MunicipalityIndex,
        commitment: &Hash,
    ) -> Result<Option<Countersigned>, StoreError> {
        let row = sqlx::query(
            "SELECT blinded, signature FROM countersigned WHERE home = $1 AND commitment = $2",
        )
        .bind(i64::from(home))
        .bind(commitment.0.as_slice())
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Countersigned {
            blinded: row.try_get(0)?,
            signature: row.try_get(1)?,
        }))
    }

    /// Keeps a countersignature, unless there is one against this commitment; gives the one that is kept.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn countersign(
        &self,
        home: MunicipalityIndex,
        commitment: &Hash,
        given: &Countersigned,
    ) -> Result<Countersigned, StoreError> {
        sqlx::query(
            "INSERT INTO countersigned (home, commitment, blinded, signature) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (home, commitment) DO NOTHING",
        )
        .bind(i64::from(home))
        .bind(commitment.0.as_slice())
        .bind(given.blinded.as_slice())
        .bind(given.signature.as_slice())
        .execute(&self.pool)
        .await?;
        let kept = self.countersigned(home, commitment).await?;
        kept.ok_or(StoreError::Malformed("countersignature"))
    }
}
