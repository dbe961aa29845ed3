use serde_json::{Value, json};

use crate::workflow::{definition, task};

/// Each is a fault of the file beside a good one.
pub(super) fn bad_files() -> Vec<(&'static str, String, &'static str)> {
    let text = |definition: &Value| serde_json::to_string_pretty(definition).unwrap();
    let bad = |change: &dyn Fn(&mut Value)| {
        let tasks = [
            task("first", "lead_advisor", &[]),
            task("second", "trader", &["first"]),
            task("third", "trader", &["first", "second"]),
        ];
        let mut definition = definition("bad", &tasks);
        change(&mut definition);
        text(&definition)
    };
    vec![
        (
            "broken YAML",
            "key: [".to_owned(),
            "bad.yaml: A `[` is opened and never closed: close it.",
        ),
        (
            "no such member",
            bad(&|it| it["surprise"] = json!(1)),
            "bad.yaml: /surprise: There is no such member here. (unknown-member)",
        ),
        (
            "a name that is too long",
            bad(&|it| it["name"] = json!("x".repeat(121))),
            "bad.yaml: /name: At most 120 characters. (too-long)",
        ),
        (
            "nothing to read",
            bad(&|it| it["summary"] = json!(" ")),
            "bad.yaml: /summary: Say something that people can read. (blank)",
        ),
        (
            "the key of another file",
            bad(&|it| it["key"] = json!("good")),
            "bad.yaml: /key: Another of the files has this key: give each its own. (duplicate-key)",
        ),
        (
            "a cadence that is over",
            bad(&|it| it["schedule"] = json!({ "rule": "FREQ=DAILY;UNTIL=20200101" })),
            "bad.yaml: /schedule/rule: This cadence is over, ",
        ),
        (
            "no such role",
            bad(&|it| it["tasks"][1]["owner"] = json!([{ "role": "wizard" }])),
            "bad.yaml: /tasks/1/owner/0/role: ",
        ),
        (
            "a role of the wrong kind",
            bad(&|it| {
                it["tasks"][1]["execution"] = json!({ "enabled": true, "firm_roles": ["trader"] });
            }),
            "bad.yaml: /tasks/1/execution/firm_roles/0: ",
        ),
        (
            "tasks that wait for each other",
            bad(&|it| it["tasks"][0]["after"] = json!([{ "task": "third" }])),
            "bad.yaml: /tasks/0/after/0: These tasks wait for each other: first, second, third. ",
        ),
        (
            "a join that never opens",
            bad(&|it| {
                it["tasks"][0]["kind"] = json!("decision");
                it["tasks"][0]["outcomes"] =
                    json!([{ "key": "yes", "label": "Yes" }, { "key": "no", "label": "No" }]);
                it["tasks"][1]["after"] = json!([
                    { "task": "first", "outcome": "yes" },
                    { "task": "first", "outcome": "no" },
                ]);
            }),
            "bad.yaml: /tasks/1/after: ",
        ),
        (
            "no such field in a text",
            bad(&|it| it["tasks"][0]["title"] = json!("Call {{ process.fields.nope }}")),
            "bad.yaml: /tasks/0/title: ",
        ),
        (
            "no such attribute",
            bad(&|it| {
                it["tasks"][0]["form"] =
                    json!([{ "key": "a", "label": "A", "type": "text", "attribute": "nope" }]);
            }),
            "bad.yaml: /tasks/0/form/0/attribute: ",
        ),
    ]
}
