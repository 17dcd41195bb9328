//! Whoever keeps the purse: what is in it is in the locker too, before the page hears of it.

use crate::locker::{Locker, NoLocker};
use caster::{FromCaster, HomeSigned, Kept, Purse, PurseFault, ToPurse};
use rand_core::OsRng;
use verifier_core::{ContractId, GenesisHash, RSA_BYTES, Transaction, VotingRight};
use zeroize::Zeroizing;

/// The purse of one election.
pub struct Keeper {
    genesis: GenesisHash,
    contract: ContractId,
    purse: Option<Purse>,
    /// Nothing where the browser keeps nothing.
    locker: Option<Locker>,
}

impl Keeper {
    /// Opens what this browser keeps.
    pub async fn open(genesis: GenesisHash, contract: ContractId) -> Result<Self, PurseFault> {
        let locker = match Locker::open(&contract).await {
            Ok(locker) => Some(locker),
            Err(NoLocker::Refused) => None,
            Err(NoLocker::InUse) => return Err(PurseFault::InUse),
        };
        let bytes = locker.as_ref().map(Locker::read).unwrap_or_default();
        let bytes = Zeroizing::new(bytes);
        let purse = match bytes.is_empty() {
            true => None,
            false => Some(Purse::read(&bytes).ok_or(PurseFault::Torn)?),
        };
        Ok(Self {
            genesis,
            contract,
            purse,
            locker,
        })
    }

    /// Does what the page asks.
    pub fn take(&mut self, order: ToPurse) -> FromCaster {
        match self.done(order) {
            Ok(()) => self.tell(),
            Err(fault) => FromCaster::PurseFault(fault),
        }
    }

    fn done(&mut self, order: ToPurse) -> Result<(), PurseFault> {
        match (order, &mut self.purse) {
            (ToPurse::Draw { home, key }, purse @ None) => {
                let drawn = Purse::draw(self.genesis, self.contract, home, key, &mut OsRng)?;
                *purse = Some(drawn);
            }
            (
                ToPurse::HomeSigned {
                    signature,
                    commitment,
                    authorisation,
                    next,
                },
                Some(purse),
            ) => {
                let signed = HomeSigned {
                    signature: whole(signature)?,
                    commitment,
                    authorisation,
                };
                purse.home_signed(&signed, next, &mut OsRng)?;
            }
            (ToPurse::Countersigned { signature, span }, Some(purse)) => {
                purse.countersigned(&whole(signature)?, span, &mut OsRng)?;
            }
            (ToPurse::Forget, purse) => *purse = None,
            _ => return Ok(()),
        }
        self.keep();
        Ok(())
    }

    /// The right, as long as it is not used.
    pub fn right(&self) -> Option<&VotingRight> {
        self.purse.as_ref().and_then(Purse::right)
    }

    /// Keeps the ballot in the place of the right.
    pub fn use_up(&mut self, ballot: &Transaction) {
        if let Some(purse) = self.purse.take_if(|purse| purse.right().is_some()) {
            self.purse = Some(purse.used(ballot));
            self.keep();
        }
    }

    /// What is kept.
    pub fn tell(&self) -> FromCaster {
        FromCaster::Purse {
            kept: self.purse.as_ref().map_or(Kept::Nothing, Purse::kept),
            lasts: self.locker.is_some(),
        }
    }

    fn keep(&mut self) {
        let bytes = self.purse.as_ref().map(Purse::to_bytes);
        let bytes = Zeroizing::new(bytes.unwrap_or_default());
        self.locker.take_if(|locker| !locker.write(&bytes));
    }
}

fn whole(signature: Vec<u8>) -> Result<[u8; RSA_BYTES], PurseFault> {
    signature.try_into().map_err(|_| PurseFault::NotSigned)
}
