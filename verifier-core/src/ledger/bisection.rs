//! From a trusted header to any later one, in as few steps as the validators' changes allow. It fetches nothing: it says which
//! height it needs, and is given that height's block.

use tendermint::Time;

use crate::Height;

use super::light::{LightBlock, LightError, Options, Outcome, TrustedHeader, verify_skipping};

/// A verification under way.
#[derive(Clone, Debug)]
pub struct Bisection {
    trusted: TrustedHeader,
    target: Height,
    options: Options,
    /// Blocks that were given but are not trusted yet, heights descending.
    pending: Vec<LightBlock>,
}

/// Where a verification stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The light block of this height is needed next.
    Need(Height),
    /// The target is trusted.
    Done(Box<TrustedHeader>),
}

impl Bisection {
    /// Sets out from `trusted` to the height `target`.
    ///
    /// # Errors
    /// If the target is below the trusted height: then [`super::verify_backwards`] is the way.
    pub fn new(
        trusted: TrustedHeader,
        target: Height,
        options: Options,
    ) -> Result<Self, LightError> {
        if target < trusted.height() {
            return Err(LightError::TargetBelowTrusted {
                trusted: trusted.height(),
                target,
            });
        }
        Ok(Self {
            trusted,
            target,
            options,
            pending: Vec::new(),
        })
    }

    /// The highest header trusted so far.
    pub fn trusted(&self) -> &TrustedHeader {
        &self.trusted
    }

    /// What is needed next: the target at first, then, whenever a skip is too far, the height halfway.
    pub fn progress(&self) -> Progress {
        let trusted = self.trusted.height();
        if trusted >= self.target {
            return Progress::Done(Box::new(self.trusted.clone()));
        }
        Progress::Need(match self.pending.last() {
            Some(block) => middle(trusted, block.signed_header.header.height.value()),
            None => self.target,
        })
    }

    /// Takes the block that was asked for and verifies as far as it allows. `now` is the present time.
    ///
    /// # Errors
    /// If the block is of another height or breaks a rule. What was trusted before stays trusted, so that another source may be
    /// asked for the same height.
    pub fn supply(&mut self, block: LightBlock, now: Time) -> Result<Progress, LightError> {
        let actual = block.signed_header.header.height.value();
        match self.progress() {
            Progress::Need(expected) if expected == actual => self.pending.push(block),
            Progress::Need(expected) => {
                return Err(LightError::UnexpectedHeight { expected, actual });
            }
            done @ Progress::Done(_) => return Ok(done),
        }
        while let Some(block) = self.pending.pop() {
            match verify_skipping(&self.trusted, &block, &self.options, now)? {
                Outcome::Verified(header) => self.trusted = *header,
                Outcome::NotYetTrusted(_) => {
                    self.pending.push(block);
                    break;
                }
            }
        }
        Ok(self.progress())
    }
}

/// The height halfway between a trusted one and a pending one above its successor; lies strictly between them.
fn middle(trusted: Height, pending: Height) -> Height {
    trusted.saturating_add(pending.saturating_sub(trusted) / 2)
}
