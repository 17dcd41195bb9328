//! One whole election on an embedded ledger, served as its municipalities serve it.

use crate::ledger::Ledger;
use crate::lies::{Plot, Tale};
use crate::served::Served;
use crate::signers::Signers;
use anyhow::{Context, Result};
use node::devnet::{Devnet, INTERVAL, Seed, Settings, Until, export};
use node::rpc::{Service, router};
use node::storage::Store;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;
use tendermint::AppHash;
use verifier_core::prove::sign;
use verifier_core::rpc::{StateQuery, decode_answer};
use verifier_core::{
    Action, Anchor, AssetId, HeaderHash, Height, NodeAddress, Outcome, Receipt, Request, Seconds,
    Transaction, TrustCard, header_hash, state_key,
};

const SEED: u64 = 7;
/// Receipts that are handed out, beside those of refused ballots.
const RECEIPTS: usize = 20;

/// The election and where it is served.
pub struct Election {
    devnet: Devnet,
    served: Served,
    /// The trust card that names the final header and the municipalities' nodes.
    pub card: TrustCard,
    pub samples: Vec<Sample>,
    /// What its nodes tell.
    pub truth: Ledger,
    key_set: Vec<u8>,
    export: TempDir,
}

/// A receipt whose ballot the ledger holds.
#[derive(Clone, Debug)]
pub struct Sample {
    pub text: String,
    pub receipt: Receipt,
    pub height: Height,
    pub outcome: Outcome,
}

impl Election {
    /// Holds an election among so many municipalities, from its definition to its result.
    pub async fn hold(municipalities: u16, ballots: u32) -> Result<Self> {
        let settings = Settings {
            municipalities,
            candidates: 4,
            ballots,
            invalid: 10,
            seed: SEED,
            genesis_time: None,
            interval: INTERVAL,
        };
        let devnet = tokio::task::spawn_blocking(move || run(&settings)).await??;
        let service = Arc::new(Service::new(
            Arc::clone(&devnet.store),
            Arc::clone(&devnet.validators),
            devnet.chain_id.clone(),
            devnet.genesis.clone(),
            None,
        ));
        let served = Served::start(router(Arc::clone(&service))).await?;
        service.publish(devnet.files(Some(served.url()), RECEIPTS)?);
        let files = service.files();
        let truth = Ledger::fetch(served.url()).await?;
        let folder = TempDir::new()?;
        export(&devnet, folder.path(), RECEIPTS)?;
        Ok(Self {
            card: TrustCard::parse(files.trust_card.as_bytes())?,
            samples: files
                .receipts
                .iter()
                .map(|(_, text)| sample(text, &truth))
                .collect::<Result<_>>()?,
            key_set: key_set(served.url(), truth.last()).await?,
            truth,
            export: folder,
            served,
            devnet,
        })
    }

    /// Where an honest node answers.
    pub fn url(&self) -> &str {
        self.served.url()
    }

    /// The folder that holds the export.
    pub fn export(&self) -> &std::path::Path {
        self.export.path()
    }

    /// The first receipt of a ballot with this outcome, whose height is known.
    pub fn receipt(&self, outcome: Outcome) -> Result<&Sample> {
        let fits = |sample: &&Sample| sample.outcome == outcome && sample.receipt.height.is_some();
        self.samples
            .iter()
            .find(fits)
            .with_context(|| format!("no receipt with outcome {outcome:?}"))
    }

    /// An issued asset that no ballot has spent.
    pub fn unused_asset(&self) -> Option<AssetId> {
        let told = self
            .truth
            .blocks
            .values()
            .flat_map(|told| told.transactions.iter().zip(&told.results));
        let (mut issued, mut spent) = (BTreeSet::new(), BTreeSet::new());
        for (bytes, _) in told.filter(|(_, result)| result.code == Outcome::Ok.code()) {
            match Transaction::decode(bytes).ok()?.body.action {
                Action::Issue(issue) => {
                    let indices = (0..).zip(&issue.addresses);
                    issued.extend(indices.map(|(index, _)| AssetId {
                        municipality: issue.municipality,
                        batch: issue.batch,
                        index,
                    }));
                }
                Action::Cast(ballot) => {
                    spent.insert(ballot.asset);
                }
                _ => {}
            }
        }
        issued.difference(&spent).next().copied()
    }

