//! What a firm has set up, kept in memory for as long as its version stays the same.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use domain::{attribute::Attribute, calendar::Calendars, ids::FirmId, process::world::Catalog};
use moka::sync::Cache;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{Reads, Store, StoreError, entity::attribute};

/// A catalog with the version that it is of.
type Versioned = (i64, Arc<Catalog>);

/// The catalogs of the firms that are at work.
#[derive(Debug, Clone)]
pub(crate) struct Catalogs(Cache<FirmId, Versioned>);

impl Catalogs {
    pub(crate) fn new() -> Self {
        Self(
            Cache::builder()
                .max_capacity(10_000)
                .time_to_idle(Duration::from_mins(30))
                .build(),
        )
    }
}

impl Store {
    /// What a firm has set up, at least as new as `version` (the caller's `catalog_version`).
    pub async fn catalog(&self, firm: FirmId, version: i64) -> Result<Arc<Catalog>, StoreError> {
        let cache = &self.shared.catalogs.0;
        if let Some((cached, catalog)) = cache.get(&firm)
            && cached >= version
        {
            return Ok(catalog);
        }
        let (loaded, catalog) = self
            .fresh_reads(firm)
            .load_catalog(self.ambient().now())
            .await?;
        let catalog = Arc::new(catalog);
        cache.insert(firm, (loaded, Arc::clone(&catalog)));
        Ok(catalog)
    }
}

impl Store {
    /// What a firm has set up, as of now: for work that no caller asks for.
    pub async fn current_catalog(&self, firm: FirmId) -> Result<Arc<Catalog>, StoreError> {
        let found = self.fresh_reads(firm).firm_and_catalog_version().await?;
        let (_, version) = found.ok_or(StoreError::NoFirm)?;
        self.catalog(firm, version).await
    }
}

impl Reads<'_> {
    /// The version is read first: what changes meanwhile makes a catalog that is newer than its version, and so is loaded
    /// once more than needed, but never one that is older.
    async fn load_catalog(&self, now: DateTime<Utc>) -> Result<(i64, Catalog), StoreError> {
        let (firm, version) = self
            .firm_and_catalog_version()
            .await?
            .ok_or(StoreError::NoFirm)?;
        let holidays = self.holidays().await?;
        let catalog = Catalog {
            calendars: Calendars::new(&firm, &holidays),
            firm,
            roles: self.all_roles().await?,
            attributes: self.catalog_attributes().await?,
            covers: self.open_covers(now).await?,
        };
        Ok((version, catalog))
    }

    async fn catalog_attributes(&self) -> Result<Vec<Attribute>, StoreError> {
        attribute::Entity::find()
            .filter(attribute::Column::FirmId.eq(self.firm_key()))
            .order_by_asc(attribute::Column::EntityKind)
            .order_by_asc(attribute::Column::Key)
            .all(&self.connection)
            .await?
            .into_iter()
            .map(Attribute::try_from)
            .collect()
    }
}
