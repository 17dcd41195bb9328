//! A node's WebSocket, subscribed to new blocks. What it says is only a hint that there may be something to ask for.

use gloo::events::EventListener;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{MessageEvent, Url, WebSocket};

const SUBSCRIBE: &str =
    r#"{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"query":"tm.event='NewBlock'"}}"#;
/// What every event says of itself.
const NEWS: &str = "tendermint/event/NewBlock";

/// A subscription. Dropping it closes the connection.
pub struct Socket {
    socket: WebSocket,
    hinted: Rc<Cell<bool>>,
    broken: Rc<Cell<bool>>,
    _listeners: [EventListener; 4],
}

impl Socket {
    /// Connects to the node at `url`; `None` if it has no address for that.
    pub fn open(url: &str) -> Option<Self> {
        let page = gloo::utils::window().location().href().ok()?;
        let url = format!("{}/websocket", url.trim_end_matches('/'));
        let url = Url::new_with_base(&url, &page).ok()?.href();
        let socket = WebSocket::new(&url.replacen("http", "ws", 1)).ok()?;
        let (hinted, broken) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(false)));
        let breaks = |event: &'static str| {
            let broken = broken.clone();
            EventListener::new(&socket, event, move |_| broken.set(true))
        };
        let listeners = [
            breaks("close"),
            breaks("error"),
            EventListener::new(&socket, "open", |event| {
                let socket = event.target().and_then(|t| t.dyn_into::<WebSocket>().ok());
                socket.map(|socket| socket.send_with_str(SUBSCRIBE).ok());
            }),
            EventListener::new(&socket, "message", {
                let hinted = hinted.clone();
                move |event| {
                    let text = event.dyn_ref::<MessageEvent>().map(MessageEvent::data);
                    let text = text.and_then(|data| data.as_string());
                    if text.is_some_and(|text| text.contains(NEWS)) {
                        hinted.set(true);
                    }
                }
            }),
        ];
        Some(Self {
            socket,
            hinted,
            broken,
            _listeners: listeners,
        })
    }

    /// Whether it told of a block since the last time.
    pub fn take_hint(&self) -> bool {
        self.hinted.replace(false)
    }

    /// Whether the connection is there.
    pub fn is_open(&self) -> bool {
        !self.broken.get() && self.socket.ready_state() == WebSocket::OPEN
    }

    /// Whether the connection was lost or never came about.
    pub fn is_broken(&self) -> bool {
        self.broken.get()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.close().ok();
    }
}
