//! A hash, shown whole in small type, breaking wherever the line ends.

use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct IdentifierProps {
    pub value: AttrValue,
    #[prop_or_default]
    pub testid: Option<AttrValue>,
}

/// A hash or key in hexadecimal digits.
#[component]
pub fn Identifier(props: &IdentifierProps) -> Html {
    html! { <code data-testid={props.testid.clone()}>{ &props.value }</code> }
}
