//! The fields of a TOML table, taken one by one, so that each mistake is one sentence: which field, what stands there, what should.

use std::collections::BTreeSet;
use std::fmt;
use toml::{Table, Value};

/// A mistake in the file. Its text is for the person who wrote the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    #[error("the file is not TOML: {0}")]
    Toml(String),
    #[error("{field} is missing: write {expected}")]
    Missing {
        field: String,
        expected: &'static str,
    },
    #[error("{field} is {value}: write {expected}")]
    Value {
        field: String,
        value: String,
        expected: &'static str,
    },
    #[error("{field} is not a field that is known here: remove it, or write one of {known}")]
    Unknown { field: String, known: String },
}

/// A table and where it stands in the file.
pub struct Fields {
    at: String,
    table: Table,
    known: BTreeSet<&'static str>,
}

impl Fields {
    /// The whole file.
    ///
    /// # Errors
    /// If the text is not TOML, with the place.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let table = text
            .parse()
            .map_err(|error: toml::de::Error| FieldError::Toml(error.to_string()))?;
        Ok(Self::of(String::new(), table))
    }

    fn of(at: String, table: Table) -> Self {
        Self {
            at,
            table,
            known: BTreeSet::new(),
        }
    }

    /// The field's name as it stands in sentences, for example `election.title`.
    pub fn name(&self, field: &str) -> String {
        match self.at.as_str() {
            "" => field.into(),
            at => format!("{at}.{field}"),
        }
    }

    /// A field that must be there. `expected` ends the sentence "write …".
    ///
    /// # Errors
    /// If it is not there, or `read` finds it wrong.
    pub fn required<T>(
        &mut self,
        field: &'static str,
        expected: &'static str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<T, FieldError> {
        let name = self.name(field);
        self.optional(field, expected, read)?
            .ok_or(FieldError::Missing {
                field: name,
                expected,
            })
    }

    /// A field that may be there.
    ///
    /// # Errors
    /// If `read` finds it wrong.
    pub fn optional<T>(
        &mut self,
        field: &'static str,
        expected: &'static str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, FieldError> {
        self.known.insert(field);
        let Some(value) = self.table.remove(field) else {
            return Ok(None);
        };
        match read(&value) {
            Some(read) => Ok(Some(read)),
            None => Err(FieldError::Value {
                field: self.name(field),
                value: Shown(&value).to_string(),
                expected,
            }),
        }
    }

    /// A table within this one.
    ///
    /// # Errors
    /// If it is not there or no table.
    pub fn table(
        &mut self,
        field: &'static str,
        expected: &'static str,
    ) -> Result<Self, FieldError> {
        let table = self.required(field, expected, |value| value.as_table().cloned())?;
        Ok(Self::of(self.name(field), table))
    }

    /// A table within this one, if it is there.
    ///
    /// # Errors
    /// If it is no table.
    pub fn optional_table(
        &mut self,
        field: &'static str,
        expected: &'static str,
    ) -> Result<Option<Self>, FieldError> {
        let table = self.optional(field, expected, |value| value.as_table().cloned())?;
        Ok(table.map(|table| Self::of(self.name(field), table)))
    }

    /// A list of tables, numbered from 1 as people count.
    ///
    /// # Errors
    /// If it is not there or no such list.
    pub fn tables(
        &mut self,
        field: &'static str,
        expected: &'static str,
    ) -> Result<Vec<Self>, FieldError> {
        let tables: Vec<Table> = self.required(field, expected, |value| {
            let entries = value.as_array()?.iter();
            entries.map(|entry| entry.as_table().cloned()).collect()
        })?;
        let name = self.name(field);
        let numbered = (1..).zip(tables);
        Ok(numbered
            .map(|(number, table)| Self::of(format!("{name} {number}"), table))
            .collect())
    }

    /// Ends the reading of this table.
    ///
    /// # Errors
    /// If it holds a field that nobody asked for.
    pub fn finish(self) -> Result<(), FieldError> {
        match self.table.keys().next() {
            None => Ok(()),
            Some(field) => Err(FieldError::Unknown {
                field: self.name(field),
                known: self.known.into_iter().collect::<Vec<_>>().join(", "),
            }),
        }
    }
}

/// A value as it stands in a sentence: short ones as they are, tables and lists by their kind.
struct Shown<'a>(&'a Value);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::String(text) => write!(f, "{text:?}"),
            Value::Integer(number) => write!(f, "{number}"),
            Value::Float(number) => write!(f, "{number}"),
            Value::Boolean(is) => write!(f, "{is}"),
            Value::Datetime(time) => write!(f, "{time}"),
            Value::Array(_) => f.write_str("a list"),
            Value::Table(_) => f.write_str("a table"),
        }
    }
}
