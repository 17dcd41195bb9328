//! Sources: a node over HTTP, an archive on any web server or in a folder, a folder that a node was exported to. None is believed.

use anyhow::{Context, Result, bail};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;
use verifier_core::{
    ARCHIVE_INDEX_FILE, ARCHIVE_PATH, Answer, ArchiveIndex, Height, Origin, Request, SourceFault,
    TrustCard, answer_from_export, export_file, export_height,
};

/// An answer that takes longer than this is given up.
const TIMEOUT: Duration = Duration::from_secs(120);
/// After these pauses, a server that gave no answer is asked again.
const PAUSES: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(4),
    Duration::from_secs(15),
];
/// So many requests to a server are under way at once.
pub const ALL_AT_ONCE: usize = 4;

/// Where answers come from.
pub enum Source {
    Node {
        url: String,
        agent: ureq::Agent,
    },
    /// The same files as in a folder, behind an address.
    Served {
        url: String,
        agent: ureq::Agent,
    },
    Archive {
        path: PathBuf,
    },
    Folder {
        path: PathBuf,
        end: Height,
    },
}

impl Source {
    /// An archive or a node if `text` begins like an address, otherwise a folder. A node's archive is taken if it reaches as far as the card.
    ///
    /// # Errors
    /// If it is neither.
    pub fn open(text: &str, card: &TrustCard) -> Result<Self> {
        if !is_address(text) {
            return Self::folder(text);
        }
        let url = text.trim_end_matches('/').to_string();
        let on_node = format!("{url}{}", ARCHIVE_PATH.trim_end_matches('/'));
        for url in [url.clone(), on_node] {
            let served = Self::Served {
                url,
                agent: agent(),
            };
            if served.reaches(card) {
                return Ok(served);
            }
        }
        Ok(Self::node(text))
    }

    fn folder(text: &str) -> Result<Self> {
        let path = PathBuf::from(text);
        if path.join(ARCHIVE_INDEX_FILE).is_file() {
            return Ok(Self::Archive { path });
        }
        let blocks = path.join("blocks");
        let entries = std::fs::read_dir(&blocks).with_context(|| {
            format!(
                "{text} is neither an address (http://…) nor a folder with an archive or an exported election in it"
            )
        })?;
        let mut names = Vec::new();
        for entry in entries {
            names.push(format!("blocks/{}", entry?.file_name().to_string_lossy()));
        }
        match export_height(names.iter().map(String::as_str)) {
            Some(end) => Ok(Self::Folder { path, end }),
            None => bail!("{} holds no blocks", blocks.display()),
        }
    }

    /// A node at this address.
    pub fn node(url: &str) -> Self {
        Self::Node {
            url: url.trim_end_matches('/').to_string(),
            agent: agent(),
        }
    }

    /// What kind of source it is.
    pub fn origin(&self) -> Origin {
        match self {
            Self::Node { .. } => Origin::Node,
            Self::Served { .. } | Self::Archive { .. } => Origin::Archive,
            Self::Folder { end, .. } => Origin::Folder { end: *end },
        }
    }

    /// How many answers are worth waiting for at once.
    pub fn at_once(&self) -> usize {
        match self {
            Self::Node { .. } | Self::Served { .. } => ALL_AT_ONCE,
            Self::Archive { .. } | Self::Folder { .. } => 1,
        }
    }

    /// Whether there is an archive with every block that the card speaks of.
    fn reaches(&self, card: &TrustCard) -> bool {
        let index = self.fetch_once(&Request::ArchiveIndex);
        let last = index
            .ok()
            .and_then(|bytes| ArchiveIndex::parse(&bytes).ok()?.last());
        let named = card.final_header.unwrap_or(card.trusted).height;
        last.is_some_and(|last| last.saturating_add(1) >= named)
    }

    /// Fetches the answer to a request, with patience.
    pub fn fetch(&self, request: &Request) -> Answer {
        let mut answer = self.fetch_once(request);
        for pause in PAUSES {
            if !matches!(&answer, Err(fault) if may_pass(fault)) {
                break;
            }
            std::thread::sleep(pause);
            answer = self.fetch_once(request);
        }
        answer
    }

    fn fetch_once(&self, request: &Request) -> Answer {
        let missing = || SourceFault::Missing(request.path());
        let file = || export_file(request).ok_or_else(missing);
        match self {
            Self::Node { url, agent } => {
                let path = request.path().replace('"', "%22");
                fetch(agent, &format!("{url}{path}"), request)
            }
            Self::Served { url, agent } => {
                let bytes = fetch(agent, &format!("{url}/{}", file()?), request)?;
                answer_from_export(request, &bytes)
            }
            Self::Archive { path } | Self::Folder { path, .. } => {
                answer_from_export(request, &read(path, &file()?)?)
            }
        }
    }
}

/// Whether a source is named by an address, rather than by a folder.
pub fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// Whether a fault is one of the way to the source, or of a moment.
fn may_pass(fault: &SourceFault) -> bool {
    match fault {
        SourceFault::Unreachable | SourceFault::TooSlow => true,
        SourceFault::HttpStatus(status) => *status == 429 || *status >= 500,
        _ => false,
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .build()
        .into()
}

fn read(folder: &Path, name: &str) -> Answer {
    match std::fs::read(folder.join(name)) {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(SourceFault::Missing(name.into())),
        Err(error) => Err(SourceFault::Malformed(format!("{name}: {error}"))),
    }
}

fn fetch(agent: &ureq::Agent, url: &str, request: &Request) -> Answer {
    let limit = request.answer_limit();
    let mut response = agent.get(url).call().map_err(|error| fault(error, limit))?;
    response
        .body_mut()
        .with_config()
        .limit(u64::try_from(limit).unwrap_or(u64::MAX))
        .read_to_vec()
        .map_err(|error| fault(error, limit))
}

fn fault(error: ureq::Error, limit: usize) -> SourceFault {
    match error {
        ureq::Error::StatusCode(code) => SourceFault::HttpStatus(code),
        ureq::Error::Timeout(_) => SourceFault::TooSlow,
        ureq::Error::BodyExceedsLimit(_) => SourceFault::TooLarge { limit },
        _ => SourceFault::Unreachable,
    }
}
