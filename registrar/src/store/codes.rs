//! Codes, tokens, and what is counted to limit them.

use super::{Store, StoreError, array, signed, unsigned};
use crate::roll::PersonId;
use sqlx::Row;
use verifier_core::Seconds;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Codes asked for one phone number.
    Phone,
    /// Codes asked for from one network address.
    Address,
    /// Wrong codes for one person.
    Wrong,
}

impl Scope {
    fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Wrong => "wrong",
        }
    }
}

/// A session that may be tried, with this attempt already counted.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub subject: PersonId,
    /// Who it is, if they are on the roll.
    pub person: Option<PersonId>,
    /// The code's keyed hash.
    pub code: Vec<u8>,
    /// This one included.
    pub attempts: u64,
}

impl Store {
    /// Counts one more until `ends`, and gives how many there are now.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn count(
        &self,
        scope: Scope,
        subject: &[u8; 32],
        ends: Seconds,
    ) -> Result<u64, StoreError> {
        let number: i64 = sqlx::query_scalar(
            "INSERT INTO counted (scope, subject, ends, number) VALUES ($1, $2, $3, 1) \
             ON CONFLICT (scope, subject, ends) DO UPDATE SET number = counted.number + 1 RETURNING number",
        )
        .bind(scope.name())
        .bind(subject.as_slice())
        .bind(signed(ends))
        .fetch_one(&self.pool)
        .await?;
        Ok(unsigned(number))
    }

    /// How many were counted in the window that ends then.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn counted(
        &self,
        scope: Scope,
        subject: &[u8; 32],
        ends: Seconds,
    ) -> Result<u64, StoreError> {
        let number: Option<i64> = sqlx::query_scalar(
            "SELECT number FROM counted WHERE scope = $1 AND subject = $2 AND ends = $3",
        )
        .bind(scope.name())
        .bind(subject.as_slice())
        .bind(signed(ends))
        .fetch_optional(&self.pool)
        .await?;
        Ok(number.map_or(0, unsigned))
    }

    /// Begins a session, and ends every other one of its subject: of several codes only the last is good.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn begin_session(
        &self,
        id: &[u8; 32],
        subject: &PersonId,
        person: Option<&PersonId>,
        code: &[u8; 32],
        expires: Seconds,
    ) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("DELETE FROM session WHERE subject = $1")
            .bind(subject.as_slice())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO session (id, subject, person, code, expires, attempts) VALUES ($1, $2, $3, $4, $5, 0)",
        )
        .bind(id.as_slice())
        .bind(subject.as_slice())
        .bind(person.map(|person| person.to_vec()))
        .bind(code.as_slice())
        .bind(signed(expires))
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Counts an attempt at a session's code; `None` if the session is unknown, expired, or was tried as often as it may be.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn attempt(
        &self,
        id: &[u8; 32],
        now: Seconds,
        limit: u64,
    ) -> Result<Option<Attempt>, StoreError> {
        let row = sqlx::query(
            "UPDATE session SET attempts = attempts + 1 WHERE id = $1 AND expires > $2 AND attempts < $3 \
             RETURNING subject, person, code, attempts",
        )
        .bind(id.as_slice())
        .bind(signed(now))
        .bind(signed(limit))
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let person: Option<Vec<u8>> = row.try_get(1)?;
        Ok(Some(Attempt {
            subject: array(row.try_get(0)?, "session")?,
            person: person.map(|id| array(id, "session")).transpose()?,
            code: row.try_get(2)?,
            attempts: unsigned(row.try_get(3)?),
        }))
    }

    /// Ends a session; whether it was still there.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn end_session(&self, id: &[u8; 32]) -> Result<bool, StoreError> {
        let ended = sqlx::query("DELETE FROM session WHERE id = $1")
            .bind(id.as_slice())
            .execute(&self.pool)
            .await?;
        Ok(ended.rows_affected() == 1)
    }

    /// Keeps a token's hash.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn put_token(
        &self,
        id: &[u8; 32],
        person: &PersonId,
        expires: Seconds,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO token (id, person, expires) VALUES ($1, $2, $3)")
            .bind(id.as_slice())
            .bind(person.as_slice())
            .bind(signed(expires))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Who showed a code and got this token, if it is still good.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn holder(
        &self,
        id: &[u8; 32],
        now: Seconds,
    ) -> Result<Option<PersonId>, StoreError> {
        let person: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT person FROM token WHERE id = $1 AND expires > $2")
                .bind(id.as_slice())
                .bind(signed(now))
                .fetch_optional(&self.pool)
                .await?;
        person.map(|id| array(id, "token")).transpose()
    }

    /// Forgets whatever is over: sessions, tokens, counts.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn forget(&self, now: Seconds) -> Result<(), StoreError> {
        for statement in [
            "DELETE FROM session WHERE expires <= $1",
            "DELETE FROM token WHERE expires <= $1",
            "DELETE FROM counted WHERE ends <= $1",
        ] {
            sqlx::query(statement)
                .bind(signed(now))
                .execute(&self.pool)
                .await?;
        }
        Ok(())
    }
}
