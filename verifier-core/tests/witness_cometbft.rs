//! CometBFT's own code reads the evidence, verifies it, and names the same validators. Native only: it is a program in Go.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod witness_ledger;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use witness_ledger::ledger_chain::address;
use witness_ledger::{other_data, other_state, split};

/// The judge, built once; or why there is none.
fn judge() -> &'static Result<PathBuf, String> {
    static JUDGE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    JUDGE.get_or_init(build)
}

fn build() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cometbft_judge");
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cometbft_judge");
    let built = Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(folder)
        .output()
        .map_err(|error| format!("Go is not there: {error}"))?;
    if built.status.success() {
        Ok(program)
    } else {
        Err(String::from_utf8_lossy(&built.stderr).into_owned())
    }
}

fn judged(judge: &Path, name: &str, file: &str) -> Output {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, file).unwrap();
    Command::new(judge).arg(&path).output().unwrap()
}

/// One line for each object of the file: the common height and the addresses, in order.
fn line(height: u64, signers: &[u8]) -> String {
    let mut addresses: Vec<_> = signers.iter().map(|s| address(*s).to_string()).collect();
    addresses.sort();
    format!("{height} {}\n", addresses.join(" "))
}

#[test]
fn cometbft_accepts_the_evidence_and_names_the_same_validators() {
    let judge = match judge() {
        Ok(judge) => judge,
        Err(why) => return eprintln!("CometBFT's judgement: skipped. {why}"),
    };
    let cases = [
        (
            "equivocation",
            split(2, 0, other_data),
            vec![line(2, &[1, 2]), line(2, &[1, 2])],
        ),
        (
            "amnesia",
            split(2, 1, other_data),
            vec![line(2, &[]), line(2, &[])],
        ),
        (
            "lunatic",
            split(2, 0, other_state),
            vec![line(1, &[1, 2, 3]), line(1, &[1, 2, 4])],
        ),
        (
            "longer",
            split(3, 0, other_data),
            vec![
                line(2, &[1, 2]),
                line(2, &[1, 2]),
                line(3, &[1, 2]),
                line(3, &[1, 2]),
            ],
        ),
    ];
    for (name, (_, evidence), expected) in cases {
        let output = judged(judge, name, &evidence.to_json());
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(said, expected.concat(), "{name}");
        assert!(output.status.success(), "{name}");
    }
}

#[test]
fn cometbft_refuses_a_list_with_somebody_else_on_it() {
    let Ok(judge) = judge() else { return };
    let (_, evidence) = split(2, 0, other_data);
    let file = evidence.to_json();
    let (before, list) = file.split_once("\"ByzantineValidators\"").unwrap();
    let [culprit, innocent] = [1, 3].map(|signer| address(signer).to_string());
    let list = list.replacen(&culprit, &innocent, 1);
    let output = judged(
        judge,
        "altered",
        &format!("{before}\"ByzantineValidators\"{list}"),
    );
    assert!(!output.status.success());
}
