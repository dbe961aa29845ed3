use std::sync::Arc;

use actix_web::post;
use domain::{
    access::{
        execution::Decision,
        owning::fit,
        starting::{EntityAction, EntityFacts, decide_entity_action},
        visibility::sees_entity,
    },
    fault::Fault,
    ids::{EntityId, ProcessId, UserId},
    process::{
        adhoc::NewTask,
        engine::Engine,
        run::Changes,
        world::{Catalog, Surroundings, World},
    },
    task::{Task, hand_made::HandMade},
    user::User,
};
use persistence::UnitOfWork;

use super::{new_task::CreateTask, references, view::TaskView};
use crate::{
    call::{Call, Stop},
    http::{answer::Answer, json::Body, problem::Problem},
    work::{Scene, Single, Work},
};

/// Add a task by hand.
///
/// Whoever may see the record may, but no auditor. With `process_id` it becomes part of that process, which waits for it unless
/// `blocking` is false. An owner has to be somebody who may have it.
#[utoipa::path(
    request_body = CreateTask,
    responses(
        (status = 201, description = "The new task, open.", body = TaskView),
    ),
)]
#[post("/v1/tasks")]
#[tracing::instrument(name = "create_task", skip_all)]
pub(crate) async fn create_task(
    call: Call,
    Body(body): Body<CreateTask>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    call.write(async |tx| -> Result<Answer, Stop> {
        let adding = Adding {
            call: &call,
            catalog: &catalog,
            body: &body,
        };
        let view = match body.process_id {
            Some(process) => adding.to_process(tx, process).await?,
            None => adding.alone(tx).await?,
        };
        let location = format!("/v1/tasks/{}", view.id);
        Ok(Answer::created(location, &view)?.version(view.version))
    })
    .await
}

/// One request to add a task.
struct Adding<'r> {
    call: &'r Call,
    catalog: &'r Arc<Catalog>,
    body: &'r CreateTask,
}

