//! Why a verdict is held back although its checks are done: what the nodes say together is no check of a report, but bounds what is
//! shown of it.

use super::watch::Watch;
use verifier_core::{Agreement, Consensus, TrustCard, Verdict};

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// More than two thirds of the validators signed two histories.
    Conflict,
    /// The history is not the one seen on an earlier visit.
    Rewritten,
    /// Too few nodes show the header that everything hangs from.
    TooFew { agree: usize, required: usize },
}

/// What holds back a verdict that was reached beside this agreement; `None` if no survey could be made at all.
pub fn hold(
    card: &TrustCard,
    watch: &Watch,
    agreement: Option<&Agreement>,
    verdict: Verdict,
) -> Option<Hold> {
    let alarm = watch.alarm().map(|found| found.agreement.consensus());
    let now = agreement.map_or(
        Consensus::TooFew {
            agree: 0,
            required: card.nodes.len(),
        },
        Agreement::consensus,
    );
    match (alarm.unwrap_or(now), now) {
        (Consensus::Conflict, _) | (_, Consensus::Conflict) => Some(Hold::Conflict),
        (Consensus::Rewritten, _) | (_, Consensus::Rewritten) => Some(Hold::Rewritten),
        // A final header is trusted for its hash, whoever shows it; and one node's proof of a forgery needs no second.
        (_, Consensus::TooFew { agree, required })
            if card.final_header.is_none() && verdict == Verdict::Accepted =>
        {
            Some(Hold::TooFew { agree, required })
        }
        (_, Consensus::TooFew { .. } | Consensus::Enough) => None,
    }
}

/// The verdict to show.
pub fn shown(verdict: Verdict, hold: Option<Hold>) -> Verdict {
    match hold {
        Some(_) => Verdict::Inconclusive,
        None => verdict,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::frozen_card;
    use crate::state::watch::tests::{conflicting, found};
    use std::rc::Rc;
    use verifier_core::{HeaderHash, NodeStanding};

    const AGREES: NodeStanding = NodeStanding::Agrees { latest: 9 };

    fn running() -> TrustCard {
        TrustCard {
            final_header: None,
            ..frozen_card()
        }
    }

    #[test]
    fn nothing_is_accepted_or_rejected_beside_two_histories() {
        let agreement = found(vec![AGREES, conflicting()], 1).agreement;
        for verdict in [Verdict::Accepted, Verdict::Rejected] {
            for card in [running(), frozen_card()] {
                let hold = hold(&card, &Watch::default(), Some(&agreement), verdict);
                assert_eq!(hold, Some(Hold::Conflict));
                assert_eq!(shown(verdict, hold), Verdict::Inconclusive);
            }
        }
    }

    #[test]
    fn an_alarm_holds_back_every_later_verdict() {
        let mut watch = Watch::default();
        let (known, told) = (HeaderHash([1; 32]), HeaderHash([2; 32]));
        let rewrote = NodeStanding::Rewrote { known, told };
        watch.take(Rc::new(found(vec![rewrote], 1)));
        let agreement = found(vec![AGREES], 1).agreement;
        let hold = hold(&running(), &watch, Some(&agreement), Verdict::Accepted);
        assert_eq!(hold, Some(Hold::Rewritten));
    }

    #[test]
    fn the_word_of_too_few_is_not_accepted() {
        let (watch, agreement) = (Watch::default(), found(vec![AGREES], 3).agreement);
        let few = Hold::TooFew {
            agree: 1,
            required: 3,
        };
        let held = |card: &TrustCard, verdict| hold(card, &watch, Some(&agreement), verdict);
        assert_eq!(held(&running(), Verdict::Accepted), Some(few));
        assert_eq!(held(&running(), Verdict::Rejected), None);
        assert_eq!(held(&frozen_card(), Verdict::Accepted), None);
    }

    #[test]
    fn without_a_survey_nothing_is_accepted_but_by_a_final_header() {
        let watch = Watch::default();
        let held = |card: &TrustCard| hold(card, &watch, None, Verdict::Accepted);
        assert!(matches!(
            held(&running()),
            Some(Hold::TooFew { agree: 0, .. })
        ));
        assert_eq!(held(&frozen_card()), None);
    }

    #[test]
    fn enough_nodes_hold_nothing_back() {
        let agreement = found(vec![AGREES], 1).agreement;
        let hold = hold(
            &running(),
            &Watch::default(),
            Some(&agreement),
            Verdict::Accepted,
        );
        assert_eq!(shown(Verdict::Accepted, hold), Verdict::Accepted);
    }
}
