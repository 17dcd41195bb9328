//! The digest of the page's own files: each is read again and compared with the list that was made when the page was built.

use super::fetch;
use crate::state::BuildFiles;
use verifier_core::Hash;

const LIST: &str = "./build.txt";
const LIST_LIMIT: usize = 64 * 1024;
const FILE_LIMIT: usize = 16 * 1024 * 1024;

/// Reads the list and every file that it names.
pub async fn check() -> BuildFiles {
    let Ok(list) = fetch::own(LIST, LIST_LIMIT).await else {
        return BuildFiles::Unknown;
    };
    let digest = Hash::of(&list);
    let Ok(list) = String::from_utf8(list) else {
        return BuildFiles::Unknown;
    };
    let mut differing = Vec::new();
    let mut files = 0_usize;
    for (expected, path) in list.lines().filter_map(|line| line.split_once("  ")) {
        files = files.saturating_add(1);
        let bytes = fetch::own(&format!("./{path}"), FILE_LIMIT).await;
        if !bytes.is_ok_and(|bytes| Hash::of(&bytes).to_string() == expected) {
            differing.push(path.to_owned());
        }
    }
    if files == 0 {
        BuildFiles::Unknown
    } else if differing.is_empty() {
        BuildFiles::Match { digest, files }
    } else {
        BuildFiles::Differ {
            digest,
            files: differing,
        }
    }
}
