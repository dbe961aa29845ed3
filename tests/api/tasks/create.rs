use domain::user::PermissionLevel;
use reqwest::Method;
use serde_json::json;
use tests::{Client, TestApp, document::NO_SUCH_ID, on_both};

use crate::{
    office::Office,
    workflow::{publish, start, two_halves},
};

/// A file that belongs to no record yet.
async fn upload(who: &Client) -> String {
    let file = who
        .request(Method::POST, "/v1/documents?name=papers.pdf")
        .body("papers");
    who.send(file).await.ok(201).id().to_owned()
}

async fn entity(app: &TestApp, kind: &str, name: &str) -> String {
    let body = json!({ "name": name, "kind": kind });
    app.admin()
        .post("/v1/entities", body)
        .await
        .ok(201)
        .id()
        .to_owned()
}

on_both! {
    async fn a_task_keeps_what_it_is_about(app: TestApp) {
        let admin = app.admin();
        let (person, lawyer) = (
            entity(&app, "person", "Ada Okafor").await,
            entity(&app, "center_of_influence", "Lex Lawyer").await,
        );
        let document = upload(&admin).await;
        let body = json!({
            "title": "Sort out the will", "flow": "service", "contact_ids": [person, lawyer], "document_ids": [document],
        });
        let made = admin.post("/v1/tasks", body).await.ok(201);
        let read = admin.get(&format!("/v1/tasks/{}", made.id())).await.ok(200);
        let listed = admin.get("/v1/tasks").await.ok(200);
        for task in [&made.body, &read.body, &listed["data"][0]] {
            assert_eq!(task["flow"], "service");
            assert_eq!(task["contact_ids"], json!([person, lawyer]), "in the order given");
            assert_eq!(task["document_ids"], json!([document]));
        }
        let bare = admin.post("/v1/tasks", json!({ "title": "Bare" })).await.ok(201);
        assert_eq!(bare["contact_ids"], json!([]));
        assert_eq!(bare["document_ids"], json!([]));
        assert!(bare["flow"].is_null());
    }

    /// X17
    async fn whoever_sees_the_task_sees_its_documents(app: TestApp) {
        let office = Office::open(&app).await;
        let csa = office.holder("client_service_associate").clone();
        let (on_team, owner, outsider) = (
            office.holder("paraplanner").clone(),
            app.user("Noor Jansen", PermissionLevel::Member).await,
            app.user("Omar Outside", PermissionLevel::Member).await,
        );
        for process in [None, Some(publish(&app, two_halves()).await)] {
            let document = upload(&csa).await;
            let path = format!("/v1/documents/{document}");
            for who in [&on_team, &owner, &outsider] {
                let _ = who.get(&path).await.problem(404, "not-found");
            }
            let process = match process {
                Some(process_type) => Some(start(&csa, &process_type, &office.client_id).await.id().to_owned()),
                None => None,
            };
            let entity = process.is_none().then_some(&office.client_id);
            let body = json!({
                "title": "Read this", "entity_id": entity, "process_id": process, "owner_id": owner.id(),
                "document_ids": [document],
            });
            let task = csa.post("/v1/tasks", body).await.ok(201);
            for who in [&on_team, &owner] {
                who.get(&format!("/v1/tasks/{}", task.id())).await.ok(200);
                who.get(&path).await.ok(200);
                assert_eq!(who.get(&format!("{path}/content")).await.ok(200).text, "papers");
            }
            let _ = outsider.get(&path).await.problem(404, "not-found");
            let told = app.admin().get(&format!("/v1/events?subject_id={document}")).await.ok(200);
            let types: Vec<_> = told["data"].as_array().unwrap().iter().map(|event| &event["type"]).collect();
            assert_eq!(types, [&json!("document.created"), &json!("document.linked")]);
        }
    }

    /// X17: what is hidden from the caller is refused as what is not there.
    async fn a_task_is_about_nothing_that_its_maker_may_not_see(app: TestApp) {
        let office = Office::open(&app).await;
        let csa = office.holder("client_service_associate").clone();
        let hidden = entity(&app, "person", "Secret Person").await;
        let hidden_file = upload(&app.admin()).await;
        let account = app.admin().post("/v1/entities", json!({ "name": "IRA", "kind": "account" })).await.ok(201);
        office.join(account.id(), &csa, "client_service_associate").await;
        let own = upload(&csa).await;
        let body = json!({
            "title": "Pry",
            "contact_ids": [office.client_id, hidden, NO_SUCH_ID, account.id(), app.firm, office.client_id],
            "document_ids": [own, hidden_file, NO_SUCH_ID, own],
        });
        let refused = csa.post("/v1/tasks", body).await.problem(422, "validation-failed");
        let mut faults = refused.faults();
        faults.sort_unstable();
        assert_eq!(faults, [
            ("/contact_ids/1", "unknown-entity"),
            ("/contact_ids/2", "unknown-entity"),
            ("/contact_ids/3", "wrong-kind"),
            ("/contact_ids/4", "wrong-kind"),
            ("/contact_ids/5", "duplicate"),
            ("/document_ids/1", "unknown-document"),
            ("/document_ids/2", "unknown-document"),
            ("/document_ids/3", "duplicate"),
        ]);
        let details = refused["errors"].as_array().unwrap();
        let of = |pointer: &str| details.iter().find(|fault| fault["pointer"] == pointer).unwrap()["detail"].clone();
        assert_eq!(of("/contact_ids/1"), of("/contact_ids/2"));
        assert_eq!(of("/document_ids/1"), of("/document_ids/2"));

        for flow in ["Service", "a b", "", "1st", &"x".repeat(81)] {
            let refused = csa.post("/v1/tasks", json!({ "title": "Flow", "flow": flow })).await;
            let refused = refused.problem(422, "validation-failed");
            assert_eq!(refused.faults()[0].0, "/flow", "{flow}");
        }
        let none = csa.get("/v1/tasks?include_total=true").await.ok(200);
        assert_eq!(none["page"]["total"], 0, "nothing was made");
    }

    /// X17: a record or a process that is not there for the caller is a fault of the body, like all others of it.
    async fn what_a_body_names_and_is_not_there_is_a_fault_of_the_body(app: TestApp) {
        let office = Office::open(&app).await;
        let csa = office.holder("client_service_associate").clone();
        let hidden = entity(&app, "person", "Secret Person").await;
        let process_type = publish(&app, two_halves()).await;
        let theirs = start(&app.admin(), &process_type, &hidden).await;
        for (member, code, ids) in [
            ("entity_id", "unknown-entity", [NO_SUCH_ID, &hidden]),
            ("process_id", "unknown-process", [NO_SUCH_ID, theirs.id()]),
        ] {
            let mut answers = Vec::new();
            for id in ids {
                let body = json!({ "title": "Pry", member: id });
                let refused = csa.post("/v1/tasks", body).await.problem(422, "validation-failed");
                assert_eq!(refused.faults()[0], (format!("/{member}").as_str(), code));
                answers.push(refused["errors"].clone());
            }
            assert_eq!(answers[0], answers[1], "{member}");
        }
    }

    /// X11, X13: who may give a task to others, but names somebody who cannot have it, is told so of the body.
    async fn an_owner_has_to_be_somebody_who_can_have_the_task(app: TestApp) {
        let admin = app.admin();
        let auditor = app.user("Audrey Auditor", PermissionLevel::Auditor).await;
        let body = |owner: &Client| json!({ "title": "Ask", "owner_id": owner.id() });
        let refused = admin.post("/v1/tasks", body(&auditor)).await.problem(422, "validation-failed");
        assert_eq!(refused.faults(), [("/owner_id", "unfit-owner")]);
        assert_eq!(admin.get("/v1/tasks?include_total=true").await.ok(200)["page"]["total"], 0);

        let made = admin.post("/v1/tasks", body(&admin)).await.ok(201);
        let path = format!("/v1/tasks/{}/assign", made.id());
        let given = admin.if_match("*").post(&path, json!({ "owner_id": auditor.id() })).await;
        assert_eq!(given.problem(422, "validation-failed").faults(), [("/owner_id", "unfit-owner")]);

        // A process tells the same of its tasks.
        let office = Office::open(&app).await;
        let process_type = publish(&app, two_halves()).await;
        let process = start(&admin, &process_type, &office.client_id).await;
        let tasks = admin.get(&format!("/v1/processes/{}/tasks", process.id())).await.ok(200);
        let path = format!("/v1/tasks/{}/assign", tasks["data"][0]["id"].as_str().unwrap());
        let given = admin.if_match("*").post(&path, json!({ "owner_id": auditor.id() })).await;
        assert_eq!(given.problem(422, "validation-failed").faults(), [("/owner_id", "unfit-owner")]);
    }
}
