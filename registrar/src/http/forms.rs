//! What is asked and answered, as JSON. Bytes are hexadecimal.

use crate::refusal::Refusal;
use crate::sign::{CountersignRequest, Signed};
use crate::text::Language;
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use verifier_core::{Hash, MunicipalityIndex, Seconds};

/// After so many seconds it is worth asking again.
const AGAIN: Seconds = 3;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identify {
    pub name: String,
    pub birth: String,
    pub phone: String,
    #[serde(default)]
    pub language: Language,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    pub session: String,
    pub code: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    pub token: String,
    pub blinded: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlipOf {
    pub token: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Countersign {
    home: MunicipalityIndex,
    commitment: String,
    authorisation: String,
    blinded: String,
}

/// Whose registrar answers, and until when.
#[derive(Serialize)]
pub struct About {
    pub genesis: String,
    pub contract: String,
    pub municipality: MunicipalityIndex,
    pub closes: Seconds,
    /// How many were recorded on the ledger, signed and countersigned so far.
    pub recorded: u64,
    pub signed: u64,
    pub countersigned: u64,
}

/// Exactly so many bytes.
pub fn array<const N: usize>(text: &str, field: &'static str) -> Result<[u8; N], Refusal> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| Refusal::Malformed(field))?;
    Ok(bytes)
}

/// A number to be signed; of whichever length, which is judged by the key.
pub fn blinded(text: &str) -> Result<Vec<u8>, Refusal> {
    hex::decode(text).map_err(|_| Refusal::Malformed("blinded"))
}

impl Countersign {
    pub fn read(&self) -> Result<CountersignRequest, Refusal> {
        Ok(CountersignRequest {
            home: self.home,
            commitment: Hash(array(&self.commitment, "commitment")?),
            authorisation: array(&self.authorisation, "authorisation")?,
            blinded: blinded(&self.blinded)?,
        })
    }
}

/// 200.
pub fn signed(signed: &Signed) -> Response {
    let answer = json!({
        "state": "signed",
        "signature": hex::encode(&signed.signature),
        "commitment": signed.commitment.to_string(),
        "authorisation": hex::encode(signed.authorisation),
        "slip": signed.slip.to_text(),
    });
    Json(answer).into_response()
}

/// 202: the ledger does not hold it yet.
pub fn waiting() -> Response {
    let answer = json!({ "state": "recording", "seconds": AGAIN });
    (StatusCode::ACCEPTED, Json(answer)).into_response()
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        if let Self::Store(_) | Self::Seal(_) | Self::Interrupted = &self {
            eprintln!("A request failed: {self}.");
        }
        let mut answer = Map::new();
        answer.insert("error".into(), self.word().into());
        let (status, retry) = match &self {
            Self::Person(error) => {
                answer.insert("field".into(), error.field().into());
                (StatusCode::BAD_REQUEST, None)
            }
            Self::Malformed(field) => {
                answer.insert("field".into(), (*field).into());
                (StatusCode::BAD_REQUEST, None)
            }
            Self::TooMany(seconds) | Self::Locked(seconds) => {
                answer.insert("seconds".into(), (*seconds).into());
                (StatusCode::TOO_MANY_REQUESTS, Some(*seconds))
            }
            Self::WrongCode { left } => {
                answer.insert("left".into(), (*left).into());
                (StatusCode::UNAUTHORIZED, None)
            }
            Self::CodeOver | Self::TokenOver => (StatusCode::UNAUTHORIZED, None),
            Self::OtherBlinded => (StatusCode::CONFLICT, None),
            Self::Closed | Self::WrongAuthorisation | Self::WrongMunicipality => {
                (StatusCode::FORBIDDEN, None)
            }
            Self::Unsignable => (StatusCode::BAD_REQUEST, None),
            Self::NotRecorded => {
                answer.insert("seconds".into(), AGAIN.into());
                (StatusCode::ACCEPTED, Some(AGAIN))
            }
            Self::Store(_) | Self::Seal(_) | Self::Interrupted => {
                (StatusCode::INTERNAL_SERVER_ERROR, None)
            }
        };
        let mut response = (status, Json(Value::Object(answer))).into_response();
        if let Some(seconds) = retry {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}
