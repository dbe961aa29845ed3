//! Notifications, person by person.

use domain::{
    ids::{EntityId, NotificationId, ProcessId, TaskId, UserId},
    notification::Notification,
    page::{Page, PageRequest},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    entity::notification::{Column, Entity, Model},
};

impl Reads<'_> {
    /// A page of what somebody was told, newest first.
    pub async fn list_notifications(
        &self,
        user: UserId,
        page: PageRequest<NotificationId>,
    ) -> Result<Page<Notification, NotificationId>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::UserId.eq(user.0))
            .order_by_desc(Column::Id)
            .limit(u64::from(page.limit) + 1);
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
    /// Queues new notifications, unread.
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
            read_at: None,
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
        }
    }
}
