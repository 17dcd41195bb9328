//! What CometBFT asks, answered from the replica.

use super::genesis::{GenesisError, check_told};
use super::joining::Joining;
use super::translate;
use crate::application::Admitted;
use crate::mempool::{Waiting, check_at_both_times, check_transactions};
use crate::metrics::Metrics;
use crate::promise::{self, PROMISE_PATH, Promiser};
use crate::query::{self, Handout, Question};
use crate::replica::{Committed, Finalized, Replica, ReplicaError};
use crate::snapshot::Snapshots;
use crate::storage::{StorageError, Store};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread;
use std::time::Instant;
use tendermint_proto::v0_38::abci::{
    CheckTxType, Misbehavior, Request, RequestApplySnapshotChunk, RequestCheckTx,
    RequestFinalizeBlock, RequestInitChain, RequestPrepareProposal, RequestProcessProposal,
    RequestQuery, Response, ResponseApplySnapshotChunk, ResponseCommit, ResponseEcho,
    ResponseException, ResponseFinalizeBlock, ResponseFlush, ResponseInfo, ResponseInitChain,
    ResponseListSnapshots, ResponseLoadSnapshotChunk, ResponsePrepareProposal,
    ResponseProcessProposal, ResponseQuery, request::Value as Asked, response::Value as Answer,
    response_process_proposal::ProposalStatus,
};
use verifier_core::{EncodingError, Genesis, GenesisState, Hash, Promise, Seconds};

/// The application's protocol: `version.app` of every header.
const APP_VERSION: u64 = 1;

