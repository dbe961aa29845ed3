//! `baton library import`: a folder of a firm's own workflows, all of it or nothing.

mod bad_files;

use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::{Value, json};
use tests::{Client, Database, FIRM, Program, run_program};

use self::bad_files::bad_files;
use crate::{
    kill::{all, sign_in},
    workflow::{definition, publish_as, task},
};

/// A folder of a test's own, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("baton_import_{}_{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(path.join("more")).unwrap();
        Self(path)
    }

    /// Writes a file; JSON is YAML, too.
    fn write(&self, name: &str, definition: &Value) {
        self.write_text(name, &serde_json::to_string_pretty(definition).unwrap());
    }

    fn write_text(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }

    /// Imports it into a firm: whether that succeeded, and what was printed, without the folder's own path.
    fn import(&self, program: &Program, firm: &str) -> (bool, Vec<String>) {
        let path = self.0.display().to_string();
        let (done, told) = program.print(&["library", "import", &path, "--firm", firm]);
        let told = told.replace(&format!("{path}/"), "");
        (done, told.lines().map(without_place).collect())
    }

    /// Imports it into the test's firm, which is to be refused and to leave nothing behind; what was printed.
    async fn refused(&self, program: &Program) -> Vec<String> {
        let rows = program.rows().await;
        let before = rows.all().await;
        let (done, told) = self.import(program, FIRM);
        assert!(!done, "{told:#?}");
        assert!(rows.all().await == before, "something was left behind");
        rows.close().await;
        told
    }
}

