//! Sources: a node over HTTP, or a folder that holds a node's answers. Neither is believed.

use anyhow::{Context, Result, bail};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;
use verifier_core::{
    Answer, Height, Request, SourceFault, answer_from_export, export_file, export_height,
};

/// An answer that takes longer than this is given up.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Where answers come from.
pub enum Source {
    Node { url: String, agent: ureq::Agent },
    Folder { path: PathBuf, end: Height },
}

impl Source {
    /// A node if `text` begins like an address, otherwise a folder.
    pub fn open(text: &str) -> Result<Self> {
        if is_address(text) {
            return Ok(Self::node(text));
        }
        let path = PathBuf::from(text);
        let blocks = path.join("blocks");
        let entries = std::fs::read_dir(&blocks).with_context(|| {
            format!(
                "{text} is neither an address (http://…) nor a folder with an exported election in it"
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
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .build()
            .into();
        Self::Node {
            url: url.trim_end_matches('/').to_string(),
            agent,
        }
    }

    /// Fetches the answer to a request.
    pub fn fetch(&self, request: &Request) -> Answer {
        match self {
            Self::Node { url, agent } => fetch(agent, url, request),
            Self::Folder { path, .. } => {
                let missing = || SourceFault::Missing(request.path());
                let name = export_file(request).ok_or_else(missing)?;
                match std::fs::read(path.join(&name)) {
                    Ok(bytes) => answer_from_export(request, &bytes),
                    Err(error) if error.kind() == ErrorKind::NotFound => {
                        Err(SourceFault::Missing(name))
                    }
                    Err(error) => Err(SourceFault::Malformed(format!("{name}: {error}"))),
                }
            }
        }
    }
}

/// Whether a source is named by an address, rather than by a folder.
pub fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

fn fetch(agent: &ureq::Agent, url: &str, request: &Request) -> Answer {
    let limit = request.answer_limit();
    let path = request.path().replace('"', "%22");
    let mut response = agent
        .get(format!("{url}{path}"))
        .call()
        .map_err(|error| fault(error, limit))?;
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
