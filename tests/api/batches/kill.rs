//! A server that is killed again and again while it works on a batch (E17).

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tests::{Client, Database, Program, Reply, run_program};

use crate::{
    kill::{all, sign_in},
    workflow::{definition, publish_as},
};

const ENTITIES: usize = 240;

async fn follow(admin: &Client, path: &str) -> Reply {
    admin.get(path).await.ok(200)
}

/// Waits until so many have been started.
async fn until(admin: &Client, path: &str, started: u64) {
    let deadline = Instant::now() + Duration::from_mins(2);
    while follow(admin, path).await["counts"]["started"].as_u64() < Some(started) {
        assert!(Instant::now() < deadline, "the batch stands still");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn killed(mut program: Program) {
    program.start(&["serve", "--no-worker"]).await;
    let admin = sign_in(&program).await;
    let mine = json!([{ "is": "initiator" }]);
    let tasks = [
        json!({ "key": "first", "title": "Begin", "owner": mine }),
        json!({ "key": "second", "title": "End", "owner": mine, "after": [{ "task": "first" }] }),
    ];
    let process_type = publish_as(&admin, definition("short", &tasks)).await;
    let mut entities = Vec::new();
    for number in 0..ENTITIES {
        let body = json!({ "name": format!("Household {number}"), "kind": "household" });
        entities.push(
            admin
                .post("/v1/entities", body)
                .await
                .ok(201)
                .id()
                .to_owned(),
        );
    }
    let body = json!({ "process_type_id": process_type, "entity_ids": entities });
    let begun = admin.post("/v1/batches", body).await.ok(202);
    let path = begun.header("location").unwrap().to_owned();
    program.kill();

    // The kill comes whenever a stretch has just been seen, that is while another is under way.
    for started in [1, 81, 161] {
        program.start(&["serve"]).await;
        until(&admin, &path, started).await;
        program.kill();
    }
    program.start(&["serve"]).await;
    until(&admin, &path, u64::try_from(ENTITIES).unwrap()).await;
    let done = follow(&admin, &path).await;
    assert_eq!(
        (&done["status"], &done["progress"]),
        (&json!("completed"), &json!(1.0))
    );

    let items = all(&admin, &format!("{path}/items?limit=200")).await;
    let processes = all(
        &admin,
        &format!("/v1/processes?batch_id={}&limit=200", begun.id()),
    )
    .await;
    assert_eq!(processes.len(), ENTITIES, "one each");
    let of = |values: &[Value], member: &str| -> BTreeSet<String> {
        let texts = values
            .iter()
            .map(|value| value[member].as_str().unwrap().to_owned());
        texts.collect()
    };
    assert_eq!(of(&processes, "entity_id"), entities.into_iter().collect());
    assert_eq!(of(&processes, "id"), of(&items, "process_id"));
    let everything = all(&admin, "/v1/processes?limit=200").await;
    assert_eq!(everything.len(), ENTITIES, "and none besides");
    let tasks = all(&admin, "/v1/tasks?limit=200").await;
    assert_eq!(tasks.len(), 2 * ENTITIES);
    let verdict = admin.get("/v1/audit/verify").await.ok(200);
    assert_eq!(verdict["valid"], true, "{}", verdict.text);
}

#[test]
fn a_kill_neither_loses_nor_doubles_a_process_of_a_batch_on_sqlite() {
    run_program(Database::Sqlite, killed);
}

#[test]
#[ignore = "asks for PostgreSQL: scripts/with-postgres.sh cargo test … -- --include-ignored"]
fn a_kill_neither_loses_nor_doubles_a_process_of_a_batch_on_postgres() {
    run_program(Database::Postgres, async |mut program: Program| {
        program.set("BATON_JOB_LEASE", "2");
        killed(program).await;
    });
}
