//! Voting from a phone: somebody shows who they are to the registrar, gets a right that nobody can link to them, and votes with it on the kiosk's screens.

mod code;
mod held;
mod shell;
mod signing;
mod who;

use super::kiosk::{Desk, Way};
use crate::components::{Alert, Tone, TrustGate, use_language};
use crate::services::phone::{Errands, Keeper};
use crate::services::{clock, document};
use crate::state::phone::{Errand, Identity, Phone, PhoneChange, Purpose, Purse};
use crate::text::{Language, PhoneText as Text, PurseText};
use caster::Kept;
use gloo::timers::callback::Interval;
use shell::Shell;
use std::rc::Rc;
use verifier_core::TrustCard;
use yew::prelude::*;

const SECOND_MS: u32 = 1_000;

#[derive(Clone, PartialEq, Properties)]
pub struct VoteProps {
    /// Switches the language.
    pub switch: Callback<()>,
}

/// The page. Like a kiosk's it has the whole screen.
#[component]
pub fn Vote(props: &VoteProps) -> Html {
    let switch = props.switch.clone();
    let content = Callback::from(
        move |card: Rc<TrustCard>| html! { <Person {card} switch={switch.clone()} /> },
    );
    html! { <div class="kiosk-page" data-testid="page-vote"><TrustGate {content} /></div> }
}

#[derive(Clone, PartialEq, Properties)]
struct PersonProps {
    card: Rc<TrustCard>,
    switch: Callback<()>,
}

/// Whoever holds the phone: on the way to a right, or at the ballot. One worker at a time has the purse.
#[component]
fn Person(props: &PersonProps) -> Html {
    let ballot = use_state(|| None::<Way>);
    let has_looked = use_state(|| false);
    let vote = {
        let ballot = ballot.clone();
        Callback::from(move |way| ballot.set(Some(way)))
    };
    let leave = {
        let (ballot, has_looked) = (ballot.clone(), has_looked.clone());
        Callback::from(move |()| {
            has_looked.set(true);
            ballot.set(None);
        })
    };
    match &*ballot {
        Some(way) => {
            html! { <Desk card={props.card.clone()} switch={props.switch.clone()} way={way.clone()} {leave} /> }
        }
        None => {
            html! { <Registration card={props.card.clone()} switch={props.switch.clone()} {vote} has_looked={*has_looked} /> }
        }
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RegistrationProps {
    card: Rc<TrustCard>,
    switch: Callback<()>,
    vote: Callback<Way>,
    /// Whether what became of a ballot was looked for since the page was opened.
    has_looked: bool,
}

/// What every screen is drawn from.
pub struct Screen<'a> {
    pub card: &'a Rc<TrustCard>,
    pub phone: &'a UseReducerHandle<Phone>,
    pub keeper: &'a Keeper,
    pub vote: &'a Callback<Way>,
}

impl Screen<'_> {
    /// A callback that makes this change.
    pub fn on<E: 'static>(&self, change: PhoneChange) -> Callback<E> {
        let tell = self.phone.dispatcher();
        Callback::from(move |_| tell.dispatch(change.clone()))
    }
}

#[component]
fn Registration(props: &RegistrationProps) -> Html {
    let language = use_language();
    let towns = props.card.contract.municipalities.len();
    let phone = use_reducer(|| Phone::new(towns, clock::now()));
    let keeper = (*use_memo((), |()| Keeper::default())).clone();
    use_keeper(&props.card, &phone, &keeper);
    use_ticks(&phone);
    use_errands(&props.card, language, &phone, &keeper);
    use_focus(&phone);
    use_used(props, &phone);
    let screen = Screen {
        card: &props.card,
        phone: &phone,
        keeper: &keeper,
        vote: &props.vote,
    };
    html! { <Shell switch={props.switch.clone()}>{ content(language, &screen) }</Shell> }
}

