//! A municipality in the plan: its machine, its ports, the public halves of its keys.

use super::fields::{FieldError, Fields};
use super::values;
use verifier_core::{ClaimKeys, Municipality, Name, Point, PublicKey};

const KEYS: &str = "the section [municipality.keys] as `node keys` prints it";
pub(super) const CLAIMS_HOME: &str = "claims_home";
pub(super) const CLAIMS_COUNTERSIGN: &str = "claims_countersign";
const NAME: &str = "the name in both languages: { ko = \"…\", en = \"…\" }";

/// One municipality's pair of processes.
#[derive(Clone, Debug)]
pub struct MunicipalityPlan {
    pub name: Name,
    /// The folder's name: the English name in small letters.
    pub slug: String,
    pub host: String,
    pub ports: Ports,
    /// Where browsers reach the node.
    pub url: String,
    pub keys: Option<PublicKeys>,
}

/// The ports of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// CometBFT to CometBFT, open to the other municipalities.
    pub p2p: u16,
    /// CometBFT to portals.
    pub rpc: u16,
    /// CometBFT to its application, on this machine only.
    pub abci: u16,
    /// CometBFT's metrics.
    pub cometbft_metrics: u16,
    /// The application's metrics.
    pub metrics: u16,
}

/// The public halves of a municipality's keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKeys {
    /// CometBFT's validator key.
    pub validator: PublicKey,
    /// CometBFT's name of the node.
    pub node: [u8; 20],
    pub registrar: PublicKey,
    pub trustee: PublicKey,
    pub trustee_encryption: Point,
    pub promise: PublicKey,
    pub observer: PublicKey,
    /// What rights on phones are signed with.
    pub claims: Option<ClaimKeys>,
}

impl MunicipalityPlan {
    pub(super) fn read(mut table: Fields) -> Result<Self, FieldError> {
        let name = table.required("name", NAME, values::name)?;
        let host = table.required(
            "host",
            "the machine's name or address as the other municipalities reach it, for example \"10.1.0.1\"",
            values::host,
        )?;
        let ports = Ports::read(&mut table)?;
        let url = table.optional(
            "url",
            "where browsers reach the node, beginning with https:// or http://",
            values::url,
        )?;
        let keys = table.optional_table("keys", KEYS)?;
        let keys = keys.map(PublicKeys::read).transpose()?;
        let slug = slug(&name.en);
        if slug.is_empty() {
            return Err(FieldError::Value {
                field: table.name("name.en"),
                value: format!("{:?}", name.en),
                expected: "a name with Latin letters: the folder is called after it",
            });
        }
        table.finish()?;
        Ok(Self {
            slug,
            url: url.unwrap_or_else(|| format!("http://{host}:{}", ports.rpc)),
            name,
            host,
            ports,
            keys,
        })
    }

    /// What no other municipality may have: the folder's name, every port of the machine, the keys.
    pub(super) fn must_be_its_own(&self) -> Vec<(&'static str, String)> {
        let mut own = vec![("English name", self.slug.clone())];
        let ports = self.ports.all();
        own.extend(ports.map(|port| ("port", format!("{port} on {}", self.host))));
        if let Some(keys) = &self.keys {
            own.push(("validator key", keys.validator.to_string()));
            own.push(("node key", hex::encode(keys.node)));
        }
        own
    }

    /// Whether the machine is this one.
    pub fn is_local(&self) -> bool {
        self.host == "localhost" || self.host.starts_with("127.")
    }
}

impl Ports {
    fn read(municipality: &mut Fields) -> Result<Self, FieldError> {
        let mut ports = Self {
            p2p: 26_656,
            rpc: 26_657,
            abci: 26_658,
            cometbft_metrics: 26_660,
            metrics: 26_661,
        };
        let table = municipality.optional_table("ports", "ports by use: { p2p = 26656, … }")?;
        let Some(mut table) = table else {
            return Ok(ports);
        };
        for (field, port) in [
            ("p2p", &mut ports.p2p),
            ("rpc", &mut ports.rpc),
            ("abci", &mut ports.abci),
            ("cometbft_metrics", &mut ports.cometbft_metrics),
            ("metrics", &mut ports.metrics),
        ] {
            let read = table.optional(field, "a port from 1 to 65535", values::port)?;
            *port = read.unwrap_or(*port);
        }
        table.finish()?;
        Ok(ports)
    }

    fn all(self) -> [u16; 5] {
        [
            self.p2p,
            self.rpc,
            self.abci,
            self.cometbft_metrics,
            self.metrics,
        ]
    }
}

impl PublicKeys {
    fn read(mut table: Fields) -> Result<Self, FieldError> {
        const DIGITS: &str = "the 64 hexadecimal digits that `node keys` prints";
        let mut key = |field| table.required(field, DIGITS, values::key);
        let keys = Self {
            validator: PublicKey(key("validator")?),
            registrar: PublicKey(key("registrar")?),
            trustee: PublicKey(key("trustee")?),
            trustee_encryption: Point(key("trustee_encryption")?),
            promise: PublicKey(key("promise")?),
            observer: PublicKey(key("observer")?),
            node: table.required(
                "node",
                "the 40 hexadecimal digits that `node keys` prints",
                values::node_id,
            )?,
            claims: Self::read_claims(&mut table)?,
        };
        table.finish()?;
        Ok(keys)
    }

    /// Both keys for rights on phones, or neither.
    fn read_claims(table: &mut Fields) -> Result<Option<ClaimKeys>, FieldError> {
        const DIGITS: &str = "the 512 hexadecimal digits that `node keys` prints";
        let Some(home) = table.optional(CLAIMS_HOME, DIGITS, values::modulus)? else {
            return Ok(None);
        };
        let countersign = table.required(CLAIMS_COUNTERSIGN, DIGITS, values::modulus)?;
        Ok(Some(ClaimKeys { home, countersign }))
    }

    /// As the contract names them.
    pub(super) fn of(&self, name: Name) -> Municipality {
        Municipality {
            name,
            registrar: self.registrar,
            trustee: self.trustee,
            trustee_encryption: self.trustee_encryption,
            promise: self.promise,
            observer: self.observer,
        }
    }
}

/// A folder's name: small letters, digits and hyphens.
pub fn slug(name: &str) -> String {
    let letters = name.chars().map(|c| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    });
    let slug: String = letters.collect();
    slug.trim_matches('-').to_owned()
}
