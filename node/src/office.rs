//! A municipality's office at work: its home's keys, the trust card that it believes, and the node that it sends to.

use crate::client::{Client, ClientError, Taken};
use crate::clock::clock;
use crate::home::{Home, HomeError, KeyFile, KeyFileError, KeyUse};
use crate::ledger::seconds;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use verifier_core::prove::{SigningKey, public_key, sign_body};
use verifier_core::rpc::{BlockAnswer, BlockResults};
use verifier_core::{
    Action, Body, CheckOutcome, Height, Municipality, MunicipalityIndex, Outcome, PublicKey,
    Request, Seconds, SourceFault, StateAnswer, StateCheck, StateQuestion, TrackingCode,
    Transaction, TrustCard, TrustCardError,
};

/// How often the node is asked for what is waited for.
const GLANCE: Duration = Duration::from_millis(200);
/// How long a transaction may take to a block.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why an office could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    #[error(transparent)]
    Home(#[from] HomeError),
    #[error(transparent)]
    Key(#[from] KeyFileError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("{}: {error}", path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error("the trust card cannot be read: {0}")]
    Card(#[from] TrustCardError),
    #[error("neither the home nor the node has a trust card: name one with --trust-card")]
    NoCard,
    #[error("the trust card is that of {actual}, but the home says {expected}")]
    Chain { actual: String, expected: String },
    #[error("the contract names no municipality {0}")]
    Municipality(MunicipalityIndex),
    #[error("the home's {key_use} key is not the one that the contract names")]
    OtherKey { key_use: KeyUse },
    #[error("the node does not take {what}: {reason}")]
    Refused { what: String, reason: String },
    #[error("the ledger recorded {what} without effect: {outcome:?}")]
    NoEffect { what: String, outcome: Outcome },
    #[error("waited {seconds} s in vain for {what}")]
    Late { what: String, seconds: u64 },
    #[error("what the node shows of the ledger cannot be verified: {0}")]
    Unverified(String),
}

/// One municipality's office.
pub struct Office {
    pub municipality: MunicipalityIndex,
    pub card: TrustCard,
    pub node: Client,
    pub registrar: SigningKey,
}

/// A block, as far as an office looks at it.
pub struct RecordedBlock {
    /// Seconds of its header.
    pub time: Seconds,
    /// What could be decoded, with what became of it.
    pub transactions: Vec<(Transaction, Outcome)>,
}

impl Office {
    /// The office whose home this is. Without `rpc` it sends to the home's own node; without `card` it believes the home's trust card, or else
    /// the one that the node hands out.
    pub fn open(home: &Path, rpc: Option<&str>, card: Option<&Path>) -> Result<Self, OfficeError> {
        let home = Home::open(home)?;
        let node = Client::new(rpc.unwrap_or(&home.settings.rpc));
        let card = TrustCard::parse(read_card(&home, &node, card)?.as_bytes())?;
        if card.chain_id != home.settings.chain_id {
            return Err(OfficeError::Chain {
                actual: card.chain_id,
                expected: home.settings.chain_id,
            });
        }
        let registrar = read_key(&home.key(KeyUse::Registrar), KeyUse::Registrar)?;
        let office = Self {
            municipality: home.settings.municipality,
            card,
            node,
            registrar,
        };
        let named = office.named()?.registrar;
        office.check_key(&office.registrar, named, KeyUse::Registrar)?;
        Ok(office)
    }

    /// What the contract says of this municipality.
    pub fn named(&self) -> Result<&Municipality, OfficeError> {
        let municipalities = &self.card.contract.municipalities;
        municipalities
            .get(usize::from(self.municipality))
            .ok_or(OfficeError::Municipality(self.municipality))
    }

    /// The observer's key: from a key file, or from the home that holds it.
    pub fn observer(&self, path: &Path) -> Result<SigningKey, OfficeError> {
        let file = if path.is_dir() {
            Home::open(path)?.key(KeyUse::Observer)
        } else {
            path.to_path_buf()
        };
        let key = read_key(&file, KeyUse::Observer)?;
        self.check_key(&key, self.named()?.observer, KeyUse::Observer)?;
        Ok(key)
    }

    fn check_key(
        &self,
        key: &SigningKey,
        named: PublicKey,
        key_use: KeyUse,
    ) -> Result<(), OfficeError> {
        if public_key(key) == named {
            Ok(())
        } else {
            Err(OfficeError::OtherKey { key_use })
        }
    }

    /// A transaction of this election.
    pub fn signed(&self, action: Action, keys: &[&SigningKey]) -> Transaction {
        let body = Body::new(self.card.genesis, self.card.contract.id(), action);
        sign_body(body, keys)
    }

    /// Sends a transaction until the node keeps it for a block. `what` names it in an error.
    pub fn send(&self, transaction: &Transaction, what: &str) -> Result<(), OfficeError> {
        let bytes = transaction.encode();
        let end = Instant::now() + PATIENCE;
        loop {
            match self.node.broadcast(&bytes)? {
                Taken::Waiting { .. } | Taken::Known | Taken::Recorded => return Ok(()),
                Taken::Refused { code, log } => {
                    let reason = Outcome::from_code(code).map_or(log, sentence);
                    let what = what.to_owned();
                    return Err(OfficeError::Refused { what, reason });
                }
                Taken::Full if Instant::now() < end => std::thread::sleep(GLANCE),
                Taken::Full => return Err(late(what)),
            }
        }
    }

    /// Waits until the ledger holds a transaction that was sent when block `height` was the last one. Says at which height it took effect.
    pub fn wait(
        &self,
        code: TrackingCode,
        mut height: Height,
        what: &str,
    ) -> Result<Height, OfficeError> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if self.node.status()?.latest_height <= height {
                std::thread::sleep(GLANCE);
                continue;
            }
            let next = height.saturating_add(1);
            let block = self.block(next)?;
            let mut ours = block.transactions.iter();
            let ours = ours.find(|(transaction, _)| transaction.body.tracking_code() == code);
            match ours {
                Some((_, Outcome::Ok)) => return Ok(next),
                Some((_, outcome)) => {
                    let (what, outcome) = (what.to_owned(), *outcome);
                    return Err(OfficeError::NoEffect { what, outcome });
                }
                None => height = next,
            }
        }
        Err(late(what))
    }

    /// A block as the node shows it.
    pub fn block(&self, height: Height) -> Result<RecordedBlock, OfficeError> {
        let block: BlockAnswer = self.node.ask(&Request::Block(height))?;
        let results = self.results(height)?;
        let together = block.block.data.iter().zip(results.results);
        let decoded = together.filter_map(|(bytes, result)| {
            let transaction = Transaction::decode(bytes).ok()?;
            let outcome = Outcome::from_code(result.code).unwrap_or(Outcome::Malformed);
            Some((transaction, outcome))
        });
        Ok(RecordedBlock {
            time: seconds(block.block.header.time),
            transactions: decoded.collect(),
        })
    }

    /// A node answers its last block's results a moment after the block.
    fn results(&self, height: Height) -> Result<BlockResults, OfficeError> {
        let first = self.node.ask(&Request::BlockResults(height));
        first.or_else(|_| {
            std::thread::sleep(GLANCE * 5);
            Ok(self.node.ask(&Request::BlockResults(height))?)
        })
    }

    /// A question about the ledger's state, answered by proofs under a header that the trust card leads to.
    pub fn ask(&self, question: StateQuestion) -> Result<StateAnswer, OfficeError> {
        let mut check = StateCheck::new(self.card.clone(), question, clock());
        while let Some(request) = check.needs().into_iter().next() {
            let answer = self.node.fetch(&request);
            check.supply(&request, answer.map_err(|_| SourceFault::Unreachable));
        }
        let failed = check
            .checks()
            .iter()
            .find(|check| check.outcome != CheckOutcome::Passed);
        let why = || failed.map_or(String::new(), |check| format!("{:?}", check.outcome));
        check
            .answer()
            .cloned()
            .ok_or_else(|| OfficeError::Unverified(why()))
    }

    /// As [`Self::ask`], until the answer is the one that is waited for.
    pub fn wait_for(
        &self,
        question: &StateQuestion,
        expected: &StateAnswer,
        what: &str,
    ) -> Result<(), OfficeError> {
        let end = Instant::now() + PATIENCE;
        loop {
            match self.ask(question.clone()) {
                Ok(answer) if answer == *expected => return Ok(()),
                Err(error) if Instant::now() >= end => return Err(error),
                Ok(_) if Instant::now() >= end => return Err(late(what)),
                _ => std::thread::sleep(GLANCE),
            }
        }
    }
}

