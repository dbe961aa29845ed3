use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    access::execution::Decision,
    ids::UserId,
    process::{
        ProcessStatus,
        simulate::{Halt, Opening, Simulation},
    },
    task::{TaskStatus, Via},
    user::User,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{routes::tasks::ItemView, work::Scene};

/// How a process would go, if every task were done when it is due (at once where nothing says when). Nothing of it exists.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Simulation)]
pub(super) struct SimulationView {
    process_type_id: Uuid,
    /// Which version was played; the draft's number for a draft.
    #[schema(example = 1)]
    process_type_version: i32,
    /// How it stands in the end.
    status: ProcessStatus,
    /// Key of the result that it reaches.
    #[schema(example = "completed")]
    result: Option<String>,
    starts_at: DateTime<Utc>,
    /// When it would end.
    ended_at: Option<DateTime<Utc>>,
    /// Why it does not come to its end with these choices; null when it does.
    #[schema(nullable)]
    halt: Option<HaltView>,
    /// Every time that a task opens, in order.
    openings: Vec<OpeningView>,
    /// Every task with what becomes of it, in the order of the process type.
    tasks: Vec<FateView>,
}

/// Why a simulation stops.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SimulationHalt)]
struct HaltView {
    #[schema(inline)]
    code: HaltCode,
    /// The task at which it stops.
    task: Option<String>,
    #[schema(example = "Its outcome sends work back more often than it may.")]
    detail: String,
}

/// Why it stops: an outcome sends work back more often than it may, tasks wait for nothing, or there is no end to it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum HaltCode {
    ReworkLimit,
    Stuck,
    TooLong,
}

/// One attempt of one task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SimulatedOpening)]
struct OpeningView {
    /// Key of the task.
    #[schema(example = "review")]
    key: String,
    /// What it would be done for, if it is the child of a fan-out.
    item: Option<ItemView>,
    /// As people would see it.
    title: String,
    /// From 1; rework makes another.
    #[schema(example = 1)]
    attempt: u32,
    opened_at: DateTime<Utc>,
    due_at: Option<DateTime<Utc>>,
    /// Whose it would be; null where nobody was found.
    owner_id: Option<Uuid>,
    /// Everyone who might execute it then.
    executors: Vec<SimulatedExecutorView>,
    /// When it would be over.
    ended_at: Option<DateTime<Utc>>,
    /// `completed`; `waiting` where rework withdraws it; `cancelled` where the process ends without it.
    status: Option<TaskStatus>,
    /// Key of the outcome.
    outcome: Option<String>,
}

/// Somebody who might execute a task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SimulatedExecutor)]
struct SimulatedExecutorView {
    user_id: Uuid,
    #[schema(example = "Maya Okafor")]
    full_name: String,
    /// By which route.
    via: Option<Via>,
    /// The role that lets them; null for the owner.
    role_id: Option<Uuid>,
}

/// What becomes of a task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SimulatedTask)]
struct FateView {
    #[schema(example = "review")]
    key: String,
    /// What it is done for, if it is the child of a fan-out.
    item: Option<ItemView>,
    title: String,
    status: TaskStatus,
}

impl SimulationView {
    pub(super) fn new(scene: &Scene, simulation: Simulation) -> Self {
        let process = &simulation.run.process;
        let people = &scene.around.people;
        let openings = simulation.openings.into_iter();
        let tasks = simulation.run.tasks.iter();
        Self {
            process_type_id: process.process_type_id.0,
            process_type_version: process.process_type_version,
            status: process.status,
            result: process.result.clone(),
            starts_at: process.started_at,
            ended_at: process.ended_at,
            halt: simulation.halt.map(HaltView::from),
            openings: openings.map(|it| OpeningView::new(it, people)).collect(),
            tasks: tasks
                .map(|task| FateView {
                    key: task.key.clone(),
                    item: task.item.as_ref().map(ItemView::new),
                    title: task.title.clone(),
                    status: task.status,
                })
                .collect(),
        }
    }
}

impl OpeningView {
    fn new(opening: Opening, people: &BTreeMap<UserId, User>) -> Self {
        let executors = opening.executors.into_iter();
        let (ended_at, status, outcome) = match opening.end {
            Some(end) => (Some(end.at), Some(end.status), end.outcome),
            None => (None, None, None),
        };
        Self {
            key: opening.key,
            item: opening.item.as_ref().map(ItemView::new),
            title: opening.title,
            attempt: opening.attempt,
            opened_at: opening.opened_at,
            due_at: opening.due_at,
            owner_id: opening.owner_id.map(Uuid::from),
            executors: executors
                .map(|(id, decision)| SimulatedExecutorView::new(id, &decision, people))
                .collect(),
            ended_at,
            status,
            outcome,
        }
    }
}

impl SimulatedExecutorView {
    fn new(id: UserId, decision: &Decision, people: &BTreeMap<UserId, User>) -> Self {
        let person = people.get(&id);
        Self {
            user_id: id.0,
            full_name: person
                .map(|user| user.full_name.clone())
                .unwrap_or_default(),
            via: decision.via,
            role_id: decision.role_id.map(Uuid::from),
        }
    }
}

impl From<Halt> for HaltView {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::ReworkLimit { task, outcome } => Self {
                code: HaltCode::ReworkLimit,
                detail: format!("The outcome `{outcome}` sends work back more often than it may."),
                task: Some(task),
            },
            Halt::Stuck => Self {
                code: HaltCode::Stuck,
                task: None,
                detail: "Nothing is left to be done, yet tasks wait: check the definition."
                    .to_owned(),
            },
            Halt::TooLong => Self {
                code: HaltCode::TooLong,
                task: None,
                detail: "These outcomes send work back and forth without end.".to_owned(),
            },
        }
    }
}
