use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{Client, TestApp, on_both};

use super::{about, report, reviewed};
use crate::{
    office::Office,
    tasks::{act, path_of},
    workflow::{definition, publish, start, task},
};

/// How many processes somebody's report is about.
async fn counted(who: &Client, process_type: &str) -> Value {
    report(who, process_type).await["processes"].clone()
}

async fn restrict(app: &TestApp, entity: &str) {
    let path = format!("/v1/entities/{entity}");
    let restricted = json!({ "restricted": true });
    app.admin()
        .if_match("*")
        .patch(&path, restricted)
        .await
        .ok(200);
}

on_both! {
    /// X17, X18
    async fn figures_count_what_one_may_see(app: TestApp) {
        let office = Office::open(&app).await;
        let admin = app.admin();
        let process_type = publish(&app, reviewed()).await;
        let process = start(&admin, &process_type, &office.client_id).await;
        let lead = office.holder("lead_advisor");
        let auditor = app.user("Otto Auditor", PermissionLevel::Auditor).await;
        let outsider = app.user("Noor Jansen", PermissionLevel::Member).await;
        for who in [&admin, lead, &auditor] {
            assert_eq!(counted(who, &process_type).await, 1);
        }
        assert_eq!(counted(&outsider, &process_type).await, 0);

        // A part in one task shows that task, and not its process.
        let assigned = json!({ "owner_id": outsider.id() });
        act(&admin, &path_of(&office, process.id(), "prepare").await, "assign", assigned).await.ok(200);
        let nothing = report(&outsider, &process_type).await;
        assert_eq!((&nothing["processes"], &nothing["data"]), (&json!(0), &json!([])));
        let summary = outsider.get("/v1/reports/process-performance").await.ok(200);
        assert_eq!((&summary["processes"], &summary["data"]), (&json!(0), &json!([])));

        restrict(&app, &office.client_id).await;
        assert_eq!(counted(&admin, &process_type).await, 0, "not named on it");
        for who in [lead, &auditor] {
            assert_eq!(counted(who, &process_type).await, 1);
        }
    }

    /// X17
    async fn another_firm_knows_of_neither_the_type_nor_its_work(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = publish(&app, reviewed()).await;
        start(&app.admin(), &process_type, &office.client_id).await;
        let other = app.other_firm("southwind").await;
        let _ = other.get(&about(&process_type)).await.problem(404, "not-found");
        let summary = other.get("/v1/reports/process-performance").await.ok(200);
        assert_eq!((&summary["processes"], &summary["data"]), (&json!(0), &json!([])));
        let _ = app.stranger().get(&about(&process_type)).await.problem(401, "unauthenticated");
    }

    /// X18, E24: of the items of a fan-out those that are about records that one may see.
    async fn items_about_a_restricted_record_are_counted_for_those_who_see_it(app: TestApp) {
        let office = Office::open(&app).await;
        let admin = app.admin();
        let associate = office.holder("client_service_associate");
        let mut households = Vec::new();
        for name in ["Lindqvist Household", "Marlowe Household"] {
            let body = json!({ "name": name, "kind": "household", "status": "client" });
            let made = admin.post("/v1/entities", body).await.ok(201);
            office.join(made.id(), associate, "client_service_associate").await;
            households.push(made.id().to_owned());
        }
        let mut each = task("each", "client_service_associate", &[]);
        each["kind"] = json!("fan_out");
        each["over"] = json!({ "field": "households" });
        let mut mailing = definition("mailing", &[each]);
        mailing["start_form"] = json!([{
            "key": "households", "label": "Households", "type": "entity", "entity_kind": "household", "multiple": true,
        }]);
        let process_type = publish(&app, mailing).await;
        let body = json!({
            "process_type_id": process_type,
            "entity_id": office.client_id,
            "fields": { "households": households },
        });
        admin.post("/v1/processes", body).await.ok(201);
        let open_items = async |who: &Client| {
            let report = report(who, &process_type).await;
            let rows = report["data"][0]["tasks"].as_array().unwrap();
            let row = |per_item: bool| rows.iter().find(|row| row["per_item"] == per_item).unwrap();
            assert_eq!(rows.len(), 2);
            assert_eq!((&row(false)["kind"], &row(false)["counts"]["open"]), (&json!("fan_out"), &json!(1)));
            row(true)["counts"]["open"].clone()
        };
        assert_eq!(open_items(&admin).await, 2);
        assert_eq!(open_items(associate).await, 2);
        restrict(&app, &households[0]).await;
        assert_eq!(open_items(&admin).await, 1);
        assert_eq!(open_items(associate).await, 2, "named on its team");
    }
}
