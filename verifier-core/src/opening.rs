//! The opening of a challenged ballot: with it anybody can see what a casting device had put in.
//!
//! A device shows the tracking code of a ballot before the voter says whether to cast or to challenge it. If the voter challenges, the device
//! gives up r, and the ballot is made again from it:
//!
//! ```text
//! R = r·B          C_j = v_j·B + r·H_j        v = choice
//! a_l = z_l·B − c_l·R          b_l = z_l·H* − c_l·(C* − rho_l·B)        l = 1..k
//! check: e = c_1 + … + c_k          tracking code = H(body)
//! ```
//!
//! All c_l are in it, so that a_l and b_l need not be: it fits a QR code. If the challenges add up to the e that is drawn for all of this, the body
//! is a valid ballot for the choice. Whether it is *the* ballot is told by its tracking code, which the voter has from the device's screen. A device that
//! claims another choice than it encrypted comes to other C_j, and so to another e.

use crate::ballot::{BallotKeys, Statement};
use crate::coded_text::{self, CodeFault};
use crate::encoding::{self, EncodingError};
use crate::group;
use crate::ids::{AssetId, ContractId, GenesisHash, PublicKey, ScalarBytes, TrackingCode};
use crate::transaction::{Action, Ballot, Body};
use borsh::{BorshDeserialize, BorshSerialize};
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as B;
use curve25519_dalek::traits::{IsIdentity, VartimeMultiscalarMul};
use curve25519_dalek::{RistrettoPoint, Scalar};

/// An opening's text begins with this; the digit is the version.
pub const OPENING_PREFIX: &str = "CHO1-";
const CHECK_LABEL: &[u8] = b"chamgwan/opening-check/v1";
const OPENING_LIMIT: usize = 2048;
const VERSION: u8 = 1;

/// What a device reveals of a ballot that will never be cast.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Opening {
    pub version: u8,
    pub genesis: GenesisHash,
    pub contract: ContractId,
    pub asset: AssetId,
    pub address: PublicKey,
    pub mark: [u8; 4],
    /// The candidate, counted from 0.
    pub choice: u16,
    pub r: ScalarBytes,
    /// c_1 .. c_k.
    pub c: Vec<ScalarBytes>,
    /// z_1 .. z_k.
    pub z: Vec<ScalarBytes>,
}

/// What an opening shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChallengedBallot {
    pub asset: AssetId,
    pub mark: [u8; 4],
    /// The candidate that the ballot is for, counted from 0.
    pub choice: u16,
    /// The tracking code that the device must have shown.
    pub code: TrackingCode,
}

