//! The trail as it is read: pages of it, for audit and for the event feed.

use chrono::{DateTime, Utc};
use domain::{
    access::visibility::WorkScope,
    audit::{Agent, Entry, Link, Origin, Sealed},
    event::EventType,
    ids::{EntityId, FirmId, UserId},
    page::{Page, PageRequest},
};
use sea_orm::{
    ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{BinOper, Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    Reads, StoreError,
    codec::Place,
    entity::{
        change::{Column, Entity, Model},
        firm_head,
    },
    feed_scope::of_changes,
    one_of::one_of,
};

/// Which entries to read; what is empty or none does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    /// Of these types.
    pub types: Vec<EventType>,
    /// About this.
    pub subject_id: Option<Uuid>,
    /// Of the work and records of this entity.
    pub entity_id: Option<EntityId>,
    /// Made by this person.
    pub actor: Option<UserId>,
    /// Not before this time.
    pub from: Option<DateTime<Utc>>,
    /// Before this time.
    pub before: Option<DateTime<Utc>>,
}

/// In which order a trail is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ChangeOrder {
    /// As it happened.
    #[default]
    OldestFirst,
    /// From its end.
    NewestFirst,
}

impl Reads<'_> {
    /// A page of the trail, oldest first. A reader that goes on after the last number misses nothing (E19).
    pub async fn changes(
        &self,
        filter: &ChangeFilter,
        page: PageRequest<i64>,
    ) -> Result<Page<Sealed, i64>, StoreError> {
        let query = filtered(self.firm_key(), filter);
        self.page_of_changes(query, ChangeOrder::OldestFirst, page)
            .await
    }

    /// A page of the part of the trail that somebody may be told of.
    pub async fn changes_seen(
        &self,
        scope: &WorkScope,
        filter: &ChangeFilter,
        order: ChangeOrder,
        page: PageRequest<i64>,
    ) -> Result<Page<Sealed, i64>, StoreError> {
        let firm = self.firm_key();
        let query = filtered(firm, filter).filter(of_changes(firm, scope));
        self.page_of_changes(query, order, page).await
    }

    /// A page of what happened to these things, oldest first.
    pub async fn changes_of(
        &self,
        subjects: &[Uuid],
        page: PageRequest<i64>,
    ) -> Result<Page<Sealed, i64>, StoreError> {
        let query = filtered(self.firm_key(), &ChangeFilter::default())
            .filter(one_of(Column::SubjectId, subjects.iter().copied()));
        self.page_of_changes(query, ChangeOrder::OldestFirst, page)
            .await
    }

    async fn page_of_changes(
        &self,
        query: Select<Entity>,
        order: ChangeOrder,
        page: PageRequest<i64>,
    ) -> Result<Page<Sealed, i64>, StoreError> {
        let direction = match order {
            ChangeOrder::OldestFirst => Order::Asc,
            ChangeOrder::NewestFirst => Order::Desc,
        };
        let mut query = query
            .order_by(Column::Sequence, direction)
            .limit(u64::from(page.limit) + 1);
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(match order {
                ChangeOrder::OldestFirst => Column::Sequence.gt(place),
                ChangeOrder::NewestFirst => Column::Sequence.lt(place),
            });
        }
        let entries = query
            .all(&self.connection)
            .await?
            .into_iter()
            .map(Sealed::try_from)
            .collect::<Result<_, _>>()?;
        Ok(
            Page::from_overfetch(entries, page.limit, |sealed: &Sealed| sealed.entry.sequence)
                .counted(total),
        )
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
}

fn filtered(firm: Uuid, filter: &ChangeFilter) -> Select<Entity> {
    let mut query = Entity::find().filter(Column::FirmId.eq(firm));
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
    if let Some(actor) = filter.actor {
        // Both databases know the operator.
        let id =
            Expr::col((Entity, Column::Actor)).binary(BinOper::Custom("->>"), Expr::cust("'id'"));
        query = query.filter(id.eq(actor.to_string()));
    }
    if let Some(from) = filter.from {
        query = query.filter(Column::OccurredAt.gte(from));
    }
    if let Some(before) = filter.before {
        query = query.filter(Column::OccurredAt.lt(before));
    }
    query
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
