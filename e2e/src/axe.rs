//! axe-core: what it finds wrong with a page's accessibility.

use crate::browser::Browser;
use anyhow::{Context, Result};
use serde::Deserialize;

/// The script's place, set by the recipe that installs it.
const PLACE: &str = "AXE_CORE";

/// One rule that a page breaks.
#[derive(Clone, Debug, Deserialize)]
pub struct Violation {
    pub id: String,
    pub impact: Option<String>,
    pub help: String,
    pub nodes: Vec<Place>,
}

/// Where it breaks it.
#[derive(Clone, Debug, Deserialize)]
pub struct Place {
    pub html: String,
    #[serde(rename = "failureSummary")]
    pub summary: Option<String>,
}

impl Violation {
    /// Whether it keeps people from using the page.
    pub fn is_serious(&self) -> bool {
        matches!(self.impact.as_deref(), Some("serious" | "critical"))
    }

    /// The rule and every place, a line each.
    pub fn describe(&self) -> String {
        let place = |place: &Place| {
            format!(
                "\n    {}: {}",
                place.html,
                place
                    .summary
                    .as_deref()
                    .unwrap_or_default()
                    .replace('\n', " ")
            )
        };
        let places: String = self.nodes.iter().map(place).collect();
        format!(
            "{} ({}): {}{places}",
            self.id,
            self.impact.as_deref().unwrap_or("no impact"),
            self.help
        )
    }
}

/// The script's text.
pub fn script() -> Result<String> {
    let place = std::env::var_os(PLACE)
        .with_context(|| format!("{PLACE} names no file: './x test' sets it"))?;
    std::fs::read_to_string(&place).with_context(|| format!("reading {}", place.display()))
}

/// Everything that axe-core finds on the page as it is shown.
pub async fn violations(browser: &Browser) -> Result<Vec<Violation>> {
    browser
        .run::<()>(&format!("{}; return null;", script()?), vec![])
        .await?;
    let run = "const done = arguments[arguments.length - 1];
        axe.run(document, { resultTypes: ['violations'] }).then((r) => done(r.violations), (e) => done([{ id: String(e), impact: 'critical', help: '', nodes: [] }]));";
    browser.run_async(run, vec![]).await
}
