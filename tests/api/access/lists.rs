//! Lists hold what single reads show, to each person what is theirs to see (X17, X18).

use std::collections::{BTreeMap, BTreeSet};

use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{Client, TestApp, on_both};

use crate::{
    office::Office,
    workflow::{definition, publish, task},
};

/// People who stand to the work in different ways, and the work.
struct Work {
    people: BTreeMap<&'static str, Client>,
    tasks: BTreeMap<&'static str, String>,
    processes: BTreeMap<&'static str, String>,
}

/// Two tasks by turns: whoever is named prepares, and holders of a firm role, or on the firm of a business role, check.
fn checked(key: &str, subject: &str, owner: &Client, preparer: &Client) -> Value {
    let mut prepare = task("prepare", "trader", &[]);
    prepare["owner"] = json!([{ "user": preparer.id() }]);
    let mut check = task("check", "trader", &["prepare"]);
    check["owner"] = json!([{ "is": "unassigned" }]);
    check["separate_from"] = json!(["prepare"]);
    check["execution"] = json!({
        "enabled": true,
        "business_roles": ["partner"],
        "servicing_team_roles": ["paraplanner"],
        "firm_roles": ["compliance_officer"],
    });
    let mut whole = definition(key, &[prepare, check]);
    whole["subject"] = json!({ "kinds": [subject] });
    whole["owner"] = json!([{ "user": owner.id() }]);
    whole
}

/// Everyone, with the roles that they hold on the firm.
async fn people(app: &TestApp, office: &Office) -> BTreeMap<&'static str, Client> {
    let (admin, firm) = (app.admin(), app.firm.to_string());
    let mut people = BTreeMap::from([
        ("lead", office.holder("lead_advisor").clone()),
        ("firm role", office.holder("compliance_officer").clone()),
        ("admin", admin.clone()),
    ]);
    for (who, name, level) in [
        ("nobody", "Ida Idle", PermissionLevel::Member),
        ("designer", "Dora Design", PermissionLevel::Designer),
        ("auditor", "Abe Auditor", PermissionLevel::Auditor),
        ("process owner", "Olaf Owner", PermissionLevel::Member),
        ("preparer", "Pia Prepare", PermissionLevel::Member),
        (
            "preparer with firm role",
            "Prue Prepare",
            PermissionLevel::Member,
        ),
        ("manager", "Mona Manager", PermissionLevel::Manager),
        ("starter", "Stan Start", PermissionLevel::Member),
        ("maker", "Max Maker", PermissionLevel::Member),
        ("firm lead", "Fay Lead", PermissionLevel::Member),
        ("firm partner", "Finn Partner", PermissionLevel::Member),
        ("firm paraplanner", "Fred Planner", PermissionLevel::Member),
        ("firm trader", "Flo Trader", PermissionLevel::Member),
        ("team of the record", "Tom Team", PermissionLevel::Member),
    ] {
        people.insert(who, app.user(name, level).await);
    }
    for (who, role) in [
        ("preparer with firm role", "compliance_officer"),
        ("firm partner", "partner"),
        ("firm paraplanner", "paraplanner"),
        ("firm trader", "trader"),
    ] {
        office.join(&firm, &people[who], role).await;
    }
    let lead = office
        .join(&firm, &people["firm lead"], "lead_advisor")
        .await;
    let place = format!("/v1/entities/{firm}/team/{}", lead.id());
    admin
        .if_match(lead.etag())
        .patch(&place, json!({ "is_primary": true }))
        .await
        .ok(200);
    people
}

impl Work {
    async fn open(app: &TestApp) -> Self {
        let office = Office::open(app).await;
        let admin = app.admin();
        let people = people(app, &office).await;
        let managed = admin
            .post("/v1/teams", json!({ "name": "East" }))
            .await
            .ok(201);
        let of_record = admin
            .post("/v1/teams", json!({ "name": "West" }))
            .await
            .ok(201);
        for (team, who, manages) in [
            (&managed, "manager", true),
            (&managed, "preparer", false),
            (&of_record, "team of the record", false),
        ] {
            let body = json!({ "user_id": people[who].id(), "manager": manages });
            admin
                .post(&format!("/v1/teams/{}/members", team.id()), body)
                .await
                .ok(201);
        }
        let body =
            json!({ "name": "Vance Household", "kind": "household", "team_id": of_record.id() });
        let of_team = admin
            .post("/v1/entities", body)
            .await
            .ok(201)
            .id()
            .to_owned();
        let role = office.role("lead_advisor");
        let body = json!({ "name": "Secret Household", "kind": "household", "restricted": true, "role_id": role });
        let restricted = office
            .holder("lead_advisor")
            .post("/v1/entities", body)
            .await
            .ok(201);
        let restricted = restricted.id().to_owned();

        let mut made = Self {
            people,
            tasks: BTreeMap::new(),
            processes: BTreeMap::new(),
        };
        made.begin(app, &office, [&of_team, &restricted]).await;
        made
    }

