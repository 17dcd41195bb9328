//! The anchor: the header that the receipt's block must be an ancestor of.
//!
//! A finished election's trust card names the final header, and no clock is needed. Otherwise it is the latest header that the source
//! has, verified by light client from the card's trusted header, within its trusting period. Questions about the state begin with it too.

use crate::finding::{Doubt, SourceFault};
use crate::ids::{Height, Seconds};
use crate::ledger::rpc::{CommitAnswer, Status, decode_answer};
use crate::ledger::{
    LightBlock, LightError, LightOutcome, Options, SignedPower, TrustLevel, TrustedHeader,
    ValidatorSet, check_commit, verify_skipping,
};
use crate::request::{Answer, Request};
use crate::trust_card::{Anchor, CardAge, TrustCard};
use core::time::Duration;
use tendermint::Time;
use tendermint::block::signed_header::SignedHeader;

/// How far a header's time may lie ahead of the holder's clock.
pub(crate) const CLOCK_DRIFT: Duration = Duration::from_secs(60);

#[derive(Clone, Debug)]
pub(crate) enum Anchoring {
    /// The final header.
    Final(Anchor),
    /// The latest height, not yet known.
    Latest,
    /// The trusted header, to start from, and the latest.
    Skip {
        trusted: Height,
        latest: Height,
        start: Option<Box<TrustedHeader>>,
    },
}

/// A trusted header, and the positions in the trust card's list of those who signed it.
pub(crate) type Anchored = (TrustedHeader, Vec<usize>);

impl Anchoring {
    pub fn new(card: &TrustCard) -> Self {
        match card.final_header {
            Some(anchor) => Self::Final(anchor),
            None => Self::Latest,
        }
    }

    pub fn needs(&self) -> Vec<Request> {
        let request = match self {
            Self::Final(anchor) => Request::Commit(anchor.height),
            Self::Latest => Request::Status,
            Self::Skip {
                trusted,
                start: None,
                ..
            } => Request::Commit(*trusted),
            Self::Skip { latest, .. } => Request::Commit(*latest),
        };
        vec![request]
    }

    pub fn supply(
        &mut self,
        card: &TrustCard,
        now: Seconds,
        request: &Request,
        answer: Answer,
    ) -> Result<Option<Anchored>, Doubt> {
        let bytes = answer?;
        if *request == Request::Status {
            *self = latest_of(card, &bytes)?;
            return Ok(None);
        }
        let signed = decode_answer::<CommitAnswer>(&bytes)
            .map_err(SourceFault::from)?
            .signed_header;
        let validators = card
            .validator_set()
            .map_err(|e| SourceFault::Malformed(e.to_string()))?;
        match self {
            Self::Final(anchor) => {
                let anchor = *anchor;
                let header = named_header(&signed, &anchor, &validators)?;
                let power = check_signed(card, &validators, &signed)?;
                Ok(Some((header, signers(card, &power))))
            }
            Self::Latest => Ok(None),
            Self::Skip {
                start: start @ None,
                ..
            } => {
                *start = Some(Box::new(named_header(&signed, &card.trusted, &validators)?));
                Ok(None)
            }
            Self::Skip {
                start: Some(start),
                latest,
                ..
            } => {
                check_height(&signed, *latest)?;
                skip(card, start, validators, signed, now).map(Some)
            }
        }
    }
}

fn latest_of(card: &TrustCard, bytes: &[u8]) -> Result<Anchoring, Doubt> {
    let status = decode_answer::<Status>(bytes).map_err(SourceFault::from)?;
    if status.chain_id.as_str() != card.chain_id {
        return Err(SourceFault::OtherChain {
            actual: status.chain_id.to_string(),
            expected: card.chain_id.clone(),
        }
        .into());
    }
    if status.latest_height <= card.trusted.height {
        return Err(Doubt::EndsEarly {
            last: status.latest_height,
            expected: card.trusted.height.saturating_add(1),
        });
    }
    Ok(Anchoring::Skip {
        trusted: card.trusted.height,
        latest: status.latest_height,
        start: None,
    })
}

/// The header is the one that the card names.
fn named_header(
    signed: &SignedHeader,
    anchor: &Anchor,
    validators: &ValidatorSet,
) -> Result<TrustedHeader, SourceFault> {
    check_height(signed, anchor.height)?;
    TrustedHeader::from_trusted_hash(signed.header.clone(), anchor.hash, Some(validators.clone()))
        .map_err(|error| match error {
            LightError::WrongTrustedHash { .. } => SourceFault::NotTheTrustedHeader {
                height: anchor.height,
            },
            other => SourceFault::Light(other),
        })
}

fn check_height(signed: &SignedHeader, expected: Height) -> Result<(), SourceFault> {
    let actual = signed.header.height.value();
    if actual == expected {
        Ok(())
    } else {
        Err(LightError::UnexpectedHeight { expected, actual }.into())
    }
}

fn check_signed(
    card: &TrustCard,
    validators: &ValidatorSet,
    signed: &SignedHeader,
) -> Result<SignedPower, SourceFault> {
    let chain_id = card
        .chain()
        .map_err(|e| SourceFault::Malformed(e.to_string()))?;
    check_commit(&chain_id, validators, signed).map_err(|error| SourceFault::Commit {
        height: signed.header.height.value(),
        error,
    })
}

/// From the trusted header to the latest in one step: the validators are pinned, and more than two thirds of them must have signed.
fn skip(
    card: &TrustCard,
    start: &TrustedHeader,
    validators: ValidatorSet,
    signed_header: SignedHeader,
    now: Seconds,
) -> Result<Anchored, Doubt> {
    if let CardAge::Expired { age, period } = card.age(now) {
        return Err(Doubt::CardExpired {
            age_seconds: age,
            period_seconds: period,
        });
    }
    let power = check_signed(card, &validators, &signed_header)?;
    let options = Options {
        trust_threshold: TrustLevel::TWO_THIRDS,
        trusting_period: Duration::from_secs(card.trusting_period),
        clock_drift: CLOCK_DRIFT,
    };
    let block = LightBlock {
        signed_header,
        validators,
        next_validators: None,
    };
    match verify_skipping(start, &block, &options, time(now)).map_err(SourceFault::from)? {
        LightOutcome::Verified(header) => Ok((*header, signers(card, &power))),
        LightOutcome::NotYetTrusted(_) => Err(SourceFault::Malformed(
            "the latest header cannot be reached in one step".into(),
        )
        .into()),
    }
}

/// The time, or the epoch if that is beyond the calendar.
pub(crate) fn time(seconds: Seconds) -> Time {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    Time::from_unix_timestamp(seconds, 0).unwrap_or_else(|_| Time::unix_epoch())
}

/// Positions of the signers in the trust card's list.
fn signers(card: &TrustCard, power: &SignedPower) -> Vec<usize> {
    let signed = |key: &[u8]| {
        tendermint::PublicKey::from_raw_ed25519(key)
            .map(tendermint::account::Id::from)
            .is_some_and(|id| power.signers.contains(&id))
    };
    card.validators
        .iter()
        .enumerate()
        .filter(|(_, validator)| signed(validator.key.as_bytes()))
        .map(|(position, _)| position)
        .collect()
}
