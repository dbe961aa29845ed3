use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{
    access::Actor,
    ambient::Ambient,
    process::{
        engine::Engine,
        run::Run,
        world::{Catalog, Surroundings, World},
    },
    process_type::{
        Definition,
        document::{Priority, TaskKind, WaitingOn},
    },
    task::{
        Execution, Hold, HoldReason, Item, ItemType, Source, SourceType, Task, TaskStatus, Via,
    },
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    attempt_view::{AttemptView, ChecklistItemView, CompletionView},
    form_view::{FormFieldView, OutcomeView, fields, outcomes},
    submissions::view::SubmissionView,
};
use crate::{
    call::Call,
    http::problem::Problem,
    routes::expand::{ExpandTasks, Referring, TaskExpansion},
    work::{Moved, Scene, Work},
};

/// A unit of work.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Task)]
pub(crate) struct TaskView {
    pub(crate) id: Uuid,
    /// Key of the step in its process type; `ad_hoc` for a task added by hand.
    #[schema(example = "prepare_paperwork")]
    key: String,
    /// What to do. While the task waits, with what is known so far.
    #[schema(example = "Prepare the account paperwork for Okafor Household")]
    title: String,
    /// More of it.
    description: Option<String>,
    pub(super) kind: TaskKind,
    /// Key of the stage in its process type.
    stage: Option<String>,
    status: TaskStatus,
    /// Why it is on hold, while it is.
    hold: Option<HoldView>,
    priority: Priority,
    /// Whose it is; null: nobody's.
    owner_id: Option<Uuid>,
    /// Whose record the work is for: a client, an account … or the firm itself.
    entity_id: Uuid,
    /// Null for a task that stands alone.
    process_id: Option<Uuid>,
    /// The fan-out of which it is a child.
    parent_task_id: Option<Uuid>,
    /// What it is done for, if it is the child of a fan-out.
    item: Option<ItemView>,
    /// Of a fan-out: how many children it has, those that the caller may see. Nobody executes the fan-out itself: it is
    /// completed when all of its children are closed, with the first of its outcomes that any of them chose.
    pub(super) fan_out: Option<FanOutView>,
    source: SourceView,
    /// People and organisations whom it is about.
    contact_ids: Vec<Uuid>,
    /// Documents that it was given; whoever sees the task sees them.
    document_ids: Vec<Uuid>,
    /// Key of the line of work that it belongs to.
    #[schema(example = "service")]
    flow: Option<String>,
    /// Null where nothing says when; set when the task opens.
    due_at: Option<DateTime<Utc>>,
    /// While it waits: when it is expected to be due, if that can be told. Null in lists over several processes.
    projected_due_at: Option<DateTime<Utc>>,
    /// Whether it is late now.
    overdue: bool,
    /// Whether its rule asked for a date that was past, and it became due at once.
    compressed: bool,
    /// How often it was begun anew, from 1.
    attempt: u32,
    /// What was sent or taken back, oldest first.
    attempts: Vec<AttemptView>,
    execution: ExecutionView,
    /// Keys of the tasks whose executors may not execute this one.
    separate_from: Vec<String>,
    /// Which outside party is waited for.
    waiting_on: Option<WaitingOn>,
    checklist: Vec<ChecklistItemView>,
    /// In the order of the process type.
    form: Vec<FormFieldView>,
    /// The ways to complete it; empty where there is only one.
    outcomes: Vec<OutcomeView>,
    /// The outcome chosen.
    outcome: Option<String>,
    completed_at: Option<DateTime<Utc>>,
    /// Null while it is not completed, and when the engine completed it.
    completed_by: Option<Uuid>,
    /// By which route.
    completed_via: Option<Via>,
    /// For whom, under cover.
    on_behalf_of: Option<Uuid>,
    /// How it was completed, in full.
    completion: Option<CompletionView>,
    /// Whether its process waits for it.
    blocking: bool,
    /// The process that it started and waits for.
    child_process_id: Option<Uuid>,
    /// What the custodian was sent that it waits for, oldest first, in all attempts.
    submissions: Vec<SubmissionView>,
    /// When it was last brought before somebody in this attempt, because it was not done in time or because nobody but its
    /// preparers could execute it.
    escalated_at: Option<DateTime<Utc>>,
    /// Why it was skipped or cancelled.
    closed_reason: Option<String>,
    created_at: DateTime<Utc>,
    opened_at: Option<DateTime<Utc>>,
    started_at: Option<DateTime<Utc>>,
    /// When it was completed, skipped, passed by or cancelled.
    closed_at: Option<DateTime<Utc>>,
    /// Rises with each change; the `ETag`.
    pub(crate) version: i64,
    /// What it refers to, where `expand` asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    expanded: Option<TaskExpansion>,
}

/// One of the things for which a fan-out is done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskItem)]
pub(crate) struct ItemView {
    #[serde(rename = "type")]
    kind: ItemType,
    /// The id of the record or person, or the option of the choice.
    #[schema(example = "0198c2a4-6f5e-7bbb-9a51-3f0d7c1e2a10")]
    value: String,
}

