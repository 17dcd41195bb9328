//! `registrar serve`, `registrar roll import`.

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use node::client::Client;
use rand_core::OsRng;
use registrar::http::{self, Exposure};
use registrar::roll::read_roll;
use registrar::store::{NewPerson, Store};
use registrar::{Clock, Limits, Pace, Recorder, Service, Serving, Sms, home};
use std::fs::File;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use verifier_core::TrustCard;
use zeroize::Zeroizing;

#[derive(Subcommand)]
pub enum Command {
    /// Identify people on the roll, and sign their voting rights blindly
    Serve(Box<Serve>),
    /// The roll
    Roll(Roll),
}

#[derive(Args)]
pub struct Roll {
    #[command(subcommand)]
    command: RollCommand,
}

#[derive(Subcommand)]
enum RollCommand {
    /// Put a roll into an empty database: a CSV file with the columns name, birth, phone
    Import(Import),
}

#[derive(Args)]
struct Import {
    /// The roll: UTF-8, a header line, the columns name, birth (1987-06-05), phone
    file: PathBuf,
    /// The municipality's folder; keys/roll.json is made in it if it is not there
    #[arg(long)]
    home: PathBuf,
    /// sqlite:FILE or postgres://USER@HOST/NAME
    #[arg(long, env = "REGISTRAR_DATABASE", hide_env_values = true)]
    database: String,
}

#[derive(Args)]
pub struct Serve {
    /// The municipality's folder, as `node init` makes it
    #[arg(long)]
    home: PathBuf,
    /// This municipality's own node, for example http://127.0.0.1:26657
    #[arg(long)]
    rpc: String,
    /// sqlite:FILE or postgres://USER@HOST/NAME
    #[arg(long, env = "REGISTRAR_DATABASE", hide_env_values = true)]
    database: String,
    /// `console`, or the SMS gateway's address: it is sent {"to", "text"} by POST
    #[arg(long)]
    sms: String,
    /// What the gateway knows this municipality by
    #[arg(long, env = "REGISTRAR_SMS_TOKEN", hide_env_values = true)]
    sms_token: Option<String>,
    /// Address to answer on
    #[arg(long, default_value = "127.0.0.1:26670")]
    listen: SocketAddr,
    /// A proxy stands before this service and adds whom it speaks for to X-Forwarded-For
    #[arg(long)]
    behind_proxy: bool,
    /// The trust card's file; by default the one that the node hands out
    #[arg(long)]
    trust_card: Option<PathBuf>,
    /// People are gathered for so long before they are recorded together
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    gather: u64,
    /// Nothing is signed later than so long before opening
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().before_opening)]
    before_opening: u64,
    /// So many codes within ten minutes for one network address
    #[arg(long, value_name = "CODES", default_value_t = Limits::default().codes_per_address)]
    per_address: u64,
}

impl Roll {
    pub fn run(self) -> anyhow::Result<()> {
        let RollCommand::Import(import) = self.command;
        import.run()
    }
}

impl Import {
    fn run(self) -> anyhow::Result<()> {
        let name = self.file.display().to_string();
        let file = File::open(&self.file).with_context(|| name.clone())?;
        let people = read_roll(file).with_context(|| name.clone())?;
        let secrets = home::roll_secrets(&self.home)?;
        let kept: Vec<NewPerson> = people
            .iter()
            .map(|person| {
                let id = secrets.person(person);
                let phone = secrets.seal(&id, person.phone(), &mut OsRng);
                NewPerson { id, phone }
            })
            .collect();
        Runtime::new()?.block_on(async {
            let store = Store::open(&self.database).await?;
            store.import(&kept).await?;
            store.close().await;
            anyhow::Ok(())
        })?;
        println!("{} people are on the roll.", kept.len());
        println!(
            "Keep a copy of keys/roll.json apart from the database, and destroy {name}: with both anybody could be looked up."
        );
        Ok(())
    }
}

impl Serve {
    pub fn run(self) -> anyhow::Result<()> {
        Runtime::new()?.block_on(self.serve())
    }

    async fn serve(self) -> anyhow::Result<()> {
        let (municipality, keys) = home::open(&self.home)?;
        let node = Client::new(&self.rpc);
        let card = self.trust_card(&node).await?;
        let serving = Serving {
            genesis: card.genesis,
            id: card.contract_id(),
            contract: card.contract,
            municipality,
        };
        let limits = Limits {
            before_opening: self.before_opening,
            codes_per_address: self.per_address,
            ..Limits::default()
        };
        let sms = Sms::parse(&self.sms, self.sms_token.clone().map(Zeroizing::new))?;
        let store = Store::open(&self.database).await?;
        let people = store.people().await?;
        let service = Service::new(serving, keys, store, sms, limits, Clock::System).await?;
        let service = Arc::new(service);
        let pace = Pace {
            look: Duration::from_secs(1),
            gather: Duration::from_secs(self.gather),
        };
        tokio::spawn(Recorder::new(Arc::clone(&service), node, pace).run());
        let listener = TcpListener::bind(self.listen).await;
        let listener = listener.with_context(|| self.listen.to_string())?;
        println!("{people} people are on the roll.");
        println!("listening on http://{}", listener.local_addr()?);
        let exposure = match self.behind_proxy {
            true => Exposure::BehindProxy,
            false => Exposure::Open,
        };
        tokio::select! {
            served = http::serve(listener, Arc::clone(&service), exposure) => served?,
            _ = tokio::signal::ctrl_c() => {}
        }
        service.store.close().await;
        Ok(())
    }

    async fn trust_card(&self, node: &Client) -> anyhow::Result<TrustCard> {
        let text = match &self.trust_card {
            Some(path) => {
                std::fs::read_to_string(path).with_context(|| path.display().to_string())?
            }
            None => {
                let node = node.clone();
                let asked = tokio::task::spawn_blocking(move || node.trust_card()).await??;
                match asked {
                    Some(text) => text,
                    None => bail!(
                        "{} hands out no trust card: name one by --trust-card",
                        self.rpc
                    ),
                }
            }
        };
        Ok(TrustCard::parse(text.as_bytes())?)
    }
}
