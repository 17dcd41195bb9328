//! Bad input: one clear sentence each, in the page's language, and no verdict that it does not deserve.

mod exports;
mod receipts;
mod sources;
mod trust_cards;

use crate::stage::Stage;
use crate::visit::BOTH;
use libtest_mimic::Trial;
use std::sync::Arc;

pub fn trials(stage: &Arc<Stage>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for reader in BOTH {
        trials.extend([
            stage.visit(
                "bad_input::empty_and_mistyped_receipts",
                reader,
                receipts::empty_and_mistyped,
            ),
            stage.visit(
                "bad_input::receipt_of_another_election",
                reader,
                receipts::of_another_election,
            ),
            stage.visit(
                "bad_input::height_not_yet_reached",
                reader,
                receipts::height_not_yet_reached,
            ),
            stage.visit("bad_input::node_unreachable", reader, sources::unreachable),
            stage.visit(
                "bad_input::another_node_answers",
                reader,
                sources::another_node_answers,
            ),
            stage.visit(
                "bad_input::trust_card_missing",
                reader,
                trust_cards::missing,
            ),
            stage.visit(
                "bad_input::trust_card_malformed",
                reader,
                trust_cards::malformed,
            ),
            stage.visit(
                "bad_input::trust_card_expired",
                reader,
                trust_cards::expired,
            ),
            stage.visit("bad_input::export_cut_short", reader, exports::cut_short),
            stage.visit(
                "bad_input::folder_that_is_no_export",
                reader,
                exports::no_export,
            ),
        ]);
    }
    trials
}
