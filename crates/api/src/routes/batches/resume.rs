use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    batch::Batch,
    event::EventType,
    ids::BatchId,
    job::Job,
};

use super::{followed, view::BatchView};
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, problem::Problem, query::Path},
};

/// Resume a batch.
///
/// Whoever asked for it may; of one that a schedule began, designers and admins. It goes on where it was.
#[utoipa::path(
    params(("batch_id" = Uuid, Path, description = "The batch."), OptionalIfMatch),
    responses((status = 200, description = "The batch as it is now.", body = BatchView)),
)]
#[post("/v1/batches/{batch_id}/resume")]
#[tracing::instrument(name = "resume_batch", skip_all)]
pub(crate) async fn resume_batch(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<BatchId>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        let batch = followed(&call, tx.lock_batch(id).await?)?;
        call.replay()?;
        if_match.check(batch.version)?;
        decide_firm_action(FirmAction::Start, call.actor()).or_denied(true)?;
        let after = batch.resume()?;
        tx.update_batch(&after)?;
        tx.record(Batch::told(EventType::BatchResumed, Some(&batch), &after));
        tx.enqueue(&Job::RunBatch {
            batch_id: id,
            turn: after.turn,
        })?;
        let version = after.version;
        Ok(Answer::ok(&BatchView::from(after))?.version(version))
    })
    .await
}
