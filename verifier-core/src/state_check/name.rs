//! Whether a voting right was issued in somebody's name: every right of the municipality, in the blocks that issued them.
//!
//! The state holds a hash of each batch, numbered from 0, and proves that there is no further one. The commitments to roll entries stand in the
//! Issue transactions themselves. All blocks before opening are fetched and searched here; those that issued a batch must be exactly the
//! batches that the state holds, so that a list with a batch left out shows. Rights given by blind signature have their commitments in
//! RecordIssuances transactions; the state holds how many of those there are.

use super::{Blamed, Conclusion, StateAnswer};
use crate::finding::{Finding, SourceFault};
use crate::header_chain::{HeaderChain, Links};
use crate::ids::{ContractId, GenesisHash, Hash, Height, MunicipalityIndex, Seconds};
use crate::ledger::rpc::{BlockAnswer, BlockResults, decode_answer};
use crate::ledger::{TrustedHeader, data_hash, last_results_hash};
use crate::outcome::Outcome;
use crate::receipt_check::place;
use crate::report::CheckId;
use crate::request::{Answer, Request};
use crate::state_key::{self, RECORDED_BYTES, RecordedIssuances};
use crate::state_values::StateValues;
use crate::transaction::{Action, Issue, RecordIssuances, Transaction};
use crate::trust_card::TrustCard;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
pub(super) struct NameSearch {
    municipality: MunicipalityIndex,
    commitment: Hash,
    genesis: GenesisHash,
    contract: ContractId,
    opening: Seconds,
    pub missing: BTreeSet<Request>,
    values: StateValues,
    chain: HeaderChain,
    links: Option<Links>,
    /// The municipality's Issue and RecordIssuances transactions by block, each with its position, until the block's outcomes are there too.
    issues: BTreeMap<Height, Vec<(usize, Batch)>>,
    outcomes: BTreeMap<Height, Vec<u32>>,
}

/// One transaction that gave rights, as far as it matters here.
#[derive(Clone, Debug)]
struct Batch {
    kind: Kind,
    number: u16,
    rights: u32,
    holds_commitment: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Issue, with what the state should hold of it.
    Issue(Hash),
    RecordIssuances,
}

impl NameSearch {
    pub fn new(
        anchor: TrustedHeader,
        card: &TrustCard,
        municipality: MunicipalityIndex,
        commitment: Hash,
    ) -> Self {
        let chain = HeaderChain::below(anchor.clone());
        let values = StateValues::under(anchor);
        let mut missing: BTreeSet<Request> = chain.requests(1).into_iter().collect();
        missing.insert(values.request(state_key::issue(municipality, 0)));
        if !card.contract.claim_keys.is_empty() {
            missing.insert(values.request(state_key::recorded(municipality)));
        }
        Self {
            municipality,
            commitment,
            genesis: card.genesis,
            contract: card.contract_id(),
            opening: card.contract.opening,
            missing,
            values,
            chain,
            links: None,
            issues: BTreeMap::new(),
            outcomes: BTreeMap::new(),
        }
    }

    pub fn supply(&mut self, request: &Request, answer: Answer) -> Result<(), Blamed> {
        let id = match request {
            Request::Headers { .. } => CheckId::StateHeader,
            Request::State { .. } => CheckId::StateValues,
            _ => CheckId::StateLists,
        };
        self.take(request, answer).map_err(|fault| (id, fault))?;
        self.missing.remove(request);
        if self.missing.is_empty() && self.links.is_none() {
            let links = self.chain.link();
            self.begin_blocks(links.map_err(|fault| (CheckId::StateHeader, fault))?);
        }
        Ok(())
    }

    fn take(&mut self, request: &Request, answer: Answer) -> Result<(), SourceFault> {
        let bytes = answer?;
        match request {
            Request::Headers { from, to } => self.chain.take(*from, *to, &bytes),
            Request::State { key, .. } => self.take_batch_key(key, &bytes),
            Request::Block(height) => self.take_block(*height, &bytes),
            Request::BlockResults(height) => self.take_outcomes(*height, &bytes),
            _ => Ok(()),
        }
    }

