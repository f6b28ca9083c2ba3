//! The store's story: written once, told to SQLite and, where `TUTELA_TEST_POSTGRES` names a server
//! such as `postgres://postgres@127.0.0.1:5432/postgres`, to PostgreSQL too.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod alerts;
mod banks;
mod creation;
mod earlier;
mod exchanges;
mod keyed;
mod killed;
mod ledger;
mod lists;
mod opening;
mod people;
mod places;
mod queue;
mod scans;
mod things;
mod tokens;
mod transfers;

/// Runs each chapter in a store of its own on each database.
macro_rules! story {
    ($($module:ident::$chapter:ident,)*) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $chapter() {
                crate::places::on_sqlite(crate::$module::$chapter).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $chapter() {
                crate::places::on_postgres(crate::$module::$chapter).await;
            })*
        }
    };
}

story! {
    opening::a_store_opens_again_as_it_was,
    opening::a_store_of_a_later_version_is_refused,
    opening::several_programs_may_create_one_store,
    people::operators_and_cases_are_kept,
    people::a_password_is_set_and_replaced,
    people::what_is_refused_leaves_no_trace,
    queue::findings_are_filtered_counted_and_told_by_day,
    queue::what_is_held_back_comes_in_pages,
    tokens::tokens_are_kept_until_revoked,
    tokens::refused_tokens_leave_no_trace,
    creation::what_people_say_of_content_is_only_added_to,
    scans::a_scan_runs_stops_goes_on_and_ends,
    scans::everything_about_an_exhibit_reads_back,
    scans::everything_about_a_finding_reads_back,
    scans::a_batch_is_stored_whole_or_not_at_all,
    scans::a_person_decides_once_about_a_finding,
    scans::hostile_names_are_kept_as_they_are,
    scans::large_batches_keep_their_order,
    earlier::earlier_scans_are_found_by_what_they_hold,
    earlier::signals_come_in_pages,
    earlier::statements_are_only_added_to,
    lists::a_list_shows_only_once_it_is_complete,
    lists::everything_about_an_entry_reads_back,
    lists::remains_of_dead_imports_are_cleared,
    lists::a_list_is_removed_with_its_entries,
    banks::banks_are_made_changed_and_removed,
    banks::everything_about_a_content_reads_back,
    banks::readers_hear_of_every_change_once,
    banks::a_match_is_a_finding_once,
    exchanges::an_exchange_is_made_with_its_bank,
    exchanges::pages_move_content_and_cursor_together,
    exchanges::one_process_fetches_at_a_time,
    exchanges::verdicts_wait_until_they_are_sent,
    exchanges::deliveries_wait_until_they_are_taken,
    exchanges::a_claim_is_held_by_whoever_renews_it,
    keyed::a_request_with_a_key_is_done_once,
    transfers::everything_about_a_transfer_reads_back,
    transfers::a_file_of_transfers_shows_whole_and_once,
    transfers::what_comes_one_by_one_joins_one_stream,
    transfers::words_about_people_are_erased_and_transfers_stay,
    alerts::an_account_is_alerted_once_and_closed_by_two,
    alerts::the_queue_is_filtered_and_ranked,
    ledger::writers_that_meet_leave_no_gap,
    ledger::the_ledger_in_the_store_verifies,
    ledger::erasure_leaves_the_ledger_valid,
    ledger::lines_are_found_by_what_they_are_about,
    ledger::checkpoints_are_kept_once,
}
