//! Which documents somebody may see, and so may name.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::{
    access::{
        Actor,
        documents::{DocumentFacts, sees_document},
        visibility::WorkScope,
    },
    document::{Document, DocumentPlace},
    ids::{DocumentId, EntityId},
    process::world::Catalog,
};
use persistence::{Reads, StoreError};

/// Those of these documents that are there for somebody (X17, X18).
pub(crate) async fn seen_of(
    reads: Reads<'_>,
    catalog: &Catalog,
    actor: &Actor,
    now: DateTime<Utc>,
    documents: BTreeMap<DocumentId, Document>,
) -> Result<BTreeMap<DocumentId, Document>, StoreError> {
    if documents.is_empty() {
        return Ok(documents);
    }
    let ids: Vec<DocumentId> = documents.keys().copied().collect();
    let scope = WorkScope::of(actor, &catalog.firm).at(now, &catalog.covers);
    let mut places: BTreeMap<DocumentId, Vec<DocumentPlace>> = BTreeMap::new();
    for place in reads.document_places(&scope, &ids).await? {
        places.entry(place.document_id).or_default().push(place);
    }
    let places_of = |id: DocumentId| places.get(&id).map_or(&[][..], Vec::as_slice);
    let records: BTreeSet<EntityId> = documents
        .values()
        .flat_map(|document| document.records(places_of(document.id)))
        .collect();
    let records: Vec<EntityId> = records.into_iter().collect();
    let (entities, memberships) = if records.is_empty() {
        (BTreeMap::new(), Vec::new())
    } else {
        let entities = reads.entities(&records).await?;
        (entities, reads.team_of(&records).await?)
    };
    let sees = |document: &Document| {
        let facts = DocumentFacts {
            firm: &catalog.firm,
            document,
            places: places_of(document.id),
            entities: &entities,
            memberships: &memberships,
        };
        sees_document(actor, facts)
    };
    Ok(documents
        .into_iter()
        .filter(|(_, document)| sees(document))
        .collect())
}
