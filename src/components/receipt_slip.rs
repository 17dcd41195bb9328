//! A receipt on paper: drawn beside the page, seen in print only, on a sheet or on a printer's roll.

use super::header::use_language;
use super::qr::Qr;
use crate::services::document::{self, Paper};
use crate::text::{KeepText as Text, ReceiptText, receipt_lines};
use std::rc::Rc;
use verifier_core::{Contract, Receipt};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct ReceiptSlipProps {
    pub receipt: Rc<Receipt>,
    pub contract: Rc<Contract>,
}

/// The slip. It stands directly in the body, so that print styles can leave out everything else.
#[component]
pub fn ReceiptSlip(props: &ReceiptSlipProps) -> Html {
    let language = use_language();
    let receipt = &props.receipt;
    let lines = receipt_lines(receipt, &props.contract);
    let slip = html! {
        <section class="receipt-slip" aria-hidden="true" data-testid="receipt-slip">
            <h1>{ language.say(Text::SlipTitle) }</h1>
            <p class="slip-title">{ language.say(&props.contract.title) }</p>
            <Qr text={receipt.to_text()} label={language.say(ReceiptText::QrAlt)} testid="slip-qr" />
            <dl>
                { for lines.into_iter().map(|(name, value)| html! { <div><dt>{ language.say(name) }</dt><dd>{ language.say(value) }</dd></div> }) }
            </dl>
            <p>{ language.say(Text::SlipPrivate) }{ " " }{ language.say(Text::SlipHow) }</p>
            <p class="slip-code">{ receipt.tracking_code.to_string() }</p>
            <p class="slip-code">{ receipt.to_text() }</p>
        </section>
    };
    create_portal(slip, document::body())
}

#[derive(Clone, PartialEq, Properties)]
pub struct PrintButtonProps {
    pub paper: Paper,
}

/// Prints the slip that the page holds.
#[component]
pub fn PrintReceipt(props: &PrintButtonProps) -> Html {
    let language = use_language();
    let paper = props.paper;
    let (label, testid) = match paper {
        Paper::Sheet => (Text::PrintSheet, "receipt-print-a4"),
        Paper::Roll => (Text::PrintSlip, "receipt-print-80mm"),
    };
    let onclick = Callback::from(move |_| document::print_receipt(paper));
    html! { <button type="button" class="button small" {onclick} data-testid={testid}>{ language.say(label) }</button> }
}
