//! Serving a devnet while it runs, and after.

use crate::rpc::{Service, router};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

/// A port that is taken, and not yet answered on.
pub struct Listening {
    listener: TcpListener,
    address: SocketAddr,
}

impl Listening {
    /// Takes the address; port 0 takes any that is free.
    pub async fn on(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where it will answer.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// Answers until the process is asked to stop (SIGINT or SIGTERM), then lets answers under way finish.
pub async fn serve(listening: Listening, service: Arc<Service>) -> io::Result<()> {
    axum::serve(listening.listener, router(service))
        .with_graceful_shutdown(asked_to_stop())
        .await
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}
