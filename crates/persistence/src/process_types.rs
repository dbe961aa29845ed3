//! Process types: single and in lists.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    ids::ProcessTypeId,
    page::{Page, PageRequest},
    process_type::{ProcessType, ProcessTypeVersion},
};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::LockType,
};
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    batch::update_row,
    entities::NameKey,
    entity::process_type::{Column, Entity, Model},
    keyset::after,
    one_of::one_of,
    text_match::starts_with,
};

/// Which process types are listed; what is none does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProcessTypeFilter {
    /// In this category.
    pub category: Option<String>,
    /// Archived or not.
    pub archived: Option<bool>,
    /// With a name that begins like this, whatever the case.
    pub name_prefix: Option<String>,
}

impl Reads<'_> {
    /// One process type.
    pub async fn process_type(&self, id: ProcessTypeId) -> Result<Option<ProcessType>, StoreError> {
        let row = Entity::find_by_id((self.firm_key(), id.0))
            .one(&self.connection)
            .await?;
        Ok(row.map(ProcessType::from))
    }

    /// Those of these that exist, by id.
    pub async fn process_types_by_id(
        &self,
        ids: &[ProcessTypeId],
    ) -> Result<BTreeMap<ProcessTypeId, ProcessType>, StoreError> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows = of_firm(self.firm_key())
            .filter(one_of(Column::Id, ids.iter().map(|id| id.0)))
            .all(&self.connection)
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| (ProcessTypeId(row.id), ProcessType::from(row)))
            .collect())
    }

    /// The process type with this key.
    pub async fn process_type_by_key(&self, key: &str) -> Result<Option<ProcessType>, StoreError> {
        let row = of_firm(self.firm_key())
            .filter(Column::Key.eq(key))
            .one(&self.connection)
            .await?;
        Ok(row.map(ProcessType::from))
    }

    /// The process type that was installed from this workflow of the library.
    pub async fn process_type_of_library(
        &self,
        slug: &str,
    ) -> Result<Option<ProcessType>, StoreError> {
        let row = of_firm(self.firm_key())
            .filter(Column::LibrarySlug.eq(slug))
            .order_by_asc(Column::Id)
            .one(&self.connection)
            .await?;
        Ok(row.map(ProcessType::from))
    }

    /// The process types that were installed from the library, by the workflow's slug.
    pub async fn installed_workflows(&self) -> Result<BTreeMap<String, ProcessTypeId>, StoreError> {
        let rows: Vec<(Option<String>, Uuid)> = of_firm(self.firm_key())
            .select_only()
            .columns([Column::LibrarySlug, Column::Id])
            .filter(Column::LibrarySlug.is_not_null())
            .into_tuple()
            .all(&self.connection)
            .await?;
        Ok(rows
            .into_iter()
            .filter_map(|(slug, id)| slug.map(|slug| (slug, ProcessTypeId(id))))
            .collect())
    }

    /// The keys of all process types, archived ones among them: what a definition may name (E20).
    pub async fn process_type_keys(&self) -> Result<BTreeSet<String>, StoreError> {
        let keys: Vec<String> = of_firm(self.firm_key())
            .select_only()
            .column(Column::Key)
            .into_tuple()
            .all(&self.connection)
            .await?;
        Ok(keys.into_iter().collect())
    }

    /// Ids and newest published versions of the process types with these keys.
    pub(crate) async fn published_versions(
        &self,
        keys: &[&str],
    ) -> Result<Vec<(Uuid, i32)>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<(Uuid, Option<i32>)> = of_firm(self.firm_key())
            .select_only()
            .column(Column::Id)
            .column(Column::PublishedVersion)
            .filter(one_of(Column::Key, keys.iter().copied()))
            .into_tuple()
            .all(&self.connection)
            .await?;
        let published = rows.into_iter().map(|(id, number)| Some((id, number?)));
        Ok(published.flatten().collect())
    }

    /// A page of process types, by name.
    pub async fn list_process_types(
        &self,
        filter: &ProcessTypeFilter,
        page: PageRequest<NameKey>,
    ) -> Result<Page<ProcessType, NameKey>, StoreError> {
        let mut query = of_firm(self.firm_key())
            .order_by_asc(Column::Name)
            .order_by_asc(Column::Id)
            .limit(u64::from(page.limit) + 1);
        if let Some(category) = &filter.category {
            query = query.filter(Column::Category.eq(category));
        }
        if let Some(archived) = filter.archived {
            query = query.filter(if archived {
                Column::ArchivedAt.is_not_null()
            } else {
                Column::ArchivedAt.is_null()
            });
        }
        if let Some(prefix) = &filter.name_prefix {
            query = query.filter(starts_with(Column::Name, prefix));
        }
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(after(
                [Column::Name, Column::Id],
                [place.name.into(), place.id.into()],
            ));
        }
        let rows = query.all(&self.connection).await?;
        let items = rows.into_iter().map(ProcessType::from).collect();
        Ok(
            Page::from_overfetch(items, page.limit, |kind: &ProcessType| NameKey {
                name: kind.name.clone(),
                id: kind.id.0,
            })
            .counted(total),
        )
    }
}

fn of_firm(firm: Uuid) -> Select<Entity> {
    Entity::find().filter(Column::FirmId.eq(firm))
}

impl UnitOfWork {
    /// Reads a process type and holds it, and so its versions, until the end.
    pub async fn lock_process_type(
        &self,
        id: ProcessTypeId,
    ) -> Result<Option<ProcessType>, StoreError> {
        let row = Entity::find_by_id((self.firm_id().0, id.0))
            .lock(LockType::NoKeyUpdate)
            .one(&self.connection())
            .await?;
        Ok(row.map(ProcessType::from))
    }

    /// Queues a new process type with its first version.
    pub fn insert_process_type(
        &mut self,
        process_type: &ProcessType,
        first: &ProcessTypeVersion,
    ) -> Result<(), StoreError> {
        self.insert([model(self.firm_id().0, process_type)]);
        self.insert_version(process_type.id, first)
    }

    /// Queues the present state of a known process type; its versions stay.
    pub fn update_process_type(&mut self, process_type: &ProcessType) {
        let row = model(self.firm_id().0, process_type);
        self.queue(update_row(&row.into_active_model()));
    }
}

fn model(firm: Uuid, process_type: &ProcessType) -> Model {
    Model {
        firm_id: firm,
        id: process_type.id.0,
        key: process_type.key.clone(),
        name: process_type.name.clone(),
        category: process_type.category.clone(),
        area: process_type.area.clone(),
        summary: process_type.summary.clone(),
        library_slug: process_type.library_slug.clone(),
        library_version: process_type.library_version.clone(),
        published_version: process_type.published_version,
        draft_version: process_type.draft_version,
        archived_at: process_type.archived_at,
        created_at: process_type.created_at,
        version: process_type.version,
    }
}

impl From<Model> for ProcessType {
    fn from(m: Model) -> Self {
        Self {
            id: ProcessTypeId(m.id),
            key: m.key,
            name: m.name,
            category: m.category,
            area: m.area,
            summary: m.summary,
            library_slug: m.library_slug,
            library_version: m.library_version,
            published_version: m.published_version,
            draft_version: m.draft_version,
            archived_at: m.archived_at,
            created_at: m.created_at,
            version: m.version,
        }
    }
}
