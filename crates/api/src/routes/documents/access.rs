use std::collections::BTreeSet;

use domain::{
    access::{
        documents::{DocumentFacts, sees_document},
        visibility::WorkScope,
    },
    document::Document,
    ids::{DocumentId, EntityId},
};

use crate::{call::Call, http::problem::Problem};

/// A document; unknown to whoever may not see it.
pub(super) async fn seen(call: &Call, id: DocumentId) -> Result<Document, Problem> {
    let catalog = call.catalog().await?;
    let reads = call.reads();
    let document = reads.document(id).await?.ok_or_else(Problem::not_found)?;
    let links = reads.document_links(id).await?;
    let places: BTreeSet<EntityId> = document
        .entity_id
        .into_iter()
        .chain(links.iter().map(|link| link.entity_id))
        .collect();
    let places: Vec<EntityId> = places.into_iter().collect();
    let seen_tasks = if links.iter().any(|link| link.task_id.is_some()) {
        let scope = WorkScope::of(call.actor(), &catalog.firm);
        reads.linking_tasks_seen(&scope, id).await?
    } else {
        Vec::new()
    };
    let facts = DocumentFacts {
        firm: &catalog.firm,
        document: &document,
        links: &links,
        entities: &reads.entities(&places).await?,
        memberships: &reads.team_of(&places).await?,
        seen_tasks: &seen_tasks,
    };
    if sees_document(call.actor(), facts) {
        Ok(document)
    } else {
        Err(Problem::not_found())
    }
}
