//! The plan of a network: `network.toml`, read and checked. Every mistake is a sentence that says what to write instead.

use super::election::{ElectionPlan, Pace};
use super::fields::{FieldError, Fields};
use super::municipality::{MunicipalityPlan, PublicKeys};
use super::values::{self, Moment};
use std::collections::BTreeMap;
use tendermint::{Time, chain};
use verifier_core::{ChoiceRule, ClaimKeys, Contract, ContractError, Seconds};

const CONTRACT_VERSION: u8 = 1;
const TWO_WEEKS: Seconds = 14 * 86_400;

/// Why no network can be made of the file.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error(transparent)]
    Field(#[from] FieldError),
    #[error("network.chain_id is {0:?}: write 1 to 50 letters, digits, hyphens or dots")]
    ChainId(String),
    #[error(
        "network.genesis_time is missing: write when the ledger begins, so that this file makes the same network in every town hall"
    )]
    GenesisTime,
    #[error(
        "election.{field} is counted from now, which only a rehearsal may: write a date and time with its offset, or add --rehearsal"
    )]
    Relative { field: &'static str },
    #[error(
        "there are {0} municipalities: write at least two [[municipality]] sections, because one alone could not share the candidates' keys"
    )]
    TooFew(usize),
    #[error("{first} and {second} have the same {what}, {value}: each needs its own")]
    Same {
        first: String,
        second: String,
        what: &'static str,
        value: String,
    },
    #[error(
        "{municipality} has no keys: let its IT person run `node keys` and paste here what that prints; only with --rehearsal are missing keys drawn"
    )]
    MissingKeys { municipality: String },
    #[error(
        "election.phones is true, and {municipality} has no claims_home and claims_countersign among its keys: let its IT person run `node keys` of this version, or write phones = false"
    )]
    MissingClaimKeys { municipality: String },
    #[error("the election cannot be held: {0}")]
    Contract(#[from] ContractError),
}

/// What the file says, before anything is drawn.
#[derive(Clone, Debug)]
pub struct Plan {
    pub chain_id: chain::Id,
    pub genesis_time: Option<Time>,
    /// How long the trust card's header may be relied on.
    pub trusting_period: Seconds,
    pub pace: Pace,
    /// Pages that may ask the nodes: origins, or `*`.
    pub portals: Vec<String>,
    pub election: ElectionPlan,
    pub municipalities: Vec<MunicipalityPlan>,
}

impl Plan {
    /// Reads the file's text.
    ///
    /// # Errors
    /// The first mistake, as a sentence.
    pub fn parse(text: &str) -> Result<Self, PlanError> {
        let mut file = Fields::parse(text)?;
        let mut network = file.table("network", "a section [network] with chain_id")?;
        let chain_id = network.required(
            "chain_id",
            "the ledger's name in quotes, for example \"gyeonggi-2027\"",
            values::text,
        )?;
        let mut plan = Self {
            chain_id: chain::Id::try_from(chain_id.clone())
                .map_err(|_| PlanError::ChainId(chain_id))?,
            genesis_time: network.optional(
                "genesis_time",
                "a date and time with its offset, for example 2027-03-01T09:00:00+09:00",
                values::time,
            )?,
            trusting_period: network
                .optional(
                    "trusting_period",
                    "a duration such as \"14 days\"",
                    values::seconds,
                )?
                .unwrap_or(TWO_WEEKS),
            pace: Pace::read(&mut network)?,
            portals: network
                .optional(
                    "portals",
                    "a list such as [\"*\"] or [\"https://vote.example\"]",
                    values::texts,
                )?
                .unwrap_or_else(|| vec!["*".into()]),
            election: ElectionPlan::read(
                file.table("election", "a section [election] with title and candidates")?,
            )?,
            municipalities: Vec::new(),
        };
        network.finish()?;
        let sections = file.tables(
            "municipality",
            "one section [[municipality]] for each of them",
        )?;
        plan.municipalities = sections
            .into_iter()
            .map(MunicipalityPlan::read)
            .collect::<Result<_, _>>()?;
        file.finish()?;
        plan.check_distinct()?;
        Ok(plan)
    }

    /// The contract that these keys hold the election under. `now` is what relative times count from.
    ///
    /// # Errors
    /// If it is not one that an election can be held under.
    pub fn contract(&self, keys: &[PublicKeys], now: Seconds) -> Result<Contract, PlanError> {
        let election = &self.election;
        let count = u16::try_from(keys.len()).unwrap_or(u16::MAX);
        let two_thirds = u16::try_from(u32::from(count) * 2 / 3 + 1).unwrap_or(count);
        let municipalities = self.municipalities.iter().zip(keys);
        let contract = Contract {
            version: CONTRACT_VERSION,
            title: election.title.clone(),
            candidates: election.candidates.clone(),
            choice_rule: ChoiceRule::ExactlyOne,
            municipalities: municipalities
                .map(|(municipality, keys)| keys.of(municipality.name.clone()))
                .collect(),
            threshold: election.threshold.unwrap_or(two_thirds),
            opening: election.opening.from(now),
            closing: election.closing.from(now),
            grace: election.grace,
            minimum_cell: election.minimum_cell,
            turnout_tolerance: election.turnout_tolerance,
            claim_keys: Vec::new(),
        };
        let contract = contract.with_claim_keys(self.claim_keys(keys)?);
        contract.check()?;
        Ok(contract)
    }

    /// One pair for each municipality if rights are given to phones, none otherwise.
    fn claim_keys(&self, keys: &[PublicKeys]) -> Result<Vec<ClaimKeys>, PlanError> {
        if !self.election.phones {
            return Ok(Vec::new());
        }
        let municipalities = self.municipalities.iter().zip(keys);
        let claims = municipalities.map(|(municipality, keys)| {
            let missing = || PlanError::MissingClaimKeys {
                municipality: municipality.name.en.clone(),
            };
            keys.claims.clone().ok_or_else(missing)
        });
        claims.collect()
    }

    /// What a network that is no rehearsal needs: absolute times, and every municipality's own keys.
    ///
    /// # Errors
    /// What is missing.
    pub fn check_for_real(&self) -> Result<(), PlanError> {
        for (field, moment) in [
            ("opening", self.election.opening),
            ("closing", self.election.closing),
        ] {
            if matches!(moment, Moment::After(_)) {
                return Err(PlanError::Relative { field });
            }
        }
        if self.genesis_time.is_none() {
            return Err(PlanError::GenesisTime);
        }
        match self.municipalities.iter().find(|m| m.keys.is_none()) {
            Some(municipality) => Err(PlanError::MissingKeys {
                municipality: municipality.name.en.clone(),
            }),
            None => Ok(()),
        }
    }

    fn check_distinct(&self) -> Result<(), PlanError> {
        if self.municipalities.len() < 2 {
            return Err(PlanError::TooFew(self.municipalities.len()));
        }
        let mut seen = BTreeMap::new();
        for municipality in &self.municipalities {
            for (what, value) in municipality.must_be_its_own() {
                let other = seen.insert((what, value.clone()), municipality);
                if let Some(other) = other {
                    return Err(PlanError::Same {
                        first: other.name.en.clone(),
                        second: municipality.name.en.clone(),
                        what,
                        value,
                    });
                }
            }
        }
        Ok(())
    }
}
