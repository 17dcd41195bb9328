//! The state tree over its tables: a Jellyfish Merkle tree whose version is the height.

use super::tables::{KEYS, NODES, StorageError, VALUES};
use jmt::storage::{HasPreimage, LeafNode, Node, NodeKey, TreeReader};
use jmt::{KeyHash, OwnedValue, Version};
use redb::{ReadOnlyTable, ReadTransaction};

/// The tables of the state tree as one transaction sees them.
pub struct TreeTables {
    nodes: ReadOnlyTable<&'static [u8], &'static [u8]>,
    values: ReadOnlyTable<([u8; 32], u64), Option<&'static [u8]>>,
    keys: ReadOnlyTable<[u8; 32], &'static [u8]>,
}

impl TreeTables {
    /// Opens the tables.
    pub fn open(transaction: &ReadTransaction) -> Result<Self, StorageError> {
        Ok(Self {
            nodes: transaction.open_table(NODES)?,
            values: transaction.open_table(VALUES)?,
            keys: transaction.open_table(KEYS)?,
        })
    }
}

impl TreeReader for TreeTables {
    fn get_node_option(&self, key: &NodeKey) -> anyhow::Result<Option<Node>> {
        let found = self.nodes.get(borsh::to_vec(key)?.as_slice())?;
        found
            .map(|node| Ok(borsh::from_slice(node.value())?))
            .transpose()
    }

    fn get_value_option(
        &self,
        max_version: Version,
        key: KeyHash,
    ) -> anyhow::Result<Option<OwnedValue>> {
        let newest = self
            .values
            .range((key.0, 0)..=(key.0, max_version))?
            .next_back()
            .transpose()?;
        Ok(newest.and_then(|(_, value)| value.value().map(<[u8]>::to_vec)))
    }

    /// Only a tree that is being restored asks; this one never is.
    fn get_rightmost_leaf(&self) -> anyhow::Result<Option<(NodeKey, LeafNode)>> {
        Ok(None)
    }
}

impl HasPreimage for TreeTables {
    fn preimage(&self, key: KeyHash) -> anyhow::Result<Option<Vec<u8>>> {
        Ok(self.keys.get(key.0)?.map(|key| key.value().to_vec()))
    }
}
