//! Recount: choose a source, watch it being verified by workers, read the result.

mod kept;
mod progress;
mod result;
mod source;

use crate::components::{Alert, GatedPage, RecountGate, Tone, use_language};
use crate::services::recount::{self, Event};
use crate::services::source::Source;
use crate::services::{clock, survey};
use crate::state::hold::hold;
use crate::state::{Heard, RecountChange, RecountState, Session, SessionChange, use_session};
use crate::text::{Fault, RecountText as Text, RecountVerdict, reason, recounted};
use progress::ProgressView;
use result::ResultView;
use source::SourceChoice;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use verifier_core::{TrustCard, Verdict};
use yew::platform::spawn_local;
use yew::prelude::*;

/// The page.
#[component]
pub fn Recount() -> Html {
    let language = use_language();
    let content =
        Callback::from(|card: Rc<TrustCard>| html! { <RecountGate><Desk {card} /></RecountGate> });
    html! { <GatedPage title={language.say(Text::Title)} lead={language.say(Text::Lead)} testid="page-recount" {content} /> }
}

#[derive(Clone, PartialEq, Properties)]
struct DeskProps {
    card: Rc<TrustCard>,
}

/// The recount that runs, and its source. Dropping a recount ends its workers.
#[derive(Clone, Default)]
struct Workplace {
    work: Rc<RefCell<Option<recount::Recount>>>,
    source: Rc<RefCell<Option<Source>>>,
    number: Rc<Cell<u32>>,
}

#[component]
fn Desk(props: &DeskProps) -> Html {
    let language = use_language();
    let session = use_session();
    let state = use_reducer(RecountState::default);
    let desk = (*use_state(Workplace::default)).clone();
    let start = {
        let (desk, card) = (desk.clone(), props.card.clone());
        let dispatch = (state.dispatcher(), session.dispatcher());
        Callback::from(move |(source, past): (Source, Past)| {
            desk.source.replace(Some(source.clone()));
            start(&dispatch, &desk, &card, source, past);
        })
    };
    let again = {
        let (dispatch, desk) = (state.dispatcher(), desk.clone());
        Callback::from(move |_: MouseEvent| {
            desk.work.replace(None);
            dispatch.dispatch(RecountChange::Again);
        })
    };
    let anew = {
        let (desk, start) = (desk.clone(), start.clone());
        Callback::from(move |_: MouseEvent| {
            let source = desk.source.borrow().clone();
            if let Some(source) = source {
                start.emit((source, Past::Forgotten));
            }
        })
    };
    let start = start.reform(|source| (source, Past::Welcome));
    let choice = html! { <SourceChoice card={props.card.clone()} {start} /> };
    match &*state {
        RecountState::Choosing => choice,
        RecountState::Running(running) => {
            html! { <ProgressView running={running.clone()} control={control(&state, &desk)} {anew} /> }
        }
        RecountState::Done {
            source,
            report,
            found,
            keeping,
        } => {
            let agreement = found.as_ref().map(|found| &found.agreement);
            let hold = hold(&props.card, session.watch(), agreement, report.verdict);
            html! { <ResultView card={props.card.clone()} source={source.clone()} report={report.clone()} {hold} keeping={*keeping} {again} {anew} /> }
        }
        RecountState::Unusable { source, reason } => html! {
            <div class="stack">
                <Alert tone={Tone::Unsure} title={language.say(RecountVerdict(Verdict::Inconclusive))} testid="recount-unusable">
                    <p data-testid="recount-fault">{ language.say(reason) }</p>
                    <p class="small quiet">{ source.as_str().to_owned() }</p>
                </Alert>
                { choice }
            </div>
        },
        RecountState::Cancelled => html! {
            <div class="stack">
                <Alert tone={Tone::Note} title={language.say(Text::Cancelled)} testid="recount-cancelled" />
                { choice }
            </div>
        },
        RecountState::Broken => html! {
            <div class="stack">
                <Alert tone={Tone::Bad} title={language.say(Text::WorkerFailed)} testid="recount-broken" />
                { choice }
            </div>
        },
    }
}

type Dispatchers = (
    UseReducerDispatcher<RecountState>,
    UseReducerDispatcher<Session>,
);

/// What an earlier visit kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Past {
    Welcome,
    Forgotten,
}

fn start(
    (dispatch, session): &Dispatchers,
    desk: &Workplace,
    card: &Rc<TrustCard>,
    source: Source,
    past: Past,
) {
    desk.work.replace(None);
    let number = desk.number.get().wrapping_add(1);
    desk.number.set(number);
    dispatch.dispatch(RecountChange::Started {
        number,
        source: source.name(),
        now: clock::milliseconds(),
    });
    let news = {
        let (dispatch, session, card) = (dispatch.clone(), session.clone(), card.clone());
        move |event| {
            let heard = |heard| RecountChange::Heard { number, heard };
            dispatch.dispatch(match event {
                Event::Keeping(keeping) => heard(Heard::Keeping(keeping)),
                Event::Progressed(progress) => heard(Heard::Progress(progress)),
                Event::Working(workers) => heard(Heard::Working(workers)),
                Event::Line(fault) => heard(Heard::Line(
                    fault.map(|fault| reason(Fault(&fault).into(), None)),
                )),
                Event::Finished { report, anchor } => {
                    let (dispatch, session) = (dispatch.clone(), session.clone());
                    let report = Rc::new(recounted(&report, &card, anchor));
                    let card = card.clone();
                    return spawn_local(async move {
                        let found = survey::beside(&card, report.verdict, report.anchor).await;
                        if let Some(found) = found.clone() {
                            session.dispatch(SessionChange::Surveyed(found));
                        }
                        dispatch.dispatch(RecountChange::Finished {
                            number,
                            report,
                            found,
                        });
                    });
                }
                Event::Faulted(fault) => RecountChange::Faulted {
                    number,
                    reason: reason(Fault(&fault).into(), None),
                },
                Event::Broke => RecountChange::Broke { number },
            });
        }
    };
    let work = recount::Recount::start(card, source, past == Past::Forgotten, news);
    if work.is_none() {
        dispatch.dispatch(RecountChange::Broke { number });
    }
    desk.work.replace(work);
}

/// What the visitor may do while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Control {
    Pause,
    Resume,
    Cancel,
}

fn control(state: &UseReducerHandle<RecountState>, desk: &Workplace) -> Callback<Control> {
    let (dispatch, work) = (state.dispatcher(), desk.work.clone());
    Callback::from(move |control| {
        let now = clock::milliseconds();
        let change = match control {
            Control::Pause => RecountChange::Paused { now },
            Control::Resume => RecountChange::Resumed { now },
            Control::Cancel => {
                work.replace(None);
                RecountChange::Cancelled
            }
        };
        if let Some(work) = work.borrow().as_ref() {
            work.pause(matches!(control, Control::Pause));
        }
        dispatch.dispatch(change);
    })
}