fn content(language: Language, screen: &Screen<'_>) -> Html {
    let phone = screen.phone;
    let kept = match &phone.purse {
        Purse::Opening => return shell::waiting(language, Text::Opening.into(), None),
        purse @ (Purse::Shut(_) | Purse::Gone) => return shut(language, purse),
        Purse::Open { kept, .. } => kept,
    };
    match (kept, &phone.identity) {
        (Kept::Used { ballot, .. }, _) => held::used(language, screen, ballot),
        (Kept::Signed { at, .. }, _) => held::signed(language, screen, *at),
        (Kept::HalfSigned { .. }, _) => signing::signing(language, screen),
        _ if phone.slip.is_some() && phone.purpose == Purpose::Slip => held::slip(language, screen),
        (
            _,
            Identity::CodeSent { until, .. }
            | Identity::Confirming { until, .. }
            | Identity::Asking {
                earlier: Some((_, until)),
            },
        ) => code::code(language, screen, *until),
        (_, Identity::Known { .. }) if phone.purpose == Purpose::Slip => {
            signing::slip(language, screen)
        }
        (_, Identity::Known { .. }) => signing::signing(language, screen),
        (_, Identity::Unknown | Identity::Asking { earlier: None }) => who::who(language, screen),
    }
}

/// The purse cannot be opened.
fn shut(language: Language, purse: &Purse) -> Html {
    html! {
        <div class="kiosk-refused" data-testid="vote-shut">
            <Alert tone={Tone::Bad} title={language.say(PurseText(purse))} testid="vote-trouble" />
            <div class="kiosk-actions">
                <button type="button" class="button primary" onclick={|_: MouseEvent| document::reload()} data-testid="vote-reload">{ language.say(Text::Reload) }</button>
            </div>
        </div>
    }
}

/// One worker with the purse, as long as this is shown.
#[hook]
fn use_keeper(card: &Rc<TrustCard>, phone: &UseReducerHandle<Phone>, keeper: &Keeper) {
    let (tell, keeper) = (phone.dispatcher(), keeper.clone());
    use_effect_with(card.clone(), move |card| {
        keeper.begin(card, tell);
        move || keeper.end()
    });
}

#[hook]
fn use_ticks(phone: &UseReducerHandle<Phone>) {
    let tell = phone.dispatcher();
    use_effect_with((), move |()| {
        let tick = move || tell.dispatch(PhoneChange::Tick(clock::now()));
        let ticks = Interval::new(SECOND_MS, tick);
        move || drop(ticks)
    });
}

/// Carries out each errand that the state names, once.
#[hook]
fn use_errands(
    card: &Rc<TrustCard>,
    language: Language,
    phone: &UseReducerHandle<Phone>,
    keeper: &Keeper,
) {
    let errands = Errands {
        card: card.clone(),
        language,
        keeper: keeper.clone(),
        tell: phone.dispatcher(),
    };
    use_effect_with(phone.errand(), move |errand: &Option<Errand>| {
        if let Some(errand) = errand.clone() {
            yew::platform::spawn_local(errands.run(errand));
        }
    });
}

/// Reads every new screen out from its heading, and a new trouble where it stands.
#[hook]
fn use_focus(phone: &UseReducerHandle<Phone>) {
    let shown = (
        core::mem::discriminant(&phone.identity),
        core::mem::discriminant(&phone.purse),
        phone.kept().map(core::mem::discriminant),
        phone.slip.is_some(),
    );
    use_effect_with(shown, |_| document::focus_soon(".kiosk-title"));
}

/// Whoever opens the page again after voting learns at once what became of the ballot.
#[hook]
fn use_used(props: &RegistrationProps, phone: &UseReducerHandle<Phone>) {
    let used = match phone.kept() {
        Some(kept) if !props.has_looked => Way::of_used(kept),
        _ => None,
    };
    let vote = props.vote.clone();
    use_effect_with(used.is_some(), move |_| {
        if let Some(way) = used {
            vote.emit(way);
        }
    });
}
