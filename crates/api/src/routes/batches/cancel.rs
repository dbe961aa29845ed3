use actix_web::post;
use domain::{batch::Batch, event::EventType, ids::BatchId};

use super::{change::change, view::BatchView};
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, problem::Problem, query::Path},
};

/// Cancel a batch.
///
/// Whoever asked for it may, and admins; of one that a schedule began, designers, too. The rest is not started; the processes that it has started go on.
#[utoipa::path(
    params(("batch_id" = Uuid, Path, description = "The batch."), OptionalIfMatch),
    responses((status = 200, description = "The batch as it is now.", body = BatchView)),
)]
#[post("/v1/batches/{batch_id}/cancel")]
#[tracing::instrument(name = "cancel_batch", skip_all)]
pub(crate) async fn cancel_batch(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<BatchId>,
) -> Result<Answer, Problem> {
    let cancelled = EventType::BatchCancelled;
    change(&call, &if_match, id, cancelled, Batch::cancel).await
}
