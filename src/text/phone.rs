//! Sentences of voting from a phone.

use super::{Both, DateTime, both};
use crate::state::phone::{Field, Purse, Refusal, Trouble};
use crate::text::Fault;
use caster::PurseFault;
use verifier_core::Seconds;

/// Parts of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneText {
    Opening,
    Reload,
    Again,
    WhoTitle,
    WhoLead,
    GoOnTitle,
    GoOnLead,
    SlipTitle,
    SlipLead,
    NoPhones,
    TooLate,
    Home,
    HomeChoose,
    Name,
    NameHint,
    Birth,
    BirthHint,
    Phone,
    PhoneHint,
    PrivacyTitle,
    PrivacyRegistrar,
    PrivacyBlind,
    PrivacyTime,
    PrivacyNetwork,
    OnlySlip,
    RatherRight,
    SendCode,
    Asking,
    CodeTitle,
    CodeLead,
    Code,
    CodeHint,
    OtherData,
    Resend,
    Confirm,
    SigningTitle,
    SigningLead,
    StepKnown,
    LookingForClaim,
    Claiming,
    ClaimingText,
    ClaimSilent,
    ClaimSilentText,
    ClaimRefused,
    ScheduledTitle,
    ScheduledText,
    HeldTitle,
    HeldText,
    OpenNow,
    VoteNow,
    Lasts,
    DoesNotLast,
    SlipKeep,
    SlipQr,
    SaveSlip,
    SlipDoneTitle,
    SlipDoneText,
    ToRights,
    UsedTitle,
    UsedText,
    ForgetText,
    Forget,
    LookAgain,
    SaveReceipt,
    CheckReceipt,
    KeepReceipt,
    StepRight,
}

