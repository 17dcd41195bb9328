//! The roll as a town hall exports it: CSV with a header line, UTF-8, columns `name`, `birth`, `phone` in any order.

use super::person::{Person, PersonError};
use std::collections::BTreeMap;
use std::io::Read;

/// Why a roll is not imported. Lines are those of a text editor.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("the file cannot be read: {0}")]
    Csv(#[from] csv::Error),
    #[error("the first line names no column {0:?}: it has to name name, birth and phone")]
    Column(&'static str),
    #[error("line {line}: {error}")]
    Person { line: u64, error: PersonError },
    #[error("line {line} is the same person as line {first}")]
    Twice { line: u64, first: u64 },
    #[error("the file names nobody")]
    Empty,
}

/// Everybody on the roll, in the file's order.
///
/// # Errors
/// The first line that cannot be taken as it stands: a roll is imported whole or not at all.
pub fn read_roll(file: impl Read) -> Result<Vec<Person>, ImportError> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(file);
    let columns = Columns::of(reader.headers()?)?;
    let mut people = Vec::new();
    let mut lines: BTreeMap<Person, u64> = BTreeMap::new();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let person = columns.person(&record);
        let person = person.map_err(|error| ImportError::Person { line, error })?;
        if let Some(first) = lines.insert(person.clone(), line) {
            return Err(ImportError::Twice { line, first });
        }
        people.push(person);
    }
    if people.is_empty() {
        return Err(ImportError::Empty);
    }
    Ok(people)
}

struct Columns {
    name: usize,
    birth: usize,
    phone: usize,
}

impl Columns {
    fn of(header: &csv::StringRecord) -> Result<Self, ImportError> {
        let column = |wanted: &'static str| {
            let mut names = header.iter();
            let at = names.position(|name| {
                // Spreadsheets put a byte order mark before the first column.
                let name = name.trim_start_matches('\u{feff}').trim();
                name.eq_ignore_ascii_case(wanted)
            });
            at.ok_or(ImportError::Column(wanted))
        };
        Ok(Self {
            name: column("name")?,
            birth: column("birth")?,
            phone: column("phone")?,
        })
    }

    fn person(&self, record: &csv::StringRecord) -> Result<Person, PersonError> {
        let field = |at| record.get(at).unwrap_or_default();
        Person::parse(field(self.name), field(self.birth), field(self.phone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_everybody_in_the_files_order_whatever_the_columns_order() {
        let text = "\u{feff}phone,note,Name,birth\n010-1234-5678,a,홍길동,1987-06-05\r\n01087654321,\"b, c\",김영희,19900101\n";
        let people = read_roll(text.as_bytes()).unwrap();
        let expected = [
            Person::parse("홍길동", "1987-06-05", "010-1234-5678").unwrap(),
            Person::parse("김영희", "1990-01-01", "010-8765-4321").unwrap(),
        ];
        assert_eq!(people, expected);
    }

    #[test]
    fn says_which_line_cannot_be_taken() {
        let head = "name,birth,phone\n홍길동,1987-06-05,010-1234-5678\n";
        let refused = |rest: &str| read_roll(format!("{head}{rest}").as_bytes()).unwrap_err();
        assert!(matches!(
            refused("김영희,1990-13-01,010-8765-4321\n"),
            ImportError::Person {
                line: 3,
                error: PersonError::Birth
            }
        ));
        assert!(matches!(
            refused("홍 길동,19870605,01012345678\n"),
            ImportError::Twice { line: 3, first: 2 }
        ));
        assert!(matches!(
            refused("김영희,1990-01-01\n"),
            ImportError::Csv(_)
        ));
    }

    #[test]
    fn refuses_a_file_without_people_or_without_a_column() {
        let refused = |text: &str| read_roll(text.as_bytes()).unwrap_err();
        assert!(matches!(refused("name,birth,phone\n"), ImportError::Empty));
        assert!(matches!(
            refused("name,phone\n"),
            ImportError::Column("birth")
        ));
        assert!(matches!(refused(""), ImportError::Column("name")));
    }
}
