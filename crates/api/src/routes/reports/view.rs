use chrono::{DateTime, Utc};
use domain::{
    process_type::{
        ProcessType,
        definition::{TaskKind, TaskTemplate},
    },
    report::{
        Spread,
        performance::{RunCounts, StepCounts, StepPerformance, VersionPerformance},
    },
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How processes perform, by type and version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProcessPerformance)]
pub(crate) struct ProcessPerformanceView {
    /// Rises whenever a figure comes to mean something else.
    #[schema(minimum = 1, example = 1)]
    pub(super) formula_version: u32,
    /// The moment of the report: what is open is as old as it was then.
    pub(super) counted_at: DateTime<Utc>,
    /// The processes counted started at this time or later.
    pub(super) started_at_gte: DateTime<Utc>,
    /// They started before this time; null: until now.
    pub(super) started_at_before: Option<DateTime<Utc>>,
    /// How many processes the figures are about.
    #[schema(minimum = 0, example = 42)]
    pub(super) processes: u64,
    /// When the first of them started; null without any.
    pub(super) oldest_started_at: Option<DateTime<Utc>>,
    /// Whether these are all; false: only the newest were counted, as many as were asked for, and others started before them.
    pub(super) complete: bool,
    /// The version with the longest median cycle time first, those without one last.
    pub(super) data: Vec<VersionPerformanceView>,
}

/// How the processes of one version of a process type perform.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VersionPerformance)]
pub(crate) struct VersionPerformanceView {
    process_type_id: Uuid,
    #[schema(example = "account_opening")]
    process_type_key: String,
    #[schema(example = "Account Opening")]
    process_type_name: String,
    /// The version that the processes follow now.
    #[schema(minimum = 1, example = 2)]
    version: i32,
    counts: ProcessPerformanceCounts,
    /// Of the completed: from their start to their end.
    cycle_time: DurationsView,
    /// Each task of the version, of a fan-out also its items: the one with the longest median of `total_time` first, those without
    /// one last. Tasks added by hand are in no row. Null in the summary of all types.
    tasks: Option<Vec<TaskPerformanceView>>,
}

impl VersionPerformanceView {
    pub(super) fn new(
        process_type: &ProcessType,
        found: &VersionPerformance,
        tasks: Option<Vec<TaskPerformanceView>>,
    ) -> Self {
        Self {
            process_type_id: process_type.id.0,
            process_type_key: process_type.key.clone(),
            process_type_name: process_type.name.clone(),
            version: found.version,
            counts: found.counts.into(),
            cycle_time: found.cycle_time.into(),
            tasks,
        }
    }
}

/// How many processes have come to what.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProcessPerformanceCounts {
    /// All of them: the sum of the others.
    #[schema(minimum = 0, example = 42)]
    started: u64,
    #[schema(minimum = 0, example = 9)]
    running: u64,
    #[schema(minimum = 0, example = 1)]
    on_hold: u64,
    #[schema(minimum = 0, example = 30)]
    completed: u64,
    #[schema(minimum = 0, example = 2)]
    cancelled: u64,
}

impl From<RunCounts> for ProcessPerformanceCounts {
    fn from(counts: RunCounts) -> Self {
        Self {
            started: counts.started(),
            running: counts.running,
            on_hold: counts.on_hold,
            completed: counts.completed,
            cancelled: counts.cancelled,
        }
    }
}

/// How one task of a version goes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskPerformance)]
pub(crate) struct TaskPerformanceView {
    /// Its key in the process type.
    #[schema(example = "record_request")]
    key: String,
    /// As the process type has it: it may hold dynamic data.
    #[schema(example = "Record the account request")]
    title: String,
    kind: TaskKind,
    /// Key of its stage.
    #[schema(example = "intake")]
    stage: Option<String>,
    /// True: the tasks for each item of a fan-out. Such a task has a second row, about the fan-out as a whole.
    per_item: bool,
    counts: TaskPerformanceCounts,
    /// How many have opened, in whichever attempt.
    #[schema(minimum = 0, example = 40)]
    opened: u64,
    /// How many of those were sent back after they had been completed, and so had to be done again. What somebody undid by hand is
    /// not among them.
    #[schema(minimum = 0, example = 4)]
    reworked: u64,
    /// `reworked` as a share of `opened`, from 0 to 1; null when none has opened.
    #[schema(minimum = 0, maximum = 1, example = 0.1)]
    rework_share: Option<f64>,
    /// Of the completed: from opening until somebody began, by a draft, a tick or `start`; whoever completed at once began then.
    /// Fan-outs and subprocesses, which nobody begins, have none.
    waiting_time: DurationsView,
    /// Of the same: from then until completion.
    working_time: DurationsView,
    /// Of the completed: from opening to completion.
    total_time: DurationsView,
    /// For how long those that are open, in progress or on hold now have been open.
    open_now: DurationsView,
}

impl TaskPerformanceView {
    pub(super) fn new(template: &TaskTemplate, figures: &StepPerformance) -> Self {
        Self {
            key: template.key.clone(),
            title: template.title.clone(),
            kind: template.kind,
            stage: template.stage.clone(),
            per_item: figures.per_item,
            counts: figures.counts.into(),
            opened: figures.opened,
            reworked: figures.reworked,
            rework_share: figures.rework_share(),
            waiting_time: figures.waiting_time.into(),
            working_time: figures.working_time.into(),
            total_time: figures.total_time.into(),
            open_now: figures.open_now.into(),
        }
    }
}

/// How many tasks have come to what.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TaskPerformanceCounts {
    /// All of them: the sum of the others.
    #[schema(minimum = 0, example = 42)]
    total: u64,
    #[schema(minimum = 0, example = 1)]
    waiting: u64,
    #[schema(minimum = 0, example = 3)]
    open: u64,
    #[schema(minimum = 0, example = 2)]
    in_progress: u64,
    #[schema(minimum = 0, example = 0)]
    on_hold: u64,
    #[schema(minimum = 0, example = 34)]
    completed: u64,
    /// By their condition, by an outcome or by hand.
    #[schema(minimum = 0, example = 1)]
    skipped: u64,
    #[schema(minimum = 0, example = 0)]
    not_taken: u64,
    #[schema(minimum = 0, example = 1)]
    cancelled: u64,
}

impl From<StepCounts> for TaskPerformanceCounts {
    fn from(counts: StepCounts) -> Self {
        Self {
            total: counts.total(),
            waiting: counts.waiting,
            open: counts.open,
            in_progress: counts.in_progress,
            on_hold: counts.on_hold,
            completed: counts.completed,
            skipped: counts.skipped,
            not_taken: counts.not_taken,
            cancelled: counts.cancelled,
        }
    }
}

/// How long something takes: elapsed time in whole seconds.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Durations)]
pub(crate) struct DurationsView {
    /// How many the figures are about.
    #[schema(minimum = 0, example = 34)]
    count: u64,
    /// Of an even number the mean of the two in the middle, rounded down. Null without any.
    #[schema(minimum = 0, example = 7200)]
    median_seconds: Option<u64>,
    /// The smallest that at least nine in ten do not exceed (nearest rank). Null without any.
    #[schema(minimum = 0, example = 9000)]
    p90_seconds: Option<u64>,
    /// Null without any.
    #[schema(minimum = 0, example = 9900)]
    longest_seconds: Option<u64>,
}

impl From<Spread> for DurationsView {
    fn from(spread: Spread) -> Self {
        Self {
            count: spread.count,
            median_seconds: spread.median,
            p90_seconds: spread.p90,
            longest_seconds: spread.longest,
        }
    }
}
