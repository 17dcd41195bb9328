//! Roll, rights, turnout and ballots of every municipality, as numbers.

use super::header::use_language;
use crate::state::pace::{percent, permille};
use crate::text::{RecountText as Text, grouped};
use std::rc::Rc;
use verifier_core::{Participation, TrustCard};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct ParticipationTableProps {
    pub card: Rc<TrustCard>,
    pub participation: Vec<Participation>,
}

/// One row for each municipality.
#[component]
pub fn ParticipationTable(props: &ParticipationTableProps) -> Html {
    let language = use_language();
    let head = [
        Text::Roll,
        Text::Issued,
        Text::CheckedIn,
        Text::BallotsColumn,
        Text::TurnoutColumn,
    ];
    let municipalities = &props.card.contract.municipalities;
    let rows = municipalities.iter().zip(&props.participation).map(|(municipality, people)| {
        let numbers = [u64::from(people.roll), people.rights(), people.turnout(), people.ballots];
        html! {
            <tr data-testid="participation-row" data-ballots={people.ballots.to_string()}>
                <th scope="row">{ language.say(&municipality.name) }</th>
                { for numbers.map(|number| html! { <td class="number">{ grouped(number) }</td> }) }
                <td class="number">{ percent(permille(people.turnout(), people.roll.into())) }</td>
            </tr>
        }
    });
    html! {
        <div class="table-scroll" tabindex="0">
            <table class="table">
                <thead><tr>
                    <th scope="col">{ language.say(Text::Municipality) }</th>
                    { for head.map(|name| html! { <th scope="col" class="number">{ language.say(name) }</th> }) }
                </tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}
