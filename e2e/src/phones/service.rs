//! A registrar's service in this process, at a port of its own.

use super::Person;
use anyhow::{Context, Result, ensure};
use node::client::Client;
use rand_core::OsRng;
use registrar::http::{Exposure, serve};
use registrar::store::{NewPerson, Store as Database};
use registrar::{Clock, Limits, Pace, Recorder, Service, Serving, Sms, home, roll};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use verifier_core::TrustCard;

const PACE: Pace = Pace {
    look: Duration::from_millis(200),
    gather: Duration::from_secs(1),
};
/// What a registrar that is stopped may still be at.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// A municipality's registrar. It has a runtime of its own, which ends with all of its connections.
pub struct Registrar {
    home: PathBuf,
    database: String,
    /// Its municipality's node.
    node: String,
    gateway: String,
    limits: Limits,
    /// The port is chosen when it first starts.
    address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Registrar {
    /// One that does not run yet.
    pub fn new(
        home: PathBuf,
        node: String,
        database: String,
        gateway: String,
        limits: Limits,
    ) -> Self {
        Self {
            home,
            database,
            node,
            gateway,
            limits,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            runtime: None,
        }
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// As `registrar roll import` does.
    pub async fn import(&self, people: &[Person]) -> Result<()> {
        let secrets = home::roll_secrets(&self.home)?;
        let keep = |person: &Person| {
            let person = roll::Person::parse(&person.name, &person.birth, &person.phone)?;
            let id = secrets.person(&person);
            let phone = secrets.seal(&id, person.phone(), &mut OsRng);
            Ok(NewPerson { id, phone })
        };
        let kept: Vec<NewPerson> = people.iter().map(keep).collect::<Result<_>>()?;
        let database = Database::open(&self.database).await?;
        database.import(&kept).await?;
        database.close().await;
        Ok(())
    }

    /// As `registrar serve` does.
    pub async fn start(&mut self, card: &TrustCard) -> Result<()> {
        ensure!(self.runtime.is_none(), "the registrar runs already");
        let (municipality, keys) = home::open(&self.home)?;
        let serving = Serving {
            genesis: card.genesis,
            id: card.contract_id(),
            contract: card.contract.clone(),
            municipality,
        };
        let sms = Sms::parse(&self.gateway, None)?;
        let (database, limits, address) = (self.database.clone(), self.limits, self.address);
        let node = Client::new(&self.node);
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let runtime = self.runtime.insert(runtime);
        let started = runtime.spawn(async move {
            let database = Database::open(&database).await?;
            let service = Service::new(serving, keys, database, sms, limits, Clock::System).await?;
            let service = Arc::new(service);
            tokio::spawn(Recorder::new(Arc::clone(&service), node, PACE).run());
            let listener = TcpListener::bind(address).await?;
            let address = listener.local_addr()?;
            tokio::spawn(serve(listener, service, Exposure::Open));
            anyhow::Ok(address)
        });
        self.address = started.await??;
        Ok(())
    }

    /// Ends it, and all of its connections.
    pub async fn stop(&mut self) -> Result<()> {
        let runtime = self.runtime.take().context("the registrar does not run")?;
        Ok(tokio::task::spawn_blocking(move || runtime.shutdown_timeout(LAST_WORDS)).await?)
    }
}

impl Drop for Registrar {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
