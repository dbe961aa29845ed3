//! What a new task may refer to: only what its maker may see (X17), so that nobody learns of what is hidden from them.

use std::collections::BTreeSet;

use domain::{
    access::visibility::sees_entity,
    entity::is_contact,
    fault::Fault,
    ids::{DocumentId, EntityId},
};
use persistence::Reads;

use crate::{call::Call, http::problem::Problem, routes::documents::access::seen_among};

/// Finds what is wrong with the contacts of a task.
pub(super) async fn contacts(
    call: &Call,
    reads: Reads<'_>,
    ids: &[EntityId],
    faults: &mut Vec<Fault>,
) -> Result<(), Problem> {
    let catalog = call.catalog().await?;
    let entities = reads.entities(ids).await?;
    let teams = reads.team_of(ids).await?;
    repeated("contact_ids", ids, faults);
    for (place, id) in ids.iter().enumerate() {
        let seen = entities
            .get(id)
            .filter(|entity| sees_entity(call.actor(), &catalog.firm, entity, &teams));
        let pointer = format!("/contact_ids/{place}");
        match seen {
            None => {
                let detail = "There is no such entity for you.";
                faults.push(Fault::new(pointer, "unknown-entity", detail));
            }
            Some(entity) if !is_contact(&entity.kind) => {
                let detail =
                    "This is nobody to talk to: accounts, equipment and the firm are no contacts.";
                faults.push(Fault::new(pointer, "wrong-kind", detail));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Finds what is wrong with the documents of a task.
pub(super) async fn documents(
    call: &Call,
    reads: Reads<'_>,
    ids: &[DocumentId],
    faults: &mut Vec<Fault>,
) -> Result<(), Problem> {
    if ids.is_empty() {
        return Ok(());
    }
    let seen = seen_among(call, reads, ids).await?;
    repeated("document_ids", ids, faults);
    for (place, id) in ids.iter().enumerate() {
        if !seen.contains_key(id) {
            let detail = "There is no such document for you; upload it first.";
            let pointer = format!("/document_ids/{place}");
            faults.push(Fault::new(pointer, "unknown-document", detail));
        }
    }
    Ok(())
}

fn repeated<T: Ord>(member: &str, ids: &[T], faults: &mut Vec<Fault>) {
    let mut known = BTreeSet::new();
    for (place, id) in ids.iter().enumerate() {
        if !known.insert(id) {
            let pointer = format!("/{member}/{place}");
            faults.push(Fault::new(pointer, "duplicate", "Name it once."));
        }
    }
}
