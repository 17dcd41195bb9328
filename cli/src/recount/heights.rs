//! A range of heights as it is written: the first and the last block, `1..5000`.

use core::ops::RangeInclusive;
use core::str::FromStr;
use verifier_core::Height;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heights(pub RangeInclusive<Height>);

impl FromStr for Heights {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a range of blocks such as 1..5000");
        let (first, last) = text.split_once("..").ok_or_else(wrong)?;
        let first: Height = first.parse().map_err(|_| wrong())?;
        let last: Height = last.parse().map_err(|_| wrong())?;
        if first == 0 || last < first {
            return Err(wrong());
        }
        Ok(Self(first..=last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_first_and_last_block() {
        assert_eq!("1..5000".parse(), Ok(Heights(1..=5000)));
        assert_eq!("7..7".parse(), Ok(Heights(7..=7)));
        for wrong in [
            "", "7", "0..3", "4..3", "1...3", "1..=3", "-1..3", "1..", "a..b",
        ] {
            assert!(wrong.parse::<Heights>().is_err(), "{wrong}");
        }
    }
}
