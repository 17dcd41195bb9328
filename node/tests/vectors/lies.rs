//! The elections: honest ones, and one for each lie. Each says by hand what a recount must find.

use super::plan::{Entry, Make, Plan, Planned, entry};
use super::world::{DEADLINE, OPENING, Options, World, asset, deal_of};
use super::{claims, spoils};
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as B;
use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::{RistrettoPoint, Scalar};
use std::collections::BTreeMap;
use verifier_core::prove::{complain, sign_body};
use verifier_core::state_key::{self, KeySetSummary, SpentEntry};
use verifier_core::{
    Action, AssetId, Ballot, CheckId, ClaimedTotals, Doubt, Finding, Outcome, Point, SourceFault,
    TrackingCode, Transaction, encode,
};

/// What a check must come to.
#[derive(Clone)]
pub enum Outlook {
    /// Exactly these findings.
    Failed(Vec<Finding>),
    /// These findings among others.
    FailedWith(Vec<Finding>),
    Unknown(Doubt),
}

pub type Totals = Box<dyn Fn(ClaimedTotals) -> ClaimedTotals>;

/// An election and what a recount must make of it. Checks that are not listed pass.
pub struct Case {
    pub name: &'static str,
    pub about: &'static str,
    pub options: Options,
    /// Another contract than the trust card's, if the validators define one.
    pub contract_of: Option<Options>,
    pub make: Box<dyn Fn(&World) -> Plan>,
    pub totals: Totals,
    pub expected: Vec<(CheckId, Outlook)>,
}

impl Case {
    /// The election that the file is a variant of.
    pub fn base(&self) -> &'static str {
        let of_claims = ["claims-", "spoil-"];
        match of_claims.iter().any(|prefix| self.name.starts_with(prefix)) {
            true => "good-claims",
            false => "good",
        }
    }
}

pub fn case(
    name: &'static str,
    about: &'static str,
    lie: impl Fn(&World, &mut Plan) + 'static,
    expected: Vec<(CheckId, Outlook)>,
) -> Case {
    Case {
        name,
        about,
        options: Options::default(),
        contract_of: None,
        make: Box::new(move |world| {
            let mut plan = Plan::honest(world);
            lie(world, &mut plan);
            plan
        }),
        totals: Box::new(|totals| totals),
        expected,
    }
}

pub fn failed(id: CheckId, findings: Vec<Finding>) -> (CheckId, Outlook) {
    (id, Outlook::Failed(findings))
}

fn unknown(id: CheckId, doubt: Doubt) -> (CheckId, Outlook) {
    (id, Outlook::Unknown(doubt))
}

pub fn differs(height: u64, position: u32, recorded: Outcome, derived: Outcome) -> Finding {
    Finding::OutcomeDiffers {
        height,
        position,
        recorded: recorded.code(),
        derived,
    }
}

pub fn code(bytes: &[u8]) -> TrackingCode {
    Transaction::decode(bytes).unwrap().body.tracking_code()
}

fn point(point: &Point) -> RistrettoPoint {
    CompressedRistretto(point.0).decompress().unwrap()
}

/// A valid ballot whose components are changed afterwards, signed by its holder.
fn shifted(world: &World, asset: AssetId, shifts: [i64; 2]) -> Vec<u8> {
    let mut ballot: Ballot = world.ballot(asset, 0, "shifted");
    for (transfer, shift) in ballot.transfers.iter_mut().zip(shifts) {
        let votes = Scalar::from(shift.unsigned_abs());
        let votes = if shift < 0 { -votes } else { votes };
        *transfer = Point((point(transfer) + votes * B).compress().to_bytes());
    }
    world.sign_ballot(ballot)
}

const NOT_OPENED: [CheckId; 2] = [CheckId::RecountShares, CheckId::RecountTotals];

fn too_few(shares: u32) -> Vec<(CheckId, Outlook)> {
    let [of_shares, of_totals] = NOT_OPENED;
    vec![
        unknown(
            of_shares,
            Doubt::TooFewShares {
                shares,
                threshold: 3,
            },
        ),
        unknown(of_totals, Doubt::NotReached),
    ]
}

