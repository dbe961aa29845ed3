use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{Client, TestApp, document::operations, on_both};

use super::{everything, real_path};
use crate::{
    office::Office,
    workflow::{publish, start, two_halves},
};

fn texts<'v>(page: &'v Value, member: &'v str) -> Vec<&'v str> {
    let items = page["data"].as_array().unwrap().iter();
    items.map(|item| item[member].as_str().unwrap()).collect()
}

/// A member of each item, page after page of one item each.
async fn walked(who: &Client, list: &str, member: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut path = format!("{list}&limit=1");
    loop {
        let page = who.get(&path).await.ok(200);
        found.extend(texts(&page.body, member).into_iter().map(str::to_owned));
        let Some(cursor) = page["page"]["next_cursor"].as_str() else {
            return found;
        };
        path = format!("{list}&limit=1&cursor={cursor}");
    }
}

/// Tasks of the admin's own, made in this order.
async fn tasks(admin: &Client) {
    for (title, priority, due) in [
        ("one", "low", Some("2030-03-05T15:00:00Z")),
        ("two", "urgent", None),
        ("three", "normal", Some("2030-03-04T15:00:00Z")),
        ("four", "urgent", Some("2030-03-06T15:00:00Z")),
    ] {
        let body =
            json!({ "title": title, "priority": priority, "due_at": due, "owner_id": admin.id() });
        admin.post("/v1/tasks", body).await.ok(201);
    }
}

