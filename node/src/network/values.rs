//! What stands in the fields: times, durations, names, keys, ports.

use std::time::Duration;
use tendermint::Time;
use toml::Value;
use verifier_core::{Name, RSA_BYTES, RsaModulus, Seconds};

/// A point in time of an election.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Seconds since 1970.
    At(Seconds),
    /// So many seconds after `node init`: for rehearsals.
    After(Seconds),
}

impl Moment {
    /// The moment in seconds since 1970.
    pub fn from(self, now: Seconds) -> Seconds {
        match self {
            Self::At(time) => time,
            Self::After(seconds) => now.saturating_add(seconds),
        }
    }
}

/// "2027-03-03T06:00:00+09:00" (in quotes or not), or "in 60 s".
pub fn moment(value: &Value) -> Option<Moment> {
    if let Some(after) = value.as_str().and_then(|text| text.strip_prefix("in ")) {
        return Some(Moment::After(parse_duration(after)?.as_secs()));
    }
    let seconds = time(value)?.unix_timestamp();
    Some(Moment::At(u64::try_from(seconds).ok()?))
}

/// A time with its offset from UTC, in quotes or not.
pub fn time(value: &Value) -> Option<Time> {
    let text = match value {
        Value::Datetime(time) => time.to_string(),
        value => value.as_str()?.to_owned(),
    };
    Time::parse_from_rfc3339(&text).ok()
}

/// "90 s", "10 min", "2 h", "14 days", "500 ms".
pub fn duration(value: &Value) -> Option<Duration> {
    parse_duration(value.as_str()?)
}

/// A duration of whole seconds.
pub fn seconds(value: &Value) -> Option<Seconds> {
    let duration = duration(value)?;
    (duration.subsec_nanos() == 0).then_some(duration.as_secs())
}

fn parse_duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let seconds = match unit.trim() {
        "ms" => return Some(Duration::from_millis(number)),
        "s" => 1,
        "min" => 60,
        "h" => 3_600,
        "day" | "days" => 86_400,
        _ => return None,
    };
    Some(Duration::from_secs(number.checked_mul(seconds)?))
}

/// The modulus of an RSA key, as hexadecimal digits.
pub fn modulus(value: &Value) -> Option<RsaModulus> {
    let mut bytes = [0; RSA_BYTES];
    hex::decode_to_slice(value.as_str()?, &mut bytes).ok()?;
    Some(RsaModulus(bytes))
}

/// Yes or no.
pub fn flag(value: &Value) -> Option<bool> {
    value.as_bool()
}

/// Text that is not empty.
pub fn text(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A list of texts.
pub fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(text).collect()
}

/// { ko = "…", en = "…" }
pub fn name(value: &Value) -> Option<Name> {
    let table = value.as_table()?;
    if table.len() != 2 {
        return None;
    }
    Some(Name {
        ko: text(table.get("ko")?)?,
        en: text(table.get("en")?)?,
    })
}

/// A list of names.
pub fn names(value: &Value) -> Option<Vec<Name>> {
    value.as_array()?.iter().map(name).collect()
}

/// A whole number that is not negative.
pub fn number(value: &Value) -> Option<u32> {
    u32::try_from(value.as_integer()?).ok()
}

/// A port, not 0.
pub fn port(value: &Value) -> Option<u16> {
    u16::try_from(value.as_integer()?)
        .ok()
        .filter(|port| *port > 0)
}

/// 32 bytes as 64 hexadecimal digits.
pub fn key(value: &Value) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(value.as_str()?, &mut bytes).ok()?;
    Some(bytes)
}

/// CometBFT's name of a node: 20 bytes as 40 hexadecimal digits.
pub fn node_id(value: &Value) -> Option<[u8; 20]> {
    let mut bytes = [0; 20];
    hex::decode_to_slice(value.as_str()?, &mut bytes).ok()?;
    Some(bytes)
}

/// A host's name or address: what may stand before a colon and a port.
pub fn host(value: &Value) -> Option<String> {
    let host = text(value)?;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    host.chars().all(fits).then_some(host)
}

/// An address that begins with http:// or https://, without a slash at its end.
pub fn url(value: &Value) -> Option<String> {
    let url = text(value)?;
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    (!rest.is_empty() && !rest.contains(char::is_whitespace) && !rest.contains('"'))
        .then(|| url.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_number_and_a_unit() {
        assert_eq!(parse_duration("90 s"), Some(Duration::from_secs(90)));
        assert_eq!(parse_duration("10min"), Some(Duration::from_secs(600)));
        assert_eq!(parse_duration("500 ms"), Some(Duration::from_millis(500)));
        assert_eq!(
            parse_duration("14 days"),
            Some(Duration::from_secs(1_209_600))
        );
        for wrong in [
            "",
            "10",
            "min",
            "-1 s",
            "1.5 h",
            "10 parsecs",
            "99999999999999999999 s",
        ] {
            assert_eq!(parse_duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn moments_are_times_or_begin_with_in() {
        let at = |text: &str| moment(&Value::String(text.into()));
        assert_eq!(at("1970-01-01T09:00:10+09:00"), Some(Moment::At(10)));
        assert_eq!(at("in 2 min"), Some(Moment::After(120)));
        assert_eq!(at("tomorrow"), None);
        assert_eq!(at("1969-01-01T00:00:00Z"), None);
    }
}
