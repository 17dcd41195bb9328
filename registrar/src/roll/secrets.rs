//! What the roll's key file is for: people as keyed hashes, phone numbers under encryption, everybody's salt.
//!
//! Names, days and numbers are few enough to be tried one after another: without the key the hashes say nothing, with it they would. So the
//! database and the key file must not lie in one place.

use super::person::Person;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use node::home::KeyFile;
use rand_core::{CryptoRngCore, RngCore};
use sha2::Sha256;
use verifier_core::{ContractId, GenesisHash};
use zeroize::Zeroizing;

const NONCE: usize = 24;

/// A person, as the database knows them.
pub type PersonId = [u8; 32];

/// The keys that follow from the roll's key file, each with one use.
pub struct RollSecrets {
    person: Zeroizing<[u8; 32]>,
    phone: Zeroizing<[u8; 32]>,
    sealing: Zeroizing<[u8; 32]>,
    salt: Zeroizing<[u8; 32]>,
    code: Zeroizing<[u8; 32]>,
}

/// A sealed phone number is not one of this person under this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a phone number in the database does not open: it was changed, or belongs to another key file"
)]
pub struct SealBroken;

impl RollSecrets {
    /// The keys of this file.
    pub fn of(file: &KeyFile) -> Self {
        let draw = |purpose| {
            let mut key = Zeroizing::new([0; 32]);
            file.rng(purpose, &[]).fill_bytes(key.as_mut());
            key
        };
        Self {
            person: draw("person"),
            phone: draw("phone"),
            sealing: draw("sealing"),
            salt: draw("salt"),
            code: draw("code"),
        }
    }

    /// Who it is.
    pub fn person(&self, person: &Person) -> PersonId {
        keyed_hash(&self.person, &[&person.bytes()])
    }

    /// A phone number or a network address, for counting only.
    pub fn counted(&self, what: &str, number: &str) -> [u8; 32] {
        keyed_hash(&self.phone, &[what.as_bytes(), number.as_bytes()])
    }

    /// The salt of a person's commitment in one election.
    pub fn salt(
        &self,
        genesis: &GenesisHash,
        contract: &ContractId,
        person: &PersonId,
    ) -> [u8; 32] {
        keyed_hash(
            &self.salt,
            &[genesis.as_bytes(), contract.as_bytes(), person],
        )
    }

    /// A code as a session keeps it.
    pub fn code(&self, session: &[u8; 32], code: &str) -> [u8; 32] {
        keyed_hash(&self.code, &[session, code.as_bytes()])
    }

    /// Whether a session's code is this one. Takes as long for every wrong one.
    pub fn is_code(&self, session: &[u8; 32], code: &str, kept: &[u8]) -> bool {
        mac(&self.code, &[session, code.as_bytes()])
            .verify_slice(kept)
            .is_ok()
    }

    /// A phone number, readable by this key only, and only as this person's.
    pub fn seal(&self, person: &PersonId, phone: &str, rng: &mut impl CryptoRngCore) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        rng.fill_bytes(&mut nonce);
        let payload = Payload {
            msg: phone.as_bytes(),
            aad: person,
        };
        // Fails above 256 GiB only.
        let sealed = self.cipher().encrypt(XNonce::from_slice(&nonce), payload);
        [nonce.as_slice(), &sealed.unwrap_or_default()].concat()
    }

    /// The phone number of a person.
    ///
    /// # Errors
    /// If it was not sealed by this key for this person.
    pub fn open(&self, person: &PersonId, sealed: &[u8]) -> Result<Zeroizing<String>, SealBroken> {
        let (nonce, msg) = sealed.split_at_checked(NONCE).ok_or(SealBroken)?;
        let payload = Payload { msg, aad: person };
        let opened = self.cipher().decrypt(XNonce::from_slice(nonce), payload);
        let phone = String::from_utf8(opened.map_err(|_| SealBroken)?);
        phone.map(Zeroizing::new).map_err(|_| SealBroken)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.sealing.as_ref().into())
    }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> Hmac<Sha256> {
    // A key shorter than SHA-256's block is filled up with zeros (RFC 2104).
    let mut block = Zeroizing::new([0; 64]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac: Hmac<Sha256> = Mac::new((&*block).into());
    for part in parts {
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
        mac.update(&length.to_le_bytes());
        mac.update(part);
    }
    mac
}

fn keyed_hash(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    mac(key, parts).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use node::home::KeyUse;
    use rand_core::OsRng;

    fn secrets() -> RollSecrets {
        RollSecrets::of(&KeyFile::draw(KeyUse::Roll, &mut OsRng))
    }

    fn person() -> Person {
        Person::parse("홍길동", "1987-06-05", "010-1234-5678").unwrap()
    }

    #[test]
    fn another_key_file_knows_nobody() {
        assert_ne!(secrets().person(&person()), secrets().person(&person()));
    }

    #[test]
    fn a_sealed_number_opens_for_its_person_and_key_only() {
        let (own, other) = (secrets(), secrets());
        let id = own.person(&person());
        let sealed = own.seal(&id, person().phone(), &mut OsRng);
        assert_eq!(own.open(&id, &sealed).unwrap().as_str(), person().phone());
        assert_eq!(own.open(&[1; 32], &sealed), Err(SealBroken));
        assert_eq!(other.open(&id, &sealed), Err(SealBroken));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(own.open(&id, &changed), Err(SealBroken));
        }
        assert_eq!(own.open(&id, &sealed[..NONCE - 1]), Err(SealBroken));
    }

    #[test]
    fn one_number_is_sealed_differently_every_time() {
        let own = secrets();
        let seal = || own.seal(&[2; 32], "01012345678", &mut OsRng);
        assert_ne!(seal(), seal());
    }

    #[test]
    fn a_code_is_one_of_its_session_only() {
        let own = secrets();
        let kept = own.code(&[1; 32], "123456");
        assert!(own.is_code(&[1; 32], "123456", &kept));
        assert!(!own.is_code(&[1; 32], "123457", &kept));
        assert!(!own.is_code(&[2; 32], "123456", &kept));
    }

    #[test]
    fn salts_differ_by_election_and_person() {
        let own = secrets();
        let salt = |genesis, contract, person| {
            own.salt(&GenesisHash(genesis), &ContractId(contract), &person)
        };
        let one = salt([1; 32], [2; 32], [3; 32]);
        assert_ne!(one, salt([9; 32], [2; 32], [3; 32]));
        assert_ne!(one, salt([1; 32], [9; 32], [3; 32]));
        assert_ne!(one, salt([1; 32], [2; 32], [9; 32]));
    }
}
