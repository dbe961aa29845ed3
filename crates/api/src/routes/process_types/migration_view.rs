use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    ids::ProcessId,
    process::{
        Process,
        migrate::bulk::{BulkMigration, MoveState, RefusedMove},
    },
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::problem::ProblemFault;

/// How many of the processes that were not moved are shown.
pub(super) const SHOWN: u64 = 100;

/// Moving all processes of a type to another version: how far it has come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProcessTypeMigrationView {
    id: Uuid,
    process_type_id: Uuid,
    /// The version to which processes are moved.
    #[schema(example = 2)]
    to_version: i32,
    /// The new keys of tasks that the version calls otherwise, by their present keys.
    #[schema(example = json!({}))]
    map: BTreeMap<String, String>,
    /// Whether this only looks.
    dry_run: bool,
    requested_by: Uuid,
    requested_at: DateTime<Utc>,
    status: MigrationStatus,
    /// Share of the processes found so far that are settled, from 0 to 1.
    #[schema(minimum = 0, maximum = 1, example = 0.5)]
    progress: f64,
    counts: MigrationCounts,
    /// Those that cannot be moved, at most 100; `counts` tells how many there are.
    refused: Vec<RefusedMoveView>,
}

/// How far a migration has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MigrationStatus {
    /// Processes are still looked for, or wait for their turn.
    Running,
    /// Every process is settled.
    Completed,
}

/// How many processes have come to what.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MigrationCounts {
    /// Found so far.
    #[schema(minimum = 0, example = 40)]
    found: i64,
    /// Their turn has not come, or the attempt failed and is made again.
    #[schema(minimum = 0, example = 0)]
    waiting: i64,
    /// Moved; in a dry run, they can be.
    #[schema(minimum = 0, example = 37)]
    moved: i64,
    /// They had ended, or had come to the version in another way, before their turn.
    #[schema(minimum = 0, example = 1)]
    unchanged: i64,
    /// They cannot be moved, or not by whoever asked, or it failed for good: then a job of theirs is parked.
    #[schema(minimum = 0, example = 2)]
    refused: i64,
}

/// A process that cannot be moved.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusedMoveView {
    process_id: Uuid,
    /// Every reason; pointers `/tasks/KEY` name its tasks.
    reasons: Vec<ProblemFault>,
}

impl ProcessTypeMigrationView {
    /// For whoever asked, who sees these of the processes.
    pub(super) fn new(
        asked: BulkMigration,
        counts: &BTreeMap<MoveState, i64>,
        refused: Vec<RefusedMove>,
        seen: &BTreeMap<ProcessId, Process>,
    ) -> Self {
        let counts = MigrationCounts::new(counts);
        let done = asked.listed_at.is_some() && counts.waiting == 0;
        let refused = refused.into_iter();
        Self {
            id: asked.id.0,
            process_type_id: asked.process_type_id.0,
            to_version: asked.version,
            map: asked.renamed,
            dry_run: asked.dry_run,
            requested_by: asked.requested_by.0,
            requested_at: asked.requested_at,
            status: if done {
                MigrationStatus::Completed
            } else {
                MigrationStatus::Running
            },
            progress: if done { 1.0 } else { counts.share() },
            counts,
            refused: refused
                .filter(|refused| seen.contains_key(&refused.process_id))
                .map(|refused| RefusedMoveView {
                    process_id: refused.process_id.0,
                    reasons: refused
                        .reasons
                        .into_iter()
                        .map(ProblemFault::from)
                        .collect(),
                })
                .collect(),
        }
    }
}

impl MigrationCounts {
    fn new(counts: &BTreeMap<MoveState, i64>) -> Self {
        let of = |state| counts.get(&state).copied().unwrap_or_default();
        Self {
            found: counts.values().sum(),
            waiting: of(MoveState::Waiting),
            moved: of(MoveState::Moved),
            unchanged: of(MoveState::Unchanged),
            refused: of(MoveState::Refused),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a share need not be exact")]
    fn share(&self) -> f64 {
        if self.found == 0 {
            return 0.0;
        }
        (self.found - self.waiting) as f64 / self.found as f64
    }
}
