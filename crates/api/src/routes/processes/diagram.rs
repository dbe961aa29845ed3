use std::{collections::BTreeMap, sync::Arc};

use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use diagram::{Items, Progress, Standing, StepProgress};
use domain::{
    ids::TaskId,
    process::ProcessStatus,
    task::{Task, TaskStatus},
};
use uuid::Uuid;

use super::get::seen;
use crate::{
    call::Call,
    http::{
        problem::Problem,
        query::{Path, Query},
    },
    routes::diagram::{DiagramQuery, answer, version},
    work::Scene,
};

/// Draw a process.
///
/// Whoever may see the process; of the tasks that they may see it tells how each stands and who has it, and of those done
/// for each of several items how many are done and late. When the process has reached its result, the end that it came to is
/// marked, and the others as not taken. Tasks added by hand are not part of the picture. BPMN has no place for any of that: it shows the process type.
#[utoipa::path(
    params(("id" = Uuid, Path, description = "The process."), DiagramQuery),
    responses(
        (status = 200, description = "The diagram, as far as the process has come.", headers(("ETag" = String, description = "Digest of the text.")), content(
            (String = "image/svg+xml"),
            (String = "text/vnd.mermaid"),
            (String = "application/bpmn+xml"),
        )),
        (status = 409, description = "It is too large to be drawn."),
        (status = 503, description = "Too many diagrams are being drawn."),
    ),
)]
#[get("/v1/processes/{id}/diagram")]
#[tracing::instrument(name = "get_process_diagram", skip_all)]
pub(crate) async fn get_process_diagram(
    call: Call,
    req: HttpRequest,
    Path(id): Path<Uuid>,
    Query(query): Query<DiagramQuery>,
) -> Result<HttpResponse, Problem> {
    let scene = seen(&call, id).await?;
    let process = &scene.run.process;
    let (of, number) = (process.process_type_id, process.process_type_version);
    let source = version(&call, of, number, 0, Arc::clone(&scene.definition)).await?;
    let now = call.state().ambient.now();
    let tasks: Vec<&Task> = scene
        .seen_tasks(call.actor(), now)
        .map(|place| &scene.run.tasks[place])
        .collect();
    let items = items(&scene, &tasks, now);
    let steps = tasks
        .iter()
        .filter(|task| !task.is_child() && scene.definition.task(&task.key).is_some());
    let steps = steps.map(|task| {
        let items = items.get(&task.id).copied();
        (task.key.clone(), step(&scene, task, items, now))
    });
    let ended = process.status == ProcessStatus::Completed;
    let progress = Progress {
        steps: steps.collect(),
        result: process.result.clone().filter(|_| ended),
    };
    answer(&call, &req, query, source, Some(progress)).await
}

/// How far the children of fan-outs are, by their parents (E24): those that were given up are none of them any more.
fn items(scene: &Scene, tasks: &[&Task], now: DateTime<Utc>) -> BTreeMap<TaskId, Items> {
    let mut items: BTreeMap<TaskId, Items> = BTreeMap::new();
    for task in tasks {
        let Some(parent) = task.parent_task_id else {
            continue;
        };
        let of_parent = items.entry(parent).or_default();
        match task.status {
            TaskStatus::Completed | TaskStatus::Skipped => of_parent.done += 1,
            TaskStatus::Waiting
            | TaskStatus::Open
            | TaskStatus::InProgress
            | TaskStatus::OnHold => {
                of_parent.late += u32::from(!is_held(scene) && task.is_overdue(now));
            }
            TaskStatus::NotTaken | TaskStatus::Cancelled => continue,
        }
        of_parent.total += 1;
    }
    items.retain(|_, items| items.total > 0);
    items
}

/// Nothing of a process on hold is completed (E15).
fn is_held(scene: &Scene) -> bool {
    scene.run.process.status == ProcessStatus::OnHold
}

fn step(scene: &Scene, task: &Task, items: Option<Items>, now: DateTime<Utc>) -> StepProgress {
    let standing = match task.status {
        TaskStatus::Open | TaskStatus::InProgress if is_held(scene) => Standing::OnHold,
        TaskStatus::Waiting => Standing::Waiting,
        TaskStatus::Open | TaskStatus::InProgress if task.is_overdue(now) => Standing::Overdue,
        TaskStatus::Open => Standing::Open,
        TaskStatus::InProgress => Standing::InProgress,
        TaskStatus::OnHold => Standing::OnHold,
        TaskStatus::Completed => Standing::Completed,
        TaskStatus::Skipped => Standing::Skipped,
        TaskStatus::NotTaken => Standing::NotTaken,
        TaskStatus::Cancelled => Standing::Cancelled,
    };
    let completed_by = task
        .completion
        .as_ref()
        .and_then(|completion| completion.by);
    let who = completed_by.or(task.owner_id);
    let person = who.and_then(|id| scene.around.people.get(&id));
    let nobody = (who.is_none() && task.status.is_active()).then(|| "Nobody".to_owned());
    StepProgress {
        standing,
        who: person.map(|person| person.full_name.clone()).or(nobody),
        outcome: task.outcome().map(str::to_owned),
        items,
    }
}
