//! A small ledger with a real state tree: two municipalities, three batches of rights, a few ballots, and a node that answers about it.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

pub mod ask;

use crate::ledger_chain::{Act, block_id, chain_id, header, public_key, sign, time};
use data_encoding::BASE64;
use jmt::mock::MockTreeStore;
use jmt::{KeyHash, Sha256Jmt};
use prost_ics23::Message;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tendermint::Hash as TendermintHash;
use tendermint::block::Id;
use tendermint::block::signed_header::SignedHeader;
use verifier_core::state_key::{self, SpentEntry, SpoiledEntry};
use verifier_core::{
    Action, Anchor, Answer, AssetId, Ballot, Body, CLAIM_BATCHES, CardValidator, CertifyRoll,
    CertifyTurnout, ChoiceRule, Contract, GenesisHash, Hash, HeaderHash, Height, Issue,
    Municipality, Name, Outcome, Point, PublicKey, Request, Seconds, TrackingCode, Transaction,
    TrustCard, TxResult, data_hash, encode, header_hash, last_results_hash,
};

pub const SIGNERS: [u8; 4] = [1, 2, 3, 4];
pub const GENESIS: GenesisHash = GenesisHash([7; 32]);
/// The height whose header is the first at or after opening.
pub const OPENING: Height = 5;
/// The last height of which there is a header.
pub const LAST: Height = 10;
/// What municipality 0 signs its promises with; the others follow.
pub const PROMISERS: u8 = 40;

type State = BTreeMap<String, Vec<u8>>;

/// What a block holds: transactions with their codes, and what they write.
#[derive(Clone, Default)]
pub struct Block {
    pub transactions: Vec<(Vec<u8>, u32)>,
    pub writes: State,
}

pub struct Town {
    pub card: TrustCard,
    pub signed: Vec<SignedHeader>,
    pub blocks: Vec<Block>,
    /// By (municipality, batch).
    pub addresses: BTreeMap<(u16, u16), Vec<PublicKey>>,
    /// By (municipality, batch) and the height of the ballot's block.
    pub spent: BTreeMap<(u16, u16), Vec<SpentEntry>>,
    /// By (municipality, batch), as they stand at the end.
    pub spoiled: BTreeMap<(u16, u16), Vec<SpoiledEntry>>,
    store: MockTreeStore,
}

pub fn seconds(height: Height) -> Seconds {
    u64::try_from(time(height * 10).unix_timestamp()).unwrap()
}

/// A moment after the last block.
pub fn now() -> Seconds {
    seconds(LAST) + 1
}

fn name(text: &str) -> Name {
    Name {
        ko: text.into(),
        en: text.into(),
    }
}

pub fn contract() -> Contract {
    let municipality = |m: u8| Municipality {
        name: name(&format!("m{m}")),
        registrar: PublicKey([10 + m; 32]),
        trustee: PublicKey([20 + m; 32]),
        trustee_encryption: Point([30 + m; 32]),
        promise: public_key(PROMISERS + m),
        observer: PublicKey([50 + m; 32]),
    };
    Contract {
        version: 1,
        title: name("title"),
        candidates: vec![name("a"), name("b")],
        choice_rule: ChoiceRule::ExactlyOne,
        municipalities: (0..2).map(municipality).collect(),
        threshold: 2,
        opening: seconds(OPENING),
        closing: seconds(8),
        grace: 5,
        minimum_cell: 1,
        turnout_tolerance: 1,
        claim_keys: Vec::new(),
    }
}

pub fn address(asset: AssetId) -> PublicKey {
    PublicKey(Hash::of(&encode(&asset)).0)
}

pub fn asset(municipality: u16, batch: u16, index: u16) -> AssetId {
    AssetId {
        municipality,
        batch,
        index,
    }
}

/// The commitment of a person's entry.
pub fn commitment(person: &str) -> Hash {
    verifier_core::roll_commitment(&[9; 32], person)
}

fn transaction(action: Action) -> Vec<u8> {
    transaction_under(&contract(), action)
}

/// A transaction that nobody signed.
pub fn transaction_under(contract: &Contract, action: Action) -> Vec<u8> {
    let signatures = vec![[0; 64]; action.signature_count()];
    let body = Body::new(GENESIS, contract.id(), action);
    Transaction { body, signatures }.encode()
}

pub fn issue(municipality: u16, batch: u16, people: &[&str]) -> Vec<u8> {
    let mut roll_commitments: Vec<Hash> = people.iter().map(|p| commitment(p)).collect();
    roll_commitments.sort();
    transaction(Action::Issue(Issue {
        municipality,
        batch,
        addresses: addresses(municipality, batch, people.len()),
        roll_commitments,
    }))
}

