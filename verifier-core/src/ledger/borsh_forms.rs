//! Borsh forms of CometBFT's types, for findings that travel between programs.

use borsh::io::{Error, ErrorKind, Read, Result, Write};
use borsh::{BorshDeserialize, BorshSerialize};
use core::time::Duration;
use tendermint::{Time, account};

/// A time as RFC 3339.
pub fn write_time<W: Write>(time: &Time, writer: &mut W) -> Result<()> {
    time.to_rfc3339().serialize(writer)
}

pub fn read_time<R: Read>(reader: &mut R) -> Result<Time> {
    let text = String::deserialize_reader(reader)?;
    Time::parse_from_rfc3339(&text).map_err(malformed)
}

/// A validator's 20 bytes, with their number before them.
pub fn write_account<W: Write>(id: &account::Id, writer: &mut W) -> Result<()> {
    id.as_bytes().serialize(writer)
}

pub fn read_account<R: Read>(reader: &mut R) -> Result<account::Id> {
    let bytes = Vec::<u8>::deserialize_reader(reader)?;
    account::Id::try_from(bytes).map_err(malformed)
}

/// Whole seconds and the rest in nanoseconds.
pub fn write_duration<W: Write>(duration: &Duration, writer: &mut W) -> Result<()> {
    (duration.as_secs(), duration.subsec_nanos()).serialize(writer)
}

pub fn read_duration<R: Read>(reader: &mut R) -> Result<Duration> {
    let (seconds, nanoseconds) = <(u64, u32)>::deserialize_reader(reader)?;
    if nanoseconds < 1_000_000_000 {
        Ok(Duration::new(seconds, nanoseconds))
    } else {
        Err(Error::new(
            ErrorKind::InvalidData,
            "more than a second of nanoseconds",
        ))
    }
}

fn malformed(error: tendermint::Error) -> Error {
    Error::new(ErrorKind::InvalidData, error.to_string())
}

#[cfg(test)]
mod tests {
    use crate::finding::{Doubt, SourceFault};
    use crate::ledger::{CommitError, LightError};
    use core::time::Duration;
    use tendermint::{Time, account};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn doubts() -> Vec<Doubt> {
        let time = |seconds, nanoseconds| Time::from_unix_timestamp(seconds, nanoseconds).unwrap();
        let account = |byte| account::Id::new([byte; 20]);
        let signer = CommitError::WrongSigner {
            index: 3,
            expected: account(1),
            actual: account(2),
        };
        let future = LightError::FromTheFuture {
            time: time(1_800_000_000, 123_456_789),
            now: time(-1, 0),
            drift: Duration::new(10, 999_999_999),
        };
        let faults = [
            SourceFault::Commit {
                height: 7,
                error: signer,
            },
            SourceFault::Light(future),
        ];
        faults.map(Doubt::Source).to_vec()
    }

    #[test]
    fn a_doubt_arrives_as_it_was_sent() {
        for doubt in doubts() {
            let bytes = borsh::to_vec(&doubt).unwrap();
            assert_eq!(borsh::from_slice::<Doubt>(&bytes).unwrap(), doubt);
        }
    }

    #[test]
    fn a_torn_doubt_is_refused() {
        for doubt in doubts() {
            let bytes = borsh::to_vec(&doubt).unwrap();
            for end in 0..bytes.len() {
                assert!(borsh::from_slice::<Doubt>(&bytes[..end]).is_err());
            }
        }
    }
}
