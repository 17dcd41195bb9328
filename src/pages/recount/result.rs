//! The result of a recount: verdict and digest, totals, turnout, the checks, what was refused.

use super::kept::KeptNote;
use crate::components::{
    Alert, Bars, CheckList, Icon, IconName, Identifier, Ladder, ParticipationTable, TileMap, Tone,
    held_back, use_language, verdict_word,
};
use crate::services::{document, download};
use crate::state::SourceName;
use crate::state::hold::{Hold, shown};
use crate::state::report_file::{self, votes};
use crate::state::row::Recounted;
use crate::text::{
    Language, OutcomeReason, RecountMeaning, RecountText as Text, RecountVerdict, grouped,
};
use recount_worker::Keeping;
use std::rc::Rc;
use verifier_core::{CheckId, TrustCard, Verdict};
use yew::prelude::*;

/// At most this many refused ballots are listed on the page; the saved report holds all.
const REFUSED_SHOWN: usize = 100;

#[derive(Clone, PartialEq, Properties)]
pub struct ResultViewProps {
    pub card: Rc<TrustCard>,
    pub source: SourceName,
    pub report: Rc<Recounted>,
    /// Why the verdict is not given although it was reached.
    pub hold: Option<Hold>,
    pub keeping: Option<Keeping>,
    pub again: Callback<MouseEvent>,
    /// Checks again what an earlier visit checked.
    pub anew: Callback<MouseEvent>,
}

/// The whole result.
#[component]
pub fn ResultView(props: &ResultViewProps) -> Html {
    let language = use_language();
    let (card, report) = (&props.card, &props.report);
    use_effect_with((), |()| document::focus_soon(".verdict-title"));
    let expected: Rc<[CheckId]> = report.rows.iter().map(|row| row.id).collect();
    html! {
        <div data-testid="recount-done">
            <p class="print-only"><b>{ language.say(&card.contract.title) }</b><br /><code>{ card.contract_id().to_string() }</code></p>
            { verdict(language, props) }
            <KeptNote keeping={earlier(props.keeping)} anew={props.anew.clone()} />
            { totals(language, card, report, props.hold) }
            { turnout(language, card, report) }
            <section class="section">
                <h2>{ language.say(Text::Checks) }</h2>
                <CheckList rows={Rc::from(report.rows.as_slice())} {expected} running=false />
            </section>
            { refused(language, report) }
            { clock_jumps(language, report) }
        </div>
    }
}

/// In the end only what this visit did not check itself matters.
fn earlier(keeping: Option<Keeping>) -> Option<Keeping> {
    keeping.filter(|keeping| matches!(keeping, Keeping::Kept { ballots, .. } if *ballots > 0))
}

fn verdict(language: Language, props: &ResultViewProps) -> Html {
    let report = &props.report;
    let (tone, headline, meaning) = match props.hold {
        Some(hold) => held_back(hold),
        None => (
            tone(report.verdict),
            RecountVerdict(report.verdict).into(),
            RecountMeaning(report.verdict).into(),
        ),
    };
    let word = verdict_word(shown(report.verdict, props.hold));
    let range = report
        .range
        .map(|(from, to)| format!("{} – {}", grouped(from), grouped(to)));
    html! {
        <section class={classes!("verdict", tone.colour())} data-testid="verdict" data-verdict={word}>
            <div class="verdict-head">
                <span class={tone.colour()}><Icon name={tone.icon()} size={44} /></span>
                <div>
                    <h2 tabindex="-1" class="verdict-title" data-testid="verdict-title">{ language.say(headline) }</h2>
                    <p>{ language.say(meaning) }</p>
                    <p class="small quiet">{ language.say(Text::NotSeen) }</p>
                </div>
            </div>
            <dl class="pairs">
                <dt>{ language.say(Text::Digest) }</dt>
                <dd><Identifier value={report.digest.to_string()} testid="report-digest" /><br /><span class="quiet">{ language.say(Text::DigestNote) }</span></dd>
                <dt>{ language.say(Text::Source) }</dt><dd>{ props.source.as_str().to_owned() }</dd>
                { for range.map(|range| html! { <><dt>{ language.say(Text::Range) }</dt><dd class="number">{ range }</dd></> }) }
            </dl>
            { buttons(language, props) }
        </section>
    }
}

fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Accepted => Tone::Good,
        Verdict::Rejected => Tone::Bad,
        Verdict::Inconclusive => Tone::Unsure,
    }
}

