//! Every municipality's node: height, agreement, latency.

use crate::components::{Alert, Identifier, PageHead, Tone, TrustGate, use_language};
use crate::services::nodes::{Comparison, compare};
use crate::services::{download, node};
use crate::state::nodes::{Agreement, NodeState, agreements};
use crate::state::report_file;
use crate::text::{Fault, Language, NodesText as Text, grouped};
use std::rc::Rc;
use verifier_core::TrustCard;
use yew::prelude::*;

/// The page.
#[component]
pub fn Nodes() -> Html {
    let language = use_language();
    let content = Callback::from(|card: Rc<TrustCard>| html! { <Desk {card} /> });
    html! {
        <div class="inner" data-testid="page-nodes">
            <PageHead title={language.say(Text::Title)} lead={language.say(Text::Lead)} />
            <TrustGate {content} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct DeskProps {
    card: Rc<TrustCard>,
}

#[component]
fn Desk(props: &DeskProps) -> Html {
    let language = use_language();
    let comparison = use_state(|| None::<Comparison>);
    let round = use_state(|| 0_u32);
    {
        let (comparison, card) = (comparison.clone(), props.card.clone());
        use_effect_with(*round, move |_| {
            yew::platform::spawn_local(async move { comparison.set(Some(compare(&card).await)) });
        });
    }
    let again = {
        let (comparison, round) = (comparison.clone(), round.clone());
        Callback::from(move |_| {
            comparison.set(None);
            round.set(round.wrapping_add(1));
        })
    };
    if props.card.nodes.is_empty() {
        return html! { <Alert tone={Tone::Unsure} title={language.say(Text::NoNodes)} testid="no-nodes" /> };
    }
    let asking = vec![NodeState::Asking; props.card.nodes.len()];
    let (nodes, expected) = match &*comparison {
        Some(comparison) => (&comparison.nodes, comparison.expected),
        None => (&asking, None),
    };
    let agreements = agreements(nodes, expected);
    html! {
        <div class="stack">
            { summary(language, &agreements, comparison.as_ref()) }
            { conflict(language, &agreements, comparison.as_ref()) }
            <div class="buttons"><button type="button" class="button" onclick={again} data-testid="nodes-refresh">{ language.say(Text::Refresh) }</button></div>
            { table(language, &props.card, nodes, &agreements) }
        </div>
    }
}

fn summary(language: Language, agreements: &[Agreement], comparison: Option<&Comparison>) -> Html {
    let kinds = [
        Agreement::Agrees,
        Agreement::Behind,
        Agreement::Unreachable,
        Agreement::Faulty,
        Agreement::Conflict,
    ];
    let count = |kind: Agreement| agreements.iter().filter(|a| **a == kind).count();
    html! {
        <dl class="facts card plain" aria-live="polite" data-testid="nodes-summary">
            { for kinds.map(|kind| html! { <div><dt>{ language.say(word(kind)) }</dt><dd class="number">{ count(kind) }</dd></div> }) }
            { for comparison.map(|c| html! { <div><dt>{ language.say(Text::ComparedAt) }</dt><dd class="number" data-testid="compared-height">{ grouped(c.height) }</dd></div> }) }
        </dl>
    }
}

fn conflict(language: Language, agreements: &[Agreement], comparison: Option<&Comparison>) -> Html {
    let Some(comparison) = comparison.filter(|_| agreements.contains(&Agreement::Conflict)) else {
        return html! {};
    };
    let evidence = report_file::conflict(comparison.height, &comparison.commits);
    let onclick = Callback::from(move |_| {
        download::save(
            "chamgwan-conflict.json",
            "application/json",
            evidence.as_bytes(),
        )
    });
    html! {
        <Alert tone={Tone::Bad} title={language.say(Text::ConflictNote)} testid="nodes-conflict">
            <div class="buttons"><button type="button" class="button small" {onclick} data-testid="save-evidence">{ language.say(Text::SaveEvidence) }</button></div>
        </Alert>
    }
}

fn table(
    language: Language,
    card: &TrustCard,
    nodes: &[NodeState],
    agreements: &[Agreement],
) -> Html {
    let head = [
        Text::Municipality,
        Text::State,
        Text::Height,
        Text::Latency,
        Text::Header,
    ];
    let rows = card.nodes.iter().zip(nodes).zip(agreements).map(|((address, state), agreement)| {
        let name = language.say(node::name(card, address.municipality));
        html! {
            <tr data-testid="node-row" data-state={state_word(*agreement)}>
                <th scope="row">{ name }<br /><span class="small quiet code">{ &address.url }</span></th>
                <td><span class={classes!("badge", colour(*agreement))}>{ language.say(word(*agreement)) }</span></td>
                { cells(language, state) }
            </tr>
        }
    });
    html! {
        <table class="table stacks nodes">
            <thead><tr>{ for head.map(|name| html! { <th scope="col">{ language.say(name) }</th> }) }</tr></thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}

fn cells(language: Language, state: &NodeState) -> Html {
    match state {
        NodeState::Asking => html! { <><td></td><td></td><td></td></> },
        NodeState::Failed(fault) => html! { <td colspan="3">{ language.say(Fault(fault)) }</td> },
        NodeState::Answered {
            latest,
            latency_ms,
            compared,
        } => html! {
            <>
                <td class="number" data-label={language.say(Text::Height)}>{ grouped(*latest) }</td>
                <td class="number" data-label={language.say(Text::Latency)}>{ format!("{} ms", grouped(*latency_ms)) }</td>
                <td>{ for compared.map(|hash| html! { <Identifier value={hash.to_string()} /> }) }</td>
            </>
        },
    }
}

fn word(agreement: Agreement) -> Text {
    match agreement {
        Agreement::Asking => Text::Asking,
        Agreement::Agrees => Text::Agrees,
        Agreement::Behind => Text::Behind,
        Agreement::Unreachable => Text::Unreachable,
        Agreement::Faulty => Text::Faulty,
        Agreement::Conflict => Text::Conflict,
    }
}

fn state_word(agreement: Agreement) -> &'static str {
    match agreement {
        Agreement::Asking => "asking",
        Agreement::Agrees => "agrees",
        Agreement::Behind => "behind",
        Agreement::Unreachable => "unreachable",
        Agreement::Faulty => "faulty",
        Agreement::Conflict => "conflict",
    }
}

fn colour(agreement: Agreement) -> Option<&'static str> {
    match agreement {
        Agreement::Asking => None,
        Agreement::Agrees => Some("good"),
        Agreement::Behind | Agreement::Unreachable => Some("unsure"),
        Agreement::Faulty | Agreement::Conflict => Some("bad"),
    }
}
