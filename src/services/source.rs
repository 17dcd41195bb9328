//! Where a verification's bytes come from: a node, or the files of an exported folder. Nothing that comes from here is believed.

use super::files::{self, NamedFile};
use super::node;
use crate::state::SourceName;
use js_sys::ArrayBuffer;
use recount_worker::Delivery;
use std::collections::BTreeMap;
use std::rc::Rc;
use verifier_core::{Height, Request, SourceFault, export_file, export_height};
use web_sys::File;

/// A file of an export is never larger: the largest answer, a little more for the other two beside it.
const FILE_LIMIT: usize = 96 * 1024 * 1024;

/// A source of answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A node's address.
    Node(String),
    Folder(Rc<Folder>),
}

/// An exported ledger in files.
#[derive(Debug, PartialEq)]
pub struct Folder {
    name: String,
    end: Height,
    files: BTreeMap<String, File>,
}

impl Source {
    /// The export among these files; `None` if there is none.
    pub fn folder(files: Vec<NamedFile>) -> Option<Self> {
        let genesis = files
            .iter()
            .find(|f| base_of(&f.path, "genesis.json").is_some())?;
        let base = base_of(&genesis.path, "genesis.json")?.to_owned();
        let name = base
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        let files: BTreeMap<String, File> = files
            .into_iter()
            .filter_map(|f| Some((f.path.strip_prefix(&base)?.to_owned(), f.file)))
            .collect();
        let end = export_height(files.keys().map(String::as_str))?;
        Some(Self::Folder(Rc::new(Folder { name, end, files })))
    }

    /// What to call it.
    pub fn name(&self) -> SourceName {
        match self {
            Self::Node(url) => SourceName::Node(url.clone()),
            Self::Folder(folder) => SourceName::Folder(folder.name.clone()),
        }
    }

    /// The height at which a folder ends; a node is asked.
    pub fn end(&self) -> Option<Height> {
        match self {
            Self::Node(_) => None,
            Self::Folder(folder) => Some(folder.end),
        }
    }

    /// What answers a request, as it is.
    pub async fn deliver(&self, request: &Request) -> (Delivery, Option<ArrayBuffer>) {
        let (kind, delivered) = match self {
            Self::Node(url) => (Delivery::Answer, node::fetch(url, request).await),
            Self::Folder(folder) => (Delivery::File, folder.read(request).await),
        };
        match delivered {
            Ok(bytes) => (kind, Some(bytes)),
            Err(fault) => (Delivery::Nothing(fault), None),
        }
    }
}

impl Folder {
    async fn read(&self, request: &Request) -> Result<ArrayBuffer, SourceFault> {
        let missing = || SourceFault::Missing(request.path());
        let name = export_file(request).ok_or_else(missing)?;
        let file = self.files.get(&name).ok_or(SourceFault::Missing(name))?;
        files::buffer(file, FILE_LIMIT).await
    }
}

/// What stands before `name` in a path that ends with it.
fn base_of<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    path.strip_suffix(name)
        .filter(|base| base.is_empty() || base.ends_with('/'))
}
