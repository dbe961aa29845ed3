use actix_web::post;
use domain::{access::process::ProcessAction, process::cancel::Children};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{change::change, view::ProcessView};
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, json::Body, problem::Problem, query::Path},
};

/// Why a process is given up, and what becomes of those that it waits for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelProcess {
    /// In words; every task that is cancelled with it says the same.
    #[schema(
        min_length = 1,
        max_length = 2000,
        pattern = r"\S",
        example = "The client has withdrawn."
    )]
    reason: String,
    /// Has to be said where the process waits for others.
    #[serde(default)]
    #[schema(nullable)]
    children: Option<Children>,
}

/// Cancel a process.
///
/// Its owner, their manager, the record's primary lead, admins. Every task that is not finished is cancelled with it.
#[utoipa::path(
    params(("id" = Uuid, Path, description = "The process."), OptionalIfMatch),
    request_body = CancelProcess,
    responses((status = 200, description = "The process, cancelled.", body = ProcessView)),
)]
#[post("/v1/processes/{id}/cancel")]
#[tracing::instrument(name = "cancel_process", skip_all)]
pub(crate) async fn cancel_process(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<Uuid>,
    Body(body): Body<CancelProcess>,
) -> Result<Answer, Problem> {
    let (by, reason) = (call.actor().user_id, body.reason.trim());
    change(
        &call,
        &if_match,
        id,
        ProcessAction::Cancel,
        |engine, decision| engine.cancel(by, decision, reason, body.children),
    )
    .await
}