fn addresses(municipality: u16, batch: u16, count: usize) -> Vec<PublicKey> {
    (0..)
        .take(count)
        .map(|index| address(asset(municipality, batch, index)))
        .collect()
}

pub fn cast(asset: AssetId) -> Vec<u8> {
    transaction(Action::Cast(Ballot {
        asset,
        address: address(asset),
        mark: *b"MARK",
        randomness: Point([1; 32]),
        transfers: Vec::new(),
        a: Vec::new(),
        b: Vec::new(),
        c: Vec::new(),
        z: Vec::new(),
    }))
}

pub fn code_of(bytes: &[u8]) -> TrackingCode {
    Transaction::decode(bytes).unwrap().body.tracking_code()
}

pub fn turnout(municipality: u16, station: u16, checked_in: u32) -> Vec<u8> {
    transaction(Action::CertifyTurnout(CertifyTurnout {
        municipality,
        station,
        sequence: 0,
        previous: TrackingCode([0; 32]),
        checked_in,
    }))
}

/// The blocks of an honest election: rights in block 3, ballots in 5 and 6, turnout in 6, nothing after.
pub fn honest_blocks() -> Vec<Block> {
    let mut blocks = vec![Block::default(); usize::try_from(LAST).unwrap()];
    let issues: [(u16, u16, &[&str]); 3] = [
        (0, 0, &["ana", "ben", "cho"]),
        (0, 1, &["dal"]),
        (1, 0, &["eun", "fan"]),
    ];
    blocks[1].writes = [
        (state_key::roll(0), encode(&5u32)),
        (state_key::roll(1), encode(&3u32)),
    ]
    .into();
    for (municipality, people) in [(0, 5), (1, 3)] {
        let roll = CertifyRoll {
            municipality,
            people,
        };
        let bytes = transaction(Action::CertifyRoll(roll));
        blocks[1].transactions.push((bytes, 0));
    }
    for (municipality, batch, people) in issues {
        let bytes = issue(municipality, batch, people);
        blocks[2].transactions.push((bytes, 0));
        let value = state_key::issue_value(&addresses(municipality, batch, people.len()));
        blocks[2]
            .writes
            .insert(state_key::issue(municipality, batch), encode(&value));
    }
    // A batch that the ledger refused issues nothing.
    let refused = issue(0, 1, &["gus"]);
    blocks[2]
        .transactions
        .push((refused, Outcome::InvalidBatch.code()));
    let mut spent: BTreeMap<(u16, u16), Vec<SpentEntry>> = BTreeMap::new();
    for (height, asset, outcome) in [
        (5u64, asset(0, 0, 2), Outcome::Ok),
        (6, asset(0, 0, 0), Outcome::Ok),
        (6, asset(0, 0, 0), Outcome::AssetSpent),
        (6, asset(1, 0, 1), Outcome::Ok),
    ] {
        let block = &mut blocks[usize::try_from(height - 1).unwrap()];
        let bytes = cast(asset);
        if outcome == Outcome::Ok {
            let entries = spent.entry((asset.municipality, asset.batch)).or_default();
            entries.push(SpentEntry {
                index: asset.index,
                height,
                code: code_of(&bytes),
            });
            entries.sort_by_key(|entry| entry.index);
            let key = state_key::spent(asset.municipality, asset.batch);
            block
                .writes
                .insert(key, encode(&state_key::spent_value(entries)));
        }
        block.transactions.push((bytes, outcome.code()));
    }
    let block = &mut blocks[5];
    for (municipality, station, checked_in) in [(0, 0, 2), (0, 1, 1), (1, 0, 2)] {
        let bytes = turnout(municipality, station, checked_in);
        block.transactions.push((bytes, 0));
        block.writes.insert(
            state_key::turnout(municipality, station),
            encode(&checked_in),
        );
    }
    blocks
}

impl Town {
    pub fn honest() -> Self {
        Self::new(honest_blocks())
    }

    /// A ledger of these blocks, signed by everybody.
    pub fn new(blocks: Vec<Block>) -> Self {
        Self::under(contract(), blocks)
    }

