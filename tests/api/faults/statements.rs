//! Every operation that changes something, with each of its statements failing in turn.

use std::fmt::Display;

use persistence::Fault;
use tests::{
    Database, Reply, TestApp,
    document::{Operation, operations},
    run,
};

use super::{
    bench::{Bench, MOST, PATIENT},
    scene::{Request, Scene},
};

/// What a client hears when it is not its fault: nothing of what has failed.
const EXCUSE: &str = "Something went wrong on our side; the request id names it in our logs.";

fn is_excused(bench: &Bench, reply: &Reply, at: &impl Display) {
    let excused = reply.status == 500 && reply["detail"] == EXCUSE;
    bench.expect(excused, || format!("{at}: {} {}", reply.status, reply.text));
}

/// Sends a request with each of its statements failing in turn, until it is carried out; the answer that it then has.
async fn in_spite_of_all(bench: &Bench, request: &Request) -> Reply {
    let id = request.operation.id;
    let before = bench.stored().await;
    for number in 1..MOST {
        let at = format!("{id}, statement {number}");
        let tried = bench
            .with_fault(bench.failure(number), &before, request.send())
            .await;
        if !tried.struck {
            return tried.outcome;
        }
        is_excused(bench, &tried.outcome, &at);
        let changed = tried.changed();
        bench.expect(changed.is_empty(), || {
            format!("{at} failed, and changed {changed:?}")
        });
        if !is_keyed(request.operation) {
            continue;
        }
        let tried = bench
            .with_fault((number, Fault::AnswerLost), &before, request.send())
            .await;
        if !tried.struck {
            return tried.outcome;
        }
        is_excused(bench, &tried.outcome, &at);
        if !tried.changed().is_empty() {
            // It was the COMMIT: the request has been carried out, and its client does not know.
            let again = request.send().await;
            let replayed = again.header("idempotency-replayed") == Some("true");
            bench.expect(replayed, || {
                format!("{at} is COMMIT, and then: {}", again.text)
            });
            return again;
        }
    }
    panic!("{id} sends more than {MOST} statements");
}

fn is_keyed(operation: &Operation) -> bool {
    operation
        .parameters("header")
        .any(|parameter| parameter["name"] == "Idempotency-Key")
}

/// Everything that is not a question, in an order in which one does not take away what another is about.
fn changes() -> Vec<&'static Operation> {
    let changes = operations().iter();
    let mut all: Vec<_> = changes
        .filter(|operation| operation.method != "GET")
        .collect();
    all.sort_by_key(|operation| {
        let ends = operation.method == "DELETE" || operation.id.starts_with("archive");
        (ends, operation.id == "deleteTeam")
    });
    all
}

/// Has a request carried out in spite of all; once, however often it is sent under its key.
async fn happens_once(bench: &Bench, scene: &Scene, operation: &'static Operation) {
    let id = operation.id;
    let mut request = scene.request(operation).await;
    if is_keyed(operation) {
        request = request.under(&format!("faults-{id}"));
    }
    let before = bench.stored().await;
    let reply = in_spite_of_all(bench, &request).await;
    bench.expect(reply.status < 300, || {
        format!("say in scene.rs how {id} is asked for: {}", reply.text)
    });
    let after = bench.stored().await;
    // What is asked by a POST, because it is too long for an address, changes nothing.
    if is_keyed(operation) && after != before {
        let again = request.send().await;
        let replayed = again.header("idempotency-replayed") == Some("true");
        bench.expect(replayed && again.text == reply.text, || {
            format!("{id} is not replayed: {}", again.text)
        });
        bench.expect(bench.stored().await == after, || {
            format!("{id} happened twice")
        });
    }
}

fn every_statement_fails(database: Database) {
    run(database, &PATIENT, async |app: TestApp| {
        let scene = Scene::open(&app).await;
        let bench = Bench::open(&app).await;
        for operation in changes() {
            happens_once(&bench, &scene, operation).await;
        }
        bench.close().await;
    });
}

#[test]
fn nothing_is_half_done_when_a_statement_fails_on_sqlite() {
    every_statement_fails(Database::Sqlite);
}

#[test]
#[ignore = "asks for PostgreSQL: scripts/with-postgres.sh cargo test … -- --include-ignored"]
fn nothing_is_half_done_when_a_statement_fails_on_postgres() {
    every_statement_fails(Database::Postgres);
}

/// As when two transactions have met that cannot both go on; a file has only one that writes.
#[test]
#[ignore = "asks for PostgreSQL: scripts/with-postgres.sh cargo test … -- --include-ignored"]
fn what_met_another_is_tried_again_and_happens_once() {
    const MET: Fault = Fault::Instead(
        "DO $$ BEGIN RAISE EXCEPTION 'two have met' USING ERRCODE = 'serialization_failure'; END $$",
    );
    run(Database::Postgres, &PATIENT, async |app: TestApp| {
        let scene = Scene::open(&app).await;
        let bench = Bench::open(&app).await;
        for id in ["completeTask", "startProcess", "createEntity"] {
            let operation = tests::document::operation(id);
            let mut carried_out = 0;
            for number in 1..MOST {
                let key = format!("met-{id}-{number}");
                let request = scene.request(operation).await.under(&key);
                let before = bench.stored().await;
                let tried = bench
                    .with_fault((number, MET), &before, request.send())
                    .await;
                let reply = &tried.outcome;
                if reply.status < 300 {
                    carried_out += 1;
                    let after = bench.stored().await;
                    let again = request.send().await;
                    assert_eq!(again.text, reply.text);
                    bench.expect(bench.stored().await == after, || format!("{key}: twice"));
                } else {
                    // Reads before the transaction are not tried again.
                    let busy = reply.status == 503 && tried.changed().is_empty();
                    bench.expect(busy, || format!("{key}: {}", reply.text));
                }
                if !tried.struck {
                    break;
                }
            }
            assert!(carried_out > 5, "{id} was carried out {carried_out} times");
        }
        bench.close().await;
    });
}
