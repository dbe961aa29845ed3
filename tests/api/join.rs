//! Two people who finish the two branches before a join at the same moment.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, future::join, stream};
use serde_json::{Value, json};
use tests::{Client, Database, Reply, TestApp, on_both};

use crate::{
    office::Office,
    workflow::{publish, start, two_halves},
};

/// How often they meet.
const fn meetings(database: Database) -> usize {
    match database {
        Database::Postgres => 1_000,
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
async fn meet(branches: &BTreeMap<String, Value>, left: &Client, right: &Client) {
    let (one, other) = join(
        complete(left, &branches["left"]),
        complete(right, &branches["right"]),
    )
    .await;
    let times = opened(&one, "whole") + opened(&other, "whole");
    assert_eq!(times, 1, "{} and {}", one.text, other.text);
}

/// Everything of a list.
async fn all(app: &TestApp, list: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut path = list.to_owned();
    loop {
        let page = app.admin().get(&path).await.ok(200);
        items.extend(page["data"].as_array().unwrap().iter().cloned());
        match page["page"]["next_cursor"].as_str() {
            Some(cursor) if page["page"]["has_more"] == true => {
                path = format!("{list}&cursor={cursor}");
            }
            _ => return items,
        }
    }
}

/// The tasks of each process in a status, by key.
async fn tasks(app: &TestApp, status: &str) -> Vec<BTreeMap<String, Value>> {
    let mut processes = BTreeMap::<String, BTreeMap<String, Value>>::new();
    for task in all(app, &format!("/v1/tasks?status={status}&limit=200")).await {
        let text = |member: &str| task[member].as_str().unwrap().to_owned();
        let process = processes.entry(text("process_id")).or_default();
        process.insert(text("key"), task.clone());
    }
    processes.into_values().collect()
}

/// How often each task was told to have opened.
async fn openings(app: &TestApp) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for event in all(app, "/v1/events?type=task.opened&limit=200").await {
        let id = event["subject"]["id"].as_str().unwrap().to_owned();
        *times.entry(id).or_default() += 1;
    }
    times
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
            .map(|_| start(&left, &process_type, &office.client_id))
            .buffer_unordered(8)
            .collect::<Vec<Reply>>()
            .await;
        let branches = tasks(&app, "open").await;
        assert_eq!(branches.len(), count);
        assert!(branches.iter().all(|process| process.len() == 2));
        stream::iter(&branches)
            .map(|branches| meet(branches, &left, &right))
            .buffer_unordered(8)
            .collect::<Vec<()>>()
            .await;
        let joined = tasks(&app, "open").await;
        assert_eq!(joined.len(), count);
        for process in joined {
            assert_eq!(process.len(), 1);
            assert_eq!(process["whole"]["attempt"], 1);
        }
        let times = openings(&app).await;
        assert_eq!(times.len(), 3 * count, "each task of each process");
        assert!(times.values().all(|times| *times == 1), "{times:?}");
        if let Some(second) = second {
            second.stop();
            second.state.store.close().await.unwrap();
        }
    }
}