/// Why a text opens no ballot. `index` counts candidates from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpeningError {
    #[error("the text is empty")]
    Empty,
    #[error("the text is longer than 4096 characters")]
    TooLong,
    #[error("the text does not begin with {OPENING_PREFIX}")]
    Prefix,
    #[error("the text holds a character that no opening has, or was cut short")]
    Alphabet,
    #[error("the check code does not fit: a character is wrong or missing")]
    CheckCode,
    #[error(transparent)]
    Encoding(#[from] EncodingError),
    #[error("the opening is for genesis {genesis} and contract {contract}")]
    WrongElection {
        genesis: GenesisHash,
        contract: ContractId,
    },
    #[error("candidate {choice} of {candidates}")]
    UnknownCandidate { choice: u16, candidates: usize },
    #[error("{actual} × {symbol} instead of {expected}")]
    WrongShape {
        symbol: &'static str,
        actual: usize,
        expected: usize,
    },
    #[error("the mark {mark:02x?} is not printable ASCII")]
    UnprintableMark { mark: [u8; 4] },
    #[error("{symbol}[{index}] is not a canonical scalar, or is zero")]
    InvalidElement { symbol: &'static str, index: usize },
    /// What a device that lies about the choice comes to.
    #[error("choice and randomness do not belong to a valid ballot")]
    OpensNothing,
}

impl Opening {
    /// Reads an opening from what a person pasted, scanned or opened.
    ///
    /// # Errors
    /// If the text is none. Whether it opens a ballot is for [`check_opening`] to say.
    pub fn parse(text: &str) -> Result<Self, OpeningError> {
        let payload = coded_text::read(text, OPENING_PREFIX, CHECK_LABEL)?;
        let opening: Self = encoding::decode(&payload, OPENING_LIMIT)?;
        if opening.version != VERSION {
            return Err(EncodingError::UnknownVersion {
                actual: opening.version,
                expected: VERSION,
            }
            .into());
        }
        Ok(opening)
    }

    /// The opening as text: upper-case letters, digits and one hyphen, which QR codes hold compactly.
    pub fn to_text(&self) -> String {
        coded_text::write(encoding::encode(self), OPENING_PREFIX, CHECK_LABEL)
    }

    #[cfg(feature = "prove")]
    pub(crate) fn of(
        (genesis, contract): (GenesisHash, ContractId),
        ballot: &Ballot,
        (choice, r): (u16, ScalarBytes),
        last: ScalarBytes,
    ) -> Self {
        Self {
            version: VERSION,
            genesis,
            contract,
            asset: ballot.asset,
            address: ballot.address,
            mark: ballot.mark,
            choice,
            r,
            c: ballot.c.iter().copied().chain([last]).collect(),
            z: ballot.z.clone(),
        }
    }
}

/// Makes the ballot again that an opening is of.
///
/// What success does not imply: that a device showed this tracking code, that the ledger says that it can never be cast, or that the asset was issued to
/// the address.
///
/// # Errors
/// If the opening is of another election, or of no valid ballot.
pub fn check_opening(
    keys: &BallotKeys,
    opening: &Opening,
) -> Result<ChallengedBallot, OpeningError> {
    check_form(keys, opening)?;
    let r = scalars("r", core::slice::from_ref(&opening.r))?;
    let (c, z) = (scalars("c", &opening.c)?, scalars("z", &opening.z)?);
    let r = r.first().copied().unwrap_or_default();
    let randomness = r * B;
    if randomness.is_identity() {
        return Err(invalid("r", 0));
    }
    let transfers = encrypt(keys, opening.choice, &r);
    let mut ballot = unproven(opening, &randomness, &transfers);
    let statement = Statement::new(keys, &ballot);
    let rho = &statement.rho;
    let c_star = RistrettoPoint::vartime_multiscalar_mul(rho, &transfers);
    let h_star = RistrettoPoint::vartime_multiscalar_mul(rho, keys.addresses());
    for ((c, z), rho) in c.iter().zip(&z).zip(rho) {
        let a = RistrettoPoint::vartime_multiscalar_mul([*z, -c], [B, randomness]);
        let b = RistrettoPoint::vartime_multiscalar_mul([*z, -c, c * rho], [h_star, c_star, B]);
        ballot.a.push(group::encode_point(&a));
        ballot.b.push(group::encode_point(&b));
    }
    if statement.challenge(&ballot.a, &ballot.b) != c.iter().sum::<Scalar>() {
        return Err(OpeningError::OpensNothing);
    }
    let body = Body::new(opening.genesis, opening.contract, Action::Cast(ballot));
    Ok(ChallengedBallot {
        asset: opening.asset,
        mark: opening.mark,
        choice: opening.choice,
        code: body.tracking_code(),
    })
}

fn check_form(keys: &BallotKeys, opening: &Opening) -> Result<(), OpeningError> {
    let candidates = keys.candidates();
    let (genesis, contract) = (opening.genesis, opening.contract);
    if (genesis, contract) != keys.election() {
        return Err(OpeningError::WrongElection { genesis, contract });
    }
    for (symbol, list) in [("c", &opening.c), ("z", &opening.z)] {
        if list.len() != candidates {
            return Err(OpeningError::WrongShape {
                symbol,
                actual: list.len(),
                expected: candidates,
            });
        }
    }
    let choice = opening.choice;
    if usize::from(choice) >= candidates {
        return Err(OpeningError::UnknownCandidate { choice, candidates });
    }
    let mark = opening.mark;
    if !mark.iter().all(|letter| (0x20..=0x7e).contains(letter)) {
        return Err(OpeningError::UnprintableMark { mark });
    }
    Ok(())
}

/// C_j = v_j·B + r·H_j.
fn encrypt(keys: &BallotKeys, choice: u16, r: &Scalar) -> Vec<RistrettoPoint> {
    let addresses = (0..).zip(keys.addresses());
    addresses
        .map(|(candidate, address): (u16, _)| {
            let moved = Scalar::from(u8::from(candidate == choice));
            RistrettoPoint::vartime_multiscalar_mul([moved, *r], [B, *address])
        })
        .collect()
}

/// The ballot but for a_l and b_l.
fn unproven(
    opening: &Opening,
    randomness: &RistrettoPoint,
    transfers: &[RistrettoPoint],
) -> Ballot {
    let mut sent = opening.c.clone();
    sent.pop();
    Ballot {
        asset: opening.asset,
        address: opening.address,
        mark: opening.mark,
        randomness: group::encode_point(randomness),
        transfers: transfers.iter().map(group::encode_point).collect(),
        a: Vec::new(),
        b: Vec::new(),
        c: sent,
        z: opening.z.clone(),
    }
}

fn scalars(symbol: &'static str, list: &[ScalarBytes]) -> Result<Vec<Scalar>, OpeningError> {
    let list = list.iter().enumerate();
    list.map(|(index, bytes)| group::scalar(bytes).ok_or(invalid(symbol, index)))
        .collect()
}

fn invalid(symbol: &'static str, index: usize) -> OpeningError {
    OpeningError::InvalidElement { symbol, index }
}

impl From<CodeFault> for OpeningError {
    fn from(fault: CodeFault) -> Self {
        match fault {
            CodeFault::Empty => Self::Empty,
            CodeFault::TooLong => Self::TooLong,
            CodeFault::Prefix => Self::Prefix,
            CodeFault::Alphabet => Self::Alphabet,
            CodeFault::CheckCode => Self::CheckCode,
        }
    }
}
