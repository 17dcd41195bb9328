//! The receipts: honest ones in every standing, and lies about them. Each says by hand what a check must find.

use super::plan::Plan;
use super::world::{DEADLINE, OPENING, START, World, asset};
use verifier_core::prove::sign;
use verifier_core::{
    CheckId, ContractId, Doubt, Finding, GenesisHash, Outcome, Receipt, ReceiptError, SourceFault,
    Standing, TrackingCode, Transaction,
};

pub const NOW: u64 = DEADLINE + 1000;
/// The last header of a source while the election runs.
pub const LATEST: u64 = 6;
pub const FORGED_CODE: TrackingCode = TrackingCode([0xab; 32]);

pub enum Outlook {
    Failed(Finding),
    Unknown(Doubt),
}

/// A receipt and what a check must make of it. Checks that are not listed pass, but for those after the last one listed in a case that ends there.
pub struct Case {
    pub name: &'static str,
    pub about: &'static str,
    pub election: &'static str,
    pub text: String,
    pub latest: Option<u64>,
    pub now: u64,
    pub standing: Option<Standing>,
    pub expected: Vec<(CheckId, Outlook)>,
    /// The check at which the rest is left undone.
    pub ends: bool,
}

fn case(name: &'static str, about: &'static str, receipt: &Receipt) -> Case {
    Case {
        name,
        about,
        election: "good",
        text: receipt.to_text(),
        latest: None,
        now: NOW,
        standing: None,
        expected: vec![],
        ends: false,
    }
}

impl Case {
    fn stands(mut self, standing: Standing) -> Self {
        self.standing = Some(standing);
        self
    }

    fn fails(mut self, id: CheckId, finding: Finding) -> Self {
        self.expected.push((id, Outlook::Failed(finding)));
        self
    }

    fn doubts(mut self, id: CheckId, doubt: Doubt) -> Self {
        self.expected.push((id, Outlook::Unknown(doubt)));
        self
    }

    /// Whatever comes after the check that fails is not reached.
    fn ends(mut self) -> Self {
        self.ends = true;
        self
    }

    fn until(mut self, latest: u64) -> Self {
        self.latest = Some(latest);
        self.now = OPENING + 160;
        self
    }

    fn of(mut self, election: &'static str) -> Self {
        self.election = election;
        self
    }
}

fn code(bytes: &[u8]) -> TrackingCode {
    Transaction::decode(bytes).unwrap().body.tracking_code()
}

pub fn all(world: &World) -> Vec<Case> {
    let plan = Plan::honest(world);
    let mut cases = standings(world, &plan);
    cases.extend(unreadable(world, &plan));
    cases.extend(elsewhere(world, &plan));
    cases.extend(lies(world, &plan));
    cases
}

fn standings(world: &World, plan: &Plan) -> Vec<Case> {
    let receipt = |label: &str, height| world.receipt(&plan.bytes(label), height, 2);
    let counted = receipt("ballot 0/0/1", Some(4));
    let unknown_height = receipt("ballot 0/0/1", None);
    let again = receipt("again", None);
    let first = code(&plan.bytes("ballot 0/0/0"));
    let third = world.receipt(&world.cast(asset(0, 0, 0), 1, "third"), None, 2);
    let withheld = world.receipt(&world.cast(asset(0, 0, 5), 1, "withheld"), None, 2);
    let copied = world.receipt(&plan.bytes("forged copy"), Some(5), 2);
    let nobody = world.receipt(&world.cast(asset(3, 7, 0), 1, ""), None, 2);
    let spent = Finding::AssetSpentBy {
        asset: asset(0, 0, 0),
        by: first,
        height: 4,
    };
    let superseded = Standing::Superseded {
        height: 4,
        by: first,
    };
    vec![
        case("counted", "No lie: the ballot is counted.", &counted).stands(Standing::Counted { height: 4 }),
        case("counted-without-height", "No lie: the same ballot, whose height the receipt does not name.", &unknown_height)
            .stands(Standing::Counted { height: 4 }),
        case("recorded", "No lie: the election is not over yet.", &counted)
            .until(LATEST)
            .stands(Standing::Recorded { height: 4 }),
        case("not-yet", "No lie: the ballot is on no block yet, and its deadline has not passed.", &receipt("ballot 0/0/3", None))
            .until(LATEST)
            .stands(Standing::NotYet)
            .doubts(CheckId::ReceiptBallot, Doubt::NotYetRecorded { deadline: DEADLINE })
            .ends(),
        case("not-yet-reached", "No lie: the source has not reached the height that the receipt names.", &receipt("ballot 0/0/3", Some(6)))
            .until(LATEST)
            .doubts(CheckId::ReceiptHeader, Doubt::NotYetReached { named: 6, latest: 5 })
            .ends(),
        case("superseded", "The voter's second ballot, which the ledger refused.", &again)
            .stands(superseded)
            .fails(CheckId::ReceiptAsset, spent.clone())
            .fails(CheckId::ReceiptOutcome, Finding::BallotRefused { outcome: Outcome::AssetSpent }),
        case("superseded-unrecorded", "The voter's third ballot, which is on no block.", &third)
            .stands(superseded)
            .fails(CheckId::ReceiptBallot, spent)
            .ends(),
        case("refused", "A ballot by an address that the asset was not issued to.", &receipt("not issued", Some(5)))
            .stands(Standing::Refused { height: 5, outcome: Outcome::NotIssued })
            .fails(CheckId::ReceiptAsset, Finding::AssetNotIssued { asset: asset(0, 0, 5) })
            .fails(CheckId::ReceiptOutcome, Finding::BallotRefused { outcome: Outcome::NotIssued }),
        case("missing", "A promised ballot was never recorded.", &withheld)
            .stands(Standing::Missing)
            .fails(CheckId::ReceiptBallot, Finding::BallotMissing)
            .ends(),
        case("forged-copy", "A promised ballot was never recorded, but for a copy with a forged signature that hides it.", &copied)
            .stands(Standing::Missing)
            .fails(CheckId::ReceiptBallot, Finding::BallotMissing)
            .ends(),
        case("late", "A promised ballot was recorded too late.", &receipt("late", None))
            .stands(Standing::Missing)
            .fails(CheckId::ReceiptBallot, Finding::BallotMissing)
            .ends(),
        case("batch-never-issued", "A ballot of a batch that the state does not hold.", &nobody)
            .stands(Standing::Missing)
            .fails(CheckId::ReceiptBallot, Finding::BallotMissing)
            .ends(),
    ]
}

