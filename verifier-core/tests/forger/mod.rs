//! A prover that knows every log_B H_j and does as it pleases. It replays the transcript by itself, from the specification alone.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as B;
use curve25519_dalek::{RistrettoPoint, Scalar};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use sha2::{Digest, Sha512};
use verifier_core::prove::{SigningKey, draw_signing_key, public_key, sign_body};
use verifier_core::{
    Action, AssetId, Ballot, BallotError, BallotKeys, Body, CheckedBallot, ContractId, GenesisHash,
    HashedTransaction, Hint, KeySetId, Point, PublicKey, ScalarBytes, Transaction, check_ballot,
    check_batch, check_batch_raw, check_batch_with_hints, decompression_hints, encode,
};

pub const GENESIS: GenesisHash = GenesisHash([1; 32]);
pub const CONTRACT: ContractId = ContractId([2; 32]);
pub const KEY_SET: KeySetId = KeySetId([3; 32]);

pub struct Forger {
    pub rng: ChaCha20Rng,
    /// h_j with H_j = h_j·B.
    pub logs: Vec<Scalar>,
    pub keys: BallotKeys,
    assets: u16,
    /// Drawn instead of anything random, to make an example.
    pub drawn: Option<Scalar>,
}

/// A ballot in the making, every logarithm known.
#[derive(Clone)]
pub struct Draft {
    pub voter: SigningKey,
    /// That of `voter`, unless somebody else is to sign.
    pub address: PublicKey,
    pub asset: AssetId,
    pub r: Scalar,
    /// How many assets go to each candidate.
    pub amounts: Vec<Scalar>,
    /// log_B of a_l and b_l are t_l and h*·t_l plus these errors.
    pub a_error: Vec<Scalar>,
    pub b_error: Vec<Scalar>,
}

pub fn point(point: RistrettoPoint) -> Point {
    Point(point.compress().to_bytes())
}

pub fn scalar(scalar: Scalar) -> ScalarBytes {
    ScalarBytes(scalar.to_bytes())
}

/// The transcript of the specification, as one string.
pub struct Transcript(Vec<u8>);

impl Transcript {
    pub fn append(&mut self, label: &str, data: &[u8]) {
        for part in [label.as_bytes(), data] {
            let length = u32::try_from(part.len()).unwrap();
            self.0.extend(length.to_le_bytes());
            self.0.extend(part);
        }
    }

    pub fn challenge(&mut self, label: &str) -> Scalar {
        self.append(label, b"");
        let digest: [u8; 64] = Sha512::digest(&self.0).into();
        self.0.extend(digest);
        Scalar::from_bytes_mod_order_wide(&digest)
    }
}

/// What a draft becomes: the logarithms that stand in the proof's equations.
pub struct Equations {
    pub h_star: Scalar,
    pub c_star: Scalar,
    pub rho: Vec<Scalar>,
    pub a: Vec<Scalar>,
    pub b: Vec<Scalar>,
    pub c: Vec<Scalar>,
    pub z: Vec<Scalar>,
}

