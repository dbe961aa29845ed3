//! Every operation of the document, called by those who may not. What is expected follows from its row in
//! `domain::access::operations`; an operation that is added is tried as well.

use std::collections::BTreeMap;

use domain::{
    access::{
        Rule,
        operations::{Audience, Operation as Row},
    },
    user::PermissionLevel,
};
use tests::{
    Client, Reply, TestApp,
    document::{NO_SUCH_ID, Operation, operations},
    on_both,
};

use super::place::{Place, SECRET_NAME, optional_ids};

/// Headers that differ from answer to answer, whatever is asked.
const ACCIDENTAL: [&str; 5] = [
    "date",
    "x-request-id",
    "x-statements",
    "connection",
    "access-control-expose-headers",
];

/// What an answer tells: all of it but the id of the request and the ids that were sent.
fn told(reply: &Reply, place: &Place) -> (u16, BTreeMap<String, String>, String) {
    let headers = reply
        .headers
        .iter()
        .filter(|(name, _)| !ACCIDENTAL.contains(&name.as_str()))
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let request_id = reply.header("x-request-id").unwrap();
    let text = place
        .all()
        .into_iter()
        .filter(|id| id.len() == NO_SUCH_ID.len())
        .fold(reply.text.replace(request_id, ""), |text, id| {
            text.replace(id, NO_SUCH_ID)
        });
    (reply.status, headers, text)
}

/// The same request with these ids and with ids of nothing in their place: nobody can tell the answers apart.
async fn indistinguishable(
    client: &Client,
    place: &Place,
    operation: &'static Operation,
    named: Option<&str>,
    ids: &[&str],
) -> u16 {
    let real = place.ask(client, operation, named, &[]).await;
    let unknown = place.ask(client, operation, named, ids).await;
    assert_eq!(
        told(&real, place),
        told(&unknown, place),
        "{} {named:?}",
        operation.id
    );
    if real.status < 300 {
        assert_eq!(
            operation.method, "GET",
            "{} {named:?}: {}",
            operation.id, real.text
        );
    }
    real.status
}

/// Everything with its row, the end of the caller's own session last.
fn rows() -> Vec<(&'static Operation, &'static Row)> {
    let mut rows: Vec<_> = operations()
        .iter()
        .map(|operation| {
            let row = Row::find(operation.id);
            (
                operation,
                row.unwrap_or_else(|| panic!("{} has no row", operation.id)),
            )
        })
        .filter(|(_, row)| row.audience == Audience::SignedIn)
        .collect();
    rows.sort_by_key(|(operation, _)| operation.id == "deleteCurrentSession");
    rows
}

/// The number and hash of the last thing that happened in the firm.
async fn trail(app: &TestApp) -> String {
    app.admin().get("/v1/audit/verify").await.ok(200).text
}

#[track_caller]
fn refused(reply: &Reply, operation: &Operation, row: &Row) {
    assert_eq!(reply.status, 403, "{}: {}", operation.id, reply.text);
    let rule = reply["rule"].as_str().unwrap_or_default();
    let rules: Vec<&str> = row.rules.iter().map(|rule| rule.as_str()).collect();
    assert!(
        rules.contains(&rule),
        "{}: {rule} is none of {rules:?}",
        operation.id
    );
}

on_both! {
    /// X17: what belongs to another firm is not there, by whatever operation and in whatever place it is named.
    async fn ids_of_another_firm_are_ids_of_nothing(app: TestApp) {
        let place = Place::open(&app).await;
        let before = trail(&app).await;
        let other = app.other_firm("southwind").await;
        let all = place.all();
        let mut tried = 0;
        for (operation, _) in rows() {
            let ways = [None].into_iter().chain(optional_ids(operation).into_iter().map(Some));
            for named in ways.filter(|named| place.names(operation, *named, &all)) {
                indistinguishable(&other, &place, operation, named, &all).await;
                tried += 1;
            }
        }
        assert!(tried > 80, "{tried}");
        assert_eq!(trail(&app).await, before, "nothing has happened in the firm");
    }

    /// X17, X20: a colleague who has nothing to do with a client finds nothing of it, and may do what everyone may.
    async fn an_unrelated_colleague_finds_nothing_and_changes_no_set_up(app: TestApp) {
        let place = Place::open(&app).await;
        let colleague = app.user("Ida Idle", PermissionLevel::Member).await;
        let hidden = place.hidden();
        for (operation, row) in rows() {
            for named in optional_ids(operation) {
                if place.names(operation, Some(named), &hidden) {
                    indistinguishable(&colleague, &place, operation, Some(named), &hidden).await;
                }
            }
            if place.names(operation, None, &hidden) {
                let status = indistinguishable(&colleague, &place, operation, None, &hidden).await;
                // Whoever keeps none of it is refused before what a body names is looked at.
                let keeps_none = row.who.starts_with("Designers") && status == 403;
                assert!(keeps_none || matches!(status, 404 | 422), "{}: {status}", operation.id);
                continue;
            }
            let reply = place.ask(&colleague, operation, None, &[]).await;
            let for_few = row.rules == [Rule::X20] && !row.who.starts_with("Everyone");
            if for_few || row.who.starts_with("Admins") {
                refused(&reply, operation, row);
            } else {
                assert!(reply.status < 400 || reply.status == 422, "{}: {}", operation.id, reply.text);
            }
            for secret in hidden.iter().copied().chain([SECRET_NAME]) {
                assert!(!reply.text.contains(secret), "{} tells {secret}", operation.id);
            }
        }
    }

    /// X20: an auditor reads everything and changes nothing but their own sessions.
    async fn an_auditor_reads_everything_and_changes_nothing(app: TestApp) {
        let place = Place::open(&app).await;
        let auditor = app.user("Abe Auditor", PermissionLevel::Auditor).await;
        let before = trail(&app).await;
        for (operation, row) in rows() {
            if row.rules == [Rule::X13] && operation.method != "GET" {
                assert_eq!(trail(&app).await, before, "before {}", operation.id);
                let reply = place.ask(&auditor, operation, None, &[]).await;
                assert!(matches!(reply.status, 204 | 404), "{}: {}", operation.id, reply.text);
                continue;
            }
            let reply = place.ask(&auditor, operation, None, &[]).await;
            if operation.method == "GET" {
                assert_eq!(reply.status, 200, "{}: {}", operation.id, reply.text);
            } else if row.who == "Everyone of the firm." {
                // A question that is too long for an address.
                assert!(matches!(reply.status, 200 | 422), "{}: {}", operation.id, reply.text);
                assert_eq!(trail(&app).await, before, "{}", operation.id);
            } else {
                refused(&reply, operation, row);
            }
        }
    }
}
