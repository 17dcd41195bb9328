//! A printed trust card is held beside the one on the page: the same, another, or none at all.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::Result;
use e2e::{during, photo_of_code};
use std::path::Path;
use tempfile::TempDir;

pub async fn test(visit: &Visit) -> Result<()> {
    let card = &visit.election().await?.card;
    let other = during(card.clone());
    let site = visit.site().await?;
    let folder = TempDir::new()?;
    for place in ["#/", "#/nodes"] {
        visit.browser.open(&site, place).await?;
        let short = visit.browser.text("trust-card-short").await?;
        ensure(short == card.short_fingerprint(), || short)?;
        for (text, answer) in [
            (card.fingerprint_code(), "card-same"),
            (other.fingerprint_code(), "card-other"),
            ("https://card.example/card.json".into(), "card-address"),
            ("something else".into(), "card-none"),
        ] {
            let photo = folder.path().join("photo.png");
            show(visit, &photo, &text, answer).await?;
        }
    }
    Ok(())
}

/// Only the card goes on paper; afterwards the page is as it was.
pub async fn prints(visit: &Visit) -> Result<()> {
    let site = visit.site().await?;
    visit.browser.open(&site, "#/").await?;
    visit.browser.see("trust-card").await?;
    let script = "
        const html = document.documentElement;
        window.print = () => { window.printed = html.dataset.print; };
        document.querySelector(\"[data-testid='trust-card-print']\").click();
        return [window.printed ?? '', html.dataset.print ?? ''];
    ";
    let marks: [String; 2] = visit.browser.run(script, vec![]).await?;
    ensure(marks == ["card", ""], || format!("{marks:?}"))
}

async fn show(visit: &Visit, photo: &Path, text: &str, answer: &str) -> Result<()> {
    std::fs::write(photo, photo_of_code(text)?)?;
    visit.browser.choose("card-picture", photo).await?;
    visit.sentence(answer).await?;
    Ok(())
}