impl ItemView {
    pub(crate) fn new(item: &Item) -> Self {
        Self {
            kind: item.kind,
            value: item.value.clone(),
        }
    }
}

/// The children of a fan-out by status.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskFanOut)]
pub(crate) struct FanOutView {
    #[schema(example = 120)]
    total: u32,
    waiting: u32,
    open: u32,
    in_progress: u32,
    on_hold: u32,
    completed: u32,
    skipped: u32,
    not_taken: u32,
    cancelled: u32,
}

impl FanOutView {
    pub(super) fn new(children: &BTreeMap<TaskStatus, u32>) -> Self {
        let of = |status| children.get(&status).copied().unwrap_or_default();
        Self {
            total: children.values().sum(),
            waiting: of(TaskStatus::Waiting),
            open: of(TaskStatus::Open),
            in_progress: of(TaskStatus::InProgress),
            on_hold: of(TaskStatus::OnHold),
            completed: of(TaskStatus::Completed),
            skipped: of(TaskStatus::Skipped),
            not_taken: of(TaskStatus::NotTaken),
            cancelled: of(TaskStatus::Cancelled),
        }
    }
}

/// Why a task is on hold.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskHold)]
pub(crate) struct HoldView {
    reason: HoldReason,
    note: Option<String>,
    since: DateTime<Utc>,
    /// Whether the due date waits with it.
    pause_clock: bool,
    /// Business days that were left when the clock was paused.
    remaining_days: Option<i32>,
    /// Whether it stands still because the process that it waits for was cancelled or could not be started: it is
    /// retried, skipped or cancelled.
    awaited_process_failed: bool,
}

/// Where a task comes from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskSource)]
pub(crate) struct SourceView {
    #[serde(rename = "type")]
    kind: SourceType,
    /// The process, task, play, schedule or import; for `manual` the person.
    id: Uuid,
}

/// Who besides the owner may execute a task. The lists are kept while `enabled` is false.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskExecution)]
pub(crate) struct ExecutionView {
    enabled: bool,
    /// Roles on the servicing team of the task's record.
    servicing_team_roles: Vec<Uuid>,
    /// Business roles on the team of the task's record.
    business_roles: Vec<Uuid>,
    /// Roles on the firm.
    firm_roles: Vec<Uuid>,
}

impl TaskView {
    /// A task with everything that is around it.
    pub(crate) fn of_work(work: &Work, actor: &Actor, ambient: &dyn Ambient) -> Self {
        match work {
            Work::OfProcess(scene, index) => {
                let engine = scene.shown(&scene.run, &scene.around, ambient);
                let mut view =
                    Self::of_run(&scene.definition, &scene.run, &engine, *index, ambient);
                view.count_children(scene, *index, actor, ambient);
                view
            }
            Work::Single(single) => Self::plain(&single.task, ambient.now()),
        }
    }

    /// A task as a command has left it.
    pub(crate) fn of_moved(
        work: &Work,
        moved: &Moved,
        actor: &Actor,
        ambient: &dyn Ambient,
    ) -> Self {
        match (work, moved.scene(work)) {
            (Work::OfProcess(_, index), Some(scene)) => {
                Self::of_work(&Work::OfProcess(scene, *index), actor, ambient)
            }
            (Work::OfProcess(..) | Work::Single(_), _) => Self::plain(&moved.task, ambient.now()),
        }
    }

    /// Counts the children of a fan-out that are there for whoever asks (X17).
    fn count_children(
        &mut self,
        scene: &Arc<Scene>,
        index: usize,
        actor: &Actor,
        ambient: &dyn Ambient,
    ) {
        if self.kind == TaskKind::FanOut {
            let children = scene.children_seen(index, actor, ambient.now());
            self.fan_out = Some(FanOutView::new(&children));
        }
    }

    /// These tasks of a process, by their places in it.
    pub(crate) fn of_scene(
        scene: &Arc<Scene>,
        places: impl IntoIterator<Item = usize>,
        actor: &Actor,
        ambient: &dyn Ambient,
    ) -> Vec<Self> {
        let engine = scene.shown(&scene.run, &scene.around, ambient);
        places
            .into_iter()
            .map(|index| {
                let mut view = Self::of_run(&scene.definition, &scene.run, &engine, index, ambient);
                view.count_children(scene, index, actor, ambient);
                view
            })
            .collect()
    }

    /// A task in a list over several processes: with its own answers, and without what only the whole process tells.
    pub(super) fn of_list(
        task: Task,
        listed: &Listed,
        catalog: &Catalog,
        around: &Surroundings,
        ambient: &dyn Ambient,
    ) -> Self {
        let mut view = Self::plain(&task, ambient.now());
        let never_opened = task.never_opened();
        let template = listed.definition.task(&task.key);
        let engine = Engine::new(
            &listed.definition,
            World {
                catalog,
                around,
                ambient,
            },
            Run {
                process: listed.process.clone(),
                tasks: vec![task],
            },
        );
        if never_opened {
            (view.title, view.description) = engine.texts(0);
        }
        view.form = fields(engine.shown_form(0), false);
        view.outcomes = outcomes(template);
        view
    }

