use actix_web::post;
use domain::{event::EventType, ids::BatchId};

use super::{change::change, view::BatchView};
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, problem::Problem, query::Path},
};

/// Pause a batch.
///
/// Whoever asked for it may, and admins; of one that a schedule began, designers, too. Nothing more is started until it is resumed.
#[utoipa::path(
    params(("batch_id" = Uuid, Path, description = "The batch."), OptionalIfMatch),
    responses((status = 200, description = "The batch as it is now.", body = BatchView)),
)]
#[post("/v1/batches/{batch_id}/pause")]
#[tracing::instrument(name = "pause_batch", skip_all)]
pub(crate) async fn pause_batch(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<BatchId>,
) -> Result<Answer, Problem> {
    change(&call, &if_match, id, EventType::BatchPaused, |batch, _| {
        batch.pause()
    })
    .await
}
