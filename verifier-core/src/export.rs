//! An exported ledger: the answers of a node as files in a folder, so that they can be carried anywhere.
//!
//! | file | holds |
//! |---|---|
//! | `genesis.json` | the result of `/genesis` |
//! | `blocks/NNNNNNNN.json` | `block`, `commit` and `results`: the results of `/block`, `/commit` and `/block_results`; the last one only a `commit` |
//! | `totals.json` | the claimed totals |
//!
//! An archive ([`crate::ArchiveIndex`]) is such a folder too, with bundles instead of `blocks/`.
//!
//! Nothing in it is trusted: the same checks run on it as on a node's answers.

use crate::archive::{ARCHIVE_INDEX_FILE, bundle_file, hints_file};
use crate::finding::SourceFault;
use crate::ids::Height;
use crate::request::{Answer, Request};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The trust card's file in an export.
pub const TRUST_CARD_FILE: &str = "trust-card.json";
const GENESIS_FILE: &str = "genesis.json";
const TOTALS_FILE: &str = "totals.json";

/// One block of an export: the `result` objects of three routes, as they are.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportedBlock {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<Box<RawValue>>,
    pub commit: Box<RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results: Option<Box<RawValue>>,
}

/// The file that answers a request, if a folder has one: an export, or an archive, wherever it is served.
pub fn export_file(request: &Request) -> Option<String> {
    match request {
        Request::Genesis => Some(GENESIS_FILE.into()),
        Request::Totals => Some(TOTALS_FILE.into()),
        Request::Block(height) | Request::Commit(height) | Request::BlockResults(height) => {
            Some(block_file(*height))
        }
        Request::ArchiveIndex => Some(ARCHIVE_INDEX_FILE.into()),
        Request::Bundle(number) => Some(bundle_file(*number)),
        Request::Hints(number) => Some(hints_file(*number)),
        _ => None,
    }
}

/// The name of a block's file.
pub fn block_file(height: Height) -> String {
    format!("blocks/{height:08}.json")
}

/// Makes a node's answer of the bytes of the file that [`export_file`] names.
///
/// # Errors
/// If the file does not hold what was asked for.
pub fn answer_from_export(request: &Request, file: &[u8]) -> Answer {
    let malformed = |e: serde_json::Error| SourceFault::Malformed(e.to_string());
    match request {
        Request::Totals => {
            let value = BASE64.encode(file);
            Ok(envelope(&format!(
                r#"{{"response":{{"code":0,"height":"0","value":"{value}"}}}}"#
            )))
        }
        Request::Block(_) | Request::Commit(_) | Request::BlockResults(_) => {
            let exported: ExportedBlock = serde_json::from_slice(file).map_err(malformed)?;
            let part = match request {
                Request::Block(_) => exported.block,
                Request::BlockResults(_) => exported.results,
                _ => Some(exported.commit),
            };
            let part = part.ok_or_else(|| SourceFault::Missing(request.path()))?;
            Ok(envelope(part.get()))
        }
        Request::ArchiveIndex | Request::Bundle(_) | Request::Hints(_) => Ok(file.to_vec()),
        _ => {
            let whole: &RawValue = serde_json::from_slice(file).map_err(malformed)?;
            Ok(envelope(whole.get()))
        }
    }
}

/// The height up to which an export goes: that of its last block file, which holds a commit only.
pub fn export_height<'a>(files: impl Iterator<Item = &'a str>) -> Option<Height> {
    files
        .filter_map(|name| name.strip_prefix("blocks/")?.strip_suffix(".json"))
        .filter_map(|digits| digits.parse().ok())
        .max()
}

fn envelope(result: &str) -> Vec<u8> {
    format!(r#"{{"jsonrpc":"2.0","id":-1,"result":{result}}}"#).into_bytes()
}
