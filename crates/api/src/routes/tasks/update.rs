use actix_web::patch;
use chrono::{DateTime, Utc};
use domain::{
    access::execution::Decision, ids::TaskId, process::edit::TaskEdit,
    process_type::document::Priority,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    command::{answer, carried_out, locked},
    view::TaskView,
};
use crate::{
    call::{Call, Stop},
    http::{
        answer::Answer, etag::IfMatch, json::Body, patch::Patch, problem::Problem, query::Path,
    },
    work::References,
};

/// What changes of a task; members that are left out stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "priority": "high", "due_at": "2026-07-06T21:00:00Z" }))]
pub(crate) struct UpdateTask {
    #[schema(min_length = 1, max_length = 200, pattern = r"\S", nullable = false)]
    title: Option<String>,
    /// Null clears.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 20_000)]
    description: Patch<String>,
    #[schema(nullable = false)]
    priority: Option<Priority>,
    /// Null clears: a task that waits is then dated by its rule when it opens.
    #[serde(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    due_at: Patch<DateTime<Utc>>,
}

impl UpdateTask {
    fn into_edit(self) -> TaskEdit {
        TaskEdit {
            title: self.title.map(|title| title.trim().to_owned()),
            description: member(self.description),
            priority: self.priority,
            due_at: member(self.due_at.map(super::micros)),
        }
    }
}

#[expect(
    clippy::option_option,
    reason = "absent, cleared and set are three things"
)]
fn member<T>(patch: Patch<T>) -> Option<Option<T>> {
    match patch {
        Patch::Absent => None,
        Patch::Null => Some(None),
        Patch::Value(value) => Some(Some(value)),
    }
}

/// Change what a task says, how urgent it is or when it is due.
///
/// Its owner's manager may, the owner of its process, the primary lead of its record and admins; the owner may move the due
/// date if the firm's policy allows. A date set by hand stays.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), IfMatch),
    request_body = UpdateTask,
    responses((status = 200, description = "The task as it is now.", body = TaskView)),
)]
#[patch("/v1/tasks/{task_id}")]
#[tracing::instrument(name = "update_task", skip_all)]
pub(crate) async fn update_task(
    call: Call,
    if_match: IfMatch,
    Path(id): Path<TaskId>,
    Body(body): Body<UpdateTask>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    let edit = body.into_edit();
    call.write(async |tx| -> Result<Answer, Stop> {
        let work = locked(&call, tx, &catalog, id, |_| References::default()).await?;
        if_match.check(work.task().version)?;
        let facts = work.facts(tx.ambient().now())?;
        let decisions: Vec<Decision> = edit
            .actions()
            .into_iter()
            .map(|action| facts.manage(call.actor(), action))
            .collect();
        let moved = carried_out(tx, &work, |mover| mover.edit(&edit, &decisions))?;
        Ok(answer(&call, tx, &work, &moved)?)
    })
    .await
}
