//! A voter's way through the kiosk, and every way out of it.

use super::*;
use verifier_core::{AssetId, Outcome, Promise, PublicKey, SourceFault};

const ADDRESS: PublicKey = PublicKey([1; 32]);
const CODE: TrackingCode = TrackingCode([7; 32]);
const ASSET: AssetId = AssetId {
    municipality: 3,
    batch: 4,
    index: 5,
};

fn promise() -> Promise {
    Promise {
        municipality: 2,
        time: 8,
        deadline: 9,
        signature: [1; 64],
    }
}

fn told(kiosk: &Kiosk, told: FromCaster) -> Kiosk {
    kiosk.next(KioskChange::Told(kiosk.visit(), told, None))
}

fn with(kiosk: &Kiosk, changes: impl IntoIterator<Item = KioskChange>) -> Kiosk {
    changes
        .into_iter()
        .fold(kiosk.clone(), |kiosk, change| kiosk.next(change))
}

fn choosing() -> Kiosk {
    let kiosk = Kiosk::default().next(KioskChange::Begin);
    let kiosk = told(&kiosk, FromCaster::Right(ADDRESS));
    let visit = kiosk.visit();
    assert_eq!(kiosk.errand(), Some(Errand::LookUp(visit, ADDRESS)));
    kiosk.next(KioskChange::Looked(visit, Looked::Usable(ASSET)))
}

fn marking() -> Kiosk {
    with(
        &choosing(),
        [
            KioskChange::Choose,
            KioskChange::Choose,
            KioskChange::Review,
            KioskChange::Confirm,
        ],
    )
}

fn deciding() -> Kiosk {
    let letters = b"AB29".map(KioskChange::Letter);
    let kiosk = with(&marking(), letters).next(KioskChange::Mark);
    assert!(matches!(kiosk.errand(), Some(Errand::Encrypt { .. })));
    told(&kiosk, FromCaster::Encrypted(CODE))
}

fn sending(challenged: bool) -> Kiosk {
    let (decision, answer) = match challenged {
        false => (KioskChange::Cast, FromCaster::Signed),
        true => (KioskChange::Challenge, FromCaster::Opened("CHO1-X".into())),
    };
    let kiosk = deciding().next(decision);
    let beside = Some(Rc::from([1, 2, 3].as_slice()));
    let kiosk = kiosk.next(KioskChange::Told(kiosk.visit(), answer, beside));
    kiosk.next(KioskChange::Asking(CODE, vec![0, 1]))
}

/// A kiosk at every step that a voter comes through.
fn every_step() -> Vec<Kiosk> {
    let scanning = Kiosk::default().next(KioskChange::Begin);
    let looking = told(&scanning, FromCaster::Right(ADDRESS));
    let reviewing = with(&choosing(), [KioskChange::Choose, KioskChange::Review]);
    let encrypting = with(&marking(), b"AB29".map(KioskChange::Letter)).next(KioskChange::Mark);
    let (signing, opening) = (
        deciding().next(KioskChange::Cast),
        deciding().next(KioskChange::Challenge),
    );
    let taken = answered(&sending(false), 0, Word::Promised(promise()));
    vec![
        Kiosk::default(),
        scanning,
        looking,
        choosing(),
        reviewing,
        marking(),
        encrypting,
        deciding(),
        signing,
        opening,
        sending(false),
        sending(true),
        taken,
    ]
}

fn answered(kiosk: &Kiosk, node: usize, word: Word) -> Kiosk {
    kiosk.next(KioskChange::Answered(CODE, node, word))
}

fn delivery(kiosk: &Kiosk) -> &Delivery {
    match kiosk.step() {
        Step::Sending(parcel) => parcel.delivery(),
        step => panic!("{step:?}"),
    }
}

#[test]
fn a_voter_comes_from_the_card_to_a_promise() {
    let kiosk = sending(false);
    let Some(Errand::Send { code, round: 0, .. }) = kiosk.errand() else {
        panic!("{kiosk:?}");
    };
    assert_eq!(code, CODE);
    let kiosk = answered(&kiosk, 0, Word::Promised(promise()));
    assert_eq!(delivery(&kiosk), &Delivery::Taken(Some(promise())));
    assert_eq!(kiosk.errand(), None);
    let later = answered(&kiosk, 1, Word::Silent(SourceFault::Unreachable));
    assert_eq!(delivery(&later), &Delivery::Taken(Some(promise())));
    assert_eq!(later.next(KioskChange::Leave).step(), &Step::Idle);
}

