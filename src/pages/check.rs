//! Check my ballot: a receipt in, the checks one by one, and two answers: recorded, and counted.

use crate::components::{
    CheckEvidence, CheckList, Identifier, PageHead, Qr, ReceiptInput, ReceiptVerdict, TrustGate,
    use_language,
};
use crate::services::{self, address, clock, document, download};
use crate::state::row::Row;
use crate::state::{CheckChange, CheckState, Run, report_file};
use crate::text::{Both, DateTime, Language, ReceiptText as Text, grouped, row};
use std::rc::Rc;
use verifier_core::{
    Check as Outcome, CheckId, CheckOutcome, Doubt, Evidence, Receipt, Report, Standing, TrustCard,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
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
    html! {
        <div class="inner" data-testid="page-check">
            <PageHead title={language.say(Text::Title)} lead={language.say(Text::Lead)} />
            <TrustGate {content} />
        </div>
    }
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
    let state = use_reducer(CheckState::default);
    use_link(props, &state);
    use_run(&props.card, &state);
    let card = &props.card;
    match &*state {
        CheckState::Waiting { text, trouble } => {
            let (given, troubled) = (state.dispatcher(), state.dispatcher());
            let nodes = card.nodes.len();
            let given = Callback::from(move |text| {
                given.dispatch(CheckChange::Given {
                    text,
                    node: some_node(nodes),
                })
            });
            let troubled =
                Callback::from(move |trouble| troubled.dispatch(CheckChange::Troubled(trouble)));
            html! { <ReceiptInput text={text.clone()} trouble={trouble.clone()} {given} {troubled} /> }
        }
        CheckState::Running { run, checks } => html! {
            <div class="stack" data-testid="receipt-running">
                <h2 tabindex="-1" class="verdict-title">{ language.say(Text::Running) }</h2>
                { check_list(card, &done_so_far(checks), true, Rc::from([])) }
                { receipt_facts(language, card, run, None) }
            </div>
        },
        CheckState::Done { run, findings } => done(language, card, run, findings, &state),
    }
}

fn done(
    language: Language,
    card: &Rc<TrustCard>,
    run: &Run,
    findings: &(Report, Evidence),
    state: &UseReducerHandle<CheckState>,
) -> Html {
    let (report, evidence) = findings;
    html! {
            <div class="stack" data-testid="receipt-done">
                <ReceiptVerdict report={Rc::new(report.clone())} />
                { actions(language, card, run, report, state) }
                <h2 class="section-title">{ language.say(Text::Checks) }</h2>
                { check_list(card, &report.checks, false, evidence_of(language, card, &run.receipt, evidence)) }
                { receipt_facts(language, card, run, Some(report)) }
                { keep(language, &run.receipt) }
            </div>
    }
}

