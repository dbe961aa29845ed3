//! Who may execute what, kept as rows in the transaction that changes it (see the ADR on executor rows).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::{
    access::{
        cover::in_force,
        execution::{Grant, grants, grants_of},
    },
    entity::{Entity, Membership},
    ids::{EntityId, ProcessId, TaskId, UserId},
    process::{
        owner::preparers,
        run::{Changes, Run},
        world::{Catalog, Surroundings},
    },
    task::Task,
    user::User,
};
use persistence::{Executors, StoreError, UnitOfWork};

use super::{Scene, Single};

/// Who may execute the tasks that a command has touched: those that it changed, and those kept separate from them.
pub(super) fn after<'r>(
    scene: &Scene,
    after: &'r Run,
    changes: &Changes,
    now: DateTime<Utc>,
) -> Vec<Executors<'r>> {
    let known: BTreeMap<TaskId, &Task> =
        scene.run.tasks.iter().map(|task| (task.id, task)).collect();
    let has_moved = |task: &Task| known.get(&task.id).copied() != Some(task);
    let moved: BTreeSet<&str> = after
        .tasks
        .iter()
        .filter(|task| has_moved(task))
        .map(|task| task.key.as_str())
        .collect();
    let touched = after.tasks.iter().filter(|task| {
        has_moved(task)
            || (task.status.is_active()
                && task
                    .separate_from
                    .iter()
                    .any(|key| moved.contains(key.as_str())))
    });
    touched
        .filter_map(|task| {
            let entity = changes
                .entities
                .get(&task.entity_id)
                .or_else(|| scene.around.entities.get(&task.entity_id))?;
            let (around, preparers) = (&scene.around, preparers(after, task));
            let facts = around.task_facts(&scene.catalog, task, entity, &preparers, now);
            Some((task, grants(facts, &around.people)))
        })
        .collect()
}

impl Single {
    /// Who may execute the task as it is now.
    pub(super) fn executors_of(&self, task: &Task, now: DateTime<Utc>) -> Vec<Grant> {
        let Some(entity) = self.around.entities.get(&task.entity_id) else {
            return Vec::new();
        };
        let (around, nobody) = (&self.around, BTreeSet::new());
        let facts = around.task_facts(&self.catalog, task, entity, &nobody, now);
        grants(facts, &around.people)
    }
}

/// How many active tasks are looked at in one go.
const PAGE: u32 = 500;

/// Brings the rows of one person, and of those who cover for them, up to date on all active work of an entity, after their roles there have changed. `held` is
/// what they hold from now on, there and on the firm.
pub(crate) async fn refresh_on_entity(
    tx: &mut UnitOfWork,
    catalog: &Catalog,
    user: &User,
    entity: &Entity,
    held: &[Membership],
) -> Result<(), StoreError> {
    let tasks = tx.reads().active_tasks_of(entity.id).await?;
    let entities = BTreeMap::from([(entity.id, entity.clone())]);
    let circle = Circle::around(tx, catalog, user, held).await?;
    circle.refresh(tx, catalog, &entities, &tasks).await
}

/// Brings everyone's rows up to date on all active work of an entity, after it has been restricted or opened (X18).
pub(crate) async fn refresh_all_on_entity(
    tx: &mut UnitOfWork,
    catalog: &Catalog,
    entity: &Entity,
) -> Result<(), StoreError> {
    let tasks = tx.reads().active_tasks_of(entity.id).await?;
    let owners: BTreeSet<UserId> = tasks.iter().filter_map(|task| task.owner_id).collect();
    let named: Vec<UserId> = owners.into_iter().chain(catalog.covering()).collect();
    let (memberships, people) = tx
        .reads()
        .people_around(&[entity.id, catalog.firm.id.entity()], &named)
        .await?;
    let around = Surroundings {
        memberships,
        people,
        ..Surroundings::default()
    }
    .covered(&catalog.covers);
    let preparing = preparing(tx, &tasks).await?;
    let nobody = BTreeSet::new();
    let now = tx.ambient().now();
    let rows: Vec<Executors<'_>> = tasks
        .iter()
        .map(|task| {
            let preparers = preparing.get(&task.id).unwrap_or(&nobody);
            let facts = around.task_facts(catalog, task, entity, preparers, now);
            (task, grants(facts, &around.people))
        })
        .collect();
    tx.save_executors(&rows)
}

