//! A recount at work: how much is done, how fast it goes, how long it still takes.

use super::Control;
use super::kept::KeptNote;
use crate::components::{Alert, Tone, use_language};
use crate::services::clock;
use crate::state::pace::{percent, permille, rate, seconds_left};
use crate::state::{Doing, Running};
use crate::text::{Both, DoingText, Language, RecountText as Text, Span, grouped};
use gloo::timers::callback::Interval;
use yew::prelude::*;

const REDRAW_MS: u32 = 500;

#[derive(Clone, PartialEq, Properties)]
pub struct ProgressViewProps {
    pub running: Running,
    pub control: Callback<Control>,
    /// Starts again from the first block.
    pub anew: Callback<MouseEvent>,
}

/// Bar, numbers and buttons.
#[component]
pub fn ProgressView(props: &ProgressViewProps) -> Html {
    let language = use_language();
    let redraw = use_force_update();
    use_effect_with((), move |()| {
        let interval = Interval::new(REDRAW_MS, move || redraw.force_update());
        move || drop(interval)
    });
    let running = &props.running;
    let progress = running.progress;
    let done = permille(progress.blocks, progress.all_blocks.unwrap_or(0));
    let title = match (running.paused, progress.blocks) {
        (true, _) => Text::Paused,
        (false, 0) => Text::Preparing,
        (false, _) => Text::Running,
    };
    html! {
        <section class="card stack" data-testid="recount-running" data-paused={running.paused.to_string()}>
            <h2 role="status" tabindex="-1" data-testid="recount-state">{ language.say(title) }</h2>
            <progress class="progress" max="1000" value={done.to_string()} aria-label={language.say(Text::Running)} data-testid="recount-progress">{ percent(done) }</progress>
            { numbers(language, running) }
            { buttons(language, running, &props.control) }
            { line(language, running) }
            { workers(language, running) }
            <KeptNote keeping={running.keeping} anew={props.anew.clone()} />
        </section>
    }
}

/// A lost line is said, and waited for.
fn line(language: Language, running: &Running) -> Html {
    let fault = running.line.as_ref().filter(|_| !running.paused);
    html! {
        { for fault.map(|fault| html! {
            <Alert tone={Tone::Unsure} title={language.say(Text::LineLost)} testid="recount-line">
                <p class="small">{ language.say(fault) }</p>
            </Alert>
        }) }
    }
}

/// A row for each worker.
fn workers(language: Language, running: &Running) -> Html {
    let rows = running.workers.iter().zip(1_usize..);
    let row = |(doing, number): (&Doing, usize)| {
        html! {
            <li class="worker" data-testid="recount-worker" data-doing={doing.name()}>
                <b class="number">{ number }</b>
                <span>{ language.say(DoingText(*doing)) }</span>
            </li>
        }
    };
    html! {
        <section aria-labelledby="workers">
            <h3 id="workers" class="small quiet">{ language.say(Text::Workers) }</h3>
            <ol class="workers">{ for rows.map(row) }</ol>
        </section>
    }
}

fn numbers(language: Language, running: &Running) -> Html {
    let (progress, now) = (running.progress, running.this_visit());
    let elapsed = running.watch.elapsed(clock::milliseconds());
    let all = progress.all_blocks;
    let blocks = match all {
        Some(all) => format!("{} / {}", grouped(progress.blocks), grouped(all)),
        None => grouped(progress.blocks),
    };
    let per_second = rate(now.ballots, elapsed).filter(|rate| *rate > 0);
    let per_second = per_second.map_or_else(unknown, |rate| {
        format!("{} {}", grouped(rate), language.say(Text::PerSecond))
    });
    let left = now
        .all_blocks
        .and_then(|all| seconds_left(now.blocks, all, elapsed))
        .map_or_else(unknown, |seconds| language.say(Span(seconds)).to_string());
    let facts = [
        (Text::Blocks, blocks, "recount-blocks"),
        (Text::Ballots, grouped(progress.ballots), "recount-ballots"),
        (Text::Rate, per_second, "recount-rate"),
        (
            Text::Elapsed,
            language.say(Span(elapsed / 1000)).to_string(),
            "recount-elapsed",
        ),
        (Text::TimeLeft, left, "recount-left"),
    ];
    html! {
        <dl class="facts">
            { for facts.into_iter().map(|(name, value, testid)| html! {
                <div><dt>{ language.say(Both::from(name)) }</dt><dd class="number" data-testid={testid}>{ value }</dd></div>
            }) }
        </dl>
    }
}

fn unknown() -> String {
    "–".to_owned()
}

fn buttons(language: Language, running: &Running, control: &Callback<Control>) -> Html {
    let (turn, label, testid) = if running.paused {
        (Control::Resume, Text::Resume, "recount-resume")
    } else {
        (Control::Pause, Text::Pause, "recount-pause")
    };
    let pause = control.reform(move |_: MouseEvent| turn);
    let cancel = control.reform(|_: MouseEvent| Control::Cancel);
    html! {
        <div class="buttons">
            <button type="button" class="button" onclick={pause} data-testid={testid}>{ language.say(label) }</button>
            <button type="button" class="button" onclick={cancel} data-testid="recount-cancel">{ language.say(Text::Cancel) }</button>
        </div>
    }
}
