//! Check my ballot: a receipt in, the checks one by one, and two answers: recorded, and counted.

mod actions;
mod dispute;
mod facts;
mod filed;
mod keep;
mod opening;
mod proof;

use crate::components::{
    CheckEvidence, CheckList, GatedPage, ReceiptInput, ReceiptVerdict, use_language,
};
use crate::services::node::some_node;
use crate::services::{self, document};
use crate::state::filed::Filed;
use crate::state::hold::hold;
use crate::state::opening::is_opening;
use crate::state::row::Row;
use crate::state::watch::Watch;
use crate::state::{CheckChange, CheckState, Findings, Run, Session, SessionChange, use_session};
use crate::text::{Language, ReceiptText as Text, row};
use actions::actions;
use facts::{evidence_of, receipt_facts};
use filed::FiledView;
use keep::keep;
use opening::OpeningDesk;
use std::rc::Rc;
use verifier_core::{Check as Outcome, CheckId, CheckOutcome, Doubt, TrustCard};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct CheckProps {
    /// The receipt that the page's address carried.
    pub receipt: Option<String>,
}

/// The page.
#[component]
pub fn Check(props: &CheckProps) -> Html {
    let language = use_language();
    let receipt = props.receipt.clone();
    let content = Callback::from(
        move |card: Rc<TrustCard>| html! { <Desk {card} receipt={receipt.clone()} /> },
    );
    html! { <GatedPage title={language.say(Text::Title)} lead={language.say(Text::Lead)} testid="page-check" {content} /> }
}

#[derive(Clone, PartialEq, Properties)]
struct DeskProps {
    card: Rc<TrustCard>,
    receipt: Option<String>,
}

/// Where receipts are checked, once there is a trust card.
#[component]
fn Desk(props: &DeskProps) -> Html {
    let language = use_language();
    let session = use_session();
    let state = use_reducer(CheckState::default);
    let opening = use_state_eq(|| None::<AttrValue>);
    use_link(props, &state);
    use_run(&props.card, &state, &session);
    let card = &props.card;
    if let Some(text) = &*opening {
        let again = {
            let opening = opening.clone();
            Callback::from(move |()| opening.set(None))
        };
        return html! { <OpeningDesk {card} text={text.clone()} {again} /> };
    }
    match &*state {
        CheckState::Waiting { text, trouble } => {
            let (given, troubled) = (state.dispatcher(), state.dispatcher());
            let filed = filed_callback(card, &state);
            let nodes = card.nodes.len();
            let given = Callback::from(move |text: String| {
                if is_opening(&text) {
                    return opening.set(Some(text.into()));
                }
                given.dispatch(CheckChange::Given {
                    text,
                    node: some_node(nodes),
                })
            });
            let troubled =
                Callback::from(move |trouble| troubled.dispatch(CheckChange::Troubled(trouble)));
            html! { <ReceiptInput text={text.clone()} trouble={trouble.clone()} {given} {troubled} {filed} /> }
        }
        CheckState::Running { run, checks } => html! {
            <div class="stack" data-testid="receipt-running">
                <h2 tabindex="-1" class="verdict-title">{ language.say(Text::Running) }</h2>
                { check_list(card, &done_so_far(checks), true, Rc::from([])) }
                { receipt_facts(language, card, run, None) }
            </div>
        },
        CheckState::Done { run, findings } => {
            done(language, card, run, findings, &state, session.watch())
        }
        CheckState::Filed(filed) => {
            let again = again(&state);
            html! { <FiledView card={card.clone()} filed={filed.clone()} watch={session.watch().clone()} {again} /> }
        }
    }
}

/// Judges a file with proofs by the trust card.
fn filed_callback(card: &Rc<TrustCard>, state: &UseReducerHandle<CheckState>) -> Callback<Vec<u8>> {
    let (dispatch, card) = (state.dispatcher(), card.clone());
    Callback::from(move |bytes: Vec<u8>| {
        let filed = Rc::new(Filed::judge(&bytes, &card));
        dispatch.dispatch(CheckChange::Filed(filed));
        document::focus_soon(".verdict-title");
    })
}

fn again(state: &UseReducerHandle<CheckState>) -> Callback<MouseEvent> {
    let dispatch = state.dispatcher();
    Callback::from(move |_| dispatch.dispatch(CheckChange::Again))
}

fn done(
    language: Language,
    card: &Rc<TrustCard>,
    run: &Run,
    findings: &Findings,
    state: &UseReducerHandle<CheckState>,
    watch: &Watch,
) -> Html {
    let Findings {
        report,
        evidence,
        found,
        proof,
    } = findings;
    let agreement = found.as_ref().map(|found| &found.agreement);
    let hold = hold(card, watch, agreement, report.verdict);
    html! {
            <div class="stack" data-testid="receipt-done">
                <ReceiptVerdict report={Rc::new(report.clone())} {hold} />
                { actions(language, card, run, report, hold, state) }
                <h2 class="section-title">{ language.say(Text::Checks) }</h2>
                { check_list(card, &report.checks, false, evidence_of(language, card, &run.receipt, evidence)) }
                { receipt_facts(language, card, run, Some(report)) }
                { keep(language, card, &run.receipt, run.node, proof.clone().filter(|_| hold.is_none())) }
            </div>
    }
}

/// Checks the receipt that the address carries, whenever it carries another one.
#[hook]
fn use_link(props: &DeskProps, state: &UseReducerHandle<CheckState>) {
    let dispatch = state.dispatcher();
    let nodes = props.card.nodes.len();
    use_effect_with(props.receipt.clone(), move |receipt| {
        if let Some(text) = receipt.clone() {
            let node = some_node(nodes);
            dispatch.dispatch(CheckChange::Given { text, node });
        }
    });
}

/// Carries out each check that the state names, once.
#[hook]
fn use_run(
    card: &Rc<TrustCard>,
    state: &UseReducerHandle<CheckState>,
    session: &UseReducerHandle<Session>,
) {
    let (dispatch, session) = (state.dispatcher(), session.dispatcher());
    let card = card.clone();
    use_effect_with(state.run().cloned(), move |run| {
        let Some(run) = run.clone() else {
            return;
        };
        document::focus_soon(".verdict-title");
        yew::platform::spawn_local(async move {
            let number = run.number;
            let progress = {
                let dispatch = dispatch.clone();
                move |checks: &[Outcome]| {
                    dispatch.dispatch(CheckChange::Progressed {
                        number,
                        checks: Rc::from(checks),
                    })
                }
            };
            let findings =
                services::receipt_check::run(&card, &run.receipt, run.node, progress).await;
            if let Some(found) = findings.found.clone() {
                session.dispatch(SessionChange::Surveyed(found));
            }
            let findings = Rc::new(findings);
            dispatch.dispatch(CheckChange::Finished { number, findings });
            document::focus_soon(".verdict-title");
        });
    });
}

/// The checks that have an answer: those that were not reached yet have none.
fn done_so_far(checks: &[Outcome]) -> Vec<Outcome> {
    let open = CheckOutcome::Unknown(Doubt::NotReached);
    checks
        .iter()
        .filter(|check| check.outcome != open)
        .cloned()
        .collect()
}

fn check_list(
    card: &TrustCard,
    checks: &[Outcome],
    running: bool,
    evidence: Rc<[CheckEvidence]>,
) -> Html {
    let rows: Rc<[Row]> = checks.iter().map(|check| row(check, card)).collect();
    let expected: Rc<[CheckId]> = CheckId::of_receipt().collect();
    html! {
        <div aria-live="polite">
            <CheckList {rows} {expected} {running} {evidence} />
        </div>
    }
}
