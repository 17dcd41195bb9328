//! Plays CometBFT towards the application: the same requests, without a process.

use crate::support;
use node::abci::{AbciError, Service, read_genesis};
use node::devnet::Devnet;
use node::metrics::Metrics;
use node::promise::Promiser;
use node::snapshot::Snapshots;
use node::storage::Store;
use prost::Message;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use tendermint_proto::google::protobuf::Timestamp;
use tendermint_proto::v0_38::abci::{
    Request, RequestCheckTx, RequestCommit, RequestFinalizeBlock, RequestInfo, RequestInitChain,
    RequestPrepareProposal, RequestProcessProposal, RequestQuery, Response, ResponseFinalizeBlock,
    ResponseInfo, ResponseQuery, ValidatorUpdate, request::Value as Asked,
    response::Value as Answer, response_process_proposal::ProposalStatus,
};
use tendermint_proto::v0_38::crypto::{PublicKey, public_key::Sum};
use verifier_core::Outcome;

/// A home with the devnet's genesis in it, and a service on its database.
pub struct Node {
    pub home: tempfile::TempDir,
    pub service: Arc<Service>,
    pub store: Arc<Store>,
}

impl Node {
    /// A new node of the devnet's ledger, whose chain has begun.
    pub fn of(devnet: &Devnet) -> Self {
        let node = Self::in_home(home(devnet));
        node.begin(devnet);
        node
    }

    pub fn in_home(home: tempfile::TempDir) -> Self {
        let (service, store) = open(home.path());
        Self {
            home,
            service,
            store,
        }
    }

    /// The process ends, and another one starts.
    pub fn restarted(self) -> Self {
        let Self {
            home,
            service,
            store,
        } = self;
        drop((service, store));
        Self::in_home(home)
    }

    pub fn ask(&self, asked: Asked) -> Result<Answer, AbciError> {
        let request = Request { value: Some(asked) };
        let mut answers = self.service.answer_all(vec![request])?;
        assert_eq!(answers.len(), 1);
        Ok(answers.remove(0).value.unwrap())
    }

    pub fn info(&self) -> ResponseInfo {
        match self.ask(Asked::Info(RequestInfo::default())) {
            Ok(Answer::Info(info)) => info,
            other => panic!("{other:?}"),
        }
    }

    pub fn begin(&self, devnet: &Devnet) -> Vec<u8> {
        match self.ask(Asked::InitChain(init_chain(devnet))) {
            Ok(Answer::InitChain(init)) => init.app_hash.to_vec(),
            other => panic!("{other:?}"),
        }
    }

    pub fn finalize(&self, height: u64, time: u64, txs: &[Vec<u8>]) -> ResponseFinalizeBlock {
        let block = RequestFinalizeBlock {
            txs: txs.iter().map(|tx| tx.clone().into()).collect(),
            height: height.try_into().unwrap(),
            time: timestamp(time),
            ..RequestFinalizeBlock::default()
        };
        match self.ask(Asked::FinalizeBlock(block)) {
            Ok(Answer::FinalizeBlock(block)) => block,
            other => panic!("{other:?}"),
        }
    }

    pub fn commit(&self) {
        let answer = self.ask(Asked::Commit(RequestCommit {}));
        assert!(matches!(answer, Ok(Answer::Commit(_))), "{answer:?}");
    }

    /// Runs the devnet's blocks from the node's next up to `last`.
    pub fn follow(&self, devnet: &Devnet, last: u64) {
        for height in self.service.committed().height + 1..=last {
            let (time, txs) = block(devnet, height);
            self.finalize(height, time, &txs);
            self.commit();
        }
    }

    /// Checks transactions that arrive together.
    pub fn check(&self, txs: &[Vec<u8>]) -> Vec<Outcome> {
        let asked = txs.iter().map(|tx| Request {
            value: Some(Asked::CheckTx(RequestCheckTx {
                tx: tx.clone().into(),
                r#type: 0,
            })),
        });
        let answers = self.service.answer_all(asked.collect()).unwrap();
        let outcome = |answer: Response| match answer.value {
            Some(Answer::CheckTx(check)) => Outcome::from_code(check.code).unwrap(),
            other => panic!("{other:?}"),
        };
        answers.into_iter().map(outcome).collect()
    }

