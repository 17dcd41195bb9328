//! A visit: a reader at a browser, and what readers of any page do.

use crate::stage::{Stage, dist, ensure};
use anyhow::Result;
use e2e::{Browser, Election, Language, Site, Width};
use std::sync::Arc;
use verifier_core::TrustCard;

/// Who sits there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    pub language: Language,
    pub width: Width,
}

/// A Korean at a phone, and somebody who reads English at a desk.
pub const BOTH: [Reader; 2] = [
    Reader {
        language: Language::Korean,
        width: Width::Phone,
    },
    Reader {
        language: Language::English,
        width: Width::Desktop,
    },
];

impl Reader {
    /// Every language at every width.
    pub fn all() -> impl Iterator<Item = Self> {
        let widths = |language| Width::BOTH.map(|width| Self { language, width });
        Language::BOTH.into_iter().flat_map(widths)
    }

    /// As it stands in names of tests and pictures.
    pub fn name(self) -> String {
        format!("{}-{}", self.language.tag(), self.width.pixels().0)
    }
}

/// A reader at a browser.
pub struct Visit {
    pub stage: Arc<Stage>,
    pub browser: Browser,
    pub reader: Reader,
}

impl Visit {
    /// The election.
    pub async fn election(&self) -> Result<&Election> {
        self.stage.election().await
    }

    /// The page with the election's own trust card.
    pub async fn site(&self) -> Result<Site> {
        self.site_with(&self.election().await?.card).await
    }

    /// The page with this trust card.
    pub async fn site_with(&self, card: &TrustCard) -> Result<Site> {
        Site::start(dist(), Some(card.to_json().into_bytes())).await
    }

    /// Pastes a receipt's text and asks for its check.
    pub async fn paste_receipt(&self, site: &Site, text: &str) -> Result<()> {
        self.browser.open(site, "#/check").await?;
        self.browser.paste("receipt-text", text).await?;
        self.browser.click("receipt-check").await
    }

    /// The verdict on a receipt, once it is there.
    pub async fn receipt_verdict(&self) -> Result<String> {
        self.browser.see("receipt-done").await?;
        self.browser.attribute("verdict", "data-verdict").await
    }

    /// The verdict on the election, once it is there.
    pub async fn recount_verdict(&self) -> Result<String> {
        self.browser.see("recount-done").await?;
        self.browser.attribute("verdict", "data-verdict").await
    }

    /// Checks that a sentence with this test id stands there in the reader's language, and in the other after a switch.
    pub async fn sentence(&self, id: &str) -> Result<[String; 2]> {
        let first = self.browser.text(id).await?;
        self.browser.click("language-switch").await?;
        let other = self.other_text(id, &first).await?;
        self.browser.click("language-switch").await?;
        let (korean, english) = match self.reader.language {
            Language::Korean => (first, other),
            Language::English => (other, first),
        };
        ensure(is_korean(&korean), || format!("{id}: not Korean: {korean}"))?;
        ensure(!is_korean(&english) && !english.trim().is_empty(), || {
            format!("{id}: not English: {english}")
        })?;
        Ok([korean, english])
    }

    async fn other_text(&self, id: &str, first: &str) -> Result<String> {
        let other = match self.reader.language {
            Language::Korean => "en",
            Language::English => "ko",
        };
        self.browser
            .wait_for(&format!("html[lang='{other}']"))
            .await?;
        let text = self.browser.text(id).await?;
        ensure(text != first, || {
            format!("{id} reads the same in both languages: {first}")
        })?;
        Ok(text)
    }

    /// The console holds no breach of the page's policy and no error but those of a source that a test broke on purpose.
    pub async fn console_is_clean(&self) -> Result<()> {
        let entries = self.browser.console().await?;
        let bad: Vec<_> = entries
            .iter()
            .filter(|entry| is_bad(&entry.message, &entry.level))
            .collect();
        ensure(bad.is_empty(), || format!("the console says: {bad:?}"))
    }
}

fn is_korean(text: &str) -> bool {
    text.chars().any(|c| ('가'..='힣').contains(&c))
}

fn is_bad(message: &str, level: &str) -> bool {
    let of_a_source =
        message.contains("Failed to load resource") || message.contains("blocked by CORS policy");
    message.contains("Content Security Policy")
        || message.contains("panicked")
        || (level == "SEVERE" && !of_a_source)
}