    fn of_run(
        definition: &Definition,
        run: &Run,
        engine: &Engine<'_>,
        index: usize,
        ambient: &dyn Ambient,
    ) -> Self {
        let task = &run.tasks[index];
        let mut view = Self::plain(task, ambient.now());
        if task.never_opened() {
            (view.title, view.description) = engine.texts(index);
        }
        if task.status == TaskStatus::Waiting {
            view.projected_due_at = engine.projected_due(index);
        }
        view.form = fields(engine.shown_form(index), true);
        view.outcomes = outcomes(definition.task(&task.key));
        view
    }

    /// What a task says by itself.
    pub(super) fn plain(task: &Task, now: DateTime<Utc>) -> Self {
        let completion = task.completion.as_ref();
        Self {
            id: task.id.0,
            key: task.key.clone(),
            title: task.title.clone(),
            description: task.description.clone(),
            kind: task.kind,
            stage: task.stage.clone(),
            status: task.status,
            hold: task.hold.as_ref().map(HoldView::new),
            priority: task.priority,
            owner_id: task.owner_id.map(Uuid::from),
            entity_id: task.entity_id.0,
            process_id: task.process_id.map(Uuid::from),
            parent_task_id: task.parent_task_id.map(Uuid::from),
            item: task.item.as_ref().map(ItemView::new),
            fan_out: None,
            source: SourceView::new(task.source),
            contact_ids: task.contact_ids.iter().map(|id| id.0).collect(),
            document_ids: task.document_ids.iter().map(|id| id.0).collect(),
            flow: task.flow.clone(),
            due_at: task.due_at,
            projected_due_at: None,
            overdue: task.is_overdue(now),
            compressed: task.compressed,
            attempt: task.attempt,
            attempts: task.attempts.iter().map(AttemptView::new).collect(),
            execution: ExecutionView::new(&task.execution),
            separate_from: task.separate_from.clone(),
            waiting_on: task.waiting_on,
            checklist: task.checklist.iter().map(ChecklistItemView::new).collect(),
            form: Vec::new(),
            outcomes: Vec::new(),
            outcome: task.outcome().map(str::to_owned),
            completed_at: completion.map(|completion| completion.at),
            completed_by: completion
                .and_then(|completion| completion.by)
                .map(Uuid::from),
            completed_via: completion.map(|completion| completion.via),
            on_behalf_of: completion
                .and_then(|completion| completion.on_behalf_of)
                .map(Uuid::from),
            completion: completion.map(CompletionView::new),
            blocking: task.blocking,
            child_process_id: task.child_process_id.map(Uuid::from),
            submissions: task.submissions.iter().map(SubmissionView::new).collect(),
            escalated_at: task.escalated_at(),
            closed_reason: task.closed_reason.clone(),
            created_at: task.created_at,
            opened_at: task.opened_at,
            started_at: task.started_at,
            closed_at: task.closed_at,
            version: task.version,
            expanded: None,
        }
    }

    /// The same tasks with what they refer to, as far as it was asked for.
    pub(in crate::routes) async fn expanded(
        mut views: Vec<Self>,
        call: &Call,
        asked: &ExpandTasks,
    ) -> Result<Vec<Self>, Problem> {
        let referring: Vec<Referring> = views.iter().map(Self::referring).collect();
        let expansions = asked.read(call, &referring).await?;
        for (view, expansion) in views.iter_mut().zip(expansions) {
            view.expanded = expansion;
        }
        Ok(views)
    }

    const fn referring(&self) -> Referring {
        Referring {
            owner: self.owner_id,
            entity: Some(self.entity_id),
            process: self.process_id,
        }
    }
}

/// What a task of a list needs of its process.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) process: domain::process::Process,
    pub(super) definition: Arc<Definition>,
}

impl Scene {
    /// The engine at rest, to look at a run with.
    fn shown<'a>(
        &'a self,
        run: &Run,
        around: &'a Surroundings,
        ambient: &'a dyn Ambient,
    ) -> Engine<'a> {
        let world = World {
            catalog: &self.catalog,
            around,
            ambient,
        };
        Engine::new(&self.definition, world, run.clone())
    }
}

impl HoldView {
    fn new(hold: &Hold) -> Self {
        Self {
            reason: hold.reason,
            note: hold.note.clone(),
            since: hold.since,
            pause_clock: hold.pause_clock,
            remaining_days: hold.remaining_days,
            awaited_process_failed: hold.child_failed,
        }
    }
}

impl SourceView {
    const fn new(source: Source) -> Self {
        Self {
            kind: source.kind,
            id: source.id,
        }
    }
}

impl ExecutionView {
    fn new(execution: &Execution) -> Self {
        let ids = |roles: &[domain::ids::RoleId]| roles.iter().map(|role| role.0).collect();
        Self {
            enabled: execution.enabled,
            servicing_team_roles: ids(&execution.servicing_team_roles),
            business_roles: ids(&execution.business_roles),
            firm_roles: ids(&execution.firm_roles),
        }
    }
}
