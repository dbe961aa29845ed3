use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::{EntityId, JobId},
    job::QueuedJob,
};
use persistence::UnitOfWork;

use super::{requeued, view::JobView};
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
    jobs::await_again,
};

/// Queue a job again that has failed for good.
///
/// Admins may, while it is parked. It is tried at once, and as often as a new job before it is parked again. A task that stands still because of it waits again.
#[utoipa::path(
    params(("job_id" = Uuid, Path, description = "The job.")),
    responses((status = 200, description = "The job, due.", body = JobView)),
)]
#[post("/v1/jobs/{job_id}/requeue")]
#[tracing::instrument(name = "requeue_job", skip_all)]
pub(crate) async fn requeue_job(call: Call, Path(id): Path<JobId>) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    call.write(async |tx| {
        let found = tx.lock_job(id).await?.ok_or_else(Problem::not_found)?;
        call.replay()?;
        decide_firm_action(FirmAction::Operate, call.actor()).or_denied(true)?;
        let again = found
            .requeued(tx.ambient().now())
            .ok_or_else(|| Problem::conflict("Only a job that is parked is queued again."))?;
        tx.requeue_job(&again);
        await_again(tx, &catalog, &again).await?;
        let entity = record_of(tx, &again).await?;
        tx.record(requeued(&found, &again, entity));
        let scope = call.work_scope(&catalog);
        let about: Vec<_> = again.process_id.into_iter().collect();
        let seen = tx.reads().processes_seen(&scope, &about).await?;
        Ok(Answer::ok(&JobView::new(again, &seen))?)
    })
    .await
}

/// Whose work it is, which decides who sees that it was queued again.
async fn record_of(tx: &UnitOfWork, job: &QueuedJob) -> Result<Option<EntityId>, Problem> {
    let Some(id) = job.process_id else {
        return Ok(None);
    };
    let process = tx.reads().process(id).await?;
    Ok(process.map(|process| process.entity_id))
}
