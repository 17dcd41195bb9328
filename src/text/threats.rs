//! Who may try what, and what stops it or does not: said as plainly as the page can.

use super::{Both, both};

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threat {
    Source,
    MinorityOfValidators,
    Coalition,
    Registrar,
    FewTrustees,
    Voter,
    DeviceChanges,
    DeviceLeaks,
    Coercer,
    Host,
    FarFuture,
}

/// A cell of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    Who,
    Tries,
    Answer,
}

/// How far the design protects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    Stopped,
    Shown,
    Partly,
    NotStopped,
}

impl Threat {
    /// Every row, in order.
    pub const ALL: [Self; 11] = [
        Self::Source,
        Self::MinorityOfValidators,
        Self::Coalition,
        Self::Registrar,
        Self::FewTrustees,
        Self::Voter,
        Self::DeviceChanges,
        Self::DeviceLeaks,
        Self::Coercer,
        Self::Host,
        Self::FarFuture,
    ];

    /// How far the design protects against it.
    pub fn protection(self) -> Protection {
        match self {
            Self::Source | Self::FewTrustees | Self::Voter => Protection::Stopped,
            Self::Coalition => Protection::Shown,
            Self::MinorityOfValidators
            | Self::Registrar
            | Self::DeviceChanges
            | Self::Coercer
            | Self::Host => Protection::Partly,
            Self::DeviceLeaks | Self::FarFuture => Protection::NotStopped,
        }
    }

    /// The sentence in a cell of its row.
    pub fn cell(self, cell: Cell) -> Both {
        match cell {
            Cell::Who => self.who(),
            Cell::Tries => self.tries(),
            Cell::Answer => self.answer(),
        }
    }

    fn who(self) -> Both {
        match self {
            Self::Source => both("노드, 사본 서버, 통신망", "A node, a mirror, the network"),
            Self::MinorityOfValidators => both(
                "시·군의 3분의 1 미만",
                "Fewer than a third of the municipalities",
            ),
            Self::Coalition => both(
                "모든 시·군이 함께하더라도",
                "Any coalition, all municipalities included",
            ),
            Self::Registrar => both("명부 담당자", "A registrar"),
            Self::FewTrustees => both("정해진 수보다 적은 개표 담당자", "Too few trustees"),
            Self::Voter => both("유권자", "A voter"),
            Self::DeviceChanges | Self::DeviceLeaks => both("투표 기기", "A casting device"),
            Self::Coercer => both("강요하거나 표를 사려는 사람", "A coercer, a vote buyer"),
            Self::Host => both("이 누리집의 운영자", "This page's host"),
            Self::FarFuture => both("먼 미래의 기술", "The far future"),
        }
    }

    fn tries(self) -> Both {
        match self {
            Self::Source => both(
                "자료를 위조하거나, 낡은 것을 주거나, 자르거나, 감춥니다.",
                "Serve forged, stale, cut or reordered data, or withhold it.",
            ),
            Self::MinorityOfValidators => {
                both("원장을 멈추거나 바꿉니다.", "Stop the ledger or change it.")
            }
            Self::Coalition => both(
                "표를 바꾸거나, 버리거나, 잘못 셉니다.",
                "Change, drop or miscount ballots.",
            ),
            Self::Registrar => both(
                "없는 사람을 만들거나, 쓰이지 않은 투표권으로 투표합니다.",
                "Invent people, or vote with unused voting rights.",
            ),
            Self::FewTrustees => both("남의 표를 들여다봅니다.", "Read a ballot."),
            Self::Voter => both(
                "두 번 투표하거나, 한 장에 천 표를 담거나, 남의 표를 다시 씁니다.",
                "Vote twice, vote a thousandfold, or replay another's ballot.",
            ),
            Self::DeviceChanges => both(
                "고른 것과 다른 후보를 암호화합니다.",
                "Encrypt another choice than the voter's.",
            ),
            Self::DeviceLeaks => both(
                "암호화에 쓰는 난수로 선택을 흘립니다.",
                "Leak the choice through the randomness that it draws.",
            ),
            Self::Coercer => both(
                "누구를 찍었는지 증거를 요구합니다.",
                "Demand proof of the choice.",
            ),
            Self::Host => both("거짓말하는 화면을 보냅니다.", "Serve a lying page."),
            Self::FarFuture => both(
                "보관된 투표지의 암호를 풉니다.",
                "Decrypt archived ballots.",
            ),
        }
    }