/// What would have passed, had the recount not been stopped.
fn only_partly_read() -> [(CheckId, Outlook); 7] {
    [
        CheckId::RecountBlocks,
        CheckId::RecountKeys,
        CheckId::RecountRoll,
        CheckId::RecountTurnout,
        CheckId::RecountOutcomes,
        CheckId::RecountBallots,
        CheckId::RecountAssets,
    ]
    .map(|id| unknown(id, Doubt::NotReached))
}

fn not_closed() -> Vec<(CheckId, Outlook)> {
    let closing = [CheckId::RecountBallotsTurnout, CheckId::RecountSums];
    let mut all: Vec<_> = closing.map(|id| unknown(id, Doubt::NotClosed)).into();
    all.extend(too_few(0));
    all
}

/// Every case. The codes in findings are those of ballots that the reference world makes.
pub fn all(world: &World) -> Vec<Case> {
    let mut cases = vec![good(), empty_cell(), complaint()];
    cases.extend(ballots(world));
    cases.extend(setup());
    cases.extend(turnout());
    cases.extend(closing());
    cases.extend(blocks());
    cases.extend(claims::all());
    cases.extend(spoils::all());
    cases
}

fn good() -> Case {
    case(
        "good",
        "No lie. Every kind of ballot that must be refused is refused.",
        |_, _| (),
        vec![],
    )
}

fn empty_cell() -> Case {
    let mut case = case(
        "good-empty-cell",
        "No lie. Cells of any size are opened, one of them without any ballot.",
        |_, _| (),
        vec![],
    );
    case.options.minimum_cell = 0;
    case
}

fn complaint() -> Case {
    let mut case = case(
        "good-complaint",
        "No lie. Dealer 1 deals municipality 2 a bad share; a complaint names it, and the second attempt succeeds. An unfounded complaint is refused.",
        |world, plan| {
            let mut bad = deal_of(&world.genesis, &world.contract, 0, 1);
            bad.dealings[0].encrypted_shares[2].0[0] ^= 1;
            let mut first: Vec<Entry> = Vec::new();
            for dealer in 0..4u16 {
                let deal = match dealer {
                    1 => bad.clone(),
                    _ => deal_of(&world.genesis, &world.contract, 0, dealer),
                };
                let trustee = &world.keys[usize::from(dealer)].trustee;
                let bytes = world.signed(Action::DealKey(deal), &[trustee]);
                first.push(entry(format!("first deal {dealer}"), bytes));
            }
            for (label, recipient) in [("unfounded", 0u16), ("complaint", 2)] {
                let keys = &world.keys[usize::from(recipient)];
                let mut rng = super::world::rng(label);
                let genesis = world.genesis.hash();
                let complaint = complain(
                    &genesis,
                    &world.contract,
                    &bad,
                    recipient,
                    &keys.encryption,
                    &mut rng,
                );
                let action = Action::Complain(complaint.unwrap());
                first.push(entry(label, world.signed(action, &[&keys.trustee])));
            }
            first.append(&mut plan.blocks[1].entries);
            plan.blocks[1].entries = first;
        },
        vec![],
    );
    case.options.attempt = 1;
    case
}

