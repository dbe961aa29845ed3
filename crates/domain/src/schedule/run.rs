//! What became of a schedule each time (E18).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    event::{EventType, Occurrence, SubjectType},
    fault::Fault,
    ids::{BatchId, ProcessId, ScheduleId},
    process::engine::snapshot,
    schedule::Schedule,
};

/// One run of a schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduleRun {
    /// Of which schedule.
    pub schedule_id: ScheduleId,
    /// For when it was planned; no two runs of a schedule are for the same moment.
    pub planned_at: DateTime<Utc>,
    /// When it took place.
    pub ran_at: DateTime<Utc>,
    /// Whether that was late: nobody was there to start it in time, or the record got its date late.
    pub late: bool,
    /// How many further runs had fallen due meanwhile, for which this one stands, too.
    pub missed: u32,
    /// What became of it.
    pub outcome: RunOutcome,
    /// The process that it started, for one record.
    pub process_id: Option<ProcessId>,
    /// The batch that it started, for several.
    pub batch_id: Option<BatchId>,
    /// Why nothing was started.
    pub reasons: Vec<Fault>,
}

/// What became of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunOutcome {
    /// A process, or a batch of them, was started.
    Started,
    /// A process of the type was open for the record (`unless_open`).
    Skipped,
    /// The type is archived or has no version in effect, or does not serve the record.
    NotStarted,
}

impl RunOutcome {
    /// The public name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Skipped => "skipped",
            Self::NotStarted => "not_started",
        }
    }
}

/// A change of a schedule, as the trail tells it.
#[must_use]
pub fn told(event: EventType, before: Option<&Schedule>, after: &Schedule) -> Occurrence {
    Occurrence {
        event,
        subject_type: SubjectType::Schedule,
        subject_id: after.id.0,
        entity_id: after.entity_id,
        before: before.map(snapshot),
        after: Some(snapshot(after)),
    }
}

/// A run, as the trail tells it with its schedule. Which process came of it is told where that is told, to those who may know.
#[must_use]
pub fn told_run(before: &Schedule, after: &Schedule, run: &ScheduleRun) -> Occurrence {
    let mut told = told(EventType::ScheduleRan, Some(before), after);
    if let Some(serde_json::Value::Object(members)) = &mut told.after {
        let run = serde_json::json!({
            "planned_at": run.planned_at,
            "outcome": run.outcome,
            "late": run.late,
            "missed": run.missed,
            "reasons": run.reasons,
        });
        members.insert("run".to_owned(), run);
    }
    told
}
