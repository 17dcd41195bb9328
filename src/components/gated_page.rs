//! The frame of a page that verifies something: heading, and the content once there is what it takes.

use super::page_head::PageHead;
use super::trust_gate::TrustGate;
use std::rc::Rc;
use verifier_core::TrustCard;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct GatedPageProps {
    pub title: AttrValue,
    pub lead: AttrValue,
    pub testid: &'static str,
    /// Draws the content, given the card.
    pub content: Callback<Rc<TrustCard>, Html>,
}

/// A page whose content asks for a trust card and a passed self-test.
#[component]
pub fn GatedPage(props: &GatedPageProps) -> Html {
    html! {
        <div class="inner" data-testid={props.testid}>
            <PageHead title={props.title.clone()} lead={props.lead.clone()} />
            <TrustGate content={props.content.clone()} />
        </div>
    }
}
