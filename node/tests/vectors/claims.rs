//! Rights given by blind signature and claimed: what an honest ledger records of them, and every lie about them.

use super::claim_keys::Role;
use super::lies::{Case, Outlook, case, code, differs, failed};
use super::plan::{Plan, entry};
use super::world::{Options, World, asset, key, voter};
use verifier_core::prove::{SigningKey, public_key, sign_body};
use verifier_core::{
    Action, AssetId, BlindSignature, CLAIM_BATCHES, CheckId, Claim, Finding, Outcome, PublicKey,
};

/// So many people more are on every roll.
pub const PEOPLE: u32 = 4;

/// The asset of a municipality's claim of this number.
pub fn claimed(municipality: u16, number: u16) -> AssetId {
    asset(municipality, CLAIM_BATCHES, number)
}

/// Records and claims before opening, ballots after it, and everything about them that has to be refused.
pub fn add(plan: &mut Plan, world: &World) {
    for (label, m, sequence, people) in [
        ("record 0", 0, 0, 2),
        ("record 0 next", 0, 1, 1),
        ("record 1", 1, 0, 2),
        ("record again", 1, 0, 1),
        ("record too many", 2, 0, 5),
        ("record none", 2, 0, 0),
    ] {
        plan.add(2, entry(label, world.record(m, sequence, people)));
    }
    for (m, number) in [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2)] {
        let claim = world.claim(claimed(m, number));
        plan.add(3, entry(format!("claim {m}/{number}"), claim));
    }
    for (label, bytes) in refused(world) {
        plan.add(3, entry(label, bytes));
    }
    plan.add(4, entry("claim late", world.claim(claimed(0, 3))));
    plan.add(4, entry("record late", world.record(0, 2, 1)));
    for (height, asset, choice) in [(4, claimed(0, 0), 1), (6, claimed(1, 1), 0)] {
        let ballot = world.cast(asset, choice, "");
        plan.add(height, entry(format!("ballot {asset}"), ballot));
    }
}

fn refused(world: &World) -> Vec<(&'static str, Vec<u8>)> {
    let holder = voter(claimed(0, 2));
    let address = public_key(&holder);
    let [home, countersign] = world.both_signatures(0, &address);
    let claim = |home, countersign| claim(world, address, home, countersign, &holder);
    let other = world.blind(0, Role::Countersign, &address);
    let of_another = world.both_signatures(0, &public_key(&voter(claimed(0, 1))));
    // The point of order one.
    let mut small_order = PublicKey([0; 32]);
    small_order.0[0] = 1;
    vec![
        ("claim bad home", claim(flipped(home), countersign)),
        ("claim bad countersign", claim(home, flipped(countersign))),
        ("claim other role", claim(other, countersign)),
        ("claim exchanged", claim(countersign, home)),
        ("claim of another", claim(of_another[0], of_another[1])),
        ("claim unsigned", {
            let stranger = key("stranger");
            self::claim(world, address, home, countersign, &stranger)
        }),
        ("claim again", world.claim(claimed(0, 0))),
        ("claim elsewhere again", {
            let holder = voter(claimed(0, 0));
            let address = public_key(&holder);
            let [home, countersign] = world.both_signatures(2, &address);
            let claim = world.voters().claim(2, home, countersign, &holder);
            claim.encode()
        }),
        ("claim unrecorded", world.claim(claimed(3, 0))),
        ("claim small order", {
            let [home, countersign] = world.both_signatures(0, &small_order);
            self::claim(world, small_order, home, countersign, &holder)
        }),
    ]
}

/// A claim of municipality 0, whoever signs it.
fn claim(
    world: &World,
    address: PublicKey,
    home: BlindSignature,
    countersign: BlindSignature,
    signer: &SigningKey,
) -> Vec<u8> {
    let claim = Claim {
        municipality: 0,
        address,
        home,
        countersign,
    };
    let body = world.body(Action::Claim(Box::new(claim)));
    sign_body(body, &[signer]).encode()
}

fn flipped(mut signature: BlindSignature) -> BlindSignature {
    signature.signature[200] ^= 4;
    signature
}

/// An election with claims, and a lie about them.
pub fn with_claims(
    name: &'static str,
    about: &'static str,
    lie: impl Fn(&World, &mut Plan) + 'static,
    expected: Vec<(CheckId, Outlook)>,
) -> Case {
    let mut case = case(name, about, lie, expected);
    case.options.claims = true;
    case
}

