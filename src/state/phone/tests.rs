//! From a name on the roll to a claimed right, and every way that leads off it.

use super::*;
use caster::Kept;
use verifier_core::{AssetId, Hash, Outcome, PublicKey, SourceFault};

const HOME: MunicipalityIndex = 2;
const TOWNS: usize = 3;

fn with(phone: &Phone, changes: impl IntoIterator<Item = PhoneChange>) -> Phone {
    changes
        .into_iter()
        .fold(phone.clone(), |phone, change| phone.next(change))
}

fn keeps(phone: &Phone, kept: Kept) -> Phone {
    phone.next(PhoneChange::Told(FromCaster::Purse { kept, lasts: true }))
}

fn open() -> Phone {
    keeps(&Phone::new(TOWNS, 100), Kept::Nothing)
}

fn filled() -> Phone {
    let typed = [
        (Field::Name, "홍길동"),
        (Field::Birth, "1987-06-05"),
        (Field::Phone, "010-1234-5678"),
    ];
    let typed = typed.map(|(field, text)| PhoneChange::Type(field, text.into()));
    with(&open().next(PhoneChange::Choose(Some(HOME))), typed)
}

fn answer(phone: &Phone, answer: Result<Reply, Refusal>) -> Phone {
    phone.next(PhoneChange::Answered(phone.turn, HOME, answer))
}

fn code_sent() -> Phone {
    let session = "s".to_owned();
    let sent = Reply::CodeSent {
        session,
        seconds: 180,
    };
    answer(&filled().next(PhoneChange::Identify), Ok(sent))
}

fn confirming() -> Phone {
    let typed = PhoneChange::Type(Field::Code, "123456".into());
    with(&code_sent(), [typed, PhoneChange::Confirm])
}

fn known(asked: bool) -> Phone {
    let token = "t".to_owned();
    answer(&confirming(), Ok(Reply::Confirmed { token, asked }))
}

fn drawn() -> Phone {
    let blinded = vec![1; 256];
    keeps(
        &known(false),
        Kept::Drawn {
            home: HOME,
            blinded,
        },
    )
}

fn half_signed() -> Phone {
    let kept = Kept::HalfSigned {
        home: HOME,
        commitment: Hash([3; 32]),
        authorisation: [4; 64],
        blinded: vec![2; 256],
    };
    keeps(&drawn(), kept)
}

fn signed(at: Seconds) -> Phone {
    let kept = Kept::Signed {
        home: HOME,
        address: PublicKey([5; 32]),
        claim: vec![6; 9],
        at,
    };
    keeps(&half_signed(), kept)
}

fn hear(phone: &Phone, news: ClaimNews) -> Phone {
    phone.next(PhoneChange::Claim(phone.turn, news))
}

#[test]
fn a_name_leads_to_a_proven_right() {
    let asking = filled().next(PhoneChange::Identify);
    assert!(matches!(asking.errand(), Some(Errand::Identify { .. })));
    assert!(matches!(
        code_sent().identity,
        Identity::CodeSent { until: 280, .. }
    ));
    assert_eq!(code_sent().errand(), None);
    assert!(matches!(
        confirming().errand(),
        Some(Errand::Confirm { home: HOME, .. })
    ));
    assert!(matches!(
        known(false).errand(),
        Some(Errand::Draw { home: HOME, .. })
    ));
    assert_eq!(known(false).form.code, "");
    assert!(matches!(drawn().errand(), Some(Errand::Sign { .. })));
    assert!(matches!(
        half_signed().errand(),
        Some(Errand::Countersign { .. })
    ));
    let looking = signed(200);
    assert!(matches!(
        looking.errand(),
        Some(Errand::LookForClaim { .. })
    ));
    let waiting = hear(&looking, ClaimNews::Absent);
    assert_eq!(waiting.errand(), None, "not before its moment");
    let due = waiting.next(PhoneChange::Tick(200));
    assert!(matches!(due.errand(), Some(Errand::SendClaim { .. })));
    let taken = hear(&due, ClaimNews::Taken);
    assert!(matches!(taken.errand(), Some(Errand::Pause { .. })));
    let again = taken.next(PhoneChange::Again);
    assert!(matches!(again.errand(), Some(Errand::LookForClaim { .. })));
    let asset = AssetId {
        municipality: HOME,
        batch: 0x8000,
        index: 0,
    };
    let proven = hear(&again, ClaimNews::Found(asset));
    assert_eq!(
        (proven.claiming, proven.errand()),
        (Claiming::Proven(asset), None)
    );
}

#[test]
fn whoever_comes_back_goes_on_where_they_were() {
    let back = keeps(&Phone::new(TOWNS, 9), half_signed().kept().unwrap().clone());
    assert!(
        matches!(back.errand(), Some(Errand::Countersign { .. })),
        "without showing who they are"
    );
    let back = keeps(&Phone::new(TOWNS, 9), drawn().kept().unwrap().clone());
    assert_eq!((back.errand(), back.form.home), (None, Some(HOME)));
    let used = Kept::Used {
        asset: AssetId {
            municipality: 0,
            batch: 0,
            index: 0,
        },
        mark: *b"AB29",
        ballot: vec![1],
    };
    assert_eq!(keeps(&Phone::new(TOWNS, 9), used).errand(), None);
}