    /// Starts everything, and does some of it.
    async fn begin(&mut self, app: &TestApp, office: &Office, [of_team, restricted]: [&String; 2]) {
        let owner = &self.people["process owner"];
        let client = publish(
            app,
            checked("client", "client", owner, &self.people["preparer"]),
        )
        .await;
        let other = &self.people["preparer with firm role"];
        let own = publish(app, checked("own", "firm", owner, other)).await;
        let runs = [
            ("client", "admin", &client, Some(&office.client_id)),
            ("client, checked", "admin", &client, Some(&office.client_id)),
            ("team's", "admin", &client, Some(of_team)),
            ("firm", "starter", &own, None),
            ("firm, checked", "starter", &own, None),
            ("restricted", "lead", &client, Some(restricted)),
        ];
        for (name, who, process_type, entity) in runs {
            let mut body = json!({ "process_type_id": process_type });
            if let Some(entity) = entity {
                body["entity_id"] = json!(entity);
            }
            let run = self.people[who].post("/v1/processes", body).await.ok(201);
            self.processes.insert(name, run.id().to_owned());
        }
        for (name, who) in [
            ("client, checked", "preparer"),
            ("firm, checked", "preparer with firm role"),
        ] {
            let tasks = office.tasks(&self.processes[name]).await;
            office
                .complete(&self.people[who], &tasks["prepare"], None)
                .await
                .ok(200);
        }
        for (name, who, owner) in [
            ("own", "maker", "preparer"),
            ("own, done", "maker", "nobody"),
        ] {
            let body = json!({ "title": "Tidy up", "owner_id": self.people[owner].id() });
            let task = self.people[who].post("/v1/tasks", body).await.ok(201);
            self.tasks.insert(name, task.id().to_owned());
        }
        let done = format!("/v1/tasks/{}/complete", self.tasks["own, done"]);
        self.people["nobody"]
            .if_match("*")
            .post(&done, json!({}))
            .await
            .ok(200);
    }
}

/// The ids on all pages of a list.
async fn listed(who: &Client, path: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut place = format!("{path}?limit=3");
    loop {
        let page = who.get(&place).await.ok(200);
        for item in page["data"].as_array().into_iter().flatten() {
            let new = ids.insert(item["id"].as_str().unwrap().to_owned());
            assert!(new, "{path} tells {} twice", item["id"]);
        }
        match page["page"]["next_cursor"].as_str() {
            Some(cursor) => place = format!("{path}?limit=3&cursor={cursor}"),
            None => return ids,
        }
    }
}

/// Those of these that are there for somebody when they are read one by one.
async fn readable(who: &Client, path: &str, ids: &BTreeSet<String>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    for id in ids {
        let reply = who.get(&format!("{path}/{id}")).await;
        assert!(matches!(reply.status, 200 | 404), "{}", reply.text);
        if reply.status == 200 {
            seen.insert(id.clone());
        }
    }
    seen
}

on_both! {
    /// X18
    async fn records_of_employees_are_restricted_and_stay_so(app: TestApp) {
        let office = Office::open(&app).await;
        let role = office.role("lead_advisor");
        let body = json!({ "name": "Maya Okonkwo", "kind": "employee", "role_id": role });
        let made = app.admin().post("/v1/entities", body).await.ok(201);
        assert_eq!(made["restricted"], true);
        let path = format!("/v1/entities/{}", made.id());
        let lift = app.admin().if_match(made.etag()).patch(&path, json!({ "restricted": false })).await;
        assert_eq!(lift.problem(422, "validation-failed").faults(), [("/restricted", "not-allowed")]);
        let other = app.user("Ben Other", PermissionLevel::Admin).await;
        let _ = other.get(&path).await.problem(404, "not-found");
    }

    /// X17, X18: for everyone the list of tasks, that of processes and those of each process's tasks hold what they may read.
    async fn a_list_holds_what_can_be_read_one_by_one(app: TestApp) {
        let work = Work::open(&app).await;
        let auditor = &work.people["auditor"];
        let (all_tasks, all_processes) =
            (listed(auditor, "/v1/tasks").await, listed(auditor, "/v1/processes").await);
        assert_eq!((all_tasks.len(), all_processes.len()), (14, 6));
        let mut seen = BTreeMap::new();
        for (name, who) in &work.people {
            let tasks = listed(who, "/v1/tasks").await;
            assert_eq!(tasks, readable(who, "/v1/tasks", &all_tasks).await, "tasks of {name}");
            let processes = listed(who, "/v1/processes").await;
            let single = readable(who, "/v1/processes", &all_processes).await;
            assert_eq!(processes, single, "processes of {name}");
            for process in &processes {
                let of_process = listed(who, &format!("/v1/processes/{process}/tasks")).await;
                assert!(of_process.is_subset(&tasks), "{name}");
            }
            seen.insert(*name, (tasks.len(), processes.len()));
        }
        // How many tasks and processes each of them sees: who has no part in work sees none of it.
        let expected = BTreeMap::from([
            ("admin", (12, 5)),
            ("auditor", (14, 6)),
            ("designer", (0, 0)),
            ("firm lead", (6, 2)),
            ("firm paraplanner", (2, 2)),
            ("firm partner", (2, 2)),
            ("firm role", (5, 2)),
            ("firm trader", (0, 0)),
            ("lead", (6, 3)),
            ("maker", (2, 0)),
            ("manager", (4, 0)),
            ("nobody", (1, 0)),
            ("preparer", (4, 0)),
            ("preparer with firm role", (7, 2)),
            ("process owner", (10, 5)),
            ("starter", (4, 2)),
            ("team of the record", (2, 1)),
        ]);
        assert_eq!(seen, expected);
    }
}
