//! The file of an [`AttackEvidence`]: CometBFT's light-client-attack evidence, in the JSON that its nodes take, once against each
//! side, with the header that both sides share.
//!
//! There is one file for one evidence: a reader takes the headers and commits from it, verifies them, writes the file anew, and
//! refuses one that differs in a byte. So nothing in it goes unread.

use super::culprits::{Signer, byzantine, is_lunatic};
use super::evidence::{AttackEvidence, Side};
use crate::hex_text;
use crate::ids::{ContractId, GenesisHash, Height};
use crate::ledger::{CommitError, Conflict, ValidatorSet};
use crate::trust_card::{TrustCard, TrustCardError};
use serde::{Deserialize, Serialize};
use tendermint::block::Header;
use tendermint::block::signed_header::SignedHeader;
use tendermint::{PublicKey, Time, account};
use tendermint_proto::serializers::from_str;

/// An evidence file is at most 16 MiB.
pub const EVIDENCE_LIMIT: usize = 16 << 20;
const VERSION: u8 = 1;
const KIND: &str = "tendermint/LightClientAttackEvidence";

/// Why a file is not evidence of an attack on the ledger of a trust card.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    #[error("{actual} bytes are more than the {limit} allowed")]
    TooLarge { actual: usize, limit: usize },
    #[error("not an evidence file: {0}")]
    Json(String),
    #[error("version {0} is not known")]
    Version(u8),
    #[error("the evidence is about the election {evidence}, the trust card is for {card}")]
    OtherElection {
        evidence: ContractId,
        card: ContractId,
    },
    #[error("the evidence is about a ledger with another genesis")]
    OtherGenesis,
    #[error("{0} headers instead of two or four")]
    Count(usize),
    #[error("the header at {height} is not signed as it must be: {error}")]
    Commit { height: Height, error: CommitError },
    #[error("the headers at {one} and {other} do not contradict each other")]
    NoConflict { one: Height, other: Height },
    #[error("something in the file is not what follows from its headers and commits")]
    Altered,
    #[error(transparent)]
    TrustCard(#[from] TrustCardError),
}

/// What is read of a file; the rest follows from it.
#[derive(Deserialize)]
struct Read {
    version: u8,
    #[serde(with = "hex_text")]
    genesis_hash: GenesisHash,
    #[serde(with = "hex_text")]
    contract_id: ContractId,
    common_header: Option<Header>,
    evidence: Vec<ReadAttack>,
}

#[derive(Deserialize)]
struct ReadAttack {
    value: ReadValue,
}

#[derive(Deserialize)]
struct ReadValue {
    #[serde(rename = "ConflictingBlock")]
    block: ReadBlock,
}

#[derive(Deserialize)]
struct ReadBlock {
    signed_header: SignedHeader,
}

#[derive(Serialize)]
struct File<'a> {
    version: u8,
    genesis_hash: GenesisHash,
    contract_id: ContractId,
    common_header: Option<&'a Header>,
    evidence: Vec<Attack<'a>>,
}

#[derive(Serialize)]
struct Attack<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    value: Value<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Value<'a> {
    conflicting_block: LightBlock<'a>,
    #[serde(with = "from_str")]
    common_height: Height,
    /// `null` rather than an empty list, on which CometBFT insists.
    byzantine_validators: Option<Vec<Validator>>,
    #[serde(with = "from_str")]
    total_voting_power: u64,
    timestamp: Time,
}

#[derive(Serialize)]
struct LightBlock<'a> {
    signed_header: &'a SignedHeader,
    validator_set: Set,
}

#[derive(Serialize)]
struct Set {
    validators: Vec<Validator>,
    proposer: Option<Validator>,
}

#[derive(Clone, Serialize)]
struct Validator {
    address: account::Id,
    pub_key: Option<PublicKey>,
    #[serde(with = "from_str")]
    voting_power: u64,
    #[serde(with = "from_str")]
    proposer_priority: i64,
}

impl AttackEvidence {
    /// The evidence as a file.
    pub fn to_json(&self) -> String {
        let attacks = self.heights().flat_map(|[one, other]| {
            let both = [(one, other), (other, one)];
            both.map(|(conflicting, trusted)| self.attack(conflicting, trusted))
        });
        let file = File {
            version: VERSION,
            genesis_hash: self.genesis,
            contract_id: self.contract,
            common_header: self.common.as_ref(),
            evidence: attacks.collect(),
        };
        // Headers, strings, numbers and lists always have a JSON form.
        serde_json::to_string_pretty(&file).unwrap_or_default()
    }

