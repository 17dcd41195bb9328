//! Reading: blocks by height, state with proofs.

use super::store::{Store, TIP_NOTE};
use super::tables::{
    BALLOTS, BATCHES, BLOCKS, COMMITS, EVENTS, NOTES, OUTCOMES, ROOTS, SPENT, SPOILED, StorageError,
};
use super::tree::TreeTables;
use borsh::{BorshDeserialize, BorshSerialize};
use jmt::Sha256Jmt;
use prost::Message;
use prost_of_ics23::Message as _;
use redb::{ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition};
use tendermint::block::{Commit, Header};
use tendermint_proto::v0_38::types as proto;
use verifier_core::state_key::SpoiledEntry;
use verifier_core::{AssetId, Outcome, Seconds, Tally, TrackingCode};

/// A block as it was kept.
pub struct BlockRecord {
    pub header: Header,
    pub block: proto::Block,
    pub commit: Commit,
    pub outcomes: Vec<Outcome>,
}

/// A transaction that took effect, ballots apart: in their order, they are what the election is rebuilt from.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Event {
    pub height: u64,
    pub position: u32,
    /// Its header's.
    pub time: Seconds,
    pub bytes: Vec<u8>,
}

/// What is known of the last block beside its root.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Tip {
    /// The header's time.
    pub time: Seconds,
    /// The ballots counted so far.
    pub tally: Tally,
}

/// A spent asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SpentAsset {
    pub asset: AssetId,
    pub height: u64,
    pub code: TrackingCode,
}

/// A ballot that can no longer count, and since which block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpoiledBallot {
    pub asset: AssetId,
    pub code: TrackingCode,
    pub height: u64,
}

/// The store as it was at one moment.
pub struct Pinned(ReadTransaction);

/// A value of the state, or that there is none, with what proves it under the state's root.
pub struct StateAnswer {
    pub value: Option<Vec<u8>>,
    /// Protobuf of an ics23 `CommitmentProof`.
    pub proof: Vec<u8>,
}

impl Store {
    /// The value under a name, if one was kept.
    pub fn noted(&self, name: &str) -> Result<Option<Vec<u8>>, StorageError> {
        let table = self.database.begin_read()?.open_table(NOTES)?;
        Ok(table.get(name)?.map(|value| value.value().to_vec()))
    }

    /// The height of the last block; 0 if there is none.
    pub fn last_height(&self) -> Result<u64, StorageError> {
        let table = self.database.begin_read()?.open_table(ROOTS)?;
        Ok(table.last()?.map_or(0, |(height, _)| height.value()))
    }

    /// What is known of the last block; `None` before the first.
    pub fn tip(&self) -> Result<Option<Tip>, StorageError> {
        let Some(bytes) = self.noted(TIP_NOTE)? else {
            return Ok(None);
        };
        let height = self.last_height()?;
        let corrupt = |_| StorageError::Corrupt {
            what: "tip",
            height,
        };
        borsh::from_slice(&bytes).map(Some).map_err(corrupt)
    }

    /// The store as it is now, whatever is written later.
    pub fn pin(&self) -> Result<Pinned, StorageError> {
        Ok(Pinned(self.database.begin_read()?))
    }

    /// The root of the state after block `height`; `None` if that state is not there.
    pub fn root(&self, height: u64) -> Result<Option<[u8; 32]>, StorageError> {
        let table = self.database.begin_read()?.open_table(ROOTS)?;
        Ok(table.get(height)?.map(|root| root.value()))
    }

    /// The block at `height`.
    pub fn block(&self, height: u64) -> Result<BlockRecord, StorageError> {
        let block = self.decoded::<proto::Block>(BLOCKS, "block", height)?;
        let header = block
            .header
            .clone()
            .and_then(|header| Header::try_from(header).ok());
        let header = header.ok_or(StorageError::Corrupt {
            what: "header",
            height,
        })?;
        let commit = self.commit(height)?;
        let outcomes = self.outcomes(height)?;
        Ok(BlockRecord {
            header,
            block,
            commit,
            outcomes,
        })
    }

    /// The header at `height`.
    pub fn header(&self, height: u64) -> Result<Header, StorageError> {
        Ok(self.block(height)?.header)
    }

    /// The commit that signs the block at `height`.
    pub fn commit(&self, height: u64) -> Result<Commit, StorageError> {
        let commit = self.decoded::<proto::Commit>(COMMITS, "commit", height)?;
        Commit::try_from(commit).map_err(|_| StorageError::Corrupt {
            what: "commit",
            height,
        })
    }

    /// The outcomes of the block at `height`.
    pub fn outcomes(&self, height: u64) -> Result<Vec<Outcome>, StorageError> {
        let bytes = self.bytes(OUTCOMES, height)?;
        bytes
            .chunks(4)
            .map(|code| {
                code.try_into()
                    .ok()
                    .map(u32::from_le_bytes)
                    .and_then(Outcome::from_code)
            })
            .collect::<Option<Vec<_>>>()
            .ok_or(StorageError::Corrupt {
                what: "outcomes",
                height,
            })
    }