impl Adding<'_> {
    /// Adds the task to a process (E10).
    async fn to_process(&self, tx: &mut UnitOfWork, process: ProcessId) -> Result<TaskView, Stop> {
        let actor = self.call.actor();
        let scene = Scene::lock(tx, Arc::clone(self.catalog), process)
            .await?
            .map(Arc::new)
            .filter(|scene| scene.see(actor, tx.ambient().now()).is_ok());
        let Some(mut scene) = scene else {
            let detail = "The firm has no such process.";
            return Err(self.unknown("/process_id", "unknown-process", detail));
        };
        self.call.replay()?;
        let entity_id = scene.run.process.entity_id;
        let decision = self.permitted(&scene.around, entity_id)?;
        let (new, mut faults) = self.body.checked(self.catalog);
        if self.body.entity_id.is_some_and(|named| named != entity_id) {
            let detail = "The process is for another record; leave this out.";
            faults.push(Fault::new("/entity_id", "not-allowed", detail));
        }
        let owner = self.owner(tx, &mut faults).await?;
        self.references(tx, &mut faults).await?;
        introduce(&mut Arc::make_mut(&mut scene).around, owner.as_ref());

        let mut engine = Engine::new(&scene.definition, scene.world(tx), scene.run.clone());
        let id = engine.add_task(new, actor.user_id, &decision)?;
        let (run, changes) = engine.finish();
        let place = run.tasks.iter().position(|task| task.id == id);
        let place = place.ok_or_else(|| Problem::internal("an added task is missing"))?;
        let after = Arc::new(Scene {
            run,
            ..Scene::clone(&scene)
        });
        let work = Work::OfProcess(Arc::clone(&after), place);
        may_have(tx, &work, owner.as_ref(), &mut faults)?;
        refuse(faults)?;
        scene.save(tx, &after.run, changes)?;
        Ok(TaskView::of_work(&work, self.call.actor(), tx.ambient()))
    }

    /// Makes a task that stands alone.
    async fn alone(&self, tx: &mut UnitOfWork) -> Result<TaskView, Stop> {
        let firm = &self.catalog.firm;
        let entity_id = self.body.entity_id.unwrap_or(firm.id.entity());
        let mut around = self.around(tx, entity_id).await?;
        let entity = around.entities.get(&entity_id);
        if !entity.is_some_and(|it| sees_entity(self.call.actor(), firm, it, &around.memberships)) {
            let detail = "The firm has no such entity.";
            return Err(self.unknown("/entity_id", "unknown-entity", detail));
        }
        self.call.replay()?;
        let decision = self.permitted(&around, entity_id)?;
        let (new, mut faults) = self.body.checked(self.catalog);
        let owner = self.owner(tx, &mut faults).await?;
        self.references(tx, &mut faults).await?;
        introduce(&mut around, owner.as_ref());

        let (task, changes) = self.made(tx, &around, entity_id, new, &decision)?;
        let single = Single {
            catalog: Arc::clone(self.catalog),
            task,
            around,
        };
        let work = Work::Single(Box::new(single.clone()));
        may_have(tx, &work, owner.as_ref(), &mut faults)?;
        refuse(faults)?;
        single.save(tx, &single.task, changes)?;
        Ok(TaskView::of_work(&work, self.call.actor(), tx.ambient()))
    }

    fn made(
        &self,
        tx: &UnitOfWork,
        around: &Surroundings,
        entity_id: EntityId,
        new: NewTask,
        decision: &Decision,
    ) -> Result<(Task, Changes), Problem> {
        let world = World {
            catalog: self.catalog,
            around,
            ambient: tx.ambient(),
        };
        let by = self.call.actor().user_id;
        Ok(HandMade::create(world, entity_id, new, by, decision)?.finish())
    }

    async fn around(&self, tx: &UnitOfWork, entity_id: EntityId) -> Result<Surroundings, Problem> {
        let firm = self.catalog.firm.id.entity();
        let entities = tx.reads().entities(&[entity_id]).await?;
        let covering: Vec<UserId> = self.catalog.covering().collect();
        let (memberships, people) = tx
            .reads()
            .people_around(&[entity_id, firm], &covering)
            .await?;
        Ok(Surroundings {
            entities,
            memberships,
            people,
            ..Surroundings::default()
        }
        .covered(&self.catalog.covers))
    }

    /// Whether the caller may add work to the record (X20).
    fn permitted(&self, around: &Surroundings, entity_id: EntityId) -> Result<Decision, Problem> {
        let entity = around.entities.get(&entity_id);
        let facts = EntityFacts {
            firm: &self.catalog.firm,
            entity: entity.ok_or_else(Problem::not_found)?,
            memberships: &around.memberships,
            roles: &self.catalog.roles,
        };
        let decision = decide_entity_action(EntityAction::AddTo, self.call.actor(), facts);
        Ok(decision.or_denied(true)?)
    }

    /// What the body names is not there for the caller (X17), beside what else is wrong with it.
    fn unknown(&self, pointer: &str, code: &str, detail: &str) -> Stop {
        let (_, faults) = self.body.checked(self.catalog);
        let fault = Fault::new(pointer, code, detail);
        Problem::invalid(std::iter::once(fault).chain(faults).collect()).into()
    }

    /// The owner whom the body names; a fault where there is no such person.
    async fn owner(
        &self,
        tx: &UnitOfWork,
        faults: &mut Vec<Fault>,
    ) -> Result<Option<User>, Problem> {
        let Some(id) = self.body.owner_id else {
            return Ok(None);
        };
        let user = tx.reads().user(id).await?;
        if user.is_none() {
            let detail = "There is no such user.";
            faults.push(Fault::new("/owner_id", "unknown-user", detail));
        }
        Ok(user)
    }

    /// Faults where the body names contacts or documents that there are none of for the caller.
    async fn references(&self, tx: &UnitOfWork, faults: &mut Vec<Fault>) -> Result<(), Problem> {
        references::contacts(self.call, tx.reads(), &self.body.contact_ids, faults).await?;
        references::documents(self.call, tx.reads(), &self.body.document_ids, faults).await
    }
}

/// Makes the new owner known, who may be a stranger to the record.
fn introduce(around: &mut Surroundings, owner: Option<&User>) {
    if let Some(owner) = owner {
        around.people.insert(owner.id, owner.clone());
    }
}

/// A fault where the owner may not have the task (X11, X13, X18).
fn may_have(
    tx: &UnitOfWork,
    work: &Work,
    owner: Option<&User>,
    faults: &mut Vec<Fault>,
) -> Result<(), Problem> {
    if let Some(owner) = owner {
        let may_own = work.facts(tx.ambient().now())?.own(owner);
        faults.extend(fit(&may_own).err().unwrap_or_default());
    }
    Ok(())
}

fn refuse(faults: Vec<Fault>) -> Result<(), Problem> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Problem::invalid(faults))
    }
}