    /// The same, under another contract.
    pub fn under(contract: Contract, blocks: Vec<Block>) -> Self {
        let (store, roots) = tree(&blocks);
        let mut signed: Vec<SignedHeader> = Vec::new();
        let mut parent: Option<Id> = None;
        for (at, block) in blocks.iter().enumerate() {
            let mut next = header(u32::try_from(at + 1).unwrap(), &SIGNERS, &SIGNERS, parent);
            next.app_hash = roots[at].to_vec().try_into().unwrap();
            next.data_hash = Some(digest(data_hash(&bytes_of(block))));
            let before = at.checked_sub(1).map(|before| &blocks[before]);
            let results = before.map(results_of).unwrap_or_default();
            next.last_results_hash = Some(digest(last_results_hash(&results)));
            parent = Some(block_id(&next));
            signed.push(sign(next, &SIGNERS, |_| Act::Signs));
        }
        let card = card(&signed, contract);
        let (addresses, spent) = lists(&blocks);
        Self {
            card,
            signed,
            blocks,
            addresses,
            spent,
            spoiled: BTreeMap::new(),
            store,
        }
    }

    pub fn answer(&self, request: &Request) -> Answer {
        let result = match request {
            Request::Status => status(LAST),
            Request::Commit(height) => {
                json!({ "signed_header": self.signed_header(*height), "canonical": true })
            }
            Request::Headers { from, to } => self.headers(*from, *to),
            Request::Block(height) => self.block(*height),
            Request::BlockResults(height) => self.results(*height),
            Request::State { key, height } => self.state(key, *height),
            Request::Batch {
                municipality,
                batch,
            } => {
                let list = self.addresses.get(&(*municipality, *batch));
                value(&encode(&list.cloned().unwrap_or_default()))
            }
            Request::Spent {
                municipality,
                batch,
                height,
            } => {
                let list = self.spent.get(&(*municipality, *batch));
                let list = list.cloned().unwrap_or_default();
                let so_far = list.into_iter().filter(|entry| entry.height <= *height);
                value(&encode(&so_far.collect::<Vec<_>>()))
            }
            Request::Spoiled {
                municipality,
                batch,
                ..
            } => {
                let list = self.spoiled.get(&(*municipality, *batch));
                value(&encode(&list.cloned().unwrap_or_default()))
            }
            Request::Genesis
            | Request::Totals
            | Request::ArchiveIndex
            | Request::Bundle(_)
            | Request::Hints(_) => json!({}),
        };
        Ok(envelope(&result))
    }

    pub fn signed_header(&self, height: Height) -> Value {
        let signed = &self.signed[index(height)];
        let mut header = serde_json::to_value(&signed.header).unwrap();
        if signed.header.last_block_id.is_none() {
            header["last_block_id"] = json!({ "hash": "", "parts": { "total": 0, "hash": "" } });
        }
        json!({ "header": header, "commit": signed.commit })
    }

    fn headers(&self, from: Height, to: Height) -> Value {
        let metas = (from..=to).rev().map(|height| {
            json!({
                "block_id": self.signed[index(height)].commit.block_id,
                "block_size": "0",
                "header": self.signed_header(height)["header"],
                "num_txs": self.blocks[index(height)].transactions.len().to_string(),
            })
        });
        json!({ "last_height": LAST.to_string(), "block_metas": metas.collect::<Vec<_>>() })
    }

    fn block(&self, height: Height) -> Value {
        let transactions = bytes_of(&self.blocks[index(height)]);
        let transactions: Vec<String> = transactions.iter().map(|t| BASE64.encode(t)).collect();
        json!({
            "block_id": self.signed[index(height)].commit.block_id,
            "block": {
                "header": self.signed_header(height)["header"],
                "data": { "txs": transactions },
                "evidence": { "evidence": [] },
                "last_commit": null,
            },
        })
    }

    fn results(&self, height: Height) -> Value {
        let codes = self.blocks[index(height)].transactions.iter();
        let results: Vec<Value> = codes.map(|(_, code)| json!({ "code": code })).collect();
        json!({ "height": height.to_string(), "txs_results": results })
    }

    /// A key of the state after a block, with its proof.
    pub fn state(&self, key: &str, height: Height) -> Value {
        let tree = Sha256Jmt::new(&self.store);
        let (found, proof) = tree
            .get_with_ics23_proof(key.as_bytes().to_vec(), height)
            .unwrap();
        json!({ "response": {
            "code": 0,
            "height": height.to_string(),
            "key": BASE64.encode(key.as_bytes()),
            "value": found.map(|found| BASE64.encode(&found)),
            "proofOps": { "ops": [{
                "type": "ics23:jmt",
                "key": BASE64.encode(key.as_bytes()),
                "data": BASE64.encode(&proof.encode_to_vec()),
            }] },
        }})
    }
}

