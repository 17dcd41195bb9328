//! State sync: CometBFT offers other nodes' snapshots, of heights whose headers its light client trusts.

use super::service::AbciError;
use crate::replica::ReplicaError;
use crate::snapshot::{FORMAT, Manifest, Restoring, SnapshotError, Taken};
use crate::storage::{StorageError, Store};
use std::io;
use std::path::PathBuf;
use tendermint_proto::v0_38::abci::response_apply_snapshot_chunk::Result as Applied;
use tendermint_proto::v0_38::abci::response_offer_snapshot::Result as Offered;
use tendermint_proto::v0_38::abci::{
    RequestApplySnapshotChunk, RequestOfferSnapshot, ResponseApplySnapshotChunk,
    ResponseOfferSnapshot,
};
use verifier_core::{GenesisHash, GenesisState};

/// A node on its way in.
pub struct Joining {
    folder: PathBuf,
    genesis: GenesisHash,
    state: GenesisState,
    restoring: Option<Restoring>,
}

impl Joining {
    /// Nothing offered yet; chunks are put into this folder.
    pub fn new(folder: PathBuf, genesis: GenesisHash, state: GenesisState) -> Self {
        Self {
            folder,
            genesis,
            state,
            restoring: None,
        }
    }

    /// Whether a snapshot is wanted. `height` is where this node stands.
    pub fn offer(
        &mut self,
        offer: RequestOfferSnapshot,
        height: u64,
    ) -> Result<ResponseOfferSnapshot, AbciError> {
        let answer = |result: Offered| ResponseOfferSnapshot {
            result: result.into(),
        };
        if height > 0 {
            return Ok(answer(Offered::Abort));
        }
        let Some(snapshot) = offer.snapshot else {
            return Ok(answer(Offered::Reject));
        };
        if snapshot.format != FORMAT {
            return Ok(answer(Offered::RejectFormat));
        }
        let manifest = Manifest::decode(&snapshot.metadata, &snapshot.hash, snapshot.chunks);
        let root = <[u8; 32]>::try_from(offer.app_hash.as_ref());
        let (manifest, root) = match (manifest, root) {
            (Ok(manifest), Ok(root)) => (manifest, root),
            (Err(error), _) => {
                eprintln!(
                    "A snapshot of height {} is not taken over: {error}.",
                    snapshot.height
                );
                return Ok(answer(Offered::Reject));
            }
            (_, Err(_)) => return Ok(answer(Offered::Reject)),
        };
        let restoring = Restoring::new(snapshot.height, root, manifest, self.folder.clone());
        self.restoring = Some(restoring.map_err(fatal)?);
        Ok(answer(Offered::Accept))
    }

    /// Takes a chunk; after the last, checks the whole. What was checked is for the replica to go on from.
    pub fn apply(
        &mut self,
        apply: &RequestApplySnapshotChunk,
        store: &Store,
    ) -> Result<(ResponseApplySnapshotChunk, Option<Taken>), AbciError> {
        let answer = |result: Applied| ResponseApplySnapshotChunk {
            result: result.into(),
            ..ResponseApplySnapshotChunk::default()
        };
        let Some(restoring) = &mut self.restoring else {
            return Ok((answer(Applied::Abort), None));
        };
        let index = usize::try_from(apply.index).unwrap_or(usize::MAX);
        if !restoring.receive(index, &apply.chunk).map_err(fatal)? {
            let again = ResponseApplySnapshotChunk {
                refetch_chunks: vec![apply.index],
                reject_senders: vec![apply.sender.clone()],
                ..answer(Applied::Retry)
            };
            return Ok((again, None));
        }
        if !restoring.is_complete() {
            return Ok((answer(Applied::Accept), None));
        }
        let checked = restoring.check(store, self.genesis, self.state.clone());
        restoring.discard().map_err(fatal)?;
        self.restoring = None;
        match checked {
            Ok(taken) => Ok((answer(Applied::Accept), Some(taken))),
            Err(SnapshotError::Storage(error)) => Err(ReplicaError::from(error).into()),
            Err(error) => {
                eprintln!("A snapshot is not taken over: {error}.");
                Ok((answer(Applied::RejectSnapshot), None))
            }
        }
    }
}

fn fatal(error: io::Error) -> AbciError {
    ReplicaError::from(StorageError::from(error)).into()
}
