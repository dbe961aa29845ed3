use actix_web::post;
use domain::{access::managing::TaskAction, event::EventType, ids::TaskId, schedule::run::told};
use persistence::{StoreError, UnitOfWork};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    command::{Question, answer, carried_out, decided, locked},
    view::TaskView,
};
use crate::{
    call::{Call, Stop},
    http::{answer::Answer, etag::IfMatch, json::Body, problem::Problem, query::Path},
    work::{References, Work},
};

/// Why a completion is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReopenTask {
    #[schema(
        min_length = 1,
        max_length = 2_000,
        pattern = r"\S",
        nullable = false,
        example = "The signature was on the wrong form."
    )]
    reason: Option<String>,
}

/// Take the completion of a task back.
///
/// Its owner's manager may, the owner of its process, the primary lead of its record and admins; for 15 minutes whoever
/// completed it. Attributes that nobody has changed since return to their old values, its touchpoints are voided, documents that it filed are
/// no longer filed, and what opened behind it waits again; a next run that it planned is put away. Refused while its process does not run, or when a task behind it is completed or a process, record,
/// follow-up or notification came of it: `blocked_by` names them all.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), IfMatch),
    request_body = ReopenTask,
    responses((status = 200, description = "The task, in progress again.", body = TaskView)),
)]
#[post("/v1/tasks/{task_id}/reopen")]
#[tracing::instrument(name = "reopen_task", skip_all)]
pub(crate) async fn reopen_task(
    call: Call,
    if_match: IfMatch,
    Path(id): Path<TaskId>,
    Body(body): Body<ReopenTask>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    let by = call.actor().user_id;
    let reason = body.reason.as_deref().map(str::trim);
    call.write(async |tx| -> Result<Answer, Stop> {
        let work = locked(&call, tx, &catalog, id, |_| References::default()).await?;
        call.replay()?;
        if_match.check(work.task().version)?;
        let decision = decided(&call, tx, &work, Question::Manage(TaskAction::Reopen)).await?;
        let facts = work.undo_facts(tx).await?;
        let moved = carried_out(tx, &work, |mover| {
            mover.reopen(by, &decision, reason, &facts)
        })?;
        unplan(tx, &work).await?;
        Ok(answer(&call, tx, &work, &moved)?)
    })
    .await
}

/// What the completion has planned is put away with it (E13).
async fn unplan(tx: &mut UnitOfWork, work: &Work) -> Result<(), StoreError> {
    let Some(process) = work.task().process_id else {
        return Ok(());
    };
    let planned = tx.lock_planned_by(process).await?;
    let of_task = planned.into_iter().filter(|schedule| {
        let source = schedule.source.and_then(|source| source.task_id);
        source == Some(work.task().id)
    });
    for schedule in of_task {
        if let Ok(after) = schedule.archive() {
            tx.update_schedule(&after)?;
            tx.record(told(EventType::ScheduleArchived, Some(&schedule), &after));
        }
    }
    Ok(())
}
