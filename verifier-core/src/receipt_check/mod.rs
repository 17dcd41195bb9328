//! The check of a receipt: from the voter's text to a report, without naming the ballot to anyone.
//!
//! A [`ReceiptCheck`] says what it needs next and takes the answers; whoever drives it fetches them. Its lookups are the same for
//! everybody with an asset of the same batch, down to the range of blocks, which holds at least a thousand ballots:
//!
//! 1. *Read*: form, election and promise of the receipt, with nothing but the trust card.
//! 2. *Anchor*: the final header that the trust card names, or else the latest header, by light client.
//! 3. *Chain*: all headers below the anchor, by `last_block_id`; and of the state at the anchor the key set and the batch.
//! 4. *Search*: a range of blocks with their outcomes, in which the ballot is looked for locally.

pub(crate) mod anchor;
mod chain;
mod search;

use crate::finding::{Doubt, Finding, SourceFault};
use crate::ids::{HeaderHash, Height, Seconds};
use crate::ledger::TrustedHeader;
use crate::receipt::Receipt;
use crate::report::{Check, CheckId, CheckOutcome, PROFILE, Report, Standing, Verdict};
use crate::request::{Answer, Request};
use crate::trust_card::TrustCard;
use anchor::Anchoring;
pub(crate) use anchor::{CLOCK_DRIFT, time};
use chain::{Chain, Chaining};
pub(crate) use search::Located;
use search::Search;

/// A receipt's check under way.
#[derive(Clone, Debug)]
pub struct ReceiptCheck {
    card: TrustCard,
    now: Seconds,
    receipt: Option<Receipt>,
    stage: Stage,
    checks: Vec<Check>,
    standing: Option<Standing>,
    evidence: Evidence,
    located: Option<Located>,
}

#[derive(Clone, Debug)]
enum Stage {
    Anchoring(Anchoring),
    Chaining(Box<Chaining>),
    Searching(Box<Search>),
    Done,
}

/// What an expert wants to see beside the checks. Filled as they run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Height, hash and time of the header that everything hangs from.
    pub anchor: Option<(Height, HeaderHash, Seconds)>,
    /// Positions, in the trust card's list, of the validators that signed the anchor.
    pub signers: Vec<usize>,
    /// The blocks that were downloaded and searched.
    pub searched: Option<(Height, Height)>,
    /// How many ballots they hold.
    pub ballots_searched: u64,
    /// Height, hash and time of the ballot's block.
    pub block: Option<(Height, HeaderHash, Seconds)>,
}

impl ReceiptCheck {
    /// Begins with what a person gave as a receipt. `now` bounds the trusting period and says whether a deadline has passed.
    pub fn new(card: TrustCard, text: &str, now: Seconds) -> Self {
        let mut check = Self {
            card,
            now,
            receipt: None,
            stage: Stage::Done,
            checks: CheckId::of_receipt().map(not_reached).collect(),
            standing: None,
            evidence: Evidence::default(),
            located: None,
        };
        match Receipt::parse(text) {
            Ok(receipt) => check.begin(receipt),
            Err(error) => check.doubt(CheckId::ReceiptForm, Doubt::Receipt(error)),
        }
        check
    }

    fn begin(&mut self, receipt: Receipt) {
        self.pass(CheckId::ReceiptForm, 1);
        let elsewhere = find_election(&self.card, &receipt);
        let promise = find_promise(&self.card, &receipt);
        self.receipt = Some(receipt);
        if let Some(finding) = elsewhere {
            return self.fail(CheckId::ReceiptElection, finding);
        }
        self.pass(CheckId::ReceiptElection, 3);
        if let Some(finding) = promise {
            return self.fail(CheckId::ReceiptPromise, finding);
        }
        self.pass(CheckId::ReceiptPromise, 1);
        self.stage = Stage::Anchoring(Anchoring::new(&self.card));
    }

    /// What is needed next; empty once the check is over. The answers may come in any order.
    pub fn needs(&self) -> Vec<Request> {
        match &self.stage {
            Stage::Anchoring(anchoring) => anchoring.needs(),
            Stage::Chaining(chaining) => chaining.needs(),
            Stage::Searching(search) => search.needs(),
            Stage::Done => Vec::new(),
        }
    }

