//! The self-test: frozen forgeries that this very program must recognise before it may judge anything.

use recount_worker::CaseName;
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
    /// Passed only if every one of the expected cases was tried and every answer is right.
    pub fn of(expected: &[CaseName], cases: Vec<Case>) -> Self {
        let all_tried = expected
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

    fn cases(expected: &[CaseName], actual: impl Fn(CaseName) -> Option<Verdict>) -> Vec<Case> {
        let case = |name: &CaseName| Case {
            name: *name,
            actual: actual(*name),
        };
        expected.iter().map(case).collect()
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
        for expected in [CaseName::RECEIPTS, CaseName::ELECTIONS] {
            let of = |actual: &dyn Fn(CaseName) -> Option<Verdict>| {
                SelfTest::of(&expected, cases(&expected, actual))
            };
            assert!(matches!(of(&right), SelfTest::Passed(_)));
            let nothing = SelfTest::of(&expected, Vec::new());
            assert!(matches!(nothing, SelfTest::Failed(_)));
            for wrong in expected {
                let accepts_all = |name: CaseName| {
                    if name != wrong {
                        right(name)
                    } else if wrong.is_genuine() {
                        Some(Verdict::Rejected)
                    } else {
                        Some(Verdict::Accepted)
                    }
                };
                assert!(matches!(of(&accepts_all), SelfTest::Failed(_)));
                let silent = |name| if name == wrong { None } else { right(name) };
                assert!(matches!(of(&silent), SelfTest::Failed(_)));
            }
        }
    }
}
