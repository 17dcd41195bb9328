//! The same service on a real PostgreSQL server, which the test starts and stops; skipped, saying so, where there is none.

use super::support::Town;
use super::support::voter::Voter;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use registrar::Limits;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use verifier_core::prove::{draw_signing_key, public_key};

const PATIENCE: Duration = Duration::from_secs(60);

/// Debian's places, newest first, then whatever is on the path.
fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| {
            entries
                .flatten()
                .map(|entry| entry.path().join("bin"))
                .collect()
        })
        .unwrap_or_default();
    versions.sort();
    versions.reverse();
    versions.into_iter().find(|bin| bin.join("initdb").exists())
}

/// A server of its own, for as long as the value lives.
struct Server {
    process: Child,
    folder: TempDir,
    port: u16,
}

impl Server {
    fn start(programs: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        // The server does not run as root.
        for path in [folder.path(), data.as_path()] {
            if user_of("postgres").is_some() && is_root() {
                chown(path, user_of("postgres"), None).unwrap();
            }
        }
        let made = as_server(programs, "initdb")
            .args([
                "--auth=trust",
                "--username=registrar",
                "--encoding=UTF8",
                "--pgdata",
            ])
            .arg(&data)
            .stdout(Stdio::null())
            .status();
        assert!(made.unwrap().success());
        let port = free_port();
        let process = as_server(programs, "postgres")
            .arg("-D")
            .arg(&data)
            .args([
                "-p",
                &port.to_string(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "fsync=off",
            ])
            .arg("-k")
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            process,
            folder,
            port,
        };
        server.wait(programs);
        server
    }

    fn wait(&self, programs: &Path) {
        let until = Instant::now() + PATIENCE;
        while !self.psql(programs, "SELECT 1") {
            assert!(Instant::now() < until, "the server does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn psql(&self, programs: &Path, statement: &str) -> bool {
        Command::new(programs.join("psql"))
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string()])
            .args(["-U", "registrar", "-d", "postgres", "-c", statement])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap()
            .success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server's own child processes end with it on SIGQUIT; a killed one leaves nothing but this folder behind.
        let quit = Command::new("kill")
            .args(["-QUIT", &self.process.id().to_string()])
            .status();
        let _ = quit;
        let _ = self.process.wait();
        let _ = &self.folder;
    }
}

fn as_server(programs: &Path, program: &str) -> Command {
    let program = programs.join(program);
    if is_root() {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=postgres", "--regid=postgres", "--clear-groups"])
            .arg(program);
        command
    } else {
        Command::new(program)
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout == b"0\n"
}

fn user_of(name: &str) -> Option<u32> {
    let id = Command::new("id").args(["-u", name]).output().ok()?;
    String::from_utf8(id.stdout).ok()?.trim().parse().ok()
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[test]
fn everything_holds_on_postgresql_too() {
    let Some(programs) = programs() else {
        println!("everything_holds_on_postgresql_too: skipped, there is no PostgreSQL server here");
        return;
    };
    let server = Server::start(&programs);
    for index in 0..3 {
        assert!(server.psql(&programs, &format!("CREATE DATABASE m{index}")));
    }
    let town = Town::on(3, Limits::default(), |_, index| {
        format!("postgres://registrar@127.0.0.1:{}/m{index}", server.port)
    });

    let mut voter = Voter::of(0, 1);
    let address = public_key(&draw_signing_key(&mut ChaCha20Rng::seed_from_u64(5)));
    let (session, code) = voter.begin(&town);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(voter.confirm(&town, &session, wrong).1["left"], 4);
    let (_, confirmed) = voter.confirm(&town, &session, &code);
    let token = confirmed["token"].as_str().unwrap();

    let first = voter.home_blinding(&town, &address);
    let second = voter.countersign_blinding(&town, &address);
    assert_eq!(voter.sign(&town, token, &first.blinded()).0, 202);
    town.record_waiting(0, 0);
    let (status, signed) = voter.sign(&town, token, &first.blinded());
    assert_eq!(status, 200, "{signed}");
    assert_eq!(voter.sign(&town, token, &second.blinded()).0, 409);
    first.finish(signed["signature"].as_str().unwrap());
    let (_, counter) = voter.countersign(&town, &signed, &second.blinded());
    second.finish(counter["signature"].as_str().unwrap());
    let numbers = town.services[0].store.numbers(0);
    let numbers = town.runtime.block_on(numbers).unwrap();
    assert_eq!((numbers.recorded, numbers.signed), (1, 1));

    // Two requests at once get one answer, whichever of them comes first.
    let mut voter = Voter::of(0, 2);
    let token = voter.token(&town);
    let blindings: Vec<String> = (0..8)
        .map(|_| voter.home_blinding(&town, &address).blinded())
        .collect();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let asking: Vec<_> = blindings
            .iter()
            .map(|blinded| scope.spawn(|| voter.sign(&town, &token, blinded).0))
            .collect();
        asking.into_iter().map(|ask| ask.join().unwrap()).collect()
    });
    let granted = statuses.iter().filter(|status| **status == 202).count();
    assert_eq!((granted, statuses.len()), (1, 8), "{statuses:?}");
    for service in &town.services {
        town.runtime.block_on(service.store.close());
    }
}
