//! Who somebody is: municipality, name, birth date, phone.

use super::{Screen, shell};
use crate::components::{Icon, IconName};
use crate::services::node;
use crate::state::phone::{Field, Identity, PhoneChange, Purpose, Trouble};
use crate::text::{Both, Hours, Language, PhoneText as Text};
use caster::Kept;
use verifier_core::MunicipalityIndex;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The screen.
pub fn who(language: Language, screen: &Screen<'_>) -> Html {
    let phone = screen.phone;
    let is_slip = phone.purpose == Purpose::Slip;
    let (title, lead) = match (is_slip, phone.kept()) {
        (true, _) => (Text::SlipTitle, Text::SlipLead),
        (false, Some(Kept::Drawn { .. })) => (Text::GoOnTitle, Text::GoOnLead),
        (false, _) => (Text::WhoTitle, Text::WhoLead),
    };
    html! {
        <div class="vote-who" data-testid="vote-who">
            <p class="kiosk-election">{ language.say(Both::from(&screen.card.contract.title)) }</p>
            <h1 class="kiosk-title" tabindex="-1">{ language.say(title) }</h1>
            <p class="kiosk-lead">{ language.say(lead) }</p>
            { shell::trouble(language, screen) }
            { if is_possible(screen) { form(language, screen) } else { impossible(language, screen) } }
        </div>
    }
}

fn is_possible(screen: &Screen<'_>) -> bool {
    let contract = &screen.card.contract;
    !contract.claim_keys.is_empty()
        && !screen.card.registrars.is_empty()
        && matches!(Hours::at(contract, screen.phone.now), Some(Hours::Opens(_)))
}

fn impossible(language: Language, screen: &Screen<'_>) -> Html {
    let contract = &screen.card.contract;
    let none = contract.claim_keys.is_empty() || screen.card.registrars.is_empty();
    let sentence = if none { Text::NoPhones } else { Text::TooLate };
    html! { <p class="kiosk-lead" data-testid="vote-impossible"><strong>{ language.say(sentence) }</strong></p> }
}

fn form(language: Language, screen: &Screen<'_>) -> Html {
    let phone = screen.phone;
    let onsubmit = {
        let tell = phone.dispatcher();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tell.dispatch(PhoneChange::Identify);
        })
    };
    let busy = matches!(phone.identity, Identity::Asking { .. });
    let (other, other_text) = match phone.purpose {
        Purpose::Right => (Purpose::Slip, Text::OnlySlip),
        Purpose::Slip => (Purpose::Right, Text::RatherRight),
    };
    html! {
        <form class="stack" {onsubmit} novalidate=true>
            { towns(language, screen) }
            { field(language, screen, Field::Name) }
            { field(language, screen, Field::Birth) }
            { field(language, screen, Field::Phone) }
            <details class="kiosk-answers">
                <summary>{ language.say(Text::PrivacyTitle) }</summary>
                <ul class="stack">{ for [Text::PrivacyRegistrar, Text::PrivacyBlind, Text::PrivacyTime, Text::PrivacyNetwork].map(|text| html! { <li>{ language.say(text) }</li> }) }</ul>
            </details>
            <div class="kiosk-actions">
                <button type="button" class="button" onclick={screen.on(PhoneChange::For(other))} data-testid="vote-purpose">{ language.say(other_text) }</button>
                <button type="submit" class="button primary" disabled={busy} data-testid="vote-identify">
                    <Icon name={IconName::Ballot} />{ language.say(if busy { Text::Asking } else { Text::SendCode }) }
                </button>
            </div>
        </form>
    }
}

fn towns(language: Language, screen: &Screen<'_>) -> Html {
    let phone = screen.phone;
    let onchange = {
        let tell = phone.dispatcher();
        Callback::from(move |event: Event| {
            let select = event
                .target()
                .and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
            let home = select.and_then(|select| select.value().parse().ok());
            tell.dispatch(PhoneChange::Choose(home));
        })
    };
    // A drawn address is blinded for one municipality.
    let fixed = match phone.kept() {
        Some(Kept::Drawn { home, .. }) => Some(*home),
        _ => None,
    };
    let chosen = fixed.or(phone.form.home);
    let towns = screen
        .card
        .registrars
        .iter()
        .map(|registrar| registrar.municipality);
    let towns = towns.filter(|town| fixed.is_none_or(|fixed| fixed == *town));
    let invalid = phone.trouble == Some(Trouble::Missing(None));
    html! {
        <div class="field">
            <label for="vote-home">{ language.say(Text::Home) }</label>
            <select id="vote-home" class="input" {onchange} aria-invalid={invalid.to_string()} data-testid="vote-home">
                <option value="" selected={chosen.is_none()}>{ language.say(Text::HomeChoose) }</option>
                { for towns.map(|town| town_option(language, screen, town, chosen)) }
            </select>
        </div>
    }
}

fn town_option(
    language: Language,
    screen: &Screen<'_>,
    town: MunicipalityIndex,
    chosen: Option<MunicipalityIndex>,
) -> Html {
    let name = node::name(screen.card, town);
    html! { <option value={town.to_string()} selected={chosen == Some(town)}>{ language.say(name) }</option> }
}

/// A field with its label and its hint.
pub fn field(language: Language, screen: &Screen<'_>, field: Field) -> Html {
    let form = &screen.phone.form;
    let (id, label, hint, value) = match field {
        Field::Name => ("vote-name", Text::Name, Text::NameHint, &form.name),
        Field::Birth => ("vote-birth", Text::Birth, Text::BirthHint, &form.birth),
        Field::Phone => ("vote-phone", Text::Phone, Text::PhoneHint, &form.phone),
        Field::Code => ("vote-code", Text::Code, Text::CodeHint, &form.code),
    };
    let (kind, complete, mode) = match field {
        Field::Name => ("text", "name", "text"),
        Field::Birth => ("text", "bday", "numeric"),
        Field::Phone => ("tel", "tel-national", "tel"),
        Field::Code => ("text", "one-time-code", "numeric"),
    };
    let oninput = {
        let tell = screen.phone.dispatcher();
        Callback::from(move |event: InputEvent| {
            let input = event
                .target()
                .and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            if let Some(input) = input {
                tell.dispatch(PhoneChange::Type(field, input.value()));
            }
        })
    };
    let invalid = screen.phone.trouble.as_ref().and_then(Trouble::field) == Some(field);
    let hint_id = format!("{id}-hint");
    html! {
        <div class="field">
            <label for={id}>{ language.say(label) }</label>
            <p id={hint_id.clone()} class="hint">{ language.say(hint) }</p>
            <input {id} class="input" type={kind} autocomplete={complete} inputmode={mode} value={value.clone()} {oninput}
                aria-describedby={hint_id} aria-invalid={invalid.to_string()} data-testid={id} />
        </div>
    }
}
