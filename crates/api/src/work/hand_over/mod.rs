//! What somebody leaves behind, given to a successor: each thing is asked about by itself, and what cannot go stays with the
//! reason (X16). One stretch is one transaction; what is left goes on by job.

mod seats;
mod stretch;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    access::{
        Actor, Denied, Rule, decision::Decision, managing::TaskAction, owning::may_own_process,
        process::ProcessAction,
    },
    entity::Entity,
    hand_over::{HandOver, Place},
    ids::{EntityId, ProcessId, TaskId},
    job::Job,
    process::{ProcessStatus, engine::Engine, world::Catalog},
    user::User,
};
use persistence::{StoreError, UnitOfWork};
use uuid::Uuid;

use stretch::Stretch;

use super::{Scene, Work};

/// After how many of them what they have queued is written, so that little is held in memory.
const SETTLED: usize = 10;

/// What kind of thing is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Membership,
    Process,
    Task,
}

/// One thing that somebody leaves, and whether it goes to the successor.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) kind: Kind,
    pub(crate) id: Uuid,
    pub(crate) title: String,
    pub(crate) entity_id: EntityId,
    pub(crate) entity_name: String,
    pub(crate) decision: Decision,
}

/// What became of a stretch.
#[derive(Debug, Default)]
pub(crate) struct Handed {
    pub(crate) items: Vec<Item>,
    /// From where on more is left.
    pub(crate) next: Option<Place>,
}

/// The two people, held until the end in the order of their ids: the one who leaves, and the successor.
pub(crate) async fn held(
    tx: &UnitOfWork,
    order: &HandOver,
) -> Result<(Option<User>, Option<User>), StoreError> {
    let (from, to) = (order.from_id, order.to_id);
    if from <= to {
        let leaving = tx.lock_user(from).await?;
        Ok((leaving, tx.lock_user(to).await?))
    } else {
        let successor = tx.lock_user(to).await?;
        Ok((tx.lock_user(from).await?, successor))
    }
}

/// A hand-over at work.
pub(crate) struct HandingOver<'h> {
    pub(crate) catalog: &'h Arc<Catalog>,
    /// Who does it.
    pub(crate) actor: &'h Actor,
    pub(crate) order: &'h HandOver,
    pub(crate) leaving: &'h User,
    pub(crate) successor: &'h User,
}

