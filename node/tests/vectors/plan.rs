//! What is to be recorded, block by block, and what the validators are told to say of it.

use super::world::{DEADLINE, OPENING, START, World, asset, key};
use super::{claims, spoils};
use std::collections::BTreeMap;
use verifier_core::prove::{public_key, sign_body};
use verifier_core::{Action, ContractId, Outcome, TrackingCode};

pub enum Make {
    Bytes(Vec<u8>),
    /// Made when the sums are closed.
    Share {
        trustee: u16,
        forged: bool,
    },
}

pub struct Entry {
    pub label: String,
    pub make: Make,
    /// What the validators say; if nothing, the truth.
    pub told: Option<Outcome>,
}

#[derive(Default)]
pub struct Planned {
    pub time: u64,
    pub entries: Vec<Entry>,
    /// So many outcomes are stated, if fewer than there are transactions.
    pub outcomes: Option<usize>,
    /// Written into the state, whatever the transactions say.
    pub false_state: Option<BTreeMap<String, Vec<u8>>>,
}

pub struct Plan {
    pub blocks: Vec<Planned>,
}

pub fn entry(label: impl Into<String>, bytes: Vec<u8>) -> Entry {
    Entry {
        label: label.into(),
        make: Make::Bytes(bytes),
        told: None,
    }
}

pub fn share(trustee: u16) -> Entry {
    Entry {
        label: format!("share {trustee}"),
        make: Make::Share {
            trustee,
            forged: false,
        },
        told: None,
    }
}

const ROLLS: [u32; 4] = [9, 5, 3, 2];
/// Municipality, batch, size.
const BATCHES: [(u16, u16, u16); 5] = [(0, 0, 6), (0, 1, 2), (1, 0, 5), (2, 0, 3), (3, 0, 2)];
/// Checked in so far, per municipality: at the first and at the second certificate.
const TURNOUT: [[u32; 2]; 3] = [[3, 6], [2, 3], [1, 2]];

impl Plan {
    /// An honest election of nine blocks, with every kind of ballot that has to be refused.
    pub fn honest(world: &World) -> Self {
        let mut plan = Self::empty(&[
            START,
            START + 10,
            START + 20,
            OPENING,
            OPENING + 50,
            DEADLINE - 1,
            DEADLINE,
            DEADLINE + 10,
            DEADLINE + 20,
        ]);
        plan.set_up(world);
        plan.vote(world);
        plan.conclude(world);
        if !world.contract.claim_keys.is_empty() {
            claims::add(&mut plan, world);
            spoils::add(&mut plan, world);
        }
        plan
    }

    fn empty(times: &[u64]) -> Self {
        let blocks = times.iter().map(|time| Planned {
            time: *time,
            ..Planned::default()
        });
        Self {
            blocks: blocks.collect(),
        }
    }

    fn set_up(&mut self, world: &World) {
        self.add(1, entry("define", world.define(&[0, 1, 2])));
        for (m, people) in (0..).zip(ROLLS) {
            let people = match world.contract.claim_keys.is_empty() {
                true => people,
                false => people + claims::PEOPLE,
            };
            self.add(1, entry(format!("roll {m}"), world.roll(m, people)));
        }
        for (m, batch, size) in BATCHES {
            let issue = world.issue(m, batch, size);
            self.add(1, entry(format!("issue {m}/{batch}"), issue));
        }
        for m in 0..4 {
            self.add(2, entry(format!("deal {m}"), world.dealing(m)));
            self.add(3, entry(format!("ready {m}"), world.ready(m, false)));
        }
        let early = world.cast(asset(1, 0, 4), 1, "early");
        self.add(3, entry("early", early));
    }

    fn vote(&mut self, world: &World) {
        let mut cast = |height, (m, batch, index): (u16, u16, u16), choice| {
            let bytes = world.cast(asset(m, batch, index), choice, "");
            self.add(height, entry(format!("ballot {m}/{batch}/{index}"), bytes));
        };
        cast(4, (0, 0, 0), 0);
        cast(4, (0, 0, 1), 0);
        cast(4, (1, 0, 0), 0);
        cast(5, (0, 0, 2), 0);
        cast(5, (1, 0, 1), 1);
        cast(5, (2, 0, 0), 0);
        cast(6, (0, 0, 3), 1);
        cast(6, (1, 0, 3), 1);
        cast(6, (2, 0, 1), 0);
        cast(6, (0, 1, 0), 0);
        for (label, bytes) in refused(world) {
            self.add(5, entry(label, bytes));
        }
        let late = world.cast(asset(0, 0, 4), 1, "");
        self.add(7, entry("late", late));
    }