/// What nobody may go on after. The process ends; CometBFT gets no answer.
#[derive(Debug, thiserror::Error)]
pub enum AbciError {
    #[error(transparent)]
    Replica(#[from] ReplicaError),
    #[error(transparent)]
    Genesis(#[from] GenesisError),
    #[error("the genesis state: {0}")]
    GenesisState(#[from] EncodingError),
    #[error("CometBFT commits a block that it has not finalised")]
    NothingFinalized,
}

/// The application as CometBFT sees it.
pub struct Service {
    genesis: Genesis,
    store: Arc<Store>,
    core: Mutex<Core>,
    committed: RwLock<Arc<Committed>>,
    waiting: Mutex<Waiting>,
    totals: RwLock<Option<Vec<u8>>>,
    trust_card: PathBuf,
    promiser: Option<Promiser>,
    snapshots: Snapshots,
    joining: Mutex<Joining>,
    clock: fn() -> Seconds,
    metrics: Arc<Metrics>,
    listeners: Mutex<Vec<Sender<Arc<Committed>>>>,
}

struct Core {
    replica: Replica,
    finalized: Option<Finalized>,
}

impl Service {
    /// Goes on from what the store holds. The trust card is read anew whenever it is asked for; `clock` tells this machine's time. Without a
    /// promiser ballots wait without a promise.
    pub fn open(
        store: Arc<Store>,
        genesis: Genesis,
        trust_card: PathBuf,
        promiser: Option<Promiser>,
        snapshots: Snapshots,
        metrics: Arc<Metrics>,
        clock: fn() -> Seconds,
    ) -> Result<Self, AbciError> {
        let state = GenesisState::decode(&genesis.app_state)?;
        let replica = Replica::open(Arc::clone(&store), genesis.hash(), state.clone())?;
        let committed = Arc::clone(replica.committed());
        metrics.restored(&committed);
        let hash = genesis.hash();
        let service = Self {
            genesis,
            store,
            core: Mutex::new(Core {
                replica,
                finalized: None,
            }),
            totals: RwLock::new(None),
            committed: RwLock::new(committed),
            waiting: Mutex::default(),
            trust_card,
            promiser,
            joining: Mutex::new(Joining::new(snapshots.incoming(), hash, state)),
            snapshots,
            clock,
            metrics,
            listeners: Mutex::default(),
        };
        service.find_totals(&service.committed());
        Ok(service)
    }

    /// The state after the last committed block.
    pub fn committed(&self) -> Arc<Committed> {
        let committed = self
            .committed
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&committed)
    }

    /// Tells of every state from now on, as it is committed.
    pub fn follow(&self) -> Receiver<Arc<Committed>> {
        let (sender, receiver) = channel();
        lock(&self.listeners).push(sender);
        receiver
    }

    /// Answers requests in their order; transactions that came together are checked together.
    pub fn answer_all(&self, asked: Vec<Request>) -> Result<Vec<Response>, AbciError> {
        let mut answers = Vec::with_capacity(asked.len());
        let mut transactions = Vec::new();
        for request in asked {
            match request.value {
                Some(Asked::CheckTx(check)) => transactions.push(check),
                other => {
                    self.check_transactions(&mut transactions, &mut answers);
                    answers.push(self.answer(other)?);
                }
            }
        }
        self.check_transactions(&mut transactions, &mut answers);
        let responses = answers.into_iter();
        Ok(responses
            .map(|answer| Response {
                value: Some(answer),
            })
            .collect())
    }

    fn answer(&self, asked: Option<Asked>) -> Result<Answer, AbciError> {
        Ok(match asked {
            Some(Asked::Echo(echo)) => Answer::Echo(ResponseEcho {
                message: echo.message,
            }),
            Some(Asked::Flush(_)) => Answer::Flush(ResponseFlush {}),
            Some(Asked::Info(_)) => Answer::Info(self.info()),
            Some(Asked::InitChain(init)) => Answer::InitChain(self.init_chain(&init)?),
            Some(Asked::Query(query)) => Answer::Query(self.query(&query)),
            Some(Asked::PrepareProposal(prepare)) => {
                Answer::PrepareProposal(self.prepare_proposal(&prepare))
            }
            Some(Asked::ProcessProposal(process)) => {
                Answer::ProcessProposal(self.process_proposal(&process))
            }
            Some(Asked::FinalizeBlock(block)) => Answer::FinalizeBlock(self.finalize(&block)?),
            Some(Asked::Commit(_)) => Answer::Commit(self.commit()?),
            Some(Asked::ListSnapshots(_)) => Answer::ListSnapshots(ResponseListSnapshots {
                snapshots: self.snapshots.list(),
            }),
            Some(Asked::LoadSnapshotChunk(load)) => {
                let chunk = self.snapshots.chunk(load.height, load.format, load.chunk);
                Answer::LoadSnapshotChunk(ResponseLoadSnapshotChunk {
                    chunk: chunk.unwrap_or_default().into(),
                })
            }
            Some(Asked::OfferSnapshot(offer)) => {
                let height = self.committed().height;
                Answer::OfferSnapshot(lock(&self.joining).offer(offer, height)?)
            }
            Some(Asked::ApplySnapshotChunk(apply)) => {
                Answer::ApplySnapshotChunk(self.apply_chunk(&apply)?)
            }
            Some(other) => refuse(&format!("{other:?}")),
            None => refuse("an empty request"),
        })
    }

    fn info(&self) -> ResponseInfo {
        let committed = self.committed();
        let known = committed.height > 0;
        ResponseInfo {
            data: "chamgwan".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            app_version: APP_VERSION,
            last_block_height: translate::signed_height(committed.height),
            last_block_app_hash: if known {
                committed.root.to_vec().into()
            } else {
                Vec::new().into()
            },
        }
    }

    fn init_chain(&self, init: &RequestInitChain) -> Result<ResponseInitChain, AbciError> {
        check_told(&self.genesis, init)?;
        Ok(ResponseInitChain {
            app_hash: self.committed().root.to_vec().into(),
            ..ResponseInitChain::default()
        })
    }

    fn query(&self, asked: &RequestQuery) -> ResponseQuery {
        if asked.path == PROMISE_PATH {
            return self.promise_again(&asked.data);
        }
        let question = Question {
            path: &asked.path,
            data: &asked.data,
            height: translate::height(asked.height),
            prove: asked.prove,
        };
        let answer = query::answer(&self.store, question, |handout| match handout {
            Handout::Totals => self
                .totals
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
            Handout::TrustCard => std::fs::read(&self.trust_card).ok(),
        });
        translate::query(&asked.data, answer)
    }

    /// The promise for a ballot that waits in this node's CometBFT, or what became of the ballot.
    fn promise_again(&self, bytes: &[u8]) -> ResponseQuery {
        let (committed, now) = (self.committed(), (self.clock)());
        let checked = check_at_both_times(&committed, now, &[bytes]);
        let waits = |ballot: Admitted| lock(&self.waiting).contains(ballot.asset, Hash::of(bytes));
        let again = promise::again(&committed.application, checked.first(), waits, |ballot| {
            self.promise(&committed, ballot)
        });
        translate::again(bytes, committed.height, again)
    }

    fn promise(&self, committed: &Committed, ballot: Admitted) -> Option<Promise> {
        let promiser = self.promiser.as_ref()?;
        promiser.promise(committed, (self.clock)(), ballot)
    }

    /// Checks the transactions that were gathered, and answers them.
    fn check_transactions(&self, gathered: &mut Vec<RequestCheckTx>, answers: &mut Vec<Answer>) {
        if gathered.is_empty() {
            return;
        }
        let requests = std::mem::take(gathered);
        let transactions: Vec<&[u8]> = requests.iter().map(|r| r.tx.as_ref()).collect();
        let (committed, now) = (self.committed(), (self.clock)());
        // What waited before was promised when it came.
        let is_new = |at: usize| {
            let request = requests.get(at);
            request.is_some_and(|request| request.r#type() == CheckTxType::New)
        };
        let promise = |at, ballot| is_new(at).then(|| self.promise(&committed, ballot))?;
        let all = check_transactions(&committed, now, &self.waiting, &transactions, promise);
        for checked in all {
            self.metrics.checked(checked.code);
            answers.push(Answer::CheckTx(translate::checked(checked)));
        }
    }

    fn prepare_proposal(&self, asked: &RequestPrepareProposal) -> ResponsePrepareProposal {
        let committed = self.committed();
        let txs = committed.application.choose(
            translate::height(asked.height),
            translate::seconds(asked.time),
            &asked.txs,
            usize::try_from(asked.max_tx_bytes).unwrap_or(0),
        );
        ResponsePrepareProposal { txs }
    }

    fn process_proposal(&self, asked: &RequestProcessProposal) -> ResponseProcessProposal {
        let committed = self.committed();
        let height = translate::height(asked.height);
        let time = translate::seconds(asked.time);
        let verdict = committed
            .application
            .check_proposal(height, time, &asked.txs);
        let status = match verdict {
            Ok(()) => ProposalStatus::Accept,
            Err(fault) => {
                let proposer = hex::encode_upper(&asked.proposer_address);
                eprintln!(
                    "The block that validator {proposer} proposes at height {height} gets no vote from here: {fault}."
                );
                self.metrics.proposal_refused();
                ProposalStatus::Reject
            }
        };
        ResponseProcessProposal {
            status: status.into(),
        }
    }

    fn finalize(&self, asked: &RequestFinalizeBlock) -> Result<ResponseFinalizeBlock, AbciError> {
        let mut core = lock(&self.core);
        let height = translate::height(asked.height);
        let started = Instant::now();
        let block = core
            .replica
            .finalize(height, translate::seconds(asked.time), &asked.txs)?;
        self.metrics.finalized(started.elapsed());
        for misbehavior in &asked.misbehavior {
            self.report(misbehavior);
        }
        let response = ResponseFinalizeBlock {
            tx_results: block
                .outcomes()
                .iter()
                .map(|outcome| translate::result(*outcome))
                .collect(),
            app_hash: block.root().to_vec().into(),
            ..ResponseFinalizeBlock::default()
        };
        core.finalized = Some(block);
        Ok(response)
    }

    fn commit(&self) -> Result<ResponseCommit, AbciError> {
        let mut core = lock(&self.core);
        let block = core.finalized.take().ok_or(AbciError::NothingFinalized)?;
        let outcomes = block.outcomes().to_vec();
        let started = Instant::now();
        core.replica.commit(block, None)?;
        let committed = Arc::clone(core.replica.committed());
        self.metrics
            .committed(&committed, &outcomes, started.elapsed());
        self.publish(&committed);
        self.take_snapshot(&committed).map_err(ReplicaError::from)?;
        Ok(ResponseCommit::default())
    }

    fn apply_chunk(
        &self,
        apply: &RequestApplySnapshotChunk,
    ) -> Result<ResponseApplySnapshotChunk, AbciError> {
        let (answer, taken) = lock(&self.joining).apply(apply, &self.store)?;
        if let Some(taken) = taken {
            let mut core = lock(&self.core);
            core.replica.adopt(taken)?;
            let committed = Arc::clone(core.replica.committed());
            self.metrics.restored(&committed);
            eprintln!("Took over the state after block {}.", committed.height);
            self.publish(&committed);
        }
        Ok(answer)
    }

    /// From now on this is the state.
    fn publish(&self, committed: &Arc<Committed>) {
        *self
            .committed
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::clone(committed);
        lock(&self.waiting).clear();
        self.find_totals(committed);
        lock(&self.listeners).retain(|listener| listener.send(Arc::clone(committed)).is_ok());
    }

    /// Takes a snapshot, beside everything else; a node without one still votes and counts.
    fn take_snapshot(&self, committed: &Arc<Committed>) -> Result<(), StorageError> {
        if !self.snapshots.is_due(committed.height) {
            return Ok(());
        }
        let (snapshots, committed) = (self.snapshots.clone(), Arc::clone(committed));
        let pinned = self.store.pin()?;
        thread::spawn(move || {
            if let Err(error) = snapshots.take(&committed, &pinned) {
                let height = committed.height;
                eprintln!("No snapshot is taken after block {height}: {error}.");
            }
        });
        Ok(())
    }

    /// Once the sums are open, finds the totals; once.
    fn find_totals(&self, committed: &Committed) {
        let mut totals = self.totals.write().unwrap_or_else(PoisonError::into_inner);
        if totals.is_none() {
            let found = committed.application.totals();
            *totals = found.and_then(|found| serde_json::to_vec(&found).ok());
        }
    }

    fn report(&self, misbehavior: &Misbehavior) {
        let validator = misbehavior.validator.as_ref();
        let address = validator.map(|v| hex::encode_upper(&v.address));
        eprintln!(
            "Validator {} has broken the protocol at height {} ({:?}); CometBFT's evidence is in the block.",
            address.unwrap_or_default(),
            misbehavior.height,
            misbehavior.r#type(),
        );
        self.metrics.misbehaved();
    }
}

fn refuse(what: &str) -> Answer {
    Answer::Exception(ResponseException {
        error: format!("this application does not answer {what}"),
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