pub fn status(latest: Height) -> Value {
    json!({
        "node_info": { "network": chain_id().as_str() },
        "sync_info": {
            "earliest_block_height": "1",
            "latest_block_height": latest.to_string(),
            "latest_block_hash": "",
            "latest_block_time": "1970-01-01T00:00:00Z",
            "catching_up": false,
        },
    })
}

pub fn envelope(result: &Value) -> Vec<u8> {
    json!({ "jsonrpc": "2.0", "id": -1, "result": result })
        .to_string()
        .into_bytes()
}

fn value(bytes: &[u8]) -> Value {
    json!({ "response": { "code": 0, "height": "0", "value": BASE64.encode(bytes) } })
}

fn index(height: Height) -> usize {
    usize::try_from(height - 1).unwrap()
}

fn bytes_of(block: &Block) -> Vec<Vec<u8>> {
    let transactions = block.transactions.iter();
    transactions.map(|(bytes, _)| bytes.clone()).collect()
}

fn results_of(block: &Block) -> Vec<TxResult> {
    let codes = block.transactions.iter();
    codes
        .map(|(_, code)| TxResult {
            code: *code,
            ..TxResult::default()
        })
        .collect()
}

fn digest(hash: Hash) -> TendermintHash {
    TendermintHash::Sha256(hash.0)
}

fn card(signed: &[SignedHeader], contract: Contract) -> TrustCard {
    TrustCard {
        chain_id: chain_id().to_string(),
        genesis: GENESIS,
        trusted: anchor(&signed[0]),
        trusting_period: 3_600,
        final_header: None,
        validators: SIGNERS
            .iter()
            .map(|signer| CardValidator {
                name_ko: signer.to_string(),
                name_en: signer.to_string(),
                key: public_key(*signer),
                power: 1,
            })
            .collect(),
        contract,
        registrars: Vec::new(),
        nodes: Vec::new(),
    }
}

pub fn anchor(signed: &SignedHeader) -> Anchor {
    Anchor {
        height: signed.header.height.value(),
        hash: HeaderHash(header_hash(&signed.header).0),
        time: u64::try_from(signed.header.time.unix_timestamp()).unwrap(),
    }
}

/// The tree after each block, and its roots; the first root is that of the state before block 1.
fn tree(blocks: &[Block]) -> (MockTreeStore, Vec<[u8; 32]>) {
    let store = MockTreeStore::default();
    let genesis = State::from([("genesis".to_string(), encode(&GENESIS))]);
    let states = [&genesis]
        .into_iter()
        .chain(blocks.iter().map(|b| &b.writes));
    let roots = states.zip(0..).map(|(writes, version)| {
        let entries = writes.iter().map(|(key, value)| {
            let hash = KeyHash::with::<sha2::Sha256>(key.as_bytes());
            store.put_key_preimage(hash, &key.as_bytes().to_vec());
            (hash, Some(value.clone()))
        });
        let (root, batch) = Sha256Jmt::new(&store)
            .put_value_set(entries.collect::<Vec<_>>(), version)
            .unwrap();
        store.write_tree_update_batch(batch).unwrap();
        root.0
    });
    let roots = roots.collect();
    (store, roots)
}

type Lists = (
    BTreeMap<(u16, u16), Vec<PublicKey>>,
    BTreeMap<(u16, u16), Vec<SpentEntry>>,
);

/// The lists that the ledger's transactions make.
fn lists(blocks: &[Block]) -> Lists {
    let mut addresses = BTreeMap::new();
    let mut spent: BTreeMap<(u16, u16), Vec<SpentEntry>> = BTreeMap::new();
    for (block, height) in blocks.iter().zip(1..) {
        for (bytes, _) in block.transactions.iter().filter(|(_, code)| *code == 0) {
            match Transaction::decode(bytes).unwrap().body.action {
                Action::Issue(issue) => {
                    addresses.insert((issue.municipality, issue.batch), issue.addresses);
                }
                Action::Claim(claim) => {
                    let batch = (claim.municipality, CLAIM_BATCHES);
                    let claimed: &mut Vec<PublicKey> = addresses.entry(batch).or_default();
                    claimed.push(claim.address);
                }
                Action::Cast(ballot) => {
                    let AssetId {
                        municipality,
                        batch,
                        index,
                    } = ballot.asset;
                    let entries = spent.entry((municipality, batch)).or_default();
                    entries.push(SpentEntry {
                        index,
                        height,
                        code: code_of(bytes),
                    });
                    entries.sort_by_key(|entry| entry.index);
                }
                _ => {}
            }
        }
    }
    (addresses, spent)
}
