use actix_web::get;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::BatchId,
};

use super::{followed, view::BatchView};
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// Follow a batch.
///
/// Whoever asked for it, admins and auditors; of one that a schedule began, designers, too.
#[utoipa::path(
    params(("batch_id" = Uuid, Path, description = "The batch.")),
    responses((status = 200, description = "How far it has come.", body = BatchView)),
)]
#[get("/v1/batches/{batch_id}")]
#[tracing::instrument(name = "get_batch", skip_all)]
pub(crate) async fn get_batch(call: Call, Path(id): Path<BatchId>) -> Result<Answer, Problem> {
    let batch = followed(&call, call.reads().batch(id).await?)?;
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let view = BatchView::from(batch);
    Ok(Answer::ok(&view)?.version(view.version))
}
