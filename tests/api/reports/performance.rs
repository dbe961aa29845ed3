use serde_json::{Value, json};
use tests::{TestApp, on_both};

use super::{about, pass, report, reviewed, unreviewed};
use crate::{
    office::Office,
    processes::publish_next,
    tasks::act,
    workflow::{definition, publish, start, task},
};

/// The figures of these durations, each so many times ten seconds.
fn durations(count: u64, median: u64, p90: u64, longest: u64) -> Value {
    json!({
        "count": count,
        "median_seconds": median * 10,
        "p90_seconds": p90 * 10,
        "longest_seconds": longest * 10,
    })
}

fn none() -> Value {
    json!({ "count": 0, "median_seconds": null, "p90_seconds": null, "longest_seconds": null })
}

/// Counts of processes or tasks by status, of which those that are not named are nought.
fn counts(all: &str, named: &Value, statuses: &[&str]) -> Value {
    let mut counts = json!({});
    let mut sum = 0;
    for status in statuses {
        let count = named[status].as_u64().unwrap_or_default();
        counts[status] = json!(count);
        sum += count;
    }
    counts[all] = json!(sum);
    counts
}

fn processes(named: &Value) -> Value {
    counts(
        "started",
        named,
        &["running", "on_hold", "completed", "cancelled"],
    )
}

fn tasks(named: &Value) -> Value {
    let statuses = [
        "waiting",
        "open",
        "in_progress",
        "on_hold",
        "completed",
        "skipped",
        "not_taken",
        "cancelled",
    ];
    counts("total", named, &statuses)
}

fn keys(version: &Value) -> Vec<&str> {
    let rows = version["tasks"].as_array().unwrap().iter();
    rows.map(|row| row["key"].as_str().unwrap()).collect()
}

/// Four processes of two versions, made with the clock at hand; the id of their type.
///
/// | | prepare | review | file | process |
/// | --- | --- | --- | --- | --- |
/// | first, version 1 | 0–3, begun at 1; again 4–5 | 3–4 sent back; 5–8, begun at 6 | 8–9 skipped | 0–9 |
/// | second, version 1 | 9–11 | 11–12 cancelled | cancelled | 9–12 cancelled |
/// | third, version 1 | 12–, open | waiting | waiting | 12–, running |
/// | fourth, version 2 | 12–15 | | 15–16 | 12–16 |
async fn played(office: &Office) -> String {
    let app = &office.app;
    let admin = app.admin();
    let associate = office.holder("client_service_associate");
    let lead = office.holder("lead_advisor");
    let process_type = publish(app, reviewed()).await;
    let path = async |process: &str, key: &str| crate::tasks::path_of(office, process, key).await;

    let first = start(&admin, &process_type, &office.client_id).await;
    pass(app, 1);
    act(
        associate,
        &path(first.id(), "prepare").await,
        "start",
        json!({}),
    )
    .await
    .ok(200);
    pass(app, 2);
    act(
        associate,
        &path(first.id(), "prepare").await,
        "complete",
        json!({}),
    )
    .await
    .ok(200);
    pass(app, 1);
    let again = json!({ "outcome": "again" });
    act(lead, &path(first.id(), "review").await, "complete", again)
        .await
        .ok(200);
    pass(app, 1);
    act(
        associate,
        &path(first.id(), "prepare").await,
        "complete",
        json!({}),
    )
    .await
    .ok(200);
    pass(app, 1);
    act(lead, &path(first.id(), "review").await, "start", json!({}))
        .await
        .ok(200);
    pass(app, 2);
    let fine = json!({ "outcome": "fine" });
    act(lead, &path(first.id(), "review").await, "complete", fine)
        .await
        .ok(200);
    pass(app, 1);
    let why = json!({ "reason": "The client has it already." });
    act(&admin, &path(first.id(), "file").await, "skip", why)
        .await
        .ok(200);

    let second = start(&admin, &process_type, &office.client_id).await;
    pass(app, 2);
    act(
        associate,
        &path(second.id(), "prepare").await,
        "complete",
        json!({}),
    )
    .await
    .ok(200);
    pass(app, 1);
    let why = json!({ "reason": "It is off." });
    act(
        &admin,
        &format!("/v1/processes/{}", second.id()),
        "cancel",
        why,
    )
    .await
    .ok(200);

    start(&admin, &process_type, &office.client_id).await;
    publish_next(&admin, &process_type, unreviewed()).await;
    let fourth = start(&admin, &process_type, &office.client_id).await;
    pass(app, 3);
    act(
        associate,
        &path(fourth.id(), "prepare").await,
        "complete",
        json!({}),
    )
    .await
    .ok(200);
    pass(app, 1);
    let filing = office.holder("associate_advisor");
    act(
        filing,
        &path(fourth.id(), "file").await,
        "complete",
        json!({}),
    )
    .await
    .ok(200);
    process_type
}

