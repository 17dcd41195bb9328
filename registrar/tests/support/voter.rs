//! What a voter's device does: identify, blind, ask both registrars, take the blinding off. Blinding is an independent implementation's.

use super::{Town, person, post};
use blind_rsa_signatures::{
    BlindSignature as Blinded, BlindingResult, DefaultRng, PublicKeySha384PSSRandomized as RsaKey,
};
use serde_json::{Value, json};
use verifier_core::{BlindSignature, PublicKey, RSA_BYTES, RsaModulus, claim_message};

/// A blinding of one address for one key.
pub struct Blinding {
    key: RsaKey,
    message: Vec<u8>,
    result: BlindingResult,
}

/// The library's form of a contract's key.
fn rsa_key(modulus: &RsaModulus) -> RsaKey {
    use blind_rsa_signatures::reexports::crypto_bigint::BoxedUint;
    use blind_rsa_signatures::reexports::rsa::RsaPublicKey;
    let bits = u32::try_from(RSA_BYTES * 8).unwrap();
    let n = BoxedUint::from_be_slice(&modulus.0, bits).unwrap();
    RsaKey::new(RsaPublicKey::new(n, 65_537u64.into()).unwrap())
}

impl Blinding {
    pub fn of(modulus: &RsaModulus, message: Vec<u8>) -> Self {
        let key = rsa_key(modulus);
        let result = key.blind(&mut DefaultRng, &message).unwrap();
        Self {
            key,
            message,
            result,
        }
    }

    pub fn blinded(&self) -> String {
        hex::encode(&self.result.blind_message.0)
    }

    /// The signature without the blinding. The library verifies it.
    pub fn finish(&self, signature: &str) -> BlindSignature {
        let blind = Blinded(hex::decode(signature).unwrap());
        let signature = self.key.finalize(&blind, &self.result, &self.message);
        BlindSignature {
            randomizer: self.result.msg_randomizer.unwrap().0,
            signature: signature.unwrap().0.try_into().unwrap(),
        }
    }
}

/// Somebody with a phone.
pub struct Voter {
    pub home: u16,
    pub number: u32,
    /// Texts that came before.
    pub texts: usize,
}

impl Voter {
    pub fn of(home: u16, number: u32) -> Self {
        Self {
            home,
            number,
            texts: 0,
        }
    }

    pub fn phone(&self) -> String {
        person(self.home, self.number)[2].clone()
    }

    fn url<'a>(&self, town: &'a Town) -> &'a str {
        &town.urls[usize::from(self.home)]
    }

    pub fn identify(&self, town: &Town) -> (u16, Value) {
        let [name, birth, phone] = person(self.home, self.number);
        let body = json!({ "name": name, "birth": birth, "phone": phone, "language": "en" });
        post(self.url(town), "/identify", &body)
    }

    /// A session, and the code that came for it.
    pub fn begin(&mut self, town: &Town) -> (String, String) {
        let (status, answer) = self.identify(town);
        assert_eq!(status, 200, "{answer}");
        let code = town.gateway.code(&self.phone(), self.texts);
        self.texts += 1;
        (answer["session"].as_str().unwrap().to_owned(), code)
    }

    pub fn confirm(&self, town: &Town, session: &str, code: &str) -> (u16, Value) {
        let body = json!({ "session": session, "code": code });
        post(self.url(town), "/confirm", &body)
    }

    /// The token of whoever shows the right code.
    pub fn token(&mut self, town: &Town) -> String {
        let (session, code) = self.begin(town);
        let (status, answer) = self.confirm(town, &session, &code);
        assert_eq!(status, 200, "{answer}");
        answer["token"].as_str().unwrap().to_owned()
    }

    pub fn sign(&self, town: &Town, token: &str, blinded: &str) -> (u16, Value) {
        let body = json!({ "token": token, "blinded": blinded });
        post(self.url(town), "/sign", &body)
    }

    pub fn home_blinding(&self, town: &Town, address: &PublicKey) -> Blinding {
        let keys = &town.contract.claim_keys[usize::from(self.home)];
        Blinding::of(&keys.home, message(town, address))
    }

    pub fn countersign_blinding(&self, town: &Town, address: &PublicKey) -> Blinding {
        let next = usize::from(self.home + 1) % town.contract.claim_keys.len();
        let keys = &town.contract.claim_keys[next];
        Blinding::of(&keys.countersign, message(town, address))
    }

    pub fn countersign(&self, town: &Town, signed: &Value, blinded: &str) -> (u16, Value) {
        let next = usize::from(self.home + 1) % town.urls.len();
        post(
            &town.urls[next],
            "/countersign",
            &self.request(signed, blinded),
        )
    }

    pub fn request(&self, signed: &Value, blinded: &str) -> Value {
        json!({
            "home": self.home,
            "commitment": signed["commitment"],
            "authorisation": signed["authorisation"],
            "blinded": blinded,
        })
    }
}

fn message(town: &Town, address: &PublicKey) -> Vec<u8> {
    claim_message(&town.genesis, &town.contract.id(), address)
}
