//! A purse on its way from an address to a used right: what survives, what is refused, and that no secret is left at the end.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
#![cfg(all(feature = "secrets", not(feature = "lying")))]

use blind_rsa_signatures::{
    BlindMessage, DefaultRng, KeyPairSha384PSSRandomized as KeyPair,
    SecretKeySha384PSSRandomized as SecretKey,
};
use caster::{HomeSigned, Kept, Purse, PurseFault};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use std::sync::LazyLock;
use verifier_core::prove::{SigningKey, public_key, sign_body};
use verifier_core::{
    Action, AssetId, Body, ContractId, GenesisHash, Hash, RSA_BYTES, RsaModulus, Spoil,
    TrackingCode, Transaction, claim_message,
};

const GENESIS: GenesisHash = GenesisHash([1; 32]);
const CONTRACT: ContractId = ContractId([2; 32]);
const HOME: u16 = 3;

static KEYS: LazyLock<[KeyPair; 2]> =
    LazyLock::new(|| [0, 1].map(|_| KeyPair::generate(&mut DefaultRng, RSA_BYTES * 8).unwrap()));

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(4)
}

fn modulus(pair: &KeyPair) -> RsaModulus {
    RsaModulus(pair.sk.components().n().try_into().unwrap())
}

/// An independent implementation's signature.
fn sign(key: &SecretKey, blinded: &[u8]) -> [u8; RSA_BYTES] {
    let signed = key.blind_sign(BlindMessage(blinded.to_vec())).unwrap();
    signed.0.try_into().unwrap()
}

fn drawn() -> Purse {
    let [home, _] = &*KEYS;
    Purse::draw(GENESIS, CONTRACT, HOME, modulus(home), &mut rng()).unwrap()
}

fn blinded(purse: &Purse) -> Vec<u8> {
    match purse.kept() {
        Kept::Drawn { blinded, .. } | Kept::HalfSigned { blinded, .. } => blinded,
        kept => panic!("{kept:?}"),
    }
}

fn home_signed(signature: [u8; RSA_BYTES]) -> HomeSigned {
    HomeSigned {
        signature,
        commitment: Hash([5; 32]),
        authorisation: [6; 64],
    }
}

/// As if the page was closed and opened again.
fn reopened(purse: &Purse) -> Purse {
    Purse::read(&purse.to_bytes()).unwrap()
}

fn signed(span: Option<(u64, u64)>) -> Purse {
    let [home, next] = &*KEYS;
    let mut purse = reopened(&drawn());
    let signature = home_signed(sign(&home.sk, &blinded(&purse)));
    purse
        .home_signed(&signature, modulus(next), &mut rng())
        .unwrap();
    let mut purse = reopened(&purse);
    let signature = sign(&next.sk, &blinded(&purse));
    purse.countersigned(&signature, span, &mut rng()).unwrap();
    reopened(&purse)
}

#[test]
fn two_signatures_make_a_claim_that_the_contracts_keys_verify() {
    let purse = signed(Some((100, 200)));
    let Kept::Signed {
        home,
        address,
        claim,
        at,
    } = purse.kept()
    else {
        panic!("{:?}", purse.kept());
    };
    assert!((100..200).contains(&at));
    let transaction = Transaction::decode(&claim).unwrap();
    let Action::Claim(claim) = transaction.body.action else {
        panic!("no claim");
    };
    assert_eq!(
        (home, claim.municipality, claim.address),
        (HOME, HOME, address)
    );
    let message = claim_message(&GENESIS, &CONTRACT, &address);
    let [first, second] = &*KEYS;
    claim.home.verify(&modulus(first), &message).unwrap();
    claim
        .countersign
        .verify(&modulus(second), &message)
        .unwrap();
    let key = SigningKey::from_bytes(&purse.right().unwrap().seed);
    assert_eq!(public_key(&key), address);
    let Kept::Signed { at, .. } = signed(None).kept() else {
        panic!("not signed");
    };
    assert_eq!(at, 0, "due at once");
}

#[test]
fn a_signature_on_something_else_is_refused_and_the_right_one_still_taken() {
    let [home, next] = &*KEYS;
    let mut purse = drawn();
    let good = sign(&home.sk, &blinded(&purse));
    for wrong in [[7; RSA_BYTES], sign(&next.sk, &blinded(&purse))] {
        let refused = purse.home_signed(&home_signed(wrong), modulus(next), &mut rng());
        assert_eq!(refused, Err(PurseFault::NotSigned));
        assert!(matches!(purse.kept(), Kept::Drawn { .. }));
    }
    purse
        .home_signed(&home_signed(good), modulus(next), &mut rng())
        .unwrap();
    let refused = purse.countersigned(&good, None, &mut rng());
    assert_eq!(refused, Err(PurseFault::NotSigned));
    assert!(matches!(purse.kept(), Kept::HalfSigned { .. }));
    assert!(purse.right().is_none());
    let even = Purse::draw(
        GENESIS,
        CONTRACT,
        HOME,
        RsaModulus([0xfe; RSA_BYTES]),
        &mut rng(),
    );
    assert!(matches!(even, Err(PurseFault::NoKey)));
}

#[test]
fn a_used_purse_holds_the_ballot_and_no_key() {
    let purse = signed(None);
    let seed = purse.right().unwrap().seed;
    let key = SigningKey::from_bytes(&seed);
    let spoil = Spoil {
        asset: AssetId {
            municipality: HOME,
            batch: 0,
            index: 0,
        },
        address: public_key(&key),
        challenged: TrackingCode([8; 32]),
    };
    let spoil = sign_body(Body::new(GENESIS, CONTRACT, Action::Spoil(spoil)), &[&key]);
    // Whoever challenges has still got the right.
    let purse = purse.used(&spoil);
    assert!(purse.right().is_some());
    let holds = |purse: &Purse| purse.to_bytes().windows(32).any(|part| part == seed);
    assert!(holds(&purse));
    let purse = reopened(&purse.used(&ballot(&key)));
    let Kept::Used {
        mark, ballot: kept, ..
    } = purse.kept()
    else {
        panic!("{:?}", purse.kept());
    };
    assert_eq!((&mark, kept), (b"AB29", ballot(&key).encode()));
    assert!(purse.right().is_none() && !holds(&purse));
}

#[test]
fn what_is_torn_or_of_another_make_is_no_purse() {
    let bytes = drawn().to_bytes();
    assert!(Purse::read(&bytes).is_some());
    assert!(Purse::read(&bytes[..bytes.len() - 1]).is_none());
    let over_a_longer_one = [bytes.as_slice(), &[7; 99]].concat();
    let read = Purse::read(&over_a_longer_one).map(|purse| purse.to_bytes());
    assert_eq!(read.as_ref(), Some(&bytes));
    let mut other = bytes;
    other[0] = 2;
    assert!(Purse::read(&other).is_none());
    assert!(Purse::read(&[]).is_none());
}

fn ballot(key: &SigningKey) -> Transaction {
    use std::str::FromStr;
    use verifier_core::prove::BallotProver;
    use verifier_core::{BallotKeys, KeySetId, Point};
    let base = "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76";
    let points = [Point::from_str(base).unwrap(); 2];
    let keys = BallotKeys::new(GENESIS, CONTRACT, KeySetId([3; 32]), &points).unwrap();
    let asset = AssetId {
        municipality: HOME,
        batch: 0,
        index: 0,
    };
    let ballot = BallotProver::new(keys).prove(asset, public_key(key), *b"AB29", 1, &mut rng());
    sign_body(
        Body::new(GENESIS, CONTRACT, Action::Cast(ballot.unwrap())),
        &[key],
    )
}
