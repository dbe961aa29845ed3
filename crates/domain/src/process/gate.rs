//! What a task, as it stands, lets nobody do, whoever asks: by its own status, by its process's, and by what it waits for
//! (X8, E8, E15, E23–E25). Each command asks here before it changes anything, and so does whoever wants to know beforehand.

use crate::{
    access::managing::TaskAction,
    ids::TaskId,
    process::{
        ProcessStatus,
        cancel::stands_over_failed_child,
        engine::Engine,
        error::{TaskError, Unskippable},
    },
    process_type::definition::TaskKind,
    task::{Task, TaskStatus},
};

impl Task {
    /// Refuses what its own status lets nobody do to it.
    pub(crate) fn lets(&self, action: TaskAction) -> Result<(), TaskError> {
        match action {
            TaskAction::Assign
            | TaskAction::Release
            | TaskAction::Reschedule
            | TaskAction::Reprioritise
            | TaskAction::Retitle
            | TaskAction::ChangeLists => self.unfinished(),
            TaskAction::Claim => self.claimable(),
            TaskAction::Hold => self.beginnable(),
            TaskAction::Resume => self.held(),
            TaskAction::Skip | TaskAction::Cancel => self.active(),
            TaskAction::Reopen => self.done(),
            // Only a process can fail, so that it is the engine's question.
            TaskAction::Retry => Ok(()),
        }
    }
}

impl Engine<'_> {
    /// Refuses what nobody can do to the task as things stand. Taking its completion back has to do with what came of it,
    /// too: [`Self::undoable`].
    pub fn lets(&self, id: TaskId, action: TaskAction) -> Result<(), TaskError> {
        self.gate(self.index_of(id)?, action)
    }

    /// Refuses to have the task completed as things stand (X8, E15, E24, E25).
    pub fn lets_complete(&self, id: TaskId) -> Result<(), TaskError> {
        self.executable(self.index_of(id)?)
    }

    /// Refuses answers and ticks as things stand (X8, E24).
    pub fn lets_draft(&self, id: TaskId) -> Result<(), TaskError> {
        self.takes_drafts(self.index_of(id)?)
    }

    /// As [`Self::lets`], for the task at this place.
    pub(super) fn gate(&self, index: usize, action: TaskAction) -> Result<(), TaskError> {
        let task = &self.run.tasks[index];
        task.lets(action)?;
        match action {
            TaskAction::Assign | TaskAction::Release | TaskAction::Claim => self.ownable(),
            // It would be open with nothing that could ever complete it.
            TaskAction::Resume if stands_over_failed_child(task) => Err(TaskError::ChildFailed),
            TaskAction::Reschedule
            | TaskAction::Reprioritise
            | TaskAction::Retitle
            | TaskAction::ChangeLists
            | TaskAction::Hold
            | TaskAction::Resume => Ok(()),
            TaskAction::Skip => {
                self.moving(index)?;
                self.skippable(index).map_err(TaskError::NotSkippable)
            }
            TaskAction::Cancel => {
                self.moving(index)?;
                self.cancellable(index)
            }
            TaskAction::Retry => {
                self.moving(index)?;
                self.retriable(index)
            }
            TaskAction::Reopen => {
                self.by_people(index)?;
                self.moving(index)?;
                self.parent_takes_back(index)
            }
        }
    }

    /// Whether people may execute the task now: by its status (X8), by its process's (E15), and because no child process
    /// does it for them (E25) and no items make it up (E24).
    pub(super) fn executable(&self, index: usize) -> Result<(), TaskError> {
        let task = &self.run.tasks[index];
        task.active()?;
        self.moving(index)?;
        match task.kind {
            TaskKind::Subprocess => Err(TaskError::WaitsForChild),
            TaskKind::FanOut => Err(TaskError::DoneByItems),
            TaskKind::Task | TaskKind::Approval | TaskKind::Decision | TaskKind::Wait => Ok(()),
        }
    }

    /// Whether the task takes answers and ticks: a process on hold does (E15).
    pub(super) fn takes_drafts(&self, index: usize) -> Result<(), TaskError> {
        self.run.tasks[index].active()?;
        self.by_people(index)
    }

    /// Whether the process lets the task be closed: it runs, or has completed without waiting for it (E10).
    pub(super) fn moving(&self, index: usize) -> Result<(), TaskError> {
        match self.run.process.status {
            ProcessStatus::Running => Ok(()),
            ProcessStatus::Completed if !self.run.tasks[index].blocking => Ok(()),
            ProcessStatus::OnHold | ProcessStatus::Completed | ProcessStatus::Cancelled => {
                Err(TaskError::ProcessNotRunning)
            }
        }
    }

    /// Whether tasks of the process have owners at all: those of a cancelled one need none.
    const fn ownable(&self) -> Result<(), TaskError> {
        match self.run.process.status {
            ProcessStatus::Running | ProcessStatus::OnHold | ProcessStatus::Completed => Ok(()),
            ProcessStatus::Cancelled => Err(TaskError::ProcessNotRunning),
        }
    }

    /// Whether the task may be skipped by hand at all (E23).
    fn skippable(&self, index: usize) -> Result<(), Unskippable> {
        let task = &self.run.tasks[index];
        match task.kind {
            TaskKind::Approval => return Err(Unskippable::Approval),
            TaskKind::Decision => return Err(Unskippable::Decision),
            TaskKind::Task | TaskKind::Wait | TaskKind::FanOut | TaskKind::Subprocess => {}
        }
        let mut others = self.run.tasks.iter();
        if let Some(other) = others.find(|other| other.separate_from.contains(&task.key)) {
            return Err(Unskippable::Separated {
                by: other.key.clone(),
            });
        }
        if self
            .template(index)
            .is_some_and(|template| !template.skippable)
        {
            return Err(Unskippable::Template);
        }
        Ok(())
    }

    /// Whether the task can be cancelled alone: it was added by hand (E10), or stands still over a child that failed (E25).
    fn cancellable(&self, index: usize) -> Result<(), TaskError> {
        if self.template(index).is_some() && !stands_over_failed_child(&self.run.tasks[index]) {
            return Err(TaskError::NotCancellable);
        }
        Ok(())
    }

    /// Whether a child that failed stands behind the task, so that another can be started (E25).
    fn retriable(&self, index: usize) -> Result<(), TaskError> {
        let failed = stands_over_failed_child(&self.run.tasks[index]);
        if failed && self.template(index).is_some() {
            return Ok(());
        }
        Err(TaskError::NothingToRetry)
    }

    /// While the fan-out waits to be done again, its children wait with it (E8, E24).
    fn parent_takes_back(&self, index: usize) -> Result<(), TaskError> {
        let Some(parent) = self.parent(index) else {
            return Ok(());
        };
        let status = self.run.tasks[parent].status;
        if status.is_active() || status == TaskStatus::Completed {
            return Ok(());
        }
        Err(TaskError::NotExecutable { status })
    }
}

#[cfg(test)]
mod tests;