impl From<PhoneText> for Both {
    fn from(part: PhoneText) -> Self {
        match part {
            PhoneText::Opening => both(
                "이 기기에 보관된 투표권을 찾고 있습니다",
                "Looking for a voting right on this device",
            ),
            PhoneText::Reload => both("다시 열기", "Open again"),
            PhoneText::Again => both("다시 하기", "Try again"),
            PhoneText::WhoTitle => {
                both("휴대전화로 투표권 받기", "Get a voting right on your phone")
            }
            PhoneText::WhoLead => both(
                "선거인 명부에 오른 시·군과 이름, 생년월일, 휴대전화 번호를 넣어 주십시오. 명부의 번호로 확인 번호를 보내 드립니다.",
                "Enter the municipality on whose roll you are, your name, birth date and phone number. A code is sent to the number on the roll.",
            ),
            PhoneText::GoOnTitle => both("이어서 하기", "Go on where you stopped"),
            PhoneText::GoOnLead => both(
                "투표권을 받던 중이었습니다. 이 기기가 기억하고 있으니, 본인 확인만 한 번 더 해 주십시오.",
                "You were about to get your voting right. This device remembers; please confirm once more who you are.",
            ),
            PhoneText::SlipTitle => both(
                "내 이름으로 투표권이 나갔는지 확인하기",
                "See whether a right was given in your name",
            ),
            PhoneText::SlipLead => both(
                "본인 확인을 하시면 명부 확인표를 드립니다. 투표권은 발급하지 않습니다.",
                "Once you have confirmed who you are you get a roll slip. No voting right is given.",
            ),
            PhoneText::NoPhones => both(
                "이 선거는 휴대전화로 투표권을 주지 않습니다. 투표소에서 카드를 받아 주십시오.",
                "This election gives no voting rights to phones. Please get a card at a polling station.",
            ),
            PhoneText::TooLate => both(
                "휴대전화로 투표권을 받는 기간이 끝났습니다. 투표소에서 카드를 받아 주십시오.",
                "The time for getting a right on a phone is over. Please get a card at a polling station.",
            ),
            PhoneText::Home => both("명부에 오른 시·군", "Municipality"),
            PhoneText::HomeChoose => both("골라 주십시오", "Please choose"),
            PhoneText::Name => both("이름", "Name"),
            PhoneText::NameHint => both("명부에 적힌 대로", "As on the roll"),
            PhoneText::Birth => both("생년월일", "Birth date"),
            PhoneText::BirthHint => both("예: 1987-06-05", "For example 1987-06-05"),
            PhoneText::Phone => both("휴대전화 번호", "Phone number"),
            PhoneText::PhoneHint => both("예: 010-1234-5678", "For example 010-1234-5678"),
            PhoneText::PrivacyTitle => both("누가 무엇을 알 수 있습니까?", "Who can know what?"),
            PhoneText::PrivacyRegistrar => both(
                "시·군은 누가 투표권을 받았는지는 알지만, 그 투표권의 주소는 보지 못한 채 서명합니다.",
                "Your municipality knows who got a right, but signs its address without seeing it.",
            ),
            PhoneText::PrivacyBlind => both(
                "그래서 나중에 원장에 나타난 주소와 표를 사람과 이을 수 없습니다. 두 시·군이 함께 서명해야 하므로 한 시·군이 투표권을 지어낼 수도 없습니다.",
                "So nobody can tell later which address and which ballot belong to whom. Two municipalities must sign, so that none of them can invent a right.",
            ),
            PhoneText::PrivacyTime => both(
                "받은 때와 원장에 올리는 때가 가까우면 짐작할 수 있으므로, 이 기기는 다음 30분 가운데 아무 때나 골라 올립니다. 같은 30분에 받은 사람이 적을수록 덜 가려집니다.",
                "If it was claimed soon after it was given, one could guess. So this device claims it at a random moment of the next half hour. The fewer people get one in the same half hour, the less you are hidden.",
            ),
            PhoneText::PrivacyNetwork => both(
                "인터넷 주소는 서명한 시·군과 표를 받은 시·군이 각각 볼 수 있습니다. 그래서 서명하지 않은 시·군에 보냅니다. 더 조심하려면 투표할 때 다른 망을 쓰십시오.",
                "The municipality that signs sees your network address, and so does the one that takes your claim. So the claim goes to one that did not sign. To be more careful, use another network when you vote.",
            ),
            PhoneText::OnlySlip => both("확인표만 받기", "Only get a roll slip"),
            PhoneText::RatherRight => both("투표권 받기", "Get a voting right"),
            PhoneText::SendCode => both("확인 번호 받기", "Send me a code"),
            PhoneText::Asking => both("확인하고 있습니다", "Checking"),
            PhoneText::CodeTitle => both("확인 번호를 넣어 주십시오", "Enter the code"),
            PhoneText::CodeLead => both(
                "명부의 휴대전화로 여섯 자리 번호를 보냈습니다. 오지 않으면 넣으신 것이 명부와 다르거나, 다른 시·군의 명부에 올라 있을 수 있습니다.",
                "Six digits were sent to the phone on the roll. If none come, what you entered differs from the roll, or you are on that of another municipality.",
            ),
            PhoneText::Code => both("확인 번호", "Code"),
            PhoneText::CodeHint => both("숫자 여섯 자리", "Six digits"),
            PhoneText::OtherData => both("고쳐 넣기", "Change what I entered"),
            PhoneText::Resend => both("다시 받기", "Send again"),
            PhoneText::Confirm => both("확인", "Confirm"),
            PhoneText::SigningTitle => both("투표권을 받고 있습니다", "Getting your voting right"),
            PhoneText::SigningLead => both(
                "두 시·군이 서로 확인하고 서명합니다. 몇 초에서 몇십 초가 걸립니다. 화면을 닫아도 이어서 할 수 있습니다.",
                "Two municipalities sign, each checking the other. It takes some seconds. You may close the page and go on later.",
            ),
            PhoneText::StepKnown => both("본인 확인", "You were recognised"),
            PhoneText::LookingForClaim => both(
                "원장에서 투표권을 찾고 있습니다",
                "Looking for your right on the ledger",
            ),
            PhoneText::Claiming => both(
                "투표권을 원장에 올리고 있습니다",
                "Claiming your right on the ledger",
            ),
            PhoneText::ClaimingText => both(
                "시·군이 받았습니다. 원장에 적혔는지 증명을 기다립니다.",
                "A municipality has taken it. Waiting for the proof that it is recorded.",
            ),
            PhoneText::ClaimSilent => both("지금은 연결되지 않습니다", "There is no answer now"),
            PhoneText::ClaimSilentText => both(
                "투표권은 이 기기에 있습니다. 잠시 뒤 저절로 다시 해 봅니다.",
                "Your right is on this device. It is tried again by itself in a moment.",
            ),
            PhoneText::ClaimRefused => both(
                "원장이 이 투표권을 받지 않았습니다",
                "The ledger did not take your claim",
            ),
            PhoneText::ScheduledTitle => both("서명을 다 받았습니다", "Both have signed"),
            PhoneText::ScheduledText => both(
                "누구의 투표권인지 짐작할 수 없도록 그때까지 기다립니다. 이 화면을 열어 두시거나, 그 뒤에 다시 열어 주십시오.",
                "It waits until then so that nobody can guess whose it is. Keep this page open, or open it again after that.",
            ),
            PhoneText::HeldTitle => both("투표권이 있습니다", "You have a voting right"),
            PhoneText::HeldText => both(
                "원장에 적혀 있음을 증명으로 확인했습니다. 누구의 것인지는 아무도 모릅니다.",
                "The ledger proves that it is recorded. Nobody knows whose it is.",
            ),
            PhoneText::OpenNow => both("지금 투표하실 수 있습니다.", "You can vote now."),
            PhoneText::VoteNow => both("투표하기", "Vote"),
            PhoneText::Lasts => both(
                "투표권은 이 기기의 이 브라우저에만 있습니다. 방문 기록을 지우거나 기기를 잃어버리면 되찾을 수 없습니다.",
                "The right is in this browser on this device only. If you clear its data or lose the device, it cannot be brought back.",
            ),
            PhoneText::DoesNotLast => both(
                "이 브라우저는 아무것도 보관하지 않습니다. 이 화면을 닫으면 투표권을 잃습니다. 사생활 보호 창이 아닌 창에서 여십시오.",
                "This browser keeps nothing: if you close this page the right is lost. Open it in a window that is not private.",
            ),
            PhoneText::SlipKeep => both(
                "명부 확인표 (나중에 확인할 때 쓰입니다)",
                "Roll slip (for looking later)",
            ),
            PhoneText::SlipQr => both("명부 확인표의 QR 코드", "QR code of the roll slip"),
            PhoneText::SaveSlip => both("확인표 저장", "Save the slip"),
            PhoneText::SlipDoneTitle => both("명부 확인표", "Your roll slip"),
            PhoneText::SlipDoneText => both(
                "‘투표권 확인’ 화면에 넣으면, 내 이름으로 투표권이 나갔는지 원장이 증명합니다.",
                "Enter it on the page “My voting right”: the ledger proves whether a right was given in your name.",
            ),
            PhoneText::ToRights => both("투표권 확인 화면으로", "To “My voting right”"),
            PhoneText::UsedTitle => both(
                "이 기기에서 투표하셨습니다",
                "You have voted on this device",
            ),
            PhoneText::UsedText => both(
                "투표권의 열쇠는 지워졌고, 암호화된 표만 남아 있습니다.",
                "The key of your right is gone; only the encrypted ballot is left.",
            ),
            PhoneText::ForgetText => both(
                "표가 원장에 있음을 확인하셨으면, 이 기기에 남은 기록을 지우실 수 있습니다. 그러면 이 기기가 투표에 쓰였음을 알 수 없게 됩니다.",
                "Once you have seen that the ballot is on the ledger, you can erase what is left here. Then nothing shows that this device was voted with.",
            ),
            PhoneText::Forget => both("이 기기에서 지우기", "Erase from this device"),
            PhoneText::LookAgain => both("기록되었는지 보기", "See whether it is recorded"),
            PhoneText::SaveReceipt => both("확인증 저장", "Save the receipt"),
            PhoneText::CheckReceipt => both("내 표 확인하기", "Check my ballot"),
            PhoneText::KeepReceipt => both(
                "확인증을 저장해 두십시오. 누구에게 투표했는지는 확인증에 없습니다.",
                "Save the receipt. It does not say whom you voted for.",
            ),
            PhoneText::StepRight => both("투표권", "Right"),
        }
    }
}

