//! Definitions that run: parsed once, kept in memory. A published version never changes, so that they never go stale.

use std::{sync::Arc, time::Duration};

use domain::{
    ids::{FirmId, ProcessTypeId},
    process_type::{Definition, parse},
};
use moka::sync::Cache;

use crate::{Store, StoreError, UnitOfWork};

type Key = (FirmId, ProcessTypeId, i32);

#[derive(Debug, Clone)]
pub(crate) struct Definitions(Cache<Key, Arc<Definition>>);

impl Definitions {
    pub(crate) fn new() -> Self {
        Self(
            Cache::builder()
                .max_capacity(2_000)
                .time_to_idle(Duration::from_hours(1))
                .build(),
        )
    }
}

impl Store {
    /// The definition that runs of a published version follow; none when there is no such version.
    pub async fn definition(
        &self,
        firm: FirmId,
        process_type: ProcessTypeId,
        version: i32,
    ) -> Result<Option<Arc<Definition>>, StoreError> {
        let cache = &self.shared.definitions.0;
        let key = (firm, process_type, version);
        if let Some(found) = cache.get(&key) {
            return Ok(Some(found));
        }
        let document = self
            .fresh_reads(firm)
            .definition_document(process_type, version)
            .await?;
        let Some(document) = document else {
            return Ok(None);
        };
        let definition = parse(&document)
            .map(Arc::new)
            .map_err(|_| StoreError::corrupt("process_type_version", process_type))?;
        cache.insert(key, Arc::clone(&definition));
        Ok(Some(definition))
    }
}

impl UnitOfWork {
    /// The store that this transaction belongs to, for what is kept in memory.
    #[must_use]
    pub fn store(&self) -> Store {
        Store {
            shared: Arc::clone(&self.shared),
        }
    }
}