#[test]
fn no_secret_outlives_the_signature() {
    for kiosk in every_step() {
        let after = matches!(kiosk.step(), Step::Sending(_) | Step::Idle);
        assert_eq!(kiosk.step().has_secrets(), !after, "{kiosk:?}");
    }
}

#[test]
fn a_choice_can_be_changed_until_it_is_confirmed_and_a_mark_until_it_is_made() {
    let is_marked = |kiosk: &Kiosk| match kiosk.step() {
        Step::Choosing { is_marked, .. } => *is_marked,
        step => panic!("{step:?}"),
    };
    // The paper that was marked is still there.
    let reviewing = with(&choosing(), [KioskChange::Choose, KioskChange::Review]);
    assert!(is_marked(&reviewing.next(KioskChange::Back)));
    // Once the worker has the choice, another paper is marked anew.
    assert!(!is_marked(&marking().next(KioskChange::Back)));
    assert!(!is_marked(&choosing().next(KioskChange::Review)));
    let marked = with(
        &marking(),
        [
            KioskChange::Letter(b'0'),
            KioskChange::Letter(b'a'),
            KioskChange::Letter(b'A'),
            KioskChange::Mark,
            KioskChange::Erase,
            KioskChange::Letter(b'Z'),
        ],
    );
    assert!(matches!(marked.step(), Step::Marking { mark, .. } if mark == b"Z"));
    let drawn = told(&marked, FromCaster::Mark(*b"QRST"));
    assert!(matches!(drawn.step(), Step::Marking { mark, .. } if mark == b"QRST"));
}

#[test]
fn every_voter_may_leave_but_for_what_is_being_signed_or_sent() {
    for kiosk in every_step() {
        let left = kiosk.next(KioskChange::Leave);
        let is_sent = match kiosk.step() {
            Step::Signing { .. } | Step::Opening { .. } => true,
            Step::Sending(parcel) => parcel.is_on_its_way(),
            _ => false,
        };
        assert_eq!(left.step() == &Step::Idle, !is_sent, "{kiosk:?}");
    }
}

#[test]
fn without_a_touch_a_voter_is_warned_and_then_forgotten() {
    let mut kiosk = choosing();
    for _ in 0..QUIET {
        assert_eq!(kiosk.warning(), None);
        kiosk = kiosk.next(KioskChange::Tick);
    }
    assert_eq!(kiosk.warning(), Some(WARNING));
    assert_eq!(kiosk.next(KioskChange::Touched).warning(), None);
    for _ in 0..WARNING {
        assert!(kiosk.step().has_secrets());
        kiosk = kiosk.next(KioskChange::Tick);
    }
    assert_eq!(kiosk.step(), &Step::Idle);
    let mut sending = sending(false);
    for _ in 0..2 * (QUIET + WARNING) {
        sending = sending.next(KioskChange::Tick);
    }
    assert!(matches!(sending.step(), Step::Sending(_)));
    assert_eq!(sending.warning(), None);
}

#[test]
fn nothing_late_of_one_voter_reaches_the_next() {
    let kiosk = deciding();
    let next = with(&kiosk, [KioskChange::Leave, KioskChange::Begin]);
    for late in [
        KioskChange::Told(kiosk.visit(), FromCaster::Right(ADDRESS), None),
        KioskChange::Looked(kiosk.visit(), Looked::Usable(ASSET)),
        KioskChange::CasterGone(kiosk.visit()),
        KioskChange::Answered(CODE, 0, Word::Promised(promise())),
        KioskChange::Seen(CODE, Seen::Recorded(9)),
    ] {
        assert_eq!(next.next(late).step(), &Step::Scanning(None));
    }
}

#[test]
fn a_worker_that_ends_before_it_has_signed_casts_nothing_and_says_so() {
    for kiosk in every_step() {
        let gone = kiosk.next(KioskChange::CasterGone(kiosk.visit()));
        let expected = kiosk.step().has_secrets();
        assert_eq!(
            gone.step() == &Step::Refused(Refusal::Broke),
            expected,
            "{kiosk:?}"
        );
    }
}

