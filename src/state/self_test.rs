//! The self-test: frozen forgeries that this very program must recognise before it may judge anything.

use verifier_core::{Hash, Verdict};

/// How the self-test stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SelfTest {
    #[default]
    Running,
    Passed(SelfTestReport),
    Failed(SelfTestReport),
}

/// What was tested.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelfTestReport {
    pub cases: Vec<Case>,
}

/// A case with the answer that this program gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub name: CaseName,
    /// `None`: the program gave no answer at all.
    pub actual: Option<Verdict>,
}

/// A frozen receipt or election, genuine or forged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseName {
    GenuineReceipt,
    MistypedReceipt,
    ReceiptOfAnotherElection,
    ForgedPromise,
    ReceiptWithAnotherMark,
    ReceiptAgainstAlteredBlock,
    ReceiptAgainstForgedSignature,
    ReceiptAgainstMisstatedOutcome,
    GenuineElection,
    ElectionWithForgedSignature,
    ElectionWithAlteredBallot,
    ElectionWithMisstatedOutcome,
    ElectionWithMisstatedTotals,
    ElectionCutShort,
    ElectionOfAnotherGenesis,
    /// All validators agreed on it and signed it.
    ElectionWithForgedBallot,
}

impl CaseName {
    /// Every case, in order.
    pub const ALL: [Self; 16] = [
        Self::GenuineReceipt,
        Self::MistypedReceipt,
        Self::ReceiptOfAnotherElection,
        Self::ForgedPromise,
        Self::ReceiptWithAnotherMark,
        Self::ReceiptAgainstAlteredBlock,
        Self::ReceiptAgainstForgedSignature,
        Self::ReceiptAgainstMisstatedOutcome,
        Self::GenuineElection,
        Self::ElectionWithForgedSignature,
        Self::ElectionWithAlteredBallot,
        Self::ElectionWithMisstatedOutcome,
        Self::ElectionWithMisstatedTotals,
        Self::ElectionCutShort,
        Self::ElectionOfAnotherGenesis,
        Self::ElectionWithForgedBallot,
    ];

    /// Whether the right answer is to accept it. A program that accepts nothing is as broken as one that accepts everything.
    pub fn is_genuine(self) -> bool {
        matches!(self, Self::GenuineReceipt | Self::GenuineElection)
    }
}

impl Case {
    /// Whether this program accepted it.
    pub fn is_accepted(&self) -> bool {
        self.actual == Some(Verdict::Accepted)
    }

    /// Whether it answered, and rightly.
    pub fn is_right(&self) -> bool {
        self.actual.is_some() && self.is_accepted() == self.name.is_genuine()
    }
}

impl SelfTest {
    /// Passed only if every case was tried and every answer is right.
    pub fn of(cases: Vec<Case>) -> Self {
        let all_tried = CaseName::ALL
            .iter()
            .all(|name| cases.iter().any(|case| case.name == *name));
        let all_right = cases.iter().all(Case::is_right);
        let report = SelfTestReport { cases };
        if all_tried && all_right {
            Self::Passed(report)
        } else {
            Self::Failed(report)
        }
    }
}

/// The digests of the files that the page consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BuildFiles {
    #[default]
    Unknown,
    /// Every file is the one that the list names; the digest is that of the list.
    Match { digest: Hash, files: usize },
    /// These files are not the ones that the list names.
    Differ { digest: Hash, files: Vec<String> },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases(actual: impl Fn(CaseName) -> Option<Verdict>) -> Vec<Case> {
        let case = |name| Case {
            name,
            actual: actual(name),
        };
        CaseName::ALL.map(case).to_vec()
    }

    fn right(name: CaseName) -> Option<Verdict> {
        Some(if name.is_genuine() {
            Verdict::Accepted
        } else {
            Verdict::Inconclusive
        })
    }

    #[test]
    fn passes_only_if_every_case_was_tried_and_every_answer_is_right() {
        assert!(matches!(SelfTest::of(cases(right)), SelfTest::Passed(_)));
        assert!(matches!(SelfTest::of(Vec::new()), SelfTest::Failed(_)));
        for wrong in CaseName::ALL {
            let accepts_all = |name| {
                if name != wrong {
                    right(name)
                } else if wrong.is_genuine() {
                    Some(Verdict::Rejected)
                } else {
                    Some(Verdict::Accepted)
                }
            };
            assert!(matches!(
                SelfTest::of(cases(accepts_all)),
                SelfTest::Failed(_)
            ));
            let silent = |name| if name == wrong { None } else { right(name) };
            assert!(matches!(SelfTest::of(cases(silent)), SelfTest::Failed(_)));
        }
    }
}
