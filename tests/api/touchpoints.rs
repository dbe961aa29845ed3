//! Contacts with clients: recorded by people and by workflows, and seen with the client.

use domain::user::PermissionLevel;
use serde_json::json;
use tests::{TestApp, on_both};

use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

on_both! {
    /// X17, X20
    async fn a_contact_is_recorded_by_whoever_sees_the_client_and_seen_with_it(app: TestApp) {
        let office = Office::open(&app).await;
        let associate = office.holder("client_service_associate");
        let call = json!({
            "entity_id": office.client_id,
            "touchpoint_type": "call",
            "subject": " Annual review ",
            "note": "Wants to retire earlier.",
            "occurred_at": "2030-03-01T15:00:00.1234567Z",
        });
        let made = associate.post("/v1/touchpoints", call.clone()).await.ok(201);
        assert_eq!(made["subject"], "Annual review");
        assert_eq!(made["occurred_at"], "2030-03-01T15:00:00.123456Z", "as the databases keep it");
        assert_eq!(made["author_id"], json!(associate.id()));
        let path = format!("/v1/touchpoints/{}", made.id());
        let read = office.holder("trader").get(&path).await.ok(200);
        assert_eq!((&read.body, read.etag()), (&made.body, made.etag()));

        let idle = app.user("Ida Idle", PermissionLevel::Member).await;
        idle.get(&path).await.problem(404, "not-found");
        let refused = idle.post("/v1/touchpoints", call).await.problem(422, "validation-failed");
        assert_eq!(refused.faults(), [("/entity_id", "unknown-entity")]);
        assert_eq!(idle.get("/v1/touchpoints").await.ok(200)["data"], json!([]));
    }

    async fn contacts_are_listed_latest_first_by_client_and_type(app: TestApp) {
        let office = Office::open(&app).await;
        let admin = app.admin();
        let body = json!({ "name": "Lindqvist Trust", "kind": "trust" });
        let other = admin.post("/v1/entities", body).await.ok(201).id().to_owned();
        for (client, kind, subject, day) in [
            (&office.client_id, "call", "second", 2),
            (&office.client_id, "meeting", "third", 3),
            (&office.client_id, "call", "first", 1),
            (&other, "call", "elsewhere", 4),
        ] {
            let body = json!({
                "entity_id": client,
                "touchpoint_type": kind,
                "subject": subject,
                "occurred_at": format!("2030-03-0{day}T15:00:00Z"),
            });
            admin.post("/v1/touchpoints", body).await.ok(201);
        }
        let client = &office.client_id;
        for (query, expected) in [
            (String::new(), vec!["elsewhere", "third", "second", "first"]),
            (format!("?entity_id={client}"), vec!["third", "second", "first"]),
            (format!("?entity_id={client}&touchpoint_type=call"), vec!["second", "first"]),
            ("?touchpoint_type=call,meeting&limit=2".to_owned(), vec!["elsewhere", "third"]),
            ("?touchpoint_type=letter".to_owned(), vec![]),
        ] {
            let page = admin.get(&format!("/v1/touchpoints{query}")).await.ok(200);
            let subjects: Vec<_> = page["data"].as_array().unwrap().iter().map(|one| one["subject"].clone()).collect();
            assert_eq!(subjects, expected, "{query}");
        }
        let team = office.holder("trader").get("/v1/touchpoints").await.ok(200);
        assert_eq!(team["data"].as_array().unwrap().len(), 3, "those of the clients that one sees");
    }

    /// E13
    async fn a_workflow_records_the_contact_that_its_step_was(app: TestApp) {
        let office = Office::open(&app).await;
        let mut call = task("call", "client_service_associate", &[]);
        call["on_complete"] = json!([{
            "type": "log_touchpoint", "touchpoint_type": "welcome_call", "subject": "Welcome {{ entity.name }}",
        }]);
        let process_type = publish(&app, definition("welcome", &[call])).await;
        let process = start(&app.admin(), &process_type, &office.client_id).await;
        let tasks = office.tasks(process.id()).await;
        let associate = office.holder("client_service_associate");
        office.complete(associate, &tasks["call"], None).await.ok(200);
        let page = office.holder("trader").get("/v1/touchpoints").await.ok(200);
        let [logged] = page["data"].as_array().unwrap().as_slice() else {
            panic!("{}", page.text);
        };
        assert_eq!(logged["touchpoint_type"], "welcome_call");
        assert_eq!(logged["subject"], "Welcome Okafor Household");
        assert_eq!(logged["author_id"], json!(associate.id()));
        assert_eq!((&logged["process_id"], &logged["task_id"]), (&json!(process.id()), &tasks["call"]["id"]));
    }
}
