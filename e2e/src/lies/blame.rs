//! Blame: what a verifier must say of each lie. None of them may ever lead to *accepted*, except where what is verified does not
//! touch the lie.

use super::Lie;
use verifier_core::rpc::RpcError;
use verifier_core::{CheckId, CommitError, Doubt, SourceFault};

/// What is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// A receipt, under a trust card that names the final header.
    ReceiptAfter,
    /// A receipt, under a trust card of an election that still runs.
    ReceiptDuring,
    /// The whole election, under a trust card that names the final header.
    Recount,
}

/// The check that must be left unknown, and the reason that must stand beside it.
#[derive(Clone, Copy)]
pub struct Blame {
    /// One of these, depending on which answer comes first; none, where there is nothing to report on.
    pub checks: &'static [CheckId],
    pub says: fn(&Doubt) -> bool,
}

impl Blame {
    /// What the lie leads to; `None` where it does not concern what is verified.
    pub fn of(lie: Lie, flow: Flow) -> Option<Self> {
        let says = match lie {
            Lie::ForgedHeader => of_forged_header(flow),
            Lie::WrongValidatorSet | Lie::OneThirdInvented => of_invented_set(flow),
            Lie::TooFewSignatures => too_few,
            Lie::WrongChain => of_wrong_chain(flow),
            Lie::BallotSwapped | Lie::BlockTruncated | Lie::CountedTwice => contents_differ,
            Lie::OutcomeMisstated => outcomes_differ,
            Lie::OwnKeys if flow == Flow::Recount => contents_differ,
            Lie::OwnKeys => state_differs,
            Lie::ShareForged if flow == Flow::Recount => contents_differ,
            Lie::TotalsMisstated if flow == Flow::Recount => totals_differ,
            Lie::ShareForged | Lie::TotalsMisstated => return None,
            Lie::Delayed => too_slow,
            Lie::Huge => too_large,
            Lie::NotJson => not_json,
            Lie::Older if flow == Flow::ReceiptDuring => not_reached,
            Lie::Older => no_such_height,
        };
        Some(Self {
            checks: checks(lie, flow),
            says,
        })
    }
}

fn checks(lie: Lie, flow: Flow) -> &'static [CheckId] {
    use CheckId::{ReceiptAsset, ReceiptBlocks, ReceiptHeader, ReceiptOutcome};
    use CheckId::{RecountBlocks, RecountHeaders, RecountOutcomes, RecountTotals};
    match (flow, lie) {
        (
            Flow::Recount,
            Lie::BallotSwapped
            | Lie::BlockTruncated
            | Lie::CountedTwice
            | Lie::OwnKeys
            | Lie::ShareForged,
        ) => &[RecountBlocks],
        (Flow::Recount, Lie::OutcomeMisstated) => &[RecountOutcomes],
        (Flow::Recount, Lie::TotalsMisstated) => &[RecountTotals],
        (Flow::Recount, Lie::WrongChain | Lie::Delayed | Lie::Huge | Lie::NotJson) => &[],
        (Flow::Recount, _) => &[RecountHeaders],
        (_, Lie::BallotSwapped) => &[ReceiptBlocks],
        (_, Lie::BlockTruncated | Lie::CountedTwice) => &[ReceiptBlocks, ReceiptOutcome],
        (_, Lie::OutcomeMisstated) => &[ReceiptOutcome],
        (_, Lie::OwnKeys) => &[ReceiptAsset],
        _ => &[ReceiptHeader],
    }
}

fn of_forged_header(flow: Flow) -> fn(&Doubt) -> bool {
    if flow == Flow::ReceiptAfter {
        not_the_trusted_header
    } else {
        not_signed
    }
}

fn of_invented_set(flow: Flow) -> fn(&Doubt) -> bool {
    if flow == Flow::ReceiptAfter {
        not_the_trusted_header
    } else {
        wrong_validators
    }
}

fn of_wrong_chain(flow: Flow) -> fn(&Doubt) -> bool {
    match flow {
        Flow::ReceiptAfter => not_the_trusted_header,
        Flow::ReceiptDuring => {
            |doubt| matches!(doubt, Doubt::Source(SourceFault::OtherChain { .. }))
        }
        Flow::Recount => |doubt| matches!(doubt, Doubt::Source(SourceFault::OtherGenesis)),
    }
}

fn not_the_trusted_header(doubt: &Doubt) -> bool {
    matches!(
        doubt,
        Doubt::Source(SourceFault::NotTheTrustedHeader { .. })
    )
}

fn commit_error(doubt: &Doubt) -> Option<&CommitError> {
    match doubt {
        Doubt::Source(SourceFault::Commit { error, .. }) => Some(error),
        _ => None,
    }
}

fn not_signed(doubt: &Doubt) -> bool {
    matches!(
        commit_error(doubt),
        Some(CommitError::InvalidSignature { .. })
    )
}

fn wrong_validators(doubt: &Doubt) -> bool {
    matches!(
        commit_error(doubt),
        Some(CommitError::WrongValidators { .. })
    )
}

fn too_few(doubt: &Doubt) -> bool {
    matches!(
        commit_error(doubt),
        Some(CommitError::NotEnoughPower { .. })
    )
}

fn contents_differ(doubt: &Doubt) -> bool {
    matches!(
        doubt,
        Doubt::Source(SourceFault::BlockDiffers { .. } | SourceFault::OutcomesDiffer { .. })
    )
}

fn outcomes_differ(doubt: &Doubt) -> bool {
    matches!(doubt, Doubt::Source(SourceFault::OutcomesDiffer { .. }))
}

fn state_differs(doubt: &Doubt) -> bool {
    matches!(doubt, Doubt::Source(SourceFault::StateProof(_)))
}

fn totals_differ(doubt: &Doubt) -> bool {
    matches!(doubt, Doubt::Source(SourceFault::TotalsDiffer { .. }))
}

fn too_slow(doubt: &Doubt) -> bool {
    *doubt == Doubt::Source(SourceFault::TooSlow)
}

fn too_large(doubt: &Doubt) -> bool {
    matches!(doubt, Doubt::Source(SourceFault::TooLarge { .. }))
}

fn not_json(doubt: &Doubt) -> bool {
    matches!(
        doubt,
        Doubt::Source(SourceFault::Answer(RpcError::NotJson { .. }))
    )
}

fn not_reached(doubt: &Doubt) -> bool {
    matches!(doubt, Doubt::NotYetReached { .. })
}

/// The node says that it has no such height.
fn no_such_height(doubt: &Doubt) -> bool {
    matches!(
        doubt,
        Doubt::Source(SourceFault::HttpStatus(500) | SourceFault::Answer(RpcError::Refused { .. }))
    )
}
