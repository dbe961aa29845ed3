use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::{
    access::Actor,
    ambient::Ambient,
    ids::TaskId,
    job::Job,
    process::{
        ProcessStatus,
        run::{AttributeWrite, Run},
    },
    value::FieldValue,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::TaskView;
use crate::work::{Moved, Work};

/// A completed task, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CompletedTask)]
pub(crate) struct CompletedView {
    task: TaskView,
    effects: EffectsView,
}

/// Everything that came of a completion.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CompletionEffects)]
pub(crate) struct EffectsView {
    /// Tasks that opened.
    opened: Vec<TaskRefView>,
    /// Tasks that are not needed and were passed by.
    skipped: Vec<TaskRefView>,
    /// Tasks whose branch was not taken.
    not_taken: Vec<TaskRefView>,
    /// Tasks that were sent back.
    withdrawn: Vec<TaskRefView>,
    /// Tasks that were given up, because the process ended.
    cancelled: Vec<TaskRefView>,
    /// Attributes that were written.
    attributes: Vec<AttributeChangeView>,
    /// Tasks that were made.
    created_tasks: Vec<TaskRefView>,
    /// Touchpoints that were logged.
    touchpoint_ids: Vec<Uuid>,
    /// Processes that are about to start.
    starting: Vec<StartingView>,
    /// Processes whose next run is planned.
    planned: Vec<PlannedView>,
    /// Where its process is now; null for a task that stands alone.
    process_status: Option<ProcessStatus>,
    /// The result that its process has reached or is set to reach.
    result: Option<String>,
}

/// A task of the same process.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskRef)]
pub(crate) struct TaskRefView {
    id: Uuid,
    key: String,
}

/// A value that was written to a record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttributeChange)]
pub(crate) struct AttributeChangeView {
    entity_id: Uuid,
    /// Key of the attribute.
    #[schema(example = "risk_profile")]
    attribute: String,
    before: Option<FieldValue>,
    after: Option<FieldValue>,
}

/// A process that is about to start.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StartingProcess)]
pub(crate) struct StartingView {
    /// Key of the process type.
    #[schema(example = "annual_review")]
    process_type: String,
    /// For whom; null: for the firm.
    entity_id: Option<Uuid>,
    /// Whether the process goes on only when that one has ended.
    waited_for: bool,
}

/// A process whose next run is planned.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlannedProcess)]
pub(crate) struct PlannedView {
    /// Key of the process type.
    #[schema(example = "annual_review")]
    process_type: String,
    /// For whom.
    entity_id: Uuid,
    /// On the day of this instant; the schedule that is made says when on it.
    at: DateTime<Utc>,
}

impl CompletedView {
    pub(super) fn new(work: &Work, moved: &Moved, actor: &Actor, ambient: &dyn Ambient) -> Self {
        let hidden = moved.hidden_children(work, actor, ambient.now());
        Self {
            task: TaskView::of_moved(work, moved, actor, ambient),
            effects: EffectsView::new(moved, &hidden),
        }
    }
}

impl EffectsView {
    /// What is for records that whoever asks may not see is left out (X17).
    fn new(moved: &Moved, hidden: &BTreeSet<TaskId>) -> Self {
        let run = moved.run.as_ref();
        let tasks = |ids: &[TaskId]| refs(run, ids, hidden);
        let (changes, effects) = (&moved.changes, &moved.changes.effects);
        Self {
            opened: tasks(&effects.opened),
            skipped: tasks(&effects.skipped),
            not_taken: tasks(&effects.not_taken),
            withdrawn: tasks(&effects.withdrawn),
            cancelled: tasks(&effects.cancelled),
            attributes: changes
                .attribute_values
                .iter()
                .map(AttributeChangeView::new)
                .collect(),
            created_tasks: tasks(&effects.created),
            touchpoint_ids: changes
                .touchpoints
                .iter()
                .map(|touchpoint| touchpoint.id.0)
                .collect(),
            starting: changes
                .jobs
                .iter()
                .filter(|job| job.about().1.is_none_or(|task| !hidden.contains(&task)))
                .filter_map(StartingView::new)
                .collect(),
            planned: changes
                .jobs
                .iter()
                .filter(|job| job.about().1.is_none_or(|task| !hidden.contains(&task)))
                .filter_map(PlannedView::new)
                .collect(),
            process_status: run.map(|run| run.process.status),
            result: run.and_then(|run| run.process.result.clone()),
        }
    }
}

fn refs(run: Option<&Run>, ids: &[TaskId], hidden: &BTreeSet<TaskId>) -> Vec<TaskRefView> {
    ids.iter()
        .filter(|id| !hidden.contains(id))
        .filter_map(|id| run?.task_by_id(*id))
        .map(|task| TaskRefView {
            id: task.id.0,
            key: task.key.clone(),
        })
        .collect()
}

impl AttributeChangeView {
    fn new(write: &AttributeWrite) -> Self {
        Self {
            entity_id: write.entity_id.0,
            attribute: write.attribute.clone(),
            before: write.before.clone(),
            after: write.after.clone(),
        }
    }
}

impl StartingView {
    fn new(job: &Job) -> Option<Self> {
        match job {
            Job::StartProcess(request) => Some(Self {
                process_type: request.process_type.clone(),
                entity_id: request.entity_id.map(Uuid::from),
                waited_for: request.waited_for,
            }),
            Job::ChildEnded { .. }
            | Job::CheckChild { .. }
            | Job::AnchorsChanged { .. }
            | Job::DateAnew { .. }
            | Job::HandOver { .. }
            | Job::DueMoment(_)
            | Job::NobodyElse { .. }
            | Job::RunSchedule { .. }
            | Job::PlanSchedules { .. }
            | Job::PlanNext(_)
            | Job::RunBatch { .. }
            | Job::MigrateProcesses { .. }
            | Job::MigrateProcess { .. }
            | Job::CancelProcess { .. } => None,
        }
    }
}

impl PlannedView {
    fn new(job: &Job) -> Option<Self> {
        if let Job::PlanNext(request) = job {
            Some(Self {
                process_type: request.process_type.clone(),
                entity_id: request.entity_id.0,
                at: request.at,
            })
        } else {
            None
        }
    }
}
