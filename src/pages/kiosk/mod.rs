//! The kiosk: one voter after another casts a ballot on a device of the polling station.
//!
//! What is shown follows from [`Kiosk`], and so does whether a worker with secrets lives. This module holds neither a key nor what a ballot was made with.

mod card;
mod choose;
mod decide;
mod frame;
mod idle;
mod mark;
mod outcome;
mod receipt;
mod way;

pub use way::Way;

use crate::components::{TrustGate, use_language};
use crate::services::kiosk::{Errands, Secrets};
use crate::services::{self, document};
use crate::state::kiosk::{Errand, Kiosk as State, KioskChange, Readiness, Step};
use crate::state::use_session;
use choose::Paper;
use gloo::timers::callback::Interval;
use std::cell::Cell;
use std::rc::Rc;
use verifier_core::TrustCard;
use yew::prelude::*;

const SECOND_MS: u32 = 1_000;

#[derive(Clone, PartialEq, Properties)]
pub struct KioskProps {
    /// Switches the language.
    pub switch: Callback<()>,
}

/// The page. It stands alone, without menu or footer.
#[component]
pub fn Kiosk(props: &KioskProps) -> Html {
    let switch = props.switch.clone();
    let content = Callback::from(move |card: Rc<TrustCard>| {
        html! { <Desk {card} switch={switch.clone()} way={Way::Card} leave={Callback::noop()} /> }
    });
    html! { <div class="kiosk-page" data-testid="page-kiosk"><TrustGate {content} /></div> }
}

#[derive(Clone, PartialEq, Properties)]
pub struct DeskProps {
    pub card: Rc<TrustCard>,
    pub switch: Callback<()>,
    pub way: Way,
    /// Called when somebody who does not vote with a card is done.
    pub leave: Callback<()>,
}

/// What every screen of the kiosk is drawn from.
pub struct Screen<'a> {
    pub way: &'a Way,
    pub card: &'a Rc<TrustCard>,
    pub readiness: &'a Readiness,
    pub kiosk: &'a UseReducerHandle<State>,
    pub secrets: &'a Secrets,
    /// The ballot paper, once it is on the screen.
    pub paper: &'a NodeRef,
}

impl Screen<'_> {
    /// A callback that makes this change.
    pub fn on<E: 'static>(&self, change: KioskChange) -> Callback<E> {
        let tell = self.kiosk.dispatcher();
        Callback::from(move |_| tell.dispatch(change.clone()))
    }
}

/// Where voters stand, once there is a trust card.
#[component]
pub fn Desk(props: &DeskProps) -> Html {
    let language = use_language();
    let kiosk = use_reducer(|| props.way.start());
    let readiness = use_readiness(&props.card);
    let secrets = (*use_memo((), |()| Secrets::default())).clone();
    let paper = use_node_ref();
    use_ticks(&kiosk);
    use_way(props, &kiosk, &readiness);
    use_secrets(props, &kiosk, &readiness, &secrets);
    use_errands(&props.card, &kiosk, &readiness, &secrets);
    use_focus(&kiosk);
    let screen = Screen {
        way: &props.way,
        card: &props.card,
        readiness: &readiness,
        kiosk: &kiosk,
        secrets: &secrets,
        paper: &paper,
    };
    let content = match kiosk.step() {
        Step::Idle => idle::idle(language, &screen),
        Step::Scanning(None) if props.way != Way::Card => {
            outcome::working(language, outcome::Work::Looking)
        }
        Step::Scanning(trouble) => card::scanning(language, &screen, *trouble),
        Step::Looking(_) => outcome::working(language, outcome::Work::Looking),
        Step::Refused(refusal) => outcome::refused(language, &screen, *refusal),
        Step::Choosing { is_marked, .. } => {
            let asked = Paper::Choosing {
                is_marked: *is_marked,
            };
            choose::paper(language, &screen, asked)
        }
        Step::Reviewing(_) => choose::paper(language, &screen, Paper::Reviewing),
        Step::Marking { mark, .. } => {
            html! { <mark::Marking mark={mark.clone()} tell={kiosk.dispatcher()} secrets={secrets.clone()} /> }
        }
        Step::Encrypting { .. } => outcome::working(language, outcome::Work::Encrypting),
        Step::Deciding { mark, code, .. } => decide::deciding(language, &screen, *mark, *code),
        Step::Signing { .. } | Step::Opening { .. } => {
            outcome::working(language, outcome::Work::Signing)
        }
        Step::Sending(parcel) => outcome::sending(language, &screen, parcel),
    };
    html! { <frame::Frame kiosk={kiosk.clone()} way={props.way.clone()} switch={props.switch.clone()}>{ content }</frame::Frame> }
}

