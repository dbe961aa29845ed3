use std::collections::BTreeMap;

use domain::{document::Document, firm::ReadAccessLog, ids::DocumentId};
use persistence::Reads;

use crate::{call::Call, http::problem::Problem, work::seen_of};

/// A document, to be shown (X19); unknown to whoever may not see it.
pub(super) async fn seen(call: &Call, id: DocumentId) -> Result<Document, Problem> {
    let mut seen = seen_among(call, call.reads(), &[id]).await?;
    let document = seen.remove(&id).ok_or_else(Problem::not_found)?;
    let catalog = call.catalog().await?;
    match catalog.firm.read_access_log {
        ReadAccessLog::Off => {}
        ReadAccessLog::On => {
            let scope = call.work_scope(&catalog);
            let places = call.reads().document_places(&scope, &[id]).await?;
            call.shows(&catalog, document.records(&places)).await?;
        }
    }
    Ok(document)
}

/// Those of these documents that the caller may see.
pub(in crate::routes) async fn seen_among(
    call: &Call,
    reads: Reads<'_>,
    ids: &[DocumentId],
) -> Result<BTreeMap<DocumentId, Document>, Problem> {
    let catalog = call.catalog().await?;
    let found = reads.documents(ids).await?;
    let now = call.state().ambient.now();
    Ok(seen_of(reads, &catalog, call.actor(), now, found).await?)
}