    pub fn prepare(&self, time: u64, txs: &[Vec<u8>], limit: i64) -> Vec<Vec<u8>> {
        let prepare = RequestPrepareProposal {
            max_tx_bytes: limit,
            txs: txs.iter().map(|tx| tx.clone().into()).collect(),
            height: (self.service.committed().height + 1).try_into().unwrap(),
            time: timestamp(time),
            ..RequestPrepareProposal::default()
        };
        match self.ask(Asked::PrepareProposal(prepare)) {
            Ok(Answer::PrepareProposal(block)) => {
                block.txs.into_iter().map(|tx| tx.to_vec()).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    /// Whether the node votes for a block.
    pub fn votes_for(&self, time: u64, txs: &[Vec<u8>]) -> bool {
        let process = RequestProcessProposal {
            txs: txs.iter().map(|tx| tx.clone().into()).collect(),
            height: (self.service.committed().height + 1).try_into().unwrap(),
            time: timestamp(time),
            ..RequestProcessProposal::default()
        };
        match self.ask(Asked::ProcessProposal(process)) {
            Ok(Answer::ProcessProposal(answer)) => answer.status() == ProposalStatus::Accept,
            other => panic!("{other:?}"),
        }
    }

    pub fn query(&self, path: &str, data: &[u8], height: u64) -> ResponseQuery {
        let query = RequestQuery {
            data: data.to_vec().into(),
            path: path.into(),
            height: height.try_into().unwrap(),
            prove: true,
        };
        match self.ask(Asked::Query(query)) {
            Ok(Answer::Query(answer)) => answer,
            other => panic!("{other:?}"),
        }
    }

    pub fn root(&self) -> [u8; 32] {
        self.service.committed().root
    }
}

/// A service whose machine's clock is never ahead of the last header.
pub fn open(home: &Path) -> (Arc<Service>, Arc<Store>) {
    open_at(home, || 0)
}

/// A service whose machine has this clock.
pub fn open_at(home: &Path, clock: fn() -> u64) -> (Arc<Service>, Arc<Store>) {
    open_promising(home, clock, None)
}

/// The same, with the key to promise with.
pub fn open_promising(
    home: &Path,
    clock: fn() -> u64,
    promiser: Option<Promiser>,
) -> (Arc<Service>, Arc<Store>) {
    let data = home.join("data");
    std::fs::create_dir_all(&data).unwrap();
    let store = Arc::new(Store::open(&data).unwrap());
    let genesis = read_genesis(&home.join("cometbft")).unwrap();
    let metrics = Arc::new(Metrics::new(data.join("ledger.redb")));
    let service = Service::open(
        Arc::clone(&store),
        genesis,
        home.join("trust-card.json"),
        promiser,
        snapshots(home),
        metrics,
        clock,
    );
    (Arc::new(service.unwrap()), store)
}

/// Where the node's snapshots lie. None is taken by itself.
pub fn snapshots(home: &Path) -> Snapshots {
    Snapshots::new(home.join("data/snapshots"), 0)
}

/// A home with the devnet's genesis.
pub fn home(devnet: &Devnet) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("cometbft/config");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("genesis.json"), devnet.genesis.to_string()).unwrap();
    home
}

/// What CometBFT tells of the devnet's genesis.
pub fn init_chain(devnet: &Devnet) -> RequestInitChain {
    let validators = devnet.validators.by_municipality().into_iter();
    RequestInitChain {
        time: timestamp(support::GENESIS),
        chain_id: devnet.chain_id.clone(),
        validators: validators
            .map(|validator| ValidatorUpdate {
                pub_key: Some(PublicKey {
                    sum: Some(Sum::Ed25519(validator.public_key().to_vec())),
                }),
                power: validator.power().try_into().unwrap(),
            })
            .collect(),
        app_state_bytes: json!(devnet.genesis["app_state"])
            .to_string()
            .into_bytes()
            .into(),
        initial_height: 1,
        ..RequestInitChain::default()
    }
}

/// Header time and transactions of the devnet's block.
pub fn block(devnet: &Devnet, height: u64) -> (u64, Vec<Vec<u8>>) {
    let record = devnet.store.block(height).unwrap();
    assert!(record.block.encoded_len() > 0);
    let txs = record.block.data.map_or(Vec::new(), |data| data.txs);
    (node::seconds(record.header.time), txs)
}

pub fn timestamp(seconds: u64) -> Option<Timestamp> {
    Some(Timestamp {
        seconds: seconds.try_into().unwrap(),
        nanos: 0,
    })
}
