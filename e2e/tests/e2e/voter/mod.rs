//! What a voter does.

mod challenges_a_refusal;
mod drops_a_file;
mod finds_it_missing;
mod keeps_the_proof;
mod opens_a_link;
mod pastes_a_receipt;
mod photographs_the_code;
mod scans_with_the_camera;
mod uses_the_keyboard_only;
mod votes_before_the_end;
mod watches_the_checks;

use crate::stage::Stage;
use crate::visit::BOTH;
use libtest_mimic::Trial;
use std::sync::Arc;

pub fn trials(stage: &Arc<Stage>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for reader in BOTH {
        trials.extend([
            stage.visit(
                "voter::scans_with_the_camera",
                reader,
                scans_with_the_camera::test,
            ),
            stage.visit(
                "voter::watches_the_checks",
                reader,
                watches_the_checks::test,
            ),
            stage.visit("voter::pastes_a_receipt", reader, pastes_a_receipt::test),
            stage.visit(
                "voter::names_the_ballot_to_nobody",
                reader,
                pastes_a_receipt::names_it_to_nobody,
            ),
            stage.visit("voter::opens_a_link", reader, opens_a_link::test),
            stage.visit("voter::drops_a_file", reader, drops_a_file::test),
            stage.visit(
                "voter::photographs_the_code",
                reader,
                photographs_the_code::test,
            ),
            stage.visit(
                "voter::photographs_the_desk",
                reader,
                photographs_the_code::without_a_code,
            ),
            stage.visit(
                "voter::asks_before_the_end",
                reader,
                votes_before_the_end::test,
            ),
            stage.visit(
                "voter::holds_a_receipt_of_a_refused_ballot",
                reader,
                challenges_a_refusal::test,
            ),
            stage.visit(
                "voter::finds_the_ballot_missing",
                reader,
                finds_it_missing::test,
            ),
            stage.visit("voter::keeps_the_proof", reader, keeps_the_proof::test),
            stage.visit(
                "voter::uses_the_keyboard_only",
                reader,
                uses_the_keyboard_only::test,
            ),
        ]);
    }
    trials
}
