//! What the faults share: one network with one election, started when the first asks for it, and the table of what they came to.

use crate::arena::Arena;
use crate::count::Count;
use crate::namespaces::Namespaces;
use crate::table::{Row, Table};
use anyhow::{Context, Result};
use e2e::programs;
use libtest_mimic::{Failed, Trial};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// The shared things.
#[derive(Default)]
pub struct Stage {
    arena: Mutex<Option<Arena>>,
    table: Mutex<Table>,
}

impl Stage {
    /// Nothing is started yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A fault on the shared network. `missing` says why it cannot be made here.
    pub fn on_network(
        self: &Arc<Self>,
        name: &str,
        fault: &'static str,
        missing: Option<String>,
        test: impl FnOnce(&mut Arena) -> Result<(String, Count)> + Send + 'static,
    ) -> Trial {
        let stage = Arc::clone(self);
        self.trial(name, fault, missing, move || stage.with_arena(test))
    }

    /// A fault that needs nothing of what is shared.
    pub fn trial(
        self: &Arc<Self>,
        name: &str,
        fault: &'static str,
        missing: Option<String>,
        test: impl FnOnce() -> Result<(String, Count)> + Send + 'static,
    ) -> Trial {
        let missing = programs().err().map(|error| error.to_string()).or(missing);
        if let Some(why) = &missing {
            eprintln!("skipped: {name}: {why}");
        }
        let stage = Arc::clone(self);
        let run = move || {
            let started = Instant::now();
            let (what, count) = test().map_err(|error| Failed::from(format!("{error:#}")))?;
            let took = started.elapsed();
            let row = Row {
                fault,
                what,
                count,
                took,
            };
            lock(&stage.table).rows.push(row);
            Ok(())
        };
        Trial::test(name, run).with_ignored_flag(missing.is_some())
    }

    /// After a fault that was not survived the next gets a network of its own; homes and logs are kept.
    fn with_arena(
        &self,
        test: impl FnOnce(&mut Arena) -> Result<(String, Count)>,
    ) -> Result<(String, Count)> {
        let mut place = lock(&self.arena);
        let mut arena = match place.take() {
            Some(arena) => arena,
            None => Arena::start()?,
        };
        match test(&mut arena) {
            Ok(came) => {
                *place = Some(arena);
                Ok(came)
            }
            Err(error) => {
                let kept = arena.keep_logs();
                Err(error).with_context(|| format!("homes and logs: {}", kept.display()))
            }
        }
    }

    /// Stops everything that was started, and prints the table.
    pub fn close(&self) {
        drop(lock(&self.arena).take());
        let table = lock(&self.table);
        if !table.rows.is_empty() {
            println!("{table}");
        }
    }
}

/// Why a fault that needs network namespaces cannot be made here.
pub fn without_namespaces() -> Option<String> {
    Namespaces::are_permitted().err()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
