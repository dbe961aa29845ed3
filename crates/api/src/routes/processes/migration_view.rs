use std::collections::BTreeSet;

use domain::{
    fault::Fault,
    ids::TaskId,
    process::{
        ProcessStatus,
        migrate::{MigratedTask, TaskChange},
        run::Run,
    },
    task::TaskStatus,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::ProcessView;
use crate::http::problem::ProblemFault;

/// What moving a process to another version makes of it, or would.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProcessMigrationView {
    /// Whether this only looked.
    dry_run: bool,
    /// Whether the process can be moved.
    possible: bool,
    /// The version that it followed.
    #[schema(example = 1)]
    from_version: i32,
    /// The version to which it was, or would be, moved.
    #[schema(example = 2)]
    to_version: i32,
    /// Everything that keeps it where it is; pointers `/tasks/KEY` name its tasks.
    reasons: Vec<ProblemFault>,
    /// What becomes of each of its tasks, in the order of the version; empty where it cannot be moved.
    tasks: Vec<MigratedTaskView>,
    /// Its status once it has been moved.
    process_status: ProcessStatus,
    /// The process as it is now.
    process: ProcessView,
}

/// What becomes of one task.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MigratedTaskView {
    /// Null for one that would be added.
    id: Option<Uuid>,
    /// Its key in the version.
    #[schema(example = "review")]
    key: String,
    /// The key that it had, where that was another.
    #[schema(example = "check")]
    previous_key: Option<String>,
    change: TaskChange,
    /// Null for one that is added.
    #[schema(nullable)]
    previous_status: Option<TaskStatus>,
    /// Its status once the process has been moved.
    status: TaskStatus,
    /// Fields of its form whose drafts do not fit the version and are dropped.
    #[schema(example = json!(["account_number"]))]
    dropped_fields: Vec<String>,
}

impl ProcessMigrationView {
    /// The process was moved, or would be; of its present tasks those are shown that are seen.
    pub(super) fn of(
        dry_run: bool,
        before: &Run,
        after: &Run,
        tasks: Vec<MigratedTask>,
        seen: &BTreeSet<TaskId>,
    ) -> Self {
        let tasks = tasks.into_iter();
        Self {
            dry_run,
            possible: true,
            from_version: before.process.process_type_version,
            to_version: after.process.process_type_version,
            reasons: Vec::new(),
            tasks: tasks
                .filter(|task| task.previous_status.is_none() || seen.contains(&task.id))
                .map(|task| MigratedTaskView::new(task, dry_run))
                .collect(),
            process_status: after.process.status,
            process: ProcessView::from(if dry_run {
                &before.process
            } else {
                &after.process
            }),
        }
    }

    /// The process cannot be moved.
    pub(super) fn impossible(before: &Run, to_version: i32, reasons: Vec<Fault>) -> Self {
        Self {
            dry_run: true,
            possible: false,
            from_version: before.process.process_type_version,
            to_version,
            reasons: reasons.into_iter().map(ProblemFault::from).collect(),
            tasks: Vec::new(),
            process_status: before.process.status,
            process: ProcessView::from(&before.process),
        }
    }

    pub(super) const fn version(&self) -> i64 {
        self.process.version
    }
}

impl MigratedTaskView {
    fn new(task: MigratedTask, dry_run: bool) -> Self {
        let imagined = dry_run && task.previous_status.is_none();
        Self {
            id: (!imagined).then_some(task.id.0),
            key: task.key,
            previous_key: task.previous_key,
            change: task.change,
            previous_status: task.previous_status,
            status: task.status,
            dropped_fields: task.dropped_fields,
        }
    }
}
