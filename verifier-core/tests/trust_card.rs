//! A trust card's age and fingerprint.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod frozen;

use verifier_core::{CardAge, NodeAddress, TrustCard};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn running() -> TrustCard {
    TrustCard {
        final_header: None,
        ..frozen::good().card
    }
}

#[test]
fn registrars_are_read_again_and_nothing_rests_on_them() {
    let without = running();
    let file = without.to_json();
    assert!(!file.contains("registrars"));
    let with = TrustCard {
        registrars: vec![NodeAddress {
            municipality: 3,
            url: "https://registrar.example".into(),
        }],
        ..without.clone()
    };
    assert_eq!(TrustCard::parse(file.as_bytes()), Ok(without.clone()));
    assert_eq!(
        TrustCard::parse(with.to_json().as_bytes()),
        Ok(with.clone())
    );
    assert_eq!(with.fingerprint(), without.fingerprint());
}

#[test]
fn a_card_with_a_final_header_does_not_age() {
    let card = frozen::good().card;
    assert!(card.final_header.is_some());
    assert_eq!(card.age(0), CardAge::Timeless);
    assert_eq!(card.age(u64::MAX), CardAge::Timeless);
}

#[test]
fn any_other_card_expires_when_its_period_is_over() {
    let card = running();
    let (begin, period) = (card.trusted.time, card.trusting_period);
    let within = |age, remaining| CardAge::Within { age, remaining };
    assert_eq!(card.age(begin), within(0, period));
    assert_eq!(card.age(begin + period), within(period, 0));
    assert_eq!(
        card.age(begin + period + 1),
        CardAge::Expired {
            age: period + 1,
            period
        }
    );
    assert_eq!(card.age(0), within(0, period));
}

#[test]
fn the_short_fingerprint_is_the_beginning_of_the_long_one() {
    let card = frozen::good().card;
    let short = card.short_fingerprint();
    assert_eq!(short.len(), 24);
    let digits = short.replace(' ', "");
    assert!(card.fingerprint().to_string().starts_with(&digits));
}

#[test]
fn a_card_is_recognised_by_its_code_and_by_its_digits_as_people_write_them() {
    let card = frozen::good().card;
    let short = card.short_fingerprint();
    for text in [
        card.fingerprint_code(),
        card.fingerprint().to_string(),
        short.clone(),
        short.to_uppercase(),
        short.replace(' ', "-"),
        format!("  {short}\n"),
    ] {
        assert!(card.is_named_by(&text), "{text}");
    }
}

#[test]
fn a_card_is_not_recognised_by_less_or_by_anothers() {
    let card = frozen::good().card;
    let full = card.fingerprint().to_string();
    for text in [
        "",
        "chamgwan-card:",
        &full[..19],
        &format!("{full}0"),
        &full[1..],
    ] {
        assert!(!card.is_named_by(text), "{text}");
    }
    assert!(!card.is_named_by(&running().short_fingerprint()));
}
