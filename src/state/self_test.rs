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

/// What was tested, and which files the page consists of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SelfTestReport {
    pub cases: Vec<Case>,
    pub build: BuildFiles,
}

/// A case with the answer that this program gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub name: CaseName,
    /// `None`: the program gave no answer at all.
    pub actual: Option<Verdict>,
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
