//! A page's heading, which takes the focus when the page is reached.

use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct PageHeadProps {
    pub title: AttrValue,
    pub lead: AttrValue,
}

/// Heading and one sentence on what the page is for.
#[component]
pub fn PageHead(props: &PageHeadProps) -> Html {
    html! {
        <div class="page-head">
            <h1 tabindex="-1">{ &props.title }</h1>
            <p>{ &props.lead }</p>
        </div>
    }
}
