use reqwest::{Method, header::CONTENT_TYPE};
use serde_json::{Value, json};
use tests::{
    Client, Reply, TestApp,
    document::{Operation, kind, operations, resolved, sample},
    on_both,
};

fn with_bodies() -> impl Iterator<Item = (&'static Operation, &'static Value)> {
    operations()
        .iter()
        .filter_map(|operation| operation.body().map(|body| (operation, body)))
}

async fn send_text(
    client: &Client,
    operation: &Operation,
    text: impl Into<reqwest::Body>,
) -> Reply {
    let method = operation.method.parse::<Method>().unwrap();
    let client = client.if_match("\"1\"");
    let request = client
        .request(method, &operation.some_path())
        .header(CONTENT_TYPE, "application/json")
        .body(text);
    client.send(request).await
}

async fn send(client: &Client, operation: &Operation, body: &Value) -> Reply {
    send_text(client, operation, body.to_string()).await
}

/// An example with one member replaced.
fn with(schema: &'static Value, name: &str, value: Value) -> Value {
    let mut body = sample(schema);
    body[name] = value;
    body
}

/// Members of a body of the kind, with their schemas.
fn members(schema: &'static Value) -> impl Iterator<Item = (&'static String, &'static Value)> {
    let members = schema["properties"].as_object().into_iter().flatten();
    members.map(|(name, member)| (name, resolved(member)))
}

