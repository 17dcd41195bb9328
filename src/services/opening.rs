//! Checks the opening of a challenged ballot: rebuilds the keys, makes the ballot again, and asks the ledger whether it can still be cast.

use super::node::some_node;
use super::{casting_setup, state_check};
use crate::state::hold::hold;
use crate::state::kiosk::Readiness;
use crate::state::opening::{OpeningView, SpoilStanding};
use crate::state::watch::Watch;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use verifier_core::{
    CastingKeys, ChallengedBallot, Opening, OpeningError, StateAnswer, StateQuestion, TrustCard,
    check_opening,
};

/// Tells how it comes on, while `on` holds.
pub async fn check(
    card: Rc<TrustCard>,
    text: &str,
    watch: Watch,
    on: Rc<Cell<bool>>,
    tell: impl Fn(OpeningView) + Clone + 'static,
) {
    let opening = match Opening::parse(text) {
        Ok(opening) => opening,
        Err(error) => return tell(OpeningView::Faulty(error)),
    };
    let keys: Rc<RefCell<Option<Rc<CastingKeys>>>> = Rc::default();
    let reading = {
        let (tell, keys) = (tell.clone(), keys.clone());
        move |readiness: Readiness| match readiness {
            Readiness::Ready(ready) => {
                keys.replace(Some(ready));
            }
            readiness => tell(OpeningView::Reading(readiness)),
        }
    };
    casting_setup::run(card.clone(), on.clone(), reading).await;
    let Some(keys) = keys.take().filter(|_| on.get()) else {
        return;
    };
    let ballot = match open(&keys, &opening) {
        Ok(ballot) => ballot,
        Err(error) => return tell(OpeningView::Faulty(error)),
    };
    let spoil = SpoilStanding::Looking;
    tell(OpeningView::Opened { ballot, spoil });
    let spoil = look(&card, ballot, &watch).await;
    tell(OpeningView::Opened { ballot, spoil });
}

fn open(keys: &CastingKeys, opening: &Opening) -> Result<ChallengedBallot, OpeningError> {
    let keys = keys.election.ballot_keys();
    let keys = keys.map_err(|_| OpeningError::OpensNothing)?;
    check_opening(&keys, opening)
}

async fn look(card: &TrustCard, ballot: ChallengedBallot, watch: &Watch) -> SpoilStanding {
    let question = StateQuestion::Spoiled {
        asset: ballot.asset,
        code: ballot.code,
    };
    let answered = state_check::run(card, question, some_node(card.nodes.len()), |_| {}).await;
    let agreement = answered.found.as_ref().map(|found| &found.agreement);
    let held = hold(card, watch, agreement, answered.verdict);
    match (answered.answer, held) {
        (Some(StateAnswer::Spoiled { .. }), None) => SpoilStanding::Recorded,
        (Some(StateAnswer::NotSpoiled { .. }), None) => SpoilStanding::Absent,
        _ => SpoilStanding::Unknown,
    }
}
