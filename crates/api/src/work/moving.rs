//! One command on one task, whether it belongs to a process or stands alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use domain::{
    access::{Actor, execution::Decision},
    ids::{SubmissionId, TaskId, UserId},
    process::{
        cancel::Children,
        edit::TaskEdit,
        engine::Engine,
        error::TaskError,
        hold::HoldInput,
        input::{CheckState, CompletionInput},
        run::{Changes, Run},
        submitting::{AnswerInput, SubmissionInput},
        undo::UndoFacts,
    },
    task::{Task, hand_made::HandMade},
    value::FieldValue,
};
use persistence::{StoreError, UnitOfWork};

use super::{Scene, Work};

/// Either engine at work on one task.
pub(crate) enum Mover<'w> {
    /// The task of a process.
    OfProcess(Box<Engine<'w>>, TaskId),
    /// A task by itself.
    Single(Box<HandMade<'w>>),
}

/// What a command made of the task.
pub(crate) struct Moved {
    /// The task as it is now.
    pub(crate) task: Task,
    /// Its process with all tasks as they are now.
    pub(crate) run: Option<Run>,
    /// What came of it.
    pub(crate) changes: Changes,
}

impl Moved {
    /// The process as the command has left it, with what is around it now; none for a task by itself.
    pub(crate) fn scene(&self, work: &Work) -> Option<Arc<Scene>> {
        let (Work::OfProcess(scene, _), Some(run)) = (work, &self.run) else {
            return None;
        };
        let mut after = Scene::clone(scene);
        after.run.clone_from(run);
        let changed = self.changes.entities.clone();
        after.around.entities.extend(changed);
        Some(Arc::new(after))
    }

    /// The children of fan-outs that are not there for this person (X17).
    pub(crate) fn hidden_children(
        &self,
        work: &Work,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> BTreeSet<TaskId> {
        let children = self.run.iter().flat_map(|run| &run.tasks);
        if !children.clone().any(Task::is_child) {
            return BTreeSet::new();
        }
        let Some(scene) = self.scene(work) else {
            return BTreeSet::new();
        };
        let seen: BTreeSet<TaskId> = scene
            .seen_tasks(actor, now)
            .map(|place| scene.run.tasks[place].id)
            .collect();
        children
            .filter(|task| task.is_child() && !seen.contains(&task.id))
            .map(|task| task.id)
            .collect()
    }
}

impl Work {
    /// Runs a command on the task; nothing is stored yet.
    pub(crate) fn moved(
        &self,
        tx: &UnitOfWork,
        command: impl FnOnce(&mut Mover<'_>) -> Result<(), TaskError>,
    ) -> Result<Moved, TaskError> {
        match self {
            Self::OfProcess(scene, index) => {
                let id = scene.run.tasks[*index].id;
                let engine = Engine::new(&scene.definition, scene.world(tx), scene.run.clone());
                let mut mover = Mover::OfProcess(Box::new(engine), id);
                command(&mut mover)?;
                mover.finish()
            }
            Self::Single(single) => {
                let world = domain::process::world::World {
                    catalog: &single.catalog,
                    around: &single.around,
                    ambient: tx.ambient(),
                };
                let hand = HandMade::new(world, single.task.clone());
                let mut mover = Mover::Single(Box::new(hand));
                command(&mut mover)?;
                mover.finish()
            }
        }
    }

    /// Stores what a command made of the task.
    pub(crate) fn save(&self, tx: &mut UnitOfWork, moved: &Moved) -> Result<(), StoreError> {
        let changes = moved.changes.clone();
        match (self, &moved.run) {
            (Self::OfProcess(scene, _), Some(after)) => scene.save(tx, after, changes),
            (Self::Single(single), _) => {
                if single.task == moved.task {
                    return Ok(());
                }
                single.save(tx, &moved.task, changes)
            }
            (Self::OfProcess(..), None) => Ok(()),
        }
    }
}

impl Mover<'_> {
    fn finish(self) -> Result<Moved, TaskError> {
        match self {
            Self::OfProcess(engine, id) => {
                let (run, changes) = engine.finish();
                let task = run.task_by_id(id).ok_or(TaskError::NotFound)?.clone();
                Ok(Moved {
                    task,
                    run: Some(run),
                    changes,
                })
            }
            Self::Single(hand) => {
                let (task, changes) = hand.finish();
                Ok(Moved {
                    task,
                    run: None,
                    changes,
                })
            }
        }
    }

    /// E7.
    pub(crate) fn complete(
        &mut self,
        by: UserId,
        decision: &Decision,
        input: &CompletionInput,
    ) -> Result<(), TaskError> {
        match self {
            Self::OfProcess(engine, id) => engine.complete(*id, by, decision, input),
            Self::Single(hand) => hand.complete(by, decision, input),
        }
    }

    /// Puts drafts into the form; a task by itself has none.
    pub(crate) fn edit_form(
        &mut self,
        values: &BTreeMap<String, Option<FieldValue>>,
        by: UserId,
        decision: &Decision,
    ) -> Result<(), TaskError> {
        match self {
            Self::OfProcess(engine, id) => engine.edit_form(*id, values, by, decision),
            Self::Single(hand) => hand.edit_form(values, decision),
        }
    }

    /// Ticks, unticks or sets aside an item of the checklist.
    pub(crate) fn set_check(
        &mut self,
        key: &str,
        state: &CheckState,
        by: UserId,
        decision: &Decision,
    ) -> Result<(), TaskError> {
        match self {
            Self::OfProcess(engine, id) => engine.set_check(*id, key, state, by, decision),
            Self::Single(hand) => hand.set_check(key, state, by, decision),
        }
    }

    /// Somebody begins.
    pub(crate) fn start(&mut self, decision: &Decision) -> Result<(), TaskError> {
        match self {
            Self::OfProcess(engine, id) => engine.start_task(*id, decision),
            Self::Single(hand) => hand.start_task(decision),
        }
    }

    /// Gives the task to somebody.
    pub(crate) fn assign(
        &mut self,
        owner: UserId,
        decision: &Decision,
        may_own: &Decision,
    ) -> Result<(), TaskError> {
        match self {
            Self::OfProcess(engine, id) => engine.assign(*id, owner, decision, may_own),
            Self::Single(hand) => hand.assign(owner, decision, may_own),
        }
    }

    /// Takes the task while nobody owns it (X20).
    pub(crate) fn claim(&mut self, by: UserId, decision: &Decision) -> Result<(), TaskError> {
        match self {
            Self::OfProcess(engine, id) => engine.claim(*id, by, decision),
            Self::Single(hand) => hand.claim(by, decision),
        }
    }

    /// Gives the task back.
    pub(crate) fn release(&mut self, decision: &Decision) -> Result<(), TaskError> {
        match self {
            Self::OfProcess(engine, id) => engine.release(*id, decision),
            Self::Single(hand) => hand.release(decision),
        }
    }

    /// Changes what it says and when it is due.
    pub(crate) fn edit(
        &mut self,
        edit: &TaskEdit,
        decisions: &[Decision],
    ) -> Result<(), TaskError> {
        match self {
            Self::OfProcess(engine, id) => engine.edit_task(*id, edit, decisions),
            Self::Single(hand) => hand.edit(edit, decisions),
        }
    }

    /// Moves the date on which it is due (E11).
    pub(crate) fn reschedule(
        &mut self,
        due_at: Option<DateTime<Utc>>,
        reason: Option<&str>,
        decision: &Decision,
    ) -> Result<(), TaskError> {
        match self {
            Self::OfProcess(engine, id) => engine.reschedule(*id, due_at, reason, decision),
            Self::Single(hand) => hand.reschedule(due_at, reason, decision),
        }
    }

    /// Takes its completion back (E8).
    pub(crate) fn reopen(
        &mut self,
        by: UserId,
        decision: &Decision,
        reason: Option<&str>,
        facts: &UndoFacts,
    ) -> Result<(), TaskError> {
        match self {
            Self::OfProcess(engine, id) => engine.reopen(*id, by, decision, reason, facts),
            Self::Single(hand) => hand.reopen(decision, reason),
        }
    }

    /// Stops the task for a reason.
    pub(crate) fn hold(&mut self, decision: &Decision, input: HoldInput) -> Result<(), TaskError> {
        match self {
            Self::OfProcess(engine, id) => engine.hold_task(*id, decision, input),
            Self::Single(hand) => hand.hold(decision, input),
        }
    }

    /// Notes that its custodian was sent something; a task by itself waits for none (E22).
    pub(crate) fn submit(
        &mut self,
        decision: &Decision,
        input: &SubmissionInput,
    ) -> Result<(), TaskError> {
        match self {
            Self::OfProcess(engine, id) => engine.submit(*id, decision, input).map(|_| ()),
            Self::Single(hand) => hand.submit(decision),
        }
    }

    /// Notes what its custodian answered (E22).
    pub(crate) fn answer_submission(
        &mut self,
        submission: SubmissionId,
        decision: &Decision,
        input: &AnswerInput,
    ) -> Result<(), TaskError> {
        match self {
            Self::OfProcess(engine, id) => {
                engine.answer_submission(*id, submission, decision, input)
            }
            Self::Single(_) => Err(TaskError::NotFound),
        }
    }

    /// Goes on with it.
    pub(crate) fn resume(&mut self, decision: &Decision) -> Result<(), TaskError> {
        match self {
            Self::OfProcess(engine, id) => engine.resume_task(*id, decision),
            Self::Single(hand) => hand.resume(decision),
        }
    }

    /// Passes it by (E23); a task by itself waits for no process whose fate could be told.
    pub(crate) fn skip(
        &mut self,
        by: UserId,
        decision: &Decision,
        reason: &str,
        children: Option<Children>,
    ) -> Result<(), TaskError> {
        match self {
            Self::OfProcess(engine, id) => engine.skip_by_hand(*id, by, decision, reason, children),
            Self::Single(hand) => hand.skip(decision, reason),
        }
    }

    /// Starts the process that it waits for again (E25).
    pub(crate) fn retry(&mut self, by: UserId, decision: &Decision) -> Result<(), TaskError> {
        match self {
            Self::OfProcess(engine, id) => engine.retry_child(*id, by, decision),
            Self::Single(hand) => hand.retry(decision),
        }
    }

    /// Gives it up (E23).
    pub(crate) fn cancel(
        &mut self,
        by: UserId,
        decision: &Decision,
        reason: &str,
    ) -> Result<(), TaskError> {
        match self {
            Self::OfProcess(engine, id) => engine.cancel_task(*id, by, decision, reason),
            Self::Single(hand) => hand.cancel(decision, reason),
        }
    }
}
