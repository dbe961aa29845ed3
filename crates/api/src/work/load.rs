//! Reading work: within the transaction of a change (locked, E5), or only to look.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::{
    access::{Actor, visibility::sees_entity},
    entity::Relation,
    ids::{DocumentId, EntityId, ProcessId, TaskId, UserId},
    process::{
        fan_out::{MAX_ITEMS, kinds_run_over},
        form,
        owner::owners_to_count,
        run::Run,
        world::{Catalog, Surroundings},
    },
    process_type::{Definition, definition::OwnerRule},
    task::Task,
    value::FieldValue,
};
use persistence::{Reads, Store, StoreError, UnitOfWork};

use super::{Scene, Single, Work, seen_of};

/// Records, people and documents that values name.
#[derive(Debug, Clone, Default)]
pub(crate) struct References {
    pub(crate) entities: BTreeSet<EntityId>,
    pub(crate) users: BTreeSet<UserId>,
    pub(crate) documents: BTreeSet<DocumentId>,
}

/// What the values of a form name.
pub(crate) fn named_in(
    definition: &Definition,
    values: &BTreeMap<String, Option<FieldValue>>,
) -> References {
    let set = values
        .iter()
        .filter_map(|(key, value)| value.as_ref().map(|value| (key, value)));
    let found = form::references(definition, set);
    References {
        entities: found.entities.into_iter().collect(),
        users: found.users.into_iter().collect(),
        documents: found.documents.into_iter().collect(),
    }
}

impl Work {
    /// Locks a task, with its process, for a change. `named` is what the caller's own values name in addition: records
    /// and documents that they may not see count as unknown.
    pub(crate) async fn lock(
        tx: &UnitOfWork,
        catalog: Arc<Catalog>,
        id: TaskId,
        by: &Actor,
        named: impl FnOnce(&Definition) -> References,
    ) -> Result<Option<Self>, StoreError> {
        if let Some(run) = tx.lock_run_of(id).await? {
            let scene = Scene::around_run(tx, catalog, run, Some(by), named).await?;
            let index = scene.run.tasks.iter().position(|task| task.id == id);
            return Ok(index.map(|index| Self::OfProcess(Arc::new(scene), index)));
        }
        let Some(task) = tx.lock_single_task(id).await? else {
            return Ok(None);
        };
        Self::around_single(tx.reads(), catalog, task)
            .await
            .map(Some)
    }

    /// Reads a task, with its process, to look at it.
    pub(crate) async fn read(
        store: &Store,
        reads: Reads<'_>,
        catalog: Arc<Catalog>,
        id: TaskId,
    ) -> Result<Option<Self>, StoreError> {
        if let Some(run) = reads.run_of(id).await? {
            let definition = definition_of(store, &catalog, &run).await?;
            let scene = Scene::look(reads, catalog, definition, run).await?;
            let index = scene.run.tasks.iter().position(|task| task.id == id);
            return Ok(index.map(|index| Self::OfProcess(Arc::new(scene), index)));
        }
        let Some(task) = reads.task(id).await? else {
            return Ok(None);
        };
        Self::around_single(reads, catalog, task).await.map(Some)
    }

    pub(crate) async fn around_single(
        reads: Reads<'_>,
        catalog: Arc<Catalog>,
        task: Task,
    ) -> Result<Self, StoreError> {
        let firm = catalog.firm.id.entity();
        let people: Vec<UserId> = people_of(&task).chain(catalog.covering()).collect();
        let (memberships, people) = reads
            .people_around(&[task.entity_id, firm], &people)
            .await?;
        let entities = reads.entities(&[task.entity_id]).await?;
        let around = Surroundings {
            entities,
            memberships,
            people,
            ..Surroundings::default()
        }
        .covered(&catalog.covers);
        Ok(Self::Single(Box::new(Single {
            catalog,
            task,
            around,
        })))
    }
}

impl Scene {
    /// Locks a process for a change.
    pub(crate) async fn lock(
        tx: &UnitOfWork,
        catalog: Arc<Catalog>,
        id: ProcessId,
    ) -> Result<Option<Self>, StoreError> {
        let Some(run) = tx.lock_run(id).await? else {
            return Ok(None);
        };
        let scene = Self::around_run(tx, catalog, run, None, |_| References::default()).await?;
        Ok(Some(scene))
    }

