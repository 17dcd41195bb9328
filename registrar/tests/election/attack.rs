//! The linking attack: somebody who has everything that both registrars and the whole ledger hold guesses, for everybody signed for, which claim is
//! theirs. Each attack is one rule; the truth is looked at only to count how often a rule is right.

use num_bigint::BigUint;
use std::collections::BTreeMap;

/// What both registrars know of one person, and when they knew it: more than their databases keep.
pub struct Issued {
    /// Municipality and period: what both sides know, and what nobody is told apart by.
    pub group: (u16, u64),
    /// Position among all requests, in the order in which they came.
    pub order: usize,
    pub commitment: Vec<u8>,
    pub home_blinded: Vec<u8>,
    pub home_signed: Vec<u8>,
    pub counter_blinded: Vec<u8>,
    pub counter_signed: Vec<u8>,
}

/// A claim as the ledger shows it.
pub struct Claimed {
    pub group: (u16, u64),
    /// Position on the ledger.
    pub order: usize,
    pub address: Vec<u8>,
    pub home_randomizer: Vec<u8>,
    pub home_signature: Vec<u8>,
    pub counter_randomizer: Vec<u8>,
    pub counter_signature: Vec<u8>,
}

/// One rule: sorts people and claims of a group, and guesses that the first is the first.
type Key<T> = fn(&T) -> Vec<u8>;

/// Everything that has an order, on either side.
const ISSUED: [(&str, Key<Issued>); 6] = [
    ("order of requests", |i| i.order.to_be_bytes().to_vec()),
    ("commitment", |i| i.commitment.clone()),
    ("blinded at home", |i| i.home_blinded.clone()),
    ("signed at home", |i| i.home_signed.clone()),
    ("blinded for the countersigner", |i| {
        i.counter_blinded.clone()
    }),
    ("countersigned", |i| i.counter_signed.clone()),
];
const CLAIMED: [(&str, Key<Claimed>); 6] = [
    ("order on the ledger", |c| c.order.to_be_bytes().to_vec()),
    ("address", |c| c.address.clone()),
    ("randomizer at home", |c| c.home_randomizer.clone()),
    ("signature at home", |c| c.home_signature.clone()),
    ("randomizer of the countersigner", |c| {
        c.counter_randomizer.clone()
    }),
    ("signature of the countersigner", |c| {
        c.counter_signature.clone()
    }),
];

/// A guess: for each person, by position, a claim.
pub type Guess = Vec<(usize, usize)>;

/// Guesses of every rule, with its name.
pub fn all_guesses(issued: &[Issued], claimed: &[Claimed]) -> Vec<(String, Guess)> {
    let mut guesses = Vec::new();
    for (left, issued_key) in ISSUED {
        for (right, claimed_key) in CLAIMED {
            let guess = sorted_guess(issued, claimed, issued_key, claimed_key);
            guesses.push((format!("{left} by {right}"), guess));
        }
    }
    for (name, left, right) in NEAREST {
        guesses.push((
            format!("nearest: {name}"),
            nearest_guess(issued, claimed, left, right),
        ));
    }
    guesses
}

fn sorted_guess(
    issued: &[Issued],
    claimed: &[Claimed],
    issued_key: Key<Issued>,
    claimed_key: Key<Claimed>,
) -> Guess {
    let mut guess = Vec::new();
    for (mut people, mut claims) in groups(issued, claimed) {
        people.sort_by_key(|at| issued_key(&issued[*at]));
        claims.sort_by_key(|at| claimed_key(&claimed[*at]));
        guess.extend(people.into_iter().zip(claims));
    }
    guess
}

/// Values that might be alike: whoever is nearest is guessed, the nearest first.
const NEAREST: [(&str, Key<Issued>, Key<Claimed>); 4] = [
    (
        "signed and signature at home",
        |i| i.home_signed.clone(),
        |c| c.home_signature.clone(),
    ),
    (
        "blinded and signature at home",
        |i| i.home_blinded.clone(),
        |c| c.home_signature.clone(),
    ),
    (
        "countersigned and signature",
        |i| i.counter_signed.clone(),
        |c| c.counter_signature.clone(),
    ),
    (
        "blinded and address",
        |i| i.home_blinded[..32].to_vec(),
        |c| c.address.clone(),
    ),
];

fn nearest_guess(
    issued: &[Issued],
    claimed: &[Claimed],
    left: Key<Issued>,
    right: Key<Claimed>,
) -> Guess {
    let mut guess = Vec::new();
    for (people, claims) in groups(issued, claimed) {
        let mut pairs: Vec<(u32, usize, usize)> = people
            .iter()
            .flat_map(|person| claims.iter().map(|claim| (*person, *claim)))
            .map(|(person, claim)| {
                let distance = distance(&left(&issued[person]), &right(&claimed[claim]));
                (distance, person, claim)
            })
            .collect();
        pairs.sort_unstable();
        let (mut person_taken, mut claim_taken) = (BTreeMap::new(), BTreeMap::new());
        for (_, person, claim) in pairs {
            if !person_taken.contains_key(&person) && !claim_taken.contains_key(&claim) {
                person_taken.insert(person, ());
                claim_taken.insert(claim, ());
                guess.push((person, claim));
            }
        }
    }
    guess
}

/// Bits in which two values differ.
fn distance(left: &[u8], right: &[u8]) -> u32 {
    left.iter()
        .zip(right)
        .map(|(a, b)| (a ^ b).count_ones())
        .sum()
}

/// Positions of the people and of the claims of each group.
fn groups(issued: &[Issued], claimed: &[Claimed]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut groups: BTreeMap<(u16, u64), (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (at, person) in issued.iter().enumerate() {
        groups.entry(person.group).or_default().0.push(at);
    }
    for (at, claim) in claimed.iter().enumerate() {
        groups.entry(claim.group).or_default().1.push(at);
    }
    groups.into_values().collect()
}

/// How many groups there are.
pub fn count_groups(issued: &[Issued], claimed: &[Claimed]) -> usize {
    groups(issued, claimed).len()
}

/// Whether a claim could be a person's, by the values: there is a blinding factor r with blinded = m·r^e and signed = signature·r.
///
/// That is the one equation that ties what a registrar saw to what the ledger shows. If it holds for every pair, no rule on values finds anything:
/// every claim is as good an explanation of what the registrar signed as any other.
pub fn explains(modulus: &[u8], blinded: &[u8], signed: &[u8], signature: &[u8]) -> bool {
    let n = BigUint::from_bytes_be(modulus);
    let [blinded, signed, signature] = [blinded, signed, signature].map(BigUint::from_bytes_be);
    let e = BigUint::from(65_537u32);
    let m = signature.modpow(&e, &n);
    // signature⁻¹, by the extended Euclidean algorithm.
    let Some(inverse) = signature.modinv(&n) else {
        return false;
    };
    let r = signed * inverse % &n;
    m * r.modpow(&e, &n) % &n == blinded
}
