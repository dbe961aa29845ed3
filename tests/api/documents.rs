//! Files: stored whole or not at all, given out as they came, and seen with what they belong to.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use domain::user::PermissionLevel;
use reqwest::{Body, Method};
use serde_json::{Value, json};
use tests::{Client, Reply, TestApp, on_both};

use crate::{
    office::Office,
    workflow::{definition, publish, task},
};

const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

async fn upload(who: &Client, query: &str, bytes: impl Into<Body>) -> Reply {
    let request = who.request(
        Method::POST,
        &format!("/v1/documents?name=letter.txt{query}"),
    );
    who.send(request.header("content-type", "text/plain").body(bytes))
        .await
}

async fn content(who: &Client, id: &str, headers: &[(&str, &str)]) -> Reply {
    let request = who.request(Method::GET, &format!("/v1/documents/{id}/content"));
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    who.send(request).await
}

/// Every file in a folder and below.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

async fn last_of_trail(app: &TestApp) -> String {
    app.admin().get("/v1/audit/verify").await.ok(200).text
}

async fn sees(who: &Client, document: &str) -> bool {
    let told = who.get(&format!("/v1/documents/{document}")).await;
    let file = content(who, document, &[]).await;
    assert_eq!(
        told.status, file.status,
        "what is told and what is given agree"
    );
    match told.status {
        200 => true,
        404 => false,
        _ => panic!("{}", told.text),
    }
}

/// A type whose start form and whose task's form take files.
fn with_files() -> Value {
    let mut read = task("read", "client_service_associate", &[]);
    read["form"] = json!([{ "key": "letter", "label": "Letter", "type": "file" }]);
    let mut whole = definition("with_files", &[read]);
    whole["start_form"] = json!([{ "key": "request", "label": "Request", "type": "file" }]);
    whole
}