fn read_card(home: &Home, node: &Client, named: Option<&Path>) -> Result<String, OfficeError> {
    let own = home.trust_card();
    let path = match named {
        Some(path) => path,
        None if own.is_file() => &own,
        None => return node.trust_card()?.ok_or(OfficeError::NoCard),
    };
    std::fs::read_to_string(path).map_err(|error| OfficeError::Io {
        path: path.into(),
        error,
    })
}

fn read_key(path: &Path, key_use: KeyUse) -> Result<SigningKey, KeyFileError> {
    Ok(KeyFile::read(path, key_use)?.signing_key())
}

fn late(what: &str) -> OfficeError {
    OfficeError::Late {
        what: what.to_owned(),
        seconds: PATIENCE.as_secs(),
    }
}

/// Why a node refuses what an office sends.
fn sentence(outcome: Outcome) -> String {
    match outcome {
        Outcome::OutsideWindow => "this is not the time for it: rights are issued before opening, turnout is certified after it".into(),
        Outcome::NotDefined => "the election is not defined on the ledger yet".into(),
        Outcome::InvalidBatch => "somebody else issued rights for this municipality at the same time: try again".into(),
        Outcome::ExceedsRoll => "there would be more rights than people on the roll".into(),
        Outcome::ExceedsTurnout => "there would be more people checked in than on the roll".into(),
        Outcome::BrokenChain => "somebody else certified this station's turnout at the same time, or fewer people than before: look at the last certificate and try again".into(),
        other => format!("{other:?}"),
    }
}
