//! The screens on the way to a right: nothing serious for axe-core, nothing wider than the window, and a picture.

use super::{hand, town};
use crate::kiosk::look_at;
use crate::visit::Visit;
use anyhow::Result;
use e2e::{Language, Width};

pub async fn test(visit: &Visit) -> Result<()> {
    let phones = town().await?;
    let site = visit.site_with(&phones.card).await?;
    let browser = &visit.browser;
    let number = match (visit.reader.language, visit.reader.width) {
        (Language::Korean, Width::Phone) => 4,
        (Language::Korean, _) => 5,
        (Language::English, Width::Phone) => 6,
        (Language::English, _) => 7,
    };
    let person = phones.person(0, number)?;
    hand::open(browser, &site).await?;
    browser.click("vote-identify").await?;
    browser.see("vote-trouble").await?;
    look_at(visit, "phone-1-who").await?;
    hand::identify(browser, 0, &person).await?;
    browser.see("vote-code-screen").await?;
    look_at(visit, "phone-2-code").await?;
    hand::confirm(browser, phones, &person, 0).await?;
    browser.see("vote-signing").await?;
    look_at(visit, "phone-3-signing").await?;
    hand::signed(browser, "vote-scheduled").await?;
    look_at(visit, "phone-4-scheduled").await
}