    fn answer(self) -> Both {
        match self {
            Self::Source => both(
                "이 화면이 서명과 지문을 모두 다시 확인하며, 노드를 바꾸거나 서로 비교할 수 있습니다. 확인할 수 없으면 ‘판단할 수 없음’이라고 합니다.",
                "This page checks every signature and hash again; you can change nodes and compare them all. What it cannot check it calls inconclusive.",
            ),
            Self::MinorityOfValidators => both(
                "3분의 1 미만은 아무것도 못 합니다. 3분의 1부터는 원장을 멈추거나 유예 시간 안에서 시계를 돌릴 수 있고, 3분의 2부터는 원장을 갈라놓을 수 있습니다. 다른 곳에 인쇄된 마지막 블록이 그것을 드러냅니다.",
                "Below a third they cannot. From a third on they can halt the ledger or steer its clock within the grace period; from two thirds on they can fork it, and the final header printed elsewhere shows that.",
            ),
            Self::Coalition => both(
                "재검표가 증명, 서명, 처리 결과를 모두 다시 계산하므로 드러납니다. 기록하지 않은 표는 서명된 약속이 증거가 됩니다.",
                "The recount recomputes proofs, signatures and outcomes, so it shows. Dropped ballots are proven by signed promises.",
            ),
            Self::Registrar => both(
                "명부 ≥ 발급 ≥ 투표자 ≥ 투표지, 참관인의 서명, 투표하지 않은 사람이 확인하는 기록으로 막습니다. 담당자와 참관인이 함께 속이면 재검표만으로는 드러나지 않습니다.",
                "Roll ≥ rights issued ≥ turnout ≥ ballots, observers' signatures, and records that abstainers can check. The recount alone does not see a registrar in collusion with its observers.",
            ),
            Self::FewTrustees => both(
                "열쇠가 나뉘어 있어 정해진 수가 모이지 않으면 아무것도 읽을 수 없습니다. 표 한 장을 따로 여는 일은 없습니다.",
                "The keys are shared, so that too few of them read nothing. No single ballot is ever opened.",
            ),
            Self::Voter => both(
                "투표권은 한 번만 쓰이고, 표마다 한 후보에게 한 표라는 증명이 있으며, 다른 선거나 주소로 옮길 수 없습니다.",
                "A voting right is spent once, every ballot proves one vote to one candidate, and it is bound to its election and address.",
            ),
            Self::DeviceChanges => both(
                "서명하기 전에 시험하고 다른 기기로 확인할 수 있습니다. 시험하지 않은 표에 대한 공격은 보이지 않습니다.",
                "It can be challenged before signing and checked on a second device. An attack on unchallenged ballots goes unseen.",
            ),
            Self::DeviceLeaks => both(
                "막지 못합니다. 투표소 기기의 비밀 유지는 믿을 수밖에 없습니다.",
                "Not stopped. A kiosk has to be trusted for secrecy.",
            ),
            Self::Coercer => both(
                "확인증에는 증거가 없고, 투표소에서는 유권자에게도 증거가 없습니다. 자기 휴대전화로 투표하면 증거를 남길 수 있습니다.",
                "The receipt holds none, and at a kiosk the voter has none either. Voting from one's own phone is not receipt-free.",
            ),
            Self::Host => both(
                "누구나 같은 프로그램을 다시 만들어 지문을 비교할 수 있습니다. 다른 기기와 저장해 둔 사본으로도 확인해 주십시오.",
                "Anyone can rebuild this program and compare its digest. Use a second device and a saved copy as well.",
            ),
            Self::FarFuture => both(
                "막지 못합니다. 그때는 명부와 투표 주소 사이에 연결이 없다는 것만이 비밀을 지킵니다.",
                "Not stopped. Then only the missing link between roll and voter address protects.",
            ),
        }
    }
}

impl From<Protection> for Both {
    fn from(protection: Protection) -> Self {
        match protection {
            Protection::Stopped => both("막음", "Stopped"),
            Protection::Shown => both("드러남", "Comes to light"),
            Protection::Partly => both("일부만 막음", "Partly"),
            Protection::NotStopped => both("막지 못함", "Not stopped"),
        }
    }
}
