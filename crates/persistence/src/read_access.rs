//! Who was shown which record (X19): a table of its own, outside the trail.

use domain::{
    ids::{EntityId, FirmId, ReadAccessId, UserId},
    page::{Page, PageRequest},
    read_access::ReadAccess,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

use crate::{
    Reads, Store, StoreError,
    entity::read_access::{Column, Entity, Model},
};

impl Store {
    /// Notes what somebody is about to be shown, in one statement that is a transaction by itself.
    pub async fn note_reading(&self, firm: FirmId, shown: &[ReadAccess]) -> Result<(), StoreError> {
        if shown.is_empty() {
            return Ok(());
        }
        let rows = shown.iter().map(|access| {
            Model {
                firm_id: firm.0,
                id: access.id.0,
                entity_id: access.entity_id.0,
                user_id: access.user_id.0,
                operation: access.operation.clone(),
                request_id: access.request_id.clone(),
                occurred_at: access.occurred_at,
            }
            .into_active_model()
        });
        let insert = Entity::insert_many(rows).into_query();
        self.writer().execute(&insert).await?;
        Ok(())
    }
}

impl Reads<'_> {
    /// A page of those who were shown a record, the latest first.
    pub async fn read_accesses(
        &self,
        entity: EntityId,
        page: PageRequest<ReadAccessId>,
    ) -> Result<Page<ReadAccess, ReadAccessId>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::EntityId.eq(entity.0))
            .order_by_desc(Column::Id)
            .limit(u64::from(page.limit) + 1);
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(Column::Id.lt(place.0));
        }
        let rows = query.all(&self.connection).await?;
        let items = rows.into_iter().map(ReadAccess::from).collect();
        Ok(Page::from_overfetch(items, page.limit, |access: &ReadAccess| access.id).counted(total))
    }
}

impl From<Model> for ReadAccess {
    fn from(row: Model) -> Self {
        Self {
            id: ReadAccessId(row.id),
            entity_id: EntityId(row.entity_id),
            user_id: UserId(row.user_id),
            operation: row.operation,
            request_id: row.request_id,
            occurred_at: row.occurred_at,
        }
    }
}
