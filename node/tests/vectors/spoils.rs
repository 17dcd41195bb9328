//! Challenged ballots: what an honest ledger records of them, and every lie about them.

use super::claims::{with_claims, world};
use super::lies::{Case, code, differs, failed};
use super::plan::{Plan, entry};
use super::world::{World, asset, key};
use verifier_core::prove::public_key;
use verifier_core::{Action, AssetId, CheckId, Finding, Outcome, Spoil};

/// Whose holder challenges a ballot and casts another one.
fn doubter() -> AssetId {
    asset(0, 0, 5)
}

/// The ballot that is challenged, signed nevertheless.
fn challenged(world: &World) -> Vec<u8> {
    world.cast(doubter(), 1, "challenged")
}

/// A challenge, the challenged ballot all the same, and another one that counts; and challenges that have to be refused, or come too late to matter.
pub fn add(plan: &mut Plan, world: &World) {
    let ballot = challenged(world);
    let spoiled = code(&ballot);
    let stranger = key("stranger");
    let foreign = Spoil {
        asset: doubter(),
        address: public_key(&stranger),
        challenged: spoiled,
    };
    let foreign = world.signed(Action::Spoil(foreign), &[&stranger]);
    let early = world.spoil(doubter(), spoiled);
    plan.add(3, entry("spoil early", early));
    let in_same_block = code(&plan.bytes("ballot 0/0/1"));
    let counted_before = code(&plan.bytes("ballot 0/0/0"));
    for (height, label, bytes) in [
        (4, "spoil of another", foreign),
        (4, "spoil", world.spoil(doubter(), spoiled)),
        (4, "spoil again", world.spoil(doubter(), spoiled)),
        (4, "spoil after", world.spoil(asset(0, 0, 1), in_same_block)),
        (5, "spoiled ballot", ballot),
        (
            6,
            "spoil later",
            world.spoil(asset(0, 0, 0), counted_before),
        ),
        (6, "ballot 0/0/5", world.cast(doubter(), 0, "")),
        (7, "spoil late", world.spoil(doubter(), counted_before)),
    ] {
        plan.add(height, entry(label, bytes));
    }
}

pub fn all() -> Vec<Case> {
    let world = world();
    let honest = Plan::honest(&world);
    let spoiled = code(&challenged(&world));
    let counted = failed(
        CheckId::RecountAssets,
        vec![Finding::SpoiledBallotCounted {
            asset: doubter(),
            code: spoiled,
        }],
    );
    let outcomes = |findings| failed(CheckId::RecountOutcomes, findings);
    let never = |label: &str, asset| {
        outcomes(vec![Finding::NotSpoiledBefore {
            asset,
            code: code(&honest.bytes(label)),
        }])
    };
    let (height, position) = honest.position("spoil");
    let last = honest.next_position(6);
    vec![
        with_claims(
            "spoil-counted",
            "A ballot that its voter had challenged is counted; the voter's own ballot is then refused as spent.",
            |_, plan| plan.tell("spoiled ballot", Outcome::Ok),
            vec![counted.clone()],
        ),
        with_claims(
            "spoil-refused",
            "A challenge is refused, and the challenged ballot counted.",
            |_, plan| {
                plan.at("spoil").told = Some(Outcome::InvalidSignature);
                plan.tell("spoiled ballot", Outcome::Ok);
            },
            vec![
                outcomes(vec![differs(
                    height,
                    position,
                    Outcome::InvalidSignature,
                    Outcome::Ok,
                )]),
                counted,
            ],
        ),
        with_claims(
            "spoil-invented",
            "A valid ballot is refused as challenged, which it never was.",
            |_, plan| plan.tell("ballot 0/0/2", Outcome::Spoiled),
            vec![never("ballot 0/0/2", asset(0, 0, 2))],
        ),
        with_claims(
            "spoil-too-late",
            "A ballot is refused as challenged, but the challenge comes after it in the same block.",
            |_, plan| plan.tell("ballot 0/0/1", Outcome::Spoiled),
            vec![never("ballot 0/0/1", asset(0, 0, 1))],
        ),
        with_claims(
            "spoil-as-spent",
            "A challenged ballot is refused as spent, since another one of its asset was counted.",
            |world, plan| {
                plan.add(6, entry("spoiled again", challenged(world)));
                plan.tell("spoiled again", Outcome::AssetSpent);
            },
            vec![outcomes(vec![differs(
                6,
                last,
                Outcome::AssetSpent,
                Outcome::Spoiled,
            )])],
        ),
    ]
}
