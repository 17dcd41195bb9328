//! The part set: a block's protobuf bytes in chunks of 64 KiB, named by the Merkle root over them.

use prost::Message;
use sha2::Sha256;
use tendermint::block::parts;
use tendermint::merkle::simple_hash_from_byte_vectors;
use tendermint_proto::v0_38::types::Block;

/// CometBFT's `BlockPartSizeBytes`.
const PART_BYTES: usize = 65_536;

/// How many parts the block has, and the Merkle root over them.
pub fn part_set_header(block: &Block) -> Result<parts::Header, tendermint::Error> {
    let bytes = block.encode_to_vec();
    let parts: Vec<&[u8]> = bytes.chunks(PART_BYTES).collect();
    let root = simple_hash_from_byte_vectors::<Sha256>(&parts);
    let total = u32::try_from(parts.len()).map_err(tendermint::Error::integer_overflow)?;
    parts::Header::new(total, tendermint::Hash::Sha256(root))
}
