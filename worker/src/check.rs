//! A worker that checks: one span after another.

use crate::scope::{bytes, tell};
use futures_channel::oneshot;
use js_sys::Uint8Array;
use recount_worker::{Delivery, Found, Task};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use verifier_core::{Span, SpanAnswers, SpanWorker};

/// Its setup, and the spans that wait for an answer to who may vote.
#[derive(Default)]
pub struct Checker {
    worker: RefCell<Option<Rc<SpanWorker>>>,
    waiting: RefCell<BTreeMap<u32, oneshot::Sender<Vec<bool>>>>,
}

impl Checker {
    /// Does what the page asks. A message that makes no sense is passed over: the page notices that nothing comes.
    pub async fn take(&self, task: Task, buffers: Vec<Uint8Array>) {
        match task {
            Task::Prepare => {
                let setup = bytes(buffers.first()).unwrap_or_default();
                let worker = SpanWorker::new(&setup).ok().map(Rc::new);
                self.worker.replace(worker);
            }
            Task::Open {
                span,
                deliveries,
                hinted,
            } => {
                let worker = self.worker.borrow().clone();
                if let Some(worker) = worker {
                    self.check(&worker, &span, deliveries, hinted, buffers)
                        .await;
                }
            }
            Task::Judge { span } => {
                let admitted = bytes(buffers.first());
                let admitted = admitted.and_then(|bits| borsh::from_slice(&bits).ok());
                let waiting = self.waiting.borrow_mut().remove(&span);
                if let (Some(waiting), Some(admitted)) = (waiting, admitted) {
                    waiting.send(admitted).ok();
                }
            }
        }
    }

    async fn check(
        &self,
        worker: &SpanWorker,
        span: &Span,
        deliveries: Vec<Delivery>,
        hinted: bool,
        buffers: Vec<Uint8Array>,
    ) {
        let number = span.number;
        let mut buffers = buffers.iter();
        let answers = span.requests.iter().zip(deliveries);
        let answers = answers.map(|(request, delivery)| {
            let bytes = match delivery {
                Delivery::Nothing(_) => None,
                _ => bytes(buffers.next()),
            };
            delivery.into_answer(request, bytes)
        });
        let answers = SpanAnswers::read(span, answers.collect());
        let hints = hinted.then(|| bytes(buffers.next())).flatten();
        let opened = worker.open(&answers);
        let (sender, receiver) = oneshot::channel();
        self.waiting.borrow_mut().insert(number, sender);
        let questions = borsh::to_vec(&opened.questions()).unwrap_or_default();
        tell(&Found::Opened { span: number }, Some(&questions));
        let Ok(admitted) = receiver.await else {
            return;
        };
        if let Ok(facts) = opened.judge(&admitted, hints.as_deref()) {
            tell(&Found::Judged { span: number }, Some(&facts.encode()));
        }
    }
}
