//! A ledger as a node tells it, held whole so that it can be told otherwise.

use crate::signers::Signers;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use tendermint::block::{Commit, Header};
use verifier_core::rpc::{
    BlockAnswer, BlockResults, CommitAnswer, StateQuery, Status, decode_answer,
};
use verifier_core::{Height, Request, TxResult, data_hash, last_commit_hash, last_results_hash};

/// One height: the block, its outcomes, and the commit that fixes it.
#[derive(Clone, Debug)]
pub struct Told {
    pub header: Header,
    pub transactions: Vec<Vec<u8>>,
    pub results: Vec<TxResult>,
    pub commit: Commit,
}

/// All heights, with what stands beside them.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// The result of `/genesis`.
    pub genesis: Value,
    /// The result of `/status`.
    pub status: Value,
    pub blocks: BTreeMap<Height, Told>,
    /// The claimed totals' JSON, if the node claims any.
    pub totals: Option<Vec<u8>>,
}

impl Ledger {
    /// Everything that the node at `url` tells.
    pub async fn fetch(url: &str) -> Result<Self> {
        let source = Source {
            client: reqwest::Client::new(),
            url,
        };
        let status = source.ask(&Request::Status).await?;
        let last = decode_answer::<Status>(&status)?.latest_height;
        let mut blocks = BTreeMap::new();
        for height in 1..=last {
            blocks.insert(height, source.height(height).await?);
        }
        let totals: StateQuery = decode_answer(&source.ask(&Request::Totals).await?)?;
        Ok(Self {
            genesis: result(&source.ask(&Request::Genesis).await?)?,
            status: result(&status)?,
            blocks,
            totals: (totals.code == 0).then_some(totals.value),
        })
    }

    /// The height of the last block.
    pub fn last(&self) -> Height {
        self.blocks
            .last_key_value()
            .map_or(0, |(height, _)| *height)
    }

    /// What is told of a height.
    pub fn at(&mut self, height: Height) -> Result<&mut Told> {
        self.blocks
            .get_mut(&height)
            .with_context(|| format!("no block {height}"))
    }

    /// Forgets everything above a height, as a node does that lags behind.
    pub fn end_at(&mut self, height: Height) {
        self.blocks.retain(|at, _| *at <= height);
    }

    /// Makes everything from a height on hang together again: roots, links, hashes, and the commits of these signers.
    pub fn hang_together(&mut self, from: Height, signers: &Signers) -> Result<()> {
        let mut before = self.blocks.get(&from.saturating_sub(1)).cloned();
        for told in self.blocks.range_mut(from..).map(|(_, told)| told) {
            let Some(previous) = &before else {
                bail!("block {from} has no block before it")
            };
            let header = &mut told.header;
            header.data_hash = Some(hash(data_hash(&told.transactions)));
            header.last_results_hash = Some(hash(last_results_hash(&previous.results)));
            header.last_block_id = Some(previous.commit.block_id);
            header.last_commit_hash = Some(hash(last_commit_hash(Some(&previous.commit))));
            signers.sign(told)?;
            before = Some(told.clone());
        }
        Ok(())
    }
}

struct Source<'a> {
    client: reqwest::Client,
    url: &'a str,
}

impl Source<'_> {
    async fn ask(&self, request: &Request) -> Result<Vec<u8>> {
        let answer = self
            .client
            .get(format!("{}{}", self.url, request.path()))
            .send()
            .await?;
        Ok(answer.bytes().await?.to_vec())
    }

    async fn height(&self, height: Height) -> Result<Told> {
        let block: BlockAnswer = decode_answer(&self.ask(&Request::Block(height)).await?)?;
        let results: BlockResults =
            decode_answer(&self.ask(&Request::BlockResults(height)).await?)?;
        let commit: CommitAnswer = decode_answer(&self.ask(&Request::Commit(height)).await?)?;
        Ok(Told {
            header: block.block.header,
            transactions: block.block.data,
            results: results.results,
            commit: commit.signed_header.commit,
        })
    }
}

fn result(answer: &[u8]) -> Result<Value> {
    let mut answer: Value = serde_json::from_slice(answer)?;
    answer
        .get_mut("result")
        .map(Value::take)
        .context("no result")
}

fn hash(hash: verifier_core::Hash) -> tendermint::Hash {
    tendermint::Hash::Sha256(hash.0)
}
