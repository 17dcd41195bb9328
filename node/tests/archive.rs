//! The archive: the same from a store and from a node's RPC, whenever it was stopped and gone on with, and served so that caches may keep it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request as HttpRequest, StatusCode};
use node::archive::{Archive, ArchiveError, Source, routes};
use node::client::Client;
use node::devnet::{Archiving, Devnet, Listening, Settings, Until};
use node::rpc::{Service, router};
use node::storage::Store;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use support::{NOW, card, run};
use tower::ServiceExt;
use verifier_core::rpc::{GenesisAnswer, decode_answer};
use verifier_core::{
    ArchiveIndex, Bundle, ClaimedTotals, GenesisHash, Hints, Recount, Request, Verdict,
    answer_from_export, export_file,
};

type Files = BTreeMap<String, Vec<u8>>;

fn files(folder: &Path) -> Files {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

fn archived(devnet: &Devnet, hints: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut archiving = Archiving::open(devnet, folder.path(), hints).unwrap();
    archiving.advance(devnet, None).unwrap();
    folder
}

fn index(files: &Files) -> ArchiveIndex {
    ArchiveIndex::parse(&files["index.json"]).unwrap()
}

#[test]
fn a_recount_from_the_archive_accepts_and_confirms_the_totals() {
    let devnet = run(Until::Result);
    let folder = archived(&devnet, true);
    let file = |request: &Request| {
        let bytes = std::fs::read(folder.path().join(export_file(request).unwrap())).unwrap();
        answer_from_export(request, &bytes).unwrap()
    };
    let genesis: GenesisAnswer = decode_answer(&file(&Request::Genesis)).unwrap();
    let mut recount = Recount::new(card(&devnet), &genesis.genesis).unwrap();
    let index = ArchiveIndex::parse(&file(&Request::ArchiveIndex)).unwrap();
    assert_eq!(index.last(), Some(devnet.ledger.height() - 1));
    assert_eq!(index.ballots(), 65);
    assert!(index.bundles.len() > 1);
    for entry in &index.bundles {
        let bytes = file(&Request::Bundle(entry.number));
        entry.check_bundle(&bytes).unwrap();
        let bundle = Bundle::decode(&bytes).unwrap();
        assert_eq!((bundle.first(), bundle.last()), (entry.first, entry.last));
        let hints = file(&Request::Hints(entry.number));
        entry.hints.as_ref().unwrap().check_hints(&hints).unwrap();
        let ballots = Hints::decode(&hints).unwrap().ballots.len();
        assert_eq!(u32::try_from(ballots).unwrap(), entry.ballots);
        for block in bundle.into_blocks() {
            recount.add_block(&block).unwrap();
        }
    }
    let totals = std::fs::read(folder.path().join("totals.json")).unwrap();
    let totals = ClaimedTotals::parse(&totals).unwrap();
    let report = recount.finish(Ok(totals), NOW, None);
    assert_eq!(report.verdict, Verdict::Accepted, "{}", report.to_json());
    assert_eq!(report.totals, devnet.totals().map(|totals| totals.cells));
}

/// Asked over HTTP, as any node is.
fn from_rpc(devnet: &Devnet, arguments: &[&str]) -> tempfile::TempDir {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let here = SocketAddr::from(([127, 0, 0, 1], 0));
    let listening = runtime.block_on(Listening::on(here)).unwrap();
    let url = listening.url();
    let service = Service::new(
        Arc::clone(&devnet.store),
        Arc::clone(&devnet.validators),
        devnet.chain_id.clone(),
        devnet.genesis.clone(),
        None,
    );
    service.publish(devnet.files(None, 0).unwrap());
    runtime.spawn(listening.hand_out(router(Arc::new(service))));
    let folder = tempfile::tempdir().unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_node"))
        .args(["archive", "--rpc", &url, "--out"])
        .arg(folder.path())
        .args(arguments)
        .status()
        .unwrap();
    assert!(status.success());
    folder
}

#[test]
fn a_store_and_an_rpc_give_the_same_archive() {
    let devnet = run(Until::Result);
    let from_store = files(archived(&devnet, true).path());
    let from_rpc = files(from_rpc(&devnet, &["--hints"]).path());
    let names: Vec<&String> = from_store.keys().collect();
    assert_eq!(names, from_rpc.keys().collect::<Vec<_>>());
    for (name, bytes) in &from_store {
        assert!(from_rpc[name] == *bytes, "{name}");
    }
}

#[test]
fn an_archive_of_an_election_that_runs_holds_full_bundles_only_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut devnet = Devnet::open(Store::in_memory().unwrap(), &support::settings(), NOW).unwrap();
    let mut seen = Files::new();
    while let Some((height, _)) = devnet.step(Until::Result).unwrap() {
        // As if the writer had been killed after every block.
        let mut archiving = Archiving::open(&devnet, folder.path(), true).unwrap();
        let progress = archiving.advance(&devnet, None).unwrap();
        assert!(progress.last < height);
        let now = files(folder.path());
        for (name, bytes) in &seen {
            let replaced = ["index.json", "trust-card.json", "totals.json"];
            assert!(
                now[name] == *bytes || replaced.contains(&name.as_str()),
                "{name}"
            );
        }
        seen = now;
    }
    let at_once = files(archived(&devnet, true).path());
    assert!(seen == at_once);
    // Once more changes nothing.
    Archiving::open(&devnet, folder.path(), true)
        .unwrap()
        .advance(&devnet, None)
        .unwrap();
    assert!(files(folder.path()) == at_once);
}

