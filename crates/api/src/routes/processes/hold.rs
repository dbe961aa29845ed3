use actix_web::post;
use domain::access::process::ProcessAction;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{change::change, view::ProcessView};
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, json::Body, problem::Problem, query::Path},
};

/// Why a process stops for a while.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HoldProcess {
    /// In words, for those who wonder.
    #[schema(
        min_length = 1,
        max_length = 2000,
        pattern = r"\S",
        example = "The client is abroad until May."
    )]
    reason: String,
}

/// Put a process on hold.
///
/// Its owner, their manager, the record's primary lead, admins. Nothing opens and nothing is completed meanwhile, and due
/// dates wait; drafts are still taken.
#[utoipa::path(
    params(("id" = Uuid, Path, description = "The process."), OptionalIfMatch),
    request_body = HoldProcess,
    responses((status = 200, description = "The process, on hold.", body = ProcessView)),
)]
#[post("/v1/processes/{id}/hold")]
#[tracing::instrument(name = "hold_process", skip_all)]
pub(crate) async fn hold_process(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<Uuid>,
    Body(body): Body<HoldProcess>,
) -> Result<Answer, Problem> {
    let reason = body.reason.trim();
    change(
        &call,
        &if_match,
        id,
        ProcessAction::Hold,
        |engine, decision| engine.hold(decision, reason),
    )
    .await
}
