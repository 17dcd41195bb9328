//! The examples of the specification, frozen: whoever changes one of these bytes changes the protocol.

#![cfg(feature = "prove")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod forger;

use curve25519_dalek::Scalar;
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as B;
use forger::{CONTRACT, Draft, Forger, GENESIS, KEY_SET, point};
use verifier_core::prove::{SigningKey, public_key};
use verifier_core::{AssetId, BallotKeys, EncryptedSum, check_ballot, encode};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_ballot() {
    let mut forger = Forger::new(80, 2);
    // H_1 = 5·B, H_2 = 7·B, r = 11, and every number drawn is 1.
    forger.logs = vec![Scalar::from(5u64), Scalar::from(7u64)];
    let addresses: Vec<_> = forger.logs.iter().map(|log| point(log * B)).collect();
    forger.keys = BallotKeys::new(GENESIS, CONTRACT, KEY_SET, &addresses).unwrap();
    let voter = SigningKey::from_bytes(&[9; 32]);
    let draft = Draft {
        address: public_key(&voter),
        voter,
        asset: AssetId {
            municipality: 1,
            batch: 2,
            index: 3,
        },
        r: Scalar::from(11u64),
        amounts: vec![Scalar::ZERO, Scalar::ONE],
        a_error: vec![Scalar::ZERO; 2],
        b_error: vec![Scalar::ZERO; 2],
    };
    forger.drawn = Some(Scalar::ONE);
    let (ballot, proof) = forger.prove(&draft, 1, |_, _| {});
    let transaction = forger::sign(ballot, &draft.voter);
    let checked = check_ballot(&forger.keys, &transaction).unwrap();
    let mut sum = EncryptedSum::zero(2);
    sum.add(&checked);
    sum.add(&checked);
    let hex = |scalar: &Scalar| hex::encode(scalar.as_bytes());
    let actual = [
        ("transaction", hex::encode(transaction.encode())),
        ("tracking code", checked.code().to_string()),
        ("H_1", addresses[0].to_string()),
        ("H_2", addresses[1].to_string()),
        ("rho_1", hex(&proof.rho[0])),
        ("rho_2", hex(&proof.rho[1])),
        ("c_2", hex(&proof.c[1])),
        ("sum of two", hex::encode(encode(&sum))),
    ];
    for ((name, actual), expected) in actual.iter().zip(EXPECTED) {
        assert_eq!(actual, expected, "{name}");
    }
}

const EXPECTED: [&str; 8] = [
    concat!(
        "0101010101010101010101010101010101010101010101010101010101010101010202020202020202020202020202020202",
        "02020202020202020202020202020206010002000300fd1724385aa0c75b64fb78cd602fa1d991fdebf76b13c58ed702eac8",
        "35e9f61831323334bce83f8ba5dd2fa572864c24ba1810f9522bc6004afe95877ac73241cafdab42020000001225041f964d",
        "88d6c5a0578ae9fd09be20d9c617b21b862d0c8d16c6cd9f606c12cd0b2dbb48d2d49bc6661f9cdbdfe344a0f68519fe6d47",
        "e69815ceb3976a660200000018a6629a9815df385e184a0e2c0268cc9350b0ea0c04167d5513bf6bf921a208e2f2ae0a6abc",
        "4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d7602000000481d3aa18d704b13c5170f4cd01888d1bd89c59a",
        "3a599a8b7d834f9c68f2be510c80674316ca8bd7eac0c81ab514ea614fe26fcabf258927c62df3e887ddce4c010000000100",
        "0000000000000000000000000000000000000000000000000000000000000200000001000000000000000000000000000000",
        "0000000000000000000000000000000008599bc075f067f0422c506a9922228d684864e97755f0cbde34517dd0350a060100",
        "0000d97ea03737f3376b8285092bc8657492b4e38109c609a41073f8a1e15f26bba8c602f0954a9bdd19d88b7d3ea4033a5b",
        "bfa3906b625ecf7596b947f271d36904",
    ),
    "5291a4d79652c0c57123e75f9f06947c01a19106fb78bed848bec73134bbad29",
    "e882b131016b52c1d3337080187cf768423efccbb517bb495ab812c4160ff44e",
    "44f53520926ec81fbd5a387845beb7df85a96a24ece18738bdcfa6a7822a176d",
    "80f541a26582b38664532d94091cc561ebc7701a3bb5cec43989af2fa042280e",
    "8543e181931dada119320b8e49f81f2bf6936e6b125cd63b505e2205a1812f08",
    "7bb14a7d68417794547b456f3589b6c2c3c09489964de7862b79640b7033180f",
    concat!(
        "d886641e16a1165d70fa89413c4129d56b15d5f44d2dd2b09823cd723487656a02000000a6e0dff7266db7a8bc207632a14e",
        "194226939a8c89ef93dd2464e542b2d70a7322e1068f8467c3e37199cdf376d9a54e1a1af0b57a43817e42e725300387e26c",
    ),
];
