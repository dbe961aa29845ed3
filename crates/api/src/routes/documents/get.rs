use actix_web::get;
use domain::ids::DocumentId;

use super::{access, view::DocumentView};
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// Read what is known of a document.
///
/// Whoever uploaded it may, and whoever may see an entity or task that it belongs to, or work whose form names it.
#[utoipa::path(
    params(("document_id" = Uuid, Path, description = "The document.")),
    responses((status = 200, description = "The document.", body = DocumentView)),
)]
#[get("/v1/documents/{document_id}")]
#[tracing::instrument(name = "get_document", skip_all)]
pub(crate) async fn get_document(
    call: Call,
    Path(id): Path<DocumentId>,
) -> Result<Answer, Problem> {
    let document = access::seen(&call, id).await?;
    Answer::ok(&DocumentView::from(&document))
}
