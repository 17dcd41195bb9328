//! Keeping a receipt: its QR code, its text, a link that leads back here, paper, and its proof.

use super::proof::ProofDesk;
use crate::components::{Identifier, PrintReceipt, Qr, ReceiptSlip, use_language};
use crate::services::document::Paper;
use crate::services::{address, document, download};
use crate::text::{KeepText, Language, ReceiptText as Text, receipt_file};
use std::rc::Rc;
use verifier_core::{Contract, Receipt, ReceiptProofCollect, TrustCard};
use yew::prelude::*;

const FILE: &str = "chamgwan-receipt.txt";

/// The card with QR code, text and link. A proof can be had where the check found the ballot.
pub fn keep(
    language: Language,
    card: &Rc<TrustCard>,
    receipt: &Rc<Receipt>,
    node: usize,
    proof: Option<Rc<ReceiptProofCollect>>,
) -> Html {
    let link = format!(
        "{}#/check?r={}",
        address::without_fragment(),
        receipt.to_text()
    );
    let contract = Rc::new(card.contract.clone());
    html! {
        <section class="card keep no-print">
            <div>
                <h2>{ language.say(Text::Keep) }</h2>
                <p class="quiet">{ language.say(Text::KeepText) }</p>
                <details>
                    <summary>{ language.say(Text::ReceiptCode) }</summary>
                    <Identifier value={receipt.to_text()} testid="receipt-code" />
                </details>
                <CopyButton text={link} />
                <div class="buttons">
                    { save_button(language, receipt, &contract) }
                    <PrintReceipt paper={Paper::Sheet} />
                    <PrintReceipt paper={Paper::Roll} />
                </div>
                { for proof.map(|proof| html! { <ProofDesk card={card.clone()} {node} {proof} /> }) }
            </div>
            <Qr text={receipt.to_text()} label={language.say(Text::QrAlt)} testid="receipt-qr" />
            <ReceiptSlip receipt={receipt.clone()} {contract} />
        </section>
    }
}

fn save_button(language: Language, receipt: &Receipt, contract: &Contract) -> Html {
    let file = receipt_file(receipt, contract);
    let onclick = Callback::from(move |_| {
        download::save(FILE, "text/plain;charset=utf-8", file.as_bytes());
    });
    html! { <button type="button" class="button small" {onclick} data-testid="receipt-save-text">{ language.say(KeepText::SaveText) }</button> }
}

#[derive(Clone, PartialEq, Properties)]
struct CopyButtonProps {
    text: AttrValue,
}

/// Copies a text and says so.
#[component]
fn CopyButton(props: &CopyButtonProps) -> Html {
    let language = use_language();
    let copied = use_state_eq(|| false);
    let onclick = {
        let (copied, text) = (copied.clone(), props.text.clone());
        Callback::from(move |_| {
            document::copy(&text);
            copied.set(true);
        })
    };
    html! {
        <div class="buttons">
            <button type="button" class="button small" {onclick} data-testid="copy-link">{ language.say(Text::CopyLink) }</button>
            <span class="small quiet" role="status">{ copied.then(|| language.say(Text::Copied)) }</span>
        </div>
    }
}
