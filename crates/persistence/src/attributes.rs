//! Definitions of attributes, which are part of what is cached of a firm, and the history of their values.

use chrono::{DateTime, Utc};
use domain::{
    attribute::Attribute,
    entity::CLIENT_KINDS,
    ids::{AttributeId, EntityId, TaskId, UserId},
    page::{Page, PageRequest},
    process::run::AttributeWrite,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::LockType,
};
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    batch::update_row,
    codec::{Place, to_json, to_name},
    entity::{
        attribute::{ActiveModel, Column, Entity, Model},
        attribute_value,
    },
    keyset::after,
};

/// Which definitions are listed; what is none does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttributeFilter {
    /// Those that an entity of this kind has: its own, and those of all clients if it is one of them.
    pub entity_kind: Option<String>,
    /// Archived or not.
    pub archived: Option<bool>,
}

/// The place of a definition in the order of its list: by kind of entity, then key.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AttributeKey {
    /// The kind of entity.
    pub entity_kind: String,
    /// Its key.
    pub key: String,
}

/// One value that an attribute of an entity was given.
#[derive(Debug, Clone, PartialEq)]
pub struct AttributeHistoryEntry {
    /// Its identity.
    pub id: Uuid,
    /// What was written.
    pub write: AttributeWrite,
    /// When.
    pub at: DateTime<Utc>,
}

impl Reads<'_> {
    /// One definition.
    pub async fn attribute(&self, id: AttributeId) -> Result<Option<Attribute>, StoreError> {
        Entity::find_by_id((self.firm_key(), id.0))
            .one(&self.connection)
            .await?
            .map(Attribute::try_from)
            .transpose()
    }

    /// A page of definitions, by kind of entity and key.
    pub async fn list_attributes(
        &self,
        filter: &AttributeFilter,
        page: PageRequest<AttributeKey>,
    ) -> Result<Page<Attribute, AttributeKey>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .order_by_asc(Column::EntityKind)
            .order_by_asc(Column::Key)
            .limit(u64::from(page.limit) + 1);
        if let Some(kind) = &filter.entity_kind {
            let clients = CLIENT_KINDS.contains(&kind.as_str()).then_some("client");
            query = query.filter(Column::EntityKind.is_in(clients.into_iter().chain([&**kind])));
        }
        if let Some(archived) = filter.archived {
            query = query.filter(Column::Archived.eq(archived));
        }
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(after(
                [Column::EntityKind, Column::Key],
                [place.entity_kind.into(), place.key.into()],
            ));
        }
        let items = query
            .all(&self.connection)
            .await?
            .into_iter()
            .map(Attribute::try_from)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(
            Page::from_overfetch(items, page.limit, |attribute| AttributeKey {
                entity_kind: attribute.entity_kind.clone(),
                key: attribute.key.clone(),
            })
            .counted(total),
        )
    }

    /// A page of what was written to the attributes of an entity, or to one of them, newest first.
    pub async fn list_attribute_history(
        &self,
        entity: EntityId,
        attribute: Option<&str>,
        page: PageRequest<Uuid>,
    ) -> Result<Page<AttributeHistoryEntry, Uuid>, StoreError> {
        let mut query = attribute_value::Entity::find()
            .filter(attribute_value::Column::FirmId.eq(self.firm_key()))
            .filter(attribute_value::Column::EntityId.eq(entity.0))
            .order_by_desc(attribute_value::Column::Id)
            .limit(u64::from(page.limit) + 1);
        if let Some(key) = attribute {
            query = query.filter(attribute_value::Column::Attribute.eq(key));
        }
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(attribute_value::Column::Id.lt(place));
        }
        let items = query
            .all(&self.connection)
            .await?
            .into_iter()
            .map(AttributeHistoryEntry::try_from)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Page::from_overfetch(items, page.limit, |entry| entry.id).counted(total))
    }
}

impl UnitOfWork {
    /// Reads a definition and holds it until the end.
    pub async fn lock_attribute(&self, id: AttributeId) -> Result<Option<Attribute>, StoreError> {
        Entity::find_by_id((self.firm_id().0, id.0))
            .lock(LockType::NoKeyUpdate)
            .one(&self.connection())
            .await?
            .map(Attribute::try_from)
            .transpose()
    }

    /// Queues a new definition.
    pub fn insert_attribute(&mut self, attribute: &Attribute) -> Result<(), StoreError> {
        let row = ActiveModel {
            created_at: Set(self.ambient().now()),
            ..self.attribute_row(attribute)?
        };
        self.queue(Entity::insert(row).into_query());
        self.changes_catalog = true;
        Ok(())
    }

    /// Queues the present state of a known definition.
    pub fn update_attribute(&mut self, attribute: &Attribute) -> Result<(), StoreError> {
        let row = self.attribute_row(attribute)?;
        self.queue(update_row(&row));
        self.changes_catalog = true;
        Ok(())
    }

    fn attribute_row(&self, attribute: &Attribute) -> Result<ActiveModel, StoreError> {
        Ok(ActiveModel {
            firm_id: Set(self.firm_id().0),
            id: Set(attribute.id.0),
            key: Set(attribute.key.clone()),
            label: Set(attribute.label.clone()),
            entity_kind: Set(attribute.entity_kind.clone()),
            value_type: Set(to_name(&attribute.value_type)?),
            options: Set(to_json(&attribute.options)?),
            archived: Set(attribute.archived),
            created_at: NotSet,
            version: Set(attribute.version),
        })
    }

    /// Queues what was written to attributes, oldest first.
    pub fn insert_attribute_history(
        &mut self,
        writes: &[AttributeWrite],
    ) -> Result<(), StoreError> {
        let at = self.ambient().now();
        let rows = writes
            .iter()
            .map(|write| {
                Ok(attribute_value::Model {
                    firm_id: self.firm_id().0,
                    id: self.ambient().fresh_id(),
                    entity_id: write.entity_id.0,
                    attribute: write.attribute.clone(),
                    before: write.before.as_ref().map(to_json).transpose()?,
                    after: write.after.as_ref().map(to_json).transpose()?,
                    task_id: write.task_id.map(Uuid::from),
                    by: write.by.map(Uuid::from),
                    at,
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        self.insert(rows);
        Ok(())
    }
}

impl TryFrom<Model> for Attribute {
    type Error = StoreError;

    fn try_from(m: Model) -> Result<Self, Self::Error> {
        let row = Place {
            table: "attribute",
            row: m.id,
        };
        Ok(Self {
            id: AttributeId(m.id),
            key: m.key,
            label: m.label,
            entity_kind: m.entity_kind,
            value_type: row.name(m.value_type)?,
            options: row.json(m.options)?,
            archived: m.archived,
            version: m.version,
        })
    }
}

impl TryFrom<attribute_value::Model> for AttributeHistoryEntry {
    type Error = StoreError;

    fn try_from(m: attribute_value::Model) -> Result<Self, Self::Error> {
        let row = Place {
            table: "attribute_value",
            row: m.id,
        };
        Ok(Self {
            id: m.id,
            write: AttributeWrite {
                entity_id: EntityId(m.entity_id),
                attribute: m.attribute,
                before: m.before.map(|json| row.json(json)).transpose()?,
                after: m.after.map(|json| row.json(json)).transpose()?,
                task_id: m.task_id.map(TaskId),
                by: m.by.map(UserId),
            },
            at: m.at,
        })
    }
}
