//! Before opening: the definition, rolls and voting rights; and the trustees' keys, which only their nodes can make.

use super::follower::Follower;
use super::play::{PATIENCE, Rehearsal, RehearsalError, until};
use crate::devnet::OfficeKeys;
use crate::home::{Home, KeyFile, KeyUse};
use std::path::Path;

impl Rehearsal {
    pub(super) fn set_up(&mut self) -> Result<(), RehearsalError> {
        self.settle("the definition", vec![self.offices.define()])?;
        self.settle("a roll", self.offices.certify_rolls())?;
        let electorates = self.offices.electorates.iter();
        let batches = electorates.flat_map(|e| (0..e.batches()).map(|batch| (e.index, batch)));
        let issues = batches
            .map(|(municipality, batch)| self.offices.issue(municipality, batch))
            .collect::<Result<Vec<_>, _>>()?;
        self.settle("an issue", issues)
    }

    pub(super) fn wait_for_keys(&mut self) -> Result<(), RehearsalError> {
        let opening = self.offices.contract.opening;
        let there = |follower: &Follower| {
            follower.election().complete_key_set().is_some() || follower.time() >= opening
        };
        self.wait("the candidates' keys", PATIENCE + until(opening), there)?;
        match self.follower.election().complete_key_set() {
            Some(_) => Ok(()),
            None => Err(RehearsalError::NotReady {
                what: "the candidates' keys are not complete",
            }),
        }
    }
}

/// The keys of the offices in a home.
pub(super) fn office_keys(folder: &Path) -> Result<OfficeKeys, RehearsalError> {
    let home = Home::open(folder)?;
    let key = |key_use| Ok::<_, RehearsalError>(KeyFile::read(&home.key(key_use), key_use)?);
    Ok(OfficeKeys {
        registrar: key(KeyUse::Registrar)?.signing_key(),
        promise: key(KeyUse::Promise)?.signing_key(),
        observer: key(KeyUse::Observer)?.signing_key(),
    })
}
