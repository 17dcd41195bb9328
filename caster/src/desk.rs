//! The worker's side of the conversation.

use crate::keeper::Keeper;
use crate::sight;
use borsh::BorshSerialize;
use caster::{Booth, FromCaster, QrFault, RightFault, ToCaster, ToPurse, draw_mark, pack, unpack};
use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use js_sys::Uint8Array;
use rand_core::OsRng;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};
use zeroize::Zeroizing;

/// What the worker tells the page, with the bytes beside it.
type Told = (FromCaster, Option<Vec<u8>>);

/// What the worker holds.
#[derive(Default)]
struct Desk {
    booth: Option<Booth>,
    keeper: Option<Keeper>,
}

/// Serves the page, as long as the worker lives. Messages are taken one after another, also those that wait for the browser's storage.
pub fn serve() {
    let Some(scope) = scope() else {
        return;
    };
    let (sender, receiver) = unbounded();
    let onmessage = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        sender.unbounded_send(event.data()).ok();
    });
    scope.set_onmessage(Some(onmessage.as_ref().unchecked_ref()));
    onmessage.forget(); // it lives as long as the worker
    spawn_local(work(receiver));
    tell(&FromCaster::Ready, None);
}

async fn work(mut messages: UnboundedReceiver<JsValue>) {
    let mut desk = Desk::default();
    while let Ok(data) = messages.recv().await {
        let (told, bytes) = match unpack::<ToCaster>(&data) {
            Some((message, beside)) => desk.take(message, beside).await,
            None => (FromCaster::Broke, None),
        };
        tell(&told, bytes.as_deref());
    }
}

impl Desk {
    async fn take(&mut self, message: ToCaster, beside: Option<JsValue>) -> Told {
        match message {
            ToCaster::Begin(keys) => {
                self.booth = Booth::new(keys).ok();
                let begun = self.booth.as_ref().map(|_| FromCaster::Begun);
                (begun.unwrap_or(FromCaster::Broke), None)
            }
            ToCaster::Purse(order) => (self.purse(*order).await, None),
            ToCaster::Cast => self.cast(),
            message => match &mut self.booth {
                Some(booth) => vote(booth, message, beside),
                None => (FromCaster::Broke, None),
            },
        }
    }

    async fn purse(&mut self, order: ToPurse) -> FromCaster {
        match (order, &mut self.keeper) {
            (ToPurse::Open { genesis, contract }, None) => {
                match Keeper::open(genesis, contract).await {
                    Ok(keeper) => self.keeper.insert(keeper).tell(),
                    Err(fault) => FromCaster::PurseFault(fault),
                }
            }
            (ToPurse::Vote, Some(keeper)) => match (&mut self.booth, keeper.right()) {
                (Some(booth), Some(kept)) => match booth.take(kept) {
                    Ok(address) => FromCaster::Right(address),
                    Err(fault) => FromCaster::Refused(fault),
                },
                _ => FromCaster::Broke,
            },
            (order, Some(keeper)) => keeper.take(order),
            (_, None) => FromCaster::Broke,
        }
    }

    /// A ballot of a kept right is kept in its place before anybody hears of it: it is found again whatever happens next.
    fn cast(&mut self) -> Told {
        match self.booth.as_mut().and_then(Booth::cast) {
            Some(ballot) => {
                if let Some(keeper) = &mut self.keeper {
                    keeper.use_up(&ballot);
                }
                (FromCaster::Signed, Some(ballot.encode()))
            }
            None => (FromCaster::Broke, None),
        }
    }
}

fn vote(booth: &mut Booth, message: ToCaster, beside: Option<JsValue>) -> Told {
    match message {
        ToCaster::Look => (look(booth, beside), None),
        ToCaster::Read => (read(booth, beside), None),
        ToCaster::Choose => (choose(booth, beside), None),
        ToCaster::Encrypt { asset, mark } => {
            let code = booth.encrypt(asset, mark, &mut OsRng);
            (code.map_or(FromCaster::Broke, FromCaster::Encrypted), None)
        }
        ToCaster::DrawMark => (FromCaster::Mark(draw_mark(&mut OsRng)), None),
        ToCaster::Challenge => opened(booth),
        ToCaster::Begin(_) | ToCaster::Cast | ToCaster::Purse(_) => (FromCaster::Broke, None),
    }
}

fn look(booth: &mut Booth, picture: Option<JsValue>) -> FromCaster {
    match sight::read(&picture.unwrap_or_default()).map(Zeroizing::new) {
        Ok(text) => right(booth, &text),
        Err(QrFault::NoCode) => FromCaster::Nothing,
        Err(QrFault::Unreadable) => FromCaster::Refused(RightFault::Unreadable),
        Err(QrFault::NotAPicture) => FromCaster::Refused(RightFault::NotAPicture),
    }
}

fn read(booth: &mut Booth, text: Option<JsValue>) -> FromCaster {
    let text = text.and_then(|text| text.as_string()).map(Zeroizing::new);
    match text {
        Some(text) => right(booth, &text),
        None => FromCaster::Broke,
    }
}

fn choose(booth: &mut Booth, digits: Option<JsValue>) -> FromCaster {
    let digits = digits.and_then(|digits| digits.as_string());
    match digits.map(Zeroizing::new).and_then(|d| d.parse().ok()) {
        Some(choice) if booth.choose(choice) => FromCaster::Chosen,
        _ => FromCaster::Broke,
    }
}

fn right(booth: &mut Booth, text: &str) -> FromCaster {
    match booth.take_right(text) {
        Ok(address) => FromCaster::Right(address),
        Err(fault) => FromCaster::Refused(fault),
    }
}

fn opened(booth: &mut Booth) -> Told {
    match booth.challenge() {
        Some(challenged) => {
            let opening = FromCaster::Opened(challenged.opening.to_text());
            (opening, Some(challenged.spoil.encode()))
        }
        None => (FromCaster::Broke, None),
    }
}

fn tell(message: &impl BorshSerialize, beside: Option<&[u8]>) {
    let beside = beside.map(|bytes| Uint8Array::from(bytes).buffer().into());
    if let (Some(scope), Some((message, handed))) = (scope(), pack(message, beside.as_ref())) {
        scope.post_message_with_transfer(&message, &handed).ok();
    }
}

fn scope() -> Option<DedicatedWorkerGlobalScope> {
    js_sys::global().dyn_into().ok()
}
