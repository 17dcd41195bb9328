//! Voting over time, as columns. Sizes are attributes of SVG shapes, because the page's policy forbids inline styles.

use super::header::use_language;
use crate::state::live::columns;
use crate::text::{BallotsAMinute, DateTime, LiveText as Text};
use verifier_core::LiveBlock;
use yew::prelude::*;

/// The drawing's own units, stretched to the width there is.
const WIDTH: u64 = 1000;
const HEIGHT: u64 = 200;
const GAP: u64 = 4;

#[derive(Clone, PartialEq, Properties)]
pub struct RateChartProps {
    /// In the order of their heights.
    pub blocks: Vec<LiveBlock>,
}

/// Ballots a minute over the time of these blocks.
#[component]
pub fn RateChart(props: &RateChartProps) -> Html {
    let language = use_language();
    let columns = columns(&props.blocks);
    let most = columns.iter().map(|column| column.rate).max().unwrap_or(0);
    let count = u64::try_from(columns.len()).unwrap_or(1).max(1);
    let width = WIDTH / count;
    let last = columns.len().saturating_sub(1);
    let bars = (0u64..).zip(&columns).map(|(at, column)| {
        let height = (column.rate.saturating_mul(HEIGHT)).checked_div(most).unwrap_or(0);
        let newest = usize::try_from(at).is_ok_and(|at| at == last);
        html! {
            <rect class={if newest { "chart-newest" } else { "chart-columns" }} x={at.saturating_mul(width).to_string()}
                y={HEIGHT.saturating_sub(height).to_string()} width={width.saturating_sub(GAP).max(1).to_string()} height={height.to_string()} />
        }
    });
    let clock =
        |block: Option<&LiveBlock>| block.map_or(String::new(), |b| DateTime::of(b.time).clock());
    let (from, to) = (clock(props.blocks.first()), clock(props.blocks.last()));
    let most_words = language.say(BallotsAMinute(most));
    let label = format!(
        "{}: {from} – {to}, ≤ {most_words}",
        language.say(Text::Rate)
    );
    html! {
        <figure data-testid="rate-chart" data-most={most.to_string()}>
            <p class="chart-labels"><span class="number">{ most_words }</span></p>
            <svg role="img" aria-label={label} width="100%" height="240" viewBox={format!("0 0 {WIDTH} {HEIGHT}")} preserveAspectRatio="none" focusable="false">
                <rect class="chart-ground" width={WIDTH.to_string()} height={HEIGHT.to_string()} />
                { for bars }
            </svg>
            <p class="chart-labels"><span class="number">{ from }</span><span class="number">{ to }</span></p>
            <figcaption class="small quiet">{ language.say(Text::RateNote) }</figcaption>
        </figure>
    }
}