#[test]
fn hints_can_be_added_later() {
    let devnet = run(Until::Result);
    let folder = archived(&devnet, false);
    assert!(
        index(&files(folder.path()))
            .bundles
            .iter()
            .all(|b| b.hints.is_none())
    );
    Archiving::open(&devnet, folder.path(), true)
        .unwrap()
        .advance(&devnet, None)
        .unwrap();
    assert!(files(folder.path()) == files(archived(&devnet, true).path()));
}

#[test]
fn what_is_left_over_of_a_write_is_replaced_and_a_missing_or_cut_bundle_is_said_to_be_so() {
    let devnet = run(Until::Result);
    let folder = archived(&devnet, false);
    let whole = files(folder.path());
    // Killed between a bundle and the index that names it.
    let mut shorter = index(&whole);
    shorter.bundles.pop();
    std::fs::write(folder.path().join("index.json"), shorter.to_json()).unwrap();
    std::fs::write(folder.path().join("000001.bundle"), b"half").unwrap();
    Archiving::open(&devnet, folder.path(), false)
        .unwrap()
        .advance(&devnet, None)
        .unwrap();
    assert!(files(folder.path()) == whole);
    std::fs::write(folder.path().join("000001.bundle"), b"half").unwrap();
    assert!(Archiving::open(&devnet, folder.path(), false).is_err());
    std::fs::remove_file(folder.path().join("000001.bundle")).unwrap();
    assert!(Archiving::open(&devnet, folder.path(), false).is_err());
}

#[test]
fn the_archive_of_another_ledger_is_not_gone_on_with() {
    let devnet = run(Until::Setup);
    let folder = archived(&devnet, false);
    for (chain, genesis) in [
        ("another", devnet.ledger.genesis_hash().unwrap()),
        (&devnet.chain_id, GenesisHash([1; 32])),
    ] {
        let opened = Archive::open(folder.path(), chain, genesis, false);
        assert!(matches!(opened, Err(ArchiveError::OtherLedger { .. })));
    }
}

/// Killed with SIGKILL again and again, while ballots are made and bundles are written; what comes out is what an undisturbed run writes.
#[test]
fn a_devnet_killed_while_it_archives_gives_the_same_files() {
    let folder = tempfile::tempdir().unwrap();
    let prepare = |name: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_node"));
        command
            .args(["devnet", "--municipalities", "3", "--candidates", "2"])
            .args([
                "--ballots",
                "12000",
                "--per-block",
                "1000",
                "--archive-only",
            ])
            .args(["--hints", "--archive"])
            .arg(folder.path().join(name))
            .arg("--data")
            .arg(folder.path().join(format!("{name}.data")))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    assert!(prepare("undisturbed").status().unwrap().success());
    for millis in [300, 900, 1_500, 1_500] {
        let mut child = prepare("killed").spawn().unwrap();
        std::thread::sleep(Duration::from_millis(millis));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(prepare("killed").status().unwrap().success());
    let mut killed = files(&folder.path().join("killed"));
    killed.retain(|name, _| !name.ends_with(".partial"));
    let undisturbed = files(&folder.path().join("undisturbed"));
    assert!(index(&killed).bundles.len() > 2);
    assert!(killed == undisturbed);
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

fn get(routes: &Router, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = HttpRequest::get(path).header("origin", "https://page.example");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let response = routes.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer {
            status,
            headers,
            body: body.to_vec(),
        }
    })
}

/// The routes of an embedded engine with an archive.
fn served(devnet: &Devnet, folder: &Path) -> Router {
    let service = Service::new(
        Arc::clone(&devnet.store),
        Arc::clone(&devnet.validators),
        devnet.chain_id.clone(),
        devnet.genesis.clone(),
        None,
    );
    router(Arc::new(service.with_archive(Some(folder.into()))))
}

