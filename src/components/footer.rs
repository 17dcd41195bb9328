//! The identifier at the foot of every page: what this is, what it is not, and which build it is.

use super::header::{Brand, footer_items, use_language};
use crate::state::use_session;
use crate::text::{Layout, PageName};
use yew::prelude::*;

/// The foot of every page.
#[component]
pub fn Footer() -> Html {
    let language = use_language();
    let session = use_session();
    let digest = session.build_digest().map(|digest| {
        html! {
            <p class="footer-digest">
                { language.say(Layout::FooterDigest) }{ " " }<code data-testid="footer-build-digest">{ digest.to_string() }</code>
            </p>
        }
    });
    html! {
        <footer class="footer">
            <div class="inner">
                <div>
                    <Brand />
                    <p>{ language.say(Layout::FooterPromise) }</p>
                    <p>{ language.say(Layout::FooterIndependence) }</p>
                </div>
                <nav aria-label={language.say(Layout::FooterLinks)}>
                    <ul>
                        { for footer_items().map(|route| html! { <li><a href={route.href()}>{ language.say(PageName(&route)) }</a></li> }) }
                    </ul>
                </nav>
                { digest }
            </div>
        </footer>
    }
}
