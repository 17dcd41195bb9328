//! What all pages share: the trust card, the outcome of the self-test, and what the nodes say.

use super::self_test::{BuildFiles, SelfTest};
use super::watch::{Found, Watch};
use std::rc::Rc;
use verifier_core::{Hash, SourceFault, TrustCard, TrustCardError};
use yew::prelude::*;

/// The trust card, or why there is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Trust {
    #[default]
    Loading,
    Ready(Rc<TrustCard>),
    Missing(SourceFault),
    Malformed(TrustCardError),
}

/// The state that all pages share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Session {
    trust: Trust,
    self_test: SelfTest,
    /// The same of the workers that recount, once somebody wants to.
    recount_test: Option<SelfTest>,
    build: BuildFiles,
    watch: Watch,
}

/// What changes it.
#[derive(Clone, Debug, PartialEq)]
pub enum SessionChange {
    CardRead(Trust),
    SelfTested(SelfTest),
    RecountTested(SelfTest),
    BuildRead(BuildFiles),
    /// A survey of the nodes begins.
    Asking,
    /// A survey ended.
    Surveyed(Rc<Found>),
    /// A survey is wanted at once.
    AskAgain,
    /// What was kept of earlier visits is gone.
    Forgotten,
}

impl Session {
    /// The trust card, as far as it is known.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// The card, once something may be verified with it.
    pub fn card(&self) -> Option<&Rc<TrustCard>> {
        match (&self.trust, &self.self_test) {
            (Trust::Ready(card), SelfTest::Passed(_)) => Some(card),
            _ => None,
        }
    }

    /// What the nodes say.
    pub fn watch(&self) -> &Watch {
        &self.watch
    }

    /// How the self-test stands.
    pub fn self_test(&self) -> &SelfTest {
        &self.self_test
    }

    /// How that of the workers stands; nothing if nobody asked for it.
    pub fn recount_test(&self) -> Option<&SelfTest> {
        self.recount_test.as_ref()
    }

    /// The files that the page consists of.
    pub fn build(&self) -> &BuildFiles {
        &self.build
    }

    /// The digest of the page's files.
    pub fn build_digest(&self) -> Option<Hash> {
        match &self.build {
            BuildFiles::Match { digest, .. } | BuildFiles::Differ { digest, .. } => Some(*digest),
            BuildFiles::Unknown => None,
        }
    }
}

impl Reducible for Session {
    type Action = SessionChange;

    fn reduce(self: Rc<Self>, change: SessionChange) -> Rc<Self> {
        let mut next = (*self).clone();
        match change {
            SessionChange::CardRead(trust) => {
                next.trust = trust;
                next.watch = Watch::default(); // another card, other nodes
            }
            SessionChange::Asking => next.watch.begin(),
            SessionChange::Surveyed(found) => next.watch.take(found),
            SessionChange::AskAgain => next.watch.ask_again(),
            SessionChange::Forgotten => next.watch.forget(),
            SessionChange::SelfTested(self_test) => next.self_test = self_test,
            SessionChange::RecountTested(test) => next.recount_test = Some(test),
            SessionChange::BuildRead(build) => next.build = build,
        }
        next.into()
    }
}

/// The state that all pages share.
#[hook]
pub fn use_session() -> UseReducerHandle<Session> {
    use_context().expect("the frame provides the session")
}
