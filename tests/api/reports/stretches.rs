use serde_json::json;
use tests::{Database, TestApp, on_both};

use super::{about, report, unreviewed};
use crate::{
    office::Office,
    workflow::{publish, start},
};

/// All columns of a process but its key.
const COLUMNS: &str = "process_type_id, process_type_version, name, entity_id, entity_ids, related, owner_id, initiator_id, \
    status, result, result_set_by, fields, asked_fields, parent_process_id, parent_task_id, waited_for, schedule_id, batch_id, \
    depth, cancel_reason, hold_reason, held_at, started_at, ended_at, version";

/// Copies every process so many times, without its tasks.
async fn multiply(app: &TestApp, times: u32) {
    let id = match app.database {
        Database::Postgres => "gen_random_uuid()",
        Database::Sqlite => "randomblob(16)",
    };
    let statement = format!(
        "WITH RECURSIVE copy(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM copy WHERE number < {times}) \
         INSERT INTO process (firm_id, id, {COLUMNS}) SELECT firm_id, {id}, {COLUMNS} FROM process, copy"
    );
    app.on_database(&statement).await;
}

on_both! {
    /// What a stretch needs is read at once, however many processes and tasks there are.
    async fn a_report_takes_as_many_statements_for_eight_processes_as_for_one(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = publish(&app, unreviewed()).await;
        let lead = office.holder("lead_advisor");
        let mut taken = Vec::new();
        for many in [1, 7] {
            for _ in 0..many {
                start(&app.admin(), &process_type, &office.client_id).await;
            }
            report(lead, &process_type).await;
            let read = report(lead, &process_type).await;
            taken.push((read["processes"].as_u64().unwrap(), read.statements()));
        }
        assert_eq!((taken[0].0, taken[1].0), (1, 8));
        assert_eq!(taken[0].1, taken[1].1);
        assert!(taken[0].1 <= 4, "who asks, the type, its processes, their tasks: {taken:?}");
    }

    /// F5: each once, though all of them started at the same moment; and no more than are asked for.
    async fn what_takes_several_stretches_is_counted_once(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = publish(&app, unreviewed()).await;
        start(&app.admin(), &process_type, &office.client_id).await;
        // The definition is at hand from the second time on.
        report(&app.admin(), &process_type).await;
        let first = report(&app.admin(), &process_type).await;
        multiply(&app, 1_200).await;
        let all = report(&app.admin(), &process_type).await;
        assert_eq!((&all["processes"], &all["complete"]), (&json!(1_201), &json!(true)));
        let version = &all["data"][0];
        assert_eq!((&version["counts"]["started"], &version["counts"]["running"]), (&json!(1_201), &json!(1_201)));
        assert_eq!(version["tasks"], first["data"][0]["tasks"], "one of them has tasks");
        assert_eq!(all.statements(), first.statements() + 2 * 2, "three stretches instead of one");
        for (most, complete) in [(1, false), (500, false), (501, false), (1_000, false), (1_200, false), (1_201, true)] {
            let path = format!("{}&max_processes={most}", about(&process_type));
            let some = app.admin().get(&path).await.ok(200);
            assert_eq!((&some["processes"], &some["complete"]), (&json!(most), &json!(complete)));
        }
        let summary = app.admin().get("/v1/reports/process-performance").await.ok(200);
        assert_eq!(summary["processes"], 1_201);
    }
}
