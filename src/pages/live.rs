//! Live turnout: verified numbers of an election that runs, block by block.

use crate::components::{
    Alert, GatedPage, Ladder, ParticipationTable, RateChart, TileMap, Tone, held_back, use_language,
};
use crate::services::live::Follower;
use crate::services::node;
use crate::state::hold::{Hold, hold};
use crate::state::live::{Link, LiveState, NodeTrouble, sums};
use crate::state::pace::{percent, permille};
use crate::state::use_session;
use crate::text::{DateTime, Language, LinkText, LiveText as Text, RecountText, Span, grouped};
use std::rc::Rc;
use verifier_core::{LiveBlock, LiveView, Participation, TrustCard, Verdict};
use yew::prelude::*;

/// So many of the latest blocks are listed.
const LATEST: usize = 8;

/// The page.
#[component]
pub fn Live() -> Html {
    let language = use_language();
    let content = Callback::from(|card: Rc<TrustCard>| html! { <Desk {card} /> });
    html! { <GatedPage title={language.say(Text::Title)} lead={language.say(Text::Lead)} testid="page-live" {content} /> }
}

#[derive(Clone, PartialEq, Properties)]
struct DeskProps {
    card: Rc<TrustCard>,
}

/// Follows the election for as long as it is on show.
#[component]
fn Desk(props: &DeskProps) -> Html {
    let language = use_language();
    let state = use_reducer_eq(LiveState::default);
    let dispatch = state.dispatcher();
    use_effect_with(props.card.clone(), move |card| {
        let follower = Follower::start(card.clone(), move |change| dispatch.dispatch(change));
        move || drop(follower)
    });
    let card = &props.card;
    let session = use_session();
    let agreement = session.watch().found().map(|found| &found.agreement);
    let hold = agreement
        .and_then(|agreement| hold(card, session.watch(), Some(agreement), Verdict::Accepted));
    let view = match hold {
        // Where the nodes tell two ledgers, no number is shown.
        Some(Hold::Conflict | Hold::Rewritten) => &Rc::default(),
        Some(Hold::TooFew { .. }) | None => &state.view,
    };
    html! {
        <div class="stack">
            { head(language, card, &state) }
            { for hold.map(|hold| held(language, hold)) }
            { notices(language, &state) }
            { for view.numbers.as_ref().map(|numbers| figures(language, &numbers.participation, view)) }
            { troubles(language, card, &state.troubles) }
            { for view.numbers.as_ref().map(|numbers| html! {
                <>
                    { over_time(language, view) }
                    { by_municipality(language, card, &numbers.participation, !view.closed) }
                </>
            }) }
        </div>
    }
}

/// What the nodes together say against these numbers.
fn held(language: Language, hold: Hold) -> Html {
    let (tone, title, meaning) = held_back(hold);
    html! { <Alert {tone} title={language.say(title)} testid="live-held"><p>{ language.say(meaning) }</p></Alert> }
}

/// How news comes, from whom, and up to which block everything is verified.
fn head(language: Language, card: &TrustCard, state: &LiveState) -> Html {
    let (word, colour) = match state.link {
        Link::Starting => ("starting", None),
        Link::Socket => ("socket", Some("good")),
        Link::Polling => ("polling", Some("note")),
        Link::Retrying => ("retrying", Some("unsure")),
        Link::Over => ("over", Some("note")),
    };
    let source = card.nodes.get(state.node);
    let source = source.map(|address| language.say(node::name(card, address.municipality)));
    html! {
        <p class="live-head">
            <span class={classes!("badge", colour)} role="status" data-testid="live-link" data-link={word} data-node={state.node.to_string()}>{ language.say(LinkText(state.link)) }</span>
            { for source.map(|source| html! { <span class="small quiet">{ language.say(Text::Node) }{ ": " }{ source }</span> }) }
        </p>
    }
}

fn notices(language: Language, state: &LiveState) -> Html {
    let starting = state.view.numbers.is_none().then(|| html! {
        <Alert tone={Tone::Note} title={language.say(Text::Starting)} testid="live-starting"><p>{ language.say(Text::StartingText) }</p></Alert>
    });
    let closed = state.view.closed.then(|| html! {
        <Alert tone={Tone::Note} title={language.say(Text::Closed)} testid="live-closed"><p>{ language.say(Text::ClosedText) }</p></Alert>
    });
    // Once voting is closed and over, nothing more is expected.
    let still = state.still.filter(|_| state.link != Link::Over).map(|seconds| {
        let title = format!("{} ({})", language.say(Text::Still), language.say(Span(seconds)));
        html! { <Alert tone={Tone::Unsure} {title} testid="live-still"><p>{ language.say(Text::StillText) }</p></Alert> }
    });
    html! { <>{ for starting }{ for closed }{ for still }</> }
}

