//! What every fault came to, as a table.

use crate::count::Count;
use std::fmt;
use std::time::Duration;

/// One fault.
pub struct Row {
    pub fault: &'static str,
    pub what: String,
    pub count: Count,
    pub took: Duration,
}

/// All of them, in their order.
#[derive(Default)]
pub struct Table {
    pub rows: Vec<Row>,
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| fault | what happened | ballots before → after | accepted meanwhile | lost | counted twice | seconds |"
        )?;
        writeln!(f, "|---|---|---|---|---|---|---|")?;
        for row in &self.rows {
            let Count {
                before,
                after,
                accepted,
                again,
                lost,
                twice,
            } = row.count;
            let again = match again {
                0 => String::new(),
                again => format!(", {again} sent again"),
            };
            writeln!(
                f,
                "| {} | {} | {before} → {after} | {accepted}{again} | {lost} | {twice} | {:.0} |",
                row.fault,
                row.what,
                row.took.as_secs_f64()
            )?;
        }
        Ok(())
    }
}
