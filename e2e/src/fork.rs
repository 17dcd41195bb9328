//! A fork: validators with more than a third of the power sign two histories, and the honest ones are told one or the other.

use crate::election::{Election, during};
use crate::liar::Liar;
use crate::lies::Tale;
use crate::signers::Signers;
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use verifier_core::{Action, Height, NodeAddress, PublicKey, Transaction, TrustCard};

/// Two nodes, each of which serves one of two histories with valid commits; they stop when dropped.
pub struct Fork {
    pub nodes: [Liar; 2],
    /// A trust card from during the election that names both.
    pub card: TrustCard,
    /// The first height at which the histories differ: in one the receipt's ballot is there, in the other it is not.
    pub height: Height,
    /// The keys of those who signed both, and of nobody else.
    pub culprits: BTreeSet<PublicKey>,
}

impl Election {
    /// Lets the first municipalities, just more than a third, sign two histories.
    ///
    /// # Errors
    /// If there are so few that not both can be signed by more than two thirds.
    pub async fn fork(&self) -> Result<Fork> {
        let (plot, count) = (self.plot()?, u16::try_from(self.card.validators.len())?);
        let attackers = count / 3 + 1;
        let half = attackers + (count - attackers) / 2;
        let one = Signers::part(&plot.validators, |index| index < half)?;
        let other = Signers::part(&plot.validators, |index| index < attackers || index >= half)?;
        let kept = self.history(plot.height, false, &one)?;
        let dropped = self.history(plot.height, true, &other)?;
        let nodes = [
            Liar::start(kept, self.url()).await?,
            Liar::start(dropped, self.url()).await?,
        ];
        let addresses = (0..).zip(&nodes).map(|(municipality, node)| NodeAddress {
            municipality,
            url: node.url().to_owned(),
        });
        let culprits = self.card.validators.iter().take(attackers.into());
        Ok(Fork {
            card: TrustCard {
                nodes: addresses.collect(),
                ..during(self.card.clone())
            },
            height: plot.height,
            culprits: culprits.map(|validator| validator.key).collect(),
            nodes,
        })
    }

    /// The ledger with or without the receipt's ballot, signed by these from its block on.
    fn history(&self, from: Height, without: bool, signers: &Signers) -> Result<Tale> {
        let mut ledger = self.truth.clone();
        if without {
            let code = self.plot()?.receipt.tracking_code;
            let told = ledger.at(from)?;
            let is_it = |bytes: &Vec<u8>| {
                Transaction::decode(bytes).is_ok_and(|t| {
                    matches!(t.body.action, Action::Cast(_)) && t.body.tracking_code() == code
                })
            };
            let place = told.transactions.iter().position(is_it);
            let place = place.context("the receipt's ballot")?;
            told.transactions.remove(place);
            told.results.remove(place);
        }
        ledger.hang_together(from, signers)?;
        Ok(Tale::truth(ledger))
    }
}