    /// After a batch that is there, the next is asked for.
    fn take_batch_key(&mut self, key: &str, bytes: &[u8]) -> Result<(), SourceFault> {
        self.values.take(key, bytes)?;
        let next = (0..=u16::MAX)
            .map(|batch| state_key::issue(self.municipality, batch))
            .find(|key| self.values.value(key).is_none());
        let unasked = next.filter(|key| self.values.known(key).is_none());
        self.missing
            .extend(unasked.map(|key| self.values.request(key)));
        Ok(())
    }

    /// Blocks before opening that hold anything, by the word of their headers.
    fn begin_blocks(&mut self, links: Links) {
        let nothing = data_hash::<Vec<u8>>(&[]);
        let anchor = self.values.anchor().height();
        let holds_something = |header: &TrustedHeader| {
            let hash = header.header().data_hash;
            hash.as_ref().map(|hash| hash.as_bytes()) != Some(nothing.as_bytes().as_slice())
        };
        let heights = links.headers.iter().filter(|(height, header)| {
            **height < anchor && place(header).2 < self.opening && holds_something(header)
        });
        for (height, _) in heights {
            self.missing.insert(Request::Block(*height));
            self.missing.insert(Request::BlockResults(*height));
        }
        self.links = Some(links);
    }

    fn header(&self, height: Height) -> Option<&tendermint::block::Header> {
        let links = self.links.as_ref()?;
        links.headers.get(&height).map(TrustedHeader::header)
    }

    fn take_block(&mut self, height: Height, bytes: &[u8]) -> Result<(), SourceFault> {
        let answer: BlockAnswer = decode_answer(bytes)?;
        let transactions = answer.block.data;
        let named = self.header(height).and_then(|header| header.data_hash);
        let actual = data_hash(&transactions);
        if named.as_ref().map(|hash| hash.as_bytes()) != Some(actual.as_bytes().as_slice()) {
            return Err(SourceFault::BlockDiffers { height });
        }
        let batches = transactions.iter().enumerate();
        let batches = batches.filter_map(|(at, bytes)| Some((at, self.batch_of(bytes)?)));
        let batches = batches.collect();
        self.issues.insert(height, batches);
        Ok(())
    }

    fn batch_of(&self, bytes: &[u8]) -> Option<Batch> {
        let body = Transaction::decode(bytes).ok()?.body;
        let ours = body.genesis == self.genesis && body.contract == self.contract;
        match body.action {
            Action::Issue(issue) if ours && issue.municipality == self.municipality => {
                Some(Batch::of_issue(&issue, &self.commitment))
            }
            Action::RecordIssuances(record) if ours && record.municipality == self.municipality => {
                Some(Batch::of_record(&record, &self.commitment))
            }
            _ => None,
        }
    }

    fn take_outcomes(&mut self, height: Height, bytes: &[u8]) -> Result<(), SourceFault> {
        let answer: BlockResults = decode_answer(bytes)?;
        let header = self.header(height.saturating_add(1));
        let named = header.and_then(|header| header.last_results_hash);
        let actual = last_results_hash(&answer.results);
        if named.as_ref().map(|hash| hash.as_bytes()) != Some(actual.as_bytes().as_slice()) {
            return Err(SourceFault::OutcomesDiffer { height });
        }
        let codes = answer.results.iter().map(|result| result.code);
        self.outcomes.insert(height, codes.collect());
        Ok(())
    }

    pub fn conclude(&self) -> Result<Conclusion, Blamed> {
        let issued: Vec<(Height, &Batch)> = self.issued().collect();
        let rights = issued
            .iter()
            .fold(0u32, |sum, (_, batch)| sum.saturating_add(batch.rights));
        let found = issued.iter().find(|(_, batch)| batch.holds_commitment);
        let answer = match found {
            Some((height, batch)) => batch.answer(*height),
            None => StateAnswer::NameNotOnList { rights },
        };
        Ok(Conclusion {
            values: self.values.count(),
            entries: rights.into(),
            findings: self.contradictions(&issued)?,
            answer,
        })
    }