    fn conclude(&mut self, world: &World) {
        for (m, [first, second]) in (0u16..).zip(TURNOUT) {
            self.set_turnout(world, m, first, second);
        }
        self.add(7, entry("close", world.close().encode()));
        for trustee in 0..3 {
            self.add(8, share(trustee));
        }
        let mut again = share(0);
        again.label = "share again".into();
        self.add(8, again);
    }

    /// Two chained certificates: in blocks 5 and 7.
    pub fn set_turnout(&mut self, world: &World, m: u16, first: u32, second: u32) {
        let one = world.turnout_body(m, 0, TrackingCode([0; 32]), first);
        let other = world.turnout_body(m, 1, one.tracking_code(), second);
        for (height, sequence, body) in [(5, 0, one), (7, 1, other)] {
            let label = format!("turnout {m}/{sequence}");
            let made = entry(label.clone(), world.sign_turnout(m, body));
            let entries = &mut self.blocks[height - 1].entries;
            match entries.iter().position(|e| e.label == label) {
                Some(at) => entries[at] = made,
                None => entries.push(made),
            }
        }
    }

    pub fn add(&mut self, height: usize, entry: Entry) {
        self.blocks[height - 1].entries.push(entry);
    }

    pub fn at(&mut self, label: &str) -> &mut Entry {
        let mut entries = self.blocks.iter_mut().flat_map(|b| &mut b.entries);
        let found = entries.find(|entry| entry.label == label);
        found.unwrap_or_else(|| panic!("no {label}"))
    }

    /// The validators say `outcome` of everything whose label begins like this.
    pub fn tell(&mut self, prefix: &str, outcome: Outcome) {
        for entry in self.blocks.iter_mut().flat_map(|b| &mut b.entries) {
            if entry.label.starts_with(prefix) {
                entry.told = Some(outcome);
            }
        }
    }

    /// The height and position at which this stands.
    pub fn position(&self, label: &str) -> (u64, u32) {
        for (block, height) in self.blocks.iter().zip(1u64..) {
            let mut entries = (0u32..).zip(&block.entries);
            if let Some((position, _)) = entries.find(|(_, entry)| entry.label == label) {
                return (height, position);
            }
        }
        panic!("no {label}");
    }

    /// The position that what is added to a block next gets.
    pub fn next_position(&self, height: usize) -> u32 {
        u32::try_from(self.blocks[height - 1].entries.len()).unwrap()
    }

    pub fn replace(&mut self, label: &str, bytes: Vec<u8>) {
        self.at(label).make = Make::Bytes(bytes);
    }

    pub fn remove(&mut self, label: &str) -> Entry {
        for block in &mut self.blocks {
            if let Some(at) = block.entries.iter().position(|e| e.label == label) {
                return block.entries.remove(at);
            }
        }
        panic!("no {label}");
    }

    pub fn bytes(&self, label: &str) -> Vec<u8> {
        let mut entries = self.blocks.iter().flat_map(|b| &b.entries);
        match entries.find(|entry| entry.label == label).map(|e| &e.make) {
            Some(Make::Bytes(bytes)) => bytes.clone(),
            _ => panic!("no {label}"),
        }
    }
}

/// Transactions that an honest ledger records and refuses.
fn refused(world: &World) -> Vec<(&'static str, Vec<u8>)> {
    let mut bad_proof = world.ballot(asset(1, 0, 2), 0, "");
    bad_proof.z.rotate_left(1);
    let unsigned = world.body(Action::Cast(world.ballot(asset(2, 0, 1), 1, "forged")));
    let stranger = key("stranger");
    let mut rng = super::world::rng("not issued");
    let not_issued = world
        .prover
        .prove(asset(0, 0, 5), public_key(&stranger), *b"MARK", 1, &mut rng)
        .unwrap();
    let mut elsewhere = world.body(Action::Cast(world.ballot(asset(2, 0, 2), 1, "")));
    elsewhere.contract = ContractId([1; 32]);
    let copied = world.body(Action::Cast(world.ballot(asset(0, 0, 5), 1, "copied")));
    let holder = super::world::voter(asset(2, 0, 2));
    vec![
        ("again", world.cast(asset(0, 0, 0), 1, "again")),
        ("bad proof", world.sign_ballot(bad_proof)),
        ("bad signature", sign_body(unsigned, &[&stranger]).encode()),
        (
            "not issued",
            world.signed(Action::Cast(not_issued), &[&stranger]),
        ),
        ("other election", sign_body(elsewhere, &[&holder]).encode()),
        ("not a transaction", b"not a transaction".to_vec()),
        ("forged copy", sign_body(copied, &[&stranger]).encode()),
    ]
}
