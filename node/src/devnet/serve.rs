//! Serving a devnet while it runs, and after.

use crate::rpc::{Service, router};
use std::future::IntoFuture;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
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

    /// Answers with these routes for as long as the process runs.
    ///
    /// # Errors
    /// If the port is lost.
    pub async fn hand_out(self, routes: axum::Router) -> io::Result<()> {
        axum::serve(self.listener, routes).await
    }
}

/// Answers under way when the process is asked to stop have this long to finish.
const FAREWELL: Duration = Duration::from_secs(3);

/// Answers until the process is asked to stop (SIGINT or SIGTERM).
pub async fn serve(listening: Listening, service: Arc<Service>) -> io::Result<()> {
    let served =
        axum::serve(listening.listener, router(service)).with_graceful_shutdown(asked_to_stop());
    let patience = async {
        asked_to_stop().await;
        tokio::time::sleep(FAREWELL).await;
    };
    tokio::select! {
        done = served.into_future() => done,
        () = patience => Ok(()),
    }
}

/// Waits for SIGINT or SIGTERM.
pub async fn asked_to_stop() {
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
