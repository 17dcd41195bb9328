//! Holds the public specification, this crate's README.md, to its examples: every one of them is computed here and must stand there.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use verifier_core::{
    Action, Anchor, AssetId, Body, CardValidator, CertifyRoll, Check, CheckId, CheckOutcome,
    ChoiceRule, ClaimKeys, Contract, ContractId, Doubt, GenesisHash, Hash, HeaderHash,
    Municipality, Name, Opening, Outcome, PROFILE, Point, Promise, PublicKey, Receipt,
    RefusedBallot, Report, RollSlip, RsaModulus, ScalarBytes, Spoil, TrackingCode, Transaction,
    TrustCard, Verdict, VotingRight, claim_message, encode, short_code,
};

const README: &str = include_str!("../README.md");

fn stands_in_the_specification(example: &str) {
    let without_space = |text: &str| -> String { text.split_whitespace().collect() };
    assert!(
        without_space(README).contains(&without_space(example)),
        "README.md does not show {example}"
    );
}

fn name(text: &str) -> Name {
    Name {
        ko: text.into(),
        en: text.into(),
    }
}

fn contract() -> Contract {
    Contract {
        version: 1,
        title: name("title"),
        candidates: vec![name("a"), name("b")],
        choice_rule: ChoiceRule::ExactlyOne,
        municipalities: vec![Municipality {
            name: name("m"),
            registrar: PublicKey([1; 32]),
            trustee: PublicKey([2; 32]),
            trustee_encryption: Point([3; 32]),
            promise: PublicKey([4; 32]),
            observer: PublicKey([5; 32]),
        }],
        threshold: 1,
        opening: 100,
        closing: 200,
        grace: 30,
        minimum_cell: 10,
        turnout_tolerance: 2,
        claim_keys: Vec::new(),
    }
}

#[test]
fn an_opening_is_written_as_shown() {
    let scalar = |byte| ScalarBytes([byte; 32]);
    let opening = Opening {
        version: 1,
        genesis: GenesisHash([1; 32]),
        contract: ContractId([2; 32]),
        asset: AssetId {
            municipality: 3,
            batch: 4,
            index: 5,
        },
        address: PublicKey([3; 32]),
        mark: *b"AB12",
        choice: 1,
        r: scalar(4),
        c: vec![scalar(5), scalar(6)],
        z: vec![scalar(7), scalar(8)],
    };
    stands_in_the_specification(&opening.to_text());
}

#[test]
fn a_contract_and_a_transaction_are_encoded_as_shown() {
    let contract = contract();
    assert_eq!(contract.check(), Ok(()));
    stands_in_the_specification(&hex::encode(encode(&contract)));
    stands_in_the_specification(&contract.id().to_string());
    let transaction = Transaction {
        body: Body::new(
            GenesisHash([7; 32]),
            contract.id(),
            Action::CertifyRoll(CertifyRoll {
                municipality: 0,
                people: 1000,
            }),
        ),
        signatures: vec![[9; 64]],
    };
    assert_eq!(
        Transaction::decode(&transaction.encode()),
        Ok(transaction.clone())
    );
    stands_in_the_specification(&hex::encode(transaction.encode()));
    stands_in_the_specification(&transaction.body.tracking_code().to_string());
}

#[test]
fn a_contract_with_claim_keys_and_a_challenge_are_encoded_as_shown() {
    let modulus = |byte: u8| {
        let mut bytes = [byte; 256];
        (bytes[0], bytes[255]) = (0x80, 1);
        RsaModulus(bytes)
    };
    let mut plain = contract();
    let municipality = |i: u8| {
        let key = |k: u8| [5 * i + k; 32];
        Municipality {
            name: name("m"),
            registrar: PublicKey(key(1)),
            trustee: PublicKey(key(2)),
            trustee_encryption: Point(key(3)),
            promise: PublicKey(key(4)),
            observer: PublicKey(key(5)),
        }
    };
    plain.municipalities = (0..3).map(municipality).collect();
    let keys = (0..3).map(|i| ClaimKeys {
        home: modulus(2 * i),
        countersign: modulus(2 * i + 1),
    });
    let contract = plain.with_claim_keys(keys.collect());
    assert_eq!(contract.check(), Ok(()));
    stands_in_the_specification(&contract.id().to_string());
    let spoil = Spoil {
        asset: AssetId {
            municipality: 1,
            batch: 2,
            index: 3,
        },
        address: PublicKey([4; 32]),
        challenged: TrackingCode([5; 32]),
    };
    let (genesis, contract) = (GenesisHash([1; 32]), ContractId([2; 32]));
    let body = Body::new(genesis, contract, Action::Spoil(spoil));
    stands_in_the_specification(&hex::encode(encode(&body)));
    stands_in_the_specification(&body.tracking_code().to_string());
    let message = claim_message(&genesis, &contract, &PublicKey([3; 32]));
    stands_in_the_specification(&hex::encode(message));
}

