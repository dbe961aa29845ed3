use actix_web::post;
use domain::{event::EventType, ids::BatchId};

use super::{change::change, view::BatchView};
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, problem::Problem, query::Path},
};

/// Resume a batch.
///
/// Whoever asked for it may, and admins; of one that a schedule began, designers, too. It goes on where it was.
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
    change(&call, &if_match, id, EventType::BatchResumed, |batch, _| {
        batch.resume()
    })
    .await
}
