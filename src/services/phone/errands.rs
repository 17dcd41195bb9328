//! What a phone's state asks to have done.

use super::{Keeper, registrar};
use crate::services::node::some_node;
use crate::services::{broadcast, clock, state_check};
use crate::state::phone::{ClaimNews, Errand, Form, Phone, PhoneChange, Reply};
use crate::state::signers::{others, signers};
use crate::text::Language;
use caster::ToPurse;
use gloo::timers::future::TimeoutFuture;
use serde_json::json;
use std::rc::Rc;
use verifier_core::{
    AssetId, BATCH_LIMIT, BroadcastAnswer, CLAIM_BATCHES, CLAIM_PERIOD, Holder, MunicipalityIndex,
    Outcome, PublicKey, StateAnswer, StateQuestion, TrustCard, claim_span, countersigner,
};
use yew::UseReducerDispatcher;

/// Between two times that somebody is asked the same.
const PAUSE_MS: u32 = 3_000;

/// Whoever carries errands out.
#[derive(Clone)]
pub struct Errands {
    pub card: Rc<TrustCard>,
    pub language: Language,
    pub keeper: Keeper,
    pub tell: UseReducerDispatcher<Phone>,
}

impl Errands {
    /// Carries one out.
    pub async fn run(self, errand: Errand) {
        match errand {
            Errand::Identify { turn, form } => {
                let home = form.home.unwrap_or_default();
                let question = identify(&form, self.language);
                self.ask(turn, home, "/identify", &question).await;
            }
            Errand::Confirm {
                turn,
                home,
                session,
                code,
            } => {
                let question = json!({ "session": session, "code": code });
                self.ask(turn, home, "/confirm", &question).await;
            }
            Errand::Slip { turn, home, token } => {
                let question = json!({ "token": token });
                self.ask(turn, home, "/slip", &question).await;
            }
            Errand::Draw { home, .. } => {
                if let Some(keys) = self.card.contract.claim_keys.get(usize::from(home)) {
                    let key = keys.home;
                    self.keeper.tell(ToPurse::Draw { home, key });
                }
            }
            Errand::Sign {
                turn,
                home,
                token,
                blinded,
            } => {
                let question = json!({ "token": token, "blinded": hex::encode(&blinded) });
                if let Some(reply) = self.ask(turn, home, "/sign", &question).await {
                    self.home_signed(home, reply);
                }
            }
            Errand::Countersign {
                turn,
                home,
                commitment,
                authorisation,
                blinded,
            } => {
                let question = json!({
                    "home": home,
                    "commitment": commitment.to_string(),
                    "authorisation": hex::encode(authorisation),
                    "blinded": hex::encode(&blinded),
                });
                let next = self.next_after(home);
                if let Some(reply) = self.ask(turn, next, "/countersign", &question).await {
                    self.countersigned(reply);
                }
            }
            Errand::LookForClaim {
                turn,
                home,
                address,
            } => self.hear(turn, self.look_for(home, address).await),
            Errand::SendClaim { turn, home, claim } => {
                self.hear(turn, self.send(home, &claim).await);
            }
            Errand::Pause { turn } => {
                TimeoutFuture::new(PAUSE_MS).await;
                self.tell.dispatch(PhoneChange::Paused(turn));
            }
        }
    }

    /// Asks a registrar and passes the answer on; gives it if it leads on.
    async fn ask(
        &self,
        turn: u32,
        of: MunicipalityIndex,
        path: &str,
        question: &serde_json::Value,
    ) -> Option<Reply> {
        let answer = registrar::ask(&self.card, of, path, question).await;
        let reply = answer.as_ref().ok().cloned();
        self.tell.dispatch(PhoneChange::Answered(turn, of, answer));
        reply
    }

    fn home_signed(&self, home: MunicipalityIndex, reply: Reply) {
        let next = usize::from(self.next_after(home));
        let keys = self.card.contract.claim_keys.get(next);
        if let (
            Reply::HomeSigned {
                signature,
                commitment,
                authorisation,
                ..
            },
            Some(keys),
        ) = (reply, keys)
        {
            self.keeper.tell(ToPurse::HomeSigned {
                signature,
                commitment,
                authorisation,
                next: keys.countersign,
            });
        }
    }

