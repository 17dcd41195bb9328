//! A frozen election as an archive with bundles cut anywhere, and workers that judge its spans in any order.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

use super::frozen::ledger_blocks;
use verifier_core::{
    Answer, ArchiveIndex, ArchivedBlock, BundleEntry, BundleWriter, FrozenElection, Hash,
    LedgerBlock, RecountRun, Request, Seconds, SourceFault, Span, SpanAnswers, SpanFacts,
    SpanWorker, TrustCard, cast_hints, encode_hints,
};

/// After every frozen election.
pub const NOW: Seconds = 1_780_001_260;

pub struct Bundled {
    election: FrozenElection,
    blocks: Vec<LedgerBlock<'static>>,
    sizes: Vec<usize>,
    pub index: ArchiveIndex,
    pub bundles: Vec<Vec<u8>>,
    /// A bundle that is not there.
    pub missing: Option<usize>,
}

impl std::fmt::Debug for Bundled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "bundles of {:?} blocks", self.sizes)
    }
}

impl Bundled {
    /// The election's blocks in bundles of these sizes.
    pub fn new(election: &FrozenElection, sizes: &[usize]) -> Self {
        let blocks = ledger_blocks(election);
        assert_eq!(sizes.iter().sum::<usize>(), blocks.len());
        let mut index = ArchiveIndex::new(election.card.chain_id.clone(), election.card.genesis);
        let mut bundles = Vec::new();
        let mut rest = blocks.as_slice();
        for (number, size) in (0u32..).zip(sizes) {
            let (bundle, later) = rest.split_at(*size);
            let mut writer = BundleWriter::new(false);
            for block in bundle {
                let block = ArchivedBlock::new(&block.header, &block.transactions, &block.results);
                writer.push(&block).unwrap();
            }
            let (first, last) = writer.heights().unwrap();
            index.bundles.push(BundleEntry {
                number,
                first,
                last,
                ballots: writer.ballots(),
                bytes: 0,
                sha256: Hash([0; 32]),
                hints: None,
            });
            bundles.push(writer.close(&bundle.last().unwrap().next));
            rest = later;
        }
        let mut bundled = Self {
            election: election.clone(),
            sizes: sizes.to_vec(),
            blocks,
            index,
            bundles,
            missing: None,
        };
        bundled.rehash();
        bundled
    }

    /// Gives the index the sizes and hashes that the bundles have.
    pub fn rehash(&mut self) {
        for (entry, bundle) in self.index.bundles.iter_mut().zip(&self.bundles) {
            entry.bytes = u64::try_from(bundle.len()).unwrap();
            entry.sha256 = Hash::of(bundle);
        }
    }

    pub fn card(&self) -> &TrustCard {
        &self.election.card
    }

    pub fn answer(&self, request: &Request) -> Answer {
        match request {
            Request::ArchiveIndex => Ok(self.index.to_json().into_bytes()),
            Request::Bundle(number) => {
                let number = usize::try_from(*number).unwrap();
                let bundle = self
                    .bundles
                    .get(number)
                    .filter(|_| self.missing != Some(number));
                bundle.cloned().ok_or(SourceFault::HttpStatus(404))
            }
            other => self.election.answer(other),
        }
    }

    /// The hints of an archive with one bundle.
    pub fn hints(&self) -> Vec<u8> {
        let transactions = self.blocks.iter().flat_map(|block| &block.transactions);
        encode_hints(&transactions.filter_map(|bytes| cast_hints(bytes)).collect())
    }
}

/// Numbers that look random, the same every time.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `limit`; 0 if that is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// Sizes of bundles that hold so many blocks.
pub fn cut(mut blocks: usize, dice: &mut Dice) -> Vec<usize> {
    let mut sizes = Vec::new();
    while blocks > 0 {
        let size = 1 + dice.below(blocks.min(4));
        sizes.push(size);
        blocks -= size;
    }
    sizes
}

/// How far to drive a run.
#[derive(Clone, Copy)]
pub struct Drive {
    /// How many spans workers may judge.
    pub until: usize,
}

impl Drive {
    pub const WHOLE: Self = Self { until: usize::MAX };
    /// The same, but without what is to be read at the end.
    pub const ONCE: Self = Self {
        until: usize::MAX - 1,
    };
}

/// Drives a run: three workers take spans, and find what is in them in any order; some are gone before they answer.
pub fn drive(
    run: &mut RecountRun,
    source: impl Fn(&Request) -> Answer,
    dice: &mut Dice,
    how_far: Drive,
) {
    let mut judged = 0;
    let mut handed: Vec<Span> = Vec::new();
    let mut read_at_the_end = 0;
    loop {
        let needs = run.needs();
        if !needs.is_empty() {
            if judged > 0 && how_far.until == Drive::ONCE.until {
                return;
            }
            read_at_the_end += 1;
            assert!(read_at_the_end < 1000, "{needs:?}");
            for request in needs {
                run.supply(&request, source(&request));
            }
            continue;
        }
        if judged >= how_far.until {
            return;
        }
        while handed.len() < 3
            && let Some(span) = run.next_span()
        {
            handed.push(span);
        }
        if handed.is_empty() || run.fault().is_some() {
            return;
        }
        let span = handed.swap_remove(dice.below(handed.len()));
        if dice.below(5) == 0 {
            run.give_back(span.number);
            continue;
        }
        let worker = SpanWorker::new(&run.setup_for_workers().unwrap()).unwrap();
        let facts = judge(&worker, run, &span, &source, None);
        let facts = SpanFacts::decode(&facts.encode()).unwrap();
        run.take(span.number, Ok(facts));
        judged += 1;
    }
}

pub fn judge(
    worker: &SpanWorker,
    run: &RecountRun,
    span: &Span,
    source: impl Fn(&Request) -> Answer,
    hints: Option<&[u8]>,
) -> SpanFacts {
    let answers = SpanAnswers::read(span, span.requests.iter().map(source).collect());
    let open = worker.open(&answers);
    let admitted = run.admit(&open.questions());
    open.judge(&admitted, hints).unwrap()
}
