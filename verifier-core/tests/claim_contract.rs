//! Contracts with keys for claims: their second version, and what it has to hold.

#![cfg(feature = "prove")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod claim_keys;
mod fixture;

use claim_keys::claim_keys;
use fixture::{Fixture, name};
use verifier_core::{
    CONTRACT_LIMIT, ClaimKeys, Contract, ContractError, EncodingError, Point, PublicKey,
    RsaModulus, encode,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn contract(municipalities: u16) -> Contract {
    Fixture::new(8, municipalities, 2, 2).contract
}

#[test]
fn claim_keys_stand_after_everything_that_the_first_version_has() {
    let plain = contract(3);
    let keys = claim_keys(3);
    let with_claims = plain.clone().with_claim_keys(keys.clone());
    let mut expected = encode(&plain);
    assert_eq!((plain.version, expected[0]), (1, 1));
    expected[0] = 2;
    expected.extend(encode(&keys));
    assert_eq!(encode(&with_claims), expected);
    assert_eq!(expected.len(), encode(&plain).len() + 4 + 3 * 512);
    assert_eq!(Contract::decode(&expected), Ok(with_claims.clone()));
    assert_ne!(with_claims.id(), plain.id());
    assert_eq!(with_claims.with_claim_keys(vec![]), plain);
}

#[test]
fn version_and_claim_keys_go_together() {
    let plain = contract(3);
    let with_claims = plain.clone().with_claim_keys(claim_keys(3));
    for (version, expected, contract) in [(2, 1, &plain), (3, 1, &plain), (1, 2, &with_claims)] {
        let mut wrong = contract.clone();
        wrong.version = version;
        let unknown = EncodingError::UnknownVersion {
            actual: version,
            expected,
        };
        assert_eq!(wrong.check(), Err(ContractError::Encoding(unknown)));
        assert!(Contract::decode(&encode(&wrong)).is_err());
    }
    // The bytes of one version under the number of the other.
    for (contract, version) in [(&plain, 2), (&with_claims, 1)] {
        let mut bytes = encode(contract);
        bytes[0] = version;
        assert!(Contract::decode(&bytes).is_err());
    }
}

#[test]
fn every_municipality_has_two_keys_of_its_own() {
    let with = |change: &dyn Fn(&mut Vec<ClaimKeys>)| {
        let mut keys = claim_keys(3);
        change(&mut keys);
        contract(3).with_claim_keys(keys).check()
    };
    assert_eq!(with(&|_| ()), Ok(()));
    for actual in [1, 2] {
        let count = ContractError::ClaimKeys {
            actual,
            municipalities: 3,
        };
        assert_eq!(with(&|keys| keys.truncate(actual)), Err(count));
    }
    let again = Err(ContractError::RepeatedClaimKey { municipality: 1 });
    assert_eq!(with(&|k| k[1].home = k[0].home), again);
    assert_eq!(with(&|k| k[1].home = k[0].countersign), again);
    assert_eq!(with(&|k| k[1].countersign = k[1].home), again);
    let form = Err(ContractError::ClaimKeyForm { municipality: 2 });
    assert_eq!(with(&|k| k[2].home.0[255] ^= 1), form);
    assert_eq!(with(&|k| k[2].countersign.0[0] &= 0x7f), form);
}

#[test]
fn claims_need_three_municipalities() {
    let keys = claim_keys(3);
    let two = contract(2).with_claim_keys(keys[..2].to_vec());
    let too_few = ContractError::TooFewForClaims { municipalities: 2 };
    assert_eq!(two.check(), Err(too_few));
    assert!(contract(3).with_claim_keys(keys).check().is_ok());
}

/// A contract of so many municipalities with long names, whose keys are numbers.
fn large(municipalities: u16) -> Contract {
    let mut contract = contract(3);
    let template = contract.municipalities[0].clone();
    let number = |m: u16, key: u16| {
        let mut bytes = [0; 32];
        bytes[..2].copy_from_slice(&m.to_le_bytes());
        bytes[2] = u8::try_from(key).unwrap();
        bytes
    };
    contract.municipalities = (0..municipalities)
        .map(|m| {
            let mut municipality = template.clone();
            municipality.name = name(&"n".repeat(100));
            municipality.registrar = PublicKey(number(m, 0));
            municipality.trustee = PublicKey(number(m, 1));
            municipality.trustee_encryption = Point(number(m, 2));
            municipality.promise = PublicKey(number(m, 3));
            municipality.observer = PublicKey(number(m, 4));
            municipality
        })
        .collect();
    let modulus = |m: u16, role| {
        let mut bytes = [0xff; 256];
        bytes[1..3].copy_from_slice(&m.to_le_bytes());
        bytes[3] = role;
        RsaModulus(bytes)
    };
    let keys = (0..municipalities).map(|m| ClaimKeys {
        home: modulus(m, 0),
        countersign: modulus(m, 1),
    });
    contract.with_claim_keys(keys.collect())
}

#[test]
fn thirty_one_municipalities_fit_and_too_many_do_not() {
    assert_eq!(large(31).check(), Ok(()));
    assert!(encode(&large(31)).len() < CONTRACT_LIMIT / 2);
    let beyond = large(100);
    let actual = encode(&beyond).len();
    assert!(actual > CONTRACT_LIMIT);
    let too_large = EncodingError::TooLarge {
        actual,
        limit: CONTRACT_LIMIT,
    };
    assert_eq!(beyond.check(), Err(ContractError::Encoding(too_large)));
}
