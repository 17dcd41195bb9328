//! From a name on the roll to a claimed right, and every way that leads off it.

mod troubles;

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

/// The end of the pause that it makes.
fn pause(phone: &Phone) -> PhoneChange {
    match phone.errand() {
        Some(Errand::Pause { turn }) => PhoneChange::Paused(turn),
        errand => panic!("{errand:?}"),
    }
}

fn home_signed() -> Reply {
    Reply::HomeSigned {
        signature: vec![7; 256],
        commitment: Hash([3; 32]),
        authorisation: [4; 64],
        slip: "CHN1-A".into(),
    }
}

fn not_signed() -> PhoneChange {
    PhoneChange::Told(FromCaster::PurseFault(PurseFault::NotSigned))
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
    let waiting = signed(200);
    assert_eq!(waiting.errand(), None, "nobody hears of the address before");
    let due = waiting.next(PhoneChange::Tick(200));
    assert!(matches!(due.errand(), Some(Errand::LookForClaim { .. })));
    let absent = hear(&due, ClaimNews::Absent);
    assert!(matches!(absent.errand(), Some(Errand::SendClaim { .. })));
    let taken = hear(&absent, ClaimNews::Taken);
    let again = taken.next(pause(&taken));
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
fn a_pause_that_was_cut_short_asks_nothing_again() {
    let asking = filled().next(PhoneChange::Identify);
    let silent = answer(&asking, Err(Refusal::Silent(SourceFault::Unreachable)));
    let over = pause(&silent);
    let asking = silent.next(PhoneChange::Identify);
    let errand = asking.errand();
    assert!(matches!(errand, Some(Errand::Identify { .. })));
    assert_eq!(asking.next(over).errand(), errand);
}

#[test]
fn whoever_goes_back_hears_no_answer_to_what_they_left() {
    let confirming = confirming();
    let back = confirming.next(PhoneChange::Back);
    let token = "t".to_owned();
    let late = Reply::Confirmed {
        token,
        asked: false,
    };
    let late = PhoneChange::Answered(confirming.turn, HOME, Ok(late));
    assert_eq!(back.next(late), back);
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
    let refused = answer(&slip, Err(Refusal::Nonsense));
    assert_eq!(refused.errand(), None, "only when told to");
    let again = refused.next(PhoneChange::Again);
    assert!(matches!(again.errand(), Some(Errand::Slip { .. })));
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
