//! A row for each node.

use super::state_word;
use crate::components::{Icon, IconName, Tone};
use crate::services::node;
use crate::state::watch::Found;
use crate::text::{
    Language, NodesText as Text, StandingSentence, StandingWord, grouped, technical,
};
use verifier_core::{NodeAddress, NodeStanding, TrustCard};
use yew::prelude::*;

/// All nodes of the card, in its order.
pub fn table(language: Language, card: &TrustCard, found: Option<&Found>) -> Html {
    let head = [Text::Municipality, Text::State, Text::Height, Text::Latency];
    let asked = NodeStanding::Asked;
    let rows = card.nodes.iter().enumerate().map(|(at, address)| {
        let standing = found.and_then(|found| found.agreement.nodes.get(at));
        let latency = found.and_then(|found| found.latency_ms.get(at).copied().flatten());
        let furthest = found.map_or(0, Found::furthest);
        row(
            language,
            card,
            address,
            standing.unwrap_or(&asked),
            latency,
            furthest,
        )
    });
    html! {
        <table class="table stacks nodes">
            <caption class="unseen">{ language.say(Text::Table) }</caption>
            <thead><tr>{ for head.map(|name| html! { <th scope="col">{ language.say(name) }</th> }) }</tr></thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}

fn row(
    language: Language,
    card: &TrustCard,
    address: &NodeAddress,
    standing: &NodeStanding,
    latency: Option<u64>,
    furthest: u64,
) -> Html {
    let name = language.say(node::name(card, address.municipality));
    let (colour, icon) = look(standing);
    let latest = match standing {
        NodeStanding::Agrees { latest } | NodeStanding::Behind { latest } => Some(*latest),
        NodeStanding::Conflicts { height, .. } => Some(*height),
        NodeStanding::Asked
        | NodeStanding::Unreachable(_)
        | NodeStanding::Faulty(_)
        | NodeStanding::Rewrote { .. } => None,
    };
    let said = match standing {
        NodeStanding::Faulty(fault) => technical(fault, card),
        _ => None,
    };
    html! {
        <tr data-testid="node-row" data-state={state_word(standing)}>
            <th scope="row">{ name }<br /><span class="small quiet code">{ &address.url }</span></th>
            <td>
                <span class={classes!("badge", "with-icon", colour)}><Icon name={icon} size={16} />{ language.say(StandingWord(standing)) }</span>
                <p class="small quiet" data-testid="node-sentence">{ language.say(StandingSentence(standing, furthest)) }</p>
                { for said.map(|said| html! { <code class="said small">{ said }</code> }) }
            </td>
            <td class="number" data-label={language.say(Text::Height)}>{ latest.map_or_else(|| "–".into(), grouped) }</td>
            <td class="number" data-label={language.say(Text::Latency)}>{ latency.map_or_else(|| "–".into(), |ms| format!("{} ms", grouped(ms))) }</td>
        </tr>
    }
}

fn look(standing: &NodeStanding) -> (Option<&'static str>, IconName) {
    let (tone, icon) = match standing {
        NodeStanding::Asked => return (None, IconName::Turning),
        NodeStanding::Agrees { .. } => (Tone::Good, IconName::Tick),
        NodeStanding::Behind { .. } => (Tone::Unsure, IconName::Waiting),
        NodeStanding::Unreachable(_) => (Tone::Unsure, IconName::Question),
        NodeStanding::Faulty(_) => (Tone::Unsure, IconName::Information),
        NodeStanding::Conflicts { .. } | NodeStanding::Rewrote { .. } => {
            (Tone::Bad, IconName::Cross)
        }
    };
    (Some(tone.colour()), icon)
}
