//! What the receipt says, and the evidence for experts.

use crate::components::{CheckEvidence, Identifier};
use crate::services;
use crate::state::Run;
use crate::text::{Both, DateTime, KeepText, Language, ReceiptText as Text, grouped};
use std::rc::Rc;
use verifier_core::{CheckId, Evidence, Receipt, Report, TrustCard, short_code};
use yew::prelude::*;

/// The receipt's fields, the node asked and, once there is a report, its digest.
pub fn receipt_facts(
    language: Language,
    card: &TrustCard,
    run: &Run,
    report: Option<&Report>,
) -> Html {
    let receipt = &run.receipt;
    let asset = receipt.asset;
    let promise = &receipt.promise;
    let source = card
        .nodes
        .get(run.node)
        .map(|node| services::node::name(card, node.municipality));
    let pairs: [(Text, Both); 6] = [
        (Text::Asset, Both::plain(asset.to_string())),
        (
            Text::Mark,
            Both::plain(String::from_utf8_lossy(&receipt.mark).into_owned()),
        ),
        (
            Text::Municipality,
            services::node::name(card, promise.municipality),
        ),
        (Text::PromisedAt, DateTime::of(promise.time).into()),
        (Text::Deadline, DateTime::of(promise.deadline).into()),
        (
            Text::Height,
            Both::plain(receipt.height.map_or_else(|| "–".into(), |h| h.to_string())),
        ),
    ];
    html! {
        <section class="card plain">
            <h2>{ language.say(Text::ReceiptTitle) }</h2>
            <dl class="pairs">
                <dt>{ language.say(KeepText::ShortCode) }</dt>
                <dd><b class="short-code" data-testid="short-code">{ short_code(&receipt.tracking_code) }</b></dd>
                <dt>{ language.say(Text::TrackingCode) }</dt>
                <dd><Identifier value={receipt.tracking_code.to_string()} testid="tracking-code" /></dd>
                { for pairs.into_iter().map(|(name, value)| html! { <><dt>{ language.say(name) }</dt><dd>{ language.say(value) }</dd></> }) }
                { for source.map(|name| html! { <><dt>{ language.say(Text::Source) }</dt><dd data-testid="receipt-source">{ language.say(name) }</dd></> }) }
                { for report.map(|report| html! {
                    <><dt>{ language.say(Text::Digest) }</dt><dd><Identifier value={report.digest().to_string()} testid="report-digest" /></dd></>
                }) }
            </dl>
        </section>
    }
}

/// What an expert wants to see, each under the check that it belongs to.
pub fn evidence_of(
    language: Language,
    card: &TrustCard,
    receipt: &Receipt,
    evidence: &Evidence,
) -> Rc<[CheckEvidence]> {
    let mut list = Vec::new();
    let mut add = |check, name: Text, value: String| {
        list.push(CheckEvidence {
            check,
            name: language.say(name),
            value: value.into(),
        });
    };
    let promised_by = services::node::name(card, receipt.promise.municipality);
    add(
        CheckId::ReceiptPromise,
        Text::Municipality,
        language.say(promised_by).to_string(),
    );
    add(
        CheckId::ReceiptPromise,
        Text::Signature,
        hex::encode(receipt.promise.signature),
    );
    if let Some((height, hash, time)) = evidence.anchor {
        add(CheckId::ReceiptHeader, Text::Anchor, grouped(height));
        add(CheckId::ReceiptHeader, Text::Fingerprint, hash.to_string());
        add(
            CheckId::ReceiptHeader,
            Text::Time,
            language.say(DateTime::of(time)).to_string(),
        );
        add(
            CheckId::ReceiptHeader,
            Text::Signers,
            signers(language, card, evidence),
        );
    }
    if let Some((from, to)) = evidence.searched {
        add(
            CheckId::ReceiptBlocks,
            Text::Range,
            format!("{} – {}", grouped(from), grouped(to)),
        );
        add(
            CheckId::ReceiptBlocks,
            Text::Ballots,
            grouped(evidence.ballots_searched),
        );
    }
    if let Some((height, hash, time)) = evidence.block {
        add(CheckId::ReceiptBallot, Text::Height, grouped(height));
        add(CheckId::ReceiptBallot, Text::Fingerprint, hash.to_string());
        add(
            CheckId::ReceiptBallot,
            Text::Time,
            language.say(DateTime::of(time)).to_string(),
        );
        add(
            CheckId::ReceiptBallot,
            Text::TrackingCode,
            receipt.tracking_code.to_string(),
        );
    }
    list.into()
}

fn signers(language: Language, card: &TrustCard, evidence: &Evidence) -> String {
    let names = evidence
        .signers
        .iter()
        .filter_map(|at| card.validators.get(*at));
    let names: Vec<String> = names
        .map(|v| {
            language
                .say(Both::new(v.name_ko.clone(), v.name_en.clone()))
                .to_string()
        })
        .collect();
    format!(
        "{} / {}: {}",
        names.len(),
        card.validators.len(),
        names.join(", ")
    )
}
