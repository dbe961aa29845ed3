//! The one way in which a task is changed: read and locked, found to be there for the caller, done unless it was done before,
//! for the version that the caller has read, and then only if the permission gate and the engine allow it.

use std::sync::Arc;

use domain::{
    access::{execution::Decision, managing::TaskAction},
    ids::TaskId,
    process::{error::TaskError, world::Catalog},
    process_type::Definition,
};
use persistence::UnitOfWork;

use super::view::TaskView;
use crate::{
    call::{Call, Stop},
    http::{answer::Answer, etag::OptionalIfMatch, problem::Problem},
    work::{Moved, Mover, References, Work},
};

/// What has to be permitted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Question {
    /// To execute the task.
    Execute {
        /// The caller gives a reason to override (X12).
        with_override: bool,
    },
    /// To manage it.
    Manage(TaskAction),
}

/// Without an override.
pub(super) const EXECUTE: Question = Question::Execute {
    with_override: false,
};

/// Locks a task that the caller may see; `named` is what their body names.
pub(super) async fn locked(
    call: &Call,
    tx: &UnitOfWork,
    catalog: &Arc<Catalog>,
    id: TaskId,
    named: impl FnOnce(&Definition) -> References,
) -> Result<Work, Problem> {
    let work = Work::lock(tx, Arc::clone(catalog), id, call.actor(), named)
        .await?
        .ok_or_else(Problem::not_found)?;
    work.facts(tx.ambient().now())?.see(call.actor())?;
    Ok(work)
}

/// What the permission gate says; the trail will tell for whom, under cover (X10). A refusal is for the engine to give: a task's status comes before it (X8).
pub(super) async fn decided(
    call: &Call,
    tx: &mut UnitOfWork,
    work: &Work,
    question: Question,
) -> Result<Decision, Problem> {
    let facts = work.facts(tx.ambient().now())?;
    let actor = call.actor();
    let decision = match question {
        Question::Execute { with_override } => {
            facts
                .executing(tx.reads(), actor, actor, with_override)
                .await?
        }
        Question::Manage(action) => facts.manage(actor, action),
    };
    tx.act_for(decision.on_behalf_of);
    Ok(decision)
}

/// Runs a command, stores what it makes of the task, and hands both back.
pub(super) fn carried_out(
    tx: &mut UnitOfWork,
    work: &Work,
    command: impl FnOnce(&mut Mover<'_>) -> Result<(), TaskError>,
) -> Result<Moved, Problem> {
    let moved = work.moved(tx, command)?;
    work.save(tx, &moved)?;
    Ok(moved)
}

/// The task as it is now, with its tag.
pub(super) fn answer(
    call: &Call,
    tx: &UnitOfWork,
    work: &Work,
    moved: &Moved,
) -> Result<Answer, Problem> {
    let view = TaskView::of_moved(work, moved, call.actor(), tx.ambient());
    Ok(Answer::ok(&view)?.version(view.version))
}

/// A change that takes nothing but a decision.
pub(super) async fn run(
    call: &Call,
    if_match: &OptionalIfMatch,
    id: TaskId,
    question: Question,
    command: impl Fn(&mut Mover<'_>, &Decision) -> Result<(), TaskError>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    call.write(async |tx| -> Result<Answer, Stop> {
        let work = locked(call, tx, &catalog, id, |_| References::default()).await?;
        call.replay()?;
        if_match.check(work.task().version)?;
        let decision = decided(call, tx, &work, question).await?;
        let moved = carried_out(tx, &work, |mover| command(mover, &decision))?;
        Ok(answer(call, tx, &work, &moved)?)
    })
    .await
}
