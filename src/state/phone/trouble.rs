//! What stands in the way.

use super::{Field, Refusal};
use verifier_core::MunicipalityIndex;

/// What stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No municipality was chosen, or a field is empty.
    Missing(Option<Field>),
    /// A registrar refuses, or does not answer.
    Refused(MunicipalityIndex, Refusal),
    /// A registrar's signature is none on what was asked for.
    NotSigned(MunicipalityIndex),
    /// They have asked before, from another device or browser.
    AskedElsewhere,
}

impl Trouble {
    /// The field that is to be typed again.
    pub fn field(&self) -> Option<Field> {
        match self {
            Self::Missing(field) => *field,
            Self::Refused(_, Refusal::WrongCode { .. }) => Some(Field::Code),
            Self::Refused(_, Refusal::Malformed(name)) => match name.as_str() {
                "name" => Some(Field::Name),
                "birth" => Some(Field::Birth),
                "phone" => Some(Field::Phone),
                _ => None,
            },
            Self::Refused(..) | Self::NotSigned(_) | Self::AskedElsewhere => None,
        }
    }
}