/// Reads what comes before opening as soon as the page is there.
#[hook]
fn use_readiness(card: &Rc<TrustCard>) -> Readiness {
    let readiness = use_state_eq(|| Readiness::Reading(0));
    {
        let readiness = readiness.clone();
        use_effect_with(card.clone(), move |card| {
            let on = Rc::new(Cell::new(true));
            let reading = services::casting_setup::run(card.clone(), on.clone(), move |next| {
                readiness.set(next);
            });
            yew::platform::spawn_local(reading);
            move || on.set(false)
        });
    }
    (*readiness).clone()
}

#[hook]
fn use_ticks(kiosk: &UseReducerHandle<State>) {
    let tell = kiosk.dispatcher();
    use_effect_with((), move |()| {
        let ticks = Interval::new(SECOND_MS, move || tell.dispatch(KioskChange::Tick));
        move || drop(ticks)
    });
}

/// Whoever has no card begins by themselves, as soon as the keys are known, and is gone when there is nothing left to do.
#[hook]
fn use_way(props: &DeskProps, kiosk: &UseReducerHandle<State>, readiness: &Readiness) {
    let (way, leave) = (props.way.clone(), props.leave.clone());
    let tell = kiosk.dispatcher();
    let idle = *kiosk.step() == Step::Idle;
    let begun = kiosk.visit() > 0 || matches!(way, Way::Used(_));
    let shown = (idle, readiness.keys().is_some());
    use_effect_with(shown, move |(idle, ready)| {
        if way != Way::Card && *idle {
            match (begun, ready) {
                (true, _) => leave.emit(()),
                (false, true) => tell.dispatch(KioskChange::Begin),
                (false, false) => {}
            }
        }
    });
}

/// A worker lives exactly as long as a voter's steps ask for one, and never longer than the page is shown.
#[hook]
fn use_secrets(
    props: &DeskProps,
    kiosk: &UseReducerHandle<State>,
    readiness: &Readiness,
    secrets: &Secrets,
) {
    let (card, way) = (props.card.clone(), props.way.clone());
    let (tell, secrets) = (kiosk.dispatcher(), secrets.clone());
    let keys = readiness.keys().map(|keys| keys.election.clone());
    let wanted = kiosk.step().has_secrets().then(|| kiosk.visit());
    use_effect_with(wanted, move |wanted| {
        match (wanted, &keys) {
            (Some(visit), Some(keys)) => secrets.begin(way.first(&card, keys), *visit, tell),
            (Some(visit), None) => tell.dispatch(KioskChange::CasterGone(*visit)),
            (None, _) => secrets.end(),
        }
        move || secrets.end()
    });
}

/// Carries out each errand that the state names, once.
#[hook]
fn use_errands(
    card: &Rc<TrustCard>,
    kiosk: &UseReducerHandle<State>,
    readiness: &Readiness,
    secrets: &Secrets,
) {
    let session = use_session();
    let errands = readiness.keys().map(|keys| Errands {
        card: card.clone(),
        keys: keys.clone(),
        watch: session.watch().clone(),
        secrets: secrets.clone(),
        tell: kiosk.dispatcher(),
    });
    let asked = (kiosk.errand(), errands.is_some());
    use_effect_with(asked, move |(errand, _): &(Option<Errand>, bool)| {
        if let (Some(errand), Some(errands)) = (errand.clone(), errands) {
            yew::platform::spawn_local(errands.run(errand));
        }
    });
}

/// Reads every new screen out from its heading.
#[hook]
fn use_focus(kiosk: &UseReducerHandle<State>) {
    let shown = (
        kiosk.visit(),
        frame::stage(kiosk.step()),
        kiosk.warning().is_some(),
    );
    use_effect_with(shown, |(_, _, warning)| {
        document::focus_soon(if *warning {
            ".kiosk-warning .primary"
        } else {
            ".kiosk-title"
        });
    });
}
