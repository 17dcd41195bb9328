//! Why a check failed, and why one could not be carried out: one sentence each, naming the culprit.

use super::checks::grouped;
use super::faults::{Fault, ReceiptTrouble};
use super::{Both, DateTime, OutcomeReason};
use verifier_core::{Contract, Doubt, Finding, MunicipalityIndex};

/// A finding, with the contract that knows the municipalities' names.
#[derive(Clone, Copy, Debug)]
pub struct FindingText<'a>(pub &'a Finding, pub &'a Contract);

impl From<FindingText<'_>> for Both {
    fn from(FindingText(finding, contract): FindingText<'_>) -> Self {
        match finding {
            Finding::OtherChain { receipt, card } => Both::new(
                format!(
                    "이 확인증은 다른 원장({receipt})의 것입니다. 이 화면은 {card} 원장을 확인합니다."
                ),
                format!(
                    "This receipt belongs to another ledger ({receipt}). This page verifies {card}."
                ),
            ),
            Finding::OtherGenesis => super::both(
                "이 확인증은 시작점이 다른 원장의 것입니다.",
                "This receipt belongs to a ledger with another beginning.",
            ),
            Finding::OtherContract => super::both(
                "이 확인증은 다른 선거의 것입니다.",
                "This receipt belongs to another election.",
            ),
            Finding::PromiseNotSigned { municipality } => of(contract, *municipality, |ko, en| {
                (
                    format!("확인증의 약속에 {ko}의 올바른 서명이 없습니다."),
                    format!("The promise on the receipt is not signed by {en}."),
                )
            }),
            Finding::PromiseDeadline => super::both(
                "확인증의 기록 기한이 선거 규칙보다 늦습니다.",
                "The deadline on the receipt is later than the election's rules allow.",
            ),
            Finding::OtherHeight { named, found } => Both::new(
                format!("확인증에는 블록 {named}이라고 적혀 있으나, 표는 블록 {found}에 있습니다."),
                format!("The receipt names block {named}, but the ballot is in block {found}."),
            ),
            Finding::OtherBallot => super::both(
                "추적 코드는 같으나 표시나 투표권이 확인증과 다릅니다.",
                "A ballot has this code, but its mark or voting right is not the receipt's.",
            ),
            Finding::BallotMissing => super::both(
                "기록 기한이 지났는데도 원장 어디에도 이 표가 없습니다.",
                "The deadline has passed and this ballot is nowhere on the ledger.",
            ),
            Finding::BallotInvalid {
                code,
                height,
                derived,
            } => Both::new(
                format!(
                    "블록 {height}의 표 {}은 집계되었으나 무효여야 합니다. 이유: {}",
                    short(code),
                    Both::from(OutcomeReason(*derived)).ko
                ),
                format!(
                    "Ballot {} in block {height} was counted but should have been refused: {}",
                    short(code),
                    Both::from(OutcomeReason(*derived)).en
                ),
            ),
            Finding::AssetNotIssued { asset } => Both::new(
                format!("투표권 {asset}은 이 표의 주소에 발급되지 않았습니다."),
                format!("Voting right {asset} was not issued to this ballot's address."),
            ),
            Finding::AssetSpentBy { asset, by, height } => Both::new(
                format!(
                    "투표권 {asset}은 블록 {height}의 다른 표 {}에 쓰였습니다.",
                    short(by)
                ),
                format!(
                    "Voting right {asset} was used by another ballot, {}, in block {height}.",
                    short(by)
                ),
            ),
            Finding::AssetUnspent { .. } => super::both(
                "이 표로 쓰였어야 할 투표권이 쓰이지 않은 것으로 남아 있습니다.",
                "The voting right that this ballot should have used stands as unused.",
            ),
            Finding::BallotRefused { outcome } => Both::new(
                format!(
                    "원장이 이 표를 무효로 처리했습니다. 이유: {}",
                    Both::from(OutcomeReason(*outcome)).ko
                ),
                format!(
                    "The ledger refused this ballot: {}",
                    Both::from(OutcomeReason(*outcome)).en
                ),
            ),
            Finding::OutcomeDiffers {
                height,
                position,
                recorded,
                derived,
            } => Both::new(
                format!(
                    "블록 {height}의 {}번째 거래: 원장의 처리 결과({recorded})와 다시 판정한 결과({})가 다릅니다.",
                    u64::from(*position).saturating_add(1),
                    derived.code()
                ),
                format!(
                    "Transaction {} of block {height}: the ledger says {recorded}, judged anew it is {}.",
                    u64::from(*position).saturating_add(1),
                    derived.code()
                ),
            ),
            Finding::AssetCountedTwice {
                asset,
                first,
                second,
            } => Both::new(
                format!(
                    "투표권 {asset}이 두 번 집계되었습니다: {} 및 {}",
                    short(first),
                    short(second)
                ),
                format!(
                    "Voting right {asset} was counted twice: {} and {}",
                    short(first),
                    short(second)
                ),
            ),
            Finding::AssetCountedAgain {
                asset,
                first,
                second,
            } => Both::new(
                format!(
                    "투표권 {asset}이 두 번 집계되었습니다: 블록 {first} 및 블록 {second}. 이 블록들을 다시 받을 수 없어 표를 지목하지 못합니다."
                ),
                format!(
                    "Voting right {asset} was counted twice: in block {first} and in block {second}. These blocks could not be had again, so that the ballots are not named."
                ),
            ),
            Finding::NotSpentBefore { asset, code } => Both::new(
                format!(
                    "표 {}은 이미 쓰인 투표권이라며 무효가 되었으나, 투표권 {asset}을 쓴 앞선 표가 없습니다.",
                    short(code)
                ),
                format!(
                    "Ballot {} was refused as a second use of voting right {asset}, but no earlier ballot used it.",
                    short(code)
                ),
            ),
            Finding::GenesisDiffers => super::both(
                "원장의 시작점이 신뢰 카드와 다릅니다.",
                "The ledger does not begin as the trust card says.",
            ),
            Finding::NotDefined => super::both(
                "신뢰 카드의 선거가 이 원장에 등록되지 않았습니다.",
                "The trust card's election was never defined on this ledger.",
            ),
            Finding::KeysIncomplete => super::both(
                "투표가 시작될 때 후보자의 열쇠가 모두 준비되지 않았습니다.",
                "The candidates' keys were not complete when voting opened.",
            ),
            Finding::SetupDiffers => super::both(
                "투표지를 확인한 열쇠가 원장의 열쇠와 다릅니다.",
                "The ballots were checked under keys that are not the ledger's.",
            ),
            Finding::IssuedExceedsRoll {
                municipality,
                issued,
                roll,
            } => of(contract, *municipality, |ko, en| {
                let (issued, roll) = (grouped((*issued).into()), grouped((*roll).into()));
                (
                    format!("{ko}: 투표권 {issued}건이 명부 {roll}명보다 많습니다."),
                    format!("{en}: {issued} voting rights for {roll} people on the roll."),
                )
            }),
            Finding::TurnoutExceedsRoll {
                municipality,
                checked_in,
                roll,
            } => of(contract, *municipality, |ko, en| {
                let (people, roll) = (grouped((*checked_in).into()), grouped((*roll).into()));
                (
                    format!("{ko}: 투표자 {people}명이 명부 {roll}명보다 많습니다."),
                    format!("{en}: {people} people checked in, {roll} on the roll."),
                )
            }),
            Finding::BallotsExceedTurnout {
                municipality,
                ballots,
                checked_in,
            } => of(contract, *municipality, |ko, en| {
                let (ballots, people) = (grouped(*ballots), grouped((*checked_in).into()));
                (
                    format!("{ko}: 투표지 {ballots}장이 투표자 {people}명보다 많습니다."),
                    format!("{en}: {ballots} ballots, but {people} people checked in."),
                )
            }),
            Finding::Shortfall {
                municipality,
                missing,
                tolerance,
            } => of(contract, *municipality, |ko, en| {
                let (missing, tolerance) = (grouped(*missing), grouped((*tolerance).into()));
                (
                    format!(
                        "{ko}: 투표자보다 투표지가 {missing}장 적습니다. 허용 범위는 {tolerance}장입니다."
                    ),
                    format!(
                        "{en}: {missing} people checked in without a ballot; {tolerance} are tolerated."
                    ),
                )
            }),
            Finding::StateContradicts { key } => Both::new(
                format!("원장의 상태 가운데 {key}의 값이 나머지 기록과 맞지 않습니다."),
                format!("What the ledger's state holds for {key} contradicts the other records."),
            ),
        }
    }
}