on_both! {
    async fn what_is_no_json_is_refused(app: TestApp) {
        for (operation, _) in with_bodies() {
            for text in ["{", "{]", "nothing", "{\"a\":1,}", "{\"a\":1}{", "{\"a\":1,\"a\":1}", "\u{feff}{}", "{'a':1}"] {
                let reply = send_text(&app.admin(), operation, text).await;
                let _ = reply.problem(400, "malformed-json");
            }
            let reply = send_text(&app.admin(), operation, vec![b'{', 0xff, b'}']).await;
            let _ = reply.problem(400, "malformed-json");
        }
    }

    async fn nesting_ends_at_64_levels(app: TestApp) {
        for (operation, _) in with_bodies() {
            let nested = |depth: usize| format!("{{\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
            let reply = send_text(&app.admin(), operation, nested(64)).await;
            let _ = reply.problem(400, "malformed-json");
            let reply = send_text(&app.admin(), operation, nested(63)).await;
            let _ = reply.problem(422, "validation-failed");
            let endless = "[".repeat(500_000);
            let _ = send_text(&app.admin(), operation, endless).await.problem(400, "malformed-json");
        }
    }

    async fn what_is_no_object_is_refused(app: TestApp) {
        for (operation, _) in with_bodies() {
            for body in [json!([]), json!([{}]), json!("x"), json!(1), json!(true), Value::Null] {
                let reply = send(&app.admin(), operation, &body).await.problem(422, "validation-failed");
                assert_eq!(reply.faults(), [("", "wrong-type")]);
            }
        }
    }

    async fn a_member_that_does_not_exist_is_pointed_at(app: TestApp) {
        for (operation, schema) in with_bodies() {
            if schema["additionalProperties"].is_object() {
                continue;
            }
            let body = with(schema, "no_such_member", json!(1));
            let reply = send(&app.admin(), operation, &body).await.problem(422, "validation-failed");
            assert_eq!(reply.faults(), [("/no_such_member", "unknown-member")], "{}", reply.asked);
        }
    }

    async fn every_missing_member_is_pointed_at_at_once(app: TestApp) {
        for (operation, schema) in with_bodies() {
            let required = schema["required"].as_array().into_iter().flatten();
            let mut expected: Vec<String> = required.map(|name| format!("/{}", name.as_str().unwrap())).collect();
            if expected.is_empty() {
                continue;
            }
            let reply = send(&app.admin(), operation, &json!({ "no_such_member": 1 })).await;
            let reply = reply.problem(422, "validation-failed");
            expected.push("/no_such_member".to_owned());
            expected.sort();
            let mut found: Vec<&str> = reply.faults().iter().map(|(pointer, _)| *pointer).collect();
            found.sort_unstable();
            assert_eq!(found, expected, "{}", reply.asked);
        }
    }

    async fn a_value_of_another_type_is_pointed_at(app: TestApp) {
        for (operation, schema) in with_bodies() {
            for (name, member) in members(schema) {
                let wrong = match kind(member) {
                    "string" => json!(7),
                    "integer" | "number" => json!("seven"),
                    "boolean" => json!("yes"),
                    "array" => json!({}),
                    "object" => json!([]),
                    _ => continue,
                };
                let reply = send(&app.admin(), operation, &with(schema, name, wrong)).await;
                let reply = reply.problem(422, "validation-failed");
                let pointer = format!("/{name}");
                assert_eq!(reply.faults(), [(pointer.as_str(), "wrong-type")], "{}", reply.asked);
            }
        }
    }

    async fn text_that_is_too_long_is_pointed_at(app: TestApp) {
        for (operation, schema) in with_bodies() {
            for (name, member) in members(schema) {
                let Some(limit) = member["maxLength"].as_u64() else {
                    continue;
                };
                // Counted in characters, not in bytes.
                let long = "\u{e9}".repeat(usize::try_from(limit).unwrap() + 1);
                let reply = send(&app.admin(), operation, &with(schema, name, json!(long))).await;
                let reply = reply.problem(422, "validation-failed");
                let pointer = format!("/{name}");
                assert!(reply.faults().contains(&(pointer.as_str(), "too-long")), "{}", reply.text);
            }
        }
    }

    async fn control_characters_are_pointed_at(app: TestApp) {
        for (operation, schema) in with_bodies() {
            for (name, member) in members(schema) {
                if kind(member) != "string" {
                    continue;
                }
                for letter in ['\0', '\u{7}', '\u{1b}', '\u{7f}', '\u{85}'] {
                    let body = with(schema, name, json!(format!("a{letter}b")));
                    let reply = send(&app.admin(), operation, &body).await.problem(422, "validation-failed");
                    let pointer = format!("/{name}");
                    assert!(reply.faults().contains(&(pointer.as_str(), "control-character")), "{}", reply.text);
                }
            }
        }
    }

    async fn only_json_is_taken_where_json_is_described(app: TestApp) {
        for (operation, schema) in with_bodies() {
            let kinds = operation.value["requestBody"]["content"].as_object().unwrap();
            for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "application/json; charset=latin1", "x"] {
                if kinds.contains_key(kind) {
                    continue;
                }
                let client = app.admin().if_match("\"1\"");
                let request = client
                    .request(operation.method.parse().unwrap(), &operation.some_path())
                    .header(CONTENT_TYPE, kind)
                    .body(sample(schema).to_string());
                let _ = client.send(request).await.problem(415, "unsupported-media-type");
            }
        }
    }

    async fn a_body_over_a_mebibyte_is_refused_announced_or_not(app: TestApp) {
        for (operation, _) in with_bodies() {
            let large = format!("{{\"x\":\"{}\"}}", "x".repeat(1 << 20));
            let reply = send_text(&app.admin(), operation, large.clone()).await;
            let _ = reply.problem(413, "payload-too-large");
        }
        // In chunks nothing tells beforehand how much will come.
        let chunks: Vec<Result<Vec<u8>, std::io::Error>> = (0..20).map(|_| Ok(vec![b'['; 1 << 16])).collect();
        let stream = reqwest::Body::wrap_stream(futures_util::stream::iter(chunks));
        let (operation, _) = with_bodies().next().unwrap();
        let _ = send_text(&app.admin(), operation, stream).await.problem(413, "payload-too-large");
    }

    #[set(body_deadline = "0.2")]
    async fn a_body_that_does_not_come_is_not_waited_for(app: TestApp) {
        for (operation, _) in with_bodies() {
            let head = format!(
                "{} {} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: 50\r\nif-match: \"1\"\r\n\r\n{{",
                operation.method,
                operation.some_path(),
                app.admin().token(),
            );
            let answer = app.exchange(head).await;
            assert!(answer.starts_with("HTTP/1.1 408 "), "{}: {answer}", operation.id);
            assert!(answer.contains("\"code\":\"request-timeout\""), "{answer}");
        }
    }
}
