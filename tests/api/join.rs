//! Two people who finish the two branches before a join at the same moment.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, future::join, stream};
use serde_json::{Value, json};
use tests::{Client, Database, Reply, TestApp, on_both};

use crate::{
    office::Office,
    workflow::{publish, start, two_halves},
};

/// How often they meet; `BATON_TEST_LONG=1` asks for the full thousand on PostgreSQL.
fn meetings(database: Database) -> usize {
    let long = std::env::var("BATON_TEST_LONG").is_ok_and(|wish| wish == "1");
    match database {
        Database::Postgres if long => 1_000,
        Database::Postgres => 200,
        Database::Sqlite => 20,
    }
}

async fn complete(who: &Client, task: &Value) -> Reply {
    let path = format!("/v1/tasks/{}/complete", task["id"].as_str().unwrap());
    let tag = format!("\"{}\"", task["version"]);
    who.if_match(&tag).post(&path, json!({})).await.ok(200)
}

/// How many of the tasks that a completion opened have this key.
fn opened(reply: &Reply, key: &str) -> usize {
    let opened = reply["effects"]["opened"].as_array();
    let opened = opened.into_iter().flatten();
    opened.filter(|task| task["key"] == key).count()
}

/// One meeting: two people, on PostgreSQL each at a server of their own, so that only the database stands between them.
async fn meet(office: &Office, process_type: &str, left: &Client, right: &Client) {
    let process = start(left, process_type, &office.client_id).await;
    let tasks = office.tasks(process.id()).await;
    assert_eq!(tasks["whole"]["status"], "waiting");
    let (one, other) = join(
        complete(left, &tasks["left"]),
        complete(right, &tasks["right"]),
    )
    .await;
    let times = opened(&one, "whole") + opened(&other, "whole");
    assert_eq!(times, 1, "{} and {}", one.text, other.text);
    let tasks = office.tasks(process.id()).await;
    assert_eq!(tasks["whole"]["status"], "open");
    assert_eq!(tasks["whole"]["attempt"], 1);
}

/// How often each task was told to have opened.
async fn openings(app: &TestApp) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    let first = "/v1/events?type=task.opened&limit=200";
    let mut path = first.to_owned();
    loop {
        let page = app.admin().get(&path).await.ok(200);
        for event in page["data"].as_array().into_iter().flatten() {
            let id = event["subject"]["id"].as_str().unwrap().to_owned();
            *times.entry(id).or_default() += 1;
        }
        match page["page"]["next_cursor"].as_str() {
            Some(cursor) if page["page"]["has_more"] == true => {
                path = format!("{first}&cursor={cursor}");
            }
            _ => return times,
        }
    }
}

on_both! {
    /// E2, E5
    async fn two_branches_that_finish_together_open_the_join_once(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = publish(&app, two_halves()).await;
        // A file has one server; there they meet inside it.
        let second = match app.database {
            Database::Postgres => Some(app.beside().await),
            Database::Sqlite => None,
        };
        let address = second.as_ref().map_or(app.address, |second| second.address);
        let left = office.holder("client_service_associate").clone();
        let right = office.holder("associate_advisor").at(address);
        let count = meetings(app.database);
        stream::iter(0..count)
            .map(|_| meet(&office, &process_type, &left, &right))
            .buffer_unordered(8)
            .collect::<Vec<()>>()
            .await;
        let times = openings(&app).await;
        assert_eq!(times.len(), 3 * count, "each task of each process");
        assert!(times.values().all(|times| *times == 1), "{times:?}");
        if let Some(second) = second {
            second.stop();
            second.state.store.close().await.unwrap();
        }
    }
}