fn unreadable(world: &World, plan: &Plan) -> Vec<Case> {
    let receipt = world.receipt(&plan.bytes("ballot 0/0/1"), Some(4), 2);
    let text = |name, about, text: String, error| {
        let mut case = case(name, about, &receipt);
        case.text = text;
        case.doubts(CheckId::ReceiptForm, Doubt::Receipt(error))
            .ends()
    };
    let good = receipt.to_text();
    let mut mistyped = good.clone();
    let at = mistyped.len() / 2;
    let other = if &mistyped[at..=at] == "A" { "B" } else { "A" };
    mistyped.replace_range(at..=at, other);
    vec![
        text(
            "empty",
            "Nothing was given.",
            " \n".into(),
            ReceiptError::Empty,
        ),
        text(
            "mistyped",
            "One character is wrong.",
            mistyped,
            ReceiptError::CheckCode,
        ),
        text(
            "no-receipt",
            "A text that is no receipt.",
            "https://example.org/".into(),
            ReceiptError::Prefix,
        ),
        text(
            "other-alphabet",
            "A character that no receipt has.",
            good.replace('-', "-1"),
            ReceiptError::Alphabet,
        ),
        text(
            "too-long",
            "A text of five thousand characters.",
            "A".repeat(5000),
            ReceiptError::TooLong,
        ),
    ]
}

