//! A heap's snapshot, as the debugger writes it down: numbers in rows, the names of their columns, and the strings that some of them stand for.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

/// How the debugger names what it, or whoever drives the browser through it, holds itself.
const DEBUGGERS_OWN: &str = "DevTools console";

/// The rows: every object, and every reference from one to another, in the order of the objects that they are from.
#[derive(Deserialize)]
pub struct Snapshot {
    snapshot: Head,
    nodes: Vec<u64>,
    edges: Vec<u64>,
    strings: Vec<String>,
}

#[derive(Deserialize)]
struct Head {
    meta: Meta,
}

#[derive(Deserialize)]
struct Meta {
    node_fields: Vec<String>,
    node_types: Vec<Value>,
    edge_fields: Vec<String>,
    edge_types: Vec<Value>,
}

/// What a page holds, and nobody else holds for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Bytes of its objects, strings and code; without what the browser keeps about it.
    pub bytes: u64,
    /// Elements, on the page and off it.
    pub elements: u64,
}

impl Snapshot {
    /// How many objects have one of these names.
    ///
    /// # Errors
    /// If there are no names.
    pub fn count(&self, names: &[&str]) -> Result<usize> {
        let fields = &self.snapshot.meta.node_fields;
        let name = column(fields, "name")?;
        let rows = self.nodes.chunks(fields.len().max(1));
        let is_one = |row: &&[u64]| {
            self.string(at(row, name))
                .is_some_and(|name| names.contains(&name))
        };
        Ok(rows.filter(is_one).count())
    }

    /// What is reached by references that are neither weak nor the debugger's.
    ///
    /// # Errors
    /// If a column is missing.
    pub fn held(&self) -> Result<Held> {
        let meta = &self.snapshot.meta;
        let (width, edge_width) = (meta.node_fields.len(), meta.edge_fields.len());
        let node = |name| column(&meta.node_fields, name);
        let edge = |name| column(&meta.edge_fields, name);
        let (kind, name, size, edges) = (
            node("type")?,
            node("name")?,
            node("self_size")?,
            node("edge_count")?,
        );
        let (edge_kind, edge_name, to) = (edge("type")?, edge("name_or_index")?, edge("to_node")?);
        let rows: Vec<&[u64]> = self.nodes.chunks(width.max(1)).collect();
        let mut first = Vec::with_capacity(rows.len());
        let mut sum = 0_usize;
        for row in &rows {
            first.push(sum);
            sum += usize::try_from(at(row, edges))?;
        }
        let mut seen = vec![false; rows.len()];
        let mut waiting = vec![0_usize];
        let mut held = Held {
            bytes: 0,
            elements: 0,
        };
        while let Some(number) = waiting.pop() {
            let (Some(row), Some(been)) = (rows.get(number), seen.get_mut(number)) else {
                continue;
            };
            if std::mem::replace(been, true) {
                continue;
            }
            match named(&meta.node_types, at(row, kind)) {
                Some("native") => {
                    let is_element = self
                        .string(at(row, name))
                        .is_some_and(|name| name.starts_with('<'));
                    held.elements += u64::from(is_element);
                }
                _ => held.bytes += at(row, size),
            }
            let begin = first.get(number).copied().unwrap_or_default();
            let end = begin + usize::try_from(at(row, edges))?;
            let edges = self.edges.get(begin * edge_width..end * edge_width);
            for edge in edges.unwrap_or_default().chunks(edge_width.max(1)) {
                if self.is_the_pages(at(edge, edge_kind), at(edge, edge_name)) {
                    waiting.push(usize::try_from(at(edge, to))? / width.max(1));
                }
            }
        }
        Ok(held)
    }

    /// Whether a reference of this kind and name keeps something for the page's sake. Those to places in a list have numbers for names.
    fn is_the_pages(&self, kind: u64, name: u64) -> bool {
        match named(&self.snapshot.meta.edge_types, kind) {
            Some("weak") => false,
            Some("element" | "hidden") => true,
            _ => !self
                .string(name)
                .is_some_and(|name| name.contains(DEBUGGERS_OWN)),
        }
    }

    fn string(&self, number: u64) -> Option<&str> {
        let string = self.strings.get(usize::try_from(number).ok()?);
        string.map(String::as_str)
    }
}

fn column(fields: &[String], name: &str) -> Result<usize> {
    let column = fields.iter().position(|field| field == name);
    column.with_context(|| format!("the snapshot has no {name}"))
}

fn at(row: &[u64], column: usize) -> u64 {
    row.get(column).copied().unwrap_or_default()
}

/// The first column's values are numbers of names.
fn named(types: &[Value], number: u64) -> Option<&str> {
    let names = types.first()?.as_array()?;
    names.get(usize::try_from(number).ok()?)?.as_str()
}