/// The world of these elections.
pub fn world() -> World {
    World::new(&Options {
        claims: true,
        ..Options::default()
    })
}

pub fn all() -> Vec<Case> {
    let world = world();
    let position = |label: &str| Plan::honest(&world).position(label);
    let accepted = |label: &'static str, derived| {
        let (height, position) = position(label);
        differs(height, position, Outcome::Ok, derived)
    };
    let outcomes = |findings| failed(CheckId::RecountOutcomes, findings);
    let invented = world.cast(claimed(0, 2), 0, "");
    let invented_code = code(&invented);
    vec![
        with_claims(
            "good-claims",
            "No lie. Rights are claimed and voted with, ballots are challenged, and whatever must be refused of it is refused.",
            |_, _| (),
            vec![],
        ),
        with_claims(
            "claims-bad-signature",
            "A right is claimed with a home signature that does not hold, and voted with.",
            move |_, plan| {
                plan.tell("claim bad home", Outcome::Ok);
                plan.add(6, entry("invented", invented.clone()));
                plan.tell("invented", Outcome::Ok);
            },
            {
                let (height, position) = (6, Plan::honest(&world).next_position(6));
                vec![
                    outcomes(vec![
                        accepted("claim bad home", Outcome::InvalidProof),
                        differs(height, position, Outcome::Ok, Outcome::NotIssued),
                    ]),
                    failed(
                        CheckId::RecountBallots,
                        vec![Finding::BallotInvalid {
                            code: invented_code,
                            height,
                            derived: Outcome::NotIssued,
                        }],
                    ),
                ]
            },
        ),
        with_claims(
            "claims-other-role",
            "A right is claimed with a home signature by the key that countersigns for others.",
            |_, plan| plan.tell("claim other role", Outcome::Ok),
            vec![outcomes(vec![accepted(
                "claim other role",
                Outcome::InvalidProof,
            )])],
        ),
        with_claims(
            "claims-exceed-issuances",
            "Three rights are claimed where two are recorded as given.",
            |_, plan| plan.tell("claim 1/2", Outcome::Ok),
            vec![
                failed(
                    CheckId::RecountRoll,
                    vec![Finding::ClaimsExceedIssuances {
                        municipality: 1,
                        claimed: 3,
                        recorded: 2,
                    }],
                ),
                outcomes(vec![accepted("claim 1/2", Outcome::ExceedsIssuances)]),
            ],
        ),
        with_claims(
            "claims-address-twice",
            "One address claims two rights.",
            |_, plan| plan.tell("claim again", Outcome::Ok),
            vec![outcomes(vec![accepted("claim again", Outcome::Repeated)])],
        ),
        with_claims(
            "claims-exceed-roll",
            "More rights are recorded as given than people on the roll are left.",
            |_, plan| plan.tell("record too many", Outcome::Ok),
            vec![
                failed(
                    CheckId::RecountRoll,
                    vec![Finding::IssuedExceedsRoll {
                        municipality: 2,
                        issued: 8,
                        roll: 7,
                    }],
                ),
                outcomes(vec![accepted("record too many", Outcome::ExceedsRoll)]),
            ],
        ),
        with_claims(
            "claims-refused",
            "Valid claims are refused, and a right that was claimed by one of them is voted with nevertheless.",
            |_, plan| plan.tell("claim 0/", Outcome::InvalidProof),
            vec![
                outcomes(
                    [position("claim 0/0"), position("claim 0/1")]
                        .map(|(height, at)| differs(height, at, Outcome::InvalidProof, Outcome::Ok))
                        .into(),
                ),
                failed(
                    CheckId::RecountBallotsTurnout,
                    vec![Finding::BallotsExceedClaims {
                        municipality: 0,
                        ballots: 1,
                        claimed: 0,
                    }],
                ),
            ],
        ),
        with_claims(
            "claims-late",
            "A right is claimed, and another recorded as given, after opening.",
            |_, plan| {
                plan.tell("claim late", Outcome::Ok);
                plan.tell("record late", Outcome::Ok);
            },
            vec![outcomes(vec![
                accepted("claim late", Outcome::OutsideWindow),
                accepted("record late", Outcome::OutsideWindow),
            ])],
        ),
    ]
}
