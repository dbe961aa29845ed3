//! One piece of work with everything that deciding about it and moving it on needs: what all task and process handlers, and
//! the worker, share.

mod documents;
mod executors;
mod facts;
pub(crate) mod hand_over;
mod load;
mod many;
mod migrating;
mod moving;
mod start;
pub(crate) mod team;
mod undoing;

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    process::{
        form::documents_named,
        run::{Changes, Run},
        world::{Catalog, Surroundings, World},
    },
    process_type::Definition,
    task::Task,
    user::User,
};
use persistence::{StoreError, UnitOfWork};

pub(crate) use documents::seen_of;
pub(crate) use executors::{
    refresh_all_on_entity, refresh_covering, refresh_handed_over, refresh_on_entity,
    refresh_on_firm, refresh_user,
};
pub(crate) use load::{References, named_in};
pub(crate) use many::{Begun, Starting};
pub(crate) use migrating::Migrating;
pub(crate) use moving::{Moved, Mover};
pub(crate) use start::Startable;

/// A process with its tasks, its definition, and the records and people around it.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) definition: Arc<Definition>,
    pub(crate) run: Run,
    pub(crate) around: Surroundings,
}

/// A task that belongs to no process, with the records and people around it.
#[derive(Debug, Clone)]
pub(crate) struct Single {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) task: Task,
    pub(crate) around: Surroundings,
}

/// A task at work: one of a process, or one by itself.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    /// The task at this place of the run.
    OfProcess(Arc<Scene>, usize),
    /// A task made by hand.
    Single(Box<Single>),
}

impl Scene {
    /// What commands of the engine look at.
    pub(crate) fn world<'a>(&'a self, tx: &'a UnitOfWork) -> World<'a> {
        World {
            catalog: &self.catalog,
            around: &self.around,
            ambient: tx.ambient(),
        }
    }

    /// Stores what a command made of the run, and who may execute its tasks from now on.
    pub(crate) fn save(
        &self,
        tx: &mut UnitOfWork,
        after: &Run,
        changes: Changes,
    ) -> Result<(), StoreError> {
        let now = tx.ambient().now();
        let executors = executors::after(self, after, &changes, now);
        tx.update_run(&self.run, after, changes)?;
        let before = documents_named(&self.definition, &self.run);
        let named = documents_named(&self.definition, after);
        tx.save_documents_named(after.process.id, &before, &named);
        tx.save_executors(&executors)
    }

    /// Stores a run that has just started.
    pub(crate) fn save_new(
        &self,
        tx: &mut UnitOfWork,
        after: &Run,
        changes: Changes,
    ) -> Result<(), StoreError> {
        let now = tx.ambient().now();
        let executors = executors::after(self, after, &changes, now);
        tx.insert_run(after, changes)?;
        let named = documents_named(&self.definition, after);
        tx.save_documents_named(after.process.id, &BTreeSet::new(), &named);
        tx.save_executors(&executors)
    }
}

impl Single {
    /// Stores the task as it is now, and who may execute it from now on.
    pub(crate) fn save(
        &self,
        tx: &mut UnitOfWork,
        task: &Task,
        changes: Changes,
    ) -> Result<(), StoreError> {
        let people = self.executors_of(task, tx.ambient().now());
        // After the task, which its executors refer to.
        tx.save_single_task(task, changes)?;
        tx.save_executors(&[(task, people)])
    }
}

impl Work {
    /// Makes a person known who is not around yet: a new owner.
    pub(crate) fn introduce(&mut self, user: User) {
        let around = match self {
            Self::OfProcess(scene, _) => &mut Arc::make_mut(scene).around,
            Self::Single(single) => &mut single.around,
        };
        around.people.insert(user.id, user);
    }

    /// The task as it was read.
    pub(crate) fn task(&self) -> &Task {
        match self {
            Self::OfProcess(scene, index) => &scene.run.tasks[*index],
            Self::Single(single) => &single.task,
        }
    }

    /// What the firm has set up.
    pub(crate) fn catalog(&self) -> &Arc<Catalog> {
        match self {
            Self::OfProcess(scene, _) => &scene.catalog,
            Self::Single(single) => &single.catalog,
        }
    }

    /// The records and people around it.
    pub(crate) fn around(&self) -> &Surroundings {
        match self {
            Self::OfProcess(scene, _) => &scene.around,
            Self::Single(single) => &single.around,
        }
    }
}
