//! On a network of real nodes: a thread plays registrars, observers and a few voters, as `node rehearse` does.

use super::Times;
use crate::network::{STARTING, programs};
use anyhow::{Context, Result, anyhow, bail};
use node::network::{Loopback, OwnKeys, Plan, Purpose, free_ports, write_homes};
use node::rehearsal::{RUNNING_CARD_FILE, Rehearsal, Settings};
use node::supervisor::Network;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use verifier_core::{TRUST_CARD_FILE, TrustCard};

const SEED: u64 = 23;
const FIRST_BLOCK: Duration = Duration::from_secs(60);
const SET_UP: Duration = Duration::from_secs(180);
/// People on each roll beyond those who are played.
const ROOM: u32 = 2_000;
/// What the rehearsal says once the keys are complete and everything of its own is issued.
const IS_SET_UP: &str = "waiting for opening";

/// What keeps the election going.
pub(super) struct Playing {
    out: PathBuf,
    thread: JoinHandle<Result<()>>,
    _network: Network,
}

pub(super) struct Begun {
    pub playing: Playing,
    pub nodes: Vec<String>,
    pub homes: Vec<PathBuf>,
    pub card: TrustCard,
}

/// An election whose registration has begun; its homes have the keys for rights on phones, if so asked.
pub(super) fn begin(
    municipalities: u16,
    ballots: u32,
    times: Times,
    phones: bool,
    out: &Path,
) -> Result<Begun> {
    // RSA keys take seconds: they are made before time counts.
    let keys = (0..municipalities).map(|_| OwnKeys::draw(phones));
    let keys: Vec<OwnKeys> = keys.collect::<Result<_, _>>()?;
    let starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    let ports = free_ports(municipalities).context("not enough free ports in a row")?;
    let mut loopback = Loopback::timed(municipalities, ballots, ports);
    loopback.opens_in += Duration::from_secs(times.registration);
    loopback.open_for = loopback.open_for.max(Duration::from_secs(times.voting));
    let mut plan = Plan::parse(&loopback.to_toml())?;
    plan.election.phones = phones;
    for (municipality, own) in plan.municipalities.iter_mut().zip(&keys) {
        municipality.keys = Some(own.public());
    }
    let made = write_homes(&plan, out, Purpose::Rehearsal, node::clock())?;
    for (node, own) in made.nodes.iter().zip(&keys) {
        own.write(&out.join(&node.home))?;
    }
    let mut network = Network::start(out, &programs()?)?;
    network.wait_for_all(1, FIRST_BLOCK)?;
    drop(starting);
    let description = network.description().clone();
    let (thread, steps) = rehearse(out, ballots)?;
    wait_until_set_up(&steps)?;
    let card = TrustCard::parse(&std::fs::read(out.join(RUNNING_CARD_FILE))?)?;
    let nodes = description.nodes.iter();
    Ok(Begun {
        nodes: nodes.clone().map(|node| node.rpc.clone()).collect(),
        homes: nodes.map(|node| out.join(&node.home)).collect(),
        card,
        playing: Playing {
            out: out.to_path_buf(),
            thread,
            _network: network,
        },
    })
}

fn rehearse(out: &Path, ballots: u32) -> Result<(JoinHandle<Result<()>>, Receiver<String>)> {
    let settings = Settings {
        ballots,
        invalid: 0,
        seed: SEED,
        receipts: 0,
        senders: 1,
        rate: None,
        room: ROOM,
    };
    let mut rehearsal = Rehearsal::open(out, settings)?;
    let (sender, steps) = channel();
    let thread = std::thread::spawn(move || {
        let say = |step: &str| {
            // Nobody listens once the election is set up.
            let _ = sender.send(step.to_owned());
        };
        rehearsal.run(&say)?;
        Ok(())
    });
    Ok((thread, steps))
}

fn wait_until_set_up(steps: &Receiver<String>) -> Result<()> {
    loop {
        match steps.recv_timeout(SET_UP) {
            Ok(step) if step == IS_SET_UP => return Ok(()),
            Ok(_) => {}
            Err(_) => bail!("the election was not set up in time"),
        }
    }
}

impl Playing {
    /// The card that names the final header, once there is one.
    pub fn final_card(&self) -> Result<Option<TrustCard>> {
        let file = self.out.join(TRUST_CARD_FILE);
        if file.is_file() {
            return Ok(Some(TrustCard::parse(&std::fs::read(file)?)?));
        }
        if self.thread.is_finished() {
            return Err(anyhow!("the rehearsal has ended before its result"));
        }
        Ok(None)
    }
}
