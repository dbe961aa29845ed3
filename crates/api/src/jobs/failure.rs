//! Why a job could not be done: in full for the log, and as a sentence that may be shown.

use domain::{
    ids::{MigrationId, ProcessId, ScheduleId},
    process::error::{ProcessError, TaskError},
};
use persistence::StoreError;

/// Why a job could not be done.
#[derive(Debug, thiserror::Error)]
pub(super) enum JobError {
    /// The database failed, or holds what it should not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine refused it for a task.
    #[error("refused: {0}")]
    Task(#[from] TaskError),
    /// The engine refused it for a process.
    #[error("refused: {0}")]
    Process(#[from] ProcessError),
    /// It is about a process that is not there.
    #[error("there is no process {0}")]
    NoProcess(ProcessId),
    /// It is about a migration that is not there, or of a version that is none.
    #[error("there is no migration {0}")]
    NoMigration(MigrationId),
    /// It is about a schedule whose time makes no sense.
    #[error("the timing of schedule {0} cannot be read")]
    BadTiming(ScheduleId),
    /// A bug.
    #[error("it panicked")]
    Panicked,
    /// Whoever held it ended without a word, each time.
    #[error("every worker that held it ended")]
    Abandoned,
}

impl JobError {
    /// What operators are told: nothing of how or where data is kept. The log has the rest, under the job's id.
    pub(super) fn sentence(&self) -> String {
        match self {
            Self::Store(err) => stored(err).to_owned(),
            Self::Task(err) => format!("It was refused: {err}."),
            Self::Process(err) => format!("It was refused: {err}."),
            Self::NoProcess(id) => format!("There is no process {id}."),
            Self::NoMigration(id) => format!("There is no migration {id}."),
            Self::BadTiming(id) => format!("The timing of schedule {id} cannot be read."),
            Self::Panicked => "A mistake in Baton ended it; the log has more.".to_owned(),
            Self::Abandoned => "Whoever was doing it was ended before it was done.".to_owned(),
        }
    }
}

const fn stored(err: &StoreError) -> &'static str {
    match err {
        StoreError::Busy(_) => "The database was busy with the same records.",
        StoreError::Conflict(_) => "What it was to make is there already.",
        StoreError::Reference(_) => "Something that it refers to does not exist.",
        StoreError::Corrupt { .. } => "A stored record could not be read; the log says which.",
        StoreError::NoFirm => "The firm does not exist.",
        StoreError::Encoding(_) | StoreError::Untold => {
            "A mistake in Baton ended it; the log has more."
        }
        StoreError::Setup(_) | StoreError::Database(_) => "The database failed; the log has more.",
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_operators_are_told_is_a_sentence_without_tables_and_statements() {
        let corrupt = StoreError::Corrupt {
            table: "job",
            row: "17".to_owned(),
        };
        for (err, sentence) in [
            (
                JobError::Store(corrupt),
                "A stored record could not be read; the log says which.",
            ),
            (
                JobError::Task(TaskError::ProcessNotRunning),
                "It was refused: the process is on hold or has ended.",
            ),
            (
                JobError::NoProcess(ProcessId(Uuid::nil())),
                "There is no process 00000000-0000-0000-0000-000000000000.",
            ),
        ] {
            assert_eq!(err.sentence(), sentence);
        }
    }
}
