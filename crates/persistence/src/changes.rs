//! The trail as it is read: pages of it, for audit and for the event feed, and whether it is whole.

use domain::{
    audit::{Agent, Broken, Entry, Link, Origin, Sealed},
    event::EventType,
    ids::{EntityId, FirmId, UserId},
    page::{Page, PageRequest},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use crate::{
    Reads, StoreError,
    codec::Place,
    entity::{
        change::{Column, Entity, Model},
        firm_head,
    },
};

/// How many entries are read at a time when a trail is verified.
const STRIDE: u32 = 1000;

/// Which entries to read; what is empty or none does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    /// Of these types.
    pub types: Vec<EventType>,
    /// About this.
    pub subject_id: Option<Uuid>,
    /// Of the work and records of this entity.
    pub entity_id: Option<EntityId>,
}

/// Why a trail could not be verified.
#[derive(Debug, thiserror::Error)]
pub enum TrailFault {
    /// Something was taken from it, or altered.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// It could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Reads<'_> {
    /// A page of the trail, oldest first. A reader that goes on after the last number misses nothing (E19).
    pub async fn changes(
        &self,
        filter: &ChangeFilter,
        page: PageRequest<i64>,
    ) -> Result<Page<Sealed, i64>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .order_by_asc(Column::Sequence)
            .limit(u64::from(page.limit) + 1);
        if !filter.types.is_empty() {
            let names = filter.types.iter().map(|event| event.as_str());
            query = query.filter(Column::Action.is_in(names));
        }
        if let Some(subject) = filter.subject_id {
            query = query.filter(Column::SubjectId.eq(subject));
        }
        if let Some(entity) = filter.entity_id {
            query = query.filter(Column::EntityId.eq(entity.0));
        }
        self.page_of(query, page).await
    }

    /// A page of what happened to these things, oldest first.
    pub async fn changes_of(
        &self,
        subjects: &[Uuid],
        page: PageRequest<i64>,
    ) -> Result<Page<Sealed, i64>, StoreError> {
        let query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::SubjectId.is_in(subjects.iter().copied()))
            .order_by_asc(Column::Sequence)
            .limit(u64::from(page.limit) + 1);
        self.page_of(query, page).await
    }

    async fn page_of(
        &self,
        mut query: Select<Entity>,
        page: PageRequest<i64>,
    ) -> Result<Page<Sealed, i64>, StoreError> {
        if let Some(after) = page.after {
            query = query.filter(Column::Sequence.gt(after));
        }
        let entries = query
            .all(&self.connection)
            .await?
            .into_iter()
            .map(Sealed::try_from)
            .collect::<Result<_, _>>()?;
        Ok(Page::from_overfetch(
            entries,
            page.limit,
            |sealed: &Sealed| sealed.entry.sequence,
        ))
    }

    /// The end of the trail, as its head tells; none when there is no such firm.
    pub async fn trail_head(&self) -> Result<Option<Link>, StoreError> {
        let place = Place {
            table: "firm_head",
            row: self.firm_id(),
        };
        firm_head::Entity::find_by_id(self.firm_key())
            .one(&self.connection)
            .await?
            .map(|head| {
                Ok(Link {
                    sequence: head.sequence,
                    hash: place.hash(head.hash)?,
                })
            })
            .transpose()
    }

    /// Recomputes the whole chain up to the head that it had at the beginning; gives its end.
    pub async fn verify_trail(&self) -> Result<Link, TrailFault> {
        let head = self.trail_head().await?.ok_or(StoreError::NoFirm)?;
        let mut link = Link::START;
        while link.sequence < head.sequence {
            let page = PageRequest {
                after: Some(link.sequence),
                limit: STRIDE,
            };
            let entries = self.changes(&ChangeFilter::default(), page).await?.items;
            let due: Vec<_> = entries
                .iter()
                .filter(|sealed| sealed.entry.sequence <= head.sequence)
                .collect();
            if due.is_empty() {
                let sequence = link.sequence + 1;
                return Err(Broken { sequence }.into());
            }
            for sealed in due {
                link = link.follow(sealed)?;
            }
        }
        if link == head {
            Ok(link)
        } else {
            let sequence = head.sequence;
            Err(Broken { sequence }.into())
        }
    }
}

impl TryFrom<Model> for Sealed {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, Self::Error> {
        let place = Place {
            table: "change",
            row: row.sequence,
        };
        Ok(Self {
            entry: Entry {
                firm_id: FirmId(row.firm_id),
                sequence: row.sequence,
                occurred_at: row.occurred_at,
                action: EventType::parse(&row.action).ok_or_else(|| place.corrupt())?,
                subject_type: place.name(row.subject_type)?,
                subject_id: row.subject_id,
                entity_id: row.entity_id.map(EntityId),
                origin: Origin {
                    agent: place.json::<Agent>(row.actor)?,
                    on_behalf_of: row.on_behalf_of.map(UserId),
                    request_id: row.request_id,
                    address: row.address,
                },
                changed: place.json(row.changed)?,
                before: row.before,
                after: row.after,
            },
            previous_hash: place.hash(row.previous_hash)?,
            hash: place.hash(row.hash)?,
        })
    }
}
