//! The self-test: what this program was tested with when it started, and the digest of its files.

use crate::components::{
    Alert, Identifier, PageHead, Tone, use_language, use_recount_test, verdict_word,
};
use crate::state::{BuildFiles, Case, SelfTest as State, use_session};
use crate::text::{Language, SelfTestText as Text};
use yew::prelude::*;

/// The page.
#[component]
pub fn SelfTest() -> Html {
    let language = use_language();
    let session = use_session();
    let recounting = use_recount_test();
    html! {
        <div class="inner" data-testid="page-self-test">
            <PageHead title={language.say(Text::Title)} lead={language.say(Text::Lead)} />
            <section class="stack" data-testid="self-test-receipts">
                <h2>{ language.say(Text::Receipts) }</h2>
                { outcome(language, session.self_test()) }
            </section>
            <section class="section stack" data-testid="self-test-elections">
                <h2>{ language.say(Text::Elections) }</h2>
                { outcome(language, &recounting) }
                <p class="quiet">{ language.say(Text::ElectionsWhere) }</p>
            </section>
            <section class="section stack">
                <h2>{ language.say(Text::BuildTitle) }</h2>
                { build(language, session.build()) }
                <p class="quiet">{ language.say(Text::BuildHow) }</p>
            </section>
        </div>
    }
}

fn outcome(language: Language, state: &State) -> Html {
    let (tone, title, cases) = match state {
        State::Running => (Tone::Note, Text::Running, &[][..]),
        State::Passed(report) => (Tone::Good, Text::Passed, report.cases.as_slice()),
        State::Failed(report) => (Tone::Bad, Text::Failed, report.cases.as_slice()),
    };
    let word = match state {
        State::Running => "running",
        State::Passed(_) => "passed",
        State::Failed(_) => "failed",
    };
    html! {
        <>
            <div data-testid="self-test" data-outcome={word}>
                <Alert {tone} title={language.say(title)} testid="self-test-outcome">
                    { for matches!(state, State::Failed(_)).then(|| html! { <p>{ language.say(Text::FailedNext) }</p> }) }
                </Alert>
            </div>
            { table(language, cases) }
        </>
    }
}

fn table(language: Language, cases: &[Case]) -> Html {
    if cases.is_empty() {
        return html! {};
    }
    let head = [Text::Case, Text::Expected, Text::Actual, Text::Result];
    html! {
        <table class="table stacks">
            <thead><tr>{ for head.map(|name| html! { <th scope="col">{ language.say(name) }</th> }) }</tr></thead>
            <tbody>{ for cases.iter().map(|case| row(language, case)) }</tbody>
        </table>
    }
}

fn row(language: Language, case: &Case) -> Html {
    let answer = |accepts| if accepts { Text::Accept } else { Text::Refuse };
    let (colour, result) = if case.is_right() {
        ("good", Text::Right)
    } else {
        ("bad", Text::Wrong)
    };
    html! {
        <tr data-testid="self-test-case" data-verdict={case.actual.map(verdict_word)}>
            <th scope="row">{ language.say(case.name) }</th>
            <td data-label={language.say(Text::Expected)}>{ language.say(answer(case.name.is_genuine())) }</td>
            <td data-label={language.say(Text::Actual)}>{ language.say(answer(case.is_accepted())) }</td>
            <td><span class={classes!("badge", colour)}>{ language.say(result) }</span></td>
        </tr>
    }
}

fn build(language: Language, files: &BuildFiles) -> Html {
    let digest = |digest: &verifier_core::Hash| {
        html! {
            <dl class="pairs">
                <dt>{ language.say(Text::BuildDigest) }</dt>
                <dd><Identifier value={digest.to_string()} testid="build-digest" /></dd>
            </dl>
        }
    };
    match files {
        BuildFiles::Unknown => {
            html! { <Alert tone={Tone::Unsure} title={language.say(Text::BuildUnknown)} testid="build-unknown" /> }
        }
        BuildFiles::Match {
            digest: list,
            files,
        } => html! {
            <>
                { digest(list) }
                <Alert tone={Tone::Good} title={language.say(Text::BuildMatches)} testid="build-matches">
                    <p class="small">{ language.say(Text::Files) }{ " " }{ files }</p>
                </Alert>
            </>
        },
        BuildFiles::Differ {
            digest: list,
            files,
        } => html! {
            <>
                { digest(list) }
                <Alert tone={Tone::Bad} title={language.say(Text::BuildDiffers)} testid="build-differs">
                    <p class="small">{ files.join(", ") }</p>
                </Alert>
            </>
        },
    }
}
