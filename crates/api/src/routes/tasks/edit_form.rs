use actix_web::patch;
use domain::ids::TaskId;

use super::{
    answers::FormAnswers,
    command::{EXECUTE, answer, carried_out, decided, locked},
    view::TaskView,
};
use crate::{
    call::{Call, Stop},
    http::{answer::Answer, etag::OptionalIfMatch, json::Body, problem::Problem, query::Path},
    work::named_in,
};

/// Put drafts into a task's form.
///
/// Whoever may execute the task may. Values are checked, but none is required yet. Each field is a cell of its own, so that
/// `If-Match` may be left out. The first draft begins an open task.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), OptionalIfMatch),
    request_body = FormAnswers,
    responses((status = 200, description = "The task as it is now.", body = TaskView)),
)]
#[patch("/v1/tasks/{task_id}/form")]
#[tracing::instrument(name = "edit_task_form", skip_all)]
pub(crate) async fn edit_task_form(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<TaskId>,
    Body(FormAnswers(values)): Body<FormAnswers>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    let by = call.actor().user_id;
    call.write(async |tx| -> Result<Answer, Stop> {
        let named = |definition: &_| named_in(definition, &values);
        let work = locked(&call, tx, &catalog, id, named).await?;
        if_match.check(work.task().version)?;
        let decision = decided(&call, tx, &work, EXECUTE).await?;
        let moved = carried_out(tx, &work, |mover| mover.edit_form(&values, by, &decision))?;
        Ok(answer(&call, tx, &work, &moved)?)
    })
    .await
}
