//! The self-test: frozen forgeries that a program must recognise before it may judge anything. This module is tried with receipts when the page opens; the
//! workers' module with elections before a recount, by a worker like those that will do it.

use super::fetch;
use super::recount::hand::{Hand, module};
use crate::state::{Case, SelfTest};
use futures_channel::oneshot;
use futures_util::future::join;
use gloo::timers::future::TimeoutFuture;
use js_sys::Uint8Array;
use recount_worker::{CaseName, Tape, Tester, ToWorker, Tried};
use std::cell::Cell;
use std::rc::Rc;

const GENUINE: &str = "./self-test.json";
const FORGED: &str = "./self-test-forged.json";
const TAPE_LIMIT: usize = 4 * 1024 * 1024;
const TRIES: u32 = 3;

/// Tries every receipt. Without the frozen election the test has failed: nothing was tested.
pub async fn receipts() -> SelfTest {
    let mut tried = Vec::new();
    if let Some(tape) = tape(GENUINE).await.and_then(|bytes| Tape::parse(&bytes)) {
        for name in CaseName::RECEIPTS {
            tried.push((name, tape.check(name)));
            TimeoutFuture::new(0).await; // let the page draw between cases
        }
    }
    outcome(&CaseName::RECEIPTS, tried)
}

/// Has a worker try every election. Without an answer the test has failed.
pub async fn elections() -> SelfTest {
    let (genuine, forged) = join(tape(GENUINE), tape(FORGED)).await;
    let tried = match (genuine, forged) {
        (Some(genuine), Some(forged)) => by_a_worker(&[genuine, forged]).await,
        _ => None,
    };
    outcome(&CaseName::ELECTIONS, tried.unwrap_or_default())
}

async fn by_a_worker(tapes: &[Vec<u8>; 2]) -> Option<Tried> {
    let (sender, receiver) = oneshot::channel();
    let sender = Rc::new(Cell::new(Some(sender)));
    let answer = {
        let sender = sender.clone();
        move |tried| {
            if let Some(sender) = sender.take() {
                sender.send(tried).ok();
            }
        }
    };
    let gone = move || drop(sender.take());
    let (ready, listens) = oneshot::channel();
    let ready = Cell::new(Some(ready));
    let heard = move |told, _| match told {
        Tester::Ready => drop(ready.take().map(|ready| ready.send(()))),
        Tester::Tried(tried) => answer(tried),
    };
    let hand = Hand::start(&module()?, heard, drop, gone)?;
    listens.await.ok()?;
    hand.watch();
    let buffers = tapes.each_ref().map(|t| Uint8Array::from(t.as_slice()));
    hand.tell(&ToWorker::Try, &buffers);
    receiver.await.ok()
}

fn outcome(expected: &[CaseName], tried: Tried) -> SelfTest {
    let cases = tried
        .into_iter()
        .map(|(name, actual)| Case { name, actual });
    SelfTest::of(expected, cases.collect())
}

/// A line that fails once is no reason to distrust the program.
async fn tape(path: &str) -> Option<Vec<u8>> {
    for _ in 0..TRIES {
        if let Ok(bytes) = fetch::own(path, TAPE_LIMIT).await {
            return Some(bytes);
        }
    }
    None
}