fn ballots(world: &World) -> Vec<Case> {
    let honest = Plan::honest(world);
    let code_of = |label: &str| code(&honest.bytes(label));
    let first = code_of("ballot 0/0/0");
    let again = code_of("again");
    let counted_invalid = |position, code, derived| {
        vec![
            failed(
                CheckId::RecountOutcomes,
                vec![differs(5, position, Outcome::Ok, derived)],
            ),
            failed(
                CheckId::RecountBallots,
                vec![Finding::BallotInvalid {
                    code,
                    height: 5,
                    derived,
                }],
            ),
        ]
    };
    let moved = shifted(world, asset(1, 0, 2), [5, -5]);
    let many = shifted(world, asset(1, 0, 2), [999, 0]);
    let swapped = {
        let mut ballot = world.ballot(asset(1, 0, 2), 0, "swapped");
        ballot.transfers.swap(0, 1);
        world.sign_ballot(ballot)
    };
    let (moved_code, many_code, swapped_code) = (code(&moved), code(&many), code(&swapped));
    let replaced = |bytes: Vec<u8>| {
        move |_: &World, plan: &mut Plan| {
            plan.replace("bad proof", bytes.clone());
            plan.tell("bad proof", Outcome::Ok);
        }
    };
    vec![
        case(
            "asset-counted-twice",
            "A voter's second ballot is counted as well.",
            |_, plan| plan.tell("again", Outcome::Ok),
            vec![failed(
                CheckId::RecountAssets,
                vec![Finding::AssetCountedTwice {
                    asset: asset(0, 0, 0),
                    first,
                    second: again,
                }],
            )],
        ),
        case(
            "ballot-counted-twice",
            "One ballot is recorded twice and counted twice.",
            |_, plan| {
                let copy = plan.bytes("ballot 0/0/0");
                plan.replace("again", copy);
                plan.tell("again", Outcome::Ok);
            },
            vec![failed(
                CheckId::RecountAssets,
                vec![Finding::AssetCountedTwice {
                    asset: asset(0, 0, 0),
                    first,
                    second: first,
                }],
            )],
        ),
        case(
            "invalid-proof-counted",
            "A ballot whose proof does not hold is counted.",
            |_, plan| plan.tell("bad proof", Outcome::Ok),
            counted_invalid(4, code_of("bad proof"), Outcome::InvalidProof),
        ),
        case(
            "shifted-components-counted",
            "A ballot that moves five votes from one candidate to the other (+5·B, −5·B) is counted.",
            replaced(moved),
            counted_invalid(4, moved_code, Outcome::InvalidProof),
        ),
        case(
            "many-votes-counted",
            "A ballot worth a thousand votes is counted.",
            replaced(many),
            counted_invalid(4, many_code, Outcome::InvalidProof),
        ),
        case(
            "swapped-components-counted",
            "A ballot whose two components are exchanged is counted.",
            replaced(swapped),
            counted_invalid(4, swapped_code, Outcome::InvalidProof),
        ),
        case(
            "wrong-signature-counted",
            "A ballot that somebody else signed is counted; the holder's own ballot is then refused as spent.",
            |_, plan| plan.tell("bad signature", Outcome::Ok),
            {
                let mut expected =
                    counted_invalid(5, code_of("bad signature"), Outcome::InvalidSignature);
                expected[0] = failed(
                    CheckId::RecountOutcomes,
                    vec![
                        differs(5, 5, Outcome::Ok, Outcome::InvalidSignature),
                        Finding::NotSpentBefore {
                            asset: asset(2, 0, 1),
                            code: code_of("ballot 2/0/1"),
                        },
                    ],
                );
                expected
            },
        ),
        case(
            "not-issued-counted",
            "A ballot by an address that the asset was not issued to is counted.",
            |_, plan| plan.tell("not issued", Outcome::Ok),
            counted_invalid(6, code_of("not issued"), Outcome::NotIssued),
        ),
        case(
            "other-election-counted",
            "A ballot that binds another contract is counted.",
            |_, plan| plan.tell("other election", Outcome::Ok),
            counted_invalid(7, code_of("other election"), Outcome::WrongElection),
        ),
        case(
            "garbage-accepted",
            "Bytes that are no transaction are said to have taken effect.",
            |_, plan| plan.tell("not a transaction", Outcome::Ok),
            vec![failed(
                CheckId::RecountOutcomes,
                vec![differs(5, 8, Outcome::Ok, Outcome::Malformed)],
            )],
        ),
        case(
            "early-ballot-counted",
            "A ballot before opening is counted.",
            |_, plan| plan.tell("early", Outcome::Ok),
            vec![failed(
                CheckId::RecountOutcomes,
                vec![differs(3, 4, Outcome::Ok, Outcome::OutsideWindow)],
            )],
        ),
        case(
            "late-ballot-counted",
            "A ballot at the second in which the grace ends is counted.",
            |_, plan| plan.tell("late", Outcome::Ok),
            vec![failed(
                CheckId::RecountOutcomes,
                vec![differs(7, 0, Outcome::Ok, Outcome::OutsideWindow)],
            )],
        ),
        case(
            "valid-ballot-refused",
            "A valid ballot is refused as if its proof did not hold.",
            |_, plan| plan.tell("ballot 1/0/1", Outcome::InvalidProof),
            vec![failed(
                CheckId::RecountOutcomes,
                vec![differs(5, 1, Outcome::InvalidProof, Outcome::Ok)],
            )],
        ),
        case(
            "refused-as-spent",
            "A valid ballot is refused because its asset is spent, which it is not.",
            |_, plan| plan.tell("ballot 1/0/1", Outcome::AssetSpent),
            vec![failed(
                CheckId::RecountOutcomes,
                vec![Finding::NotSpentBefore {
                    asset: asset(1, 0, 1),
                    code: code_of("ballot 1/0/1"),
                }],
            )],
        ),
        case(
            "later-ballot-preferred",
            "A voter's first ballot is refused as spent, the second is counted.",
            |_, plan| {
                plan.tell("ballot 0/0/0", Outcome::AssetSpent);
                plan.tell("again", Outcome::Ok);
            },
            vec![failed(
                CheckId::RecountOutcomes,
                vec![Finding::NotSpentBefore {
                    asset: asset(0, 0, 0),
                    code: first,
                }],
            )],
        ),
        case(
            "refused-for-another-reason",
            "A ballot whose proof does not hold is refused for its signature.",
            |_, plan| plan.tell("bad proof", Outcome::InvalidSignature),
            vec![failed(
                CheckId::RecountOutcomes,
                vec![differs(
                    5,
                    4,
                    Outcome::InvalidSignature,
                    Outcome::InvalidProof,
                )],
            )],
        ),
    ]
}

