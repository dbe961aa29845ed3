use domain::{document::Document, ids::DocumentId};

use crate::{call::Call, http::problem::Problem, work::seen_of};

/// A document; unknown to whoever may not see it.
pub(super) async fn seen(call: &Call, id: DocumentId) -> Result<Document, Problem> {
    let catalog = call.catalog().await?;
    let found = call.reads().documents(&[id]).await?;
    let mut seen = seen_of(call.reads(), &catalog, call.actor(), found).await?;
    seen.remove(&id).ok_or_else(Problem::not_found)
}
