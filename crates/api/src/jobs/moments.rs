//! What is counted from a due date (E12), and what nobody but its preparers could execute (E21).

use std::sync::Arc;

use domain::{
    ids::{ProcessId, TaskId, UserId},
    job::DueMoment,
    process::{engine::Engine, world::Catalog},
};
use persistence::UnitOfWork;

use super::{JobError, locked};

/// Reminds of a due date, or escalates, if it is still the task's.
pub(super) async fn due(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    planned: &DueMoment,
) -> Result<(), JobError> {
    let scene = locked(tx, catalog, planned.process_id).await?;
    let mut engine = Engine::new(&scene.definition, scene.world(tx), scene.run.clone());
    engine.moment_came(planned);
    let (run, changes) = engine.finish();
    Ok(scene.save(tx, &run, changes)?)
}

/// Brings a task before the managers over its record and over whoever is accountable for its process.
pub(super) async fn nobody_else(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    process: ProcessId,
    task: TaskId,
    attempt: u32,
) -> Result<(), JobError> {
    let mut scene = locked(tx, catalog, process).await?;
    let about = scene.run.task_by_id(task).map(|task| task.entity_id);
    let entity = about.and_then(|about| scene.around.entities.get(&about));
    let team = entity.and_then(|entity| entity.team_id);
    let accountable: Vec<UserId> = scene.run.process.owner_id.into_iter().collect();
    let managers = tx.reads().managers_over(team, &accountable).await?;
    let ids: Vec<UserId> = managers.iter().map(|manager| manager.id).collect();
    let known = managers.into_iter().map(|manager| (manager.id, manager));
    scene.around.people.extend(known);
    let mut engine = Engine::new(&scene.definition, scene.world(tx), scene.run.clone());
    engine.nobody_else_could(task, attempt, &ids);
    let (run, changes) = engine.finish();
    Ok(scene.save(tx, &run, changes)?)
}
