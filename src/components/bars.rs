//! Candidates' totals as bars. Widths are attributes of SVG shapes, because the page's policy forbids inline styles.

use super::header::use_language;
use crate::state::pace::{percent, permille};
use crate::text::{RecountText, grouped};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct BarsProps {
    /// Names and votes, in the order of the ballot.
    pub totals: Vec<(AttrValue, u64)>,
}

/// One bar for each candidate, as long as its share of all votes.
#[component]
pub fn Bars(props: &BarsProps) -> Html {
    let language = use_language();
    let all: u64 = props.totals.iter().map(|(_, votes)| votes).sum();
    let most = props.totals.iter().map(|(_, votes)| *votes).max();
    let row = |(name, votes): &(AttrValue, u64)| {
        let share = permille(*votes, all);
        let class = classes!("bar", (Some(*votes) == most).then_some("most"));
        html! {
            <li class="candidate" data-testid="candidate">
                <span class="candidate-name" data-testid="candidate-name">{ name }</span>
                <span class="candidate-votes number"><b data-testid="candidate-votes" data-votes={votes.to_string()}>{ grouped(*votes) }</b>{ " " }<span class="quiet">{ percent(share) }</span></span>
                <svg {class} width="100%" height="14" aria-hidden="true" focusable="false">
                    <rect class="bar-ground" width="100%" height="14" rx="3" />
                    <rect class="bar-value" width={percent(share)} height="14" rx="3" />
                </svg>
            </li>
        }
    };
    html! { <ol class="bars" aria-label={language.say(RecountText::Totals)} data-testid="totals">{ for props.totals.iter().map(row) }</ol> }
}