fn setup() -> Vec<Case> {
    let mut swapped = case(
        "contract-swapped",
        "The validators define another contract, with a tolerance of a hundred ballots, and hold that election.",
        |_, _| (),
        vec![failed(CheckId::RecountKeys, vec![Finding::NotDefined])],
    );
    swapped.contract_of = Some(Options {
        turnout_tolerance: 100,
        ..Options::default()
    });
    let forged_dealing = case(
        "dealing-forged",
        "A dealing without proof of knowledge is accepted, and the keys are built on it.",
        |world, plan| {
            let mut forged = world.dealings[3].clone();
            forged.dealings[0].proof_of_knowledge.1.0[0] ^= 1;
            let trustee = &world.keys[3].trustee;
            plan.replace("deal 3", world.signed(Action::DealKey(forged), &[trustee]));
            for prefix in ["deal", "ready", "ballot", "close", "share"] {
                plan.tell(prefix, Outcome::Ok);
            }
            plan.tell("share again", Outcome::Repeated);
        },
        [
            vec![
                (
                    CheckId::RecountOutcomes,
                    Outlook::FailedWith(vec![
                        differs(2, 3, Outcome::Ok, Outcome::InvalidProof),
                        differs(3, 0, Outcome::Ok, Outcome::KeysIncomplete),
                        differs(7, 4, Outcome::Ok, Outcome::KeysIncomplete),
                    ]),
                ),
                failed(CheckId::RecountKeys, vec![Finding::KeysIncomplete]),
                (CheckId::RecountBallots, Outlook::FailedWith(vec![])),
            ],
            not_closed(),
        ]
        .into_iter()
        .flatten()
        .collect(),
    );
    vec![
        swapped,
        forged_dealing,
        case(
            "define-not-approved",
            "Two of four municipalities define the contract.",
            |world, plan| {
                plan.replace("define", world.define(&[0, 1]));
                for prefix in [
                    "define", "roll", "issue", "deal", "ready", "ballot", "turnout", "close",
                    "share",
                ] {
                    plan.tell(prefix, Outcome::Ok);
                }
            },
            [
                vec![
                    failed(CheckId::RecountKeys, vec![Finding::NotDefined]),
                    (
                        CheckId::RecountOutcomes,
                        Outlook::FailedWith(vec![
                            differs(1, 0, Outcome::Ok, Outcome::NotApproved),
                            differs(1, 1, Outcome::Ok, Outcome::NotDefined),
                        ]),
                    ),
                    (CheckId::RecountBallots, Outlook::FailedWith(vec![])),
                    (CheckId::RecountTurnout, Outlook::FailedWith(vec![])),
                ],
                not_closed(),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
        case(
            "keys-incomplete",
            "One trustee never shows that it holds its share; voting opens nevertheless.",
            |_, plan| {
                plan.remove("ready 3");
                for prefix in ["ballot", "close", "share"] {
                    plan.tell(prefix, Outcome::Ok);
                }
            },
            [
                vec![
                    failed(CheckId::RecountKeys, vec![Finding::KeysIncomplete]),
                    (CheckId::RecountOutcomes, Outlook::FailedWith(vec![])),
                    (CheckId::RecountBallots, Outlook::FailedWith(vec![])),
                ],
                not_closed(),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
        case(
            "key-ready-forged",
            "A trustee's proof that it holds its share does not hold, but is accepted.",
            |world, plan| {
                plan.replace("ready 3", world.ready(3, true));
                for prefix in ["ready", "ballot", "close", "share"] {
                    plan.tell(prefix, Outcome::Ok);
                }
            },
            [
                vec![
                    failed(CheckId::RecountKeys, vec![Finding::KeysIncomplete]),
                    (
                        CheckId::RecountOutcomes,
                        Outlook::FailedWith(vec![differs(
                            3,
                            3,
                            Outcome::Ok,
                            Outcome::InvalidProof,
                        )]),
                    ),
                    (CheckId::RecountBallots, Outlook::FailedWith(vec![])),
                ],
                not_closed(),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
        case(
            "issued-exceeds-roll",
            "Two assets are issued for one person on the roll.",
            |world, plan| {
                plan.replace("roll 3", world.roll(3, 1));
                plan.tell("issue 3/0", Outcome::Ok);
            },
            vec![
                failed(
                    CheckId::RecountRoll,
                    vec![Finding::IssuedExceedsRoll {
                        municipality: 3,
                        issued: 2,
                        roll: 1,
                    }],
                ),
                failed(
                    CheckId::RecountOutcomes,
                    vec![differs(1, 9, Outcome::Ok, Outcome::ExceedsRoll)],
                ),
            ],
        ),
        case(
            "roll-grown",
            "A municipality certifies a second, larger roll.",
            |world, plan| {
                plan.add(2, entry("roll 3 again", world.roll(3, 200)));
                plan.tell("roll 3 again", Outcome::Ok);
            },
            vec![failed(
                CheckId::RecountOutcomes,
                vec![differs(2, 4, Outcome::Ok, Outcome::Repeated)],
            )],
        ),
        case(
            "issued-after-opening",
            "A municipality issues itself another asset during the vote, and it is voted with.",
            |world, plan| {
                plan.blocks[3]
                    .entries
                    .push(entry("issue late", world.issue(2, 1, 1)));
                plan.tell("issue late", Outcome::Ok);
                let ballot = world.cast(asset(2, 1, 0), 1, "");
                plan.replace("not issued", ballot);
                plan.tell("not issued", Outcome::Ok);
            },
            vec![
                failed(
                    CheckId::RecountRoll,
                    vec![Finding::IssuedExceedsRoll {
                        municipality: 2,
                        issued: 4,
                        roll: 3,
                    }],
                ),
                failed(
                    CheckId::RecountOutcomes,
                    vec![
                        differs(4, 3, Outcome::Ok, Outcome::OutsideWindow),
                        differs(5, 6, Outcome::Ok, Outcome::NotIssued),
                    ],
                ),
                (CheckId::RecountBallots, Outlook::FailedWith(vec![])),
            ],
        ),
    ]
}

fn turnout() -> Vec<Case> {
    let broken = |derived| {
        let finding = differs(7, 1, Outcome::Ok, derived);
        vec![
            failed(CheckId::RecountTurnout, vec![finding.clone()]),
            failed(CheckId::RecountOutcomes, vec![finding]),
        ]
    };
    vec![
        case(
            "turnout-exceeds-roll",
            "Three people are checked in where two stand on the roll.",
            |world, plan| {
                let body = world.turnout_body(3, 0, TrackingCode([0; 32]), 3);
                plan.add(5, entry("turnout 3/0", world.sign_turnout(3, body)));
                plan.tell("turnout 3/0", Outcome::Ok);
            },
            vec![
                failed(
                    CheckId::RecountTurnout,
                    vec![
                        differs(5, 13, Outcome::Ok, Outcome::ExceedsTurnout),
                        Finding::TurnoutExceedsRoll {
                            municipality: 3,
                            checked_in: 3,
                            roll: 2,
                        },
                    ],
                ),
                failed(
                    CheckId::RecountOutcomes,
                    vec![differs(5, 13, Outcome::Ok, Outcome::ExceedsTurnout)],
                ),
                failed(
                    CheckId::RecountBallotsTurnout,
                    vec![Finding::Shortfall {
                        municipality: 3,
                        missing: 3,
                        tolerance: 1,
                    }],
                ),
            ],
        ),
        case(
            "turnout-chain-broken",
            "A station's second certificate does not name the first.",
            |world, plan| {
                let body = world.turnout_body(0, 1, TrackingCode([0; 32]), 6);
                plan.replace("turnout 0/1", world.sign_turnout(0, body));
                plan.tell("turnout 0/1", Outcome::Ok);
            },
            broken(Outcome::BrokenChain),
        ),
        case(
            "turnout-not-countersigned",
            "A registrar certifies turnout without an observer.",
            |world, plan| {
                let bytes = plan.bytes("turnout 0/1");
                let body = Transaction::decode(&bytes).unwrap().body;
                let registrar = &world.keys[0].registrar;
                plan.replace(
                    "turnout 0/1",
                    sign_body(body, &[registrar, registrar]).encode(),
                );
                plan.tell("turnout 0/1", Outcome::Ok);
            },
            broken(Outcome::InvalidSignature),
        ),
        case(
            "ballots-exceed-turnout",
            "A registrar votes with an unused right: one person was checked in, two ballots are counted.",
            |world, plan| plan.set_turnout(world, 2, 1, 1),
            vec![failed(
                CheckId::RecountBallotsTurnout,
                vec![Finding::BallotsExceedTurnout {
                    municipality: 2,
                    ballots: 2,
                    checked_in: 1,
                }],
            )],
        ),
        case(
            "shortfall",
            "Three more people were checked in than ballots are counted; one is tolerated.",
            |world, plan| plan.set_turnout(world, 0, 3, 8),
            vec![failed(
                CheckId::RecountBallotsTurnout,
                vec![Finding::Shortfall {
                    municipality: 0,
                    missing: 3,
                    tolerance: 1,
                }],
            )],
        ),
    ]
}

fn closing() -> Vec<Case> {
    let misstated = |name, about, change: fn(&mut ClaimedTotals), fault| {
        let mut case = case(
            name,
            about,
            |_, _| (),
            vec![unknown(CheckId::RecountTotals, Doubt::Source(fault))],
        );
        case.totals = Box::new(move |mut totals| {
            change(&mut totals);
            totals
        });
        case
    };
    vec![
        misstated(
            "totals-misstated",
            "One vote is moved from one candidate to the other in the claimed totals.",
            |totals| {
                totals.cells[0].votes[0] -= 1;
                totals.cells[0].votes[1] += 1;
            },
            SourceFault::TotalsDiffer { cell: 0 },
        ),
        misstated(
            "cells-misstated",
            "The claimed totals leave a cell out.",
            |totals| {
                totals.cells.pop();
            },
            SourceFault::CellsDiffer,
        ),
        case(
            "share-forged",
            "A decryption share that does not fit its proof is accepted.",
            |_, plan| {
                plan.at("share 2").make = Make::Share {
                    trustee: 2,
                    forged: true,
                };
                plan.tell("share 2", Outcome::Ok);
            },
            [
                vec![failed(
                    CheckId::RecountOutcomes,
                    vec![differs(8, 2, Outcome::Ok, Outcome::InvalidProof)],
                )],
                too_few(2),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
        case(
            "share-repeated",
            "One trustee's shares are accepted twice, in place of another's.",
            |_, plan| {
                plan.remove("share 2");
                plan.tell("share again", Outcome::Ok);
            },
            [
                vec![failed(
                    CheckId::RecountOutcomes,
                    vec![differs(8, 2, Outcome::Ok, Outcome::Repeated)],
                )],
                too_few(2),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
        case(
            "too-few-shares",
            "No lie, but only two of the three trustees that are needed open the sums.",
            |_, plan| {
                plan.remove("share 2");
            },
            too_few(2),
        ),
        case(
            "closed-too-early",
            "The sums are closed a second before the grace ends.",
            |_, plan| {
                let close = plan.remove("close");
                plan.blocks[5].entries.push(close);
                for prefix in ["close", "share"] {
                    plan.tell(prefix, Outcome::Ok);
                }
            },
            [
                vec![(
                    CheckId::RecountOutcomes,
                    Outlook::FailedWith(vec![
                        differs(6, 4, Outcome::Ok, Outcome::OutsideWindow),
                        differs(8, 0, Outcome::Ok, Outcome::NotClosed),
                    ]),
                )],
                not_closed(),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
        case(
            "closed-twice",
            "The sums are closed a second time.",
            |world, plan| {
                let mut again = entry("close again", world.close().encode());
                again.told = Some(Outcome::Ok);
                plan.blocks[7].entries.insert(0, again);
            },
            vec![failed(
                CheckId::RecountOutcomes,
                vec![differs(8, 0, Outcome::Ok, Outcome::Repeated)],
            )],
        ),
        case(
            "never-closed",
            "No lie, but the final header comes before the sums are closed.",
            |_, plan| {
                plan.blocks.truncate(6);
                plan.blocks.push(Planned {
                    time: DEADLINE - 1 + 10,
                    ..Planned::default()
                });
            },
            not_closed(),
        ),
    ]
}

fn blocks() -> Vec<Case> {
    vec![
        case(
            "outcome-left-out",
            "The validators sign outcomes for all transactions of a block but the last.",
            |world, plan| {
                plan.blocks[5].outcomes = Some(3);
                plan.tell("ballot 0/1/0", Outcome::InvalidProof);
                plan.set_turnout(world, 0, 3, 5);
            },
            vec![failed(
                CheckId::RecountOutcomes,
                vec![Finding::OutcomeDiffers {
                    height: 6,
                    position: 3,
                    recorded: u32::MAX,
                    derived: Outcome::Ok,
                }],
            )],
        ),
        case(
            "state-misstated",
            "The state that the validators sign is not the one that the transactions give. A recount does not look at it; receipts do.",
            |world, plan| plan.blocks[7].false_state = Some(false_spent(world)),
            vec![],
        ),
        case(
            "keys-misstated",
            "The candidate addresses in the state that the validators sign are not those of the ledger. A recount does not look at it; receipts do.",
            |world, plan| plan.blocks[7].false_state = Some(false_keys(world)),
            vec![],
        ),
        case(
            "clock-turned-back",
            "After the sums are closed, the validators turn the clock back and record another ballot.",
            |world, plan| {
                let ballot = world.cast(asset(1, 0, 4), 1, "");
                plan.blocks.insert(
                    7,
                    Planned {
                        time: OPENING + 60,
                        entries: vec![entry("ballot after", ballot)],
                        ..Planned::default()
                    },
                );
            },
            [
                vec![unknown(
                    CheckId::RecountHeaders,
                    Doubt::Source(SourceFault::BrokenChain { height: 7 }),
                )],
                only_partly_read().into(),
                not_closed(),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
    ]
}

/// The table of spent assets in which one ballot is left out and another's code is replaced.
pub fn false_table(world: &World) -> Vec<SpentEntry> {
    let code_of = |index: u16| code(&world.cast(asset(0, 0, index), usize::from(index == 3), ""));
    let spent = |index, height, code| SpentEntry {
        index,
        height,
        code,
    };
    vec![
        spent(0, 4, code_of(0)),
        spent(2, 5, super::receipts::FORGED_CODE),
        spent(3, 6, code_of(3)),
    ]
}

fn false_spent(world: &World) -> BTreeMap<String, Vec<u8>> {
    let value = encode(&state_key::spent_value(&false_table(world)));
    BTreeMap::from([(state_key::spent(0, 0), value)])
}

fn false_keys(world: &World) -> BTreeMap<String, Vec<u8>> {
    let mut addresses = world.key_set.addresses();
    addresses.swap(0, 1);
    let summary = KeySetSummary {
        id: world.key_set.id(),
        addresses,
    };
    BTreeMap::from([(state_key::KEY_SET.to_string(), encode(&summary))])
}
