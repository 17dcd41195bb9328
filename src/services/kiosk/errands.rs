//! What a kiosk's step asks to have done: questions to the ledger, orders to the worker, transactions to municipalities.

use super::Secrets;
use crate::services::node::some_node;
use crate::services::{broadcast, clock, state_check};
use crate::state::hold::hold;
use crate::state::kiosk::{Errand, Kiosk, KioskChange, Looked, Refusal, Seen};
use crate::state::rights::Answered;
use crate::state::signers::{nodes_apart, others_first, signers_of};
use crate::state::watch::Watch;
use caster::ToCaster;
use gloo::timers::future::TimeoutFuture;
use std::rc::Rc;
use verifier_core::{
    AssetId, CastingKeys, Holder, MunicipalityIndex, PromisedBallot, PublicKey, Seconds,
    StateAnswer, StateQuestion, TrackingCode, TrustCard,
};
use yew::UseReducerDispatcher;

/// Nodes that are asked about a right before it is given up.
const TRIES: usize = 3;
/// Blocks come every few seconds: a ledger whose last one is so old stands still.
const STALLED: Seconds = 120;
const PAUSE_MS: u32 = 3_000;

/// Whoever carries errands out.
#[derive(Clone)]
pub struct Errands {
    pub card: Rc<TrustCard>,
    pub keys: Rc<CastingKeys>,
    pub watch: Watch,
    pub secrets: Secrets,
    pub tell: UseReducerDispatcher<Kiosk>,
}

impl Errands {
    /// Carries one out.
    pub async fn run(self, errand: Errand) {
        match errand {
            Errand::LookUp(visit, address) => {
                let looked = self.look_up(address).await;
                self.tell.dispatch(KioskChange::Looked(visit, looked));
            }
            Errand::Encrypt { asset, mark, .. } => {
                self.secrets.tell(&ToCaster::Encrypt { asset, mark });
            }
            Errand::Cast(_) => self.secrets.tell(&ToCaster::Cast),
            Errand::Challenge(_) => self.secrets.tell(&ToCaster::Challenge),
            Errand::Send {
                code,
                round,
                asset,
                transaction,
            } => self.send(code, round, asset, transaction),
            Errand::LookFor {
                code,
                asset,
                is_spoil,
                ..
            } => {
                let seen = self.look_for(code, asset, is_spoil).await;
                self.tell.dispatch(KioskChange::Seen(code, seen));
            }
            Errand::Wait { .. } => {
                TimeoutFuture::new(PAUSE_MS).await;
                self.tell.dispatch(KioskChange::Again);
            }
        }
    }

    /// Whether there may be voting with this address's right.
    async fn look_up(&self, address: PublicKey) -> Looked {
        let Some(asset) = self.keys.asset_of(&address) else {
            return Looked::Refused(Refusal::NotIssued);
        };
        let (answered, at) = self.ask(question(asset), asset).await;
        let (Some(answer), Some((_, _, time))) = (&answered.answer, answered.anchor) else {
            return Looked::Refused(Refusal::Unverified);
        };
        let agreement = answered.found.as_ref().map(|found| &found.agreement);
        if let Some(hold) = hold(&self.card, &self.watch, agreement, answered.verdict) {
            return Looked::Refused(Refusal::Held(hold));
        }
        match answer {
            StateAnswer::Unspent { .. } => self.in_time(asset, time, at),
            StateAnswer::SpentBy { code, height, .. } => Looked::Refused(Refusal::Used {
                code: *code,
                height: *height,
            }),
            _ => Looked::Refused(Refusal::NotIssued),
        }
    }

    /// Whether the last header is fresh, and the election open.
    fn in_time(&self, asset: AssetId, ledger: Seconds, now: Seconds) -> Looked {
        let contract = &self.card.contract;
        if now >= contract.closing {
            Looked::Refused(Refusal::Closed)
        } else if ledger.saturating_add(STALLED) < now {
            Looked::Refused(Refusal::Stalled)
        } else if now < contract.opening {
            Looked::Refused(Refusal::TooEarly)
        } else {
            Looked::Usable(asset)
        }
    }

    /// Asks one node after another, until one proves an answer. Gives the time of the answer beside it.
    async fn ask(&self, question: StateQuestion, asset: AssetId) -> (Answered, Seconds) {
        let nodes = others_first(&self.card.nodes, &self.signers(asset), some_node);
        let mut tried = 1;
        loop {
            let at = nodes.get(tried - 1).copied().unwrap_or(0);
            let answered = state_check::run(&self.card, question.clone(), at, |_| {}).await;
            if answered.answer.is_some() || tried >= TRIES.min(nodes.len()) {
                return (answered, clock::now());
            }
            tried += 1;
        }
    }

    async fn look_for(&self, code: TrackingCode, asset: AssetId, is_spoil: bool) -> Seen {
        let question = match is_spoil {
            false => question(asset),
            true => StateQuestion::Spoiled { asset, code },
        };
        let (answered, _) = self.ask(question, asset).await;
        match (answered.answer, answered.anchor) {
            (
                Some(StateAnswer::SpentBy {
                    code: other,
                    height,
                    ..
                }),
                _,
            ) if other == code => Seen::Recorded(height),
            (
                Some(StateAnswer::SpentBy {
                    code: other,
                    height,
                    ..
                }),
                _,
            ) => Seen::Other {
                code: other,
                height,
            },
            (Some(StateAnswer::Spoiled { .. }), Some((height, ..))) => Seen::Recorded(height),
            (Some(_), Some((height, _, time))) => Seen::Absent { height, time },
            _ => Seen::Unknown,
        }
    }

    fn signers(&self, asset: AssetId) -> Vec<MunicipalityIndex> {
        signers_of(asset, self.card.contract.municipalities.len())
    }

    /// Sends it to two municipalities, each of which answers when it does.
    fn send(&self, code: TrackingCode, round: u32, asset: AssetId, transaction: Rc<[u8]>) {
        let chosen = nodes_apart(code, round, &self.card.nodes, &self.signers(asset));
        self.tell
            .dispatch(KioskChange::Asking(code, chosen.clone()));
        for at in chosen {
            let (errands, transaction) = (self.clone(), transaction.clone());
            yew::platform::spawn_local(async move {
                let ballot = PromisedBallot {
                    genesis: errands.card.genesis,
                    contract: errands.card.contract_id(),
                    code,
                    asset,
                };
                let url = errands.card.nodes.get(at).map_or("", |n| n.url.as_str());
                let contract = &errands.card.contract;
                let word = broadcast::send(url, &transaction, contract, &ballot).await;
                errands.tell.dispatch(KioskChange::Answered(code, at, word));
            });
        }
    }
}

fn question(asset: AssetId) -> StateQuestion {
    StateQuestion::Right {
        municipality: asset.municipality,
        batch: asset.batch,
        holder: Holder::Index(asset.index),
    }
}
