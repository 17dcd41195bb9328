//! What is handed out beside the ledger: trust card, claimed totals, sample receipts.

use super::offices::Promised;
use super::run::{Devnet, DevnetError};
use super::schedule::Until;
use super::script::ScriptError;
use crate::ledger::seconds;
use crate::rpc::Files;
use verifier_core::{
    Action, Anchor, CardValidator, ClaimedTotals, HeaderHash, NodeAddress, PublicKey, Seconds,
    TrustCard,
};

/// How long a devnet's trusted header may be relied on: two weeks.
const TRUSTING_PERIOD: Seconds = 14 * 24 * 3600;
/// Of so many sample receipts, one was handed out before the height was known.
const WITHOUT_HEIGHT: usize = 5;

impl Devnet {
    /// The files as they are now. `url` is where the nodes answer, if they do; `receipts` is how many sample receipts to make.
    pub fn files(&self, url: Option<&str>, receipts: usize) -> Result<Files, DevnetError> {
        let totals = self.totals();
        Ok(Files {
            trust_card: self.trust_card(url)?,
            totals: totals.as_ref().map(serde_json::to_string).transpose()?,
            receipts: self.receipts(receipts)?,
            slips: self.script.offices.roll_slips(receipts),
        })
    }

    /// The trust card: trusted header 1; the final header once the election is over.
    pub fn trust_card(&self, url: Option<&str>) -> Result<String, DevnetError> {
        let last = self.script.schedule.last_height(Until::Result);
        let ended = self.ledger.height() >= last;
        let validators = self
            .validators
            .by_municipality()
            .into_iter()
            .zip(&self.script.offices.contract.municipalities);
        let addresses = (0..).zip(&self.script.offices.contract.municipalities);
        let card = TrustCard {
            chain_id: self.chain_id.clone(),
            genesis: self.script.offices.genesis,
            trusted: self.anchor(1)?,
            trusting_period: TRUSTING_PERIOD,
            final_header: if ended {
                Some(self.anchor(last)?)
            } else {
                None
            },
            validators: validators
                .map(|(validator, keys)| CardValidator {
                    name_ko: keys.name.ko.clone(),
                    name_en: keys.name.en.clone(),
                    key: PublicKey(validator.public_key()),
                    power: u32::try_from(validator.power()).unwrap_or(u32::MAX),
                })
                .collect(),
            contract: self.script.offices.contract.clone(),
            registrars: self.registrars.clone(),
            nodes: url
                .map(|url| {
                    addresses
                        .map(|(municipality, _)| NodeAddress {
                            municipality,
                            url: format!("{url}/n/{municipality}"),
                        })
                        .collect()
                })
                .unwrap_or_default(),
        };
        Ok(card.to_json())
    }

    fn anchor(&self, height: u64) -> Result<Anchor, DevnetError> {
        let header = self.store.block(height)?.header;
        let hash = <[u8; 32]>::try_from(header.hash().as_bytes()).unwrap_or_default();
        Ok(Anchor {
            height,
            hash: HeaderHash(hash),
            time: seconds(header.time),
        })
    }

    /// The totals, found by search in what the shares open; `None` until enough trustees have opened the sums.
    pub fn totals(&self) -> Option<ClaimedTotals> {
        self.ledger.application().totals()
    }

    /// Up to `count` receipts of ballots recorded so far, evenly chosen, and those of all refused ones; named by their number.
    pub fn receipts(&self, count: usize) -> Result<Vec<(String, String)>, DevnetError> {
        let casts = &self.script.casts.all;
        let stride = casts.len().div_ceil(count.max(1)).max(1);
        let chosen = casts
            .iter()
            .enumerate()
            .filter(|(number, cast)| (count > 0 && number % stride == 0) || cast.fault.is_some());
        let recorded: Vec<(usize, u64)> = chosen
            .filter_map(|(number, _)| Some((number, self.script.schedule.height_of_cast(number)?)))
            .filter(|(_, height)| *height <= self.ledger.height())
            .collect();
        if recorded.is_empty() {
            return Ok(Vec::new());
        }
        let device = self.script.device(self.ledger.application().election())?;
        recorded
            .iter()
            .enumerate()
            .map(|(sample, (number, height))| {
                let cast = casts.get(*number).ok_or(ScriptError::Cast(*number))?;
                let transaction = device.cast(cast).map_err(ScriptError::from)?;
                let Action::Cast(ballot) = &transaction.body.action else {
                    return Err(ScriptError::Cast(*number).into());
                };
                let known = (sample % WITHOUT_HEIGHT != WITHOUT_HEIGHT - 1).then_some(*height);
                let receipt = self.script.offices.receipt(&Promised {
                    asset: cast.asset,
                    code: transaction.body.tracking_code(),
                    mark: ballot.mark,
                    height: known,
                    time: self.accepted_at(*height),
                })?;
                Ok((
                    format!("{:05}.txt", number + 1),
                    format!("{}\n", receipt.to_text()),
                ))
            })
            .collect()
    }

    /// When a municipality accepts a ballot: before its block, and before closing.
    fn accepted_at(&self, recorded: u64) -> Seconds {
        let schedule = &self.script.schedule;
        let time = schedule.time(recorded.saturating_sub(1));
        time.clamp(schedule.opening, schedule.closing - 1)
    }
}
