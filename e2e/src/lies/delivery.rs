//! Lies without content: answers that do not come, do not end, or are none.

use super::{Plot, Tale};
use anyhow::Result;
use std::time::Duration;

/// Longer than any client waits.
const LONG: Duration = Duration::from_secs(120);

/// How answers are delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Prompt,
    /// After so long.
    Late(Duration),
    /// Without an end, as far as the client reads.
    Endless,
    /// A web page instead.
    Page,
}

/// Nothing comes in time.
pub fn delay(tale: &mut Tale, _: &Plot) -> Result<()> {
    tale.manner = Manner::Late(LONG);
    Ok(())
}

/// Answers begin well and go on for ever.
pub fn never_end(tale: &mut Tale, _: &Plot) -> Result<()> {
    tale.manner = Manner::Endless;
    Ok(())
}

/// Answers are HTML, with status 200.
pub fn serve_a_page(tale: &mut Tale, _: &Plot) -> Result<()> {
    tale.manner = Manner::Page;
    Ok(())
}