on_both! {
    /// F5
    async fn each_version_and_each_of_its_tasks_has_its_figures(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = played(&office).await;
        let report = report(&app.admin(), &process_type).await;
        assert_eq!(report["formula_version"], 1);
        assert_eq!(report["counted_at"], "2030-03-04T15:02:40Z");
        assert_eq!(report["oldest_started_at"], "2030-03-04T15:00:00Z");
        assert_eq!(report["started_at_gte"], "2029-03-04T15:02:40Z", "a year");
        assert_eq!(report["started_at_before"], Value::Null);
        assert_eq!((&report["processes"], &report["complete"]), (&json!(4), &json!(true)));

        let [first, second] = &report["data"].as_array().unwrap()[..] else {
            panic!("two versions");
        };
        for (version, number) in [(first, 1), (second, 2)] {
            assert_eq!(version["version"], number);
            assert_eq!(version["process_type_id"], process_type);
            assert_eq!(version["process_type_key"], "reviewed");
            assert_eq!(version["process_type_name"], "By hand: reviewed");
        }
        assert_eq!(first["counts"], processes(&json!({ "running": 1, "completed": 1, "cancelled": 1 })));
        assert_eq!(first["cycle_time"], durations(1, 9, 9, 9));
        assert_eq!(second["counts"], processes(&json!({ "completed": 1 })));
        assert_eq!(second["cycle_time"], durations(1, 4, 4, 4));

        assert_eq!(keys(first), ["review", "prepare", "file"], "the slowest first");
        let (review, prepare, file) = (&first["tasks"][0], &first["tasks"][1], &first["tasks"][2]);
        assert_eq!(prepare["counts"], tasks(&json!({ "completed": 2, "open": 1 })));
        assert_eq!((&prepare["opened"], &prepare["reworked"]), (&json!(3), &json!(1)));
        assert!((prepare["rework_share"].as_f64().unwrap() - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!(prepare["waiting_time"]["median_seconds"], 15, "between ten and twenty");
        assert_eq!(prepare["waiting_time"]["p90_seconds"], 20);
        assert_eq!(prepare["working_time"], durations(2, 0, 0, 0), "done at once, the second time too");
        assert_eq!(prepare["total_time"], prepare["waiting_time"]);
        assert_eq!(prepare["open_now"], durations(1, 4, 4, 4));

        assert_eq!(review["counts"], tasks(&json!({ "completed": 1, "waiting": 1, "cancelled": 1 })));
        assert_eq!((&review["opened"], &review["reworked"], &review["rework_share"]), (&json!(2), &json!(1), &json!(0.5)));
        assert_eq!(review["waiting_time"], durations(1, 1, 1, 1));
        assert_eq!(review["working_time"], durations(1, 2, 2, 2));
        assert_eq!(review["total_time"], durations(1, 3, 3, 3));
        assert_eq!(review["open_now"], none());
        assert_eq!((&review["kind"], &review["title"]), (&json!("decision"), &json!("Do review")));

        assert_eq!(file["counts"], tasks(&json!({ "skipped": 1, "waiting": 1, "cancelled": 1 })));
        assert_eq!((&file["opened"], &file["reworked"], &file["rework_share"]), (&json!(1), &json!(0), &json!(0.0)));
        for figure in ["waiting_time", "working_time", "total_time", "open_now"] {
            assert_eq!(file[figure], none(), "{figure}");
        }

        assert_eq!(keys(second), ["prepare", "file"]);
        assert_eq!(second["tasks"][0]["total_time"], durations(1, 3, 3, 3));
        assert_eq!(second["tasks"][0]["rework_share"], 0.0);
        assert_eq!(second["tasks"][1]["total_time"], durations(1, 1, 1, 1));
        assert!(second["tasks"].as_array().unwrap().iter().all(|row| row["per_item"] == false));
    }

    /// F5
    async fn a_report_covers_the_version_and_the_time_asked_for(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = played(&office).await;
        let asked = async |more: &str| {
            let path = format!("{}&{more}", about(&process_type));
            let report = app.admin().get(&path).await.ok(200);
            let versions = report["data"].as_array().unwrap().iter();
            let versions: Vec<_> = versions.map(|version| version["version"].as_i64().unwrap()).collect();
            let read = (report["processes"].as_u64().unwrap(), report["complete"] == true);
            (read, versions, report["oldest_started_at"].clone())
        };
        let third = json!("2030-03-04T15:02:00Z");
        assert_eq!(asked("version=2").await, ((1, true), vec![2], third.clone()));
        assert_eq!(asked("started_at_gte=2030-03-04T15:00:00Z").await.0, (4, true));
        assert_eq!(asked("started_at_gte=2030-03-04T15:00:01Z").await.0, (3, true));
        let before = asked("started_at_before=2030-03-04T15:01:30Z").await;
        assert_eq!(before, ((1, true), vec![1], json!("2030-03-04T15:00:00Z")));
        let nothing = asked("started_at_before=2030-03-04T15:00:00Z").await;
        assert_eq!(nothing, ((0, true), Vec::new(), Value::Null));
        // Two started at the same moment; of them the one that was made last is the newest.
        assert_eq!(asked("max_processes=1").await, ((1, false), vec![2], third.clone()));
        assert_eq!(asked("max_processes=2").await.0, (2, false));
        assert_eq!(asked("max_processes=2").await.2, third);
        assert_eq!(asked("max_processes=4").await.0, (4, true));
    }

    /// F5
    async fn without_a_type_there_is_a_summary_of_all(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = played(&office).await;
        let other = publish(&app, definition("other", &[task("only", "lead_advisor", &[])])).await;
        start(&app.admin(), &other, &office.client_id).await;
        let summary = app.admin().get("/v1/reports/process-performance").await.ok(200);
        assert_eq!((&summary["processes"], &summary["complete"]), (&json!(5), &json!(true)));
        let rows: Vec<_> = summary["data"].as_array().unwrap().iter()
            .map(|row| (row["process_type_key"].as_str().unwrap(), row["version"].as_i64().unwrap()))
            .collect();
        assert_eq!(rows, [("reviewed", 1), ("reviewed", 2), ("other", 1)], "without a median last");
        let single = report(&app.admin(), &process_type).await;
        for place in 0..2 {
            let (short, long) = (&summary["data"][place], &single["data"][place]);
            assert_eq!((&short["counts"], &short["cycle_time"]), (&long["counts"], &long["cycle_time"]));
            assert_eq!(short["tasks"], Value::Null);
        }
        assert_eq!(summary["data"][2]["counts"], processes(&json!({ "running": 1 })));
        assert_eq!(summary["data"][2]["cycle_time"], none());
    }

    /// F5: a type of which nothing was started has no figures, and no noughts either.
    async fn of_nothing_nothing_is_told(app: TestApp) {
        let process_type = publish(&app, reviewed()).await;
        let report = report(&app.admin(), &process_type).await;
        assert_eq!((&report["processes"], &report["complete"]), (&json!(0), &json!(true)));
        assert_eq!((&report["data"], &report["oldest_started_at"]), (&json!([]), &Value::Null));
    }

    async fn what_makes_no_sense_is_refused(app: TestApp) {
        let process_type = publish(&app, reviewed()).await;
        let admin = app.admin();
        let summary = "/v1/reports/process-performance?";
        let about = format!("{}&", about(&process_type));
        for (query, fault) in [
            ("started_at_gte=2030-03-04T15:00:00Z&started_at_before=2030-03-04T15:00:00Z", ("started_at_before", "before-begin")),
            ("started_at_gte=2030-03-05T15:00:00Z&started_at_before=2030-03-04T15:00:00Z", ("started_at_before", "before-begin")),
            ("started_at_gte=2030-03-04T15:00:01Z", ("started_at_gte", "in-the-future")),
            ("started_at_gte=2028-03-03T14:59:59Z", ("started_at_gte", "out-of-range")),
            ("max_processes=0", ("max_processes", "out-of-range")),
            ("max_processes=10001", ("max_processes", "out-of-range")),
            ("from=2030-03-04T15:00:00Z", ("from", "unknown-parameter")),
        ] {
            for path in [summary, &about] {
                let refused = admin.get(&format!("{path}{query}")).await;
                // What each parameter may be by itself the document says.
                let told = if fault.0.starts_with("started") { 422 } else { 400 };
                assert_eq!((refused.status, refused.faults()), (told, vec![fault]), "{path}{query}");
            }
        }
        admin.get(&format!("{about}started_at_gte=2028-03-03T15:00:00Z")).await.ok(200);
        let refused = admin.get(&format!("{summary}version=1")).await.problem(422, "validation-failed");
        assert_eq!(refused.faults(), [("process_type_id", "required")]);
        let refused = admin.get(&format!("{about}version=0")).await.problem(400, "invalid-parameter");
        assert_eq!(refused.faults(), [("version", "out-of-range")]);
        let _ = admin.get(&format!("{about}version=2")).await.problem(404, "not-found");
        let unknown = super::about(tests::document::NO_SUCH_ID);
        let _ = admin.get(&unknown).await.problem(404, "not-found");
    }
}
