//! Light-client cases that nobody here made: generated from a TLA+ model.
//!
//! They are compiled in from the folder that `CONFORMANCE_VECTORS` names; unset, the tests say that they were skipped.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use core::time::Duration;

mod older_protocol;
mod witness_ledger;

use conformance::{folder, skipped};
use older_protocol::{OldBlock, card_key, is_signed, old_hash, power, rehashed, translated};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use tendermint::block::signed_header::SignedHeader;
use tendermint::{Time, validator};
use verifier_core::{
    Agreement, Bisection, CardValidator, Consensus, HeaderHash, LightBlock, LightError,
    LightOutcome, Options, Progress, PublicKey, TrustLevel, TrustedHeader, ValidatorSet,
    ValidatorSetError, header_hash, verify_skipping,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use witness_ledger::{anchor, card, node, survey};

#[derive(Clone, Deserialize)]
struct RawSet {
    validators: Vec<validator::Info>,
}

impl RawSet {
    fn set(self) -> Result<ValidatorSet, ValidatorSetError> {
        ValidatorSet::new(self.validators)
    }
}

#[derive(Deserialize)]
struct RawLightBlock {
    signed_header: SignedHeader,
    validator_set: RawSet,
    next_validator_set: RawSet,
}

impl TryFrom<RawLightBlock> for LightBlock {
    type Error = ValidatorSetError;

    fn try_from(raw: RawLightBlock) -> Result<Self, Self::Error> {
        Ok(Self {
            signed_header: raw.signed_header,
            validators: raw.validator_set.set()?,
            next_validators: announced(raw.next_validator_set)?,
        })
    }
}

/// The model lets a chain end in an empty set, which is to us no set.
fn announced(raw: RawSet) -> Result<Option<ValidatorSet>, ValidatorSetError> {
    match raw.set() {
        Ok(set) => Ok(Some(set)),
        Err(ValidatorSetError::Empty) => Ok(None),
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
struct SingleStep {
    initial: Initial,
    input: Vec<Input>,
}

#[derive(Deserialize)]
struct Initial {
    signed_header: SignedHeader,
    next_validator_set: RawSet,
    #[serde(with = "tendermint_proto::serializers::from_str")]
    trusting_period: u64,
}

#[derive(Deserialize)]
struct Input {
    block: Value,
    #[serde(with = "tendermint::serializers::time")]
    now: Time,
    verdict: String,
}

fn options(trusting_period: u64) -> Options {
    Options {
        trust_threshold: TrustLevel::ONE_THIRD,
        trusting_period: Duration::from_nanos(trusting_period),
        clock_drift: Duration::from_secs(1),
    }
}

fn initially_trusted(initial: Initial) -> TrustedHeader {
    let header = initial.signed_header.header;
    let hash = header_hash(&header);
    let next_validators = announced(initial.next_validator_set).unwrap();
    TrustedHeader::from_trusted_hash(header, hash, next_validators).unwrap()
}

#[test]
fn every_single_step_case_gets_the_verdict_of_the_model() {
    if skipped("single-step cases") {
        return;
    }
    let mut steps = 0;
    for (name, content) in folder("light-client/single_step/") {
        let case: SingleStep = serde_json::from_str(content).unwrap();
        let options = options(case.initial.trusting_period);
        let mut trusted = initially_trusted(case.initial);
        for (step, input) in case.input.into_iter().enumerate() {
            let block: RawLightBlock = serde_json::from_value(input.block).unwrap();
            let outcome = LightBlock::try_from(block)
                .map_err(|e| e.to_string())
                .and_then(|block| {
                    verify_skipping(&trusted, &block, &options, input.now)
                        .map_err(|e| e.to_string())
                });
            let verdict = match &outcome {
                Ok(LightOutcome::Verified(header)) => {
                    trusted = header.as_ref().clone();
                    "SUCCESS"
                }
                Ok(LightOutcome::NotYetTrusted(_)) => "NOT_ENOUGH_TRUST",
                Err(_) => "INVALID",
            };
            assert_eq!(verdict, input.verdict, "{name}, step {step}: {outcome:?}");
            steps += 1;
        }
    }
    assert!(steps > 0);
}

#[derive(Deserialize)]
struct BisectionCase {
    trust_options: TrustOptions,
    primary: Provider,
    #[serde(default)]
    witnesses: Option<Vec<Witness>>,
    #[serde(with = "tendermint_proto::serializers::from_str")]
    height_to_verify: u64,
    #[serde(with = "tendermint::serializers::time")]
    now: Time,
    expected_output: String,
}

#[derive(Deserialize)]
struct TrustOptions {
    #[serde(with = "tendermint_proto::serializers::from_str")]
    period: u64,
    hash: tendermint::Hash,
    trust_level: TrustLevel,
}

#[derive(Deserialize)]
struct Provider {
    lite_blocks: Vec<RawOldBlock>,
}

#[derive(Clone, Deserialize)]
struct RawOldBlock {
    signed_header: SignedHeader,
    validator_set: RawSet,
    next_validator_set: RawSet,
}

#[derive(Deserialize)]
struct Witness {
    value: Provider,
}

impl Provider {
    fn blocks(&self) -> Vec<OldBlock> {
        let blocks = self.lite_blocks.iter().cloned();
        let old = |raw: RawOldBlock| OldBlock {
            signed_header: raw.signed_header,
            validators: raw.validator_set.validators,
            next_validators: raw.next_validator_set.validators,
        };
        blocks.map(old).collect()
    }
}

/// Bisects over a history as a case asks.
fn bisect(case: &BisectionCase, blocks: &[OldBlock]) -> Result<TrustedHeader, LightError> {
    let history = translated(blocks);
    let first = history[0].clone();
    let same = old_hash(&blocks[0].signed_header.header) == case.trust_options.hash;
    let hash = match case.trust_options.hash {
        _ if same => header_hash(&first.signed_header.header),
        other => HeaderHash(other.as_bytes().try_into().unwrap()),
    };
    let trusted =
        TrustedHeader::from_trusted_hash(first.signed_header.header, hash, first.next_validators)?;
    let options = Options {
        trust_threshold: case.trust_options.trust_level,
        ..options(case.trust_options.period)
    };
    let mut bisection = Bisection::new(trusted, case.height_to_verify, options)?;
    let mut progress = bisection.progress();
    loop {
        match progress {
            Progress::Need(height) => {
                let block = history[usize::try_from(height).unwrap() - 1].clone();
                progress = bisection.supply(block, case.now)?;
            }
            Progress::Done(header) => return Ok(*header),
        }
    }
}

fn bisection_cases(folder_name: &str) -> Vec<(&'static str, BisectionCase)> {
    let cases: Vec<_> = folder(folder_name)
        .map(|(name, content)| (name, serde_json::from_str(content).unwrap()))
        .collect();
    assert!(!cases.is_empty());
    cases
}

/// A case that its makers left half converted to newer hashes: tendermint-rs a1d51fa2 replaced the hashes of seven headers and most
/// validator sets by those of newer rules, but no signature, and skips the file since then.
const HALF_CONVERTED: &str = "light-client/bisection/single_peer/_worst_case.json";

#[test]
fn every_bisection_ends_as_expected() {
    if skipped("bisection cases") {
        return;
    }
    for (name, case) in bisection_cases("light-client/bisection/single_peer/") {
        let blocks = case.primary.blocks();
        let outcome = if name == HALF_CONVERTED {
            bisect(&case, &rehashed(&blocks))
        } else {
            bisect(&case, &blocks)
        };
        let expected = case.expected_output == "no error";
        assert_eq!(outcome.is_ok(), expected, "{name}: {outcome:?}");
    }
}

#[test]
fn the_case_left_half_converted_is_refused_as_it_is_and_fully_signed_once_its_hashes_are_put_right()
{
    if skipped("the half converted case") {
        return;
    }
    let cases = bisection_cases("light-client/bisection/single_peer/");
    let (_, case) = cases
        .iter()
        .find(|(name, _)| *name == HALF_CONVERTED)
        .unwrap();
    let blocks = case.primary.blocks();
    assert!(matches!(
        bisect(case, &blocks),
        Err(LightError::WrongTrustedHash { .. })
    ));
    // One set of validators, announced by one hash and named by another: no rule for hashing makes these two agree.
    let (parent, child) = (&blocks[3], &blocks[4]);
    assert_eq!(parent.next_validators, child.validators);
    assert_ne!(
        parent.signed_header.header.next_validators_hash,
        child.signed_header.header.validators_hash
    );
    let signed = |blocks: &[OldBlock]| {
        let signed = |block: &&OldBlock| is_signed(&block.signed_header, &block.validators[0], 0);
        blocks.iter().filter(signed).count()
    };
    assert_eq!((signed(&blocks), signed(&rehashed(&blocks))), (6, 11));
}

#[test]
fn witnesses_that_contradict_the_primary_are_noticed() {
    if skipped("witness cases") {
        return;
    }
    for (name, case) in bisection_cases("light-client/bisection/multi_peer/") {
        assert_eq!(case.expected_output, "error", "{name}");
        let peers = peers(&case);
        for peer in &peers {
            assert!(
                bisect(&case, peer).is_ok(),
                "{name}: each peer alone convinces"
            );
        }
        let agreement = surveyed(&peers);
        assert_eq!(agreement.consensus(), Consensus::Conflict, "{name}");
        let evidence = agreement.evidence.unwrap();
        let (named, signed) = (evidence.culprits(), both_signed(&peers));
        assert_eq!(named, signed, "{name}");
        assert!(!named.is_empty());
    }
}

#[test]
fn witnesses_that_say_the_same_are_in_agreement() {
    if skipped("witnesses in agreement") {
        return;
    }
    for (name, case) in bisection_cases("light-client/bisection/single_peer/") {
        let hashes: Vec<_> = peers(&case)
            .iter()
            .map(|peer| bisect(&case, peer).map(|header| header.hash()))
            .collect();
        assert!(hashes.windows(2).all(|pair| pair[0] == pair[1]), "{name}");
    }
}

/// The primary and its witnesses.
fn peers(case: &BisectionCase) -> Vec<Vec<OldBlock>> {
    let witnesses = case.witnesses.iter().flatten();
    let all = core::iter::once(&case.primary).chain(witnesses.map(|witness| &witness.value));
    all.map(Provider::blocks).collect()
}

/// The position of the first block that not all peers show alike.
fn fork(peers: &[Vec<OldBlock>]) -> usize {
    let hash = |peer: &Vec<OldBlock>, at: usize| old_hash(&peer[at].signed_header.header);
    let differ = |at: &usize| {
        peers
            .iter()
            .any(|peer| hash(peer, *at) != hash(&peers[0], *at))
    };
    (0..peers[0].len()).find(differ).unwrap()
}

/// What a survey makes of these peers, each a node, up to the block at which they part. The card pins the validators of that block, as
/// an election's card pins those of all of its blocks.
fn surveyed(peers: &[Vec<OldBlock>]) -> Agreement {
    let fork = fork(peers);
    let histories: Vec<_> = peers.iter().map(|peer| translated(peer)).collect();
    let nodes: Vec<_> = histories
        .iter()
        .map(|blocks| {
            blocks[..=fork]
                .iter()
                .map(|block| block.signed_header.clone())
        })
        .map(|history| node(&history.collect::<Vec<_>>()))
        .collect();
    let mut card = card(&nodes[0].history, &[], nodes.len());
    card.chain_id = nodes[0].history[0].header.chain_id.to_string();
    card.trusted = anchor(&nodes[0].history, fork);
    card.validators = peers[0][fork].validators.iter().map(on_card).collect();
    survey(&card, &nodes)
}

fn on_card(info: &validator::Info) -> CardValidator {
    CardValidator {
        name_ko: info.address.to_string(),
        name_en: info.address.to_string(),
        key: card_key(info),
        power: power(info),
    }
}

/// Who signed the first block of the primary's history and that of a witness, by the old signatures.
fn both_signed(peers: &[Vec<OldBlock>]) -> BTreeSet<PublicKey> {
    let fork = fork(peers);
    let signers = |peer: &Vec<OldBlock>| -> BTreeSet<PublicKey> {
        let block = &peer[fork];
        let validators = block.validators.iter().enumerate();
        let signed =
            validators.filter(|(place, info)| is_signed(&block.signed_header, info, *place));
        signed.map(|(_, info)| card_key(info)).collect()
    };
    let hash = |peer: &Vec<OldBlock>| old_hash(&peer[fork].signed_header.header);
    let other = peers
        .iter()
        .find(|peer| hash(peer) != hash(&peers[0]))
        .unwrap();
    let both = &signers(&peers[0]) & &signers(other);
    both.into_iter().collect()
}
