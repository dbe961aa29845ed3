//! What the engine refuses, each refusal with one stable meaning for programs.

use crate::{
    access::{Denied, Rule, execution::Decision},
    fault::Fault,
    process::{ProcessStatus, undo::Obstacle},
    task::TaskStatus,
};

/// Why a command on a task was refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TaskError {
    /// Whoever asks may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The run has no such task.
    #[error("there is no such task")]
    NotFound,
    /// The task's status does not allow it (X8).
    #[error("the task is {}", .status.as_str())]
    NotExecutable {
        /// The status that it is in.
        status: TaskStatus,
    },
    /// Only what is completed can be reopened (E8).
    #[error("the task is {}, and only a completed one can be reopened", .status.as_str())]
    NotCompleted {
        /// The status that it is in.
        status: TaskStatus,
    },
    /// Something that followed the completion stands in the way of taking it back: all of it (E8).
    #[error("{} thing(s) that followed the completion stand in the way of taking it back", .0.len())]
    NotUndoable(Vec<Obstacle>),
    /// The process is on hold or has ended (E15).
    #[error("the process is on hold or has ended")]
    ProcessNotRunning,
    /// The outcome has sent work back as often as it may (E6).
    #[error("the outcome `{outcome}` has sent work back {max_rounds} times, which is its limit")]
    ReworkLimit {
        /// Key of the outcome.
        outcome: String,
        /// How often it may.
        max_rounds: u32,
    },
    /// The task cannot be skipped by hand (E23).
    #[error("{0}")]
    NotSkippable(Unskippable),
    /// The task belongs to the plan of its process: one cancels the process (E23).
    #[error("the task belongs to its process: cancel the process instead")]
    NotCancellable,
    /// A child process gives this task its outcome (E25).
    #[error("the task is completed by the process that it waits for")]
    WaitsForChild,
    /// It is done item by item, by its children (E24).
    #[error("the task is done item by item: execute its children")]
    DoneByItems,
    /// No ended child stands behind the task, so that there is nothing to try again (E25).
    #[error("the task does not stand still over a child that failed")]
    NothingToRetry,
    /// The process that the task waits for failed: the task goes on by a decision only (E25).
    #[error("the process that the task waits for has failed: retry, skip or cancel the task")]
    ChildFailed,
    /// Somebody owns it already, so that it cannot be claimed (X20).
    #[error("the task has an owner")]
    AlreadyOwned,
    /// What was sent to a custodian, or its answer, cannot be noted now (E22).
    #[error("{0}")]
    Submission(Unsubmittable),
    /// The content is at fault: every fault at once (E7).
    #[error("the content has {} fault(s)", .0.len())]
    Invalid(Vec<Fault>),
}

impl TaskError {
    /// The rule that refuses, by its number in the documentation.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Denied(Denied::Forbidden { rule, .. }) => rule.as_str(),
            Self::Denied(Denied::Hidden) | Self::NotFound => Rule::X17.as_str(),
            Self::NotExecutable { .. } => Rule::X8.as_str(),
            Self::AlreadyOwned => Rule::X20.as_str(),
            Self::ReworkLimit { .. } => "E6",
            Self::Invalid(_) => "E7",
            Self::NotCompleted { .. } | Self::NotUndoable(_) => "E8",
            Self::ProcessNotRunning => "E15",
            Self::Submission(_) => "E22",
            Self::NotSkippable(_) | Self::NotCancellable => "E23",
            Self::DoneByItems => "E24",
            Self::WaitsForChild | Self::NothingToRetry | Self::ChildFailed => "E25",
        }
    }

    /// The stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Denied(Denied::Hidden) | Self::NotFound => "not-found",
            Self::Denied(Denied::Forbidden { .. }) => "forbidden",
            Self::NotExecutable { .. } => "task-not-executable",
            Self::NotCompleted { .. } | Self::NotUndoable(_) => "task-not-reopenable",
            Self::ProcessNotRunning => "process-not-running",
            Self::ReworkLimit { .. } => "rework-limit",
            Self::NotSkippable(_) => "task-not-skippable",
            Self::NotCancellable => "task-not-cancellable",
            Self::WaitsForChild => "task-waits-for-process",
            Self::DoneByItems => "task-done-by-items",
            Self::NothingToRetry => "nothing-to-retry",
            Self::ChildFailed => "awaited-process-failed",
            Self::AlreadyOwned => "task-already-owned",
            Self::Submission(_) => "conflict",
            Self::Invalid(_) => "invalid",
        }
    }
}

/// Why a task cannot be skipped by hand (E23).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unskippable {
    /// It is an approval.
    #[error("approvals cannot be skipped")]
    Approval,
    /// It is a decision.
    #[error("decisions cannot be skipped")]
    Decision,
    /// Another task is kept separate from it.
    #[error("`{by}` is kept separate from this task, so that it cannot be skipped")]
    Separated {
        /// Key of that task.
        by: String,
    },
    /// Its template says so.
    #[error("the process type does not let this task be skipped")]
    Template,
}

/// Why something sent to a custodian, or its answer, cannot be noted (E22).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsubmittable {
    /// The task does not wait for a custodian.
    #[error("only a task that waits for a custodian keeps what was sent")]
    NoCustodian,
    /// What was sent last has not been answered.
    #[error("what was sent last has not been answered: note the answer first")]
    Pending,
    /// It has been answered.
    #[error("it has been answered already")]
    Answered,
}

/// Why a command on a process was refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProcessError {
    /// Whoever asks may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The process's status does not allow it (E15).
    #[error("the process is {}", .status.as_str())]
    WrongStatus {
        /// The status that it is in.
        status: ProcessStatus,
    },
    /// It follows this version, or a newer one, already.
    #[error("the process follows version {present} already")]
    NotNewer {
        /// The version that it follows.
        present: i32,
    },
    /// It cannot be moved to another version: every reason at once.
    #[error("{} reason(s) keep the process on its version", .0.len())]
    NotMigratable(Vec<Fault>),
    /// The content is at fault: every fault at once.
    #[error("the content has {} fault(s)", .0.len())]
    Invalid(Vec<Fault>),
}

impl ProcessError {
    /// The stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Denied(Denied::Hidden) => "not-found",
            Self::Denied(Denied::Forbidden { .. }) => "forbidden",
            Self::WrongStatus { .. } => "process-not-running",
            Self::NotNewer { .. } => "conflict",
            Self::NotMigratable(_) => "process-not-migratable",
            Self::Invalid(_) => "invalid",
        }
    }
}

/// The first line of every command that a person gives: without a decision in favour nothing happens.
pub(crate) fn permitted(decision: &Decision) -> Result<(), Denied> {
    if decision.allowed {
        return Ok(());
    }
    Err(Denied::Forbidden {
        rule: decision.rule,
        reason: decision.reason.clone(),
    })
}
