//! One whole election, served as its municipalities serve it, on either engine.

use crate::embedded::embedded;
use crate::ledger::Ledger;
use crate::lies::{Plot, Tale};
use crate::network::on_network;
use crate::served::Served;
use crate::signers::Signers;
use anyhow::{Context, Result};
use node::supervisor::Network;
use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;
use tendermint::AppHash;
use verifier_core::prove::{SigningKey, sign};
use verifier_core::rpc::{StateQuery, decode_answer};
use verifier_core::{
    Action, Anchor, AssetId, HeaderHash, Height, NodeAddress, Outcome, Receipt, Request, Seconds,
    Transaction, TrustCard, header_hash, state_key,
};

/// The election and where it is served.
pub struct Election {
    /// What keeps its nodes running.
    _ledger: Engine,
    url: String,
    /// The trust card that names the final header and the municipalities' nodes.
    pub card: TrustCard,
    pub samples: Vec<Sample>,
    /// What its nodes tell.
    pub truth: Ledger,
    key_set: Vec<u8>,
    export: TempDir,
    secrets: Secrets,
    slips: Vec<(bool, String)>,
}

/// The engine under the election.
pub(crate) enum Engine {
    Embedded {
        _served: Served,
    },
    Network {
        _network: Box<Network>,
        /// Homes and logs.
        _folder: TempDir,
    },
}

/// What liars and municipalities sign with, in the order of municipalities.
pub(crate) struct Secrets {
    pub validators: Vec<SigningKey>,
    pub promises: Vec<SigningKey>,
}

/// What an engine leaves behind once its election is over.
pub(crate) struct Held {
    pub engine: Engine,
    pub url: String,
    pub card: TrustCard,
    /// Texts of receipts.
    pub receipts: Vec<String>,
    /// Roll slips, with whether a right was issued against each.
    pub slips: Vec<(bool, String)>,
    pub export: TempDir,
    pub secrets: Secrets,
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
    /// Holds an election among so many municipalities on the embedded engine, from its definition to its result.
    pub async fn hold(municipalities: u16, ballots: u32) -> Result<Self> {
        Self::of(embedded(municipalities, ballots, None).await?).await
    }

    /// The same with up to so many ballots in each block.
    pub async fn hold_in_blocks_of(
        per_block: usize,
        municipalities: u16,
        ballots: u32,
    ) -> Result<Self> {
        Self::of(embedded(municipalities, ballots, Some(per_block)).await?).await
    }

    /// The same on a network of real nodes on this machine; they run for as long as the election is held on to.
    pub async fn hold_on_network(municipalities: u16, ballots: u32) -> Result<Self> {
        Self::of(on_network(municipalities, ballots).await?).await
    }

    async fn of(held: Held) -> Result<Self> {
        let truth = Ledger::fetch(&held.url).await?;
        let samples = held.receipts.iter().map(|text| sample(text, &truth));
        Ok(Self {
            samples: samples.collect::<Result<_>>()?,
            key_set: key_set(&held.url, truth.last()).await?,
            truth,
            _ledger: held.engine,
            url: held.url,
            card: held.card,
            export: held.export,
            secrets: held.secrets,
            slips: held.slips,
        })
    }

    /// Where an honest node answers.
    pub fn url(&self) -> &str {
        &self.url
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

    /// A roll slip against which a right was issued, or one against which none was.
    pub fn roll_slip(&self, issued: bool) -> Result<String> {
        let slip = self.slips.iter().find(|(of, _)| *of == issued);
        slip.map(|(_, text)| text.clone()).context("no such slip")
    }

    /// What lies are about.
    pub fn plot(&self) -> Result<Plot> {
        let sample = self.receipt(Outcome::Ok)?;
        Ok(Plot {
            validators: self.secrets.validators.clone(),
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
        ledger.hang_together(plot.height, &Signers::all(&plot.validators)?)?;
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
        let key = self
            .secrets
            .promises
            .get(usize::from(receipt.promise.municipality))
            .context("no such municipality")?;
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