/// A municipality signs.
#[derive(Clone, Debug, PartialEq)]
pub struct SignsText(pub Both);

impl From<SignsText> for Both {
    fn from(SignsText(town): SignsText) -> Self {
        Self::new(
            format!("{}의 서명", town.ko),
            format!("Signature of {}", town.en),
        )
    }
}

/// How long something is still good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinutesLeft(pub Seconds);

impl From<MinutesLeft> for Both {
    fn from(MinutesLeft(left): MinutesLeft) -> Self {
        if left == 0 {
            return both(
                "시간이 지났습니다. 번호를 다시 받아 주십시오.",
                "The time is up. Please have another code sent.",
            );
        }
        let (minutes, seconds) = (left / 60, left % 60);
        Self::new(
            format!("남은 시간 {minutes}분 {seconds}초"),
            format!("{minutes} min {seconds} s left"),
        )
    }
}

/// When a right is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimsAt(pub Seconds);

impl From<ClaimsAt> for Both {
    fn from(ClaimsAt(at): ClaimsAt) -> Self {
        let at = DateTime::of(at);
        Self::new(
            format!("{}에 원장에 올립니다.", at.korean()),
            format!("It is claimed on the ledger on {}.", at.english()),
        )
    }
}

/// When there is voting with a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VotingOpens(pub Seconds);

