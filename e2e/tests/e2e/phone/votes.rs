//! Somebody registers with an SMS code, votes, checks the receipt on another browser, and is counted.

use super::hand;
use crate::kiosk::{booth, look_at, recorded_soon, recount_accepts};
use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::{Phones, Probe, Trace};
use verifier_core::{Receipt, Seconds};

const TOWN: u16 = 2;
const REGISTRATION: Seconds = 45;
/// The longest after which a right is still claimed at once.
const LONG_REGISTRATION: Seconds = 60;
const VOTING: Seconds = 60;

pub async fn test(visit: &Visit) -> Result<()> {
    vote(visit, Phones::open(3, REGISTRATION, VOTING).await?).await
}

/// The same, where blocks need several municipalities.
pub async fn on_real_nodes(visit: &Visit) -> Result<()> {
    let phones = Phones::open_on_network(3, LONG_REGISTRATION, VOTING).await?;
    vote(visit, phones).await
}

async fn vote(visit: &Visit, phones: Phones) -> Result<()> {
    let site = visit.site_with(&phones.card).await?;
    let person = phones.person(TOWN, 0)?;
    // The phone has a browser of its own; the visit's is the one at home.
    let phone = visit.stage.another_browser(visit.reader.language).await?;
    let voted = async {
        phone.resize(visit.reader.width).await?;
        hand::open(&phone, &site).await?;
        hand::get_right(&phone, &phones, TOWN, &person).await?;
        phones.until_opening().await?;
        hand::start(&phone).await?;
        booth::choose(&phone, 1).await?;
        let code = booth::code(&phone).await?;
        let receipt = booth::cast(&phone).await?;
        let promised = Receipt::parse(&receipt)?.tracking_code.to_string();
        ensure(promised == code, || format!("{promised} instead of {code}"))?;
        phone.see("save-receipt").await?;
        phone.click("kiosk-finish").await?;
        phone.see("vote-used").await?;
        let told = booth::code(&phone).await?;
        ensure(told == code, || format!("{told} instead of {code}"))?;
        // What the person typed is nowhere any more, and the right's key is gone with the ballot.
        let traces = [
            Trace::text("the name", &person.name),
            Trace::text("the phone number", &person.phone),
        ];
        let found = Probe::attach(&phone).await?.find(&traces).await?;
        ensure(
            found.iter().all(|f| f.ends_with("WebAssembly.Memory")),
            || format!("{found:?}"),
        )?;
        phone.click("vote-forget").await?;
        phone.see("vote-who").await?;
        Ok(receipt)
    };
    let voted: Result<String> = voted.await;
    phone.quit().await?;
    let link = format!("#/check?r={}", voted?);
    recorded_soon(visit, &site, &link).await?;
    let ended = phones.until_result().await?;
    recount_accepts(phones.url(), &ended).await?;
    visit.browser.open_nothing().await?;
    let after = visit.site_with(&ended).await?;
    visit.browser.open(&after, &link).await?;
    let verdict = visit.receipt_verdict().await?;
    ensure(verdict == "accepted", || verdict)
}

/// A challenge uses up nothing: the right is still there.
pub async fn challenges(visit: &Visit) -> Result<()> {
    let phones = Phones::open(2, REGISTRATION, VOTING).await?;
    let site = visit.site_with(&phones.card).await?;
    let browser = &visit.browser;
    hand::open(browser, &site).await?;
    hand::get_right(browser, &phones, TOWN, &phones.person(TOWN, 0)?).await?;
    look_at(visit, "phone-5-held").await?;
    phones.until_opening().await?;
    hand::start(browser).await?;
    booth::choose(browser, 0).await?;
    let challenged = booth::code(browser).await?;
    browser.click("kiosk-challenge").await?;
    browser.see("kiosk-opened").await?;
    browser.click("kiosk-vote-now").await?;
    booth::choose(browser, 2).await?;
    let code = booth::code(browser).await?;
    ensure(code != challenged, || "the same ballot again".into())?;
    booth::cast(browser).await?;
    look_at(visit, "phone-6-receipt").await?;
    browser.click("kiosk-finish").await?;
    browser.see("vote-used").await?;
    look_at(visit, "phone-7-used").await?;
    browser.click("vote-forget").await?;
    browser.see("vote-who").await?;
    Ok(())
}

/// Closing the page loses nothing, whenever it happens, and after voting it says what became of the ballot.
pub async fn reloads(visit: &Visit) -> Result<()> {
    let phones = Phones::open(2, LONG_REGISTRATION, VOTING).await?;
    let site = visit.site_with(&phones.card).await?;
    let browser = &visit.browser;
    let person = phones.person(TOWN, 1)?;
    hand::open(browser, &site).await?;
    hand::identify(browser, TOWN, &person).await?;
    browser.see("vote-code-screen").await?;
    // Before the code: nothing is there yet, and a new one comes.
    hand::open(browser, &site).await?;
    hand::identify(browser, TOWN, &person).await?;
    hand::confirm(browser, &phones, &person, 1).await?;
    // While municipalities sign, or later.
    browser.see("vote-signing").await?;
    browser.open_nothing().await?;
    browser.open(&site, "#/vote").await?;
    let shown = browser
        .wait_for(
            "[data-testid='vote-who'], [data-testid='vote-signing'], [data-testid='vote-held']",
        )
        .await?;
    if shown.attr("data-testid").await?.as_deref() == Some("vote-who") {
        hand::identify(browser, TOWN, &person).await?;
        hand::confirm(browser, &phones, &person, 2).await?;
    }
    hand::signed(browser, "vote-held").await?;
    browser.open_nothing().await?;
    browser.open(&site, "#/vote").await?;
    browser.see("vote-held").await?;
    look_at(visit, "phone-5-held").await?;
    phones.until_opening().await?;
    hand::start(browser).await?;
    booth::choose(browser, 1).await?;
    // Before it is cast nothing is used up.
    browser.open_nothing().await?;
    browser.open(&site, "#/vote").await?;
    hand::start(browser).await?;
    booth::choose(browser, 1).await?;
    let code = booth::code(browser).await?;
    browser.click("kiosk-cast").await?;
    browser.open_nothing().await?;
    browser.open(&site, "#/vote").await?;
    browser.see("kiosk-done").await?;
    let told = booth::code(browser).await?;
    ensure(told == code, || format!("{told} instead of {code}"))?;
    look_at(visit, "phone-6-receipt").await?;
    browser.click("kiosk-finish").await?;
    browser.see("vote-used").await?;
    look_at(visit, "phone-7-used").await?;
    browser.click("vote-forget").await?;
    browser.see("vote-who").await?;
    Ok(())
}