/// Brings the rows of one person, and of those who cover for them, up to date on all active work of the firm, after their
/// roles on the firm itself have changed: firm roles execute whatever the task's entity (X14). `held` is everything that they
/// hold from now on, anywhere.
pub(crate) async fn refresh_on_firm(
    tx: &mut UnitOfWork,
    catalog: &Catalog,
    user: &User,
    held: &[Membership],
) -> Result<(), StoreError> {
    let circle = Circle::around(tx, catalog, user, held).await?;
    circle.refresh_by_firm_roles(tx, catalog).await
}

/// Brings all rows of one person up to date: they have come back.
pub(crate) async fn refresh_user(
    tx: &mut UnitOfWork,
    catalog: &Catalog,
    user: &User,
) -> Result<(), StoreError> {
    let held = tx.reads().all_memberships_of(user.id).await?;
    let circle = Circle::around(tx, catalog, user, &held).await?;
    let mut after = None;
    loop {
        let tasks = tx.reads().active_tasks(after, PAGE).await?;
        let Some(last) = tasks.last().map(|task| task.id) else {
            return Ok(());
        };
        after = Some(last);
        circle.refresh_anywhere(tx, catalog, &tasks).await?;
    }
}

/// Brings the rows of two people, and of those who cover for them, up to date on all active work of these entities, after
/// places on their teams have gone from one to the other and have been written.
pub(crate) async fn refresh_handed_over(
    tx: &mut UnitOfWork,
    catalog: &Catalog,
    leaving: &User,
    successor: UserId,
    entities: &BTreeMap<EntityId, Entity>,
) -> Result<(), StoreError> {
    let covering = catalog
        .covers
        .iter()
        .filter(|cover| cover.absent_id == leaving.id || cover.absent_id == successor)
        .flat_map(|cover| cover.cover_user_ids.iter().copied());
    let concerned = covering.chain([leaving.id, successor]).collect();
    let held = tx.reads().all_memberships_of(leaving.id).await?;
    let circle = Circle::of(tx, catalog, leaving, &held, concerned).await?;
    let firm = catalog.firm.id.entity();
    for entity in entities.keys().filter(|id| **id != firm) {
        let tasks = tx.reads().active_tasks_of(*entity).await?;
        circle.refresh(tx, catalog, entities, &tasks).await?;
    }
    if entities.contains_key(&firm) {
        // Rows on the others' tasks are written before they are looked at again.
        tx.settle().await?;
        circle.refresh_by_firm_roles(tx, catalog).await?;
    }
    Ok(())
}

/// Brings the rows of those who cover for a person up to date, after a cover for them was made or ended (the catalog has the
/// covers as they are from now on), or after the person may execute nothing any more.
pub(crate) async fn refresh_covering(
    tx: &mut UnitOfWork,
    catalog: &Catalog,
    absent: &User,
    standing_in: &[UserId],
) -> Result<(), StoreError> {
    let held = tx.reads().all_memberships_of(absent.id).await?;
    let concerned = standing_in.iter().copied().collect();
    let circle = Circle::of(tx, catalog, absent, &held, concerned).await?;
    let mut after = None;
    loop {
        // Whatever somebody may execute in their own right, they have rows of.
        let tasks = tx.reads().executed_by(absent.id, after, PAGE).await?;
        let Some(last) = tasks.last().map(|task| task.id) else {
            return Ok(());
        };
        after = Some(last);
        circle.refresh_anywhere(tx, catalog, &tasks).await?;
    }
}

/// People whose rows are brought up to date, with what decides about all of them.
struct Circle {
    concerned: Vec<User>,
    around: Surroundings,
}

impl Circle {
    /// A person who holds these roles from now on, with those who cover for them.
    async fn around(
        tx: &UnitOfWork,
        catalog: &Catalog,
        user: &User,
        held: &[Membership],
    ) -> Result<Self, StoreError> {
        let covering = catalog
            .covers
            .iter()
            .filter(|cover| cover.absent_id == user.id)
            .flat_map(|cover| cover.cover_user_ids.iter().copied());
        let concerned = covering.chain([user.id]).collect();
        Self::of(tx, catalog, user, held, concerned).await
    }

