//! A machine of its own for every municipality, as far as the network goes: namespaces on one bridge, which can be cut from each other.

use anyhow::{Result, ensure};
use std::ffi::OsString;
use std::process::Command;

/// A name that nothing else on this machine has.
fn prefix() -> String {
    format!("cg{}", std::process::id())
}

/// Addresses are of the range for measurements (RFC 2544), which nobody routes.
fn address(last: usize) -> String {
    format!("198.18.{}.{last}", std::process::id() % 250)
}

/// The address of the bridge, from where all namespaces are reached.
const BRIDGE: usize = 254;

/// Namespaces, deleted when dropped.
pub struct Namespaces {
    count: usize,
}

impl Namespaces {
    /// Whether namespaces can be made here; why not, if not.
    pub fn are_permitted() -> Result<(), String> {
        let name = format!("{}try", prefix());
        let tried = ip(&["netns", "add", &name])
            .and_then(|()| ip(&["link", "add", &name, "type", "bridge"]));
        let _ = ip(&["link", "del", &name]);
        let _ = ip(&["netns", "del", &name]);
        tried.map_err(|error| format!("network namespaces cannot be made here: {error}"))
    }

    /// So many namespaces that reach each other.
    pub fn make(count: usize) -> Result<Self> {
        let made = Self { count };
        let bridge = prefix();
        ip(&["link", "add", &bridge, "type", "bridge"])?;
        let own = format!("{}/24", address(BRIDGE));
        ip(&["addr", "add", &own, "dev", &bridge])?;
        ip(&["link", "set", &bridge, "up"])?;
        for index in 0..count {
            let name = made.name(index);
            let (outside, inside) = (format!("{name}o"), format!("{name}i"));
            let own = format!("{}/24", made.address(index));
            ip(&["netns", "add", &name])?;
            ip(&[
                "link", "add", &outside, "type", "veth", "peer", "name", &inside,
            ])?;
            ip(&["link", "set", &inside, "netns", &name])?;
            ip(&["link", "set", &outside, "master", &bridge])?;
            ip(&["link", "set", &outside, "up"])?;
            ip(&["-n", &name, "addr", "add", &own, "dev", &inside])?;
            ip(&["-n", &name, "link", "set", &inside, "up"])?;
            ip(&["-n", &name, "link", "set", "lo", "up"])?;
        }
        Ok(made)
    }

    fn name(&self, index: usize) -> String {
        format!("{}n{index}", prefix())
    }

    /// A municipality's address.
    pub fn address(&self, index: usize) -> String {
        address(index + 1)
    }

    /// What stands before a command that runs there.
    pub fn prefix(&self, index: usize) -> Vec<OsString> {
        let name = self.name(index);
        ["ip", "netns", "exec", &name].map(OsString::from).into()
    }

    /// Cuts these off from the others. The bridge still reaches all.
    pub fn cut(&self, apart: &[usize]) -> Result<()> {
        self.between(apart, "add")
    }

    /// Undoes [`Self::cut`].
    pub fn heal(&self, apart: &[usize]) -> Result<()> {
        self.between(apart, "del")
    }

    fn between(&self, apart: &[usize], change: &str) -> Result<()> {
        for one in 0..self.count {
            for other in 0..self.count {
                if apart.contains(&one) != apart.contains(&other) {
                    let there = format!("{}/32", self.address(other));
                    ip(&["-n", &self.name(one), "route", change, "blackhole", &there])?;
                }
            }
        }
        Ok(())
    }
}

impl Drop for Namespaces {
    fn drop(&mut self) {
        for index in 0..self.count {
            let _ = ip(&["netns", "del", &self.name(index)]);
        }
        let _ = ip(&["link", "del", &prefix()]);
    }
}

fn ip(arguments: &[&str]) -> Result<()> {
    let output = Command::new("ip").args(arguments).output()?;
    ensure!(
        output.status.success(),
        "ip {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(())
}
