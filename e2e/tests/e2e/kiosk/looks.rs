//! Every screen of the kiosk: nothing serious for axe-core, nothing wider than the window, nothing too small to touch, and a picture.

use super::{booth, polls, refuses};
use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::{Conduct, Relay, Width, axe};

/// Controls that are lower or narrower than 44 pixels; those of the kiosk's own making are 64.
const SMALL: &str = "return [...document.querySelectorAll('.kiosk button, .kiosk label.kiosk-candidate, .kiosk summary, .kiosk input[type=text]')]
  .filter((e) => e.checkVisibility()).map((e) => [e.dataset.testid ?? e.textContent.trim(), e.getBoundingClientRect().height]).filter(([, height]) => height < 64)
  .map(([name, height]) => `${name}: ${height}`);";

pub async fn test(visit: &Visit) -> Result<()> {
    let polls = polls().await?;
    let relay = Relay::start(polls.url()).await?;
    let urls = [relay.url(); 4];
    let site = visit.site_with(&polls.card_with_nodes(urls)).await?;
    let browser = &visit.browser;
    let (_, card) = booth::card(polls)?;
    booth::open(browser, &site).await?;
    look(visit, "1-idle").await?;
    browser.click("kiosk-start").await?;
    browser
        .see_with("kiosk-scan", "data-trouble", "camera")
        .await?;
    browser.paste("kiosk-typed", "CHG1-AAAA").await?;
    browser.click("kiosk-typed-go").await?;
    browser
        .see_with("kiosk-scan", "data-trouble", "card")
        .await?;
    look(visit, "2-card").await?;
    browser.paste("kiosk-typed", &card).await?;
    browser.click("kiosk-typed-go").await?;
    browser.see("kiosk-choose").await?;
    browser.click("kiosk-candidate-3").await?;
    look(visit, "3-choose").await?;
    browser.click("kiosk-contrast").await?;
    look(visit, "3-choose-contrast").await?;
    browser.click("kiosk-larger").await?;
    look(visit, "3-choose-larger").await?;
    browser.click("kiosk-larger").await?;
    browser.click("kiosk-contrast").await?;
    browser.click("kiosk-next").await?;
    browser.see("kiosk-review").await?;
    look(visit, "4-review").await?;
    browser.click("kiosk-confirm").await?;
    browser.click("kiosk-draw").await?;
    browser
        .wait_for("[data-testid='kiosk-mark-done']:not([disabled])")
        .await?;
    browser.click("kiosk-erase").await?;
    look(visit, "5-mark").await?;
    browser.click("kiosk-draw").await?;
    browser
        .wait_for("[data-testid='kiosk-mark-done']:not([disabled])")
        .await?;
    browser.click("kiosk-mark-done").await?;
    browser.see("kiosk-decide").await?;
    look(visit, "6-decide").await?;
    relay.behave(Conduct::TakesNothing);
    browser.click("kiosk-cast").await?;
    browser.see("kiosk-waiting").await?;
    look(visit, "7-sending").await?;
    browser.see("kiosk-undecided").await?;
    look(visit, "8-undecided").await?;
    relay.behave(Conduct::Honest);
    browser.click("kiosk-again").await?;
    browser.see("kiosk-done").await?;
    look(visit, "9-receipt").await?;
    challenge_and_refusal(visit, &card).await
}

async fn challenge_and_refusal(visit: &Visit, used: &str) -> Result<()> {
    let browser = &visit.browser;
    let (_, card) = booth::card(polls().await?)?;
    browser.click("kiosk-finish").await?;
    booth::type_card(browser, &card).await?;
    booth::choose(browser, 4).await?;
    browser.click("kiosk-challenge").await?;
    browser.see("kiosk-opened").await?;
    look(visit, "10-opened").await?;
    browser.click("kiosk-finish").await?;
    while !refuses::is_counted(visit, used).await? {}
    booth::show_card(browser, used).await?;
    browser.see("kiosk-refused").await?;
    look(visit, "11-refused").await
}

/// The screen on show: axe-core, widths, sizes, a picture.
pub async fn look(visit: &Visit, name: &str) -> Result<()> {
    let browser = &visit.browser;
    let own = visit.reader.width;
    let widths = match own {
        Width::Phone => vec![Width::Phone],
        _ => vec![Width::Tablet, Width::Desktop],
    };
    for width in widths {
        browser.resize(width).await?;
        let (pixels, _) = width.pixels();
        let file = format!("{name}-{}-{pixels}.png", visit.reader.language.tag());
        browser.photograph(&booth::pictures().join(file)).await?;
        let wide = "return document.documentElement.scrollWidth - window.innerWidth;";
        let too_wide: f64 = browser.run(wide, vec![]).await?;
        ensure(too_wide <= 0.0, || {
            format!("{name} is {too_wide} pixels wider than {pixels}")
        })?;
        let small: Vec<String> = browser.run(SMALL, vec![]).await?;
        ensure(small.is_empty(), || {
            format!("{name} at {pixels}: {small:?}")
        })?;
    }
    let violations = axe::violations(browser).await?;
    let serious = violations.iter().filter(|v| v.is_serious());
    let serious: String = serious.map(|v| format!("\n  {}", v.describe())).collect();
    ensure(serious.is_empty(), || {
        format!("axe-core on {name}:{serious}")
    })
}
