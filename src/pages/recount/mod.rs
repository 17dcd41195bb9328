//! Recount: choose a source, watch it being verified in a worker, read the result.

mod progress;
mod result;
mod source;

use crate::components::{Alert, PageHead, Tone, TrustGate, use_language};
use crate::services::recount_worker::{Event, RecountWorker};
use crate::services::source::Source;
use crate::services::{clock, survey};
use crate::state::hold::hold;
use crate::state::{RecountChange, RecountState, Session, SessionChange, use_session};
use crate::text::{Fault, RecountText as Text, RecountVerdict, reason, recounted};
use progress::ProgressView;
use result::ResultView;
use source::SourceChoice;
use std::cell::RefCell;
use std::rc::Rc;
use verifier_core::{TrustCard, Verdict};
use yew::platform::spawn_local;
use yew::prelude::*;

/// The page.
#[component]
pub fn Recount() -> Html {
    let language = use_language();
    let content = Callback::from(|card: Rc<TrustCard>| html! { <Desk {card} /> });
    html! {
        <div class="inner" data-testid="page-recount">
            <PageHead title={language.say(Text::Title)} lead={language.say(Text::Lead)} />
            <TrustGate {content} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct DeskProps {
    card: Rc<TrustCard>,
}

/// The worker of the recount that runs; dropping it ends it.
type Worker = Rc<RefCell<Option<RecountWorker>>>;

#[component]
fn Desk(props: &DeskProps) -> Html {
    let language = use_language();
    let session = use_session();
    let state = use_reducer(RecountState::default);
    let worker: Worker = use_mut_ref(|| None);
    let number = use_mut_ref(|| 0_u32);
    let start = {
        let (worker, card) = (worker.clone(), props.card.clone());
        let dispatch = (state.dispatcher(), session.dispatcher());
        Callback::from(move |source: Source| {
            let number = number.replace_with(|n| n.wrapping_add(1));
            start(&dispatch, &worker, &card, source, number);
        })
    };
    let again = {
        let (dispatch, worker) = (state.dispatcher(), worker.clone());
        Callback::from(move |_: MouseEvent| {
            worker.replace(None);
            dispatch.dispatch(RecountChange::Again);
        })
    };
    let choice = html! { <SourceChoice card={props.card.clone()} {start} /> };
    match &*state {
        RecountState::Choosing => choice,
        RecountState::Running(running) => {
            html! { <ProgressView running={running.clone()} control={control(&state, &worker)} /> }
        }
        RecountState::Done {
            source,
            report,
            found,
        } => {
            let agreement = found.as_ref().map(|found| &found.agreement);
            let hold = hold(&props.card, session.watch(), agreement, report.verdict);
            html! { <ResultView card={props.card.clone()} source={source.clone()} report={report.clone()} {hold} {again} /> }
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

fn start(
    (dispatch, session): &Dispatchers,
    worker: &Worker,
    card: &Rc<TrustCard>,
    source: Source,
    number: u32,
) {
    dispatch.dispatch(RecountChange::Started {
        number,
        source: source.name(),
        now: clock::milliseconds(),
    });
    let news = {
        let (dispatch, session, card) = (dispatch.clone(), session.clone(), card.clone());
        move |event| {
            dispatch.dispatch(match event {
                Event::Progressed(progress) => RecountChange::Progressed { number, progress },
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
    worker.replace(RecountWorker::start(card, source, news));
}

/// What the visitor may do while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Control {
    Pause,
    Resume,
    Cancel,
}

fn control(state: &UseReducerHandle<RecountState>, worker: &Worker) -> Callback<Control> {
    let (dispatch, worker) = (state.dispatcher(), worker.clone());
    Callback::from(move |control| {
        let now = clock::milliseconds();
        let change = match control {
            Control::Pause => RecountChange::Paused { now },
            Control::Resume => RecountChange::Resumed { now },
            Control::Cancel => {
                worker.replace(None);
                RecountChange::Cancelled
            }
        };
        if let Some(worker) = worker.borrow().as_ref() {
            worker.pause(matches!(control, Control::Pause));
        }
        dispatch.dispatch(change);
    })
}
