//! All nodes of a trust card at once: whether they show the header that a verification relied on.

use crate::source::Source;
use anyhow::{Context, Result};
use clap::Args;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;
use verifier_core::{
    Agreement, Anchor, Answer, Consensus, NodeAddress, NodeStanding, Request, Seconds, Survey,
    TrustCard, Verdict,
};

/// A node that is a block behind gets so many chances to catch up, this long apart.
const PATIENCE: u32 = 5;
const PAUSE: Duration = Duration::from_secs(1);

/// Which nodes to compare, and what of it to keep.
#[derive(Args)]
pub struct Witnesses {
    /// How many nodes must agree before a result without a final header is accepted; by default more than a third of the
    /// municipalities and at least three, or all nodes of the trust card where it names fewer.
    #[arg(long, value_name = "N")]
    agree: Option<usize>,
    /// Another node to compare, beside those of the trust card. May be given several times.
    #[arg(long, value_name = "URL")]
    witness: Vec<String>,
    /// Where to write the evidence if two nodes conflict.
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
}

/// What the nodes say about a verification that is over.
pub struct Compared {
    pub agreement: Agreement,
    /// The nodes' addresses, in the order of the agreement.
    pub urls: Vec<String>,
}

impl Witnesses {
    /// Compares all nodes at the header that was relied on, the node asked for everything else among them.
    pub fn compare(
        &self,
        card: &TrustCard,
        asked: Option<&str>,
        relied_on: Option<Anchor>,
        now: Seconds,
    ) -> Result<Compared> {
        let card = self.with_witnesses(card, asked);
        let urls: Vec<_> = card.nodes.iter().map(|node| node.url.clone()).collect();
        let mut agreement = self.survey(&card, relied_on, now)?;
        for _ in 0..PATIENCE {
            if !may_catch_up(&agreement) {
                break;
            }
            thread::sleep(PAUSE);
            agreement = self.survey(&card, relied_on, now)?;
        }
        if let (Some(path), Some(evidence)) = (&self.evidence, &agreement.evidence) {
            write(path, &evidence.to_json())?;
        }
        Ok(Compared { agreement, urls })
    }

    /// The card with further nodes on it; nothing rests on its list of nodes.
    fn with_witnesses(&self, card: &TrustCard, asked: Option<&str>) -> TrustCard {
        let mut card = card.clone();
        for url in asked
            .into_iter()
            .chain(self.witness.iter().map(String::as_str))
        {
            let url = url.trim_end_matches('/');
            let mut listed = card.nodes.iter();
            if !listed.any(|node| node.url.trim_end_matches('/') == url) {
                card.nodes.push(NodeAddress {
                    municipality: u16::MAX,
                    url: url.to_string(),
                });
            }
        }
        card
    }

    fn survey(
        &self,
        card: &TrustCard,
        relied_on: Option<Anchor>,
        now: Seconds,
    ) -> Result<Agreement> {
        let mut survey = Survey::new(card, now, None)?;
        if let Some(anchor) = relied_on {
            survey = survey.relying_on(anchor);
        }
        if let Some(required) = self.agree {
            survey = survey.requiring(required);
        }
        let sources: Vec<_> = card.nodes.iter().map(|n| Source::node(&n.url)).collect();
        loop {
            let needs = survey.needs();
            if needs.is_empty() {
                return Ok(survey.agreement());
            }
            for (node, request, answer) in fetch_all(&sources, needs) {
                survey.supply(node, &request, answer);
            }
        }
    }
}

/// Asks all nodes at the same time, each for one thing after another.
fn fetch_all(sources: &[Source], needs: Vec<(usize, Request)>) -> Vec<(usize, Request, Answer)> {
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for (node, source) in sources.iter().enumerate() {
            let needs = &needs;
            threads.push(scope.spawn(move || {
                let requests = needs.iter().filter(|need| need.0 == node);
                let answers = requests.map(|(_, it)| (node, it.clone(), source.fetch(it)));
                answers.collect::<Vec<_>>()
            }));
        }
        let joined = threads.into_iter().filter_map(|thread| thread.join().ok());
        joined.flatten().collect()
    })
}

fn may_catch_up(agreement: &Agreement) -> bool {
    let close = |node: &NodeStanding| matches!(node, NodeStanding::Behind { latest } if latest + 20 >= agreement.height);
    matches!(agreement.consensus(), Consensus::TooFew { .. }) && agreement.nodes.iter().any(close)
}

fn write(path: &Path, json: &str) -> Result<()> {
    std::fs::write(path, json)
        .with_context(|| format!("the evidence cannot be written to {}", path.display()))
}

impl Compared {
    /// The verdict to give: none is accepted on a history that conflicts with another, nor on the word of too few where the trust
    /// card names no final header.
    pub fn gate(&self, verdict: Verdict, card: &TrustCard) -> Verdict {
        match (self.agreement.consensus(), verdict) {
            (Consensus::Conflict | Consensus::Rewritten, _) => Verdict::Inconclusive,
            (Consensus::TooFew { .. }, Verdict::Accepted) if card.final_header.is_none() => {
                Verdict::Inconclusive
            }
            (Consensus::TooFew { .. } | Consensus::Enough, verdict) => verdict,
        }
    }

