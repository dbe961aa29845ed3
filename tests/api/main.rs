//! The API from outside: over TCP, on both databases.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod access;
mod audit;
mod bad_input;
mod batches;
mod chance;
mod conventions;
mod covers;
mod demo;
mod diagrams;
mod documents;
mod fan_out;
mod faults;
mod guides;
mod hand_over;
mod jobs;
mod join;
mod journey;
mod kill;
mod library;
mod manuals;
mod notifications;
mod office;
mod openapi;
mod policies;
mod processes;
mod read_access;
mod reports;
mod schedules;
mod service;
mod sessions;
mod simulate;
mod statements;
mod subprocess;
mod tasks;
mod touchpoints;
mod versions;
mod workflow;

/// A run that is not complete must not pass for one that is: where PostgreSQL is required, its half of the tests has to
/// be asked for, on a server.
#[test]
fn postgres_is_tested_where_it_is_required() {
    let required = std::env::var("BATON_TEST_POSTGRES").is_ok_and(|wish| wish == "required");
    let asked = std::env::args().any(|argument| argument == "--include-ignored");
    let server = std::env::var("TEST_DATABASE_URL").is_ok();
    assert!(
        !required || (asked && server),
        "BATON_TEST_POSTGRES=required needs TEST_DATABASE_URL and --include-ignored, as `make ci` gives them"
    );
}
