//! Casts: who votes what, in which order, and the few that the ledger has to refuse.

use super::people::{Electorate, voter_key};
use super::seed::{Seed, below, permutation};
use rand_core::RngCore;
use serde::{Deserialize, Serialize};
use verifier_core::prove::{
    BallotProver, ProveError, SigningKey, draw_signing_key, public_key, sign_body,
};
use verifier_core::{
    Action, AssetId, Ballot, Body, ContractId, GenesisHash, ScalarBytes, Transaction,
};

/// What is wrong with a cast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Fault {
    /// Its asset was spent by an earlier ballot.
    Repeated,
    /// Its proof was made for something else.
    Proof,
    /// Its signature is another's.
    Signature,
    /// Its address is not the one that the asset was issued to.
    Address,
    /// It comes after the deadline.
    Late,
}

const FAULTS: [Fault; 5] = [
    Fault::Repeated,
    Fault::Proof,
    Fault::Signature,
    Fault::Address,
    Fault::Late,
];
/// Marks are drawn from these; letters and digits that look alike are left out.
const MARKS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// One Cast transaction to be made.
#[derive(Clone, Copy, Debug)]
pub struct Cast {
    pub asset: AssetId,
    /// Candidate, counted from 0.
    pub choice: usize,
    pub fault: Option<Fault>,
    /// Distinguishes a holder's casts.
    attempt: u64,
}

/// All casts of an election in the order in which they are recorded.
pub struct Casts {
    pub all: Vec<Cast>,
    /// How many of them, at the end, come after the deadline.
    pub late: usize,
}

impl Casts {
    /// The ballots of all electorates in random order, and `invalid` more that are refused: all of one kind, or one kind after the other.
    pub fn draw(
        seed: Seed,
        electorates: &[Electorate],
        candidates: usize,
        invalid: usize,
        kind: Option<Fault>,
    ) -> Self {
        let holders: Vec<AssetId> = electorates
            .iter()
            .flat_map(|e| (0..e.ballots).filter_map(|person| e.asset(person)))
            .collect();
        let order = permutation(&mut seed.rng("order of casts", &[]), holders.len());
        let good = order
            .iter()
            .filter_map(|at| holders.get(*at))
            .map(|asset| Cast {
                asset: *asset,
                choice: choice(seed, *asset, candidates),
                fault: None,
                attempt: 0,
            });
        let mut all: Vec<Cast> = good.collect();
        let mut late = Vec::new();
        let kinds: Vec<Fault> = kind.map_or(FAULTS.into(), |kind| vec![kind]);
        for (number, fault) in (1u64..)
            .zip(kinds.into_iter().cycle())
            .take(if holders.is_empty() { 0 } else { invalid })
        {
            let at = usize::try_from(below(
                &mut seed.rng("invalid", &[number]),
                u64::try_from(all.len()).unwrap_or(1),
            ))
            .unwrap_or(0);
            let Some(cast) = all.get(at) else { continue };
            let bad = Cast {
                choice: (cast.choice + 1) % candidates,
                fault: Some(fault),
                attempt: number,
                ..*cast
            };
            match fault {
                Fault::Late => late.push(bad),
                // Behind the good one, so that its asset is spent by then.
                _ => all.insert(at + 1, bad),
            }
        }
        let count = late.len();
        all.extend(late);
        Self { all, late: count }
    }

    /// How many casts are recorded before the deadline.
    pub fn timely(&self) -> usize {
        self.all.len() - self.late
    }
}

/// The first candidates are chosen more often than the last.
fn choice(seed: Seed, asset: AssetId, candidates: usize) -> usize {
    let mut rng = seed.rng(
        "choice",
        &[
            asset.municipality.into(),
            asset.batch.into(),
            asset.index.into(),
        ],
    );
    let bound = u64::try_from(candidates).unwrap_or(1);
    let (a, b) = (below(&mut rng, bound + 1), below(&mut rng, bound));
    usize::try_from(a.min(b)).unwrap_or(0)
}

/// What a casting device needs.
pub struct Device {
    pub seed: Seed,
    pub genesis: GenesisHash,
    pub contract: ContractId,
    pub prover: BallotProver,
}

impl Device {
    /// Encrypts, proves and signs one cast.
    pub fn cast(&self, cast: &Cast) -> Result<Transaction, ProveError> {
        let asset = cast.asset;
        let position = [
            asset.municipality.into(),
            asset.batch.into(),
            asset.index.into(),
            cast.attempt,
        ];
        let mut rng = self.seed.rng("ballot", &position);
        let mut mark = [0; 4];
        for letter in &mut mark {
            let at = usize::try_from(below(&mut rng, 32)).unwrap_or(0);
            *letter = MARKS.get(at).copied().unwrap_or(b'A');
        }
        let own = voter_key(self.seed, asset);
        let key = if cast.fault == Some(Fault::Address) {
            draw_signing_key(&mut rng)
        } else {
            own
        };
        let mut ballot = self
            .prover
            .prove(asset, public_key(&key), mark, cast.choice, &mut rng)?;
        if cast.fault == Some(Fault::Proof) {
            spoil_proof(&mut ballot);
        }
        let body = Body::new(self.genesis, self.contract, Action::Cast(ballot));
        Ok(sign_body(body, &[&self.signer(cast, key, &mut rng)]))
    }

    fn signer(&self, cast: &Cast, key: SigningKey, rng: &mut impl RngCore) -> SigningKey {
        if cast.fault != Some(Fault::Signature) {
            return key;
        }
        let mut other = [0; 32];
        rng.fill_bytes(&mut other);
        SigningKey::from_bytes(&other)
    }
}

/// Moves the first response to the last place: every element stays canonical, no equation holds.
fn spoil_proof(ballot: &mut Ballot) {
    let responses: &mut Vec<ScalarBytes> = &mut ballot.z;
    responses.rotate_left(1);
}