impl From<VotingOpens> for Both {
    fn from(VotingOpens(time): VotingOpens) -> Self {
        let time = DateTime::of(time);
        Self::new(
            format!("투표는 {}에 시작합니다.", time.korean()),
            format!("Voting opens on {}.", time.english()),
        )
    }
}

/// Why the purse cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PurseText<'a>(pub &'a Purse);

impl From<PurseText<'_>> for Both {
    fn from(PurseText(purse): PurseText<'_>) -> Self {
        match purse {
            Purse::Shut(PurseFault::InUse) => both(
                "이 브라우저의 다른 탭에서 열려 있습니다. 그 탭에서 하시거나, 닫고 다시 열어 주십시오.",
                "It is open in another tab of this browser. Go on there, or close that tab and open this again.",
            ),
            Purse::Shut(PurseFault::Torn) => both(
                "이 기기에 보관된 투표권을 읽을 수 없습니다. 시·군에 알려 주십시오.",
                "The voting right on this device cannot be read. Please tell your municipality.",
            ),
            _ => both(
                "이 화면의 프로그램이 멈췄습니다. 다시 열면 하시던 데서 이어집니다.",
                "This page's program has stopped. Open it again to go on where you were.",
            ),
        }
    }
}

/// What stands in the way; the municipality that it is about, if there is one.
#[derive(Clone, Debug, PartialEq)]
pub struct TroubleText<'a>(pub &'a Trouble, pub Option<Both>);

impl From<TroubleText<'_>> for Both {
    fn from(TroubleText(trouble, of): TroubleText<'_>) -> Self {
        let of = of.unwrap_or_else(|| both("시·군", "the municipality"));
        match trouble {
            Trouble::Missing(None) => {
                both("시·군을 골라 주십시오.", "Please choose your municipality.")
            }
            Trouble::Missing(Some(field)) => missing(*field),
            Trouble::NotSigned(_) => Self::new(
                format!(
                    "{} 쪽이 돌려준 서명이 올바르지 않습니다. 다시 해 보시고, 되풀이되면 선거관리위원회에 알려 주십시오.",
                    of.ko
                ),
                format!(
                    "The signature by way of {} is not valid. Try again; if it happens again, tell the election commission.",
                    of.en
                ),
            ),
            Trouble::AskedElsewhere => both(
                "이미 다른 기기나 브라우저에서 투표권을 받으셨습니다. 한 사람에게 하나만 드리므로, 그 기기에서 투표해 주십시오. 받으신 적이 없다면 시·군에 알려 주십시오.",
                "You have already got a right on another device or browser. There is one for each person: please vote there. If that was not you, tell your municipality.",
            ),
            Trouble::Refused(_, refusal) => refused(refusal, &of),
        }
    }
}

fn missing(field: Field) -> Both {
    match field {
        Field::Name => both("이름을 넣어 주십시오.", "Please enter your name."),
        Field::Birth => both("생년월일을 넣어 주십시오.", "Please enter your birth date."),
        Field::Phone => both(
            "휴대전화 번호를 넣어 주십시오.",
            "Please enter your phone number.",
        ),
        Field::Code => both("확인 번호를 넣어 주십시오.", "Please enter the code."),
    }
}