    /// Takes the answer to one of [`ReceiptCheck::needs`]. Answers to anything else are ignored.
    pub fn supply(&mut self, request: &Request, answer: Answer) {
        if !self.needs().contains(request) {
            return;
        }
        match core::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Anchoring(anchoring) => self.anchor(anchoring, request, answer),
            Stage::Chaining(chaining) => self.chain(chaining, request, answer),
            Stage::Searching(search) => self.search(search, request, answer),
            Stage::Done => {}
        }
    }

    fn anchor(&mut self, mut anchoring: Anchoring, request: &Request, answer: Answer) {
        match anchoring.supply(&self.card, self.now, request, answer) {
            Ok(None) => self.stage = Stage::Anchoring(anchoring),
            Ok(Some((header, signers))) => {
                self.evidence.anchor = Some(place(&header));
                self.evidence.signers = signers;
                self.begin_chain(header);
            }
            Err(doubt) => self.doubt(CheckId::ReceiptHeader, doubt),
        }
    }

    fn begin_chain(&mut self, anchor: TrustedHeader) {
        let Some(receipt) = &self.receipt else {
            return;
        };
        if let Some(named) = receipt.height
            && named >= anchor.height()
        {
            let latest = anchor.height().saturating_sub(1);
            return self.doubt(
                CheckId::ReceiptHeader,
                Doubt::NotYetReached { named, latest },
            );
        }
        self.stage = Stage::Chaining(Box::new(Chaining::new(anchor, receipt.asset)));
    }

    fn chain(&mut self, mut chaining: Box<Chaining>, request: &Request, answer: Answer) {
        match chaining.supply(request, answer) {
            Ok(None) => self.stage = Stage::Chaining(chaining),
            Ok(Some(chain)) => self.begin_search(chain),
            Err((id, fault)) => self.doubt(id, Doubt::Source(fault)),
        }
    }

    fn begin_search(&mut self, chain: Chain) {
        self.pass(CheckId::ReceiptHeader, chain.headers());
        if let Some(receipt) = &self.receipt {
            let search = Search::new(&self.card.contract, receipt, chain);
            self.advance(Box::new(search));
        }
    }

    fn search(&mut self, mut search: Box<Search>, request: &Request, answer: Answer) {
        match search.supply(request, answer) {
            Ok(()) => self.advance(search),
            Err((id, fault)) => self.doubt(id, Doubt::Source(fault)),
        }
    }

    /// Goes on searching while blocks are missing; then concludes.
    fn advance(&mut self, search: Box<Search>) {
        self.evidence.searched = search.searched();
        self.evidence.ballots_searched = search.ballots();
        if search.needs().is_empty() {
            self.conclude(&search);
        } else {
            self.stage = Stage::Searching(search);
        }
    }

    fn conclude(&mut self, search: &Search) {
        let Some(receipt) = self.receipt.clone() else {
            return;
        };
        self.pass(CheckId::ReceiptBlocks, search.transactions());
        let Some(found) = search.found() else {
            return self.conclude_absent(&receipt, search);
        };
        self.evidence.block = search.place(found.height);
        if let Some(finding) = found.differs_from(&receipt) {
            return self.fail(CheckId::ReceiptBallot, finding);
        }
        self.pass(CheckId::ReceiptBallot, 1);
        self.standing = Some(self.standing_of(search, found));
        self.settle(CheckId::ReceiptProof, search.check_proof(&self.card, found));
        self.settle(CheckId::ReceiptAsset, search.check_asset(&receipt, found));
        self.settle(CheckId::ReceiptOutcome, found.check_outcome());
        self.located = search.locate(found);
    }

    fn standing_of(&self, search: &Search, found: &search::Found) -> Standing {
        let height = found.height;
        match (search.superseded(found), found.outcome()) {
            (Some((height, by)), _) => Standing::Superseded { height, by },
            (None, Some(outcome)) => Standing::Refused { height, outcome },
            (None, None) if self.card.final_header.is_some() => Standing::Counted { height },
            (None, None) => Standing::Recorded { height },
        }
    }

    /// No block holds the ballot: another one of the same asset may count, the deadline may have passed, or not yet.
    fn conclude_absent(&mut self, receipt: &Receipt, search: &Search) {
        if let Some((height, by)) = search.spent_by_another() {
            self.standing = Some(Standing::Superseded { height, by });
            let asset = receipt.asset;
            let finding = Finding::AssetSpentBy { asset, by, height };
            return self.fail(CheckId::ReceiptBallot, finding);
        }
        let deadline = receipt.promise.deadline;
        if search.covers(deadline) {
            self.standing = Some(Standing::Missing);
            self.fail(CheckId::ReceiptBallot, Finding::BallotMissing);
        } else {
            self.standing = Some(Standing::NotYet);
            self.doubt(CheckId::ReceiptBallot, Doubt::NotYetRecorded { deadline });
        }
    }

    /// The report so far; complete once [`ReceiptCheck::needs`] is empty.
    pub fn report(&self) -> Report {
        Report {
            profile: PROFILE,
            trust_card: self.card.fingerprint(),
            range: self.evidence.searched,
            final_header: self.card.final_header.map(|anchor| anchor.hash),
            checks: self.checks.clone(),
            standing: self.standing,
            refused: Vec::new(),
            participation: Vec::new(),
            totals: None,
            clock_jumps: Vec::new(),
            verdict: Report::judge(&self.checks),
        }
    }

    /// The receipt, if its text could be read.
    pub fn receipt(&self) -> Option<&Receipt> {
        self.receipt.as_ref()
    }

    /// What an expert wants to see beside the checks.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// The trust card.
    pub(crate) fn card(&self) -> &TrustCard {
        &self.card
    }

    /// The ballot with its places in the block, if every check passed.
    pub(crate) fn located(&self) -> Option<&Located> {
        match Report::judge(&self.checks) {
            Verdict::Accepted => self.located.as_ref(),
            Verdict::Rejected | Verdict::Inconclusive => None,
        }
    }

    fn pass(&mut self, id: CheckId, count: u64) {
        self.set(id, count, CheckOutcome::Passed);
    }

    fn fail(&mut self, id: CheckId, finding: Finding) {
        self.set(id, 1, CheckOutcome::Failed(vec![finding]));
    }

    fn doubt(&mut self, id: CheckId, doubt: Doubt) {
        self.set(id, 0, CheckOutcome::Unknown(doubt));
    }

    fn settle(&mut self, id: CheckId, finding: Option<Finding>) {
        match finding {
            None => self.pass(id, 1),
            Some(finding) => self.fail(id, finding),
        }
    }

    fn set(&mut self, id: CheckId, count: u64, outcome: CheckOutcome) {
        for check in self.checks.iter_mut().filter(|check| check.id == id) {
            check.count = count;
            check.outcome = outcome.clone();
        }
    }
}

