//! The trust card of a network. Its headers exist only once there are blocks: they are fetched from a node, and believed because the
//! network's validators signed them.

use super::description::Description;
use crate::client::{Client, ClientError};
use crate::ledger::seconds;
use tendermint::chain;
use verifier_core::rpc::{BlockAnswer, BlockResults, Blockchain, CommitAnswer, StateQuery};
use verifier_core::{
    Action, Anchor, CardValidator, CommitError, HEADERS_PER_REQUEST, Height, NodeAddress, Outcome,
    Request, Transaction, TrustCard, TrustCardError, check_commit, data_hash, header_hash,
    state_key,
};

/// The first header is the trusted one.
const TRUSTED: Height = 1;

/// Why there is no trust card.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Tendermint(#[from] tendermint::Error),
    #[error(transparent)]
    Validators(#[from] TrustCardError),
    #[error("the header at height {height} is not the network's: {source}")]
    Commit { height: Height, source: CommitError },
    #[error("the node answers height {actual} when asked for {expected}")]
    OtherHeight { expected: Height, actual: Height },
    #[error("block {height} holds other transactions than its header says")]
    OtherTransactions { height: Height },
    #[error(
        "{shares} trustees have opened the sums, but {threshold} are needed: there is no final header yet"
    )]
    NoResult { shares: u16, threshold: u16 },
    #[error("the ledger holds no share")]
    NoShare,
}

/// The trust card as it can be printed once block 1 is there. It names no final header.
///
/// # Errors
/// If the node does not answer, or not with a header that the network's validators signed.
pub fn trust_card(description: &Description, node: &Client) -> Result<TrustCard, CardError> {
    let municipalities = &description.contract.municipalities;
    let mut card = TrustCard {
        chain_id: description.chain_id.clone(),
        genesis: description.genesis,
        trusted: Anchor {
            height: TRUSTED,
            hash: verifier_core::HeaderHash([0; 32]),
            time: 0,
        },
        trusting_period: description.trusting_period,
        final_header: None,
        validators: municipalities
            .iter()
            .zip(&description.nodes)
            .map(|(municipality, node)| CardValidator {
                name_ko: municipality.name.ko.clone(),
                name_en: municipality.name.en.clone(),
                key: node.validator,
                power: node.power,
            })
            .collect(),
        contract: description.contract.clone(),
        registrars: Vec::new(),
        nodes: (0..)
            .zip(&description.nodes)
            .map(|(municipality, node)| NodeAddress {
                municipality,
                url: node.url.clone(),
            })
            .collect(),
    };
    card.trusted = anchor(&card, node, TRUSTED)?;
    Ok(card)
}

/// The same card with the final header, the first after the last share.
///
/// # Errors
/// If there is no result yet, or the node's answers are not the network's.
pub fn with_final_header(card: TrustCard, node: &Client) -> Result<TrustCard, CardError> {
    let shares = shares(&card, node)?;
    let threshold = card.contract.threshold;
    if shares < threshold {
        return Err(CardError::NoResult { shares, threshold });
    }
    let height = last_share(node)? + 1;
    let final_header = Some(anchor(&card, node, height)?);
    Ok(TrustCard {
        final_header,
        ..card
    })
}

/// How many trustees have opened the sums, as the node says.
fn shares(card: &TrustCard, node: &Client) -> Result<u16, CardError> {
    let height = node.status()?.latest_height.saturating_sub(1);
    let mut shares = 0;
    for (trustee, _) in (0..).zip(&card.contract.municipalities) {
        let key = state_key::share(trustee);
        let answer: StateQuery = node.ask(&Request::State { key, height })?;
        shares += u16::from(!answer.value.is_empty());
    }
    Ok(shares)
}

/// A header that more than two thirds of the validators signed.
fn anchor(card: &TrustCard, node: &Client, height: Height) -> Result<Anchor, CardError> {
    let answer: CommitAnswer = node.ask(&Request::Commit(height))?;
    let header = &answer.signed_header.header;
    if header.height.value() != height {
        return Err(CardError::OtherHeight {
            expected: height,
            actual: header.height.value(),
        });
    }
    let chain_id = chain::Id::try_from(card.chain_id.clone())?;
    check_commit(&chain_id, &card.validator_set()?, &answer.signed_header)
        .map_err(|source| CardError::Commit { height, source })?;
    Ok(Anchor {
        height,
        hash: header_hash(header),
        time: seconds(header.time),
    })
}

/// The height of the last block in which a share took effect, found from the end.
fn last_share(node: &Client) -> Result<Height, CardError> {
    let mut to = node.status()?.latest_height.saturating_sub(1);
    while to > 0 {
        let from = to.saturating_sub(HEADERS_PER_REQUEST - 1).max(1);
        let headers: Blockchain = node.ask(&Request::Headers { from, to })?;
        for meta in headers.block_metas.iter().filter(|meta| meta.num_txs > 0) {
            let height = meta.header.height.value();
            if holds_share(node, height)? {
                return Ok(height);
            }
        }
        to = from - 1;
    }
    Err(CardError::NoShare)
}

fn holds_share(node: &Client, height: Height) -> Result<bool, CardError> {
    let block: BlockAnswer = node.ask(&Request::Block(height))?;
    let transactions = &block.block.data;
    let expected = block.block.header.data_hash;
    if expected != Some(tendermint::Hash::Sha256(data_hash(transactions).0)) {
        return Err(CardError::OtherTransactions { height });
    }
    let results: BlockResults = node.ask(&Request::BlockResults(height))?;
    let mut done = transactions.iter().zip(&results.results);
    Ok(done.any(|(bytes, result)| {
        result.code == Outcome::Ok.code()
            && Transaction::decode(bytes)
                .is_ok_and(|transaction| matches!(transaction.body.action, Action::Share(_)))
    }))
}
