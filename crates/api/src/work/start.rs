//! Runs that are about to begin, started by a person or by a process.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{
    access::{Actor, visibility::sees_entity},
    ids::EntityId,
    process::{
        engine::Engine,
        run::{Changes, Run},
        start::StartInput,
        world::{Catalog, Surroundings, World},
    },
    process_type::{Definition, ProcessType},
};
use persistence::{Reads, StoreError, UnitOfWork};

use super::{References, Scene, seen_of};

/// A process type with the version from which its processes start at this moment.
pub(crate) struct Startable {
    pub(crate) process_type: ProcessType,
    pub(crate) version: i32,
    pub(crate) definition: Arc<Definition>,
}

impl Startable {
    /// None while no version of the type is in effect.
    pub(crate) async fn of(
        tx: &UnitOfWork,
        process_type: ProcessType,
    ) -> Result<Option<Self>, StoreError> {
        let (id, now) = (process_type.id, tx.ambient().now());
        let Some(version) = tx.reads().version_in_effect(id, now).await? else {
            return Ok(None);
        };
        let definition = tx.store().definition(tx.firm_id(), id, version).await?;
        Ok(definition.map(|definition| Self {
            process_type,
            version,
            definition,
        }))
    }

    /// A planned run with the records and people around it, which are held until the end.
    pub(crate) async fn scene(
        &self,
        tx: &UnitOfWork,
        catalog: Arc<Catalog>,
        input: StartInput,
    ) -> Result<Scene, StoreError> {
        let world = World {
            catalog: &catalog,
            around: &Surroundings::default(),
            ambient: tx.ambient(),
        };
        let planned = Run::planned(&self.definition, world, input);
        Scene::around_run(tx, catalog, planned, None, |_| References::default()).await
    }
}

impl Scene {
    /// Leaves out records and documents that somebody may not see, so that for them they are unknown. The firm's own record
    /// stays: whoever starts a process writes to it only as the process type says.
    pub(crate) async fn keep_seen(
        &mut self,
        reads: Reads<'_>,
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (firm, memberships) = (&self.catalog.firm, &self.around.memberships);
        self.around.entities.retain(|id, entity| {
            *id == firm.id.entity() || sees_entity(by, firm, entity, memberships)
        });
        let named = std::mem::take(&mut self.around.documents);
        self.around.documents = seen_of(reads, &self.catalog, by, now, named).await?;
        Ok(())
    }

    /// The records that the planned run is for, where they are known.
    pub(crate) fn subjects(&self) -> Option<Vec<&domain::entity::Entity>> {
        let ids: BTreeSet<EntityId> = self.run.process.entity_ids.iter().copied().collect();
        let entities = &self.around.entities;
        ids.iter().map(|id| entities.get(id)).collect()
    }

    /// Begins the planned run; nothing is stored yet.
    pub(crate) fn begun(&self, tx: &UnitOfWork) -> (Run, Changes) {
        Engine::begin(&self.definition, self.world(tx), self.run.clone()).finish()
    }
}
