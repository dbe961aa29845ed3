//! What every answer owes the OpenAPI document. Checked with each request of each test.

use api::http::problem::Code;
use reqwest::Method;
use serde_json::Value;

use crate::{document, reply::Reply};

/// Fails unless the answer is one that the document describes.
pub(crate) fn check(method: &Method, path: &str, reply: &Reply) {
    let asked = &reply.asked;
    let id = reply.header("x-request-id");
    assert!(id.is_some(), "{asked}: an answer without a request id");
    if reply.status >= 400 {
        problem(reply);
    }
    let spec = api::openapi::spec().expect("the document");
    let Some(operation) = spec.operation(method.as_str(), path) else {
        let by_router = matches!(reply.status, 404 | 405) || path.starts_with("/docs");
        assert!(by_router, "{asked}: {} without an operation", reply.status);
        return;
    };
    let described = document::operation(&operation.id);
    let response = &described.value["responses"][reply.status.to_string()];
    assert!(
        !response.is_null(),
        "{asked}: the document does not tell of {} for {}: {}",
        reply.status,
        operation.id,
        reply.text
    );
    body(reply, document::resolved(response));
}

/// What the body is has to be described, and to fit.
fn body(reply: &Reply, response: &Value) {
    let asked = &reply.asked;
    let Some(contents) = response["content"].as_object() else {
        assert_eq!(reply.text, "", "{asked}: a body that is not described");
        return;
    };
    let sent = reply.header("content-type").unwrap_or_default();
    let essence = sent.split(';').next().unwrap_or_default();
    // A file comes under its own media type, whichever it is.
    let file = contents.get("application/octet-stream");
    let content = contents.get(essence).or(file);
    let content = content.unwrap_or_else(|| panic!("{asked}: {essence:?} is not described"));
    if essence.ends_with("json") {
        let faults = document::faults(&content["schema"], &reply.body);
        assert!(faults.is_empty(), "{asked}: {faults:?} in {}", reply.text);
    }
}

/// RFC 9457, complete and consistent.
fn problem(reply: &Reply) {
    let asked = &reply.asked;
    let sent = reply.header("content-type");
    assert_eq!(
        sent,
        Some("application/problem+json"),
        "{asked}: {}",
        reply.text
    );
    let text = |name: &str| reply.body[name].as_str().unwrap_or_default();
    let code = Code::parse(text("code"));
    let code = code.unwrap_or_else(|| panic!("{asked}: no such code: {}", reply.text));
    assert_eq!(code.status().as_u16(), reply.status, "{asked}");
    assert_eq!(reply.body["status"], reply.status, "{asked}");
    assert_eq!(
        text("type"),
        format!("/problems/{}", code.as_str()),
        "{asked}"
    );
    assert_eq!(text("title"), code.title(), "{asked}");
    assert_eq!(
        reply.header("x-request-id"),
        Some(text("request_id")),
        "{asked}"
    );
    assert!(!text("detail").is_empty(), "{asked}");
    if reply.status == 401 {
        let challenge = reply.header("www-authenticate").unwrap_or_default();
        assert!(challenge.starts_with("Bearer"), "{asked}");
    }
}