#[test]
fn a_trust_card_has_the_fingerprint_shown() {
    let card = TrustCard {
        chain_id: "chamgwan-1".into(),
        genesis: GenesisHash([1; 32]),
        trusted: anchor(1, 2, 3),
        trusting_period: 4,
        final_header: Some(anchor(9, 5, 6)),
        validators: vec![CardValidator {
            name_ko: "k".into(),
            name_en: "e".into(),
            key: PublicKey([7; 32]),
            power: 8,
        }],
        contract: contract(),
        nodes: Vec::new(),
        registrars: Vec::new(),
    };
    stands_in_the_specification(&card.fingerprint().to_string());
    stands_in_the_specification(&format!("for people {}", card.short_fingerprint()));
    stands_in_the_specification(&format!("in a code {}", card.fingerprint_code()));
}

fn anchor(height: u64, hash: u8, time: u64) -> Anchor {
    Anchor {
        height,
        hash: HeaderHash([hash; 32]),
        time,
    }
}

#[test]
fn a_receipt_is_encoded_as_shown() {
    let receipt = Receipt::new(
        "chamgwan-1".into(),
        GenesisHash([1; 32]),
        ContractId([2; 32]),
        AssetId {
            municipality: 3,
            batch: 4,
            index: 5,
        },
        TrackingCode([6; 32]),
        Some(7),
        *b"AB12",
        Promise {
            municipality: 3,
            time: 8,
            deadline: 9,
            signature: [10; 64],
        },
    );
    stands_in_the_specification(&receipt.to_text());
    stands_in_the_specification(&hex::encode(receipt.promise_message()));
    stands_in_the_specification(&short_code(&receipt.tracking_code));
}

#[test]
fn a_report_has_the_digest_shown() {
    let report = Report {
        profile: PROFILE,
        trust_card: Hash([1; 32]),
        range: Some((1, 9)),
        final_header: Some(HeaderHash([2; 32])),
        checks: vec![
            Check {
                id: CheckId::RecountHeaders,
                count: 9,
                outcome: CheckOutcome::Passed,
            },
            Check {
                id: CheckId::RecountTotals,
                count: 0,
                outcome: CheckOutcome::Unknown(Doubt::NoTotals),
            },
        ],
        standing: None,
        refused: vec![RefusedBallot {
            height: 5,
            position: 0,
            code: TrackingCode([3; 32]),
            asset: AssetId {
                municipality: 0,
                batch: 0,
                index: 0,
            },
            outcome: Outcome::InvalidProof,
        }],
        participation: Vec::new(),
        totals: None,
        clock_jumps: Vec::new(),
        verdict: Verdict::Inconclusive,
    };
    stands_in_the_specification(&report.digest().to_string());
}

#[test]
fn every_check_and_every_outcome_stands_in_the_specification() {
    for id in CheckId::ALL {
        assert!(README.contains(&format!("| `{}` |", id.as_str())), "{id:?}");
    }
    for outcome in Outcome::ALL {
        let row = format!("| {} | {outcome:?} |", outcome.code());
        assert!(README.contains(&row), "{row}");
    }
}

#[test]
fn a_roll_slip_is_written_as_shown() {
    let slip = RollSlip::new(
        GenesisHash([1; 32]),
        ContractId([2; 32]),
        3,
        [4; 32],
        "3/5".into(),
    );
    stands_in_the_specification(&slip.to_text());
    stands_in_the_specification(&slip.commitment().to_string());
}

#[test]
fn a_voting_right_is_written_as_shown() {
    let right = VotingRight::new(GenesisHash([1; 32]), ContractId([2; 32]), [3; 32]);
    stands_in_the_specification(&right.to_text());
    let address = ed25519_dalek::SigningKey::from_bytes(&right.seed).verifying_key();
    stands_in_the_specification(&hex::encode(address.to_bytes()));
}
