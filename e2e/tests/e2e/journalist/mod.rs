//! What a journalist does.

mod catches_a_conspiracy;
mod compares_the_card;
mod compares_with_the_terminal;
mod is_interrupted;
mod pauses_and_cancels;
mod reads_the_other_pages;
mod recounts_from_a_node;

use crate::stage::Stage;
use crate::visit::BOTH;
use libtest_mimic::Trial;
use std::sync::Arc;

pub fn trials(stage: &Arc<Stage>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for reader in BOTH {
        trials.extend([
            stage.visit(
                "journalist::catches_a_conspiracy",
                reader,
                catches_a_conspiracy::test,
            ),
            stage.visit(
                "journalist::recounts_from_a_node",
                reader,
                recounts_from_a_node::test,
            ),
            stage.visit(
                "journalist::compares_the_trust_card",
                reader,
                compares_the_card::test,
            ),
            stage.visit(
                "journalist::prints_the_trust_card",
                reader,
                compares_the_card::prints,
            ),
            stage.visit(
                "journalist::compares_with_the_terminal",
                reader,
                compares_with_the_terminal::test,
            ),
            stage.visit(
                "journalist::pauses_resumes_and_cancels",
                reader,
                pauses_and_cancels::test,
            ),
            stage.visit(
                "journalist::goes_on_when_workers_end",
                reader,
                is_interrupted::workers_end,
            ),
            stage.visit(
                "journalist::goes_on_where_the_tab_was_closed",
                reader,
                is_interrupted::tab_closes,
            ),
            stage.visit(
                "journalist::waits_for_a_lost_line",
                reader,
                is_interrupted::line_is_lost,
            ),
            stage.visit(
                "journalist::recounts_without_storage",
                reader,
                is_interrupted::nothing_is_kept,
            ),
            stage.visit(
                "journalist::looks_at_the_nodes",
                reader,
                reads_the_other_pages::nodes,
            ),
            stage.visit(
                "journalist::sees_nodes_disagree",
                reader,
                reads_the_other_pages::nodes_that_differ,
            ),
            stage.visit(
                "journalist::looks_at_the_self_test",
                reader,
                reads_the_other_pages::self_test,
            ),
            stage.visit(
                "journalist::meets_a_page_that_fails_its_self_test",
                reader,
                reads_the_other_pages::self_test_fails,
            ),
            stage.visit(
                "journalist::reads_what_it_does_not_prove",
                reader,
                reads_the_other_pages::about,
            ),
        ]);
    }
    trials
}
