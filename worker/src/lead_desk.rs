//! The desk of the worker that leads: its orders, and the journal in the browser's storage.

use crate::scope::tell;
use crate::store::{Store, Trouble};
use recount_worker::{Begin, Keeping, Lead, News, Order, head};
use std::cell::RefCell;
use std::rc::Rc;
use verifier_core::SourceFault;
use wasm_bindgen_futures::spawn_local;

#[derive(Clone, Default)]
pub struct Desk {
    lead: Rc<RefCell<Lead>>,
    store: Rc<RefCell<Option<Store>>>,
}

impl Desk {
    /// Does what the page asks.
    pub fn take(&self, order: Order, bytes: Option<Vec<u8>>) {
        if let Order::Begin(begin) = order {
            let desk = self.clone();
            spawn_local(async move { desk.begin(begin).await });
            return;
        }
        let told = self.lead.borrow_mut().take(order, bytes);
        self.keep();
        say(told);
    }

    /// Nothing is asked for before the journal is read: until then there is no run.
    async fn begin(&self, begin: Begin) {
        let malformed = || SourceFault::Malformed("the trust card".into());
        let Ok(head) = head(&begin) else {
            return tell(&News::Faulted(malformed()), None);
        };
        let store = Store::open(&head, begin.anew).await;
        if self.lead.borrow_mut().begin(&begin).is_err() {
            return tell(&News::Faulted(malformed()), None);
        }
        let keeping = match store {
            Ok(store) => {
                let keeping = self.resume(&store);
                self.store.replace(Some(store));
                keeping
            }
            Err(Trouble::Full) => Keeping::Full,
            Err(Trouble::Refused) => Keeping::Refused,
        };
        tell(&News::Keeping(keeping), None);
        let told = self.lead.borrow_mut().go_on();
        self.keep();
        say(told);
    }

    /// Takes entries up to the first that is torn or does not fit, which ends the journal.
    fn resume(&self, store: &Store) -> Keeping {
        let mut lead = self.lead.borrow_mut();
        let mut at = None;
        while let Some((entry, length)) = store.next() {
            if !lead.resume(&entry) {
                break;
            }
            at = Some(entry.at);
            store.accept(length);
        }
        store.drop_rest();
        lead.kept_before(at)
    }

    fn keep(&self) {
        let entries = self.lead.borrow_mut().to_keep();
        let mut store = self.store.borrow_mut();
        let kept = store.as_ref().map(|store| store.append(&entries));
        if kept == Some(false) {
            store.take();
            tell(&News::Keeping(Keeping::Full), None);
        }
    }
}

fn say(told: Vec<(News, Option<Vec<u8>>)>) {
    for (news, beside) in told {
        tell(&news, beside.as_deref());
    }
}
