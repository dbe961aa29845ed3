use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{TestApp, on_both};

use super::{client_type, schedule, wait_for};
use crate::office::Office;

on_both! {
    /// E18: each at its place.
    async fn what_cannot_run_is_refused_with_a_pointer(app: TestApp) {
        let office = Office::open(&app).await;
        let admin = app.admin();
        let text = json!({ "key": "mood", "label": "Mood", "entity_kind": "client", "value_type": "text" });
        admin.post("/v1/attributes", text).await.ok(201);
        let date = json!({ "key": "renewal", "label": "Renewal", "entity_kind": "client", "value_type": "date" });
        admin.post("/v1/attributes", date).await.ok(201);
        let process_type = client_type(&app, "daily", json!({})).await;
        let counted = |key: &str| json!({ "timing": { "at": { "amount": 1, "unit": "days", "from": "attribute", "key": key } } });
        let daily = json!({ "rule": "FREQ=DAILY" });
        for (more, pointer, code) in [
            (json!({}), "/timing", "required"),
            (json!({ "timing": {} }), "/timing", "exactly-one"),
            (json!({ "timing": { "rule": "FREQ=HOURLY" } }), "/timing/rule", "bad-frequency"),
            (json!({ "timing": { "rule": "whenever" } }), "/timing/rule", "bad-rule"),
            (json!({ "timing": { "rule": "FREQ=DAILY;UNTIL=20300101" } }), "/timing/rule", "no-next-date"),
            (json!({ "timing": { "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" } }), "/timing/rule", "no-next-date"),
            (json!({ "timing": { "on": "2030-03-04" } }), "/timing/on", "no-next-date"),
            (counted("renewal"), "/timing/at", "no-next-date"),
            (counted("mood"), "/timing/at/key", "type-mismatch"),
            (counted("moon"), "/timing/at/key", "unknown-attribute"),
            (json!({ "timing": daily, "fields": { "x": 1 } }), "/fields/x", "unknown-key"),
            (json!({ "timing": daily, "entity_id": "01979b9f-4c3d-7e11-8a5b-0f6d2c9e4a10" }), "/entity_id", "unknown-entity"),
            (json!({ "timing": daily, "entity_id": app.firm }), "/entity_id", "wrong-kind"),
            (json!({ "timing": daily, "entity_ids": [office.client_id] }), "/entity_ids", "not-both"),
            (json!({ "timing": daily, "process_type_id": office.client_id }), "/process_type_id", "unknown-process-type"),
        ] {
            let mut body = json!({ "process_type_id": process_type, "entity_id": office.client_id });
            for (member, value) in more.as_object().unwrap() {
                body[member] = value.clone();
            }
            let refused = admin.post("/v1/schedules", body).await.problem(422, "validation-failed");
            assert_eq!(refused.faults(), [(pointer, code)], "{more}");
        }
        let twice = json!({ "process_type_id": process_type, "timing": daily, "entity_ids": [office.client_id, office.client_id] });
        let refused = admin.post("/v1/schedules", twice).await.problem(422, "validation-failed");
        assert_eq!(refused.faults(), [("/entity_ids/1", "duplicate")]);
        let none = admin.get("/v1/schedules").await.ok(200);
        assert_eq!(none["data"], json!([]));

        let made = schedule(&office, &process_type, json!({ "timing": daily })).await;
        let change = json!({ "timing": { "rule": "FREQ=DAILY;COUNT=1", "starts_on": "2030-03-01" } });
        let refused = admin.if_match("*").patch(&format!("/v1/schedules/{made}"), change).await;
        assert_eq!(refused.problem(422, "validation-failed").faults(), [("/timing/rule", "no-next-date")]);
    }

    /// E20: at publish, too.
    async fn a_type_that_proposes_an_impossible_cadence_is_not_published(app: TestApp) {
        let proposals = [
            (json!({ "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" }), "/schedule/rule", "no-next-date"),
            (json!({ "rule": "FREQ=MONTHLY;UNTIL=20300101" }), "/schedule/rule", "no-next-date"),
            (json!({ "rule": "FREQ=MINUTELY" }), "/schedule/rule", "bad-frequency"),
            (json!({ "at": { "amount": 1, "unit": "days", "from": "opened" } }), "/schedule/at/from", "no-process-yet"),
            (json!({ "at": { "amount": 1, "unit": "days", "from": "attribute", "key": "moon" } }), "/schedule/at/key", "unknown-attribute"),
        ];
        for (number, (proposal, pointer, code)) in proposals.into_iter().enumerate() {
            let mut body = crate::workflow::definition("odd", &[crate::workflow::task("only", "lead_advisor", &[])]);
            body["schedule"] = proposal;
            body["key"] = json!(format!("odd_{number}"));
            let made = app.admin().post("/v1/process-types", body).await.ok(201);
            let path = format!("/v1/process-types/{}/publish", made.id());
            let refused = app.admin().if_match(made.etag()).post(&path, json!({})).await;
            assert_eq!(refused.problem(422, "validation-failed").faults(), [(pointer, code)]);
        }
    }

    /// X17, X20: designers and admins keep schedules; who sees the client sees the client's.
    async fn who_sees_and_who_keeps_schedules(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = client_type(&app, "daily", json!({})).await;
        let timing = json!({ "timing": { "rule": "FREQ=DAILY" } });
        let ours = schedule(&office, &process_type, timing.clone()).await;
        let firm = crate::schedules::firm_type(&app, "close").await;
        let of_firm = json!({ "process_type_id": firm, "timing": { "rule": "FREQ=DAILY" } });
        let of_firm = app.admin().post("/v1/schedules", of_firm).await.ok(201).id().to_owned();
        let several = json!({ "process_type_id": process_type, "timing": { "rule": "FREQ=DAILY" }, "entity_ids": [office.client_id] });
        let several = app.admin().post("/v1/schedules", several).await.ok(201).id().to_owned();

        let lead = office.holder("lead_advisor");
        let outsider = app.user("Noor Jansen", PermissionLevel::Member).await;
        let designer = app.user("Dora Designer", PermissionLevel::Designer).await;
        let ids = async |who: &tests::Client| -> Vec<Value> {
            let page = who.get("/v1/schedules").await.ok(200);
            page["data"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect()
        };
        let all = [json!(several), json!(of_firm), json!(ours)];
        assert_eq!(ids(lead).await, all);
        for who in [&outsider, &designer] {
            assert_eq!(ids(who).await, all[..2]);
            for path in ["", "/occurrences", "/runs", "/entities"] {
                let _ = who.get(&format!("/v1/schedules/{ours}{path}")).await.problem(404, "not-found");
            }
            let listed = who.get(&format!("/v1/schedules/{several}/entities")).await.ok(200);
            assert_eq!(listed["data"], json!([]), "they do not see the client");
        }
        let pause = format!("/v1/schedules/{ours}/pause");
        assert_eq!(lead.post(&pause, json!({})).await.problem(403, "forbidden")["rule"], "X20");
        let _ = designer.post(&pause, json!({})).await.problem(404, "not-found");
        let mut body = json!({ "process_type_id": process_type, "entity_id": office.client_id });
        body["timing"] = timing["timing"].clone();
        let refused = lead.post("/v1/schedules", body.clone()).await.problem(403, "forbidden");
        assert_eq!(refused["rule"], "X20");
        let refused = designer.post("/v1/schedules", body.clone()).await.problem(422, "validation-failed");
        assert_eq!(refused.faults(), [("/entity_id", "unknown-entity")]);
        office.join(&office.client_id, &designer, "paraplanner").await;
        designer.post("/v1/schedules", body).await.ok(201);
        designer.post(&pause, json!({})).await.ok(200);

        // What came of it is told to those who may see it.
        wait_for(&app, "2030-03-05T13:00:00Z").await;
        let outsider = app.sign_in("noor.jansen@northwind.example").await;
        let runs = outsider.get(&format!("/v1/schedules/{of_firm}/runs")).await.ok(200);
        assert_eq!(runs["data"][0]["outcome"], "started");
        assert_eq!(runs["data"][0]["process_id"], json!(null), "the firm's work is not theirs");
        let feed = outsider.get("/v1/events?limit=200").await.ok(200);
        assert!(!feed.text.contains(&ours) && feed.text.contains(&of_firm));
    }
}
