//! Answers about the application's state.

use serde::Deserialize;
use tendermint_proto::serializers::from_str;

use crate::Height;
use crate::ledger::STATE_PROOF_TYPE;

use super::{Base64, Route};

/// `/abci_query?path=&data=&height=&prove=true`: a value in the state, or its absence, with the proof.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "RawQuery")]
pub struct StateQuery {
    /// 0 if the node answered the query.
    pub code: u32,
    /// The height of the state; its root is in the header of the height after it.
    pub height: Height,
    /// The key.
    pub key: Vec<u8>,
    /// The value; empty if there is none.
    pub value: Vec<u8>,
    /// Type and data of each operation of the proof.
    pub proof_ops: Vec<(String, Vec<u8>)>,
    /// What the node says about it.
    pub log: String,
}

impl StateQuery {
    /// The proof for [`crate::verify_state`], if there is exactly one operation, of type [`STATE_PROOF_TYPE`].
    pub fn proof(&self) -> Option<&[u8]> {
        match self.proof_ops.as_slice() {
            [(kind, data)] if kind == STATE_PROOF_TYPE => Some(data),
            _ => None,
        }
    }
}

impl Route for StateQuery {
    const ROUTE: &'static str = "abci_query";
    const LIMIT: usize = 1 << 20;
}

#[derive(Deserialize)]
struct RawQuery {
    response: RawQueryResponse,
}

#[derive(Deserialize)]
struct RawQueryResponse {
    #[serde(default)]
    code: u32,
    #[serde(with = "from_str")]
    height: u64,
    #[serde(default)]
    key: Base64,
    #[serde(default)]
    value: Base64,
    #[serde(default, rename = "proofOps")]
    proof_ops: Option<RawProofOps>,
    #[serde(default)]
    log: String,
}

#[derive(Deserialize)]
struct RawProofOps {
    ops: Vec<RawProofOp>,
}

#[derive(Deserialize)]
struct RawProofOp {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    data: Base64,
}

impl From<RawQuery> for StateQuery {
    fn from(RawQuery { response: raw }: RawQuery) -> Self {
        let ops = raw.proof_ops.map(|proof| proof.ops).unwrap_or_default();
        Self {
            code: raw.code,
            height: raw.height,
            key: raw.key.0,
            value: raw.value.0,
            proof_ops: ops.into_iter().map(|op| (op.kind, op.data.0)).collect(),
            log: raw.log,
        }
    }
}
