use std::collections::BTreeSet;

use reqwest::Method;
use tests::{
    Client, Reply, TestApp,
    document::{NO_SUCH_ID, Operation, operations, sample},
    on_both,
};

/// Sends an operation's request to a path, with an example for its body.
async fn send(client: &Client, operation: &Operation, path: &str) -> Reply {
    let method = operation.method.parse().unwrap();
    let mut request = client.request(method, path);
    if let Some(body) = operation.body() {
        request = request.json(&sample(body));
    }
    client.send(request).await
}

fn with_query(path: &str, query: &str) -> String {
    let sign = if path.contains('?') { '&' } else { '?' };
    format!("{path}{sign}{query}")
}

on_both! {
    async fn an_unknown_parameter_is_refused_everywhere(app: TestApp) {
        for operation in operations() {
            let path = with_query(&operation.some_address(), "no_such_parameter=1");
            let reply = send(&app.admin(), operation, &path).await;
            let reply = reply.problem(400, "invalid-parameter");
            assert_eq!(reply.faults(), [("no_such_parameter", "unknown-parameter")]);
        }
    }

    async fn an_id_that_is_none_is_refused_before_anything_is_looked_up(app: TestApp) {
        for operation in operations() {
            for wanted in operation.parameters("path") {
                if wanted["schema"]["format"] != "uuid" {
                    continue;
                }
                for bad in ["x", "0", "01900000-0000-7000-8000-00000000dea", "%00", "%ff", "..%2f"] {
                    let path = operation.path_with(|parameter| {
                        if parameter["name"] == wanted["name"] { bad } else { NO_SUCH_ID }.to_owned()
                    });
                    // Where the place of an id is another operation's word, the two are told apart by the router.
                    let reply = send(&app.admin().if_match("\"1\""), operation, &path).await;
                    let _ = reply.problem(400, "invalid-parameter");
                }
            }
        }
    }

    async fn an_id_of_nothing_is_not_found(app: TestApp) {
        for operation in operations() {
            let by_id = |parameter: &serde_json::Value| parameter["schema"]["format"] == "uuid";
            if !operation.parameters("path").any(by_id) {
                continue;
            }
            let client = app.admin().if_match("\"1\"");
            let reply = send(&client, operation, &operation.some_path()).await;
            let _ = reply.problem(404, "not-found");
        }
    }

    async fn limits_and_cursors_that_are_none_are_refused(app: TestApp) {
        let mut lists = 0;
        for operation in operations() {
            let names: BTreeSet<&str> = operation
                .parameters("query")
                .filter_map(|parameter| parameter["name"].as_str())
                .collect();
            if !names.contains("cursor") {
                continue;
            }
            lists += 1;
            for bad in ["limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "limit=1.5", "limit=1&limit=2"] {
                let path = with_query(&operation.some_path(), bad);
                let reply = send(&app.admin(), operation, &path).await.problem(400, "invalid-parameter");
                assert_eq!(reply.faults()[0].0, "limit", "{bad}: {}", reply.text);
            }
            // A cursor is read once the list is known to exist.
            if operation.path.contains('{') {
                continue;
            }
            for bad in ["cursor=AAAA", "cursor=!!", "cursor=eyJpZCI6MX0", "cursor=%00"] {
                let path = with_query(&operation.some_path(), bad);
                let reply = send(&app.admin(), operation, &path).await.problem(400, "invalid-parameter");
                assert_eq!(reply.faults()[0].0, "cursor", "{bad}: {}", reply.text);
            }
        }
        assert!(lists > 0, "the document has no lists");
    }

    async fn a_method_that_an_address_does_not_know_is_refused_with_those_that_it_knows(app: TestApp) {
        let spec = api::openapi::spec().unwrap();
        let paths: BTreeSet<String> = operations().iter().map(Operation::some_path).collect();
        for path in paths {
            let bare = path.split('?').next().unwrap();
            let known = spec.methods(bare);
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"] {
                if known.contains(method) {
                    continue;
                }
                let request = app.admin().request(method.parse::<Method>().unwrap(), bare);
                let reply = app.admin().send(request).await.problem(405, "method-not-allowed");
                let allowed: BTreeSet<&str> = reply.header("allow").unwrap().split(", ").collect();
                let with_head = known.contains("GET").then_some("HEAD");
                let expected: BTreeSet<&str> = known.iter().copied().chain(with_head).collect();
                assert_eq!(allowed, expected, "{method} {bare}");
            }
        }
    }

    async fn an_address_that_does_not_exist_is_not_found(app: TestApp) {
        for path in ["/", "/v1", "/v1/", "/v1/me/", "//v1/me", "/v1/nothing", "/V1/me", "/v1/sessions//x", "/%ff", "/v1/%00"] {
            for client in [app.admin(), app.stranger()] {
                let _ = client.get(path).await.problem(404, "not-found");
            }
        }
    }
}
