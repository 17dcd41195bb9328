//! Nodes that serve one history or another, and a trust card that lists them.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "../frozen/mod.rs"]
mod frozen;
#[path = "../ledger_chain/mod.rs"]
pub mod ledger_chain;

use ledger_chain::{Act, block_id, chain_id, header, public_key, sign_in_round};
use serde_json::json;
use tendermint::block::signed_header::SignedHeader;
use tendermint::block::{Header, Id, Round};
use verifier_core::{
    Agreement, Anchor, Answer, AttackEvidence, CardValidator, HeaderHash, NodeAddress, Request,
    SourceFault, Survey, TrustCard, header_hash,
};

/// Four municipalities with a validator each.
pub const FOUR: [u8; 4] = [1, 2, 3, 4];

/// A history: its blocks from height 1, each with its commit.
pub type History = Vec<SignedHeader>;

/// `n` blocks that everybody signed.
pub fn history(signers: &[u8], n: usize) -> History {
    grow(Vec::new(), signers, n, |_| {}, |_| Act::Signs)
}

/// The history up to and with `common`, and then other blocks up to height `n`, in which each validator acts as told.
pub fn forked(
    history: &History,
    common: usize,
    signers: &[u8],
    n: usize,
    change: impl Fn(&mut Header),
    act: impl Fn(u8) -> Act,
) -> History {
    grow(history[..common].to_vec(), signers, n, change, act)
}

fn grow(
    history: History,
    signers: &[u8],
    n: usize,
    change: impl Fn(&mut Header),
    act: impl Fn(u8) -> Act,
) -> History {
    grow_in_round(Round::default(), history, signers, n, change, act)
}

/// Further blocks up to height `n`, each decided in this round.
pub fn grow_in_round(
    round: Round,
    mut history: History,
    signers: &[u8],
    n: usize,
    change: impl Fn(&mut Header),
    act: impl Fn(u8) -> Act,
) -> History {
    for height in history.len() + 1..=n {
        let parent: Option<Id> = history.last().map(|last| block_id(&last.header));
        let mut header = header(u32::try_from(height).unwrap(), signers, signers, parent);
        change(&mut header);
        history.push(sign_in_round(round, header, signers, &act));
    }
    history
}

/// What a fork changes so that its headers are others.
pub fn other_data(header: &mut Header) {
    header.data_hash = Some(ledger_chain::hash(22));
}

/// What a fork changes that no honest validator would compute.
pub fn other_state(header: &mut Header) {
    header.app_hash = vec![44; 32].try_into().unwrap();
}

pub fn anchor(history: &History, height: usize) -> Anchor {
    let header = &history[height - 1].header;
    Anchor {
        height: header.height.value(),
        hash: header_hash(header),
        time: u64::try_from(header.time.unix_timestamp()).unwrap(),
    }
}

pub fn hash_at(history: &History, height: usize) -> HeaderHash {
    header_hash(&history[height - 1].header)
}

/// A card with these validators and this many nodes that trusts block 1.
pub fn card(history: &History, signers: &[u8], nodes: usize) -> TrustCard {
    let mut card = frozen::good().card;
    card.chain_id = chain_id().to_string();
    card.trusted = anchor(history, 1);
    card.final_header = None;
    card.validators = signers
        .iter()
        .map(|signer| CardValidator {
            name_ko: format!("{signer}번"),
            name_en: format!("Number {signer}"),
            key: public_key(*signer),
            power: 1,
        })
        .collect();
    card.nodes = (0..nodes)
        .map(|node| NodeAddress {
            municipality: 0,
            url: format!("https://{node}.example"),
        })
        .collect();
    card
}

/// A node: the history that it serves, and whether it lies.
#[derive(Clone)]
pub struct Node {
    pub history: History,
    pub earliest: usize,
    /// The height that it claims, if not the one that it has.
    pub claims: Option<u64>,
    pub silent: bool,
}

pub fn node(history: &[SignedHeader]) -> Node {
    Node {
        history: history.to_vec(),
        earliest: 1,
        claims: None,
        silent: false,
    }
}

pub fn silent() -> Node {
    Node {
        silent: true,
        ..node(&[])
    }
}

impl Node {
    pub fn answer(&self, request: &Request) -> Answer {
        match request {
            _ if self.silent => Err(SourceFault::Unreachable),
            Request::Status => Ok(self.status()),
            Request::Commit(height) => {
                let index = usize::try_from(*height).unwrap() - 1;
                let signed = self.history.get(index);
                let signed = signed.ok_or(SourceFault::HttpStatus(500))?;
                Ok(result(
                    json!({ "signed_header": signed, "canonical": true }),
                ))
            }
            other => panic!("a survey asks for {other:?}"),
        }
    }

    fn status(&self) -> Vec<u8> {
        let last = self.history.last().unwrap();
        let latest = self.claims.unwrap_or(last.header.height.value());
        result(json!({
            "node_info": { "network": last.header.chain_id, "moniker": "node" },
            "sync_info": {
                "earliest_block_height": self.earliest.to_string(),
                "latest_block_height": latest.to_string(),
                "latest_block_hash": header_hash(&last.header).to_string().to_uppercase(),
                "latest_block_time": last.header.time,
                "catching_up": false,
            },
        }))
    }
}

fn result(result: serde_json::Value) -> Vec<u8> {
    let answer = json!({ "jsonrpc": "2.0", "id": -1, "result": result });
    answer.to_string().into_bytes()
}

/// The present time of every survey here: a day after the ledger's beginning.
pub const NOW: u64 = 1_700_000_000 + 86_400;

/// Carries every request of a survey to its node. Gives the agreement and how many requests it took.
pub fn run(mut survey: Survey, nodes: &[Node]) -> (Agreement, usize) {
    let mut asked = 0;
    loop {
        let needs = survey.needs();
        if needs.is_empty() {
            return (survey.agreement(), asked);
        }
        for (node, request) in needs {
            survey.supply(node, &request, nodes[node].answer(&request));
            asked += 1;
        }
    }
}

pub fn survey(card: &TrustCard, nodes: &[Node]) -> Agreement {
    run(Survey::new(card, NOW, None).unwrap(), nodes).0
}

/// These sign, the others are absent.
fn signed_by(signers: &'static [u8]) -> impl Fn(u8) -> Act {
    |signer| {
        if signers.contains(&signer) {
            Act::Signs
        } else {
            Act::IsAbsent
        }
    }
}

/// What a survey makes of two nodes with these histories.
pub fn evidence(card: &TrustCard, one: &History, other: &History) -> AttackEvidence {
    let agreement = survey(card, &[node(one), node(other)]);
    *agreement.evidence.unwrap()
}

/// One shared block; then validators 1 and 2 sign with 3 on one side, and with 4 on the other, which changes its headers.
pub fn split(n: usize, round: u16, change: impl Fn(&mut Header)) -> (TrustCard, AttackEvidence) {
    let common = history(&FOUR, 1);
    let one = forked(&common, 1, &FOUR, n, |_| {}, signed_by(&[1, 2, 3]));
    let act = signed_by(&[1, 2, 4]);
    let other = grow_in_round(Round::from(round), common, &FOUR, n, change, act);
    let card = card(&one, &FOUR, 2);
    let evidence = evidence(&card, &one, &other);
    (card, evidence)
}
