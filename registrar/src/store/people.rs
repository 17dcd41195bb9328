//! The roll's table.

use super::{Store, StoreError, array, unsigned};
use crate::roll::PersonId;
use sqlx::Row;

/// Somebody to be put on the roll.
#[derive(Clone, Debug)]
pub struct NewPerson {
    pub id: PersonId,
    /// The phone number under encryption.
    pub phone: Vec<u8>,
}

/// Somebody on the roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub id: PersonId,
    /// Position on the roll, from 1.
    pub number: u64,
    /// The phone number under encryption.
    pub phone: Vec<u8>,
}

impl Store {
    /// Puts a whole roll into an empty database, or nothing.
    ///
    /// # Errors
    /// If there is a roll already.
    pub async fn import(&self, people: &[NewPerson]) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        let there: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM person")
            .fetch_one(&mut *transaction)
            .await?;
        if there > 0 {
            return Err(StoreError::RollIsThere);
        }
        for (number, person) in (1i64..).zip(people) {
            sqlx::query("INSERT INTO person (id, number, phone) VALUES ($1, $2, $3)")
                .bind(person.id.as_slice())
                .bind(number)
                .bind(person.phone.as_slice())
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Somebody, if they are on the roll.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn listed(&self, id: &PersonId) -> Result<Option<Listed>, StoreError> {
        let row = sqlx::query("SELECT number, phone FROM person WHERE id = $1")
            .bind(id.as_slice())
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Listed {
            id: *id,
            number: unsigned(row.try_get(0)?),
            phone: row.try_get(1)?,
        }))
    }

    /// How many people are on the roll.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn people(&self) -> Result<u64, StoreError> {
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM person")
            .fetch_one(&self.pool)
            .await?;
        Ok(unsigned(count))
    }

    /// Everybody on the roll, by number.
    ///
    /// # Errors
    /// If the database gives no answer.
    pub async fn everybody(&self) -> Result<Vec<Listed>, StoreError> {
        let rows = sqlx::query("SELECT id, number, phone FROM person ORDER BY number")
            .fetch_all(&self.pool)
            .await?;
        let listed = rows.into_iter().map(|row| {
            Ok(Listed {
                id: array(row.try_get(0)?, "person")?,
                number: unsigned(row.try_get(1)?),
                phone: row.try_get(2)?,
            })
        });
        listed.collect()
    }
}
