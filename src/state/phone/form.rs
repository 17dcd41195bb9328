//! What somebody types.

use verifier_core::MunicipalityIndex;

/// What somebody types. It stays until it has served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    pub home: Option<MunicipalityIndex>,
    pub name: String,
    pub birth: String,
    pub phone: String,
    pub code: String,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Name,
    Birth,
    Phone,
    Code,
}

impl Form {
    pub(super) fn field(&mut self, field: Field) -> &mut String {
        match field {
            Field::Name => &mut self.name,
            Field::Birth => &mut self.birth,
            Field::Phone => &mut self.phone,
            Field::Code => &mut self.code,
        }
    }

    /// What is not filled in: the municipality, or a field.
    pub(super) fn missing(&self) -> Option<Option<Field>> {
        if self.home.is_none() {
            return Some(None);
        }
        let fields = [
            (Field::Name, &self.name),
            (Field::Birth, &self.birth),
            (Field::Phone, &self.phone),
        ];
        let empty = fields.iter().find(|(_, text)| text.trim().is_empty());
        empty.map(|(field, _)| Some(*field))
    }
}