fn refused(refusal: &Refusal, of: &Both) -> Both {
    match refusal {
        Refusal::Malformed(field) => malformed(field),
        Refusal::TooMany(seconds) => Both::new(
            format!(
                "확인 번호를 너무 여러 번 받으셨습니다. {}분 뒤에 다시 해 주십시오.",
                minutes(*seconds)
            ),
            format!(
                "Too many codes were asked for. Please try again in {} minutes.",
                minutes(*seconds)
            ),
        ),
        Refusal::Locked(seconds) => Both::new(
            format!(
                "틀린 번호를 여러 번 넣어 잠겼습니다. {}분 뒤에 다시 해 주십시오.",
                minutes(*seconds)
            ),
            format!(
                "Locked after several wrong codes. Please try again in {} minutes.",
                minutes(*seconds)
            ),
        ),
        Refusal::Closed => both(
            "투표권을 받는 기간이 끝났습니다. 투표소에서 카드를 받아 주십시오.",
            "The time for getting a right is over. Please get a card at a polling station.",
        ),
        Refusal::WrongCode { left } => Both::new(
            format!("번호가 다릅니다. {left}번 더 넣으실 수 있습니다."),
            format!("That is not the code. You can try {left} more times."),
        ),
        Refusal::CodeOver => both(
            "이 번호는 더 쓸 수 없습니다. 다시 받아 주십시오.",
            "This code is no longer good. Please have another one sent.",
        ),
        Refusal::TokenOver => both(
            "본인 확인 시간이 지났습니다. 다시 확인해 주십시오. 지금까지 한 것은 이 기기에 남아 있습니다.",
            "Your confirmation has run out. Please confirm again; what you have so far is on this device.",
        ),
        Refusal::OtherBlinded => both(
            "시·군이 다른 기기의 요청에 이미 서명했습니다. 한 사람에게 한 번만 서명하므로, 그 기기에서 투표해 주십시오.",
            "The municipality has already signed for another device, and signs once for each person. Please vote there.",
        ),
        Refusal::Unsignable | Refusal::WrongAuthorisation | Refusal::Nonsense => Both::new(
            format!(
                "{}의 투표권 서비스가 요청을 받지 않았습니다. 다시 해 보시고, 되풀이되면 시·군에 알려 주십시오.",
                of.ko
            ),
            format!(
                "The service of {} did not take the request. Try again; if it happens again, tell the municipality.",
                of.en
            ),
        ),
        Refusal::Broken => Both::new(
            format!(
                "{}의 투표권 서비스에 문제가 있습니다. 잠시 뒤 다시 해 주십시오. 넣으신 것은 그대로 있습니다.",
                of.ko
            ),
            format!(
                "The service of {} has a problem. Try again in a moment; what you entered is kept.",
                of.en
            ),
        ),
        Refusal::Silent(fault) => {
            let fault = Both::from(Fault(fault));
            Both::new(
                format!(
                    "{}의 투표권 서비스에 닿지 않습니다. {} 넣으신 것은 그대로 있습니다.",
                    of.ko, fault.ko
                ),
                format!(
                    "The service of {} cannot be reached. {} What you entered is kept.",
                    of.en, fault.en
                ),
            )
        }
    }
}

fn malformed(field: &str) -> Both {
    match field {
        "name" => both(
            "이름을 읽을 수 없습니다. 명부에 적힌 대로 넣어 주십시오.",
            "The name cannot be read. Please enter it as on the roll.",
        ),
        "birth" => both(
            "생년월일을 1987-06-05처럼 넣어 주십시오.",
            "Please enter the birth date like 1987-06-05.",
        ),
        "phone" => both(
            "휴대전화 번호를 010-1234-5678처럼 넣어 주십시오.",
            "Please enter the phone number like 010-1234-5678.",
        ),
        _ => both(
            "넣으신 것을 읽을 수 없습니다. 다시 넣어 주십시오.",
            "What you entered cannot be read. Please enter it again.",
        ),
    }
}

fn minutes(seconds: Seconds) -> Seconds {
    seconds.div_ceil(60).max(1)
}
