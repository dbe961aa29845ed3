use actix_http::encoding::Decoder;
use actix_web::{error::PayloadError, http::header::ContentEncoding, web::Bytes};
use futures_util::{StreamExt as _, stream};
use reqwest::{Method, Response, header::HeaderMap};
use serde_json::{Value, json};
use tests::{ADMIN_EMAIL, Client, FIRM, PASSWORD, TestApp, on_both};

async fn get(client: &Client, accepted: &str, path: &str) -> Response {
    let client = client.with("accept-encoding", accepted);
    client.request(Method::GET, path).send().await.unwrap()
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().unwrap())
}

fn varies(headers: &HeaderMap) -> bool {
    let vary = text(headers, "vary").unwrap_or_default();
    vary.contains("accept-encoding")
}

async fn decoded(response: Response, coding: ContentEncoding) -> Value {
    let bytes = response.bytes().await.unwrap();
    let sent = stream::iter([Ok::<Bytes, PayloadError>(bytes)]);
    let parts: Vec<_> = Decoder::new(sent, coding).collect().await;
    let whole: Vec<u8> = parts
        .into_iter()
        .flat_map(|part| part.unwrap().to_vec())
        .collect();
    serde_json::from_slice(&whole).unwrap()
}

/// A task whose description is longer than what is sent as it is.
async fn large(app: &TestApp) -> (String, Value) {
    let body = json!({ "title": "Review", "description": "All of it. ".repeat(500) });
    let made = app.admin().post("/v1/tasks", body).await.ok(201);
    (format!("/v1/tasks/{}", made.id()), made.body.clone())
}

on_both! {
    async fn large_answers_are_compressed_for_whoever_asks(app: TestApp) {
        let (path, task) = large(&app).await;
        for (accepted, name, coding) in [
            ("gzip", "gzip", ContentEncoding::Gzip),
            ("br", "br", ContentEncoding::Brotli),
            ("gzip;q=0.5, br;q=0.9", "br", ContentEncoding::Brotli),
        ] {
            let sent = get(&app.admin(), accepted, &path).await;
            assert_eq!(sent.status(), 200);
            assert_eq!(text(sent.headers(), "content-encoding"), Some(name));
            assert!(varies(sent.headers()), "{accepted}");
            assert_eq!(decoded(sent, coding).await, task);
        }
        for accepted in ["identity", "zstd", "gzip;q=0", "*;q=0", "nonsense;;"] {
            let sent = get(&app.admin(), accepted, &path).await;
            assert_eq!(text(sent.headers(), "content-encoding"), None, "{accepted}");
            assert!(varies(sent.headers()), "{accepted}");
            assert_eq!(sent.json::<Value>().await.unwrap(), task, "{accepted}");
        }
    }

    async fn small_answers_are_sent_as_they_are(app: TestApp) {
        let me = get(&app.admin(), "gzip, br", "/v1/me").await;
        assert_eq!(text(me.headers(), "content-encoding"), None);
    }

    /// RFC 9110, 8.8.3.3
    async fn each_form_has_a_tag_and_every_tag_stands_for_the_version(app: TestApp) {
        let (path, _) = large(&app).await;
        let admin = app.admin();
        let sent = get(&admin, "gzip", &path).await;
        assert_eq!(text(sent.headers(), "etag"), Some("\"1-gzip\""));
        let fresh = get(&admin.with("if-none-match", "\"1-gzip\""), "gzip", &path).await;
        assert_eq!(fresh.status(), 304);
        assert_eq!(text(fresh.headers(), "etag"), Some("\"1-gzip\""), "the one that is held");
        assert_eq!(text(fresh.headers(), "content-encoding"), None);
        let plain = admin.with("if-none-match", "\"1\"").get(&path).await.ok(304);
        assert_eq!(plain.etag(), "\"1\"");

        let change = json!({ "title": "Review again" });
        admin.if_match("\"1-gzip\"").patch(&path, change.clone()).await.ok(200);
        let stale = admin.if_match("\"1-br\"").patch(&path, change).await;
        assert_eq!(stale.problem(412, "version-conflict").etag(), "\"2\"");
        let changed = get(&admin.with("if-none-match", "\"1-gzip\""), "gzip", &path).await;
        assert_eq!(changed.status(), 200);
    }

    async fn a_head_has_the_headers_of_its_get(app: TestApp) {
        let (path, _) = large(&app).await;
        let admin = app.admin().with("accept-encoding", "br");
        let head = admin.request(Method::HEAD, &path).send().await.unwrap();
        let whole = admin.request(Method::GET, &path).send().await.unwrap();
        for name in ["content-type", "content-encoding", "vary", "etag"] {
            assert_eq!(text(head.headers(), name), text(whole.headers(), name), "{name}");
        }
        assert_eq!(text(head.headers(), "content-encoding"), Some("br"));
        assert!(head.bytes().await.unwrap().is_empty());
    }

    async fn files_come_as_they_are(app: TestApp) {
        let admin = app.admin();
        let file = format!("[{}]", "1,".repeat(5000) + "1");
        let upload = admin
            .request(Method::POST, "/v1/documents?name=numbers.json")
            .header("content-type", "application/json")
            .body(file.clone());
        let document = admin.send(upload).await.ok(201);
        let path = format!("/v1/documents/{}/content", document.id());
        let sent = get(&admin, "gzip, br", &path).await;
        assert_eq!(text(sent.headers(), "content-encoding"), None);
        assert_eq!(text(sent.headers(), "content-length"), Some(file.len().to_string().as_str()));
        assert_eq!(sent.text().await.unwrap(), file);
        let part = get(&admin.with("range", "bytes=0-1999"), "gzip", &path).await;
        assert_eq!(part.status(), 206);
        assert_eq!(part.text().await.unwrap(), file[..2000]);
    }

    /// BREACH: the length of a compressed answer tells of what is in it.
    async fn what_carries_a_secret_is_not_compressed(app: TestApp) {
        let spec = api::openapi::spec().unwrap();
        let secret: Vec<&str> = spec
            .operations()
            .iter()
            .filter(|operation| operation.answers_secret)
            .map(|operation| operation.id.as_str())
            .collect();
        for id in ["createSession", "refreshSession", "listSessions"] {
            assert!(secret.contains(&id), "{id} is not among {secret:?}");
        }
        assert!(!secret.contains(&"listTasks"), "{secret:?}");

        let body = json!({ "firm": FIRM, "email": ADMIN_EMAIL, "password": PASSWORD });
        for _ in 0..6 {
            app.stranger().post("/v1/sessions", body.clone()).await.ok(201);
        }
        let list = get(&app.admin(), "gzip, br", "/v1/sessions").await;
        assert_eq!(text(list.headers(), "content-encoding"), None);
        assert!(list.bytes().await.unwrap().len() > 1024);
    }
}
