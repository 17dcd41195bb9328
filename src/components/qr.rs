//! A QR code, drawn as one path.

use crate::state::qr_code;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct QrProps {
    pub text: AttrValue,
    pub label: AttrValue,
    pub testid: AttrValue,
}

/// The text as a QR code, or nothing if it is too long for one.
#[component]
pub fn Qr(props: &QrProps) -> Html {
    let Some(drawing) = qr_code::draw(&props.text) else {
        return html! {};
    };
    html! {
        <svg class="qr" viewBox={format!("0 0 {0} {0}", drawing.side)} role="img" aria-label={&props.label} data-testid={&props.testid}>
            <rect width="100%" height="100%" fill="#fff" />
            <path d={drawing.path} fill="#000" shape-rendering="crispEdges" />
        </svg>
    }
}