fn elsewhere(world: &World, plan: &Plan) -> Vec<Case> {
    let honest = world.receipt(&plan.bytes("ballot 0/0/1"), Some(4), 2);
    let resigned = |change: &dyn Fn(&mut Receipt)| {
        let mut receipt = honest.clone();
        change(&mut receipt);
        receipt.promise.signature = sign(&world.keys[2].promise, &receipt.promise_message());
        receipt
    };
    let unsigned = |change: &dyn Fn(&mut Receipt)| {
        let mut receipt = honest.clone();
        change(&mut receipt);
        receipt
    };
    let other_chain = resigned(&|r| r.chain_id = "another-ledger".into());
    let other_genesis = resigned(&|r| r.genesis = GenesisHash([1; 32]));
    let other_contract = resigned(&|r| r.contract = ContractId([1; 32]));
    let chain = Finding::OtherChain {
        receipt: "another-ledger".into(),
        card: super::world::CHAIN.into(),
    };
    let forged = Finding::PromiseNotSigned { municipality: 2 };
    vec![
        case("other-chain", "A receipt of another ledger.", &other_chain)
            .fails(CheckId::ReceiptElection, chain)
            .ends(),
        case(
            "other-genesis",
            "A receipt of a ledger with another genesis.",
            &other_genesis,
        )
        .fails(CheckId::ReceiptElection, Finding::OtherGenesis)
        .ends(),
        case(
            "other-contract",
            "A receipt of another election.",
            &other_contract,
        )
        .fails(CheckId::ReceiptElection, Finding::OtherContract)
        .ends(),
        case(
            "promise-forged",
            "Another municipality's signature under the promise.",
            &unsigned(&|r| {
                r.promise.signature = sign(&world.keys[1].promise, &r.promise_message());
            }),
        )
        .fails(CheckId::ReceiptPromise, forged)
        .ends(),
        case(
            "promise-of-nobody",
            "A promise by a municipality that the contract does not have.",
            &unsigned(&|r| r.promise.municipality = 4),
        )
        .fails(
            CheckId::ReceiptPromise,
            Finding::PromiseNotSigned { municipality: 4 },
        )
        .ends(),
        case(
            "promise-too-late",
            "A promise whose deadline lies after the grace.",
            &resigned(&|r| r.promise.deadline = DEADLINE + 1),
        )
        .fails(CheckId::ReceiptPromise, Finding::PromiseDeadline)
        .ends(),
        case(
            "other-height",
            "A receipt that names another block.",
            &unsigned(&|r| r.height = Some(5)),
        )
        .fails(
            CheckId::ReceiptBallot,
            Finding::OtherHeight { named: 5, found: 4 },
        )
        .ends(),
        case(
            "other-mark",
            "Two voters were given one receipt: the mark is not this voter's.",
            &unsigned(&|r| r.mark = *b"MINE"),
        )
        .fails(CheckId::ReceiptBallot, Finding::OtherBallot)
        .ends(),
        {
            let mut expired = case(
                "card-expired",
                "No lie, but the trust card's header is too old to rely on.",
                &honest,
            )
            .until(LATEST)
            .doubts(
                CheckId::ReceiptHeader,
                Doubt::CardExpired {
                    age_seconds: TRUSTING_PERIOD + 1,
                    period_seconds: TRUSTING_PERIOD,
                },
            )
            .ends();
            expired.now = START + TRUSTING_PERIOD + 1;
            expired
        },
        {
            let mut stale = case(
                "source-too-old",
                "The source is not even past the trusted header.",
                &honest,
            )
            .doubts(
                CheckId::ReceiptHeader,
                Doubt::EndsEarly {
                    last: 1,
                    expected: 2,
                },
            )
            .ends();
            stale.latest = Some(1);
            stale
        },
    ]
}

pub const TRUSTING_PERIOD: u64 = 14 * 24 * 3600;

/// Lies that more than two thirds of the validators have to agree on.
fn lies(world: &World, plan: &Plan) -> Vec<Case> {
    let bad_proof = plan.bytes("bad proof");
    let (one, two) = (plan.bytes("ballot 0/0/1"), plan.bytes("ballot 0/0/2"));
    let invalid = Finding::BallotInvalid {
        code: code(&bad_proof),
        height: 5,
        derived: Outcome::InvalidProof,
    };
    let spent = Finding::AssetSpentBy {
        asset: asset(0, 0, 2),
        by: FORGED_CODE,
        height: 5,
    };
    let forged = Finding::BallotInvalid {
        code: code(&plan.bytes("ballot 0/0/1")),
        height: 4,
        derived: Outcome::InvalidProof,
    };
    vec![
        case(
            "invalid-proof-counted",
            "The ballot is counted, but its proof does not hold.",
            &world.receipt(&bad_proof, Some(5), 2),
        )
        .of("invalid-proof-counted")
        .stands(Standing::Counted { height: 5 })
        .fails(CheckId::ReceiptProof, invalid),
        case(
            "unspent-in-state",
            "The ballot is said to count, but its asset is not spent.",
            &world.receipt(&one, Some(4), 2),
        )
        .of("state-misstated")
        .stands(Standing::Counted { height: 4 })
        .fails(
            CheckId::ReceiptAsset,
            Finding::AssetUnspent {
                asset: asset(0, 0, 1),
            },
        ),
        case(
            "spent-by-another-in-state",
            "The ballot is said to count, but its asset was spent by another.",
            &world.receipt(&two, Some(5), 2),
        )
        .of("state-misstated")
        .stands(Standing::Counted { height: 5 })
        .fails(CheckId::ReceiptAsset, spent),
        case(
            "keys-in-state",
            "The state holds candidate addresses that the ballot was not made for.",
            &world.receipt(&one, Some(4), 2),
        )
        .of("keys-misstated")
        .stands(Standing::Counted { height: 4 })
        .fails(CheckId::ReceiptProof, forged),
        case(
            "source-without-state",
            "The source does not give the state.",
            &world.receipt(&plan.bytes("ballot 1/0/0"), None, 2),
        )
        .doubts(
            CheckId::ReceiptAsset,
            Doubt::Source(SourceFault::Missing(
                "/abci_query?path=\"/store\"&data=0x69737375652f312f30&height=8&prove=true".into(),
            )),
        )
        .ends(),
    ]
}
