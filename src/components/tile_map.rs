//! The province as squares, one for each municipality, shaded by turnout and labelled with it.

use super::header::use_language;
use crate::state::pace::{percent, permille};
use crate::state::tile_map::{Place, SEOUL, places, stem};
use crate::text::{Language, RecountText};
use std::rc::Rc;
use verifier_core::{Municipality, Participation, TrustCard};
use yew::prelude::*;

/// Shades of turnout: below 20 %, 40 %, 60 %, 80 %, and above.
const SHADE_PERMILLE: u64 = 200;

#[derive(Clone, PartialEq, Properties)]
pub struct TileMapProps {
    pub card: Rc<TrustCard>,
    pub participation: Vec<Participation>,
}

/// The map and its legend.
#[component]
pub fn TileMap(props: &TileMapProps) -> Html {
    let language = use_language();
    let municipalities = &props.card.contract.municipalities;
    let places = places(municipalities.iter().map(|m| m.name.ko.as_str()));
    let tiles = municipalities
        .iter()
        .zip(&props.participation)
        .zip(places)
        .map(|((municipality, people), place)| tile(language, municipality, people, place));
    html! {
        <figure class="tile-map">
            <ul class="tiles" data-testid="tile-map">
                { for tiles }
                <li class={classes!("tile-blank", position(SEOUL))} aria-hidden="true">{ language.say(RecountText::Seoul) }</li>
            </ul>
            { legend(language) }
        </figure>
    }
}

fn tile(
    language: Language,
    municipality: &Municipality,
    people: &Participation,
    place: Place,
) -> Html {
    let turnout = permille(people.turnout(), people.roll.into());
    let shade = format!("shade-{}", shade(turnout));
    let name = match language {
        Language::Korean => AttrValue::from(stem(&municipality.name.ko).to_owned()),
        Language::English => short_english(&municipality.name.en),
    };
    html! {
        <li class={classes!("tile", shade, position(place))} title={language.say(&municipality.name)} data-testid="tile">
            <span class="tile-name">{ name }</span>
            <span class="number">{ percent(turnout) }</span>
        </li>
    }
}

/// The name without its kind, as in `Suwon` for `Suwon-si`.
fn short_english(name: &str) -> AttrValue {
    let short = name
        .split(['-', ' '])
        .next()
        .filter(|short| !short.is_empty())
        .unwrap_or(name);
    AttrValue::from(short.to_owned())
}

fn shade(permille: u64) -> u64 {
    (permille / SHADE_PERMILLE).min(4)
}

/// Classes rather than styles, which the page's policy forbids.
fn position(place: Place) -> Classes {
    classes!(
        format!("column-{}", place.column),
        format!("row-{}", place.row)
    )
}

fn legend(language: Language) -> Html {
    let steps = ["0–20%", "20–40%", "40–60%", "60–80%", "80–100%"];
    html! {
        <figcaption class="legend">
            <span>{ language.say(RecountText::TurnoutScale) }</span>
            { for steps.iter().enumerate().map(|(at, step)| html! {
                <span class="legend-step"><span class={classes!("legend-square", format!("shade-{at}"))} aria-hidden="true"></span>{ *step }</span>
            }) }
        </figcaption>
    }
}
