//! The TCP server: CometBFT opens four connections (consensus, mempool, queries, snapshots), each with a thread of its own here.

use super::service::{AbciError, Service};
use super::wire::{Requests, send};
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// So many requests are taken together; what waits behind them is next.
const TOGETHER: usize = 1024;

/// Why the server stopped.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    #[error(transparent)]
    Application(#[from] AbciError),
    #[error("no more connections can be taken: {0}")]
    Accept(io::Error),
    #[error("a connection's thread cannot be started: {0}")]
    Thread(io::Error),
    #[error("this program has a fault: a connection's thread panicked")]
    Panicked,
}

/// An address that is listened on.
pub struct Listener {
    tcp: TcpListener,
}

impl Listener {
    /// Takes the address; port 0 takes any that is free.
    pub fn on(address: SocketAddr) -> io::Result<Self> {
        let tcp = TcpListener::bind(address)?;
        Ok(Self { tcp })
    }

    /// The address.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }

    /// Serves in threads of its own. The first message says why it stopped: whoever gets it ends the process, and CometBFT has been told
    /// nothing of what failed.
    pub fn serve(self, service: Arc<Service>) -> Receiver<Stopped> {
        let (stopped, receiver) = channel();
        thread::spawn(move || {
            let reason = self.accept(&service, &stopped);
            let _ = stopped.send(reason);
        });
        receiver
    }

    fn accept(&self, service: &Arc<Service>, stopped: &Sender<Stopped>) -> Stopped {
        loop {
            let stream = match self.tcp.accept() {
                Ok((stream, _)) => stream,
                Err(error) => return Stopped::Accept(error),
            };
            let connection = Connection {
                service: Arc::clone(service),
                stopped: stopped.clone(),
            };
            let thread = thread::Builder::new().name("abci".into());
            if let Err(error) = thread.spawn(move || connection.run(&stream)) {
                return Stopped::Thread(error);
            }
        }
    }
}

struct Connection {
    service: Arc<Service>,
    stopped: Sender<Stopped>,
}

impl Connection {
    /// Answers until the peer goes, or something fails that nobody may go on after.
    fn run(self, stream: &TcpStream) {
        if let Err(error) = stream.set_nodelay(true) {
            eprintln!("A connection of CometBFT is slower than it need be: {error}.");
        }
        let (mut requests, mut answers) = (Requests::new(stream), stream);
        loop {
            let asked = match requests.wait(TOGETHER) {
                Ok(asked) if asked.is_empty() => return,
                Ok(asked) => asked,
                Err(error) => {
                    eprintln!("A connection of CometBFT broke: {error}.");
                    return;
                }
            };
            match self.service.answer_all(asked) {
                Ok(responses) => {
                    if let Err(error) = send(&mut answers, &responses) {
                        eprintln!("CometBFT does not take an answer: {error}.");
                        return;
                    }
                }
                Err(error) => {
                    let _ = self.stopped.send(error.into());
                    // Neither an answer nor the end of the connection: CometBFT must not mistake this for anything.
                    loop {
                        thread::park();
                    }
                }
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.stopped.send(Stopped::Panicked);
        }
    }
}
