//! Runs that are about to begin, started by a person or by a process.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use domain::{
    access::{Actor, visibility::sees_entity},
    entity::Entity,
    fault::Fault,
    firm::Firm,
    ids::{EntityId, ProcessTypeId, UserId},
    process::{
        Cause,
        engine::Engine,
        run::{Changes, Run},
        start::StartInput,
        world::{Catalog, Surroundings, World},
    },
    process_type::{Definition, ProcessType},
    value::FieldValue,
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

    /// The version of a type from which its processes start at this moment, or why they do not.
    pub(crate) async fn in_effect(
        tx: &UnitOfWork,
        id: ProcessTypeId,
    ) -> Result<Result<Self, Fault>, StoreError> {
        let found = tx.reads().process_type(id).await?;
        let Some(process_type) = found.filter(|found| found.archived_at.is_none()) else {
            let detail = "The process type is archived.";
            return Ok(Err(Fault::new("/process_type_id", "archived", detail)));
        };
        Ok(Self::of(tx, process_type).await?.ok_or_else(|| {
            let detail = "No version of the process type is in effect.";
            Fault::new("/process_type_id", "no-version-in-effect", detail)
        }))
    }

    /// What starts a process of it with these answers: for the firm, unless it is said for whom.
    pub(crate) fn input(
        &self,
        fields: BTreeMap<String, FieldValue>,
        initiator: Option<UserId>,
    ) -> StartInput {
        StartInput {
            process_type_id: self.process_type.id,
            version: self.version,
            entity_ids: Vec::new(),
            related: BTreeMap::new(),
            fields,
            asked_fields: Vec::new(),
            parent: None,
            cause: Cause::default(),
            depth: 0,
            initiator,
        }
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
    /// stays: whoever starts a process writes to it only as the process type says. Gives the records that are left out: once
    /// nothing of what was named is unknown, they are the process's own, which it works on whoever starts it (E24).
    pub(crate) async fn keep_seen(
        &mut self,
        reads: Reads<'_>,
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<BTreeMap<EntityId, Entity>, StoreError> {
        let hidden = hide(&mut self.around, &self.catalog.firm, by);
        let named = std::mem::take(&mut self.around.documents);
        self.around.documents = seen_of(reads, &self.catalog, by, now, named).await?;
        Ok(hidden)
    }

    /// The records that the planned run is for, where they are known.
    pub(crate) fn subjects(&self) -> Option<Vec<&Entity>> {
        let ids: BTreeSet<EntityId> = self.run.process.entity_ids.iter().copied().collect();
        let entities = &self.around.entities;
        ids.iter().map(|id| entities.get(id)).collect()
    }

    /// Begins the planned run; nothing is stored yet.
    pub(crate) fn begun(&self, tx: &UnitOfWork) -> (Run, Changes) {
        Engine::begin(&self.definition, self.world(tx), self.run.clone()).finish()
    }
}

/// Takes out the records that somebody may not see.
pub(super) fn hide(
    around: &mut Surroundings,
    firm: &Firm,
    by: &Actor,
) -> BTreeMap<EntityId, Entity> {
    let all = std::mem::take(&mut around.entities);
    let (seen, hidden) = all.into_iter().partition(|(id, entity)| {
        *id == firm.id.entity() || sees_entity(by, firm, entity, &around.memberships)
    });
    around.entities = seen;
    hidden
}