/// A doubt: nothing in it speaks against the election.
#[derive(Clone, Copy, Debug)]
pub struct DoubtText<'a>(pub &'a Doubt);

impl From<DoubtText<'_>> for Both {
    fn from(DoubtText(doubt): DoubtText<'_>) -> Self {
        match doubt {
            Doubt::NotReached => super::both(
                "앞 단계에서 멈추어 확인하지 못했습니다.",
                "Not reached, because an earlier step stopped.",
            ),
            Doubt::Receipt(error) => ReceiptTrouble(error).into(),
            Doubt::Source(fault) => Fault(fault).into(),
            Doubt::CardExpired {
                age_seconds,
                period_seconds,
            } => {
                let (age, period) = (age_seconds / 86_400, period_seconds / 86_400);
                Both::new(
                    format!(
                        "신뢰 카드가 오래되었습니다. {age}일 전 자료이며 {period}일까지만 믿을 수 있습니다. 새 신뢰 카드를 구해 주십시오."
                    ),
                    format!(
                        "The trust card is too old: {age} days, of at most {period}. Please obtain a newer one."
                    ),
                )
            }
            Doubt::NotYetReached { named, latest } => Both::new(
                format!(
                    "확인증의 블록 {named}은 아직 만들어지지 않았습니다. 지금 원장은 블록 {latest}까지 있습니다."
                ),
                format!(
                    "The receipt names block {named}, but the ledger has only reached block {latest}."
                ),
            ),
            Doubt::NotYetRecorded { deadline } => {
                let time = DateTime::of(*deadline);
                Both::new(
                    format!(
                        "아직 원장에 기록되지 않았습니다. 기록 기한은 {}입니다. 그 뒤에 다시 확인해 주십시오.",
                        time.korean()
                    ),
                    format!(
                        "It is not recorded yet. It is due by {}. Please check again after that.",
                        time.english()
                    ),
                )
            }
            Doubt::NotClosed => super::both(
                "집계가 아직 마감되지 않았습니다.",
                "The sums are not closed yet.",
            ),
            Doubt::TooFewShares { shares, threshold } => Both::new(
                format!("개표에 필요한 열쇠 조각 {threshold}개 중 {shares}개만 있습니다."),
                format!(
                    "Only {shares} of the {threshold} shares needed to open the count are there."
                ),
            ),
            Doubt::NoTotals => super::both(
                "발표된 득표수가 자료에 없습니다.",
                "The data holds no published totals.",
            ),
            Doubt::BeginsLate { first } => Both::new(
                format!("자료가 처음(블록 1)이 아니라 블록 {first}부터 시작합니다."),
                format!("The data begins at block {first}, not at block 1."),
            ),
            Doubt::EndsEarly { last, expected } => Both::new(
                format!(
                    "자료가 블록 {last}에서 끝납니다. 마지막 블록 {expected}까지 있어야 합니다."
                ),
                format!(
                    "The data ends at block {last}; it should reach the final block {expected}."
                ),
            ),
        }
    }
}

/// The first digits of a hash, enough for people to compare; the whole hash is among the details.
fn short(hash: &impl ToString) -> String {
    let text = hash.to_string();
    let head: String = text.chars().take(12).collect();
    format!("{head}…")
}

/// A sentence about a municipality, by its names.
pub(super) fn of(
    contract: &Contract,
    index: MunicipalityIndex,
    sentence: impl Fn(&str, &str) -> (String, String),
) -> Both {
    let (ko, en) = match contract.municipality(index) {
        Some(municipality) => sentence(&municipality.name.ko, &municipality.name.en),
        None => sentence(
            &format!("{index}번 시·군"),
            &format!("municipality {index}"),
        ),
    };
    Both::new(ko, en)
}
