use actix_web::get;
use domain::{
    ids::ProcessTypeId,
    process_type::{ProcessType, ProcessTypeVersion},
};
use persistence::{Reads, StoreError};

use super::{readable, view::ProcessTypeDraftView};
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// The draft of a process type, if there is one.
pub(super) async fn draft_of(
    reads: Reads<'_>,
    process_type: &ProcessType,
) -> Result<Option<ProcessTypeVersion>, StoreError> {
    match process_type.draft_version {
        Some(number) => reads.process_type_version(process_type.id, number).await,
        None => Ok(None),
    }
}

/// Read the draft of a process type.
///
/// Everyone of the firm may.
#[utoipa::path(
    params(("process_type_id" = Uuid, Path, description = "The process type.")),
    responses((status = 200, description = "The draft; 404 while there is none.", body = ProcessTypeDraftView)),
)]
#[get("/v1/process-types/{process_type_id}/draft")]
#[tracing::instrument(name = "get_process_type_draft", skip_all)]
pub(crate) async fn get_process_type_draft(
    call: Call,
    Path(id): Path<ProcessTypeId>,
) -> Result<Answer, Problem> {
    let found = readable(&call, id).await?;
    let draft = draft_of(call.reads(), &found).await?;
    let draft = draft.ok_or_else(Problem::not_found)?;
    let view = ProcessTypeDraftView::new(&found, draft);
    Ok(Answer::ok(&view)?.version(found.version))
}