on_both! {
    async fn every_list_counts_for_whoever_asks(app: TestApp) {
        let known = everything(&app).await;
        let mut lists = 0;
        for operation in operations() {
            if !operation.parameters("query").any(|parameter| parameter["name"] == "cursor") {
                continue;
            }
            lists += 1;
            let path = real_path(operation, &known);
            let path = path.unwrap_or_else(|| panic!("{}: make one in `everything`", operation.id));
            let plain = app.admin().get(&format!("{path}?limit=1")).await.ok(200);
            assert_eq!(plain["page"]["total"], Value::Null, "{path}");
            let counted = app.admin().get(&format!("{path}?limit=200&include_total=true")).await.ok(200);
            let items = counted["data"].as_array().unwrap().len();
            assert_eq!(counted["page"]["total"], items, "{path}");
            assert_eq!(counted["page"]["total_is_lower_bound"], false, "{path}");
            let first = app.admin().get(&format!("{path}?limit=1&include_total=true")).await.ok(200);
            assert_eq!(first["page"]["total"], items, "{path}: all pages are counted");
            if let Some(cursor) = first["page"]["next_cursor"].as_str() {
                let next = format!("{path}?limit=1&include_total=true&cursor={cursor}");
                let next = app.admin().get(&next).await.ok(200);
                assert_eq!(next["page"]["total"], items, "{path}: on every page alike");
            }
        }
        assert!(lists >= 20, "{lists}");
    }

    /// X17
    async fn a_total_counts_only_what_one_sees(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = publish(&app, two_halves()).await;
        start(&app.admin(), &process_type, &office.client_id).await;
        let outsider = app.user("Noor Jansen", PermissionLevel::Member).await;
        for (list, seen) in [("tasks", 3), ("processes", 1)] {
            let path = format!("/v1/{list}?include_total=true");
            assert_eq!(app.admin().get(&path).await.ok(200)["page"]["total"], seen, "{list}");
            assert_eq!(outsider.get(&path).await.ok(200)["page"]["total"], 0, "{list}");
        }
    }

    async fn tasks_and_work_come_in_the_order_asked_for(app: TestApp) {
        let admin = app.admin();
        tasks(&admin).await;
        for list in ["/v1/tasks", "/v1/work"] {
            for (sort, expected) in [
                ("due_at", ["three", "one", "four", "two"]),
                ("priority", ["four", "two", "three", "one"]),
                ("created_at", ["one", "two", "three", "four"]),
                ("-created_at", ["four", "three", "two", "one"]),
            ] {
                let found = walked(&admin, &format!("{list}?sort={sort}"), "title").await;
                assert_eq!(found, expected, "{list} by {sort}");
            }
            let usual = admin.get(list).await.ok(200);
            assert_eq!(texts(&usual.body, "title"), ["three", "one", "four", "two"], "{list}");
        }
    }

    async fn a_cursor_is_bound_to_its_order_but_not_to_what_is_shown_beside(app: TestApp) {
        let admin = app.admin();
        tasks(&admin).await;
        let first = admin.get("/v1/tasks?limit=1&sort=priority").await.ok(200);
        let cursor = first["page"]["next_cursor"].as_str().unwrap();
        for other in ["", "&sort=due_at", "&sort=created_at"] {
            let path = format!("/v1/tasks?limit=1{other}&cursor={cursor}");
            let refused = admin.get(&path).await.problem(400, "invalid-parameter");
            assert_eq!(refused.faults(), [("cursor", "bad-cursor")]);
        }
        let path = format!("/v1/tasks?limit=1&sort=priority&expand=owner&cursor={cursor}");
        let next = admin.get(&path).await.ok(200);
        assert_eq!(texts(&next.body, "title"), ["two"]);
        let refused = admin.get("/v1/tasks?sort=title").await.problem(400, "invalid-parameter");
        assert_eq!(refused.faults(), [("sort", "not-one-of")]);
    }

    async fn records_people_and_processes_come_in_the_order_asked_for(app: TestApp) {
        let admin = app.admin();
        let office = Office::open(&app).await;
        for name in ["Zed", "Abel"] {
            admin.post("/v1/entities", json!({ "name": name, "kind": "household" })).await.ok(201);
        }
        let households = "/v1/entities?kind=household&sort=";
        for (sort, expected) in [
            ("name", ["Abel", "Okafor Household", "Zed"]),
            ("created_at", ["Okafor Household", "Zed", "Abel"]),
            ("-created_at", ["Abel", "Zed", "Okafor Household"]),
        ] {
            let found = walked(&admin, &format!("{households}{sort}"), "name").await;
            assert_eq!(found, expected, "{sort}");
        }
        let oldest = walked(&admin, "/v1/users?sort=created_at", "id").await;
        let mut newest = walked(&admin, "/v1/users?sort=-created_at", "id").await;
        newest.reverse();
        assert_eq!(oldest, newest);
        let names = walked(&admin, "/v1/users?sort=full_name", "full_name").await;
        assert!(names.is_sorted() && names.len() == oldest.len(), "{names:?}");

        let process_type = publish(&app, two_halves()).await;
        let first = start(&admin, &process_type, &office.client_id).await;
        let second = start(&admin, &process_type, &office.client_id).await;
        let started = walked(&admin, "/v1/processes?sort=started_at", "id").await;
        assert_eq!(started, [first.id(), second.id()]);
        let newest = walked(&admin, "/v1/processes?sort=-started_at", "id").await;
        assert_eq!(newest, [second.id(), first.id()]);
    }

    async fn what_tasks_refer_to_is_shown_with_one_read_for_each_kind(app: TestApp) {
        let office = Office::open(&app).await;
        let admin = app.admin();
        let process_type = publish(&app, two_halves()).await;
        let process = start(&admin, &process_type, &office.client_id).await;
        start(&admin, &process_type, &office.client_id).await;
        let own = format!("/v1/processes/{}/tasks", process.id());
        let of_entity = format!("/v1/entities/{}/tasks", office.client_id);
        for list in ["/v1/tasks", own.as_str(), of_entity.as_str()] {
            let plain = admin.get(list).await.ok(200);
            let shown = admin.get(&format!("{list}?expand=owner,entity,process")).await.ok(200);
            assert_eq!(shown.statements(), plain.statements() + 3, "{list}");
            for (task, full) in plain["data"].as_array().unwrap().iter().zip(shown["data"].as_array().unwrap()) {
                assert_eq!(task["expanded"], Value::Null, "{list}");
                let expanded = &full["expanded"];
                assert_eq!(expanded["entity"], json!({
                    "id": office.client_id, "kind": "household", "name": "Okafor Household",
                }));
                assert_eq!(expanded["process"]["id"], full["process_id"]);
                assert_eq!(expanded["process"]["name"], "By hand: two_halves");
                assert_eq!(expanded["owner"]["id"], full["owner_id"]);
            }
        }
        let one = admin.get("/v1/tasks?expand=owner&limit=1").await.ok(200);
        let members: Vec<&String> = one["data"][0]["expanded"].as_object().unwrap().keys().collect();
        assert_eq!(members, ["owner"], "what was not asked for is not there");
        let refused = admin.get("/v1/tasks?expand=firm").await.problem(400, "invalid-parameter");
        assert_eq!(refused.faults()[0].0, "expand");

        let processes = admin.get("/v1/processes?expand=owner,entity").await.ok(200);
        let expanded = &processes["data"][1]["expanded"];
        assert_eq!(expanded["owner"]["full_name"], "Lena Brandt");
        assert_eq!(expanded["entity"]["name"], "Okafor Household");
        let single = admin.get(&format!("/v1/processes/{}?expand=owner", process.id())).await.ok(200);
        assert_eq!(single["expanded"]["owner"]["full_name"], "Lena Brandt");
    }

    /// What is shown beside a task changes without it, so that its tag does not tell whether the whole is unchanged.
    async fn a_task_with_what_it_refers_to_is_always_sent(app: TestApp) {
        let admin = app.admin();
        tasks(&admin).await;
        let id = admin.get("/v1/tasks?limit=1").await.ok(200)["data"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/tasks/{id}");
        let held = admin.with("if-none-match", "\"1\"");
        held.get(&path).await.ok(304);
        let whole = held.get(&format!("{path}?expand=owner,process")).await.ok(200);
        assert_eq!(whole.etag(), "\"1\"");
        assert_eq!(whole["expanded"]["owner"]["full_name"], "Ada Admin");
        assert_eq!(whole["expanded"]["process"], Value::Null);
        assert!(whole["expanded"].as_object().unwrap().contains_key("process"), "asked for, and there is none");
    }

    /// X17: whoever has a part in one task sees that task and the least of its record, not the process.
    async fn whoever_owns_one_task_is_shown_the_least(app: TestApp) {
        let office = Office::open(&app).await;
        let admin = app.admin();
        let process_type = publish(&app, two_halves()).await;
        let process = start(&admin, &process_type, &office.client_id).await;
        let outsider = app.user("Noor Jansen", PermissionLevel::Member).await;
        let task = office.tasks(process.id()).await["left"].clone();
        let path = format!("/v1/tasks/{}", task["id"].as_str().unwrap());
        let assign = json!({ "owner_id": outsider.id() });
        let current = admin.get(&path).await.ok(200);
        admin.if_match(current.etag()).post(&format!("{path}/assign"), assign).await.ok(200);

        let _ = outsider.get(&format!("/v1/processes/{}", process.id())).await.problem(404, "not-found");
        let _ = outsider.get(&format!("/v1/entities/{}", office.client_id)).await.problem(404, "not-found");
        for list in ["/v1/work", "/v1/tasks"] {
            let shown = outsider.get(&format!("{list}?expand=owner,entity,process")).await.ok(200);
            assert_eq!(shown["data"].as_array().unwrap().len(), 1, "{list}");
            assert_eq!(shown["data"][0]["expanded"], json!({
                "owner": { "id": outsider.id(), "full_name": "Noor Jansen", "status": "active" },
                "entity": { "id": office.client_id, "kind": "household", "name": "Okafor Household" },
                "process": null,
            }), "{list}");
        }
        let shown = outsider.get(&format!("{path}?expand=process")).await.ok(200);
        assert_eq!(shown["expanded"], json!({ "process": null }));
    }
}
