//! What a registrar answers.

use serde::Deserialize;
use std::rc::Rc;
use verifier_core::{Hash, Seconds, SourceFault};

/// An answer that leads on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    CodeSent {
        session: String,
        seconds: Seconds,
    },
    Confirmed {
        token: String,
        /// Whether they have asked for a signature before.
        asked: bool,
    },
    /// The ledger does not hold it yet: ask again.
    Recording,
    HomeSigned {
        signature: Vec<u8>,
        commitment: Hash,
        authorisation: [u8; 64],
        slip: Rc<str>,
    },
    Countersigned {
        signature: Vec<u8>,
    },
    Slip(Rc<str>),
}

/// An answer that does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A field is not what the roll could hold.
    Malformed(String),
    TooMany(Seconds),
    Locked(Seconds),
    Closed,
    WrongCode {
        left: u64,
    },
    CodeOver,
    TokenOver,
    /// Something else was signed for this person before.
    OtherBlinded,
    Unsignable,
    WrongAuthorisation,
    /// It cannot do it now.
    Broken,
    /// It did not answer.
    Silent(SourceFault),
    /// It answered what makes no sense.
    Nonsense,
}

impl Refusal {
    /// Whether it is worth asking again by itself.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Broken | Self::Silent(_))
    }
}

/// Everything that any answer may hold.
#[derive(Deserialize)]
struct Answer {
    error: Option<String>,
    field: Option<String>,
    #[serde(default)]
    seconds: Seconds,
    #[serde(default)]
    left: u64,
    state: Option<String>,
    session: Option<String>,
    token: Option<String>,
    #[serde(default)]
    asked: bool,
    signature: Option<String>,
    commitment: Option<String>,
    authorisation: Option<String>,
    slip: Option<String>,
}

/// Reads an answer: its HTTP status and its body.
///
/// # Errors
/// If it leads to nothing.
pub fn read_answer(status: u16, body: &[u8]) -> Result<Reply, Refusal> {
    let answer: Answer = match serde_json::from_slice(body) {
        Ok(answer) => answer,
        Err(_) if status >= 500 => return Err(Refusal::Broken),
        Err(_) => return Err(Refusal::Nonsense),
    };
    match answer.error.as_deref() {
        None => answer.reply().ok_or(Refusal::Nonsense),
        Some("not_recorded") => Ok(Reply::Recording),
        Some(word) => Err(answer.refusal(word, status)),
    }
}

impl Answer {
    fn reply(self) -> Option<Reply> {
        if self.state.as_deref() == Some("recording") {
            return Some(Reply::Recording);
        }
        if let Some(session) = self.session {
            let seconds = self.seconds;
            return Some(Reply::CodeSent { session, seconds });
        }
        if let Some(token) = self.token {
            let asked = self.asked;
            return Some(Reply::Confirmed { token, asked });
        }
        let signature = match self.signature {
            Some(signature) => hex::decode(signature).ok()?,
            None => return Some(Reply::Slip(self.slip?.into())),
        };
        match (self.commitment, self.authorisation) {
            (Some(commitment), Some(authorisation)) => {
                let mut bytes = [0; 64];
                hex::decode_to_slice(authorisation, &mut bytes).ok()?;
                Some(Reply::HomeSigned {
                    signature,
                    commitment: commitment.parse().ok()?,
                    authorisation: bytes,
                    slip: self.slip?.into(),
                })
            }
            _ => Some(Reply::Countersigned { signature }),
        }
    }

    fn refusal(&self, word: &str, status: u16) -> Refusal {
        match word {
            "malformed" => Refusal::Malformed(self.field.clone().unwrap_or_default()),
            "too_many" => Refusal::TooMany(self.seconds),
            "locked" => Refusal::Locked(self.seconds),
            "closed" => Refusal::Closed,
            "wrong_code" => Refusal::WrongCode { left: self.left },
            "code_over" => Refusal::CodeOver,
            "token_over" => Refusal::TokenOver,
            "other_blinded" => Refusal::OtherBlinded,
            "unsignable" => Refusal::Unsignable,
            "wrong_authorisation" | "wrong_municipality" => Refusal::WrongAuthorisation,
            _ if status >= 500 => Refusal::Broken,
            _ => Refusal::Nonsense,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_is_told_apart() {
        let read = |text: &str| read_answer(200, text.as_bytes());
        let sent = read(r#"{"session":"ab","seconds":180}"#);
        let session = "ab".to_owned();
        assert_eq!(
            sent,
            Ok(Reply::CodeSent {
                session,
                seconds: 180
            })
        );
        let token = "cd".to_owned();
        let known = read(r#"{"token":"cd","asked":true}"#);
        assert_eq!(known, Ok(Reply::Confirmed { token, asked: true }));
        assert_eq!(
            read(r#"{"state":"recording","seconds":3}"#),
            Ok(Reply::Recording)
        );
        assert_eq!(
            read(r#"{"error":"not_recorded","seconds":3}"#),
            Ok(Reply::Recording)
        );
        assert_eq!(
            read(r#"{"slip":"CHS1-A"}"#),
            Ok(Reply::Slip("CHS1-A".into()))
        );
        let signed = read(r#"{"signature":"0a0b"}"#);
        assert_eq!(
            signed,
            Ok(Reply::Countersigned {
                signature: vec![10, 11]
            })
        );
        let (commitment, authorisation) = ("11".repeat(32), "22".repeat(64));
        let text = format!(
            r#"{{"state":"signed","signature":"0a","commitment":"{commitment}","authorisation":"{authorisation}","slip":"CHS1-A"}}"#
        );
        assert!(matches!(read(&text), Ok(Reply::HomeSigned { .. })));
    }

    #[test]
    fn every_refusal_is_told_apart_and_nonsense_is_no_answer() {
        let read = |status, text: &str| read_answer(status, text.as_bytes()).unwrap_err();
        assert_eq!(
            read(401, r#"{"error":"wrong_code","left":4}"#),
            Refusal::WrongCode { left: 4 }
        );
        assert_eq!(
            read(429, r#"{"error":"locked","seconds":9}"#),
            Refusal::Locked(9)
        );
        assert_eq!(
            read(400, r#"{"error":"malformed","field":"birth"}"#),
            Refusal::Malformed("birth".into())
        );
        assert_eq!(
            read(409, r#"{"error":"other_blinded"}"#),
            Refusal::OtherBlinded
        );
        assert_eq!(read(500, r#"{"error":"store"}"#), Refusal::Broken);
        assert_eq!(read(502, "<html>"), Refusal::Broken);
        for nonsense in [
            "",
            "{}",
            "[]",
            r#"{"signature":"zz"}"#,
            r#"{"error":"huh"}"#,
        ] {
            assert_eq!(read(200, nonsense), Refusal::Nonsense, "{nonsense}");
        }
    }
}
