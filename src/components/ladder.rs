//! Roll ≥ rights issued ≥ turnout ≥ ballots, as four bars below each other: each may be no longer than the one above.

use super::header::use_language;
use crate::state::pace::{percent, permille};
use crate::text::{RecountText as Text, grouped};
use verifier_core::Participation;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct LadderProps {
    pub participation: Vec<Participation>,
    /// Whether voting goes on, so that turnout is certified later than ballots are recorded.
    #[prop_or_default]
    pub running: bool,
}

/// The sums over all municipalities.
#[component]
pub fn Ladder(props: &LadderProps) -> Html {
    let language = use_language();
    let sum = |of: fn(&Participation) -> u64| props.participation.iter().map(of).sum::<u64>();
    let roll = sum(|people| people.roll.into());
    let steps = [
        (Text::Roll, roll),
        (Text::Issued, sum(Participation::rights)),
        (Text::CheckedIn, sum(Participation::turnout)),
        (Text::BallotsColumn, sum(|people| people.ballots)),
    ];
    let note = if props.running {
        Text::LadderRunning
    } else {
        Text::LadderNote
    };
    let row = |(name, number): (Text, u64)| {
        html! {
            <li class="candidate">
                <span>{ language.say(name) }</span>
                <b class="number">{ grouped(number) }</b>
                <svg class="bar" width="100%" height="10" aria-hidden="true" focusable="false">
                    <rect class="bar-ground" width="100%" height="10" rx="3" />
                    <rect class="bar-value" width={percent(permille(number, roll))} height="10" rx="3" />
                </svg>
            </li>
        }
    };
    html! {
        <div class="card plain stack">
            <h3>{ language.say(Text::Ladder) }</h3>
            <ol class="bars" data-testid="ladder">{ for steps.map(row) }</ol>
            <p class="small quiet">{ language.say(note) }</p>
        </div>
    }
}
