//! Where a recount's bytes come from: a node, an archive, or the files of a folder. Nothing that comes from here is believed.

use super::buffers::Buffers;
use super::fetch::{self, Patience};
use super::files::{self, NamedFile};
use super::node;
use crate::state::SourceName;
use js_sys::Uint8Array;
use recount_worker::{Delivery, SourceKind};
use std::collections::BTreeMap;
use std::rc::Rc;
use verifier_core::{
    ARCHIVE_PATH, ArchiveIndex, Request, SourceFault, TrustCard, export_file, export_height,
};
use web_sys::File;

/// A file of an export is never larger: the largest answer, a little more for the other two beside it.
const FILE_LIMIT: usize = 96 * 1024 * 1024;

/// A source of answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A node's address.
    Node(String),
    /// The address of an archive's folder, and what the visitor calls it.
    Archive {
        base: String,
        name: String,
    },
    Folder(Rc<Folder>),
}

/// A ledger in files: exported, or an archive.
#[derive(Debug, PartialEq)]
pub struct Folder {
    name: String,
    kind: SourceKind,
    files: BTreeMap<String, File>,
}

/// What came of a request.
pub struct Delivered {
    pub delivery: Delivery,
    pub bytes: Option<Uint8Array>,
}

impl Source {
    /// The export or archive among these files; `None` if there is none.
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
        let index = export_file(&Request::ArchiveIndex)?;
        let kind = if files.contains_key(&index) {
            SourceKind::Archive
        } else {
            let end = export_height(files.keys().map(String::as_str))?;
            SourceKind::Folder { end }
        };
        Some(Self::Folder(Rc::new(Folder { name, kind, files })))
    }

    /// The best that is at a node's address: its archive, if that holds the whole election; an archive, if it is one; else the node.
    pub async fn at_its_best(self, card: &TrustCard) -> Self {
        let Self::Node(url) = self else {
            return self;
        };
        let root = url.trim_end_matches('/');
        let end = card.final_header.map(|header| header.height);
        for (base, is_asked) in [
            (
                format!("{root}{}", ARCHIVE_PATH.trim_end_matches('/')),
                end.is_some(),
            ),
            (root.to_owned(), true),
        ] {
            let needed = end.filter(|_| base != root).map_or(1, |end| end - 1);
            if is_asked && reaches(&base, needed).await {
                return Self::Archive { base, name: url };
            }
        }
        Self::Node(url)
    }

    /// What to call it.
    pub fn name(&self) -> SourceName {
        match self {
            Self::Node(url) => SourceName::Node(url.clone()),
            Self::Archive { name, .. } => SourceName::Node(name.clone()),
            Self::Folder(folder) => SourceName::Folder(folder.name.clone()),
        }
    }

    /// What kind it is.
    pub fn kind(&self) -> SourceKind {
        match self {
            Self::Node(_) => SourceKind::Node,
            Self::Archive { .. } => SourceKind::Archive,
            Self::Folder(folder) => folder.kind,
        }
    }

    /// Whether it costs no line.
    pub fn is_local(&self) -> bool {
        matches!(self, Self::Folder(_))
    }

    /// What answers a request, as it is, in one of these buffers.
    pub async fn deliver(&self, request: &Request, buffers: &Buffers) -> Delivered {
        let (kind, delivered) = match self {
            Self::Node(url) => (
                Delivery::Answer,
                node::ask_into(buffers, url, request).await,
            ),
            Self::Archive { base, .. } => {
                (Delivery::File, ask_archive(base, request, buffers).await)
            }
            Self::Folder(folder) => (Delivery::File, folder.read(request, buffers).await),
        };
        match delivered {
            Ok(bytes) => Delivered {
                delivery: kind,
                bytes: Some(bytes),
            },
            Err(fault) => Delivered {
                delivery: Delivery::Nothing(fault),
                bytes: None,
            },
        }
    }
}

/// Whether there is an archive's index that goes so far.
async fn reaches(base: &str, height: u64) -> bool {
    let index = ask_archive(base, &Request::ArchiveIndex, &Buffers::default()).await;
    let index = index.map(|bytes| bytes.to_vec());
    let index = index
        .ok()
        .and_then(|bytes| ArchiveIndex::parse(&bytes).ok());
    index
        .and_then(|index| index.last())
        .is_some_and(|last| last >= height)
}

/// Bundles are long: only a silence ends their download, not a slow line.
async fn ask_archive(
    base: &str,
    request: &Request,
    buffers: &Buffers,
) -> Result<Uint8Array, SourceFault> {
    let name = export_file(request).ok_or_else(|| SourceFault::Missing(request.path()))?;
    let patience = match request {
        Request::Bundle(_) | Request::Hints(_) => Patience::ForEachPart,
        _ => Patience::ForAll,
    };
    let url = format!("{base}/{name}");
    fetch::get_into(buffers, &url, request.answer_limit(), patience).await
}

impl Folder {
    async fn read(&self, request: &Request, buffers: &Buffers) -> Result<Uint8Array, SourceFault> {
        let missing = || SourceFault::Missing(request.path());
        let name = export_file(request).ok_or_else(missing)?;
        let file = self.files.get(&name).ok_or(SourceFault::Missing(name))?;
        files::read_into(buffers, file, FILE_LIMIT).await
    }
}

/// What stands before `name` in a path that ends with it.
fn base_of<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    path.strip_suffix(name)
        .filter(|base| base.is_empty() || base.ends_with('/'))
}
