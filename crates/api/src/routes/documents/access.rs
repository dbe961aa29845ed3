use std::collections::BTreeMap;

use domain::{document::Document, ids::DocumentId};
use persistence::Reads;

use crate::{call::Call, http::problem::Problem, work::seen_of};

/// A document; unknown to whoever may not see it.
pub(super) async fn seen(call: &Call, id: DocumentId) -> Result<Document, Problem> {
    seen_among(call, call.reads(), &[id])
        .await?
        .remove(&id)
        .ok_or_else(Problem::not_found)
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
