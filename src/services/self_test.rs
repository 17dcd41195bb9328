//! The self-test at start: reads the frozen election and runs every case through the verifier.

use super::fetch;
use crate::state::trial::{Tape, Tapes};
use crate::state::{Case, CaseName, SelfTest};
use futures_util::future::join;
use gloo::timers::future::TimeoutFuture;

const GENUINE: &str = "./self-test.json";
const FORGED: &str = "./self-test-forged.json";
const TAPE_LIMIT: usize = 4 * 1024 * 1024;

/// Runs every case. Without the frozen elections the self-test has failed: nothing was tested.
pub async fn run() -> SelfTest {
    let Some(tapes) = load().await else {
        return SelfTest::of(Vec::new());
    };
    let mut cases = Vec::new();
    for name in CaseName::ALL {
        let actual = tapes.judge(name);
        cases.push(Case { name, actual });
        TimeoutFuture::new(0).await; // let the page draw between cases
    }
    SelfTest::of(cases)
}

async fn load() -> Option<Tapes> {
    let (genuine, forged) = join(tape(GENUINE), tape(FORGED)).await;
    Some(Tapes {
        genuine: genuine?,
        forged: forged?,
    })
}

async fn tape(path: &str) -> Option<Tape> {
    let bytes = fetch::own(path, TAPE_LIMIT).await.ok()?;
    Tape::parse(&bytes)
}
