//! Who may execute what, kept as rows in the transaction that changes it (see the ADR on executor rows).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::{
    access::{
        Actor,
        execution::{Decision, TaskFacts, decide, executors},
    },
    entity::{Entity, Membership},
    ids::{EntityId, ProcessId, TaskId, UserId},
    process::{
        owner::preparers,
        run::{Changes, Run},
        world::Catalog,
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
            let facts = TaskFacts {
                firm: &scene.catalog.firm,
                task,
                entity,
                memberships: &scene.around.memberships,
                roles: &scene.catalog.roles,
                preparers: &preparers(after, task),
                covers: &[],
                elsewhere: &[],
                now,
            };
            Some((task, executors(facts, &scene.around.people)))
        })
        .collect()
}

impl Single {
    /// Who may execute the task as it is now.
    pub(super) fn executors_of(&self, task: &Task, now: DateTime<Utc>) -> Vec<(UserId, Decision)> {
        let Some(entity) = self.around.entities.get(&task.entity_id) else {
            return Vec::new();
        };
        let facts = TaskFacts {
            firm: &self.catalog.firm,
            task,
            entity,
            memberships: &self.around.memberships,
            roles: &self.catalog.roles,
            preparers: &BTreeSet::new(),
            covers: &[],
            elsewhere: &[],
            now,
        };
        executors(facts, &self.around.people)
    }
}

/// How many active tasks are looked at in one go.
const PAGE: u32 = 500;

/// Brings one person's rows up to date on all active work of an entity, after their roles there have changed. `held` is
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
    refresh(tx, catalog, user, &entities, held, &tasks).await
}

/// Brings everyone's rows up to date on all active work of an entity, after it has been restricted or opened (X18).
pub(crate) async fn refresh_all_on_entity(
    tx: &mut UnitOfWork,
    catalog: &Catalog,
    entity: &Entity,
) -> Result<(), StoreError> {
    let tasks = tx.reads().active_tasks_of(entity.id).await?;
    let owners: BTreeSet<UserId> = tasks.iter().filter_map(|task| task.owner_id).collect();
    let (memberships, people) = tx
        .reads()
        .people_around(
            &[entity.id, catalog.firm.id.entity()],
            &owners.into_iter().collect::<Vec<_>>(),
        )
        .await?;
    let preparing = preparing(tx, &tasks).await?;
    let none = BTreeSet::new();
    let now = tx.ambient().now();
    let rows: Vec<Executors<'_>> = tasks
        .iter()
        .map(|task| {
            let facts = TaskFacts {
                firm: &catalog.firm,
                task,
                entity,
                memberships: &memberships,
                roles: &catalog.roles,
                preparers: preparing.get(&task.id).unwrap_or(&none),
                covers: &[],
                elsewhere: &[],
                now,
            };
            (task, executors(facts, &people))
        })
        .collect();
    tx.save_executors(&rows)
}

/// Brings one person's rows up to date on all active work of the firm, after their roles on the firm itself have changed:
/// firm roles execute whatever the task's entity (X14). `held` is everything that they hold from now on, anywhere.
pub(crate) async fn refresh_on_firm(
    tx: &mut UnitOfWork,
    catalog: &Catalog,
    user: &User,
    held: &[Membership],
) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let tasks = tx.reads().active_tasks(after, PAGE).await?;
        let Some(last) = tasks.last().map(|task| task.id) else {
            return Ok(());
        };
        after = Some(last);
        let firm = catalog.firm.id.entity();
        let concerned: Vec<Task> = tasks
            .into_iter()
            .filter(|task| task.entity_id == firm || !task.execution.firm_roles.is_empty())
            .collect();
        refresh_anywhere(tx, catalog, user, held, &concerned).await?;
    }
}

/// Brings all rows of one person up to date: they have come back.
pub(crate) async fn refresh_user(
    tx: &mut UnitOfWork,
    catalog: &Catalog,
    user: &User,
) -> Result<(), StoreError> {
    let held = tx.reads().all_memberships_of(user.id).await?;
    let mut after = None;
    loop {
        let tasks = tx.reads().active_tasks(after, PAGE).await?;
        let Some(last) = tasks.last().map(|task| task.id) else {
            return Ok(());
        };
        after = Some(last);
        refresh_anywhere(tx, catalog, user, &held, &tasks).await?;
    }
}

async fn refresh_anywhere(
    tx: &mut UnitOfWork,
    catalog: &Catalog,
    user: &User,
    held: &[Membership],
    tasks: &[Task],
) -> Result<(), StoreError> {
    let ids: BTreeSet<EntityId> = tasks.iter().map(|task| task.entity_id).collect();
    let entities = tx
        .reads()
        .entities(&ids.into_iter().collect::<Vec<_>>())
        .await?;
    refresh(tx, catalog, user, &entities, held, tasks).await
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

async fn refresh(
    tx: &mut UnitOfWork,
    catalog: &Catalog,
    user: &User,
    entities: &BTreeMap<EntityId, Entity>,
    held: &[Membership],
    tasks: &[Task],
) -> Result<(), StoreError> {
    let preparing = preparing(tx, tasks).await?;
    let none = BTreeSet::new();
    let actor = Actor::without_teams(user, catalog.firm.id);
    let now = tx.ambient().now();
    let rows: Vec<Executors<'_>> = tasks
        .iter()
        .filter_map(|task| {
            let facts = TaskFacts {
                firm: &catalog.firm,
                task,
                entity: entities.get(&task.entity_id)?,
                memberships: held,
                roles: &catalog.roles,
                preparers: preparing.get(&task.id).unwrap_or(&none),
                covers: &[],
                elsewhere: &[],
                now,
            };
            let decision = decide(&actor, facts);
            let allowed = decision.allowed.then_some((user.id, decision));
            Some((task, allowed.into_iter().collect()))
        })
        .collect();
    tx.save_executor(user.id, &rows)
}
