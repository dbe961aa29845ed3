use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use diagram::{Progress, Standing, StepProgress};
use domain::{
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
/// Whoever may see the process; of the tasks that they may see it tells how each stands and who has it. Tasks added by hand
/// are not part of the picture. BPMN has no place for any of that: it shows the process type.
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
    let tasks = scene
        .seen_tasks(call.actor(), now)
        .map(|place| &scene.run.tasks[place]);
    let steps = tasks.filter(|task| !task.is_child() && scene.definition.task(&task.key).is_some());
    let progress = Progress {
        steps: steps
            .map(|task| (task.key.clone(), step(&scene, task, now)))
            .collect(),
    };
    answer(&call, &req, query, source, Some(progress)).await
}

fn step(scene: &Scene, task: &Task, now: DateTime<Utc>) -> StepProgress {
    let held = scene.run.process.status == ProcessStatus::OnHold;
    let standing = match task.status {
        // Nothing of a process on hold is completed (E15).
        TaskStatus::Open | TaskStatus::InProgress if held => Standing::OnHold,
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
    }
}
