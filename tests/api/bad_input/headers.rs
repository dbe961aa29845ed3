use reqwest::Method;
use serde_json::Value;
use tests::{
    Client, Reply, TestApp,
    document::{Operation, operations, sample},
    on_both,
};

/// Operations whose versions are tried in `versions.rs`, because no list leads to a resource of theirs that a new
/// firm has.
const TRIED_ELSEWHERE: &[&str] = &[
    "updateAttribute",
    "removeEntityTeamMember",
    "updateEntityTeamMember",
    "deleteHoliday",
    "archiveProcessType",
    "putProcessTypeDraft",
    "publishProcessType",
    "cancelProcess",
    "holdProcess",
    "resumeProcess",
    "migrateProcess",
    "migrateProcessType",
    "updateSchedule",
    "pauseSchedule",
    "resumeSchedule",
    "archiveSchedule",
    "pauseBatch",
    "resumeBatch",
    "cancelBatch",
    "updateTask",
    "assignTask",
    "reopenTask",
    "rescheduleTask",
    "createTaskSubmission",
    "answerTaskSubmission",
    "deleteCover",
    "cancelTask",
    "setChecklistItem",
    "claimTask",
    "completeTask",
    "editTaskForm",
    "holdTask",
    "releaseTask",
    "resumeTask",
    "retryTask",
    "skipTask",
    "startTask",
    "deleteTeam",
    "updateTeam",
    "removeTeamMember",
];

async fn send(client: &Client, operation: &Operation, path: &str) -> Reply {
    let mut request = client.request(operation.method.parse::<Method>().unwrap(), path);
    if let Some(body) = operation.body() {
        request = request.json(&sample(body));
    }
    client.send(request).await
}

/// The path of something that is there: each parameter is the first item of the list at the path so far.
async fn real_path(app: &TestApp, operation: &Operation) -> Option<String> {
    let mut path = String::new();
    for segment in operation.path.split('/').skip(1) {
        if segment.starts_with('{') {
            let list = operations()
                .iter()
                .any(|other| other.method == "GET" && api_path_fits(other.path, &path));
            if !list {
                return None;
            }
            let items = app.admin().get(&path).await.ok(200);
            let id = items["data"][0]["id"].as_str()?.to_owned();
            path.extend(["/", &id]);
        } else {
            path.extend(["/", segment]);
        }
    }
    Some(path)
}

fn api_path_fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) =
        (template.split('/').collect(), path.split('/').collect());
    let same = |(wanted, given): (&&str, &&str)| wanted == given || wanted.starts_with('{');
    template.len() == path.len() && template.iter().zip(&path).all(same)
}

fn with_if_match() -> impl Iterator<Item = &'static Operation> {
    operations()
        .iter()
        .filter(|operation| operation.if_match().is_some())
}

on_both! {
    async fn a_version_that_is_none_is_refused(app: TestApp) {
        for operation in with_if_match() {
            for bad in ["1", "\"1", "'1'", "\"a b\"", "", "\"1\" \"2\"", "W/1"] {
                let reply = send(&app.admin().if_match(bad), operation, &operation.some_path()).await;
                let reply = reply.problem(400, "bad-request");
                assert_eq!(reply.faults(), [("If-Match", "bad-format")], "{bad}");
            }
        }
    }

    async fn a_change_without_its_version_or_with_an_old_one_is_refused(app: TestApp) {
        let mut untried = Vec::new();
        for operation in with_if_match() {
            let Some(path) = real_path(&app, operation).await else {
                untried.push(operation.id);
                continue;
            };
            if operation.if_match() == Some(true) {
                let _ = send(&app.admin(), operation, &path).await.problem(428, "precondition-required");
            }
            for stale in ["\"999999\"", "W/\"1\"", "\"x\", \"0\""] {
                let reply = send(&app.admin().if_match(stale), operation, &path).await;
                let reply = reply.problem(412, "version-conflict");
                assert!(reply.etag().starts_with('"'), "the current tag goes along");
            }
        }
        untried.retain(|id| !TRIED_ELSEWHERE.contains(id));
        assert!(untried.is_empty(), "try their versions, then list them as TRIED_ELSEWHERE: {untried:?}");
    }

    async fn an_idempotency_key_that_is_none_is_refused(app: TestApp) {
        let keyed = |operation: &&Operation| {
            let named = |parameter: &Value| parameter["name"] == "Idempotency-Key";
            operation.parameters("header").any(named)
        };
        for operation in operations().iter().filter(keyed) {
            let path = operation.some_address();
            for bad in ["", "a b", &"x".repeat(256)] {
                let client = app.admin().key(bad).if_match("\"1\"");
                let reply = send(&client, operation, &path).await.problem(400, "bad-request");
                assert_eq!(reply.faults()[0].0, "Idempotency-Key", "{}", operation.id);
            }
        }
    }

    async fn headers_that_are_too_large_are_refused(app: TestApp) {
        let head = format!("GET /v1/me HTTP/1.1\r\nhost: x\r\nx-large: {}\r\n\r\n", "x".repeat(200_000));
        let answer = app.exchange(head).await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
}
