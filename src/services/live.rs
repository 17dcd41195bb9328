//! Follows the election: hears of blocks by a node's WebSocket or asks every few seconds, fetches them, and goes to another node where one fails.
//!
//! A node that lies, answers nothing, or tells of no blocks while others have some is left. What it said of the failed block is dropped;
//! what was verified before stays.

use super::clock;
use super::node::some_node;
use super::socket::Socket;
use super::state_check::fetch_all;
use crate::state::live::{Link, LiveChange, Mischief, NodeTrouble};
use crate::text::trouble_reason;
use gloo::timers::future::TimeoutFuture;
use std::cell::Cell;
use std::rc::Rc;
use verifier_core::{Live, Seconds, TrustCard};

/// How often hints and the clock are looked at.
const TICK_MS: u32 = 200;
/// How often a node is asked that tells nothing by itself, and one that does, should a hint be lost.
const POLL: Seconds = 3;
const POLL_BESIDE_SOCKET: Seconds = 12;
/// There is a block at least every five seconds; after so long without one, other nodes are asked.
const SILENCE: Seconds = 20;
/// A lost connection is tried again after this long.
const RECONNECT: Seconds = 15;
/// With every node at fault, they are tried again after this long.
const RETRY_MS: u32 = 4_000;

/// An election being followed. Dropping it ends that.
pub struct Follower {
    ended: Rc<Cell<bool>>,
}

impl Follower {
    /// Starts; `news` hears of every change.
    pub fn start(card: Rc<TrustCard>, news: impl Fn(LiveChange) + 'static) -> Self {
        let ended = Rc::new(Cell::new(false));
        let mut following = Following {
            live: Live::new((*card).clone(), clock::now()),
            node: some_node(card.nodes.len()),
            socket: None,
            connected: 0,
            looked: 0,
            turned: clock::now(),
            progress: (clock::now(), 0),
            silent: None,
            failures: 0,
            card,
            ended: ended.clone(),
            news,
        };
        yew::platform::spawn_local(async move { following.run().await });
        Self { ended }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.ended.set(true);
    }
}

struct Following<N> {
    card: Rc<TrustCard>,
    live: Live,
    node: usize,
    socket: Option<Socket>,
    /// When a connection was tried last.
    connected: Seconds,
    /// When the node was asked for its height last.
    looked: Seconds,
    /// When this node was turned to.
    turned: Seconds,
    /// When the newest block came, and its height.
    progress: (Seconds, u64),
    /// The node that told of nothing new before this one was turned to.
    silent: Option<usize>,
    /// Nodes that failed one after the other.
    failures: usize,
    ended: Rc<Cell<bool>>,
    news: N,
}

impl<N: Fn(LiveChange)> Following<N> {
    async fn run(&mut self) {
        self.tell_link(Link::Starting);
        while !self.ended.get() {
            self.carry().await;
            if self.ended.get() {
                return;
            }
            if self.live.is_over() {
                return self.tell_link(Link::Over);
            }
            if self.live.trouble().is_some() {
                self.leave_faulty_node().await;
                continue;
            }
            self.failures = 0;
            self.keep_connection();
            self.watch_for_silence();
            TimeoutFuture::new(TICK_MS).await;
            self.look();
        }
    }

    /// Fetches whatever is needed, and shows what became of it.
    async fn carry(&mut self) {
        loop {
            let needs = self.live.needs();
            if needs.is_empty() || self.ended.get() {
                return;
            }
            let url = self.card.nodes.get(self.node).map(|node| node.url.clone());
            let live = &mut self.live;
            fetch_all(url.as_deref(), needs, |request, answer| {
                live.supply(request, answer, clock::now());
            })
            .await;
            let height = self.live.trusted().unwrap_or(0);
            if height != self.progress.1 {
                self.note_progress(height);
            }
        }
    }

    fn note_progress(&mut self, height: u64) {
        let before = self.progress.1;
        self.progress = (clock::now(), height);
        if height == 0 {
            return;
        }
        self.say(LiveChange::Seen(Rc::new(self.live.view().clone())));
        self.say(LiveChange::Still(None));
        // What this node has at once, the one before it could have had.
        let at_once = clock::now().saturating_sub(self.turned) <= POLL;
        if let Some(node) = self.silent.take().filter(|_| at_once) {
            self.blame(node, Mischief::Silent { at: before });
        }
    }

    /// Another node goes on; when all have failed, after a while.
    async fn leave_faulty_node(&mut self) {
        if let Some(outcome) = self.live.trouble() {
            let mischief = Mischief::Faulty(trouble_reason(outcome, &self.card));
            self.blame(self.node, mischief);
        }
        self.failures = self.failures.saturating_add(1);
        self.next_node();
        if self.failures >= self.card.nodes.len().max(1) {
            self.tell_link(Link::Retrying);
            TimeoutFuture::new(RETRY_MS).await;
            self.failures = 0;
        }
        self.live.resume(clock::now());
    }

    fn next_node(&mut self) {
        let count = self.card.nodes.len().max(1);
        self.node = self.node.saturating_add(1) % count;
        (self.socket, self.connected) = (None, 0);
        (self.turned, self.looked) = (clock::now(), 0);
    }

    fn blame(&self, node: usize, mischief: Mischief) {
        let time = clock::now();
        self.say(LiveChange::Troubled(NodeTrouble {
            node,
            time,
            mischief,
        }));
    }

    /// Connects, or connects again after a while; meanwhile the node is asked.
    fn keep_connection(&mut self) {
        let now = clock::now();
        let lost = self.socket.as_ref().is_none_or(Socket::is_broken);
        if lost && now.saturating_sub(self.connected) >= RECONNECT {
            self.connected = now;
            let url = self.card.nodes.get(self.node).map(|node| node.url.clone());
            self.socket = url.and_then(|url| Socket::open(&url));
        }
        self.tell_link(if self.is_connected() {
            Link::Socket
        } else {
            Link::Polling
        });
    }

    fn is_connected(&self) -> bool {
        self.socket.as_ref().is_some_and(Socket::is_open)
    }

    /// Asks for news if the node told of some, or if it is time to.
    fn look(&mut self) {
        let hinted = self.socket.as_ref().is_some_and(Socket::take_hint);
        let patience = if self.is_connected() {
            POLL_BESIDE_SOCKET
        } else {
            POLL
        };
        let now = clock::now();
        if hinted || now.saturating_sub(self.looked) >= patience {
            self.looked = now;
            self.live.look();
        }
    }

    /// Turns to another node after a long silence. If that one has new blocks at once, the silence was the node's; otherwise the ledger stands still.
    fn watch_for_silence(&mut self) {
        let now = clock::now();
        let quiet = now.saturating_sub(self.progress.0);
        if quiet < SILENCE {
            return;
        }
        self.say(LiveChange::Still(Some(quiet)));
        if self.card.nodes.len() > 1 && now.saturating_sub(self.turned) >= SILENCE / 2 {
            self.silent = Some(self.node);
            self.next_node();
        }
    }

    fn tell_link(&self, link: Link) {
        let node = self.node;
        self.say(LiveChange::Linked { link, node });
    }

    fn say(&self, change: LiveChange) {
        if !self.ended.get() {
            (self.news)(change);
        }
    }
}