    /// The batches that took effect, in the ledger's order.
    fn issued(&self) -> impl Iterator<Item = (Height, &Batch)> {
        self.issues.iter().flat_map(|(height, batches)| {
            let codes = self.outcomes.get(height);
            let took_effect =
                move |at: usize| codes.and_then(|codes| codes.get(at)) == Some(&Outcome::Ok.code());
            batches
                .iter()
                .filter(move |(at, _)| took_effect(*at))
                .map(|(_, batch)| (*height, batch))
        })
    }

    /// The batches on the ledger are those in the state: as many, with the same numbers, of the same addresses; and so are the records.
    fn contradictions(&self, given: &[(Height, &Batch)]) -> Result<Vec<Finding>, Blamed> {
        let mut issued = Vec::new();
        let mut records = Vec::new();
        for (_, batch) in given {
            match batch.kind {
                Kind::Issue(value) => issued.push((batch.number, value)),
                Kind::RecordIssuances => records.push(*batch),
            }
        }
        let issued = self.issued_differs(&issued);
        let recorded = self
            .records_differ(&records)
            .map_err(|fault| (CheckId::StateValues, fault))?;
        Ok(issued.into_iter().chain(recorded).collect())
    }

    fn issued_differs(&self, issued: &[(u16, Hash)]) -> Option<Finding> {
        let key = |batch: u16| state_key::issue(self.municipality, batch);
        let mut numbers = (0..=u16::MAX).zip(issued);
        if let Some((_, (number, _))) = numbers.find(|(at, (number, _))| at != number) {
            return Some(Finding::StateContradicts { key: key(*number) });
        }
        let in_state = (0..=u16::MAX)
            .map(key)
            .map_while(|key| Some((key.clone(), self.values.value(&key)?)));
        let mut on_ledger = issued.iter().map(|(_, value)| value);
        for (key, value) in in_state {
            if on_ledger.next().map(|v| v.as_bytes().as_slice()) != Some(value) {
                return Some(Finding::StateContradicts { key });
            }
        }
        let beyond = on_ledger.next().and(issued.last());
        beyond.map(|(number, _)| Finding::StateContradicts { key: key(*number) })
    }

    fn records_differ(&self, records: &[&Batch]) -> Result<Option<Finding>, SourceFault> {
        let key = state_key::recorded(self.municipality);
        let in_state: Option<RecordedIssuances> = self.values.open(&key, RECORDED_BYTES)?;
        let in_order = (0..=u16::MAX).zip(records);
        let in_order = in_order.filter(|(at, batch)| *at == batch.number).count();
        let people = records
            .iter()
            .fold(0u32, |sum, batch| sum.saturating_add(batch.rights));
        let on_ledger = RecordedIssuances {
            records: u16::try_from(records.len()).unwrap_or(u16::MAX),
            people,
        };
        let same = in_order == records.len() && in_state.unwrap_or_default() == on_ledger;
        Ok((!same).then_some(Finding::StateContradicts { key }))
    }
}

impl Batch {
    fn of_issue(issue: &Issue, commitment: &Hash) -> Self {
        Self {
            kind: Kind::Issue(state_key::issue_value(&issue.addresses)),
            number: issue.batch,
            rights: u32::try_from(issue.addresses.len()).unwrap_or(u32::MAX),
            holds_commitment: issue.roll_commitments.contains(commitment),
        }
    }

    fn of_record(record: &RecordIssuances, commitment: &Hash) -> Self {
        Self {
            kind: Kind::RecordIssuances,
            number: record.sequence,
            rights: u32::try_from(record.roll_commitments.len()).unwrap_or(u32::MAX),
            holds_commitment: record.roll_commitments.contains(commitment),
        }
    }

    fn answer(&self, height: Height) -> StateAnswer {
        match self.kind {
            Kind::Issue(_) => StateAnswer::NameOnList {
                batch: self.number,
                height,
            },
            Kind::RecordIssuances => StateAnswer::NameRecorded {
                record: self.number,
                height,
            },
        }
    }
}
