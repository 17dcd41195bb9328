//! A person as the roll has them, in one form however it was typed.

use unicode_normalization::UnicodeNormalization;

const NAME_LIMIT: usize = 100;
/// The country's own prefix, and what stands for it within the country.
const COUNTRY: (&str, &str) = ("82", "0");

/// Name, birth date and phone number in their one form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Person {
    name: String,
    birth: String,
    phone: String,
}

/// Which part of a person cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PersonError {
    #[error("the name is empty or longer than {NAME_LIMIT} letters")]
    Name,
    #[error("the birth date is not a day such as 1987-06-05")]
    Birth,
    #[error("the phone number is not one of 9 to 11 digits such as 010-1234-5678")]
    Phone,
}

impl PersonError {
    /// The field's name in requests.
    pub fn field(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Birth => "birth",
            Self::Phone => "phone",
        }
    }
}

impl Person {
    /// Reads what a person or a town hall typed.
    ///
    /// # Errors
    /// The first part that is none.
    pub fn parse(name: &str, birth: &str, phone: &str) -> Result<Self, PersonError> {
        Ok(Self {
            name: read_name(name).ok_or(PersonError::Name)?,
            birth: read_birth(birth).ok_or(PersonError::Birth)?,
            phone: read_phone(phone).ok_or(PersonError::Phone)?,
        })
    }

    /// Digits only, beginning with 0.
    pub fn phone(&self) -> &str {
        &self.phone
    }

    /// The bytes that tell this person from every other: each part behind its length.
    pub(super) fn bytes(&self) -> Vec<u8> {
        verifier_core::encode(&(&self.name, &self.birth, &self.phone))
    }
}

/// Composed letters, small, without blanks: 홍 길동 is 홍길동, and Anna Lee is anna lee's.
fn read_name(text: &str) -> Option<String> {
    let letters = text.nfkc().filter(|c| !c.is_whitespace());
    let name: String = letters.flat_map(char::to_lowercase).collect();
    let length = name.chars().count();
    let printable = !name.chars().any(char::is_control);
    (printable && (1..=NAME_LIMIT).contains(&length)).then_some(name)
}

/// Eight digits: year, month, day.
fn read_birth(text: &str) -> Option<String> {
    let digits = digits(text, &['-', '.', '/', ' '])?;
    let year: u32 = digits.get(0..4)?.parse().ok()?;
    let month: u32 = digits.get(4..6)?.parse().ok()?;
    let day: u32 = digits.get(6..8)?.parse().ok()?;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let is_day = digits.len() == 8 && year >= 1800 && (1..=last).contains(&day);
    is_day.then_some(digits)
}

fn read_phone(text: &str) -> Option<String> {
    let text = text.trim();
    let number = digits(
        text.strip_prefix('+').unwrap_or(text),
        &['-', '.', ' ', '(', ')'],
    )?;
    let number = match number.strip_prefix(COUNTRY.0) {
        Some(rest) => format!("{}{}", COUNTRY.1, rest.trim_start_matches('0')),
        None => number,
    };
    (number.starts_with('0') && (9..=11).contains(&number.len())).then_some(number)
}

/// The digits of a text that holds nothing else but these separators.
fn digits(text: &str, separators: &[char]) -> Option<String> {
    let composed: String = text.nfkc().collect();
    let digits: String = composed
        .trim()
        .chars()
        .filter(|c| !separators.contains(c))
        .collect();
    digits.chars().all(|c| c.is_ascii_digit()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_typed_in_several_ways_is_one_person() {
        let person = Person::parse("홍길동", "1987-06-05", "010-1234-5678").unwrap();
        for (name, birth, phone) in [
            (" 홍 길동 ", "19870605", "01012345678"),
            (
                "\u{1112}\u{1169}\u{11bc}\u{1100}\u{1175}\u{11af}\u{1103}\u{1169}\u{11bc}",
                "1987.06.05",
                "+82 10 1234 5678",
            ),
            ("홍길동", "1987/06/05", "８２ 010 1234 5678"),
        ] {
            assert_eq!(Person::parse(name, birth, phone).as_ref(), Ok(&person));
        }
        let other = Person::parse("홍길순", "1987-06-05", "010-1234-5678").unwrap();
        assert_ne!(person.bytes(), other.bytes());
    }

    #[test]
    fn letters_of_other_alphabets_are_names_too() {
        let typed = Person::parse("Anna LEE", "2000-02-29", "031 123 4567");
        assert_eq!(typed, Person::parse("anna lee", "20000229", "0311234567"));
        assert!(typed.is_ok());
    }

    #[test]
    fn what_is_no_name_day_or_number_is_refused_by_its_field() {
        fn refused(name: &str, birth: &str, phone: &str) -> PersonError {
            Person::parse(name, birth, phone).unwrap_err()
        }
        let good = ("홍길동", "1987-06-05", "010-1234-5678");
        for name in ["", "  ", "a\u{7}b", &"가".repeat(101)] {
            assert_eq!(refused(name, good.1, good.2), PersonError::Name);
        }
        for birth in [
            "",
            "1987-06-31",
            "2001-02-29",
            "1987-13-01",
            "870605",
            "1987-06-0a",
            "198706055",
        ] {
            assert_eq!(refused(good.0, birth, good.2), PersonError::Birth);
        }
        for phone in [
            "",
            "1234",
            "010-1234-56789",
            "0101234567x",
            "+1 212 555 0100",
        ] {
            assert_eq!(refused(good.0, good.1, phone), PersonError::Phone);
        }
    }
}
