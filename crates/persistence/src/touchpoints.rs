//! Touchpoints: what was said with whom.

use chrono::{DateTime, Utc};
use domain::{
    access::visibility::EntityScope,
    ids::{EntityId, ProcessId, TaskId, TouchpointId, UserId},
    page::{Page, PageRequest},
    touchpoint::Touchpoint,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, LockType},
};
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    batch::update_row,
    entity::touchpoint::{ActiveModel, Column, Entity, Model},
    keyset::before,
    one_of::one_of,
    scope::of_records,
};

/// Which touchpoints are listed; what is empty or none does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TouchpointFilter {
    /// With this entity.
    pub entity: Option<EntityId>,
    /// Of one of these types.
    pub types: Vec<String>,
    /// Those too that were voided.
    pub with_voided: bool,
}

/// The place of a touchpoint in the order of its list: by the time of the contact, then id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TouchpointKey {
    /// When it took place.
    pub occurred_at: DateTime<Utc>,
    /// The touchpoint.
    pub id: TouchpointId,
}

impl Reads<'_> {
    /// One touchpoint.
    pub async fn touchpoint(&self, id: TouchpointId) -> Result<Option<Touchpoint>, StoreError> {
        let row = Entity::find_by_id((self.firm_key(), id.0))
            .one(&self.connection)
            .await?;
        Ok(row.map(Touchpoint::from))
    }

    /// A page of the touchpoints that somebody may see, latest first.
    pub async fn list_touchpoints(
        &self,
        scope: &EntityScope,
        filter: &TouchpointFilter,
        page: PageRequest<TouchpointKey>,
    ) -> Result<Page<Touchpoint, TouchpointKey>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(of_records(
                self.firm_key(),
                scope,
                Expr::col((Entity, Column::EntityId)),
            ))
            .order_by_desc(Column::OccurredAt)
            .order_by_desc(Column::Id)
            .limit(u64::from(page.limit) + 1);
        if let Some(entity) = filter.entity {
            query = query.filter(Column::EntityId.eq(entity.0));
        }
        if !filter.types.is_empty() {
            query = query.filter(Column::TouchpointType.is_in(&filter.types));
        }
        if !filter.with_voided {
            query = query.filter(Column::VoidedAt.is_null());
        }
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(before(
                [Column::OccurredAt, Column::Id],
                [place.occurred_at.into(), place.id.0.into()],
            ));
        }
        let rows = query.all(&self.connection).await?;
        let items = rows.into_iter().map(Touchpoint::from).collect();
        Ok(
            Page::from_overfetch(items, page.limit, |touchpoint: &Touchpoint| TouchpointKey {
                occurred_at: touchpoint.occurred_at,
                id: touchpoint.id,
            })
            .counted(total),
        )
    }
}

impl UnitOfWork {
    /// Reads a touchpoint and holds it until the end.
    pub async fn lock_touchpoint(
        &self,
        id: TouchpointId,
    ) -> Result<Option<Touchpoint>, StoreError> {
        let row = Entity::find_by_id((self.firm_id().0, id.0))
            .lock(LockType::NoKeyUpdate)
            .one(&self.connection())
            .await?;
        Ok(row.map(Touchpoint::from))
    }

    /// Reads touchpoints and holds them until the end.
    pub async fn lock_touchpoints(
        &self,
        ids: &[TouchpointId],
    ) -> Result<Vec<Touchpoint>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = Entity::find()
            .filter(Column::FirmId.eq(self.firm_id().0))
            .filter(one_of(Column::Id, ids.iter().map(|id| id.0)))
            .order_by_asc(Column::Id)
            .lock(LockType::NoKeyUpdate)
            .all(&self.connection())
            .await?;
        Ok(rows.into_iter().map(Touchpoint::from).collect())
    }

    /// Queues new touchpoints.
    pub fn insert_touchpoints(&mut self, touchpoints: &[Touchpoint]) {
        if touchpoints.is_empty() {
            return;
        }
        let now = self.ambient().now();
        let rows = touchpoints.iter().map(|touchpoint| ActiveModel {
            created_at: Set(now),
            ..self.touchpoint_row(touchpoint)
        });
        self.queue(Entity::insert_many(rows.collect::<Vec<_>>()).into_query());
    }

    /// Queues the present state of a known touchpoint.
    pub fn update_touchpoint(&mut self, touchpoint: &Touchpoint) {
        let row = self.touchpoint_row(touchpoint);
        self.queue(update_row(&row));
    }

    fn touchpoint_row(&self, touchpoint: &Touchpoint) -> ActiveModel {
        ActiveModel {
            firm_id: Set(self.firm_id().0),
            id: Set(touchpoint.id.0),
            entity_id: Set(touchpoint.entity_id.0),
            touchpoint_type: Set(touchpoint.touchpoint_type.clone()),
            subject: Set(touchpoint.subject.clone()),
            note: Set(touchpoint.note.clone()),
            occurred_at: Set(touchpoint.occurred_at),
            author_id: Set(touchpoint.author_id.map(Uuid::from)),
            process_id: Set(touchpoint.process_id.map(Uuid::from)),
            task_id: Set(touchpoint.task_id.map(Uuid::from)),
            created_at: NotSet,
            voided_at: Set(touchpoint.voided_at),
            version: Set(touchpoint.version),
        }
    }
}

impl From<Model> for Touchpoint {
    fn from(m: Model) -> Self {
        Self {
            id: TouchpointId(m.id),
            entity_id: EntityId(m.entity_id),
            touchpoint_type: m.touchpoint_type,
            subject: m.subject,
            note: m.note,
            occurred_at: m.occurred_at,
            author_id: m.author_id.map(UserId),
            process_id: m.process_id.map(ProcessId),
            task_id: m.task_id.map(TaskId),
            voided_at: m.voided_at,
            version: m.version,
        }
    }
}
