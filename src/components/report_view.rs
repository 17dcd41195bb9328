//! What a receipt's report amounts to: headline and the two answers.

use super::alert::Tone;
use super::header::use_language;
use super::icon::Icon;
use crate::state::answers::{Answer, Answers, answers};
use crate::state::hold::{Hold, shown};
use crate::text::{
    Both, HoldMeaning, HoldTitle, Language, ReceiptText as Text, StandingHeadline, StandingMeaning,
};
use std::rc::Rc;
use verifier_core::{Report, Standing, Verdict};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct ReceiptVerdictProps {
    pub report: Rc<Report>,
    /// Why the verdict is not given although it was reached.
    pub hold: Option<Hold>,
}

/// Headline, meaning, and the answers to *recorded?* and *counted?*.
#[component]
pub fn ReceiptVerdict(props: &ReceiptVerdictProps) -> Html {
    let language = use_language();
    let report = &props.report;
    let (tone, headline, meaning) = match props.hold {
        Some(hold) => held_back(hold),
        None => summary(report),
    };
    let Answers { recorded, counted } = match props.hold {
        Some(_) => Answers::UNKNOWN,
        None => answers(report),
    };
    let verdict = verdict_word(shown(report.verdict, props.hold));
    html! {
        <section class={classes!("verdict", tone.colour())} data-testid="verdict" data-verdict={verdict}>
            <div class="verdict-head">
                <span class={tone.colour()}><Icon name={tone.icon()} size={44} /></span>
                <div>
                    <h2 tabindex="-1" class="verdict-title" data-testid="verdict-title">{ language.say(headline) }</h2>
                    <p>{ language.say(meaning) }</p>
                </div>
            </div>
            <dl class="answers">
                { answer(language, Text::RecordedQuestion, recorded, "answer-recorded") }
                { answer(language, Text::CountedQuestion, counted, "answer-counted") }
            </dl>
        </section>
    }
}

/// The verdict as it stands in reports and tests.
pub fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accepted => "accepted",
        Verdict::Rejected => "rejected",
        Verdict::Inconclusive => "inconclusive",
    }
}

/// How a verdict that is held back is shown.
pub fn held_back(hold: Hold) -> (Tone, Both, Both) {
    let tone = match hold {
        Hold::Conflict | Hold::Rewritten => Tone::Bad,
        Hold::TooFew { .. } => Tone::Unsure,
    };
    (tone, HoldTitle(hold).into(), HoldMeaning(hold).into())
}

fn summary(report: &Report) -> (Tone, Both, Both) {
    let standing = |s: Standing| (StandingHeadline(s).into(), StandingMeaning(s).into());
    match (report.verdict, report.standing) {
        (Verdict::Accepted, Some(s @ (Standing::Recorded { .. } | Standing::Counted { .. }))) => {
            let (headline, meaning) = standing(s);
            (Tone::Good, headline, meaning)
        }
        (
            Verdict::Rejected,
            Some(s @ (Standing::Refused { .. } | Standing::Superseded { .. } | Standing::Missing)),
        ) => {
            let (headline, meaning) = standing(s);
            (Tone::Bad, headline, meaning)
        }
        (Verdict::Inconclusive, Some(s @ Standing::NotYet)) => {
            let (headline, meaning) = standing(s);
            (Tone::Unsure, headline, meaning)
        }
        (Verdict::Rejected, _) => (Tone::Bad, Text::Rejected.into(), Text::RejectedText.into()),
        (Verdict::Accepted | Verdict::Inconclusive, _) => (
            Tone::Unsure,
            Text::Inconclusive.into(),
            Text::InconclusiveText.into(),
        ),
    }
}

fn answer(language: Language, question: Text, answer: Answer, testid: &'static str) -> Html {
    let (tone, word, value) = match answer {
        Answer::Yes => (Tone::Good, Text::Yes, "yes"),
        Answer::No => (Tone::Bad, Text::No, "no"),
        Answer::NotYet => (Tone::Note, Text::NotYet, "not-yet"),
        Answer::Unknown => (Tone::Unsure, Text::Unknown, "unknown"),
    };
    html! {
        <div class={classes!("answer", tone.colour())} data-testid={testid} data-answer={value}>
            <dt>{ language.say(question) }</dt>
            <dd>{ language.say(word) }</dd>
        </div>
    }
}
