//! What stands in the way, and how it goes on.

use super::*;

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
}

#[test]
fn a_registrar_is_asked_once_for_each_signature_also_for_a_bad_one() {
    let handed = answer(&drawn(), Ok(home_signed()));
    assert_eq!(handed.errand(), None, "the worker is at it");
    let bad = handed.next(not_signed());
    assert_eq!(
        (bad.trouble.clone(), bad.errand()),
        (Some(Trouble::NotSigned(HOME)), None)
    );
    let again = bad.next(PhoneChange::Again);
    assert!(matches!(again.errand(), Some(Errand::Sign { .. })));
    let good = keeps(&handed, half_signed().kept().unwrap().clone());
    assert!(matches!(good.errand(), Some(Errand::Countersign { .. })));
    let signature = vec![8; 256];
    let handed = answer(&good, Ok(Reply::Countersigned { signature }));
    assert_eq!(handed.errand(), None);
    assert_eq!(
        handed.next(not_signed()).trouble,
        Some(Trouble::NotSigned(0))
    );
}

#[test]
fn a_code_stays_good_until_another_one_is_on_its_way() {
    let typed = code_sent().next(PhoneChange::Type(Field::Code, "123".into()));
    let resending = typed.next(PhoneChange::Identify);
    for refusal in [
        Refusal::TooMany(60),
        Refusal::Silent(SourceFault::Unreachable),
        Refusal::Broken,
    ] {
        let refused = answer(&resending, Err(refusal));
        assert_eq!(
            (&refused.identity, refused.form.code.as_str()),
            (&typed.identity, "123")
        );
    }
    let closed = answer(&resending, Err(Refusal::Closed));
    assert_eq!(closed.identity, Identity::Unknown);
    let (session, seconds) = ("other".to_owned(), 180);
    let sent = answer(&resending, Ok(Reply::CodeSent { session, seconds }));
    assert_eq!(sent.form.code, "");
    let late = typed
        .next(PhoneChange::Tick(280))
        .next(PhoneChange::Identify);
    let refused = answer(&late, Err(Refusal::TooMany(60)));
    assert_eq!(refused.identity, Identity::Unknown);
}

#[test]
fn a_code_that_nobody_answers_for_is_still_there() {
    for refusal in [
        Refusal::Silent(SourceFault::Unreachable),
        Refusal::Broken,
        Refusal::Malformed("code".into()),
    ] {
        let refused = answer(&confirming(), Err(refusal));
        assert!(matches!(refused.identity, Identity::CodeSent { .. }));
        assert_eq!(refused.form.code, "123456");
    }
}

#[test]
fn the_field_that_is_to_be_typed_again_is_marked() {
    let field = |refusal| Trouble::Refused(HOME, refusal).field();
    assert_eq!(field(Refusal::WrongCode { left: 1 }), Some(Field::Code));
    assert_eq!(
        field(Refusal::Malformed("birth".into())),
        Some(Field::Birth)
    );
    assert_eq!(field(Refusal::Malformed("body".into())), None);
    assert_eq!(field(Refusal::Closed), None);
}

#[test]
fn a_bad_signature_is_the_fault_of_whoever_was_asked() {
    assert_eq!(
        drawn().next(not_signed()).trouble,
        Some(Trouble::NotSigned(HOME))
    );
    let next = half_signed().next(not_signed());
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