    /// Height and number of ballots of each block from `from` to `to` that holds any.
    pub fn ballot_index(&self, from: u64, to: u64) -> Result<Vec<(u64, u32)>, StorageError> {
        let table = self.database.begin_read()?.open_table(BALLOTS)?;
        let mut index = Vec::new();
        for entry in table.range(from..=to)? {
            let (height, ballots) = entry?;
            if ballots.value() > 0 {
                index.push((height.value(), ballots.value()));
            }
        }
        Ok(index)
    }

    /// Borsh of a batch's addresses, if the batch was issued.
    pub fn batch(&self, municipality: u16, batch: u16) -> Result<Option<Vec<u8>>, StorageError> {
        let table = self.database.begin_read()?.open_table(BATCHES)?;
        Ok(table
            .get((municipality, batch))?
            .map(|addresses| addresses.value().to_vec()))
    }

    /// The assets of a batch that were spent up to block `height`, by index.
    pub fn spent(
        &self,
        municipality: u16,
        batch: u16,
        height: u64,
    ) -> Result<Vec<SpentAsset>, StorageError> {
        let table = self.database.begin_read()?.open_table(SPENT)?;
        let mut spent = Vec::new();
        for entry in table.range((municipality, batch, 0)..=(municipality, batch, u16::MAX))? {
            let (asset, ballot) = entry?;
            let entry = spent_asset(asset.value(), ballot.value());
            if entry.height <= height {
                spent.push(entry);
            }
        }
        Ok(spent)
    }

    /// The ballots of a batch that were spoiled up to block `height`, by index and code.
    pub fn spoiled(
        &self,
        municipality: u16,
        batch: u16,
        height: u64,
    ) -> Result<Vec<SpoiledEntry>, StorageError> {
        let table = self.database.begin_read()?.open_table(SPOILED)?;
        let (first, last) = ((0, [0; 32]), (u16::MAX, [u8::MAX; 32]));
        let batch_of = |(index, code)| (municipality, batch, index, code);
        let mut spoiled = Vec::new();
        for entry in table.range(batch_of(first)..=batch_of(last))? {
            let (ballot, since) = entry?;
            let (_, _, index, code) = ballot.value();
            if since.value() <= height {
                let code = TrackingCode(code);
                spoiled.push(SpoiledEntry { index, code });
            }
        }
        Ok(spoiled)
    }

    /// A key of the state after block `height`, with its proof.
    pub fn state(&self, key: &[u8], height: u64) -> Result<StateAnswer, StorageError> {
        let tables = TreeTables::open(&self.database.begin_read()?)?;
        let tree = Sha256Jmt::new(&tables);
        let (value, proof) = tree
            .get_with_ics23_proof(key.to_vec(), height)
            .map_err(|e| StorageError::Tree(e.to_string()))?;
        Ok(StateAnswer {
            value,
            proof: proof.encode_to_vec(),
        })
    }

    fn decoded<M: Message + Default>(
        &self,
        table: TableDefinition<u64, &'static [u8]>,
        what: &'static str,
        height: u64,
    ) -> Result<M, StorageError> {
        let bytes = self.bytes(table, height)?;
        M::decode(bytes.as_slice()).map_err(|_| StorageError::Corrupt { what, height })
    }

    fn bytes(
        &self,
        table: TableDefinition<u64, &'static [u8]>,
        height: u64,
    ) -> Result<Vec<u8>, StorageError> {
        let found = self
            .database
            .begin_read()?
            .open_table(table)?
            .get(height)?
            .map(|bytes| bytes.value().to_vec());
        match found {
            Some(bytes) => Ok(bytes),
            None => Err(StorageError::Height {
                height,
                first: 1,
                last: self.last_height()?,
            }),
        }
    }
}

impl Pinned {
    /// Hands the transactions that took effect to `take`, ballots apart, in their order.
    pub fn each_event<E: From<StorageError>>(
        &self,
        mut take: impl FnMut(Event) -> Result<(), E>,
    ) -> Result<(), E> {
        let table = self.0.open_table(EVENTS).map_err(StorageError::from)?;
        for entry in table.iter().map_err(StorageError::from)? {
            let (key, value) = entry.map_err(StorageError::from)?;
            let ((height, position), (time, bytes)) = (key.value(), value.value());
            take(Event {
                height,
                position,
                time,
                bytes: bytes.to_vec(),
            })?;
        }
        Ok(())
    }

    /// Hands every spent asset to `take`, by asset.
    pub fn each_spent<E: From<StorageError>>(
        &self,
        mut take: impl FnMut(SpentAsset) -> Result<(), E>,
    ) -> Result<(), E> {
        let table = self.0.open_table(SPENT).map_err(StorageError::from)?;
        for entry in table.iter().map_err(StorageError::from)? {
            let (asset, ballot) = entry.map_err(StorageError::from)?;
            take(spent_asset(asset.value(), ballot.value()))?;
        }
        Ok(())
    }
}

fn spent_asset(
    (municipality, batch, index): (u16, u16, u16),
    (height, code): (u64, [u8; 32]),
) -> SpentAsset {
    SpentAsset {
        asset: AssetId {
            municipality,
            batch,
            index,
        },
        height,
        code: TrackingCode(code),
    }
}
