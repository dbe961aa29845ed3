use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::{
        documents::{DocumentFacts, sees_document},
        visibility::WorkScope,
    },
    document::{Document, DocumentLink},
    ids::{DocumentId, EntityId},
};
use persistence::Reads;

use crate::{call::Call, http::problem::Problem};

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
    let mut documents = reads.documents(ids).await?;
    let links = reads.document_links(ids).await?;
    let own = documents.values().filter_map(|document| document.entity_id);
    let places: BTreeSet<EntityId> = own.chain(links.iter().map(|link| link.entity_id)).collect();
    let places: Vec<EntityId> = places.into_iter().collect();
    let seen_tasks = if links.iter().any(|link| link.task_id.is_some()) {
        let scope = WorkScope::of(call.actor(), &catalog.firm);
        reads.linking_tasks_seen(&scope, ids).await?
    } else {
        Vec::new()
    };
    let entities = reads.entities(&places).await?;
    let memberships = reads.team_of(&places).await?;
    let mut links_of: BTreeMap<DocumentId, Vec<DocumentLink>> = BTreeMap::new();
    for link in links {
        links_of.entry(link.document_id).or_default().push(link);
    }
    documents.retain(|id, document| {
        let facts = DocumentFacts {
            firm: &catalog.firm,
            document,
            links: links_of.get(id).map_or(&[], Vec::as_slice),
            entities: &entities,
            memberships: &memberships,
            seen_tasks: &seen_tasks,
        };
        sees_document(call.actor(), facts)
    });
    Ok(documents)
}