fn figures(language: Language, participation: &[Participation], view: &LiveView) -> Html {
    let all = sums(participation);
    let newest = view.blocks.last();
    let number = |name: Text, testid: &'static str, value: u64| {
        html! { <div><dt>{ language.say(name) }</dt><dd class="number" data-testid={testid} data-value={value.to_string()}>{ grouped(value) }</dd></div> }
    };
    let turnout = percent(permille(all.turnout(), all.roll.into()));
    html! {
        <section class="card plain stack" data-testid="live-figures">
            <dl class="figures">
                <div>
                    <dt>{ language.say(Text::Turnout) }</dt>
                    <dd class="number" data-testid="live-turnout" data-value={all.turnout().to_string()}>
                        { turnout }{ " " }<span class="quiet">{ grouped(all.turnout()) }</span>
                    </dd>
                </div>
                { number(Text::Ballots, "live-ballots", all.ballots) }
                { number(Text::Issued, "live-issued", all.rights()) }
                { number(Text::Roll, "live-roll", all.roll.into()) }
                { for newest.map(|block| html! {
                    <div>
                        <dt>{ language.say(Text::Verified) }</dt>
                        <dd class="number" data-testid="live-height" data-value={block.height.to_string()}>
                            { grouped(block.height) }{ " " }<span class="quiet">{ DateTime::of(block.time).clock() }</span>
                        </dd>
                    </div>
                }) }
            </dl>
            <p class="small quiet">{ language.say(Text::Note) }</p>
        </section>
    }
}

fn troubles(language: Language, card: &TrustCard, troubles: &[NodeTrouble]) -> Html {
    if troubles.is_empty() {
        return html! {};
    }
    let item = |trouble: &NodeTrouble| {
        let address = card.nodes.get(trouble.node);
        let name = address.map(|address| language.say(node::name(card, address.municipality)));
        html! {
            <li data-testid="live-trouble" data-node={trouble.node.to_string()}>
                <span class="number">{ DateTime::of(trouble.time).clock() }</span>{ " " }<b>{ name }</b>{ ": " }{ language.say(&trouble.mischief) }
            </li>
        }
    };
    html! {
        <Alert tone={Tone::Unsure} title={language.say(Text::Troubles)} testid="live-troubles">
            <p>{ language.say(Text::TroublesNote) }</p>
            <ul class="bullets">{ for troubles.iter().rev().map(item) }</ul>
        </Alert>
    }
}

fn over_time(language: Language, view: &LiveView) -> Html {
    html! {
        <section class="section map-and-ladder">
            <div class="stack">
                <h2>{ language.say(Text::Rate) }</h2>
                <RateChart blocks={view.blocks.clone()} />
            </div>
            <div class="stack">
                <h2>{ language.say(Text::Latest) }</h2>
                { latest(language, &view.blocks) }
            </div>
        </section>
    }
}

fn latest(language: Language, blocks: &[LiveBlock]) -> Html {
    let head = [Text::Block, Text::Time, Text::Counted];
    let row = |block: &LiveBlock| {
        html! {
            <tr data-testid="live-block" data-height={block.height.to_string()} data-ballots={block.ballots.to_string()}>
                <td class="number">{ grouped(block.height) }</td>
                <td class="number">{ DateTime::of(block.time).clock() }</td>
                <td class="number">{ grouped(block.ballots) }</td>
            </tr>
        }
    };
    html! {
        <table class="table">
            <thead><tr>{ for head.map(|name| html! { <th scope="col" class="number">{ language.say(name) }</th> }) }</tr></thead>
            <tbody>{ for blocks.iter().rev().take(LATEST).map(row) }</tbody>
        </table>
    }
}

fn by_municipality(
    language: Language,
    card: &Rc<TrustCard>,
    participation: &[Participation],
    running: bool,
) -> Html {
    let participation = participation.to_vec();
    html! {
        <section class="section stack">
            <h2>{ language.say(Text::ByMunicipality) }</h2>
            <div class="map-and-ladder">
                <TileMap card={card.clone()} participation={participation.clone()} />
                <Ladder participation={participation.clone()} {running} />
            </div>
            <details>
                <summary>{ language.say(RecountText::TableView) }</summary>
                <ParticipationTable card={card.clone()} {participation} />
            </details>
        </section>
    }
}
