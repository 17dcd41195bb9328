//! The page for addresses that no page has.

use crate::components::{PageHead, use_language};
use crate::route::Route;
use crate::text::Layout;
use yew::prelude::*;

/// Says that there is no such page, and leads back.
#[component]
pub fn Unknown() -> Html {
    let language = use_language();
    html! {
        <div class="inner" data-testid="page-unknown">
            <PageHead title={language.say(Layout::UnknownPage)} lead={language.say(Layout::UnknownPageNext)} />
            <a class="button primary" href={Route::Home.href()}>{ language.say(Layout::BackHome) }</a>
        </div>
    }
}