    /// These people, with everyone whom they cover; `user`, who holds these roles, may not be stored yet as they are.
    async fn of(
        tx: &UnitOfWork,
        catalog: &Catalog,
        user: &User,
        held: &[Membership],
        concerned: BTreeSet<UserId>,
    ) -> Result<Self, StoreError> {
        let absent = catalog
            .covers
            .iter()
            .filter(|cover| cover.cover_user_ids.iter().any(|id| concerned.contains(id)))
            .map(|cover| cover.absent_id);
        let mut others: BTreeSet<UserId> = absent.chain(concerned.iter().copied()).collect();
        others.remove(&user.id);
        let others: Vec<UserId> = others.into_iter().collect();
        let mut memberships = tx.reads().memberships_of_all(&others).await?;
        memberships.extend_from_slice(held);
        let mut people: BTreeMap<UserId, User> = tx
            .reads()
            .users(&others)
            .await?
            .into_iter()
            .map(|user| (user.id, user))
            .collect();
        people.insert(user.id, user.clone());
        let covers = in_force(&catalog.covers, &people);
        people.retain(|id, _| concerned.contains(id));
        Ok(Self {
            concerned: people.into_values().collect(),
            around: Surroundings {
                memberships,
                covers,
                ..Surroundings::default()
            },
        })
    }

    /// On all work that roles on the firm itself can let somebody execute.
    async fn refresh_by_firm_roles(
        &self,
        tx: &mut UnitOfWork,
        catalog: &Catalog,
    ) -> Result<(), StoreError> {
        let firm = catalog.firm.id.entity();
        let mut after = None;
        loop {
            let tasks = tx.reads().active_tasks(after, PAGE).await?;
            let Some(last) = tasks.last().map(|task| task.id) else {
                return Ok(());
            };
            after = Some(last);
            let concerned: Vec<Task> = tasks
                .into_iter()
                .filter(|task| task.entity_id == firm || !task.execution.firm_roles.is_empty())
                .collect();
            self.refresh_anywhere(tx, catalog, &concerned).await?;
        }
    }

    async fn refresh_anywhere(
        &self,
        tx: &mut UnitOfWork,
        catalog: &Catalog,
        tasks: &[Task],
    ) -> Result<(), StoreError> {
        let ids: BTreeSet<EntityId> = tasks.iter().map(|task| task.entity_id).collect();
        let entities = tx
            .reads()
            .entities(&ids.into_iter().collect::<Vec<_>>())
            .await?;
        self.refresh(tx, catalog, &entities, tasks).await
    }

    async fn refresh(
        &self,
        tx: &mut UnitOfWork,
        catalog: &Catalog,
        entities: &BTreeMap<EntityId, Entity>,
        tasks: &[Task],
    ) -> Result<(), StoreError> {
        let preparing = preparing(tx, tasks).await?;
        let nobody = BTreeSet::new();
        let now = tx.ambient().now();
        let rows: Vec<Executors<'_>> = tasks
            .iter()
            .filter_map(|task| {
                let entity = entities.get(&task.entity_id)?;
                let preparers = preparing.get(&task.id).unwrap_or(&nobody);
                let facts = self
                    .around
                    .task_facts(catalog, task, entity, preparers, now);
                let granted = self
                    .concerned
                    .iter()
                    .flat_map(|user| grants_of(user, facts));
                Some((task, granted.collect()))
            })
            .collect();
        let people: Vec<UserId> = self.concerned.iter().map(|user| user.id).collect();
        tx.save_executors_among(&people, &rows)
    }
}

/// Who has prepared what the tasks that are kept separate from others check (X11).
async fn preparing(
    tx: &UnitOfWork,
    tasks: &[Task],
) -> Result<BTreeMap<TaskId, BTreeSet<UserId>>, StoreError> {
    let separated: BTreeSet<ProcessId> = tasks
        .iter()
        .filter(|task| !task.separate_from.is_empty())
        .filter_map(|task| task.process_id)
        .collect();
    let mut preparing: BTreeMap<TaskId, BTreeSet<UserId>> = BTreeMap::new();
    for id in separated {
        if let Some(run) = tx.reads().run(id).await? {
            for task in run.tasks.iter().filter(|task| task.status.is_active()) {
                preparing.insert(task.id, preparers(&run, task));
            }
        }
    }
    Ok(preparing)
}