/// The node to begin with: any of them; the time of day spreads visitors over all.
fn some_node(nodes: usize) -> usize {
    let nodes = u64::try_from(nodes).unwrap_or(1).max(1);
    usize::try_from(clock::milliseconds() % nodes).unwrap_or(0)
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
fn use_run(card: &Rc<TrustCard>, state: &UseReducerHandle<CheckState>) {
    let dispatch = state.dispatcher();
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

fn actions(
    language: Language,
    card: &TrustCard,
    run: &Run,
    report: &Report,
    state: &UseReducerHandle<CheckState>,
) -> Html {
    let again = {
        let dispatch = state.dispatcher();
        Callback::from(move |_| dispatch.dispatch(CheckChange::Again))
    };
    html! {
        <>
            { dispute(language, run, report) }
            <div class="buttons">
                { node_choice(language, card, run, state) }
                <button type="button" class="button" onclick={again} data-testid="receipt-again">{ language.say(Text::Again) }</button>
            </div>
        </>
    }
}

fn dispute(language: Language, run: &Run, report: &Report) -> Html {
    if !matches!(report.standing, Some(Standing::Missing)) {
        return html! {};
    }
    let file = report_file::dispute(&run.receipt, report);
    let onclick = Callback::from(move |_| {
        download::save("chamgwan-dispute.json", "application/json", file.as_bytes())
    });
    html! {
        <div class="card stack">
            <p>{ language.say(Text::DisputeText) }</p>
            <button type="button" class="button primary" {onclick} data-testid="save-dispute">{ language.say(Text::Dispute) }</button>
        </div>
    }
}

/// Lets the voter ask another municipality's node about the same receipt.
fn node_choice(
    language: Language,
    card: &TrustCard,
    run: &Run,
    state: &UseReducerHandle<CheckState>,
) -> Html {
    let onchange = {
        let dispatch = state.dispatcher();
        Callback::from(move |event: Event| {
            let select = event
                .target()
                .and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
            if let Some(node) = select.and_then(|s| s.value().parse().ok()) {
                dispatch.dispatch(CheckChange::OtherNode(node));
            }
        })
    };
    let options = card.nodes.iter().enumerate().map(|(at, node)| {
        let name = services::node::name(card, node.municipality);
        html! { <option value={at.to_string()} selected={at == run.node}>{ language.say(name) }</option> }
    });
    html! {
        <label class="inline-field">
            <span>{ language.say(Text::AnotherNode) }</span>
            <select class="input" {onchange} data-testid="receipt-node">{ for options }</select>
        </label>
    }
}

fn receipt_facts(language: Language, card: &TrustCard, run: &Run, report: Option<&Report>) -> Html {
    let receipt = &run.receipt;
    let asset = receipt.asset;
    let promise = &receipt.promise;
    let source = card
        .nodes
        .get(run.node)
        .map(|node| services::node::name(card, node.municipality));
    let pairs: [(Text, Both); 6] = [
        (Text::Asset, Both::plain(asset.to_string())),
        (
            Text::Mark,
            Both::plain(String::from_utf8_lossy(&receipt.mark).into_owned()),
        ),
        (
            Text::Municipality,
            services::node::name(card, promise.municipality),
        ),
        (Text::PromisedAt, DateTime::of(promise.time).into()),
        (Text::Deadline, DateTime::of(promise.deadline).into()),
        (
            Text::Height,
            Both::plain(receipt.height.map_or_else(|| "–".into(), |h| h.to_string())),
        ),
    ];
    html! {
        <section class="card plain">
            <h2>{ language.say(Text::ReceiptTitle) }</h2>
            <dl class="pairs">
                <dt>{ language.say(Text::TrackingCode) }</dt>
                <dd><Identifier value={receipt.tracking_code.to_string()} testid="tracking-code" /></dd>
                { for pairs.into_iter().map(|(name, value)| html! { <><dt>{ language.say(name) }</dt><dd>{ language.say(value) }</dd></> }) }
                { for source.map(|name| html! { <><dt>{ language.say(Text::Source) }</dt><dd data-testid="receipt-source">{ language.say(name) }</dd></> }) }
                { for report.map(|report| html! {
                    <><dt>{ language.say(Text::Digest) }</dt><dd><Identifier value={report.digest().to_string()} testid="report-digest" /></dd></>
                }) }
            </dl>
        </section>
    }
}

/// What an expert wants to see, each under the check that it belongs to.
fn evidence_of(
    language: Language,
    card: &TrustCard,
    receipt: &Receipt,
    evidence: &Evidence,
) -> Rc<[CheckEvidence]> {
    let mut list = Vec::new();
    let mut add = |check, name: Text, value: String| {
        list.push(CheckEvidence {
            check,
            name: language.say(name),
            value: value.into(),
        });
    };
    let promised_by = services::node::name(card, receipt.promise.municipality);
    add(
        CheckId::ReceiptPromise,
        Text::Municipality,
        language.say(promised_by).to_string(),
    );
    add(
        CheckId::ReceiptPromise,
        Text::Signature,
        hex::encode(receipt.promise.signature),
    );
    if let Some((height, hash, time)) = evidence.anchor {
        add(CheckId::ReceiptHeader, Text::Anchor, grouped(height));
        add(CheckId::ReceiptHeader, Text::Fingerprint, hash.to_string());
        add(
            CheckId::ReceiptHeader,
            Text::Time,
            language.say(DateTime::of(time)).to_string(),
        );
        add(
            CheckId::ReceiptHeader,
            Text::Signers,
            signers(language, card, evidence),
        );
    }
    if let Some((from, to)) = evidence.searched {
        add(
            CheckId::ReceiptBlocks,
            Text::Range,
            format!("{} – {}", grouped(from), grouped(to)),
        );
        add(
            CheckId::ReceiptBlocks,
            Text::Ballots,
            grouped(evidence.ballots_searched),
        );
    }
    if let Some((height, hash, time)) = evidence.block {
        add(CheckId::ReceiptBallot, Text::Height, grouped(height));
        add(CheckId::ReceiptBallot, Text::Fingerprint, hash.to_string());
        add(
            CheckId::ReceiptBallot,
            Text::Time,
            language.say(DateTime::of(time)).to_string(),
        );
        add(
            CheckId::ReceiptBallot,
            Text::TrackingCode,
            receipt.tracking_code.to_string(),
        );
    }
    list.into()
}

fn signers(language: Language, card: &TrustCard, evidence: &Evidence) -> String {
    let names = evidence
        .signers
        .iter()
        .filter_map(|at| card.validators.get(*at));
    let names: Vec<String> = names
        .map(|v| {
            language
                .say(Both::new(v.name_ko.clone(), v.name_en.clone()))
                .to_string()
        })
        .collect();
    format!(
        "{} / {}: {}",
        names.len(),
        card.validators.len(),
        names.join(", ")
    )
}

fn keep(language: Language, receipt: &Receipt) -> Html {
    let link = format!(
        "{}#/check?r={}",
        address::without_fragment(),
        receipt.to_text()
    );
    html! {
        <section class="card keep no-print">
            <div>
                <h2>{ language.say(Text::Keep) }</h2>
                <p class="quiet">{ language.say(Text::KeepText) }</p>
                <details>
                    <summary>{ language.say(Text::ReceiptCode) }</summary>
                    <Identifier value={receipt.to_text()} testid="receipt-code" />
                </details>
                <CopyButton text={link} />
            </div>
            <Qr text={receipt.to_text()} label={language.say(Text::QrAlt)} />
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CopyButtonProps {
    text: AttrValue,
}

/// Copies a text and says so.
#[component]
fn CopyButton(props: &CopyButtonProps) -> Html {
    let language = use_language();
    let copied = use_state_eq(|| false);
    let onclick = {
        let (copied, text) = (copied.clone(), props.text.clone());
        Callback::from(move |_| {
            document::copy(&text);
            copied.set(true);
        })
    };
    html! {
        <div class="buttons">
            <button type="button" class="button small" {onclick} data-testid="copy-link">{ language.say(Text::CopyLink) }</button>
            <span class="small quiet" role="status">{ copied.then(|| language.say(Text::Copied)) }</span>
        </div>
    }
}
