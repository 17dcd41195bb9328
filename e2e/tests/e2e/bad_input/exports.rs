//! Folders that do not hold a whole export.

use crate::stage::ensure;
use crate::visit::Visit;
use anyhow::{Context, Result};
use std::path::Path;
use tempfile::TempDir;

/// The last third of the blocks is not there.
pub async fn cut_short(visit: &Visit) -> Result<()> {
    let whole = visit.election().await?.export();
    let folder = TempDir::new()?;
    let part = folder.path().join("export");
    std::fs::create_dir_all(part.join("blocks"))?;
    std::fs::copy(whole.join("genesis.json"), part.join("genesis.json"))?;
    std::fs::copy(whole.join("totals.json"), part.join("totals.json"))?;
    let mut blocks = names(&whole.join("blocks"))?;
    blocks.truncate(blocks.len() * 2 / 3);
    let last = blocks
        .last()
        .context("no blocks")?
        .trim_end_matches(".json")
        .trim_start_matches('0')
        .to_owned();
    for name in &blocks {
        std::fs::copy(
            whole.join("blocks").join(name),
            part.join("blocks").join(name),
        )?;
    }
    let site = visit.site().await?;
    visit.browser.open(&site, "#/recount").await?;
    visit.browser.drop_onto("recount-drop", &[&part]).await?;
    let verdict = visit.recount_verdict().await?;
    ensure(verdict == "inconclusive", || verdict)?;
    let [_, english] = visit.sentence("reasons-recount.headers").await?;
    let next = last.parse::<u64>()? + 1;
    let named = [last.clone(), next.to_string()]
        .iter()
        .any(|height| english.contains(height));
    ensure(named, || {
        format!("where it ends ({last}) is not named: {english}")
    })
}

/// Some other folder.
pub async fn no_export(visit: &Visit) -> Result<()> {
    let folder = TempDir::new()?;
    let other = folder.path().join("holiday");
    std::fs::create_dir(&other)?;
    std::fs::write(other.join("photo.txt"), "sea")?;
    let site = visit.site().await?;
    visit.browser.open(&site, "#/recount").await?;
    visit.browser.drop_onto("recount-drop", &[&other]).await?;
    visit.sentence("source-trouble").await?;
    ensure(!visit.browser.shows("verdict").await?, || {
        "a verdict on nothing".into()
    })
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let names = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}
