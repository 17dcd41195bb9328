//! The examples of the specification, byte for byte.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod ledger_chain;

use jmt::mock::MockTreeStore;
use jmt::{KeyHash, Sha256Jmt};
use ledger_chain::{Act, address, chain_id, header, public_key, set, sign};
use prost_ics23::Message;
use tendermint::block::CommitSig;
use tendermint::block::signed_header::SignedHeader;
use verifier_core::{
    Hash, TxResult, check_commit, data_hash, header_hash, last_commit_hash, last_results_hash,
    sign_bytes, verify_state,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn signed() -> SignedHeader {
    sign(header(2, &[1], &[1], None), &[1], |_| Act::Signs)
}

#[test]
fn the_example_of_a_validator_set() {
    assert_eq!(
        public_key(1).to_string(),
        "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"
    );
    assert_eq!(
        address(1).to_string(),
        "34750F98BD59FCFC946DA45AAABE933BE154A4B5"
    );
    assert_eq!(
        set(&[1]).hash().to_string(),
        "ce26e9a5d8b5f7dc6704978e13d96fef3d2ff084c6d35f4106aa2d2ac722bc7a"
    );
}

#[test]
fn the_example_of_a_header_and_its_commit() {
    let signed = signed();
    assert!(check_commit(&chain_id(), &set(&[1]), &signed).is_ok());
    assert_eq!(
        header_hash(&signed.header).to_string(),
        "03346cdd34890350917bfea7eac4540af86dc260ee1aec37553d1e953b6b0b4f"
    );
    let CommitSig::BlockIdFlagCommit {
        timestamp,
        signature,
        ..
    } = &signed.commit.signatures[0]
    else {
        panic!("it is signed")
    };
    let commit = &signed.commit;
    let message = |block_id| hex::encode(sign_bytes(&chain_id(), commit, block_id, *timestamp));
    assert_eq!(
        message(Some(commit.block_id)),
        "6e080211020000000000000022480a2003346cdd34890350917bfea7eac4540af86dc260ee1aec37553d1e953b6b0b4f\
         12240801122008080808080808080808080808080808080808080808080808080808080808082a0a0894e2cfaa0610c0\
         843d320b746573742d6c6564676572"
    );
    assert_eq!(
        message(None),
        "2408021102000000000000002a0a0894e2cfaa0610c0843d320b746573742d6c6564676572"
    );
    assert_eq!(
        hex::encode(signature.as_ref().unwrap().as_bytes()),
        "e50f1916ee5e371f3116ca67a76c40c53922bdf68d96d2af722b46f652d9eeff\
         c996f849f98089b7b1409eb9c994b7801f93afe3c5a3e6659c624b7c56ac5c0e"
    );
    assert_eq!(
        last_commit_hash(Some(commit)).to_string(),
        "8f0e40d3856d6261f0efa6d9ed31e2797f8e5cb6b7f6de3154a09586423d6c93"
    );
}

#[test]
fn the_examples_of_merkle_roots() {
    assert_eq!(
        data_hash(&["a", "b", "c"]).to_string(),
        "cac3d448d4e20a2ad5eae1f500e63c2a7f9217cd14572ba7fd22e26dc1ec2648"
    );
    let refused = TxResult {
        code: 3,
        ..TxResult::default()
    };
    assert_eq!(
        last_results_hash(&[TxResult::default(), refused]).to_string(),
        "782c8dbd487cd71be1ca0c683716927eb8751f4dd7583870e46528812faf1484"
    );
}

#[test]
fn the_example_of_a_state_proof() {
    let store = MockTreeStore::default();
    let tree = Sha256Jmt::new(&store);
    let entries = [("contract", "A"), ("keyset", "B")].map(|(key, value)| {
        let hash = KeyHash::with::<sha2::Sha256>(key);
        store.put_key_preimage(hash, &key.as_bytes().to_vec());
        (hash, Some(value.as_bytes().to_vec()))
    });
    let (root, batch) = tree.put_value_set(entries, 1).unwrap();
    store.write_tree_update_batch(batch).unwrap();
    let app_hash = Hash(root.0);
    assert_eq!(
        app_hash.to_string(),
        "0fd2c798b11eb62c9bb17426f2a68f316af172d234d78be97a7fb8361aa90efe"
    );
    let proof = |key: &str| {
        let (_, proof) = tree.get_with_ics23_proof(key.into(), 1).unwrap();
        hex::encode(proof.encode_to_vec())
    };
    assert_eq!(
        proof("contract"),
        "0a5a0a08636f6e74726163741201411a150801100118012a0d4a4d543a3a4c6561664e6f64652234080112304a4d543a3a496e74726e616c4e6f646521193874b7940557c01537f62a19fcd2c8284bd0f404305dce0f8054e53470f7"
    );
    assert_eq!(
        proof("close"),
        "12630a05636c6f73651a5a0a066b65797365741201421a150801100118012a0d4a4d543a3a4c6561664e6f64652236080112104a4d543a3a496e74726e616c4e6f64651a2008a87624f825c154fc0dda5c6c40145c27f33860ffe60f29310729c3ba7cec65"
    );
    let value =
        |key: &str| verify_state(app_hash, key.as_bytes(), &hex::decode(proof(key)).unwrap());
    assert_eq!(value("contract"), Ok(Some(b"A".to_vec())));
    assert_eq!(value("close"), Ok(None));
}
