//! A signed right: when it is claimed, that it is, and when there is voting. And what is left after the vote.

use super::{Screen, shell};
use crate::components::{Alert, Icon, IconName, Identifier, Qr, Tone};
use crate::pages::kiosk::Way;
use crate::services::{address, download};
use crate::state::phone::{Claiming, PhoneChange, Purse};
use crate::text::{
    Both, ClaimsAt, Hours, Language, OutcomeReason, PhoneText as Text, ReceiptText, VotingOpens,
};
use caster::ToPurse;
use std::rc::Rc;
use verifier_core::{Seconds, Transaction, short_code};
use yew::prelude::*;

/// The screen of a right; `at` is when it is to be claimed.
pub fn signed(language: Language, screen: &Screen<'_>, at: Seconds) -> Html {
    match screen.phone.claiming {
        Claiming::LookingFor if screen.phone.now < at => scheduled(language, screen, at),
        Claiming::LookingFor => shell::waiting(language, Text::LookingForClaim.into(), None),
        Claiming::Sending => shell::waiting(language, Text::Claiming.into(), None),
        Claiming::Pausing => shell::waiting(
            language,
            Text::Claiming.into(),
            Some(Text::ClaimingText.into()),
        ),
        Claiming::Silent => shell::waiting(
            language,
            Text::ClaimSilent.into(),
            Some(Text::ClaimSilentText.into()),
        ),
        Claiming::Refused(outcome) => html! {
            <div class="kiosk-refused" data-testid="vote-claim-refused">
                <span class="bad"><Icon name={IconName::Cross} size={72} /></span>
                <h1 class="kiosk-title" tabindex="-1">{ language.say(Text::ClaimRefused) }</h1>
                <p class="kiosk-lead">{ language.say(OutcomeReason(outcome)) }</p>
                <div class="kiosk-actions">{ shell::again(language, screen) }</div>
            </div>
        },
        Claiming::Proven(_) => proven(language, screen),
    }
}

fn scheduled(language: Language, screen: &Screen<'_>, at: Seconds) -> Html {
    html! {
        <div class="vote-held" data-testid="vote-scheduled">
            <h1 class="kiosk-title" tabindex="-1">{ language.say(Text::ScheduledTitle) }</h1>
            <p class="kiosk-lead"><strong>{ language.say(ClaimsAt(at)) }</strong></p>
            <p class="kiosk-lead">{ language.say(Text::ScheduledText) }</p>
            { lasts(language, screen) }
            { own_slip(language, screen) }
        </div>
    }
}

fn proven(language: Language, screen: &Screen<'_>) -> Html {
    let hours = Hours::at(&screen.card.contract, screen.phone.now);
    let lead: Both = match hours {
        None => Text::OpenNow.into(),
        Some(Hours::Opens(time)) => VotingOpens(time).into(),
        Some(hours) => hours.into(),
    };
    let vote = {
        let vote = screen.vote.clone();
        Callback::from(move |_: MouseEvent| vote.emit(Way::Kept))
    };
    html! {
        <div class="vote-held" data-testid="vote-held">
            <h1 class="kiosk-title" tabindex="-1"><span class="good"><Icon name={IconName::Tick} size={40} /></span>{ language.say(Text::HeldTitle) }</h1>
            <p class="kiosk-lead">{ language.say(Text::HeldText) }</p>
            <p class="kiosk-lead" data-testid="vote-hours"><strong>{ language.say(lead) }</strong></p>
            { lasts(language, screen) }
            { own_slip(language, screen) }
            <div class="kiosk-actions">
                <button type="button" class="button primary kiosk-start" disabled={hours.is_some()} onclick={vote} data-testid="vote-start">
                    <Icon name={IconName::Ballot} size={40} />{ language.say(Text::VoteNow) }
                </button>
            </div>
        </div>
    }
}