    fn countersigned(&self, reply: Reply) {
        if let Reply::Countersigned { signature } = reply {
            let opening = self.card.contract.opening;
            let span = claim_span(clock::now(), CLAIM_PERIOD, opening);
            self.keeper.tell(ToPurse::Countersigned {
                signature,
                span: span.map(|span| (span.start, span.end)),
            });
        }
    }

    fn next_after(&self, home: MunicipalityIndex) -> MunicipalityIndex {
        countersigner(home, self.card.contract.municipalities.len()).unwrap_or(home)
    }

    fn hear(&self, turn: u32, news: ClaimNews) {
        self.tell.dispatch(PhoneChange::Claim(turn, news));
    }

    /// From the newest batch of claims to the oldest: this one is most likely among the last.
    async fn look_for(&self, home: MunicipalityIndex, address: PublicKey) -> ClaimNews {
        let at = self.some_other_node(home);
        let numbers = self.state(at, StateQuestion::Numbers).await;
        let Some(StateAnswer::Numbers(numbers)) = numbers else {
            return ClaimNews::Unknown;
        };
        let claimed = numbers.participation.get(usize::from(home));
        let claimed = claimed.map_or(0, |of| usize::try_from(of.claimed).unwrap_or(0));
        for batch in (0..claimed.div_ceil(BATCH_LIMIT)).rev() {
            match self.in_batch(at, home, batch, address).await {
                Some(Some(asset)) => return ClaimNews::Found(asset),
                Some(None) => {}
                None => return ClaimNews::Unknown,
            }
        }
        ClaimNews::Absent
    }

    /// The asset at the address, if the batch has it; `None` if nobody proves either.
    async fn in_batch(
        &self,
        at: usize,
        home: MunicipalityIndex,
        batch: usize,
        address: PublicKey,
    ) -> Option<Option<AssetId>> {
        let batch = u16::try_from(batch).ok()?.checked_add(CLAIM_BATCHES)?;
        let question = StateQuestion::Right {
            municipality: home,
            batch,
            holder: Holder::Address(address),
        };
        match self.state(at, question).await? {
            StateAnswer::Unspent { asset } | StateAnswer::SpentBy { asset, .. } => {
                Some(Some(asset))
            }
            StateAnswer::NoSuchRight => Some(None),
            _ => None,
        }
    }

    async fn state(&self, at: usize, question: StateQuestion) -> Option<StateAnswer> {
        let answered = state_check::run(&self.card, question, at, |_| {}).await;
        answered.answer
    }

    /// That of a municipality that signed neither half of the claim, if there is one: those who know the person are not told which address is theirs.
    fn some_other_node(&self, home: MunicipalityIndex) -> usize {
        let (nodes, towns) = (&self.card.nodes, self.card.contract.municipalities.len());
        let others = others(nodes, &signers(home, towns));
        let drawn = others.get(some_node(others.len()));
        drawn.copied().unwrap_or_else(|| some_node(nodes.len()))
    }

    async fn send(&self, home: MunicipalityIndex, claim: &[u8]) -> ClaimNews {
        let Some(node) = self.card.nodes.get(self.some_other_node(home)) else {
            return ClaimNews::Silent;
        };
        match broadcast::post(&node.url, claim).await {
            Ok(BroadcastAnswer::Refused { code, .. }) => {
                Outcome::from_code(code).map_or(ClaimNews::Unknown, ClaimNews::Refused)
            }
            Ok(BroadcastAnswer::Full) | Err(_) => ClaimNews::Silent,
            Ok(_) => ClaimNews::Taken,
        }
    }
}

fn identify(form: &Form, language: Language) -> serde_json::Value {
    json!({
        "name": form.name.trim(),
        "birth": form.birth.trim(),
        "phone": form.phone.trim(),
        "language": language.tag(),
    })
}
