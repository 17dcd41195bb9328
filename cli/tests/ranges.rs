//! Ranges that are counted apart, as `recount-part.sh` has it, come to what a recount in one piece comes to; and never to more.

#![allow(clippy::unwrap_used)]

use node::devnet::{Archiving, Devnet, INTERVAL, Settings, Until};
use node::storage::Store;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;
use verifier_core::ArchiveIndex;

/// 2026-06-03T00:00:00Z, and a moment within the trusting period.
const GENESIS: u64 = 1_780_444_800;
const NOW: u64 = GENESIS + 3_600;
const PARTS: u64 = 4;
/// What tells a part its number, and the number of parts: Slurm's way, and that of an indexed Kubernetes Job.
const SLURM: [&str; 2] = ["SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT"];
const KUBERNETES: [&str; 2] = ["JOB_COMPLETION_INDEX", "PARTS"];

struct Newsroom {
    folder: TempDir,
    blocks: u64,
}

impl Newsroom {
    fn new(seed: u64) -> Self {
        let settings = Settings {
            municipalities: 4,
            candidates: 3,
            ballots: 60,
            invalid: 5,
            seed,
            genesis_time: Some(GENESIS),
            interval: INTERVAL,
            per_block: None,
            fault: None,
            live: None,
        };
        let mut devnet = Devnet::open(Store::in_memory().unwrap(), &settings, NOW).unwrap();
        while devnet.step(Until::Result).unwrap().is_some() {}
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("archive");
        std::fs::create_dir(&archive).unwrap();
        std::fs::create_dir(folder.path().join("states")).unwrap();
        let mut archiving = Archiving::open(&devnet, &archive, true).unwrap();
        archiving.advance(&devnet, None).unwrap();
        let card = devnet.trust_card(None).unwrap();
        std::fs::write(folder.path().join("trust-card.json"), card).unwrap();
        let index = std::fs::read(archive.join("index.json")).unwrap();
        let blocks = ArchiveIndex::parse(&index).unwrap().last().unwrap();
        Self { folder, blocks }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn part(&self, number: u64) -> PathBuf {
        self.path("states").join(format!("part-{number}"))
    }

    fn parts(&self) -> Vec<PathBuf> {
        (0..PARTS).map(|number| self.part(number)).collect()
    }

    fn count(&self, number: u64, [id, count]: [&str; 2]) -> Output {
        Command::new("bash")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("recount-part.sh"))
            .env("CHAMGWAN", env!("CARGO_BIN_EXE_chamgwan"))
            .env("ARCHIVE", self.path("archive"))
            .env("TRUST_CARD", self.path("trust-card.json"))
            .env("STATES", self.path("states"))
            .env("BLOCKS", self.blocks.to_string())
            .env(id, number.to_string())
            .env(count, PARTS.to_string())
            .output()
            .unwrap()
    }

    fn count_all(&self, way: [&str; 2]) {
        for number in 0..PARTS {
            let output = self.count(number, way);
            assert!(output.status.success(), "{output:?}");
        }
    }

    fn merge(&self, files: &[PathBuf]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_chamgwan"))
            .arg("merge")
            .args(files)
            .arg("--trust-card")
            .arg(self.path("trust-card.json"))
            .output()
            .unwrap()
    }

    fn in_one_piece(&self) -> Output {
        Command::new(env!("CARGO_BIN_EXE_chamgwan"))
            .arg("recount")
            .arg(self.path("archive"))
            .arg("--trust-card")
            .arg(self.path("trust-card.json"))
            .output()
            .unwrap()
    }
}

fn digest(output: &Output) -> String {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let line = text.lines().find(|line| line.starts_with("Digest:"));
    line.unwrap().to_owned()
}

/// It did not come to a verdict, and says why.
fn assert_refused(output: &Output, why: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(said.contains(why), "{said}");
}

#[test]
fn parts_come_to_the_digest_of_one_piece() {
    let newsroom = Newsroom::new(7);
    let whole = newsroom.in_one_piece();
    assert_eq!(whole.status.code(), Some(0), "{whole:?}");
    for way in [SLURM, KUBERNETES] {
        newsroom.count_all(way);
        let mut parts = newsroom.parts();
        let merged = newsroom.merge(&parts);
        assert_eq!(merged.status.code(), Some(0), "{merged:?}");
        assert_eq!(digest(&merged), digest(&whole));
        parts.reverse();
        assert_eq!(digest(&newsroom.merge(&parts)), digest(&whole));
        for part in parts {
            std::fs::remove_file(part).unwrap();
        }
    }
}

#[test]
fn an_interrupted_part_goes_on() {
    let newsroom = Newsroom::new(7);
    newsroom.count_all(SLURM);
    let whole = newsroom.merge(&newsroom.parts());
    let bytes = std::fs::read(newsroom.part(2)).unwrap();
    for end in [0, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(newsroom.part(2), bytes.get(..end).unwrap()).unwrap();
        let output = newsroom.count(2, SLURM);
        assert!(output.status.success(), "{end}: {output:?}");
        let merged = newsroom.merge(&newsroom.parts());
        assert_eq!(digest(&merged), digest(&whole), "{end}");
    }
}

#[test]
fn parts_that_do_not_make_a_whole_are_never_accepted() {
    let newsroom = Newsroom::new(7);
    newsroom.count_all(SLURM);
    let parts = newsroom.parts();
    for missing in 0..parts.len() {
        let mut some = parts.clone();
        some.remove(missing);
        let output = newsroom.merge(&some);
        assert_eq!(output.status.code(), Some(2), "{missing}: {output:?}");
    }
    let twice: Vec<PathBuf> = parts.iter().chain(parts.get(1)).cloned().collect();
    assert_refused(&newsroom.merge(&twice), "does not fit");
    let other = Newsroom::new(8);
    other.count_all(SLURM);
    let mut mixed = parts.clone();
    mixed.pop();
    mixed.push(other.part(PARTS - 1));
    assert_refused(&newsroom.merge(&mixed), "does not fit");
    let bytes = std::fs::read(newsroom.part(1)).unwrap();
    let mut changed = bytes.clone();
    *changed.get_mut(bytes.len() / 2).unwrap() ^= 1;
    for damaged in [&bytes[..bytes.len() - 1], &changed, b"nothing"] {
        std::fs::write(newsroom.part(1), damaged).unwrap();
        assert_refused(&newsroom.merge(&parts), "damaged");
    }
}

#[test]
fn a_file_of_another_recount_is_not_written_over() {
    let (newsroom, other) = (Newsroom::new(7), Newsroom::new(8));
    other.count_all(SLURM);
    std::fs::copy(other.part(1), newsroom.part(1)).unwrap();
    assert_refused(
        &newsroom.count(1, SLURM),
        "name another one, or remove it to begin anew",
    );
    let (before, after) = (
        std::fs::read(other.part(1)),
        std::fs::read(newsroom.part(1)),
    );
    assert_eq!(before.unwrap(), after.unwrap());
}

#[test]
fn a_range_beyond_the_last_block_is_none() {
    let mut newsroom = Newsroom::new(7);
    newsroom.blocks *= 2;
    assert!(newsroom.count(0, SLURM).status.success());
    assert_refused(
        &newsroom.count(PARTS - 1, SLURM),
        "the last that the source has",
    );
}