impl HandingOver<'_> {
    /// What would become of a stretch; nothing is changed.
    pub(crate) async fn preview(&self, tx: &UnitOfWork, from: Place) -> Result<Handed, StoreError> {
        let reads = tx.reads();
        let stretch = Stretch::find(reads, self.order, from).await?;
        let mut items = Vec::new();
        let entities = reads.entities(&stretch.teams).await?;
        let team = self.teams(reads, &stretch.teams).await?;
        for entity in entities.values() {
            let seats = self.seats(entity, &team);
            items.extend(seats.into_iter().map(|(_, item)| item));
        }
        for &id in &stretch.processes {
            let found = Scene::read(&tx.store(), reads, Arc::clone(self.catalog), id).await?;
            let Some(mut scene) = found else { continue };
            self.foresee(&mut scene.around);
            items.extend(
                self.of_process(tx, &mut scene)
                    .into_iter()
                    .map(|(item, _)| item),
            );
        }
        for &id in &stretch.tasks {
            let Some(task) = reads.task(id).await? else {
                continue;
            };
            let found = Work::around_single(reads, Arc::clone(self.catalog), task).await?;
            let mut work = found;
            if let Work::Single(single) = &mut work {
                self.foresee(&mut single.around);
            }
            work.introduce(self.successor.clone());
            items.extend(self.of_task(tx, &work).map(|(item, _)| item));
        }
        Ok(Handed {
            items,
            next: stretch.next,
        })
    }

    /// Hands a stretch over.
    pub(crate) async fn carry_out(
        &self,
        tx: &mut UnitOfWork,
        from: Place,
    ) -> Result<Handed, StoreError> {
        let stretch = Stretch::find(tx.reads(), self.order, from).await?;
        // The processes before the records (ADR 9).
        tx.lock_processes(&stretch.processes).await?;
        let mut items = self.give_seats(tx, &stretch.teams).await?;
        for (place, &id) in stretch.processes.iter().enumerate() {
            items.extend(self.give_process(tx, id).await?);
            if place % SETTLED == SETTLED - 1 {
                tx.settle().await?;
            }
        }
        for (place, &id) in stretch.tasks.iter().enumerate() {
            items.extend(self.give_task(tx, id).await?);
            if place % SETTLED == SETTLED - 1 {
                tx.settle().await?;
            }
        }
        Ok(Handed {
            items,
            next: stretch.next,
        })
    }

    /// The job that goes on from a place.
    pub(crate) fn rest(&self, from: Place, request_id: Option<&str>) -> Job {
        Job::HandOver {
            order: self.order.clone(),
            by: self.actor.user_id,
            request_id: request_id.map(str::to_owned),
            from,
        }
    }

    async fn give_process(
        &self,
        tx: &mut UnitOfWork,
        id: ProcessId,
    ) -> Result<Vec<Item>, StoreError> {
        let Some(mut scene) = Scene::lock(tx, Arc::clone(self.catalog), id).await? else {
            return Ok(Vec::new());
        };
        let run = scene.run.clone();
        let mut asked = self.of_process(tx, &mut scene);
        // As it was before anything was asked of the process as it will be.
        scene.run = run;
        let mut engine = Engine::new(&scene.definition, scene.world(tx), scene.run.clone());
        let to = self.successor.id;
        for (item, may_own) in asked.iter_mut().filter(|(item, _)| item.decision.allowed) {
            let refused = match item.kind {
                Kind::Process => engine
                    .hand_over(to, &item.decision, may_own)
                    .err()
                    .map(|err| err.to_string()),
                Kind::Task | Kind::Membership => engine
                    .assign(TaskId(item.id), to, &item.decision, may_own)
                    .err()
                    .map(|err| err.to_string()),
            };
            if let Some(why) = refused {
                item.decision = Decision::refuse(Rule::X8, why);
            }
        }
        let (after, changes) = engine.finish();
        if after != scene.run {
            scene.save(tx, &after, changes)?;
        }
        Ok(asked.into_iter().map(|(item, _)| item).collect())
    }

    async fn give_task(&self, tx: &mut UnitOfWork, id: TaskId) -> Result<Option<Item>, StoreError> {
        let Some(task) = tx.lock_single_task(id).await? else {
            return Ok(None);
        };
        let mut work = Work::around_single(tx.reads(), Arc::clone(self.catalog), task).await?;
        work.introduce(self.successor.clone());
        let Some((mut item, may_own)) = self.of_task(tx, &work) else {
            return Ok(None);
        };
        if item.decision.allowed {
            let to = self.successor.id;
            match work.moved(tx, |mover| mover.assign(to, &item.decision, &may_own)) {
                Ok(moved) => work.save(tx, &moved)?,
                Err(why) => item.decision = Decision::refuse(Rule::X8, why.to_string()),
            }
        }
        Ok(Some(item))
    }

    /// What is left in a process, each with whether it can be handed over and whether the successor can have it. The process
    /// itself comes first, because whoever owns it can have approvals that name its owner.
    fn of_process(&self, tx: &UnitOfWork, scene: &mut Scene) -> Vec<(Item, Decision)> {
        let now = tx.ambient().now();
        let people = &mut scene.around.people;
        people.insert(self.successor.id, self.successor.clone());
        let mut asked = Vec::new();
        if let Some(found) = self.process_itself(scene, now) {
            if found.0.decision.allowed {
                scene.run.process.owner_id = Some(self.successor.id);
            }
            asked.push(found);
        }
        if self.order.tasks {
            let scene = Arc::new(scene.clone());
            for place in 0..scene.run.tasks.len() {
                let work = Work::OfProcess(Arc::clone(&scene), place);
                asked.extend(self.of_task(tx, &work));
            }
        }
        asked
    }

    fn process_itself(&self, scene: &Scene, now: DateTime<Utc>) -> Option<(Item, Decision)> {
        let process = &scene.run.process;
        let wanted = self.order.processes
            && process.owner_id == Some(self.order.from_id)
            && is_open(process.status)
            && self.order.concerns(process.entity_id);
        if !wanted {
            return None;
        }
        let scene = Arc::new(scene.clone());
        let facts = scene.facts().ok()?;
        scene.see(self.actor, now).ok()?;
        let manage = scene.manage(self.actor, ProcessAction::HandOver).ok()?;
        let may_own = may_own_process(self.successor, facts);
        let decision = both(manage, &may_own);
        let item = item(
            Kind::Process,
            process.id.0,
            &process.name,
            facts.entity,
            decision,
        );
        Some((item, may_own))
    }

    /// A task, if it is among what is left and there for whoever asks.
    fn of_task(&self, tx: &UnitOfWork, work: &Work) -> Option<(Item, Decision)> {
        let task = work.task();
        let wanted = self.order.tasks
            && task.owner_id == Some(self.order.from_id)
            && !task.status.is_finished()
            && self.order.concerns(task.entity_id);
        if !wanted {
            return None;
        }
        let facts = work.facts(tx.ambient().now()).ok()?;
        let seen: Result<(), Denied> = facts.see(self.actor);
        seen.ok()?;
        let manage = facts.manage(self.actor, TaskAction::Assign);
        let may_own = facts.own(self.successor);
        let decision = both(manage, &may_own);
        let entity = facts.work().task.entity;
        let item = item(Kind::Task, task.id.0, task.title.as_str(), entity, decision);
        Some((item, may_own))
    }
}

const fn is_open(status: ProcessStatus) -> bool {
    match status {
        ProcessStatus::Running | ProcessStatus::OnHold => true,
        ProcessStatus::Completed | ProcessStatus::Cancelled => false,
    }
}

/// The first no, or the yes of the first.
fn both(first: Decision, second: &Decision) -> Decision {
    if first.allowed && !second.allowed {
        second.clone()
    } else {
        first
    }
}

fn item(kind: Kind, id: Uuid, title: &str, entity: &Entity, decision: Decision) -> Item {
    Item {
        kind,
        id,
        title: title.to_owned(),
        entity_id: entity.id,
        entity_name: entity.name.clone(),
        decision,
    }
}