/// A line without the line and column of what is wrong.
fn without_place(line: &str) -> String {
    let parts: Vec<&str> = line.splitn(4, ':').collect();
    match parts.as_slice() {
        [file, line, column, rest]
            if line.parse::<u32>().is_ok() && column.parse::<u32>().is_ok() =>
        {
            format!("{file}:{rest}")
        }
        _ => line.to_owned(),
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A process type whose only task belongs to `role`, and which then starts another.
fn starting(key: &str, role: &str, other: &str) -> Value {
    let mut only = task("only", role, &[]);
    only["on_complete"] = json!([{ "type": "start_process", "process_type": other }]);
    definition(key, &[only])
}

/// The keys of the firm's process types.
async fn keys(admin: &Client) -> Vec<String> {
    let types = all(admin, "/v1/process-types?limit=100").await;
    let mut keys: Vec<String> = types
        .iter()
        .map(|it| it["key"].as_str().unwrap().to_owned())
        .collect();
    keys.sort();
    keys
}

/// What came into the firm with its import.
async fn a_folder_comes_into_the_firm(mut program: Program) {
    program.start(&["serve"]).await;
    let admin = sign_in(&program).await;
    let role =
        json!({ "key": "tax_specialist", "name": "Tax Specialist", "kind": "servicing_team" });
    admin.post("/v1/roles", role).await.ok(201);
    let attribute =
        json!({ "key": "mood", "label": "Mood", "entity_kind": "client", "value_type": "text" });
    admin.post("/v1/attributes", attribute).await.ok(201);
    let household = json!({ "name": "Okafor Household", "kind": "household" });
    let household = admin.post("/v1/entities", household).await.ok(201);
    let before = all(&admin, "/v1/audit?limit=200").await.len();
    program.stop().await;

    // A role and an attribute of the firm's, a workflow of the library, and one of the folder itself.
    let folder = Folder::new();
    let mut first = starting("tax_letter", "tax_specialist", "filing");
    first["tasks"][0]["form"] =
        json!([{ "key": "mood", "label": "Mood", "type": "text", "attribute": "mood" }]);
    folder.write("a.yaml", &first);
    folder.write(
        "more/b.yml",
        &starting("filing", "trader", "fee_management"),
    );
    folder.write_text("notes.txt", "key: [");
    let (done, told) = folder.import(&program, FIRM);
    assert!(done, "{told:#?}");
    for line in ["`tax_letter` is published as ", "`filing` is published as "] {
        assert!(
            told.iter().any(|it| it.starts_with(line)),
            "{line}: {told:#?}"
        );
    }
    for line in [
        "the library's `fee_management` came along",
        "the attribute `fee_schedule` of `account` came along",
        "northwind: 2 imported, 0 there already",
    ] {
        assert!(told.iter().any(|it| it == line), "{line}: {told:#?}");
    }

    program.start(&["serve"]).await;
    let admin = sign_in(&program).await;
    assert_eq!(
        keys(&admin).await,
        ["fee_management", "filing", "tax_letter"]
    );
    let types = all(&admin, "/v1/process-types?limit=100").await;
    let letter = types.iter().find(|it| it["key"] == "tax_letter").unwrap();
    assert_eq!(
        (&letter["library_slug"], &letter["library_version"]),
        (&Value::Null, &Value::Null)
    );
    let fees = types
        .iter()
        .find(|it| it["key"] == "fee_management")
        .unwrap();
    assert_eq!(fees["library_slug"], "fee-management");
    let id = letter["id"].as_str().unwrap();
    let version = admin
        .get(&format!("/v1/process-types/{id}/versions/1"))
        .await
        .ok(200);
    assert_eq!(
        (&version["status"], &version["published_by"]),
        (&json!("published"), &Value::Null)
    );
    assert_eq!(
        version["definition"]["tasks"][0]["owner"],
        json!([{ "role": "tax_specialist" }])
    );

    let trail = all(&admin, "/v1/audit?limit=200").await;
    let entries: Vec<(&str, &str)> = trail[before..]
        .iter()
        .filter(|entry| entry["subject"]["type"] != "session")
        .map(|entry| {
            (
                entry["action"].as_str().unwrap(),
                entry["actor"]["type"].as_str().unwrap(),
            )
        })
        .collect();
    assert!(
        entries.iter().all(|(_, actor)| *actor == "system"),
        "{entries:?}"
    );
    for action in ["process_type.created", "process_type.published"] {
        let times = entries.iter().filter(|(it, _)| *it == action).count();
        assert_eq!(times, 3, "{action}: {entries:?}");
    }
    assert!(
        entries
            .iter()
            .any(|(action, _)| *action == "attribute.created"),
        "{entries:?}"
    );
    let verdict = admin.get("/v1/audit/verify").await.ok(200);
    assert_eq!(verdict["valid"], true);

    let body = json!({ "process_type_id": id, "entity_id": household.id() });
    let process = admin.post("/v1/processes", body).await.ok(201);
    assert_eq!(process["status"], "running");
    program.stop().await;
}

async fn each_fault_is_told_and_nothing_is_left_behind(program: Program) {
    let folder = Folder::new();
    // With the good one would come roles, attributes and a workflow of the library.
    folder.write(
        "good.yaml",
        &starting("good", "lead_advisor", "new_account_opening"),
    );
    for (what, text, told) in bad_files() {
        folder.write_text("bad.yaml", &text);
        let lines = folder.refused(&program).await;
        assert!(
            lines.iter().any(|line| line.starts_with(told)),
            "{what}: {told}: {lines:#?}"
        );
    }
    let path = folder.0.display().to_string();
    let (done, told) = program.run(&["library", "import", &path, "--firm", FIRM]);
    assert!(!done);
    assert_eq!(
        told,
        "baton: nothing was imported: 1 of 2 files have faults\n"
    );

    fs::remove_file(folder.0.join("bad.yaml")).unwrap();
    let (done, told) = program.run(&["library", "import", &path, "--firm", "nobody"]);
    assert!(!done && told.contains("there is no firm nobody"), "{told}");
    let nobody = "00000000-0000-7000-8000-000000000001";
    let (done, told) = program.run(&["library", "import", &path, "--firm", nobody]);
    assert!(!done && told.contains("there is no firm 0000"), "{told}");
    let more = folder.0.join("more").display().to_string();
    let (done, told) = program.run(&["library", "import", &more, "--firm", FIRM]);
    assert!(!done && told.contains("no YAML file in"), "{told}");
    let (done, told) = folder.import(&program, FIRM);
    assert!(done, "{told:#?}");
}

async fn what_the_firm_has_is_never_overwritten(mut program: Program) {
    program.start(&["serve"]).await;
    let admin = sign_in(&program).await;
    let firm = admin.get("/v1/firm").await.ok(200).id().to_owned();
    let other = json!({ "key": "fee_schedule", "label": "Fees", "entity_kind": "account", "value_type": "number" });
    admin.post("/v1/attributes", other).await.ok(201);
    let own = definition("own", &[task("only", "lead_advisor", &[])]);
    publish_as(&admin, own.clone()).await;
    let draft = definition("begun", &[task("only", "lead_advisor", &[])]);
    admin.post("/v1/process-types", draft.clone()).await.ok(201);
    let gone = definition("gone", &[task("only", "lead_advisor", &[])]);
    let id = publish_as(&admin, gone.clone()).await;
    let path = format!("/v1/process-types/{id}/archive");
    admin.if_match("*").post_empty(&path).await.ok(200);
    program.stop().await;

    let folder = Folder::new();
    folder.write(
        "a.yaml",
        &definition("ours", &[task("only", "trader", &[])]),
    );
    let (done, told) = folder.import(&program, &firm);
    assert!(done, "{told:#?}");

    // Once more: nothing is new, and nothing happens.
    let rows = program.rows().await;
    let before = rows.all().await;
    let (done, told) = folder.import(&program, FIRM);
    assert!(done, "{told:#?}");
    assert_eq!(
        told,
        [
            "a.yaml: there already",
            "northwind: 0 imported, 1 there already"
        ]
    );
    assert!(rows.all().await == before, "something has changed");
    rows.close().await;

    // One that is new beside it, and one that the firm has by other ways. What is only doubtful is said, and keeps nothing out.
    folder.write("b.yaml", &starting("newer", "trader", "nowhere"));
    folder.write("c.yaml", &own);
    let (done, told) = folder.import(&program, FIRM);
    assert!(done, "{told:#?}");
    for line in [
        "a.yaml: there already",
        "b.yaml: warning: /tasks/0/on_complete/0/process_type: ",
        "c.yaml: there already",
    ] {
        assert!(
            told.iter().any(|it| it.starts_with(line)),
            "{line}: {told:#?}"
        );
    }
    assert_eq!(
        told.last().unwrap(),
        "northwind: 1 imported, 2 there already"
    );

    // What says something else is refused, and with it what would be new.
    let changed = |definition: &Value| {
        let mut changed = definition.clone();
        changed["summary"] = json!("Otherwise.");
        changed
    };
    folder.write(
        "d.yaml",
        &definition("newest", &[task("only", "trader", &[])]),
    );
    for (file, text, told) in [
        (
            "a.yaml",
            changed(&definition("ours", &[task("only", "trader", &[])])),
            "says something else",
        ),
        ("c.yaml", changed(&own), "says something else"),
        ("e.yaml", draft, "has a draft of `begun`"),
        ("f.yaml", gone, "has archived its process type `gone`"),
    ] {
        let before = fs::read_to_string(folder.0.join(file)).ok();
        folder.write(file, &text);
        let lines = folder.refused(&program).await;
        let line = lines
            .iter()
            .find(|line| line.starts_with(&format!("{file}: /key: ")));
        assert!(
            line.is_some_and(|it| it.contains(told) && it.ends_with("(taken)")),
            "{lines:#?}"
        );
        match before {
            Some(text) => folder.write_text(file, &text),
            None => fs::remove_file(folder.0.join(file)).unwrap(),
        }
    }

    // What would come along from the library has to fit the firm, too.
    folder.write("g.yaml", &starting("billing", "trader", "fee_management"));
    let lines = folder.refused(&program).await;
    assert!(
        lines.iter().any(|line| line.contains(": Fee Management: ")),
        "{lines:#?}"
    );
}

macro_rules! on_each {
    ($($sqlite:ident, $postgres:ident: $test:ident;)+) => {$(
        #[test]
        fn $sqlite() {
            run_program(Database::Sqlite, $test);
        }

        #[test]
        #[ignore = "asks for PostgreSQL: scripts/with-postgres.sh cargo test … -- --include-ignored"]
        fn $postgres() {
            run_program(Database::Postgres, $test);
        }
    )+};
}

on_each! {
    a_folder_is_imported_on_sqlite, a_folder_is_imported_on_postgres: a_folder_comes_into_the_firm;
    bad_folders_are_refused_on_sqlite, bad_folders_are_refused_on_postgres: each_fault_is_told_and_nothing_is_left_behind;
    nothing_is_overwritten_on_sqlite, nothing_is_overwritten_on_postgres: what_the_firm_has_is_never_overwritten;
}