#[test]
fn bundles_are_served_whole_and_in_parts_and_kept_for_good() {
    let devnet = run(Until::Result);
    let folder = archived(&devnet, true);
    let routes = served(&devnet, folder.path());
    let written = files(folder.path());
    for base in ["", "/n/3"] {
        for request in [Request::Bundle(1), Request::Hints(1)] {
            let path = format!("{base}{}", request.path());
            let file = &written[&export_file(&request).unwrap()];
            let whole = get(&routes, &path, &[]);
            assert_eq!((whole.status, &whole.body), (StatusCode::OK, file));
            assert_eq!(whole.header("content-type"), "application/octet-stream");
            assert_eq!(whole.header("accept-ranges"), "bytes");
            assert_eq!(
                whole.header("cache-control"),
                "public, max-age=31536000, immutable"
            );
            assert_eq!(whole.header("access-control-allow-origin"), "*");
            assert_eq!(whole.header("access-control-expose-headers"), "*");
            let part = get(&routes, &path, &[("range", "bytes=5-9")]);
            assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
            assert_eq!(part.body, file[5..10]);
            let of = format!("bytes 5-9/{}", file.len());
            assert_eq!(part.header("content-range"), of);
            let end = get(&routes, &path, &[("range", "bytes=-3")]);
            assert_eq!(end.body, file[file.len() - 3..]);
            let beyond = format!("bytes={}-", file.len());
            let beyond = get(&routes, &path, &[("range", &beyond)]);
            assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
        }
    }
}

#[test]
fn a_copy_that_is_still_the_same_is_not_sent_again() {
    let devnet = run(Until::Result);
    let folder = archived(&devnet, false);
    let routes = routes(folder.path());
    let first = get(&routes, "/index.json", &[]);
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(first.header("cache-control"), "no-cache");
    assert_eq!(first.header("content-type"), "application/json");
    let tag = first.header("etag").to_owned();
    let several = format!("\"other\", W/{tag}");
    for tags in [tag.as_str(), several.as_str(), "*"] {
        let again = get(&routes, "/index.json", &[("if-none-match", tags)]);
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        assert_eq!((again.header("etag"), again.body.len()), (tag.as_str(), 0));
    }
    let part = [("range", "bytes=0-3"), ("if-range", tag.as_str())];
    let part = get(&routes, "/index.json", &part);
    assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
    // Replaced: the old name is of no use any more, nor is a part.
    std::fs::write(folder.path().join("index.json"), "another index").unwrap();
    let changed = get(&routes, "/index.json", &[("if-none-match", &tag)]);
    assert_eq!(changed.body, b"another index");
    let part = [("range", "bytes=0-3"), ("if-range", tag.as_str())];
    let part = get(&routes, "/index.json", &part);
    assert_eq!(
        (part.status, part.body),
        (StatusCode::OK, b"another index".to_vec())
    );
}

#[test]
fn nothing_but_the_archives_files_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("archive");
    std::fs::create_dir_all(archive.join("folder")).unwrap();
    std::fs::write(folder.path().join("secret"), "secret").unwrap();
    std::fs::write(archive.join(".index.json.partial"), "half").unwrap();
    std::fs::write(archive.join("folder/file"), "file").unwrap();
    let routes = routes(&archive);
    for path in [
        "/",
        "/000000.bundle",
        "/../secret",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "/.index.json.partial",
        "/folder",
        "/folder/",
        "/folder/file",
        "/..",
    ] {
        assert_eq!(
            get(&routes, path, &[]).status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[test]
fn a_browser_is_told_that_it_may_ask_for_parts() {
    let devnet = run(Until::Setup);
    let folder = archived(&devnet, false);
    let routes = served(&devnet, folder.path());
    let request = HttpRequest::options("/archive/index.json")
        .header("origin", "https://page.example")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "range,if-none-match")
        .body(Body::empty())
        .unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let response = runtime.block_on(routes.oneshot(request)).unwrap();
    assert!(response.status().is_success());
    assert_eq!(response.headers()["access-control-allow-headers"], "*");
}

#[test]
fn blocks_hold_as_many_ballots_as_asked_for() {
    let settings = Settings {
        ballots: 500,
        invalid: 7,
        per_block: Some(200),
        fault: Some(node::devnet::Fault::Proof),
        ..support::settings()
    };
    let mut devnet = Devnet::open(Store::in_memory().unwrap(), &settings, NOW).unwrap();
    let mut outcomes = Vec::new();
    while let Some((_, of_block)) = devnet.step(Until::Result).unwrap() {
        outcomes.extend(of_block);
    }
    let counts = devnet.store.ballot_index(0, u64::MAX).unwrap();
    let counts: Vec<u32> = counts.into_iter().map(|(_, ballots)| ballots).collect();
    assert_eq!(counts.iter().sum::<u32>(), 507);
    assert!(counts.len() <= 4 && counts.iter().all(|ballots| *ballots <= 200));
    let refused = outcomes
        .iter()
        .filter(|o| **o != verifier_core::Outcome::Ok);
    let refused: Vec<_> = refused.collect();
    assert_eq!(refused, [&verifier_core::Outcome::InvalidProof; 7]);
    assert!(devnet.totals().is_some());
    let source = Source::Store(&devnet.store);
    assert_eq!(source.last().unwrap(), devnet.ledger.height());
    assert!(Client::new("http://127.0.0.1:1").status().is_err());
}
