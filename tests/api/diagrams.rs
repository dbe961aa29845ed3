//! Diagrams of process types, library workflows and processes, in each form.

use chrono::TimeDelta;
use domain::user::PermissionLevel;
use serde_json::json;
use tests::{ADMIN_EMAIL, Client, Reply, TestApp, on_both};

use crate::{
    office::Office,
    tasks::act,
    workflow::{definition, publish, start, task},
};

const FORMS: [(&str, &str, &str); 3] = [
    ("svg", "image/svg+xml", "<svg "),
    ("mermaid", "text/vnd.mermaid", "---\ntitle:"),
    ("bpmn", "application/bpmn+xml", "<?xml "),
];

/// Asks for a diagram with this `Accept`.
async fn accepting(who: &Client, path: &str, accept: &str) -> Reply {
    let request = who
        .request(reqwest::Method::GET, path)
        .header("accept", accept);
    who.send(request).await
}

/// What the cards say of a step: `Step 1: Do left (…). Open: Maya Okonkwo`.
fn said(picture: &Reply, step: usize) -> &str {
    let opening = format!("<title>Step {step}: ");
    let from = picture.text.find(&opening).unwrap() + opening.len();
    let said = &picture.text[from..];
    &said[..said.find("</title>").unwrap()]
}

on_both! {
    async fn a_diagram_comes_in_each_form_by_query_and_by_accept(app: TestApp) {
        let admin = app.admin();
        let id = publish(&app, definition("drawn", &[task("only", "lead_advisor", &[])])).await;
        for path in [
            format!("/v1/process-types/{id}/diagram"),
            format!("/v1/process-types/{id}/versions/1/diagram"),
            "/v1/library/new-account-opening/diagram".to_owned(),
        ] {
            for (format, media_type, begins) in FORMS {
                let asked = admin.get(&format!("{path}?format={format}")).await.ok(200);
                assert!(asked.text.starts_with(begins), "{path} {format}: {}", asked.text);
                let accepted = accepting(&admin, &path, media_type).await.ok(200);
                assert_eq!(accepted.text, asked.text);
                let expected = format!("{media_type}; charset=utf-8");
                assert_eq!(accepted.header("content-type"), Some(expected.as_str()));
            }
            let plain = admin.get(&path).await.ok(200);
            assert_eq!(plain.header("content-type"), Some("image/svg+xml; charset=utf-8"));
            let policy = plain.header("content-security-policy").unwrap();
            assert!(policy.contains("sandbox"), "{policy}");
            let unchanged = admin.with("if-none-match", plain.etag()).get(&path).await.ok(304);
            assert_eq!((unchanged.text.as_str(), unchanged.etag()), ("", plain.etag()));
            for other in ["?theme=dark", "?layout=portrait", "?format=bpmn"] {
                let other = admin.with("if-none-match", plain.etag()).get(&format!("{path}{other}")).await.ok(200);
                assert_ne!(other.etag(), plain.etag());
            }
            admin.get(&format!("{path}?format=png")).await.problem(400, "invalid-parameter");
        }
    }

    /// A draft may change: the picture follows it, and the published one stays.
    async fn a_diagram_is_of_the_version_that_it_was_asked_for(app: TestApp) {
        let admin = app.admin();
        let made = admin.post("/v1/process-types", definition("redrawn", &[task("first", "trader", &[])])).await.ok(201);
        let path = format!("/v1/process-types/{}", made.id());
        let draft = format!("{path}/draft/diagram?format=mermaid");
        for asked in [&draft, &format!("{path}/diagram?format=mermaid")] {
            assert!(admin.get(asked).await.ok(200).text.contains("Do first"));
        }
        let changed = definition("redrawn", &[task("second", "trader", &[])]);
        let changed = admin.if_match(made.etag()).put(&format!("{path}/draft"), changed).await.ok(200);
        assert!(admin.get(&draft).await.ok(200).text.contains("Do second"));
        let published = admin.if_match(changed.etag()).post(&format!("{path}/publish"), json!({})).await.ok(200);
        admin.get(&draft).await.problem(404, "not-found");
        let third = definition("redrawn", &[task("third", "trader", &[])]);
        admin.if_match(published.etag()).put(&format!("{path}/draft"), third).await.ok(200);
        for (asked, expected) in [("diagram", "second"), ("versions/1/diagram", "second"), ("versions/2/diagram", "third"), ("draft/diagram", "third")] {
            let text = admin.get(&format!("{path}/{asked}?format=mermaid")).await.ok(200).text;
            assert!(text.contains(&format!("Do {expected}")), "{asked}: {text}");
        }
        admin.get(&format!("{path}/versions/3/diagram")).await.problem(404, "not-found");
        admin.get("/v1/library/no-such-workflow/diagram").await.problem(404, "not-found");
    }

    /// Roles are called what the firm calls them, also after a change.
    async fn lanes_bear_the_firm_s_names_of_roles(app: TestApp) {
        let admin = app.admin();
        let office = Office::open(&app).await;
        let id = publish(&app, definition("named", &[task("only", "trader", &[])])).await;
        let path = format!("/v1/process-types/{id}/diagram?format=bpmn");
        assert!(admin.get(&path).await.ok(200).text.contains("name=\"Trader\""));
        let role = format!("/v1/roles/{}", office.role("trader"));
        let tag = admin.get(&role).await.ok(200);
        admin.if_match(tag.etag()).patch(&role, json!({ "name": "Desk <1>" })).await.ok(200);
        let renamed = admin.get(&path).await.ok(200).text;
        assert!(renamed.contains("name=\"Desk &lt;1&gt;\""), "{renamed}");
    }

    /// What is done, open and still to come, and who has it.
    async fn the_diagram_of_a_process_tells_how_far_it_is(app: TestApp) {
        let office = Office::open(&app).await;
        let tasks = [
            task("left", "client_service_associate", &[]),
            task("right", "associate_advisor", &[]),
            task("whole", "lead_advisor", &["left", "right"]),
            json!({
                "key": "late", "title": "Do late", "owner": [{ "role": "lead_advisor" }],
                "due": { "amount": 1, "unit": "business_days", "from": "opened" },
            }),
        ];
        let id = publish(&app, definition("progress", &tasks)).await;
        let process = start(&app.admin(), &id, &office.client_id).await;
        let tasks = office.tasks(process.id()).await;
        office.complete(office.holder("client_service_associate"), &tasks["left"], None).await;
        let path = format!("/v1/processes/{}/diagram", process.id());
        let advisor = office.holder("associate_advisor");
        let right = format!("/v1/tasks/{}/start", tasks["right"]["id"].as_str().unwrap());
        advisor.post_empty(&right).await.ok(200);
        for form in ["", "?layout=portrait&theme=dark"] {
            let picture = advisor.get(&format!("{path}{form}")).await.ok(200);
            assert_eq!(said(&picture, 1), "Do left (Client Service Associate). Done: Maya Okonkwo");
            assert_eq!(said(&picture, 2), "Do right (Associate Advisor). In progress: Amir Haddad");
            assert_eq!(said(&picture, 3), "Do whole (Lead Advisor). Not yet");
        }
        let before = advisor.get(&path).await.ok(200);
        assert_eq!(said(&before, 4), "Do late (Lead Advisor). Open: Lena Brandt");
        app.clock.advance(TimeDelta::days(7));
        let advisor = app.sign_in("amir.haddad@northwind.example").await;
        let after = advisor.get(&path).await.ok(200);
        assert_eq!(said(&after, 4), "Do late (Lead Advisor). Overdue: Lena Brandt");
        assert_ne!(before.etag(), after.etag());
        let late = format!("/v1/tasks/{}", tasks["late"]["id"].as_str().unwrap());
        let admin = app.sign_in(ADMIN_EMAIL).await;
        act(&admin, &late, "release", json!({})).await.ok(200);
        let after = advisor.get(&path).await.ok(200);
        assert_eq!(said(&after, 4), "Do late (Lead Advisor). Overdue: Nobody");
        act(&admin, &format!("/v1/processes/{}", process.id()), "hold", json!({ "reason": "Wait." })).await.ok(200);
        let after = advisor.get(&path).await.ok(200);
        assert_eq!(said(&after, 2), "Do right (Associate Advisor). On hold: Amir Haddad");
        assert_eq!(said(&after, 4), "Do late (Lead Advisor). On hold: Nobody");
        let text = advisor.get(&format!("{path}?format=mermaid")).await.ok(200).text;
        assert!(text.contains("Done: Maya Okonkwo"), "{text}");
        let stranger = app.user("Otto Other", PermissionLevel::Member).await;
        stranger.get(&path).await.problem(404, "not-found");
    }

    /// E15
    async fn the_diagram_of_a_process_that_is_over_marks_the_end_it_came_to(app: TestApp) {
        let office = Office::open(&app).await;
        let mut ask = task("ask", "lead_advisor", &[]);
        ask["outcomes"] = json!([
            { "key": "yes", "label": "Yes", "sets_result": "won" },
            { "key": "no", "label": "No", "ends": "lost" },
        ]);
        let record = task("record", "lead_advisor", &["ask"]);
        let mut asked = definition("asked", &[ask, record]);
        asked["tasks"][1]["after"] = json!([{ "task": "ask", "outcome": "yes" }]);
        asked["results"] = json!([{ "key": "won", "label": "Won" }, { "key": "lost", "label": "Lost" }]);
        let id = publish(&app, asked).await;
        let admin = app.admin();
        let marked = |picture: &Reply| -> Vec<String> {
            let told = picture.text.split("<title>").filter_map(|part| part.split("</title>").next());
            let told = told.filter(|told| told.ends_with(": Reached") || told.ends_with(": Not taken"));
            told.map(str::to_owned).collect()
        };
        let mut pictures = Vec::new();
        for outcome in [Some("yes"), Some("no"), None] {
            let process = start(&admin, &id, &office.client_id).await;
            let path = format!("/v1/processes/{}", process.id());
            let picture = admin.get(&format!("{path}/diagram")).await.ok(200);
            assert_eq!(marked(&picture), [""; 0], "it goes on");
            let advisor = office.holder("lead_advisor");
            let tasks = office.tasks(process.id()).await;
            if outcome.is_none() {
                act(&admin, &path, "cancel", json!({ "reason": "Given up." })).await.ok(200);
            } else {
                office.complete(advisor, &tasks["ask"], outcome).await;
            }
            if outcome == Some("yes") {
                office.complete(advisor, &office.tasks(process.id()).await["record"], None).await;
            }
            for form in ["", "?layout=portrait&theme=dark"] {
                pictures.push(marked(&admin.get(&format!("{path}/diagram{form}")).await.ok(200)));
            }
        }
        let won = ["Result: Won: Reached", "Lost: Not taken", "End: Reached"];
        let lost = ["Result: Won: Not taken", "Lost: Reached", "End: Not taken"];
        let expected: [&[&str]; 6] = [&won, &won, &lost, &lost, &[], &[]];
        assert_eq!(pictures, expected);
    }
}
