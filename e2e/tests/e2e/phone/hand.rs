//! What people do at the page.

use anyhow::Result;
use e2e::{Browser, Person, Phones, Site};

/// Opens the page and waits for the form.
pub async fn open(browser: &Browser, site: &Site) -> Result<()> {
    browser.open_nothing().await?;
    browser.open(site, "#/vote").await?;
    browser.see("vote-who").await?;
    Ok(())
}

/// Fills in the form and asks for a code.
pub async fn identify(browser: &Browser, town: u16, person: &Person) -> Result<()> {
    browser.select("vote-home", &town.to_string()).await?;
    browser.paste("vote-name", &person.name).await?;
    browser.paste("vote-birth", &person.birth).await?;
    browser.paste("vote-phone", &person.phone).await?;
    browser.click("vote-identify").await
}

/// Types the code that came for this person, the `nth` of them.
pub async fn confirm(
    browser: &Browser,
    phones: &Phones,
    person: &Person,
    nth: usize,
) -> Result<()> {
    browser.see("vote-code-screen").await?;
    let code = phones.code(&person.phone, nth).await?;
    browser.paste("vote-code", &code).await?;
    browser.click("vote-confirm").await
}

/// From the form to a right that the ledger proves.
pub async fn get_right(
    browser: &Browser,
    phones: &Phones,
    town: u16,
    person: &Person,
) -> Result<()> {
    identify(browser, town, person).await?;
    confirm(browser, phones, person, 0).await?;
    signed(browser, "vote-held").await
}

/// Waits for a screen that comes once both municipalities have signed, which takes blocks and some polling.
pub async fn signed(browser: &Browser, screen: &str) -> Result<()> {
    let selector = format!("[data-testid='{screen}'], [data-testid='vote-trouble']");
    for _ in 0..4 {
        if browser.wait_for(&selector).await.is_ok() {
            break;
        }
    }
    browser.see(screen).await?;
    Ok(())
}

/// Waits until the button can be pressed, and presses it.
pub async fn start(browser: &Browser) -> Result<()> {
    browser
        .wait_for("[data-testid='vote-start']:not([disabled])")
        .await?
        .click()
        .await?;
    Ok(())
}
