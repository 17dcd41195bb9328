//! Whatever stands between somebody and a voting right has a sentence of its own, in both languages, and loses nothing.

use super::{LONG, hand, town};
use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::{Browser, Person, Phones};
use std::time::Duration;

/// Waits for a trouble by its name, and for its sentence.
async fn trouble(visit: &Visit, name: &str) -> Result<()> {
    let selector = format!("[data-trouble='{name}'] [data-testid='vote-trouble']");
    visit.browser.wait_for(&selector).await?;
    visit.sentence("vote-trouble").await?;
    Ok(())
}

/// Whether a field still holds what was typed.
async fn holds(browser: &Browser, field: &str, text: &str) -> Result<()> {
    let value = browser.see(field).await?.prop("value").await?;
    ensure(value.as_deref() == Some(text), || {
        format!("{field}: {value:?}")
    })
}

/// Whoever is not on the roll gets no code, and is not told more than others; fields that hold nothing, or nonsense, are named.
pub async fn nobody(visit: &Visit) -> Result<()> {
    let phones = town().await?;
    let site = visit.site_with(&phones.card).await?;
    let browser = &visit.browser;
    hand::open(browser, &site).await?;
    browser.click("vote-identify").await?;
    trouble(visit, "missing").await?;
    let person = Person {
        name: "아무개".into(),
        birth: "1970-13-45".into(),
        phone: "010-0000-0000".into(),
    };
    hand::identify(browser, 1, &person).await?;
    trouble(visit, "malformed").await?;
    holds(browser, "vote-name", &person.name).await?;
    browser.paste("vote-birth", "1970-12-24").await?;
    browser.click("vote-identify").await?;
    browser.see("vote-code-screen").await?;
    visit.sentence("vote-code-screen").await?;
    browser.paste("vote-code", "123456").await?;
    browser.click("vote-confirm").await?;
    trouble(visit, "wrong-code").await?;
    browser.click("vote-back").await?;
    holds(browser, "vote-name", &person.name).await
}

/// Five wrong codes end a code; another one may be sent.
pub async fn wrong_code(visit: &Visit) -> Result<()> {
    let phones = town().await?;
    let site = visit.site_with(&phones.card).await?;
    let browser = &visit.browser;
    let person = phones.person(0, 0)?;
    hand::open(browser, &site).await?;
    hand::identify(browser, 0, &person).await?;
    let right = phones.code(&person.phone, 0).await?;
    let wrong = if right == "111111" {
        "222222"
    } else {
        "111111"
    };
    for _ in 0..4 {
        browser.paste("vote-code", wrong).await?;
        browser.click("vote-confirm").await?;
        trouble(visit, "wrong-code").await?;
    }
    browser.paste("vote-code", wrong).await?;
    browser.click("vote-confirm").await?;
    browser
        .wait_for("[data-trouble='code-over'], [data-trouble='wrong-code']")
        .await?;
    // The right one comes too late.
    if browser.shows("vote-code-screen").await? {
        browser.paste("vote-code", &right).await?;
        browser.click("vote-confirm").await?;
    }
    trouble(visit, "code-over").await?;
    holds(browser, "vote-name", &person.name).await?;
    browser.click("vote-identify").await?;
    hand::confirm(browser, phones, &person, 1).await?;
    hand::signed(browser, "vote-scheduled").await
}

/// Somebody who has a right asks for another one with another browser.
pub async fn second_device(visit: &Visit) -> Result<()> {
    let phones = town().await?;
    let site = visit.site_with(&phones.card).await?;
    let person = phones.person(1, 1)?;
    let first = visit.stage.another_browser(visit.reader.language).await?;
    let got = async {
        hand::open(&first, &site).await?;
        hand::identify(&first, 1, &person).await?;
        hand::confirm(&first, phones, &person, 0).await?;
        hand::signed(&first, "vote-scheduled").await
    };
    let got: Result<()> = got.await;
    first.quit().await?;
    got?;
    hand::open(&visit.browser, &site).await?;
    hand::identify(&visit.browser, 1, &person).await?;
    hand::confirm(&visit.browser, phones, &person, 1).await?;
    trouble(visit, "asked-elsewhere").await
}

/// A registrar that does not answer is waited for; what was typed is still there, and once it is back it goes on.
pub async fn down(visit: &Visit) -> Result<()> {
    let mut phones = Phones::open(3, LONG, LONG).await?;
    let site = visit.site_with(&phones.card).await?;
    let browser = &visit.browser;
    let person = phones.person(2, 2)?;
    phones.stop_registrar(2).await?;
    hand::open(browser, &site).await?;
    hand::identify(browser, 2, &person).await?;
    trouble(visit, "silent").await?;
    holds(browser, "vote-phone", &person.phone).await?;
    phones.start_registrar(2).await?;
    tokio::time::sleep(Duration::from_millis(300)).await;
    browser.click("vote-identify").await?;
    hand::confirm(browser, &phones, &person, 0).await?;
    hand::signed(browser, "vote-scheduled").await
}

/// Whoever wants no right gets a slip, by which the ledger proves that none was given.
pub async fn only_the_slip(visit: &Visit) -> Result<()> {
    let phones = town().await?;
    let site = visit.site_with(&phones.card).await?;
    let browser = &visit.browser;
    let person = phones.person(2, 3)?;
    hand::open(browser, &site).await?;
    browser.click("vote-purpose").await?;
    hand::identify(browser, 2, &person).await?;
    hand::confirm(browser, phones, &person, 0).await?;
    browser.see("vote-slip").await?;
    let slip = browser.text("slip-code").await?;
    let answer = visit.ask_about_right(&site, &slip).await?;
    ensure(answer == "not-on-list", || answer)
}