fn not_reached(id: CheckId) -> Check {
    Check {
        id,
        count: 0,
        outcome: CheckOutcome::Unknown(Doubt::NotReached),
    }
}

/// Why the receipt is not of the trust card's election, if it is not.
fn find_election(card: &TrustCard, receipt: &Receipt) -> Option<Finding> {
    if receipt.chain_id != card.chain_id {
        Some(Finding::OtherChain {
            receipt: receipt.chain_id.clone(),
            card: card.chain_id.clone(),
        })
    } else if receipt.genesis != card.genesis {
        Some(Finding::OtherGenesis)
    } else if receipt.contract != card.contract_id() {
        Some(Finding::OtherContract)
    } else {
        None
    }
}

/// What is wrong with the promise, if anything is.
fn find_promise(card: &TrustCard, receipt: &Receipt) -> Option<Finding> {
    let (promise, contract) = (&receipt.promise, &card.contract);
    let ballot = receipt.promised_ballot();
    if promise.check_signature(contract, &ballot).is_err() {
        let municipality = promise.municipality;
        Some(Finding::PromiseNotSigned { municipality })
    } else if promise.deadline > contract.deadline() || promise.time > promise.deadline {
        Some(Finding::PromiseDeadline)
    } else {
        None
    }
}

pub(crate) fn place(header: &TrustedHeader) -> (Height, HeaderHash, Seconds) {
    let time = header.header().time.unix_timestamp();
    let time = u64::try_from(time).unwrap_or(0);
    (header.height(), header.hash(), time)
}

/// A source's fault in the part of the check that it concerns.
type Blamed = (CheckId, SourceFault);
