//! A process that is about to be moved to another version of its type.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    access::decision::Decision,
    ids::{ProcessTypeId, UserId},
    process::{
        engine::Engine,
        error::ProcessError,
        form::documents_named,
        migrate::{MigratedTask, Target},
        run::{Changes, Run},
    },
    process_type::{Definition, VersionStatus},
};
use persistence::{StoreError, UnitOfWork};

use super::{References, Scene, executors};

/// A locked process with everything that its present version and the other one look at.
pub(crate) struct Migrating {
    scene: Scene,
    version: i32,
    to: Arc<Definition>,
}

impl Migrating {
    /// The version of this number, or the newest in effect; none where it is not published.
    pub(crate) async fn version(
        tx: &UnitOfWork,
        process_type: ProcessTypeId,
        asked: Option<i32>,
    ) -> Result<Option<(i32, Arc<Definition>)>, StoreError> {
        let number = if let Some(number) = asked {
            let reads = tx.reads();
            let found = reads.process_type_version(process_type, number).await?;
            let published = found.filter(|it| it.status == VersionStatus::Published);
            published.map(|_| number)
        } else {
            let now = tx.ambient().now();
            tx.reads().version_in_effect(process_type, now).await?
        };
        let Some(number) = number else {
            return Ok(None);
        };
        let store = tx.store();
        let definition = store.definition(tx.firm_id(), process_type, number).await?;
        Ok(definition.map(|definition| (number, definition)))
    }

    /// With the records and people that the other version looks at besides.
    pub(crate) async fn of(
        tx: &UnitOfWork,
        scene: &Scene,
        (version, to): (i32, Arc<Definition>),
    ) -> Result<Self, StoreError> {
        let other = Scene::around_run_of(
            tx,
            Arc::clone(&scene.catalog),
            Arc::clone(&to),
            scene.run.clone(),
            None,
            |_| References::default(),
        )
        .await?
        .around;
        let mut scene = scene.clone();
        let around = &mut scene.around;
        around.entities.extend(other.entities);
        around.people.extend(other.people);
        around.documents.extend(other.documents);
        around.open_tasks.extend(other.open_tasks);
        for membership in other.memberships {
            if !around.memberships.iter().any(|it| it.id == membership.id) {
                around.memberships.push(membership);
            }
        }
        for relation in other.relations {
            if !around.relations.iter().any(|it| it.id == relation.id) {
                around.relations.push(relation);
            }
        }
        scene.around = scene.around.covered(&scene.catalog.covers);
        Ok(Self { scene, version, to })
    }

    /// What moving it makes of it; nothing is stored yet.
    pub(crate) fn migrate(
        &self,
        tx: &UnitOfWork,
        by: UserId,
        decision: &Decision,
        renamed: &BTreeMap<String, String>,
    ) -> Result<(Run, Changes, Vec<MigratedTask>), ProcessError> {
        let target = Target {
            version: self.version,
            definition: &self.to,
            renamed,
        };
        let scene = &self.scene;
        let mut engine = Engine::new(&scene.definition, scene.world(tx), scene.run.clone());
        let tasks = engine.migrate(Some(by), decision, target)?;
        let (run, changes) = engine.finish();
        Ok((run, changes, tasks))
    }

    /// Stores it, and who may execute its tasks from now on.
    pub(crate) fn save(
        &self,
        tx: &mut UnitOfWork,
        after: &Run,
        changes: Changes,
    ) -> Result<(), StoreError> {
        let scene = &self.scene;
        let now = tx.ambient().now();
        let rows = executors::after(scene, after, &changes, now);
        tx.update_run(&scene.run, after, changes)?;
        let before = documents_named(&scene.definition, &scene.run);
        // What a finished task names stays named, whether or not the version still asks for it.
        let mut named = documents_named(&scene.definition, after);
        named.extend(documents_named(&self.to, after));
        tx.save_documents_named(after.process.id, &before, &named);
        tx.save_executors(&rows)
    }
}