/// Where the right is, and what it depends on.
fn lasts(language: Language, screen: &Screen<'_>) -> Html {
    match screen.phone.purse {
        Purse::Open { lasts: false, .. } => {
            html! { <Alert tone={Tone::Bad} title={language.say(Text::DoesNotLast)} testid="vote-does-not-last" /> }
        }
        _ => html! { <p class="quiet">{ language.say(Text::Lasts) }</p> },
    }
}

fn own_slip(language: Language, screen: &Screen<'_>) -> Html {
    let Some(slip) = screen.phone.slip.clone() else {
        return html! {};
    };
    html! {
        <details class="kiosk-answers">
            <summary>{ language.say(Text::SlipKeep) }</summary>
            { slip_card(language, slip) }
        </details>
    }
}

fn slip_card(language: Language, slip: Rc<str>) -> Html {
    let text = AttrValue::from(slip);
    let save = {
        let text = text.clone();
        Callback::from(move |_: MouseEvent| {
            download::save("chamgwan-roll-slip.txt", "text/plain", text.as_bytes());
        })
    };
    html! {
        <div class="stack">
            <Qr text={text.clone()} label={language.say(Text::SlipQr)} testid="slip-qr" />
            <Identifier value={text} testid="slip-code" />
            <button type="button" class="button secondary" onclick={save} data-testid="save-slip"><Icon name={IconName::Download} />{ language.say(Text::SaveSlip) }</button>
        </div>
    }
}

/// The slip of whoever wanted nothing else.
pub fn slip(language: Language, screen: &Screen<'_>) -> Html {
    let link = format!("{}#/rights", address::without_fragment());
    html! {
        <div class="vote-held" data-testid="vote-slip">
            <h1 class="kiosk-title" tabindex="-1">{ language.say(Text::SlipDoneTitle) }</h1>
            <p class="kiosk-lead">{ language.say(Text::SlipDoneText) }</p>
            { for screen.phone.slip.clone().map(|slip| slip_card(language, slip)) }
            <div class="kiosk-actions">
                <button type="button" class="button" onclick={screen.on(PhoneChange::For(crate::state::phone::Purpose::Right))} data-testid="vote-purpose">{ language.say(Text::RatherRight) }</button>
                <a class="button primary" href={link} data-testid="vote-to-rights">{ language.say(Text::ToRights) }</a>
            </div>
        </div>
    }
}

/// After the vote, once it was looked for.
pub fn used(language: Language, screen: &Screen<'_>, ballot: &[u8]) -> Html {
    let code = Transaction::decode(ballot).map(|ballot| ballot.body.tracking_code());
    let forget = {
        let keeper = screen.keeper.clone();
        Callback::from(move |_: MouseEvent| keeper.tell(ToPurse::Forget))
    };
    let look = {
        let (vote, kept) = (screen.vote.clone(), screen.phone.kept().cloned());
        Callback::from(move |_: MouseEvent| {
            if let Some(way) = kept.as_ref().and_then(Way::of_used) {
                vote.emit(way);
            }
        })
    };
    html! {
        <div class="vote-held" data-testid="vote-used">
            <h1 class="kiosk-title" tabindex="-1">{ language.say(Text::UsedTitle) }</h1>
            <p class="kiosk-lead">{ language.say(Text::UsedText) }</p>
            { for code.ok().map(|code| html! {
                <div class="kiosk-code">
                    <p class="kiosk-short-code" data-testid="kiosk-code">{ short_code(&code) }</p>
                    <p class="quiet">{ language.say(ReceiptText::TrackingCode) }</p>
                    <code data-testid="tracking-code">{ code.to_string() }</code>
                </div>
            }) }
            <p class="quiet">{ language.say(Text::ForgetText) }</p>
            <div class="kiosk-actions">
                <button type="button" class="button" onclick={forget} data-testid="vote-forget">{ language.say(Text::Forget) }</button>
                <button type="button" class="button primary" onclick={look} data-testid="vote-look">{ language.say(Text::LookAgain) }</button>
            </div>
        </div>
    }
}