on_both! {
    async fn a_file_comes_back_as_it_went(app: TestApp) {
        let admin = app.admin();
        let chunks = ["he", "l", "", "lo"].map(Ok::<_, std::io::Error>);
        let stream = Body::wrap_stream(futures_util::stream::iter(chunks));
        let made = upload(&admin, "", stream).await.ok(201);
        assert_eq!((&made["size"], &made["sha256"]), (&json!(5), &json!(HELLO)));
        assert_eq!(made["media_type"], "text/plain");
        assert_eq!(made["uploaded_by"], json!(admin.id()));
        assert_eq!(made.header("location"), Some(format!("/v1/documents/{}", made.id()).as_str()));
        let read = admin.get(&format!("/v1/documents/{}", made.id())).await.ok(200);
        assert_eq!(read.body, made.body);

        let whole = content(&admin, made.id(), &[]).await.ok(200);
        assert_eq!(whole.text, "hello");
        assert_eq!(whole.etag(), format!("\"{HELLO}\""));
        assert_eq!(whole.header("content-type"), Some("text/plain"));
        assert_eq!(whole.header("content-length"), Some("5"));
        let shown = whole.header("content-disposition").unwrap();
        assert!(shown.starts_with("attachment") && shown.contains("letter.txt"), "{shown}");
        assert_eq!(whole.header("x-content-type-options"), Some("nosniff"));

        let empty = upload(&admin, "", "").await.ok(201);
        assert_eq!(empty["size"], 0);
        assert_eq!(content(&admin, empty.id(), &[]).await.ok(200).text, "");
    }

    async fn a_part_of_a_file_may_be_asked_for_and_a_copy_that_is_the_same_is_not_sent(app: TestApp) {
        let admin = app.admin();
        let made = upload(&admin, "", "hello").await.ok(201);
        let etag = format!("\"{HELLO}\"");
        let same = content(&admin, made.id(), &[("if-none-match", &etag)]).await;
        assert_eq!((same.status, same.text.as_str()), (304, ""));
        for (range, place, text) in [
            ("bytes=1-3", "bytes 1-3/5", "ell"),
            ("bytes=3-", "bytes 3-4/5", "lo"),
            ("bytes=-2", "bytes 3-4/5", "lo"),
        ] {
            let part = content(&admin, made.id(), &[("range", range), ("if-range", &etag)]).await.ok(206);
            assert_eq!((part.header("content-range"), part.text.as_str()), (Some(place), text));
        }
        let other = [("range", "bytes=1-3"), ("if-range", "\"other\"")];
        assert_eq!(content(&admin, made.id(), &other).await.ok(200).text, "hello");
        assert_eq!(content(&admin, made.id(), &[("range", "bytes=9-")]).await.ok(200).text, "hello");
    }

    #[set(document_limit = "1000", body_deadline = "0.2")]
    async fn what_is_too_large_breaks_off_or_stalls_leaves_nothing(app: TestApp) {
        let admin = app.admin();
        let folder = &app.state.config.documents;
        let before = last_of_trail(&app).await;
        upload(&admin, "", "x".repeat(1001)).await.problem(413, "payload-too-large");
        let chunks = (0..20).map(|_| Ok::<_, std::io::Error>("x".repeat(100)));
        let stream = Body::wrap_stream(futures_util::stream::iter(chunks));
        upload(&admin, "", stream).await.problem(413, "payload-too-large");

        let head = |rest: &str| format!(
            "POST /v1/documents?name=a.txt HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: text/plain\r\n{rest}",
            admin.token(),
        );
        let stalled = app.exchange(head("content-length: 10\r\n\r\nhal")).await;
        assert!(stalled.starts_with("HTTP/1.1 408 "), "{stalled}");
        let broken = app.exchange(head("transfer-encoding: chunked\r\n\r\n3\r\nhal\r\nno-length\r\n")).await;
        assert!(!broken.contains(" 201 "), "{broken}");
        // A connection that breaks off is closed before its file is removed.
        let removed = async {
            while !files(folder).is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), removed).await.unwrap();
        assert_eq!(last_of_trail(&app).await, before);

        upload(&admin, "", "x".repeat(1000)).await.ok(201);
        assert_eq!(files(folder).len(), 1);
    }

    async fn a_repeated_upload_is_stored_once(app: TestApp) {
        let admin = app.admin().key("letter-1");
        let first = upload(&admin, "", "hello").await.ok(201);
        let again = upload(&admin, "", "hello").await.ok(201);
        assert_eq!(again.body, first.body);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        upload(&admin, "", "other").await.problem(422, "idempotency-key-reused");
        assert_eq!(files(&app.state.config.documents).len(), 1);
    }

    /// X17: the file of a record is seen with the record, and one that belongs nowhere yet by whoever stored it.
    async fn a_file_is_seen_with_its_record(app: TestApp) {
        let office = Office::open(&app).await;
        let associate = office.holder("client_service_associate");
        let idle = app.user("Ida Idle", PermissionLevel::Member).await;
        let of_client = format!("&entity_id={}", office.client_id);
        let filed = upload(associate, &of_client, "hello").await.ok(201);
        assert!(sees(office.holder("trader"), filed.id()).await);
        assert!(!sees(&idle, filed.id()).await);
        upload(&idle, &of_client, "hello").await.problem(404, "not-found");
        let loose = upload(associate, "", "hello").await.ok(201);
        for (who, expected) in [(associate, true), (office.holder("trader"), false), (&app.admin(), true)] {
            assert_eq!(sees(who, loose.id()).await, expected);
        }
    }

    /// X17: a file that a form names is seen by whoever sees the task, or for a start form the process, as long as the form
    /// names it.
    async fn a_file_that_a_form_names_is_seen_with_the_work(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = publish(&app, with_files()).await;
        let associate = office.holder("client_service_associate");
        let (colleague, idle) = (office.holder("trader"), app.user("Ida Idle", PermissionLevel::Member).await);
        let request = upload(associate, "", "request").await.ok(201);
        let letter = upload(associate, "", "letter").await.ok(201);
        let body = json!({
            "process_type_id": process_type,
            "entity_id": office.client_id,
            "fields": { "request": request.id() },
        });
        let process = associate.post("/v1/processes", body).await.ok(201);
        assert!(sees(colleague, request.id()).await, "named by the start form");
        assert!(!sees(colleague, letter.id()).await, "named by nothing yet");

        let tasks = office.tasks(process.id()).await;
        let task = format!("/v1/tasks/{}", tasks["read"]["id"].as_str().unwrap());
        let form = format!("{task}/form");
        associate.patch(&form, json!({ "letter": letter.id() })).await.ok(200);
        assert!(sees(colleague, letter.id()).await);
        assert!(!sees(&idle, letter.id()).await && !sees(&idle, request.id()).await);
        associate.patch(&form, json!({ "letter": null })).await.ok(200);
        assert!(!sees(colleague, letter.id()).await, "the form names it no longer");

        let body = json!({ "form": { "letter": letter.id() } });
        associate.if_match("*").post(&format!("{task}/complete"), body).await.ok(200);
        assert!(sees(colleague, letter.id()).await);
    }

    /// X17: naming a file does not open it: what one may not see is unknown.
    async fn a_file_that_one_may_not_see_cannot_be_named(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = publish(&app, with_files()).await;
        let associate = office.holder("client_service_associate");
        let hidden = upload(office.holder("trader"), "", "hidden").await.ok(201);
        let mut body = json!({
            "process_type_id": process_type,
            "entity_id": office.client_id,
            "fields": { "request": hidden.id() },
        });
        let refused = associate.post("/v1/processes", body.clone()).await.problem(422, "validation-failed");
        assert_eq!(refused.faults()[0].0, "/fields/request");
        body["fields"] = json!({});
        let process = associate.post("/v1/processes", body).await.ok(201);
        let tasks = office.tasks(process.id()).await;
        let task = format!("/v1/tasks/{}", tasks["read"]["id"].as_str().unwrap());
        let named = json!({ "letter": hidden.id() });
        let refused = associate.patch(&format!("{task}/form"), named.clone()).await;
        assert_eq!(refused.problem(422, "validation-failed").faults()[0].0, "/letter");
        let body = json!({ "form": named });
        let refused = associate.if_match("*").post(&format!("{task}/complete"), body).await;
        assert_eq!(refused.problem(422, "validation-failed").faults()[0].0, "/form/letter");
        assert!(!sees(associate, hidden.id()).await);
    }

    /// X18: a file that only the work of a restricted client names is kept from admins, too.
    async fn a_file_of_a_restricted_clients_work_is_kept_from_admins(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = publish(&app, with_files()).await;
        let lead = office.holder("lead_advisor");
        let role = office.role("lead_advisor");
        let body = json!({ "name": "Secret", "kind": "household", "restricted": true, "role_id": role });
        let client = lead.post("/v1/entities", body).await.ok(201);
        let file = upload(lead, "", "secret").await.ok(201);
        assert!(sees(&app.admin(), file.id()).await, "it belongs nowhere yet");
        let body = json!({
            "process_type_id": process_type,
            "entity_id": client.id(),
            "fields": { "request": file.id() },
        });
        lead.post("/v1/processes", body).await.ok(201);
        let auditor = app.user("Abe Auditor", PermissionLevel::Auditor).await;
        for (who, expected) in [(lead, true), (&app.admin(), false), (&auditor, true)] {
            assert_eq!(sees(who, file.id()).await, expected);
        }
    }

    /// E8, E13: taking a completion back takes away the links that it made, and nothing else.
    async fn what_an_undone_completion_has_filed_is_filed_no_more(app: TestApp) {
        let office = Office::open(&app).await;
        let admin = app.admin();
        let noor = app.user("Noor Jansen", PermissionLevel::Member).await;
        let role = office.role("lead_advisor");
        let trust = json!({ "name": "Lindqvist Trust", "kind": "trust" });
        let trust = admin.post("/v1/entities", trust).await.ok(201);
        let place = json!({ "user_id": noor.id(), "role_id": role });
        admin.post(&format!("/v1/entities/{}/team", trust.id()), place).await.ok(201);
        let mut whole = with_files();
        whole["tasks"][0]["on_complete"] = json!([{ "type": "file_document", "of": "trust" }]);
        let last = task("last", "lead_advisor", &["read"]);
        whole["tasks"].as_array_mut().unwrap().push(last);
        let field = json!({ "key": "trust", "label": "Trust", "type": "entity", "entity_kind": "trust" });
        whole["start_form"].as_array_mut().unwrap().push(field);
        let process_type = publish(&app, whole).await;
        let body = json!({
            "process_type_id": process_type,
            "entity_id": office.client_id,
            "fields": { "trust": trust.id() },
        });
        let process = admin.post("/v1/processes", body).await.ok(201);
        let associate = office.holder("client_service_associate");
        let letter = upload(associate, "", "letter").await.ok(201);
        let tasks = office.tasks(process.id()).await;
        let read = format!("/v1/tasks/{}", tasks["read"]["id"].as_str().unwrap());
        assert!(!sees(&noor, letter.id()).await);
        for _ in 0..2 {
            let form = json!({ "form": { "letter": letter.id() } });
            associate.if_match("*").post(&format!("{read}/complete"), form).await.ok(200);
            assert!(sees(&noor, letter.id()).await, "filed with her client");
            associate.if_match("*").post(&format!("{read}/reopen"), json!({})).await.ok(200);
            assert!(!sees(&noor, letter.id()).await, "filed no more");
            assert!(sees(associate, letter.id()).await, "her own still");
        }
        let events = admin.get("/v1/events?limit=200").await.ok(200);
        let told = |kind: &str| {
            let events = events["data"].as_array().unwrap().iter();
            events.filter(|event| event["type"] == kind).count()
        };
        assert_eq!((told("document.linked"), told("document.unlinked")), (2, 2));
        last_of_trail(&app).await;
    }
}
