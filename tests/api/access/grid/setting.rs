//! The people whom the tables name, and the work on which they are tried.

use std::collections::BTreeMap;

use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{Client, TestApp};

use super::tables::EXECUTION;
use crate::{
    office::Office,
    workflow::{definition, publish, task},
};

/// Where the work is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    Client,
    Firm,
    Restricted,
}

impl Subject {
    /// Who does the task that comes before; on a restricted client somebody who is named there.
    const fn preparer(self) -> &'static str {
        match self {
            Self::Client | Self::Firm => "preparer",
            Self::Restricted => "restricted_preparer",
        }
    }
}

pub(super) struct Grid {
    office: Office,
    pub(super) people: BTreeMap<&'static str, Client>,
    types: BTreeMap<(&'static str, Subject), String>,
    restricted: String,
}

fn on_task(execution: &str, owner: &Client, preparer: &Client) -> [Value; 2] {
    let mut prepare = task("prepare", "trader", &[]);
    prepare["owner"] = json!([{ "user": preparer.id() }]);
    let mut check = task("check", "trader", &["prepare"]);
    check["owner"] = json!([{ "user": owner.id() }]);
    check["separate_from"] = json!(["prepare"]);
    check["skippable"] = json!(true);
    check["form"] = json!([{ "key": "mood", "label": "Mood", "type": "text" }]);
    check["checklist"] = json!([{ "key": "call", "text": "Call the client", "required": false }]);
    let listed = |role: &str| {
        if execution == "empty" {
            json!([])
        } else {
            json!([role])
        }
    };
    check["execution"] = json!({
        "enabled": execution != "off",
        "servicing_team_roles": listed("client_service_associate"),
        "business_roles": listed("partner"),
        "firm_roles": listed("compliance_officer"),
    });
    [prepare, check]
}

/// Everyone whom the tables name, without any role yet.
async fn people(app: &TestApp) -> BTreeMap<&'static str, Client> {
    let mut people = BTreeMap::new();
    for (who, name, level) in [
        ("owner", "Olga Owner", PermissionLevel::Member),
        ("servicing_match", "Sam Service", PermissionLevel::Member),
        ("business_match", "Bea Business", PermissionLevel::Member),
        ("firm_match", "Finn Firm", PermissionLevel::Member),
        ("elsewhere", "Elsa Elsewhere", PermissionLevel::Member),
        (
            "elsewhere_but_seen",
            "Edda Elsewhere",
            PermissionLevel::Member,
        ),
        ("same_name", "Nick Namesake", PermissionLevel::Member),
        ("unlisted_role", "Una Unlisted", PermissionLevel::Member),
        ("none", "Ida Idle", PermissionLevel::Member),
        ("preparer", "Pia Prepare", PermissionLevel::Member),
        ("manager", "Mona Manager", PermissionLevel::Manager),
        ("designer", "Dora Design", PermissionLevel::Designer),
        ("auditor", "Abe Auditor", PermissionLevel::Auditor),
        ("inactive", "Ines Inactive", PermissionLevel::Member),
        ("restricted_lead", "Rita Lead", PermissionLevel::Member),
        (
            "restricted_preparer",
            "Rob Prepare",
            PermissionLevel::Member,
        ),
    ] {
        people.insert(who, app.user(name, level).await);
    }
    people.insert("admin", app.admin());
    people.insert("other_firm", app.other_firm("southwind").await);
    people
}

/// The process types of each setting and subject.
async fn types(
    app: &TestApp,
    people: &BTreeMap<&'static str, Client>,
) -> BTreeMap<(&'static str, Subject), String> {
    let mut types = BTreeMap::new();
    for execution in EXECUTION {
        for subject in [Subject::Client, Subject::Firm, Subject::Restricted] {
            let tasks = on_task(execution, &people["owner"], &people[subject.preparer()]);
            let mut whole = definition(&format!("{execution}_{}", subject.preparer()), &tasks);
            if subject == Subject::Firm {
                whole["key"] = json!(format!("{execution}_of_firm"));
                whole["subject"] = json!({ "kinds": ["firm"] });
            }
            types.insert((execution, subject), publish(app, whole).await);
        }
    }
    types
}