    /// Reads a file and verifies everything in it against a trust card of the same election.
    ///
    /// Success says that the card's validators signed two histories. It does not say which of them is the true one.
    ///
    /// # Errors
    /// The first thing that is wrong. Then the file is evidence of nothing.
    pub fn read(bytes: &[u8], card: &TrustCard) -> Result<Self, EvidenceError> {
        if bytes.len() > EVIDENCE_LIMIT {
            return Err(EvidenceError::TooLarge {
                actual: bytes.len(),
                limit: EVIDENCE_LIMIT,
            });
        }
        let file: Read =
            serde_json::from_slice(bytes).map_err(|e| EvidenceError::Json(e.to_string()))?;
        check_election(&file, card)?;
        let sides = sides(file.evidence)?;
        let evidence = Self::new(card, file.common_header, sides)?;
        let chain_id = card.chain()?;
        for [one, other] in evidence.heights() {
            check_conflict(&chain_id, &evidence.validators, one, other)?;
        }
        if evidence.to_json().as_bytes() != bytes {
            return Err(EvidenceError::Altered);
        }
        Ok(evidence)
    }

    /// CometBFT's evidence against `conflicting`, for a node that holds `trusted` to be right.
    fn attack<'a>(&self, conflicting: &'a SignedHeader, trusted: &'a SignedHeader) -> Attack<'a> {
        let lunatic = is_lunatic(&conflicting.header, &trusted.header);
        let common = self.common.as_ref().filter(|_| lunatic);
        let common = common.unwrap_or(&trusted.header);
        let named = byzantine(&self.validators, conflicting, trusted);
        let named: Vec<_> = named.into_iter().map(|it| self.validator(it)).collect();
        let all: Vec<_> = self
            .validators
            .keys()
            .map(|it| self.validator(it))
            .collect();
        let proposes = |it: &&Validator| it.address == conflicting.header.proposer_address;
        Attack {
            kind: KIND,
            value: Value {
                conflicting_block: LightBlock {
                    signed_header: conflicting,
                    validator_set: Set {
                        proposer: all.iter().find(proposes).or(all.first()).cloned(),
                        validators: all,
                    },
                },
                common_height: common.height.value(),
                byzantine_validators: (!named.is_empty()).then_some(named),
                total_voting_power: self.validators.total_power(),
                timestamp: common.time,
            },
        }
    }

    fn validator(&self, (address, key): Signer) -> Validator {
        Validator {
            address,
            pub_key: PublicKey::from_raw_ed25519(key.as_bytes()),
            voting_power: self.validators.power_of(address),
            proposer_priority: 0,
        }
    }
}

fn check_election(file: &Read, card: &TrustCard) -> Result<(), EvidenceError> {
    if file.version != VERSION {
        return Err(EvidenceError::Version(file.version));
    }
    if file.genesis_hash != card.genesis {
        return Err(EvidenceError::OtherGenesis);
    }
    let (evidence, card) = (file.contract_id, card.contract_id());
    if evidence != card {
        return Err(EvidenceError::OtherElection { evidence, card });
    }
    Ok(())
}

/// The headers of the file: the first of each side, and then the second of each, if there are any.
fn sides(attacks: Vec<ReadAttack>) -> Result<[Side; 2], EvidenceError> {
    let count = attacks.len();
    let mut headers = attacks.into_iter().map(|it| it.value.block.signed_header);
    let (one, other) = (headers.next(), headers.next());
    let seconds = (headers.next(), headers.next());
    match (one, other, count) {
        (Some(one), Some(other), 2 | 4) => Ok(
            [(one, seconds.0), (other, seconds.1)].map(|(first, second)| Side { first, second })
        ),
        _ => Err(EvidenceError::Count(count)),
    }
}

/// Both are signed by the card's validators, and they are different headers of one height.
fn check_conflict(
    chain_id: &tendermint::chain::Id,
    validators: &ValidatorSet,
    one: &SignedHeader,
    other: &SignedHeader,
) -> Result<(), EvidenceError> {
    let height = |signed: &SignedHeader| signed.header.height.value();
    match Conflict::between(chain_id, validators, one, other) {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(EvidenceError::NoConflict {
            one: height(one),
            other: height(other),
        }),
        Err(error) => Err(EvidenceError::Commit {
            height: height(one),
            error,
        }),
    }
}