fn buttons(language: Language, props: &ResultViewProps) -> Html {
    let json = {
        let report = props.report.clone();
        Callback::from(move |_| {
            download::save(
                "chamgwan-recount.json",
                "application/json",
                report.json.as_bytes(),
            )
        })
    };
    let csv = {
        let (report, card) = (props.report.clone(), props.card.clone());
        Callback::from(move |_| {
            let table = report_file::csv(&report, &card.contract);
            download::save(
                "chamgwan-recount.csv",
                "text/csv;charset=utf-8",
                table.as_bytes(),
            );
        })
    };
    let print = Callback::from(|_| document::print());
    html! {
        <div class="buttons">
            <button type="button" class="button" onclick={json} data-testid="save-json"><Icon name={IconName::Download} size={20} />{ language.say(Text::SaveJson) }</button>
            <button type="button" class="button" onclick={csv} data-testid="save-csv"><Icon name={IconName::Download} size={20} />{ language.say(Text::SaveCsv) }</button>
            <button type="button" class="button" onclick={print} data-testid="print"><Icon name={IconName::Print} size={20} />{ language.say(Text::Print) }</button>
            <button type="button" class="button" onclick={props.again.clone()} data-testid="recount-again">{ language.say(Text::Again) }</button>
        </div>
    }
}

/// Of two histories, neither gives the totals.
fn is_alarm(hold: Option<Hold>) -> bool {
    matches!(hold, Some(Hold::Conflict | Hold::Rewritten))
}

/// Shown only where the shares prove them.
fn totals(language: Language, card: &TrustCard, report: &Recounted, hold: Option<Hold>) -> Html {
    let proven = report.totals.as_ref().filter(|_| !is_alarm(hold));
    let content = match proven {
        Some(cells) => {
            let names = card
                .contract
                .candidates
                .iter()
                .map(|name| language.say(name));
            let totals: Vec<(AttrValue, u64)> = names.zip(votes(cells)).collect();
            let ballots = cells.iter().map(|cell| cell.ballots).sum();
            html! {
                <>
                    <p class="quiet">{ language.say(Text::CountedBallots) }{ " " }<b class="number" data-testid="counted-ballots">{ grouped(ballots) }</b></p>
                    <Bars {totals} />
                    <p class="small quiet">{ language.say(Text::TotalsNote) }</p>
                </>
            }
        }
        None => {
            html! { <Alert tone={Tone::Unsure} title={language.say(Text::NoTotals)} testid="no-totals" /> }
        }
    };
    html! { <section class="section stack"><h2>{ language.say(Text::Totals) }</h2>{ content }</section> }
}

fn turnout(language: Language, card: &Rc<TrustCard>, report: &Recounted) -> Html {
    if report.participation.is_empty() {
        return html! {};
    }
    html! {
        <section class="section stack">
            <h2>{ language.say(Text::Turnout) }</h2>
            <p class="quiet">{ language.say(Text::TurnoutNote) }</p>
            <div class="map-and-ladder">
                <TileMap card={card.clone()} participation={report.participation.clone()} />
                <Ladder participation={report.participation.clone()} />
            </div>
            <details>
                <summary>{ language.say(Text::TableView) }</summary>
                <ParticipationTable card={card.clone()} participation={report.participation.clone()} />
            </details>
        </section>
    }
}

fn refused(language: Language, report: &Recounted) -> Html {
    if report.refused.is_empty() {
        return html! {};
    }
    let rows = report.refused.iter().take(REFUSED_SHOWN).map(|ballot| {
        html! {
            <tr>
                <td><code>{ ballot.code.to_string() }</code></td>
                <td class="number">{ grouped(ballot.height) }</td>
                <td class="number">{ ballot.asset.to_string() }</td>
                <td>{ language.say(OutcomeReason(ballot.outcome)) }</td>
            </tr>
        }
    });
    let head = [Text::Code, Text::Block, Text::Asset, Text::Reason];
    html! {
        <section class="section stack">
            <h2>{ language.say(Text::Refused) }{ " " }<span class="number" data-testid="refused-count">{ report.refused.len() }</span></h2>
            <p class="quiet">{ language.say(Text::RefusedNote) }</p>
            <div class="table-scroll" tabindex="0">
                <table class="table" data-testid="refused">
                    <thead><tr>{ for head.map(|name| html! { <th scope="col">{ language.say(name) }</th> }) }</tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
        </section>
    }
}

fn clock_jumps(language: Language, report: &Recounted) -> Html {
    if report.clock_jumps.is_empty() {
        return html! {};
    }
    let rows = report.clock_jumps.iter().map(|jump| {
        html! { <li>{ language.say(Text::Block) }{ " " }{ grouped(jump.height) }{ ": " }{ language.say(crate::text::Span(jump.seconds)) }</li> }
    });
    html! {
        <section class="section stack">
            <h2>{ language.say(Text::ClockJumps) }</h2>
            <p class="quiet">{ language.say(Text::ClockJumpsNote) }</p>
            <ul class="bullets" data-testid="clock-jumps">{ for rows }</ul>
        </section>
    }
}