#[test]
fn what_is_missing_is_named_and_nothing_typed_is_lost() {
    let nobody = open().next(PhoneChange::Identify);
    assert_eq!(nobody.trouble, Some(Trouble::Missing(None)));
    let nameless = open()
        .next(PhoneChange::Choose(Some(HOME)))
        .next(PhoneChange::Identify);
    assert_eq!(nameless.trouble, Some(Trouble::Missing(Some(Field::Name))));
    let codeless = code_sent().next(PhoneChange::Confirm);
    assert_eq!(codeless.trouble, Some(Trouble::Missing(Some(Field::Code))));
    let refused = answer(
        &filled().next(PhoneChange::Identify),
        Err(Refusal::Malformed("birth".into())),
    );
    assert_eq!(refused.identity, Identity::Unknown);
    assert_eq!(refused.form, filled().form);
}

#[test]
fn a_wrong_code_may_be_typed_again_and_one_that_is_over_may_not() {
    let wrong = answer(&confirming(), Err(Refusal::WrongCode { left: 4 }));
    assert!(matches!(wrong.identity, Identity::CodeSent { .. }));
    assert_eq!(wrong.form.code, "");
    for over in [Refusal::CodeOver, Refusal::Locked(60)] {
        let over = answer(&confirming(), Err(over));
        assert_eq!(over.identity, Identity::Unknown);
        // The next code is as good as the first would have been.
        let token = "t".to_owned();
        let again = with(&over, [PhoneChange::Identify]);
        let session = "s".to_owned();
        let sent = Reply::CodeSent {
            session,
            seconds: 180,
        };
        let typed = PhoneChange::Type(Field::Code, "654321".into());
        let again = with(&answer(&again, Ok(sent)), [typed, PhoneChange::Confirm]);
        let known = answer(
            &again,
            Ok(Reply::Confirmed {
                token,
                asked: false,
            }),
        );
        assert!(matches!(known.errand(), Some(Errand::Draw { .. })));
    }
}

#[test]
fn passing_troubles_are_tried_again_and_others_wait_for_the_person() {
    let silent = answer(&drawn(), Err(Refusal::Silent(SourceFault::Unreachable)));
    assert!(matches!(silent.errand(), Some(Errand::Pause { .. })));
    let again = silent.next(PhoneChange::Again);
    assert!(matches!(again.errand(), Some(Errand::Sign { .. })));
    for refusal in [
        Refusal::OtherBlinded,
        Refusal::Closed,
        Refusal::Unsignable,
        Refusal::Nonsense,
    ] {
        let refused = answer(&drawn(), Err(refusal));
        assert_eq!(refused.errand(), None);
        assert!(refused.next(PhoneChange::Again).errand().is_some());
    }
    let over = answer(&drawn(), Err(Refusal::TokenOver));
    assert_eq!(
        (over.identity.clone(), over.errand()),
        (Identity::Unknown, None)
    );
    let not_signed = drawn().next(PhoneChange::Told(FromCaster::PurseFault(
        PurseFault::NotSigned,
    )));
    assert_eq!(
        (not_signed.trouble.clone(), not_signed.errand()),
        (Some(Trouble::NotSigned(HOME)), None)
    );
}

#[test]
fn a_bad_signature_is_the_fault_of_whoever_was_asked() {
    let fault = || PhoneChange::Told(FromCaster::PurseFault(PurseFault::NotSigned));
    assert_eq!(
        drawn().next(fault()).trouble,
        Some(Trouble::NotSigned(HOME))
    );
    let next = half_signed().next(fault());
    assert_eq!(next.trouble, Some(Trouble::NotSigned(0)));
    assert!(matches!(
        next.next(PhoneChange::Again).errand(),
        Some(Errand::Countersign { .. })
    ));
}

#[test]
fn whoever_asked_elsewhere_is_told_so_and_draws_nothing() {
    let elsewhere = known(true);
    assert_eq!(elsewhere.trouble, Some(Trouble::AskedElsewhere));
    assert_eq!(elsewhere.errand(), None);
}

#[test]
fn whoever_wants_only_the_slip_gets_no_right() {
    let slip = with(&confirming(), [PhoneChange::For(Purpose::Slip)]);
    let slip = answer(
        &slip,
        Ok(Reply::Confirmed {
            token: "t".into(),
            asked: true,
        }),
    );
    assert!(matches!(slip.errand(), Some(Errand::Slip { .. })));
    let given = answer(&slip, Ok(Reply::Slip("CHN1-A".into())));
    assert_eq!((given.errand(), given.identity), (None, Identity::Unknown));
    assert_eq!(given.slip.as_deref(), Some("CHN1-A"));
}

#[test]
fn late_answers_change_nothing() {
    let phone = drawn();
    let late = PhoneChange::Answered(phone.turn.wrapping_sub(1), HOME, Err(Refusal::Closed));
    assert_eq!(phone.next(late), phone);
    let late = PhoneChange::Claim(phone.turn.wrapping_sub(1), ClaimNews::Silent);
    assert_eq!(phone.next(late), phone);
}

#[test]
fn a_claim_that_the_ledger_refuses_is_tried_again_only_when_told() {
    let sending = hear(&signed(0), ClaimNews::Absent);
    let refused = hear(&sending, ClaimNews::Refused(Outcome::OutsideWindow));
    assert_eq!(refused.errand(), None);
    assert!(matches!(
        refused.next(PhoneChange::Again).errand(),
        Some(Errand::LookForClaim { .. })
    ));
    // The same claim, sent before: the ledger tells.
    let repeated = hear(&sending, ClaimNews::Refused(Outcome::Repeated));
    assert!(matches!(repeated.errand(), Some(Errand::Pause { .. })));
    let silent = hear(&sending, ClaimNews::Silent);
    assert!(matches!(silent.errand(), Some(Errand::Pause { .. })));
}
