//! The self-test at start: reads the frozen election and runs every case through the verifier.

use super::fetch;
use crate::state::trial::Tape;
use crate::state::{Case, CaseName, SelfTest};
use gloo::timers::future::TimeoutFuture;

const TAPE: &str = "./self-test.json";
const TAPE_LIMIT: usize = 4 * 1024 * 1024;

/// Runs every case. Without the frozen election the self-test has failed: nothing was tested.
pub async fn run() -> SelfTest {
    let tape = fetch::get(TAPE, TAPE_LIMIT)
        .await
        .ok()
        .and_then(|bytes| Tape::parse(&bytes));
    let Some(tape) = tape else {
        return SelfTest::of(Vec::new());
    };
    let mut cases = Vec::new();
    for name in CaseName::ALL {
        let actual = tape.judge(name);
        cases.push(Case { name, actual });
        TimeoutFuture::new(0).await; // let the page draw between cases
    }
    SelfTest::of(cases)
}
