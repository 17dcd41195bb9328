//! The booth: one voter's right, one ballot, one decision. Each step takes what the step before it left, so that nothing is signed twice.

use crate::{MARK_LETTERS, RightFault};
use rand_core::CryptoRngCore;
use verifier_core::prove::{
    BallotProver, BallotSecret, SigningKey, VoterElection, public_key, sign_body,
};
use verifier_core::{
    Action, AssetId, BallotError, Body, ElectionKeys, Opening, PublicKey, TrackingCode,
    Transaction, VotingRight, VotingRightError,
};
use zeroize::Zeroizing;

/// Where one voter casts or challenges. Secrets are wiped when it is dropped.
pub struct Booth {
    keys: ElectionKeys,
    prover: BallotProver,
    stage: Stage,
}

/// How far the voter has come.
enum Stage {
    Empty,
    Holding {
        key: Box<SigningKey>,
        choice: Option<Zeroizing<u16>>,
    },
    Sealed(Box<Sealed>),
    Done,
}

/// A ballot that is made and not signed.
struct Sealed {
    key: SigningKey,
    body: Body,
    secret: BallotSecret,
}

/// A ballot that will never be cast.
pub struct Challenged {
    pub opening: Opening,
    /// The signed Spoil of its tracking code.
    pub spoil: Transaction,
}

impl Booth {
    /// Gets ready for a voter of this election.
    ///
    /// # Errors
    /// If a candidate address is no point.
    pub fn new(keys: ElectionKeys) -> Result<Self, BallotError> {
        Ok(Self {
            prover: BallotProver::new(keys.ballot_keys()?),
            keys,
            stage: Stage::Empty,
        })
    }

    /// Takes a voting right, from the text of its card, and gives the voter address.
    ///
    /// # Errors
    /// If the text is none of this election. A right that was taken before stays.
    pub fn take_right(&mut self, text: &str) -> Result<PublicKey, RightFault> {
        let right = VotingRight::parse(text).map_err(fault)?;
        self.take(&right)
    }

    /// The same of a right that was kept.
    ///
    /// # Errors
    /// If it is of another election.
    pub fn take(&mut self, right: &VotingRight) -> Result<PublicKey, RightFault> {
        if (right.genesis, right.contract) != (self.keys.genesis, self.keys.contract) {
            return Err(RightFault::Elsewhere);
        }
        let key = SigningKey::from_bytes(&right.seed);
        let address = public_key(&key);
        self.stage = Stage::Holding {
            key: Box::new(key),
            choice: None,
        };
        Ok(address)
    }

    /// Takes the candidate that the voter confirmed, instead of an earlier one. `false` without a right, or for a candidate that there is not.
    pub fn choose(&mut self, confirmed: u16) -> bool {
        let Stage::Holding { choice, .. } = &mut self.stage else {
            return false;
        };
        let is_there = usize::from(confirmed) < self.keys.addresses.len();
        *choice = is_there.then(|| Zeroizing::new(confirmed));
        is_there
    }

    /// Makes the ballot and gives its tracking code. `None` without a right and a choice, or if it is made already.
    pub fn encrypt(
        &mut self,
        asset: AssetId,
        mark: [u8; 4],
        rng: &mut impl CryptoRngCore,
    ) -> Option<TrackingCode> {
        let Stage::Holding {
            key,
            choice: Some(choice),
        } = core::mem::replace(&mut self.stage, Stage::Done)
        else {
            return None;
        };
        let choice = usize::from(what_is_encrypted(*choice, self.keys.addresses.len()));
        let address = public_key(&key);
        let made = self.prover.prove_to_open(asset, address, mark, choice, rng);
        let (ballot, secret) = made.ok()?;
        let body = Body::new(self.keys.genesis, self.keys.contract, Action::Cast(ballot));
        let code = body.tracking_code();
        let key = *key;
        self.stage = Stage::Sealed(Box::new(Sealed { key, body, secret }));
        Some(code)
    }

    /// Signs the ballot. `None` unless one is made, and nothing was decided about it.
    pub fn cast(&mut self) -> Option<Transaction> {
        let sealed = self.take_sealed()?;
        Some(sign_body(sealed.body, &[&sealed.key]))
    }

    /// Opens the ballot and signs that it can never be cast. `None` as for [`Booth::cast`].
    pub fn challenge(&mut self) -> Option<Challenged> {
        let sealed = self.take_sealed()?;
        let challenged = sealed.body.tracking_code();
        let Action::Cast(ballot) = &sealed.body.action else {
            return None;
        };
        let election = VoterElection {
            genesis: self.keys.genesis,
            contract: self.keys.contract,
        };
        Some(Challenged {
            opening: sealed.secret.open(self.prover.keys(), ballot),
            spoil: election.spoil(ballot.asset, challenged, &sealed.key),
        })
    }

    fn take_sealed(&mut self) -> Option<Sealed> {
        match core::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Sealed(sealed) => Some(*sealed),
            Stage::Empty | Stage::Holding { .. } | Stage::Done => None,
        }
    }
}

/// Four letters, each as likely as any other.
pub fn draw_mark(rng: &mut impl CryptoRngCore) -> [u8; 4] {
    let mut mark = [0; 4];
    for letter in &mut mark {
        *letter = draw_letter(rng);
    }
    mark
}

/// A byte is drawn anew until it falls into a whole number of alphabets.
fn draw_letter(rng: &mut impl CryptoRngCore) -> u8 {
    loop {
        let mut drawn = [0];
        rng.fill_bytes(&mut drawn);
        let drawn = usize::from(u8::from_le_bytes(drawn));
        let whole = (256 / MARK_LETTERS.len()) * MARK_LETTERS.len();
        let letter = MARK_LETTERS.get(drawn % MARK_LETTERS.len());
        if let (true, Some(letter)) = (drawn < whole, letter) {
            return *letter;
        }
    }
}

/// The voter's choice.
#[cfg(not(feature = "lying"))]
fn what_is_encrypted(choice: u16, _candidates: usize) -> u16 {
    choice
}

/// Another candidate than the voter's, as a device would do that steals votes.
#[cfg(feature = "lying")]
fn what_is_encrypted(choice: u16, candidates: usize) -> u16 {
    let candidates = u16::try_from(candidates).unwrap_or(1).max(1);
    choice.wrapping_add(1) % candidates
}

fn fault(error: VotingRightError) -> RightFault {
    match error {
        VotingRightError::Empty | VotingRightError::Prefix | VotingRightError::TooLong => {
            RightFault::NotARight
        }
        VotingRightError::Alphabet
        | VotingRightError::CheckCode
        | VotingRightError::Encoding(_) => RightFault::Mistyped,
    }
}