    /// Whether two histories were shown, each validly signed.
    pub fn conflicts(&self) -> bool {
        let consensus = self.agreement.consensus();
        matches!(consensus, Consensus::Conflict | Consensus::Rewritten)
    }

    /// Says on the error stream how the nodes stand, so that the report stays alone on the other.
    pub fn print(&self, card: &TrustCard) {
        for (url, standing) in self.urls.iter().zip(&self.agreement.nodes) {
            eprintln!("  {url}: {}", describe(standing));
        }
        eprintln!("{}", self.sentence(card));
        if let Some(evidence) = &self.agreement.evidence {
            eprint!("{}", crate::evidence::describe(evidence, card));
        }
    }

    fn sentence(&self, card: &TrustCard) -> String {
        match self.agreement.consensus() {
            Consensus::Enough => format!(
                "{} of {} nodes agree on block {}.",
                self.agreement.agreeing(),
                self.urls.len(),
                self.agreement.height
            ),
            Consensus::TooFew { agree, required } if card.final_header.is_some() => format!(
                "{agree} of {required} nodes agree; the trust card's final header needs none of them."
            ),
            Consensus::TooFew { agree, required } => format!(
                "Only {agree} nodes agree, {required} must; nothing is accepted on the word of so few. Say --agree to ask for fewer."
            ),
            Consensus::Conflict => "NODES CONFLICT: the validators signed two histories. Nothing is accepted. Keep the evidence (--evidence FILE).".into(),
            Consensus::Rewritten => "HISTORY WAS REWRITTEN. Nothing is accepted.".into(),
        }
    }
}

fn describe(standing: &NodeStanding) -> String {
    match standing {
        NodeStanding::Asked => "not heard".into(),
        NodeStanding::Agrees { latest } => format!("agrees (at block {latest})"),
        NodeStanding::Behind { latest } => format!("behind, at block {latest}"),
        NodeStanding::Unreachable(fault) => format!("unreachable: {fault}"),
        NodeStanding::Faulty(fault) => format!("FAULTY: {fault}"),
        NodeStanding::Conflicts { height, hash } => {
            format!("CONFLICTS: it shows the signed header {hash} at {height}")
        }
        NodeStanding::Rewrote { known, told } => {
            format!("REWROTE HISTORY: it shows {told}, earlier it was {known}")
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use verifier_core::{FrozenElection, HeaderHash, SourceFault};

    fn card() -> TrustCard {
        let json = include_str!("../../verifier-core/vectors/elections/good.json");
        FrozenElection::parse(json, None).unwrap().card
    }

    fn during() -> TrustCard {
        TrustCard {
            final_header: None,
            ..card()
        }
    }

    fn compared(nodes: Vec<NodeStanding>) -> Compared {
        Compared {
            urls: vec![String::new(); nodes.len()],
            agreement: Agreement {
                height: 9,
                hash: None,
                nodes,
                required: 2,
                evidence: None,
            },
        }
    }

    fn silent() -> NodeStanding {
        NodeStanding::Unreachable(SourceFault::Unreachable)
    }

    const AGREES: NodeStanding = NodeStanding::Agrees { latest: 9 };
    const VERDICTS: [Verdict; 3] = [Verdict::Accepted, Verdict::Rejected, Verdict::Inconclusive];

    #[test]
    fn enough_nodes_leave_every_verdict() {
        let enough = compared(vec![AGREES, AGREES, silent()]);
        for verdict in VERDICTS {
            assert_eq!(enough.gate(verdict, &during()), verdict);
        }
    }

    #[test]
    fn nothing_is_accepted_on_the_word_of_too_few_unless_the_card_names_the_end() {
        let few = compared(vec![AGREES, silent()]);
        let gated = VERDICTS.map(|verdict| few.gate(verdict, &during()));
        assert_eq!(
            gated,
            [
                Verdict::Inconclusive,
                Verdict::Rejected,
                Verdict::Inconclusive
            ]
        );
        assert_eq!(few.gate(Verdict::Accepted, &card()), Verdict::Accepted);
    }

    #[test]
    fn a_conflict_and_rewritten_history_leave_no_verdict_whatever_the_card_names() {
        let (hash, other) = (HeaderHash([1; 32]), HeaderHash([2; 32]));
        let conflicts = NodeStanding::Conflicts { height: 9, hash };
        let rewrote = NodeStanding::Rewrote {
            known: hash,
            told: other,
        };
        for standing in [conflicts, rewrote] {
            let compared = compared(vec![AGREES, AGREES, standing]);
            assert!(compared.conflicts());
            for verdict in VERDICTS {
                assert_eq!(compared.gate(verdict, &card()), Verdict::Inconclusive);
            }
        }
    }

    #[test]
    fn a_witness_is_asked_once_however_its_address_ends() {
        let [first, second] = ["http://one.example", "http://another.example"];
        let mut card = card();
        card.nodes = vec![NodeAddress {
            municipality: 0,
            url: first.into(),
        }];
        let witnesses = Witnesses {
            agree: None,
            witness: vec![format!("{first}/"), second.into()],
            evidence: None,
        };
        let listed = witnesses.with_witnesses(&card, Some(first)).nodes;
        let urls: Vec<_> = listed.iter().map(|node| node.url.as_str()).collect();
        assert_eq!(urls, [first, second]);
    }
}
