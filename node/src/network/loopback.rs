//! The plan of a rehearsal with all municipalities on this machine.

use crate::devnet::{candidates, municipalities, title};
use std::fmt::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;
use verifier_core::Name;

/// Ports of a municipality.
const PORTS: u16 = 5;
/// Where free ports are looked for: below those that the system hands out by itself.
const FIRST_BASE: u16 = 20_000;
const LAST_BASE: u16 = 31_000;

/// What differs from one rehearsal to another.
#[derive(Clone, Copy, Debug)]
pub struct Loopback {
    pub municipalities: u16,
    pub candidates: u16,
    /// From `node init` to opening: time for the trustees to make the candidates' keys.
    pub opens_in: Duration,
    pub open_for: Duration,
    pub grace: Duration,
    /// The first of five ports for every municipality.
    pub base_port: u16,
}

impl Loopback {
    /// A rehearsal whose times give so many municipalities on one machine enough time for so many ballots.
    pub fn timed(municipalities: u16, ballots: u32, base_port: u16) -> Self {
        let count = u64::from(municipalities);
        // Every process judges everything, on the same cores.
        let per_second = (1_200 / count).clamp(20, 200);
        Self {
            municipalities,
            candidates: 4,
            opens_in: Duration::from_secs(8 + count * 3),
            open_for: Duration::from_secs(6 + count * 2 + u64::from(ballots) / per_second),
            grace: Duration::from_secs(4 + count),
            base_port,
        }
    }

    /// The plan as the file that a person would write.
    pub fn to_toml(&self) -> String {
        let name = |name: &Name| format!("{{ ko = {:?}, en = {:?} }}", name.ko, name.en);
        let candidates: Vec<String> = candidates(usize::from(self.candidates))
            .iter()
            .map(name)
            .collect();
        // Many processes on few cores need patience; two seconds and more per vote would only hide a slow machine.
        let patience = 3 + u64::from(self.municipalities) / 2;
        let mut text = format!(
            "[network]\nchain_id = \"rehearsal-{}\"\npropose = \"{patience} s\"\nvote = \"{} s\"\npause = \"500 ms\"\n\n\
             [election]\ntitle = {}\ncandidates = [\n    {},\n]\nopening = \"in {} s\"\nclosing = \"in {} s\"\ngrace = \"{} s\"\n",
            self.base_port,
            patience.div_ceil(3),
            name(&title()),
            candidates.join(",\n    "),
            self.opens_in.as_secs(),
            (self.opens_in + self.open_for).as_secs(),
            self.grace.as_secs(),
        );
        for (index, (municipality, _)) in (0..).zip(municipalities(self.municipalities)) {
            let port = |use_: u16| self.base_port + PORTS * index + use_;
            // Writing into a text cannot fail.
            let _ = write!(
                text,
                "\n[[municipality]]\nname = {}\nhost = \"127.0.0.1\"\n\
                 ports = {{ p2p = {}, rpc = {}, abci = {}, cometbft_metrics = {}, metrics = {} }}\n",
                name(&municipality),
                port(0),
                port(1),
                port(2),
                port(3),
                port(4),
            );
        }
        text
    }
}

/// The first of `PORTS` free ports in a row for each of so many municipalities, looked for from a place that differs between processes.
pub fn free_ports(municipalities: u16) -> Option<u16> {
    let needed = municipalities.checked_mul(PORTS)?;
    let spread = u16::try_from(std::process::id() % 1_000).unwrap_or(0) * 10;
    let from_here = (FIRST_BASE + spread..LAST_BASE).step_by(usize::from(needed.max(1)));
    let from_first = (FIRST_BASE..LAST_BASE).step_by(usize::from(needed.max(1)));
    from_here.chain(from_first).find(|base| {
        let end = base.saturating_add(needed);
        (*base..end).all(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Plan;

    #[test]
    fn plans_of_every_size_are_plans() {
        for municipalities in [2, 4, 31, 100] {
            let loopback = Loopback::timed(municipalities, 1_000, FIRST_BASE);
            let plan = Plan::parse(&loopback.to_toml()).unwrap();
            assert_eq!(plan.municipalities.len(), usize::from(municipalities));
        }
    }
}
