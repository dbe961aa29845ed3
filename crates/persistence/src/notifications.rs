//! Notifications, person by person.

use chrono::{DateTime, Utc};
use domain::{
    ids::{EntityId, NotificationId, ProcessId, TaskId, UserId},
    notification::Notification,
    page::{Page, PageRequest},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{LockType, Query},
};
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    entity::notification::{Column, Entity, Model},
    one_of::one_of,
};

/// How many one statement marks.
const AT_ONCE: usize = 1_000;

impl Reads<'_> {
    /// A page of what somebody was told, newest first: all of it, what they have not read, or what they have.
    pub async fn list_notifications(
        &self,
        user: UserId,
        unread: Option<bool>,
        page: PageRequest<NotificationId>,
    ) -> Result<Page<Notification, NotificationId>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::UserId.eq(user.0))
            .order_by_desc(Column::Id)
            .limit(u64::from(page.limit) + 1);
        match unread {
            Some(true) => query = query.filter(Column::ReadAt.is_null()),
            Some(false) => query = query.filter(Column::ReadAt.is_not_null()),
            None => {}
        }
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(Column::Id.lt(place.0));
        }
        let rows = query.all(&self.connection).await?;
        let items = rows.into_iter().map(Notification::from).collect();
        Ok(
            Page::from_overfetch(items, page.limit, |notification: &Notification| {
                notification.id
            })
            .counted(total),
        )
    }
}

impl UnitOfWork {
    /// One that somebody was told, held until the end.
    pub async fn lock_notification(
        &self,
        id: NotificationId,
        user: UserId,
    ) -> Result<Option<Notification>, StoreError> {
        let row = Entity::find_by_id((self.firm_id().0, id.0))
            .filter(Column::UserId.eq(user.0))
            .lock(LockType::NoKeyUpdate)
            .one(&self.connection())
            .await?;
        Ok(row.map(Notification::from))
    }

    /// What somebody has not read, oldest first, held until the end.
    pub async fn lock_unread(&self, user: UserId) -> Result<Vec<Notification>, StoreError> {
        let rows = Entity::find()
            .filter(Column::FirmId.eq(self.firm_id().0))
            .filter(Column::UserId.eq(user.0))
            .filter(Column::ReadAt.is_null())
            .order_by_asc(Column::Id)
            .lock(LockType::NoKeyUpdate)
            .all(&self.connection())
            .await?;
        Ok(rows.into_iter().map(Notification::from).collect())
    }

    /// Queues that these have been read.
    pub fn mark_read(&mut self, ids: &[NotificationId], at: DateTime<Utc>) {
        for some in ids.chunks(AT_ONCE) {
            let update = Query::update()
                .table(Entity)
                .value(Column::ReadAt, at)
                .and_where(Column::FirmId.eq(self.firm_id().0))
                .and_where(one_of(Column::Id, some.iter().map(|id| id.0)))
                .to_owned();
            self.queue(update);
        }
    }

    /// Queues new notifications.
    pub fn insert_notifications(&mut self, notifications: &[Notification]) {
        let firm = self.firm_id().0;
        let rows = notifications.iter().map(|notification| Model {
            firm_id: firm,
            id: notification.id.0,
            user_id: notification.user_id.0,
            message: notification.message.clone(),
            process_id: notification.process_id.map(Uuid::from),
            task_id: notification.task_id.map(Uuid::from),
            entity_id: notification.entity_id.0,
            created_at: notification.created_at,
            read_at: notification.read_at,
        });
        self.insert(rows);
    }
}

impl From<Model> for Notification {
    fn from(m: Model) -> Self {
        Self {
            id: NotificationId(m.id),
            user_id: UserId(m.user_id),
            message: m.message,
            process_id: m.process_id.map(ProcessId),
            task_id: m.task_id.map(TaskId),
            entity_id: EntityId(m.entity_id),
            created_at: m.created_at,
            read_at: m.read_at,
        }
    }
}
