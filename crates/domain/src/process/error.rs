//! Why a command on a task is refused.

use crate::{
    access::{Denied, execution::Decision},
    fault::Fault,
    task::TaskStatus,
};

/// A command that a task refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TaskError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Nobody may in this status (X8).
    #[error("the task is {}", status.as_str())]
    NotExecutable {
        /// The status.
        status: TaskStatus,
    },
    /// Its process is on hold or over (E15).
    #[error("the process is not running")]
    ProcessNotRunning,
    /// There is no such task, or no such item of it.
    #[error("no such resource")]
    NotFound,
    /// The content is wrong, with all faults at once (E7).
    #[error("the content has faults")]
    Invalid(Vec<Fault>),
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
