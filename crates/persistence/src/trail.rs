//! What a unit of work adds to its firm's trail: numbered and sealed under the head row, which it locks last (E19).

use chrono::{DateTime, Utc};
use domain::{
    audit::{Entry, Hash, Link, Origin, Sealed},
    event::Occurrence,
    ids::FirmId,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    QueryTrait, sea_query::LockType,
};

use crate::{
    StoreError,
    batch::{Batch, update_row},
    codec::{Place, to_json},
    connection::Connection,
    entity::{change, firm_head},
};

/// Locks the head of a firm's trail until the transaction ends, and reads it.
pub(crate) async fn lock_head(
    connection: Connection<'_>,
    firm: FirmId,
) -> Result<Link, StoreError> {
    let head = firm_head::Entity::find()
        .filter(firm_head::Column::FirmId.eq(firm.0))
        .lock(LockType::NoKeyUpdate)
        .one(&connection)
        .await?
        .ok_or(StoreError::NoFirm)?;
    let place = Place {
        table: "firm_head",
        row: firm,
    };
    Ok(Link {
        sequence: head.sequence,
        hash: place.hash(head.hash)?,
    })
}

/// Seals occurrences into entries that follow the head.
pub(crate) fn seal(
    occurrences: &[Occurrence],
    firm: FirmId,
    origin: &Origin,
    at: DateTime<Utc>,
    mut head: Link,
) -> (Vec<Sealed>, Link) {
    let entries = occurrences
        .iter()
        .map(|occurrence| {
            let entry = Entry::new(firm, head.sequence + 1, at, occurrence, origin.clone());
            let previous_hash: Hash = head.hash;
            let hash = entry.hash(&previous_hash);
            head = Link {
                sequence: entry.sequence,
                hash,
            };
            Sealed {
                entry,
                previous_hash,
                hash,
            }
        })
        .collect();
    (entries, head)
}

/// Queues the entries and the new head.
pub(crate) fn append(
    batch: &mut Batch,
    entries: Vec<Sealed>,
    firm: FirmId,
    head: Link,
) -> Result<(), StoreError> {
    let rows = entries
        .into_iter()
        .map(|sealed| Ok(row_of(sealed)?.into_active_model()))
        .collect::<Result<Vec<_>, StoreError>>()?;
    batch.push(change::Entity::insert_many(rows).into_query());
    batch.push(update_row(&firm_head::ActiveModel {
        firm_id: Set(firm.0),
        sequence: Set(head.sequence),
        hash: Set(head.hash.to_vec()),
    }));
    Ok(())
}

fn row_of(sealed: Sealed) -> Result<change::Model, StoreError> {
    let entry = sealed.entry;
    Ok(change::Model {
        firm_id: entry.firm_id.0,
        sequence: entry.sequence,
        occurred_at: entry.occurred_at,
        action: entry.action.as_str().to_owned(),
        subject_type: entry.subject_type.as_str().to_owned(),
        subject_id: entry.subject_id,
        entity_id: entry.entity_id.map(Into::into),
        actor: to_json(&entry.origin.agent)?,
        on_behalf_of: entry.origin.on_behalf_of.map(Into::into),
        changed: to_json(&entry.changed)?,
        before: entry.before,
        after: entry.after,
        request_id: entry.origin.request_id,
        address: entry.origin.address,
        hash: sealed.hash.to_vec(),
        previous_hash: sealed.previous_hash.to_vec(),
    })
}
