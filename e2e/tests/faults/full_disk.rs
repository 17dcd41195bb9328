//! A disk that is full: the node says so and ends, the others go on, and with room again it catches up.

use crate::arena::{Arena, CATCH_UP};
use crate::count::{Count, Counting};
use crate::stage::Stage;
use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

const MUNICIPALITY: usize = 2;
const DISK: &str = "size=16m";
/// Written until nothing more fits.
const FILLER: [u8; 4096] = [7; 4096];

pub fn trial(stage: &Arc<Stage>) -> Trial {
    stage.on_network(
        "a_full_disk_stops_one_node_with_a_sentence_and_nobody_else",
        "disk full",
        Disk::is_permitted().err(),
        fill,
    )
}

fn fill(arena: &mut Arena) -> Result<(String, Count)> {
    let counting = Counting::begin(arena);
    arena.pair(MUNICIPALITY)?.stop();
    let data = arena.pair(MUNICIPALITY)?.home().join("data");
    let disk = Disk::over(&data)?;
    arena.pair(MUNICIPALITY)?.start()?;
    arena.catches_up(MUNICIPALITY)?;
    disk.fill()?;
    let ended = |arena: &mut Arena| {
        arena
            .pair(MUNICIPALITY)
            .is_ok_and(|p| !p.application.is_running())
    };
    let took = arena.wait_until("the node ends", CATCH_UP, ended)?;
    let pair = arena.pair(MUNICIPALITY)?;
    let status = pair
        .application
        .exit_status()
        .context("the node has no exit status")?;
    let said = pair.application.last_lines(1);
    ensure!(
        status.code().is_some_and(|code| code != 0),
        "the node ends with {status}"
    );
    ensure!(
        said.starts_with("The node stops: ") && said.contains("No space left"),
        "the node's last words are: {said}"
    );
    pair.kill();
    arena.goes_on(5)?;
    disk.free()?;
    arena.pair(MUNICIPALITY)?.start()?;
    let back = arena.catches_up(MUNICIPALITY)?;
    let count = counting.end(arena, MUNICIPALITY)?;
    arena.pair(MUNICIPALITY)?.stop();
    disk.take_away()?;
    arena.pair(MUNICIPALITY)?.start()?;
    arena.catches_up(MUNICIPALITY)?;
    let what = format!(
        "it ended after {:.1} s ({status}): “{said}”; others went on; with room again it caught up in {:.1} s",
        took.as_secs_f64(),
        back.as_secs_f64()
    );
    Ok((what, count))
}

/// A small disk in the place of a folder; what the folder held is moved onto it.
struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// Whether disks can be mounted here; why not, if not.
    fn is_permitted() -> Result<(), String> {
        let tried = tempfile::TempDir::new()
            .map_err(anyhow::Error::from)
            .and_then(|folder| {
                let folder = folder.path().to_path_buf();
                run("mount", &["-t", "tmpfs", "-o", DISK, "tmpfs"], &folder)?;
                run("umount", &[], &folder)
            });
        tried.map_err(|error| format!("no small disk can be mounted here: {error}"))
    }

    fn over(folder: &Path) -> Result<Self> {
        let aside = folder.with_extension("aside");
        std::fs::rename(folder, &aside)?;
        std::fs::create_dir(folder)?;
        run("mount", &["-t", "tmpfs", "-o", DISK, "tmpfs"], folder)?;
        let disk = Self {
            folder: folder.to_path_buf(),
        };
        move_files(&aside, folder)?;
        std::fs::remove_dir(aside)?;
        Ok(disk)
    }

    /// Leaves no room at all.
    fn fill(&self) -> Result<()> {
        use std::io::Write;
        let mut file = std::fs::File::create(self.filler())?;
        while file.write_all(&FILLER).is_ok() {}
        Ok(())
    }

    fn free(&self) -> Result<()> {
        Ok(std::fs::remove_file(self.filler())?)
    }

    fn filler(&self) -> PathBuf {
        self.folder.join("filler")
    }

    /// Moves the files back to where they were.
    fn take_away(self) -> Result<()> {
        let aside = self.folder.with_extension("aside");
        std::fs::create_dir(&aside)?;
        move_files(&self.folder, &aside)?;
        let folder = self.folder.clone();
        drop(self);
        std::fs::remove_dir(&folder)?;
        Ok(std::fs::rename(aside, folder)?)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Whatever still holds a file on it keeps it until then.
        let _ = run("umount", &["-l"], &self.folder);
    }
}

/// Holes stay holes: a database has room within its file that its disk has not promised.
fn move_files(from: &Path, to: &Path) -> Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let file = entry.path().display().to_string();
        run(
            "cp",
            &["--sparse=always", &file],
            &to.join(entry.file_name()),
        )?;
        std::fs::remove_file(entry.path())?;
    }
    Ok(())
}

fn run(program: &str, arguments: &[&str], last: &Path) -> Result<()> {
    let output = Command::new(program).args(arguments).arg(last).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program}: {}", said.trim());
    Ok(())
}
