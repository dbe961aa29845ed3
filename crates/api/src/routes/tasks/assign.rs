use actix_web::post;
use domain::{
    access::{Rule, execution::Decision, managing::TaskAction},
    fault::Fault,
    ids::{TaskId, UserId},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    command::{Question, answer, carried_out, decided, locked},
    view::TaskView,
};
use crate::{
    call::{Call, Stop},
    http::{answer::Answer, etag::IfMatch, json::Body, problem::Problem, query::Path},
    work::References,
};

/// Who gets a task.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssignTask {
    /// The new owner.
    #[schema(value_type = Uuid)]
    owner_id: UserId,
}

/// Give a task to somebody.
///
/// Its owner may, their manager, the owner of its process, the primary lead of its record and admins. An approval goes only to
/// somebody whom its owner rule or its lists name, and never to somebody who prepared what it checks. A task that waits
/// keeps its owner when it opens.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), IfMatch),
    request_body = AssignTask,
    responses((status = 200, description = "The task with its new owner.", body = TaskView)),
)]
#[post("/v1/tasks/{task_id}/assign")]
#[tracing::instrument(name = "assign_task", skip_all)]
pub(crate) async fn assign_task(
    call: Call,
    if_match: IfMatch,
    Path(id): Path<TaskId>,
    Body(body): Body<AssignTask>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    let owner = body.owner_id;
    call.write(async |tx| -> Result<Answer, Stop> {
        let mut work = locked(&call, tx, &catalog, id, |_| References::default()).await?;
        call.replay()?;
        if_match.check(work.task().version)?;
        let decision = decided(&call, tx, &work, Question::Manage(TaskAction::Assign)).await?;
        let user = tx.reads().user(owner).await?;
        let may_own = match &user {
            Some(user) => work.facts(tx.ambient().now())?.own(user),
            // That there is no such person is told last.
            None => Decision::allow(Rule::X16, "is not known"),
        };
        let Some(user) = user else {
            work.moved(tx, |mover| mover.assign(owner, &decision, &may_own))?;
            return Err(unknown_owner().into());
        };
        work.introduce(user);
        let moved = carried_out(tx, &work, |mover| mover.assign(owner, &decision, &may_own))?;
        Ok(answer(&call, tx, &work, &moved)?)
    })
    .await
}

/// A body names an owner who does not exist.
pub(super) fn unknown_owner() -> Problem {
    let detail = "There is no such user.";
    Problem::invalid(vec![Fault::new("/owner_id", "unknown-user", detail)])
}