    /// Reads a process to look at it.
    pub(crate) async fn read(
        store: &Store,
        reads: Reads<'_>,
        catalog: Arc<Catalog>,
        id: ProcessId,
    ) -> Result<Option<Self>, StoreError> {
        let Some(run) = reads.run(id).await? else {
            return Ok(None);
        };
        let definition = definition_of(store, &catalog, &run).await?;
        Self::look(reads, catalog, definition, run).await.map(Some)
    }

    /// The records and people around a run that nobody is going to change: one that is only looked at, or only imagined.
    pub(crate) async fn look(
        reads: Reads<'_>,
        catalog: Arc<Catalog>,
        definition: Arc<Definition>,
        run: Run,
    ) -> Result<Self, StoreError> {
        let mut wanted = Wanted::of(&definition, &run, &catalog);
        let relations = wanted.relate(reads, &definition, &run).await?;
        let entities = reads
            .entities(&wanted.entities.iter().copied().collect::<Vec<_>>())
            .await?;
        let mut around = surroundings(reads, &wanted, entities)
            .await?
            .covered(&catalog.covers);
        around.relations = relations;
        Ok(Self {
            catalog,
            definition,
            run,
            around,
        })
    }

    /// The records and people around a run that is locked, or about to be started. Records that its effects may write are
    /// held until the end.
    pub(crate) async fn around_run(
        tx: &UnitOfWork,
        catalog: Arc<Catalog>,
        run: Run,
        by: Option<&Actor>,
        named: impl FnOnce(&Definition) -> References,
    ) -> Result<Self, StoreError> {
        let definition = definition_of(&tx.store(), &catalog, &run).await?;
        Self::around_run_of(tx, catalog, definition, run, by, named).await
    }

    /// Likewise, with what the run looks at by this definition.
    pub(super) async fn around_run_of(
        tx: &UnitOfWork,
        catalog: Arc<Catalog>,
        definition: Arc<Definition>,
        run: Run,
        by: Option<&Actor>,
        named: impl FnOnce(&Definition) -> References,
    ) -> Result<Self, StoreError> {
        let named = named(&definition);
        let mut wanted = Wanted::of(&definition, &run, &catalog);
        let relations = wanted.relate(tx.reads(), &definition, &run).await?;
        let own = wanted.entities.clone();
        let own_documents = wanted.documents.clone();
        wanted.entities.extend(named.entities);
        wanted.people.extend(named.users);
        wanted.documents.extend(named.documents);

        let entities = tx
            .lock_entities(&wanted.entities.iter().copied().collect::<Vec<_>>())
            .await?;
        let mut around = surroundings(tx.reads(), &wanted, entities)
            .await?
            .covered(&catalog.covers);
        around.relations = relations;
        if let Some(by) = by {
            let memberships = &around.memberships;
            around.entities.retain(|id, entity| {
                own.contains(id) || sees_entity(by, &catalog.firm, entity, memberships)
            });
            let (mut known, new): (BTreeMap<_, _>, BTreeMap<_, _>) =
                std::mem::take(&mut around.documents)
                    .into_iter()
                    .partition(|(id, _)| own_documents.contains(id));
            let now = tx.ambient().now();
            known.extend(seen_of(tx.reads(), &catalog, by, now, new).await?);
            around.documents = known;
        }
        let counted = owners_to_count(&definition, &run, &catalog.roles, &around);
        around.open_tasks = tx
            .reads()
            .open_task_counts(&counted)
            .await?
            .into_iter()
            .collect();
        Ok(Self {
            catalog,
            definition,
            run,
            around,
        })
    }
}

async fn definition_of(
    store: &Store,
    catalog: &Catalog,
    run: &Run,
) -> Result<Arc<Definition>, StoreError> {
    let process = &run.process;
    store
        .definition(
            catalog.firm.id,
            process.process_type_id,
            process.process_type_version,
        )
        .await?
        .ok_or(StoreError::NoFirm)
}

/// What has to be read around a run.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) entities: BTreeSet<EntityId>,
    /// Those of the entities whose teams matter: the subjects; the firm's always does.
    pub(super) teams: BTreeSet<EntityId>,
    pub(super) people: BTreeSet<UserId>,
    pub(super) documents: BTreeSet<DocumentId>,
}