impl Grid {
    pub(super) async fn open(app: &TestApp) -> Self {
        let office = Office::open(app).await;
        let (admin, firm) = (app.admin(), app.firm.to_string());
        let body = json!({ "name": "Lindqvist Trust", "kind": "trust" });
        let other = admin
            .post("/v1/entities", body)
            .await
            .ok(201)
            .id()
            .to_owned();
        let body = json!({
            "key": "namesake", "name": "Client Service Associate", "kind": "business",
        });
        let namesake = admin.post("/v1/roles", body).await.ok(201).id().to_owned();
        let people = people(app).await;
        let lead = &people["restricted_lead"];
        let role = office.role("lead_advisor");
        let body = json!({ "name": "Vance Household", "kind": "household", "restricted": true, "role_id": role });
        let restricted = lead
            .post("/v1/entities", body)
            .await
            .ok(201)
            .id()
            .to_owned();
        let team = format!("/v1/entities/{restricted}/team");
        for (who, role) in [
            ("servicing_match", "client_service_associate"),
            ("restricted_preparer", "trader"),
        ] {
            let body = json!({ "user_id": people[who].id(), "role_id": office.role(role) });
            lead.post(&team, body).await.ok(201);
        }
        for (who, role, place) in [
            (
                "servicing_match",
                "client_service_associate",
                &office.client_id,
            ),
            ("servicing_match", "client_service_associate", &firm),
            ("business_match", "partner", &office.client_id),
            ("firm_match", "compliance_officer", &firm),
            ("elsewhere", "client_service_associate", &other),
            ("elsewhere_but_seen", "client_service_associate", &other),
            ("elsewhere_but_seen", "trader", &office.client_id),
            ("unlisted_role", "trader", &office.client_id),
            ("unlisted_role", "trader", &firm),
            ("preparer", "client_service_associate", &office.client_id),
            ("inactive", "client_service_associate", &office.client_id),
        ] {
            office.join(place, &people[who], role).await;
        }
        let body = json!({ "user_id": people["same_name"].id(), "role_id": namesake });
        let team = format!("/v1/entities/{}/team", office.client_id);
        admin.post(&team, body).await.ok(201);
        let east = admin
            .post("/v1/teams", json!({ "name": "East" }))
            .await
            .ok(201);
        for (who, manager) in [("manager", true), ("owner", false)] {
            let body = json!({ "user_id": people[who].id(), "manager": manager });
            admin
                .post(&format!("/v1/teams/{}/members", east.id()), body)
                .await
                .ok(201);
        }
        let inactive = format!("/v1/users/{}", people["inactive"].id());
        admin
            .if_match("*")
            .patch(&inactive, json!({ "status": "inactive" }))
            .await
            .ok(200);
        let types = types(app, &people).await;
        Self {
            office,
            people,
            types,
            restricted,
        }
    }

    /// A new run; the task that is asked about waits.
    pub(super) async fn waiting(
        &self,
        execution: &'static str,
        subject: Subject,
    ) -> (String, String) {
        let process_type = &self.types[&(execution, subject)];
        let mut body = json!({ "process_type_id": process_type });
        let starter = match subject {
            Subject::Client => {
                body["entity_id"] = json!(self.office.client_id);
                "admin"
            }
            Subject::Firm => "admin",
            Subject::Restricted => {
                body["entity_id"] = json!(self.restricted);
                "restricted_lead"
            }
        };
        let run = self.people[starter]
            .post("/v1/processes", body)
            .await
            .ok(201);
        let path = format!("/v1/processes/{}/tasks", run.id());
        let tasks = self.people["auditor"].get(&path).await.ok(200);
        let id = |place: usize| tasks["data"][place]["id"].as_str().unwrap().to_owned();
        (id(0), id(1))
    }

    /// A new run whose task is open, once the preparer has prepared it; on a restricted client that is somebody named there.
    pub(super) async fn opened(&self, execution: &'static str, subject: Subject) -> String {
        let (prepare, check) = self.waiting(execution, subject).await;
        let path = format!("/v1/tasks/{prepare}");
        self.people[subject.preparer()]
            .if_match("*")
            .post(&format!("{path}/complete"), json!({}))
            .await
            .ok(200);
        check
    }
}