impl Forger {
    pub fn new(seed: u64, candidates: usize) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let logs: Vec<_> = (0..candidates).map(|_| draw(&mut rng)).collect();
        let addresses: Vec<_> = logs.iter().map(|log| point(log * B)).collect();
        Self {
            rng,
            logs,
            keys: BallotKeys::new(GENESIS, CONTRACT, KEY_SET, &addresses).unwrap(),
            assets: 0,
            drawn: None,
        }
    }

    pub fn draw(&mut self) -> Scalar {
        self.drawn.unwrap_or_else(|| draw(&mut self.rng))
    }

    pub fn voter(&mut self) -> SigningKey {
        draw_signing_key(&mut self.rng)
    }

    /// A draft that moves `amount` to `choice`; nothing is wrong with it if the amount is 1.
    pub fn draft(&mut self, choice: usize, amount: u64) -> Draft {
        self.assets += 1;
        let candidates = self.logs.len();
        let mut amounts = vec![Scalar::ZERO; candidates];
        amounts[choice] = Scalar::from(amount);
        let voter = self.voter();
        Draft {
            address: public_key(&voter),
            voter,
            asset: AssetId {
                municipality: 0,
                batch: 0,
                index: self.assets,
            },
            r: self.draw(),
            amounts,
            a_error: vec![Scalar::ZERO; candidates],
            b_error: vec![Scalar::ZERO; candidates],
        }
    }

    /// An honest ballot for `choice`.
    pub fn honest(&mut self, choice: usize) -> Transaction {
        let draft = self.draft(choice, 1);
        self.finish(&draft, choice, |_, _| {})
    }

    /// Proves as if the draft were a ballot for `choice`, then lets `cheat` change what is answered in that clause.
    pub fn finish(
        &mut self,
        draft: &Draft,
        choice: usize,
        cheat: impl Fn(&mut Equations, &Draft),
    ) -> Transaction {
        let (ballot, _) = self.prove(draft, choice, cheat);
        sign(ballot, &draft.voter)
    }

    pub fn prove(
        &mut self,
        draft: &Draft,
        choice: usize,
        cheat: impl Fn(&mut Equations, &Draft),
    ) -> (Ballot, Equations) {
        let candidates = self.logs.len();
        let transfers: Vec<_> = (draft.amounts.iter().zip(&self.logs))
            .map(|(amount, log)| amount + draft.r * log)
            .collect();
        let mut transcript = Transcript(Vec::new());
        transcript.append("label", b"chamgwan/ballot/v1");
        transcript.append("genesis", &GENESIS.0);
        transcript.append("contract", &CONTRACT.0);
        transcript.append("key set", &KEY_SET.0);
        transcript.append("k", &u16::try_from(candidates).unwrap().to_le_bytes());
        for log in &self.logs {
            transcript.append("H", &point(log * B).0);
        }
        transcript.append("asset", &encode(&draft.asset));
        transcript.append("address", &draft.address.0);
        transcript.append("R", &point(draft.r * B).0);
        for transfer in &transfers {
            transcript.append("C", &point(transfer * B).0);
        }
        let rho: Vec<_> = (0..candidates)
            .map(|_| transcript.challenge("rho"))
            .collect();
        let h_star = rho.iter().zip(&self.logs).map(|(rho, log)| rho * log).sum();
        let c_star: Scalar = rho.iter().zip(&transfers).map(|(rho, c)| rho * c).sum();
        let mut proof = Equations {
            h_star,
            c_star,
            a: Vec::new(),
            b: Vec::new(),
            c: (0..candidates).map(|_| self.draw()).collect(),
            z: (0..candidates).map(|_| self.draw()).collect(),
            rho,
        };
        let nonce = self.draw();
        for l in 0..candidates {
            let (a, b) = if l == choice {
                (nonce, nonce * h_star)
            } else {
                (
                    proof.z[l] - proof.c[l] * draft.r,
                    proof.z[l] * h_star - proof.c[l] * (c_star - proof.rho[l]),
                )
            };
            proof.a.push(a + draft.a_error[l]);
            proof.b.push(b + draft.b_error[l]);
            transcript.append("a", &point(proof.a[l] * B).0);
            transcript.append("b", &point(proof.b[l] * B).0);
        }
        let e = transcript.challenge("e");
        let drawn: Scalar = proof.c.iter().sum();
        proof.c[choice] = e - (drawn - proof.c[choice]);
        proof.z[choice] = nonce + proof.c[choice] * draft.r;
        cheat(&mut proof, draft);
        let ballot = Ballot {
            asset: draft.asset,
            address: draft.address,
            mark: *b"1234",
            randomness: point(draft.r * B),
            transfers: transfers.iter().map(|c| point(c * B)).collect(),
            a: proof.a.iter().map(|a| point(a * B)).collect(),
            b: proof.b.iter().map(|b| point(b * B)).collect(),
            c: proof.c[..candidates - 1]
                .iter()
                .copied()
                .map(scalar)
                .collect(),
            z: proof.z.iter().copied().map(scalar).collect(),
        };
        (ballot, proof)
    }

    /// The verdict on each transaction, which must be the same alone, in a batch of its own, with hints, and among honest ballots at any place.
    pub fn verdicts(&mut self, transactions: &[Transaction]) -> Vec<Verdict> {
        let alone: Vec<Verdict> = transactions
            .iter()
            .map(|transaction| check_ballot(&self.keys, transaction))
            .collect();
        let together: Vec<_> = transactions.iter().collect();
        assert_eq!(check_batch(&self.keys, &together), alone);
        let honest: Vec<_> = (0..4).map(|_| self.honest(0)).collect();
        for place in 0..=honest.len() {
            let mut batch: Vec<_> = honest.iter().collect();
            batch.splice(place..place, transactions);
            let mut verdicts = check_batch(&self.keys, &batch);
            let hints: Vec<_> = batch.iter().map(|t| decompression_hints(t)).collect();
            let hinted: Vec<_> = batch
                .iter()
                .copied()
                .zip(hints.iter().map(Vec::as_slice))
                .collect();
            assert_eq!(check_batch_with_hints(&self.keys, &hinted), verdicts);
            self.verdicts_on_bytes(&hinted, &verdicts);
            let ours: Vec<_> = verdicts
                .splice(place..place + transactions.len(), [])
                .collect();
            assert_eq!(ours, alone);
            assert!(verdicts.iter().all(Result::is_ok));
        }
        alone
    }

    /// The same for those that are transactions at all, as bytes.
    fn verdicts_on_bytes(&self, batch: &[(&Transaction, &[Hint])], expected: &[Verdict]) {
        let encoded: Vec<_> = batch.iter().map(|(t, _)| t.encode()).collect();
        let raw: Vec<_> = encoded
            .iter()
            .zip(batch)
            .map(|(bytes, (_, hints))| (HashedTransaction::new(bytes), *hints))
            .collect();
        let verdicts = check_batch_raw(&self.keys, &raw);
        for ((verdict, expected), bytes) in verdicts.iter().zip(expected).zip(&encoded) {
            match Transaction::decode(bytes) {
                Ok(_) => assert_eq!(verdict, expected),
                Err(_) => assert_eq!(*verdict, Err(BallotError::NotABallot)),
            }
        }
    }

    pub fn verdict(&mut self, transaction: Transaction) -> Verdict {
        self.verdicts(&[transaction]).remove(0)
    }
}

pub type Verdict = Result<CheckedBallot, BallotError>;

pub fn sign(ballot: Ballot, voter: &SigningKey) -> Transaction {
    let body = Body::new(GENESIS, CONTRACT, Action::Cast(ballot));
    sign_body(body, &[voter])
}

pub fn draw(rng: &mut ChaCha20Rng) -> Scalar {
    let mut bytes = [0; 64];
    rng.fill_bytes(&mut bytes);
    Scalar::from_bytes_mod_order_wide(&bytes)
}

pub fn ballot_of(transaction: &Transaction) -> &Ballot {
    match &transaction.body.action {
        Action::Cast(ballot) => ballot,
        other => panic!("not a ballot: {other:?}"),
    }
}

pub fn ballot_mut(transaction: &mut Transaction) -> &mut Ballot {
    match &mut transaction.body.action {
        Action::Cast(ballot) => ballot,
        other => panic!("not a ballot: {other:?}"),
    }
}
