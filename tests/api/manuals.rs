//! Manuals of workflows and process types, as page, text and file.

use serde_json::json;
use tests::{Reply, TestApp, on_both};

use crate::{
    office::Office,
    workflow::{definition, publish, task},
};

/// The headers that keep a manual from doing anything in a browser.
fn assert_harmless(reply: &Reply) {
    let policy = reply.header("content-security-policy").unwrap();
    for part in ["default-src 'none'", "sandbox", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("script"), "{policy}");
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(reply.header("cache-control"), Some("private, no-cache"));
    assert_eq!(
        reply.header("vary").map(|it| it.contains("accept")),
        Some(true)
    );
}

on_both! {
    async fn the_manual_of_a_workflow_comes_as_a_page_or_as_text(app: TestApp) {
        let office = Office::open(&app).await;
        let member = office.holder("trader");
        let path = "/v1/library/new-account-opening/manual";
        let page = member.get(path).await.ok(200);
        assert_harmless(&page);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(page.header("content-disposition"), None);
        assert!(page.text.starts_with("<!DOCTYPE html>"));
        for said in ["<h1>New Account Opening</h1>", "Two people", "<svg ", "Lead Advisor"] {
            assert!(page.text.contains(said), "{said}");
        }

        let text = member.with("accept", "text/markdown").get(path).await.ok(200);
        assert_harmless(&text);
        assert_eq!(text.header("content-type"), Some("text/markdown; charset=utf-8"));
        assert!(text.text.starts_with("# New Account Opening\n"), "{}", text.text);
        let asked = member.get(&format!("{path}?format=md")).await.ok(200);
        assert_eq!(asked.text, text.text);
        assert_eq!(asked.etag(), text.etag());
        assert_ne!(text.etag(), page.etag());

        // What is asked for in the address counts more than what the program likes.
        let again = member.with("accept", "text/markdown").get(&format!("{path}?format=html")).await.ok(200);
        assert_eq!(again.etag(), page.etag());
        let held = member.with("if-none-match", page.etag()).get(path).await.ok(304);
        assert_eq!((held.text.as_str(), held.etag()), ("", page.etag()));

        member.get("/v1/library/no-such/manual").await.problem(404, "not-found");
        let refused = member.get(&format!("{path}?format=doc")).await;
        refused.problem(400, "invalid-parameter");
        app.stranger().get(path).await.problem(401, "unauthenticated");
    }

    async fn the_manual_of_a_process_type_is_that_of_the_version(app: TestApp) {
        let office = Office::open(&app).await;
        let member = office.holder("client_service_associate");
        let mut document = definition("check", &[task("look", "client_service_associate", &[])]);
        document["name"] = json!("<b>Check & see</b>");
        let id = publish(&app, document.clone()).await;
        let path = format!("/v1/process-types/{id}");
        let page = member.get(&format!("{path}/manual")).await.ok(200);
        assert_harmless(&page);
        assert!(page.text.contains("<h1>&lt;b&gt;Check &amp; see&lt;/b&gt;</h1>"), "{}", page.text);
        assert!(page.text.contains("The Client Service Associate"));
        assert!(page.text.contains("Version 1, published "));
        let first = member.get(&format!("{path}/versions/1/manual")).await.ok(200);
        assert_eq!((&first.text, first.etag()), (&page.text, page.etag()));

        let admin = app.admin();
        let current = admin.get(&path).await.ok(200);
        document["summary"] = json!("Another.");
        let draft = admin.if_match(current.etag()).put(&format!("{path}/draft"), document).await;
        draft.ok(200);
        let draft = member.get(&format!("{path}/versions/2/manual?format=md")).await.ok(200);
        assert!(draft.text.contains("Draft of version 2"), "{}", draft.text);
        let newest = member.get(&format!("{path}/manual")).await.ok(200);
        assert_eq!(newest.etag(), page.etag());
        member.get(&format!("{path}/versions/3/manual")).await.problem(404, "not-found");
    }

    async fn a_manual_says_what_the_firm_calls_things_now(app: TestApp) {
        let office = Office::open(&app).await;
        let admin = app.admin();
        let id = publish(&app, definition("named", &[task("look", "trader", &[])])).await;
        let path = format!("/v1/process-types/{id}/manual?format=md");
        let before = admin.get(&path).await.ok(200);
        assert!(before.text.contains("The Trader"), "{}", before.text);
        let role = format!("/v1/roles/{}", office.role("trader"));
        let current = admin.get(&role).await.ok(200);
        admin.if_match(current.etag()).patch(&role, json!({ "name": "Dealer" })).await.ok(200);
        let after = admin.with("if-none-match", before.etag()).get(&path).await.ok(200);
        assert!(after.text.contains("The Dealer") && !after.text.contains("The Trader"), "{}", after.text);
    }

    /// ADR 22: what the firm has set counts, and what was rendered before is not sent again.
    async fn a_manual_says_what_the_firm_has_set_of_policies(app: TestApp) {
        let admin = app.admin();
        let policy = |key: &str| json!([{ "key": key, "type": "number", "default": 100 }]);
        let mut document = definition("spending", &[task("ask", "trader", &[])]);
        document["policies"] = policy("much");
        let id = publish(&app, document).await;
        let mut other = definition("other", &[task("ask", "trader", &[])]);
        other["policies"] = policy("late");
        publish(&app, other).await;
        let set = async |policies: serde_json::Value| {
            let firm = admin.get("/v1/firm").await.ok(200);
            let body = json!({ "policies": policies });
            admin.if_match(firm.etag()).patch("/v1/firm", body).await.ok(200);
        };
        for (format, plain, own) in [
            ("html", "Number. Unless set otherwise: 100.", "Number. In force: 7. Unless set otherwise: 100."),
            ("md", "| Much | Number | 100 |", "| Much | Number | 7 | 100 |"),
        ] {
            let path = format!("/v1/process-types/{id}/versions/1/manual?format={format}");
            let before = admin.get(&path).await.ok(200);
            assert!(before.text.contains(plain), "{}", before.text);
            set(json!({ "late": 5 })).await;
            admin.with("if-none-match", before.etag()).get(&path).await.ok(304);
            set(json!({ "much": 7 })).await;
            let after = admin.with("if-none-match", before.etag()).get(&path).await.ok(200);
            assert!(after.text.contains(own), "{}", after.text);
            set(json!({ "much": null })).await;
            let again = admin.get(&path).await.ok(200);
            assert_eq!((&again.text, again.etag()), (&before.text, before.etag()));
        }
    }

    async fn a_process_that_is_started_is_called_by_its_name_and_a_person_by_theirs(app: TestApp) {
        let office = Office::open(&app).await;
        let trader = office.holder("trader");
        let mut started = definition("billing", &[task("bill", "trader", &[])]);
        started["name"] = json!("Send the bill");
        started["start_form"] = json!([{ "key": "amount", "label": "Amount due", "type": "number" }]);
        publish(&app, started).await;
        let mut look = task("look", "trader", &[]);
        look["owner"] = json!([{ "user": trader.id() }]);
        look["on_complete"] = json!([
            { "type": "start_process", "process_type": "billing", "fields": { "amount": { "fixed": 5 } } },
        ]);
        let id = publish(&app, definition("starting", &[look])).await;
        let manual = trader.get(&format!("/v1/process-types/{id}/manual?format=md")).await.ok(200);
        let me = trader.get("/v1/me").await.ok(200);
        let name = me["user"]["full_name"].as_str().unwrap();
        assert!(manual.text.contains(&format!("**Owner:** {name}")), "{}", manual.text);
        let said = "Starts the process “Send the bill” for the client, handing over 5 as “Amount due”.";
        assert!(manual.text.contains(said), "{}", manual.text);
    }

    async fn what_is_not_published_or_cannot_be_read_has_no_manual(app: TestApp) {
        let admin = app.admin();
        let mut document = definition("unfinished", &[task("look", "trader", &[])]);
        document["tasks"][0]["owner"] = json!([{}]);
        let made = admin.post("/v1/process-types", document).await.ok(201);
        let path = format!("/v1/process-types/{}", made.id());
        admin.get(&format!("{path}/manual")).await.problem(404, "not-found");
        let refused = admin.get(&format!("{path}/versions/1/manual")).await;
        let refused = refused.problem(422, "validation-failed");
        assert_eq!(refused.faults(), [("/tasks/0/owner/0", "exactly-one")]);
    }

    async fn on_paper_a_manual_is_a_file_with_a_name(app: TestApp) {
        let id = publish(&app, definition("paper", &[task("look", "trader", &[])])).await;
        let path = format!("/v1/process-types/{id}/manual");
        let file = app.admin().with("accept", "application/pdf").get(&path).await.ok(200);
        assert_harmless(&file);
        assert_eq!(file.header("content-type"), Some("application/pdf"));
        assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"paper-1.pdf\""));
        assert!(file.text.starts_with("%PDF-1."));
        let again = app.admin().with("if-none-match", file.etag()).get(&format!("{path}?format=pdf")).await;
        again.ok(304);
    }
}