impl Wanted {
    pub(super) fn of(definition: &Definition, run: &Run, catalog: &Catalog) -> Self {
        let process = &run.process;
        let values = process
            .fields
            .iter()
            .chain(run.tasks.iter().flat_map(|task| &task.form));
        let named = form::references(definition, values);
        let mut entities: BTreeSet<EntityId> = process.entity_ids.iter().copied().collect();
        entities.extend(process.related.values());
        entities.extend(named.entities);
        entities.extend(run.tasks.iter().map(|task| task.entity_id));
        if definition.touches_firm() {
            entities.insert(catalog.firm.id.entity());
        }
        let mut teams: BTreeSet<EntityId> = process.entity_ids.iter().copied().collect();
        teams.extend(run.tasks.iter().map(|task| task.entity_id));
        teams.insert(catalog.firm.id.entity());
        let mut people: BTreeSet<UserId> = run.tasks.iter().flat_map(people_of).collect();
        people.extend(process.owner_id);
        people.extend(process.initiator_id);
        people.extend(named.users);
        people.extend(named_users(definition));
        people.extend(catalog.covering());
        Self {
            entities,
            teams,
            people,
            documents: named.documents.into_iter().collect(),
        }
    }
}

impl Wanted {
    /// Wants the records over which a fan-out may still run because they are related to the subjects (E24); gives the
    /// links. One more than a fan-out takes is enough to see that there are too many.
    pub(super) async fn relate(
        &mut self,
        reads: Reads<'_>,
        definition: &Definition,
        run: &Run,
    ) -> Result<Vec<Relation>, StoreError> {
        let kinds = kinds_run_over(definition, run);
        let subjects = &run.process.entity_ids;
        let most = u64::try_from(MAX_ITEMS).unwrap_or(u64::MAX) + 1;
        let relations = reads.relations_to_kinds(subjects, &kinds, most).await?;
        let ends = relations
            .iter()
            .flat_map(|link| [link.from_entity_id, link.to_entity_id]);
        self.entities.extend(ends);
        Ok(relations)
    }
}

pub(super) async fn surroundings(
    reads: Reads<'_>,
    wanted: &Wanted,
    entities: BTreeMap<EntityId, domain::entity::Entity>,
) -> Result<Surroundings, StoreError> {
    // The teams of records that the caller names decide whether they may see them.
    let teams: Vec<EntityId> = wanted.teams.union(&wanted.entities).copied().collect();
    let people: Vec<UserId> = wanted.people.iter().copied().collect();
    let (memberships, people) = reads.people_around(&teams, &people).await?;
    let documents = if wanted.documents.is_empty() {
        BTreeMap::new()
    } else {
        let ids: Vec<DocumentId> = wanted.documents.iter().copied().collect();
        reads.documents(&ids).await?
    };
    Ok(Surroundings {
        entities,
        memberships,
        people,
        documents,
        ..Surroundings::default()
    })
}

/// Everyone whom a task names.
fn people_of(task: &Task) -> impl Iterator<Item = UserId> {
    let earlier = task
        .attempts
        .iter()
        .filter_map(|attempt| attempt.completion.as_ref());
    let completed = earlier
        .chain(task.completion.as_ref())
        .flat_map(|completion| [completion.by, completion.on_behalf_of]);
    task.owner_id
        .into_iter()
        .chain(completed.flatten())
        .chain(task.form_editors.iter().copied())
}

/// Everyone whom the definition's owner rules name outright, those of its reminders and escalations among them (E12).
fn named_users(definition: &Definition) -> impl Iterator<Item = UserId> {
    let of_tasks = definition.tasks.iter().flat_map(|task| {
        let reminded = task.reminders.iter().filter_map(|it| it.to.as_ref());
        let escalation = task.escalation.iter();
        let escalated = escalation.flat_map(|it| it.to.iter().chain(&it.new_owner));
        task.owner.iter().chain(reminded).chain(escalated)
    });
    definition
        .owner
        .iter()
        .chain(of_tasks)
        .filter_map(|rule| match rule {
            OwnerRule::User(id) => Some(*id),
            OwnerRule::Role(_)
            | OwnerRule::Field(_)
            | OwnerRule::ExecutorOf(_)
            | OwnerRule::ProcessOwner
            | OwnerRule::Initiator
            | OwnerRule::Unassigned => None,
        })
}