    /// What lies are about.
    pub fn plot(&self) -> Result<Plot> {
        let sample = self.receipt(Outcome::Ok)?;
        Ok(Plot {
            seed: Seed(SEED),
            municipalities: u16::try_from(self.card.validators.len())?,
            receipt: sample.receipt.clone(),
            height: sample.height,
            key_set: self.key_set.clone(),
        })
    }

    /// Another history from the receipt's block on, with valid commits: all validators have signed twice.
    pub fn second_history(&self) -> Result<Tale> {
        let plot = self.plot()?;
        let mut ledger = self.truth.clone();
        ledger.at(plot.height)?.header.app_hash = AppHash::try_from(vec![5; 32])?;
        ledger.hang_together(plot.height, &Signers::all(plot.seed, plot.municipalities)?)?;
        Ok(Tale::truth(ledger))
    }

    /// The trust card with one node, at `url`, for every municipality that has one.
    pub fn card_with_node(&self, url: &str) -> TrustCard {
        let nodes = vec![NodeAddress {
            municipality: 0,
            url: url.to_owned(),
        }];
        TrustCard {
            nodes,
            ..self.card.clone()
        }
    }

    /// Signs the promise of a receipt that was made up as its municipality would.
    pub fn promise(&self, mut receipt: Receipt) -> Result<Receipt> {
        let key = &self
            .devnet
            .script
            .offices
            .of(receipt.promise.municipality)?
            .promise;
        receipt.promise.signature = sign(key, &receipt.promise_message());
        Ok(receipt)
    }
}

/// The same card, but naming the ledger's own last header as the final one.
///
/// # Errors
/// If the ledger is empty.
pub fn ending_with(card: TrustCard, ledger: &Ledger) -> Result<TrustCard> {
    let (height, told) = ledger.blocks.last_key_value().context("no blocks")?;
    let anchor = Anchor {
        height: *height,
        hash: HeaderHash(header_hash(&told.header).0),
        time: u64::try_from(told.header.time.unix_timestamp())?,
    };
    Ok(TrustCard {
        final_header: Some(anchor),
        ..card
    })
}

/// The same card while the election still runs: without the final header.
pub fn during(card: TrustCard) -> TrustCard {
    TrustCard {
        final_header: None,
        ..card
    }
}

/// Seconds since 1970.
pub fn now() -> Seconds {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

fn run(settings: &Settings) -> Result<Devnet> {
    let mut devnet = Devnet::open(Store::in_memory()?, settings, now())?;
    while devnet.step(Until::Result)?.is_some() {}
    Ok(devnet)
}

async fn key_set(url: &str, last: Height) -> Result<Vec<u8>> {
    let request = Request::State {
        key: state_key::KEY_SET.into(),
        height: last - 1,
    };
    let answer = reqwest::get(format!("{url}{}", request.path()))
        .await?
        .bytes()
        .await?;
    Ok(decode_answer::<StateQuery>(&answer)?.value)
}

fn sample(text: &str, truth: &Ledger) -> Result<Sample> {
    let receipt = Receipt::parse(text)?;
    let all = truth.blocks.iter().flat_map(|(height, told)| {
        told.transactions
            .iter()
            .zip(&told.results)
            .map(move |t| (*height, t))
    });
    let is_it = |bytes: &[u8]| {
        Transaction::decode(bytes).is_ok_and(|t| t.body.tracking_code() == receipt.tracking_code)
    };
    let found = all.into_iter().find(|(_, (bytes, _))| is_it(bytes));
    let (height, (_, result)) = found.context("a receipt's ballot is not on the ledger")?;
    let outcome = Outcome::from_code(result.code).context("an unknown outcome")?;
    Ok(Sample {
        text: text.trim().to_owned(),
        receipt,
        height,
        outcome,
    })
}
