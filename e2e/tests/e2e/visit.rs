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

    /// Asks about a voting right or a name, and waits for the answer.
    pub async fn ask_about_right(&self, site: &Site, text: &str) -> Result<String> {
        self.open_rights(site).await?;
        self.browser.paste("receipt-text", text).await?;
        self.browser.click("receipt-check").await?;
        self.browser.see("rights-done").await?;
        self.browser.until_focus("verdict-title").await?;
        self.browser.attribute("state-answer", "data-answer").await
    }

    /// The page that asks about rights, with an empty form: the same address again would not load it anew.
    pub async fn open_rights(&self, site: &Site) -> Result<()> {
        self.browser.open_nothing().await?;
        self.browser.open(site, "#/rights").await
    }

    /// The verdict on a receipt, once it is there and has the reader's focus.
    pub async fn receipt_verdict(&self) -> Result<String> {
        self.verdict_in("receipt-done").await
    }

    /// The verdict on the election, once it is there and has the reader's focus.
    pub async fn recount_verdict(&self) -> Result<String> {
        self.verdict_in("recount-done").await
    }

    async fn verdict_in(&self, id: &str) -> Result<String> {
        self.browser.see(id).await?;
        self.browser.until_focus("verdict-title").await?;
        self.browser.attribute("verdict", "data-verdict").await
    }

    /// Checks that a sentence with this test id stands there in the reader's language, and in the other after a switch.
    pub async fn sentence(&self, id: &str) -> Result<[String; 2]> {
        let first = self.browser.text(id).await?;
        self.switch_to(self.reader.language.other()).await?;
        let other = self.browser.text(id).await?;
        self.switch_to(self.reader.language).await?;
        ensure(other != first, || {
            format!("{id} reads the same in both languages: {first}")
        })?;
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

    /// Switches the page's language.
    pub async fn switch_to(&self, language: Language) -> Result<()> {
        self.browser.click("language-switch").await?;
        let page = format!("html[lang='{}']", language.tag());
        self.browser.wait_for(&page).await?;
        Ok(())
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