#[test]
fn a_ballot_that_nobody_took_is_looked_for_before_anything_is_said() {
    let silent = || Word::Silent(SourceFault::Unreachable);
    let mut kiosk = sending(false);
    for round in 0..4 {
        assert!(matches!(kiosk.errand(), Some(Errand::Send { round: r, .. }) if r == round));
        let at = usize::try_from(round * 2).unwrap();
        kiosk = kiosk.next(KioskChange::Asking(CODE, vec![at, at + 1]));
        kiosk = answered(&answered(&kiosk, at, silent()), at + 1, silent());
        assert_eq!(delivery(&kiosk), &Delivery::LookingFor);
        kiosk = kiosk.next(KioskChange::Seen(CODE, Seen::Absent { height: 9, time: 8 }));
        if round < 3 {
            assert_eq!(delivery(&kiosk), &Delivery::Pausing);
            kiosk = kiosk.next(KioskChange::Again);
        }
    }
    assert_eq!(delivery(&kiosk), &Delivery::Undecided(Some((9, 8))));
    let again = kiosk.next(KioskChange::Again);
    assert!(matches!(
        again.errand(),
        Some(Errand::Send { round: 4, .. })
    ));
    let again = again.next(KioskChange::Asking(CODE, vec![0]));
    let found = answered(&again, 0, silent());
    let found = found.next(KioskChange::Seen(CODE, Seen::Recorded(11)));
    assert_eq!(delivery(&found), &Delivery::Recorded(11));
}

#[test]
fn a_card_that_another_ballot_has_used_is_refused_with_that_ballots_code() {
    let spent = || Word::Refused(Outcome::AssetSpent);
    let kiosk = answered(&answered(&sending(false), 0, spent()), 1, spent());
    assert_eq!(delivery(&kiosk), &Delivery::LookingFor);
    let (code, height) = (TrackingCode([8; 32]), 9);
    let kiosk = kiosk.next(KioskChange::Seen(CODE, Seen::Other { code, height }));
    assert_eq!(kiosk.step(), &Step::Refused(Refusal::Used { code, height }));
}

#[test]
fn one_municipality_alone_cannot_turn_a_voter_away() {
    let late = || Word::Refused(Outcome::OutsideWindow);
    let kiosk = answered(&sending(false), 0, late());
    assert_eq!(delivery(&kiosk), &Delivery::Asking);
    let taken = answered(&kiosk, 1, Word::Promised(promise()));
    assert_eq!(delivery(&taken), &Delivery::Taken(Some(promise())));
    let refused = answered(&kiosk, 1, late());
    assert_eq!(refused.step(), &Step::Refused(Refusal::Closed));
    let unsure = answered(&kiosk, 1, Word::BadPromise);
    assert_eq!(delivery(&unsure), &Delivery::LookingFor);
}

#[test]
fn an_opening_is_shown_only_once_a_municipality_has_the_spoil() {
    let kiosk = sending(true);
    let Step::Sending(parcel) = kiosk.step() else {
        panic!("{kiosk:?}");
    };
    assert!(parcel.is_on_its_way());
    let taken = answered(&kiosk, 0, Word::Accepted);
    assert_eq!(delivery(&taken), &Delivery::Taken(None));
    let voting = taken.next(KioskChange::Begin);
    assert_eq!(voting.step(), &Step::Scanning(None));
    // Of a ballot a promise is wanted.
    let ballot = answered(&sending(false), 0, Word::Accepted);
    assert_eq!(delivery(&ballot), &Delivery::Asking);
}

#[test]
fn two_different_municipalities_are_asked_and_others_from_round_to_round() {
    let municipalities: Vec<u16> = vec![0, 0, 1, 2, 3, 3];
    for drawn in 0..20 {
        let code = TrackingCode([drawn; 32]);
        let chosen = nodes_for(code, 0, &municipalities);
        assert_eq!(chosen.len(), 2);
        assert_ne!(municipalities[chosen[0]], municipalities[chosen[1]]);
        assert_ne!(chosen, nodes_for(code, 1, &municipalities));
    }
    assert_eq!(nodes_for(CODE, 0, &[5]), vec![0]);
    assert!(nodes_for(CODE, 0, &[]).len() <= 1);
}
