//! The moves of one task from status to status; what they mean for others is the engine's affair.

use chrono::{DateTime, Utc};

use super::{Attempt, ChecklistItem, Completion, Consequences, Hold, Task, TaskStatus, Via};
use crate::{
    access::execution::Decision,
    ids::UserId,
    process::{
        error::TaskError,
        input::{CheckState, CompletionInput},
    },
};

impl Task {
    /// Refuses a task that nobody works on: one that waits or is finished (X8).
    pub(crate) const fn active(&self) -> Result<(), TaskError> {
        self.only_if(self.status.is_active())
    }

    /// Refuses a finished task.
    pub(crate) const fn unfinished(&self) -> Result<(), TaskError> {
        self.only_if(!self.status.is_finished())
    }

    /// Refuses a task that nobody can begin, or has begun.
    pub(crate) fn beginnable(&self) -> Result<(), TaskError> {
        self.only_if(matches!(
            self.status,
            TaskStatus::Open | TaskStatus::InProgress
        ))
    }

    /// Refuses a task that is not on hold.
    pub(crate) fn held(&self) -> Result<(), TaskError> {
        self.only_if(self.status == TaskStatus::OnHold)
    }

    /// Refuses a task that nobody works on, or that somebody owns (X20).
    pub(crate) fn claimable(&self) -> Result<(), TaskError> {
        self.active()?;
        if self.owner_id.is_some() {
            return Err(TaskError::AlreadyOwned);
        }
        Ok(())
    }

    /// Refuses a task that is not completed (E8).
    pub(crate) fn done(&self) -> Result<(), TaskError> {
        match self.completion {
            Some(_) => Ok(()),
            None => Err(TaskError::NotCompleted {
                status: self.status,
            }),
        }
    }

    const fn only_if(&self, holds: bool) -> Result<(), TaskError> {
        if holds {
            return Ok(());
        }
        Err(TaskError::NotExecutable {
            status: self.status,
        })
    }

    /// It is given to somebody by hand, who keeps it when it opens (E9).
    pub(crate) const fn assign(&mut self, owner: UserId) {
        self.owner_id = Some(owner);
        self.owner_by_hand = true;
    }

    /// It is left to nobody.
    pub(crate) const fn release(&mut self) {
        self.owner_id = None;
        self.owner_by_hand = false;
    }

    /// The first draft, tick or `start` moves an open task to `in_progress` (E7); says whether it did.
    pub(crate) fn begin(&mut self, now: DateTime<Utc>) -> bool {
        if self.status != TaskStatus::Open {
            return false;
        }
        self.status = TaskStatus::InProgress;
        self.started_at = Some(now);
        true
    }

    /// It is done.
    pub(crate) fn complete(&mut self, completion: Completion) {
        self.status = TaskStatus::Completed;
        self.started_at.get_or_insert(completion.at);
        self.closed_at = Some(completion.at);
        self.completion = Some(completion);
        self.hold = None;
    }

    /// It ends without having been done: skipped, passed by or cancelled.
    pub(crate) fn close(&mut self, status: TaskStatus, reason: Option<String>, now: DateTime<Utc>) {
        self.status = status;
        self.closed_reason = reason;
        self.closed_at = Some(now);
        self.hold = None;
        self.withdraw_submission(now);
    }

    /// It stops for a reason.
    pub(crate) fn suspend(&mut self, hold: Hold) {
        self.status = TaskStatus::OnHold;
        self.hold = Some(hold);
    }

    /// It goes on; gives the hold that ended.
    pub(crate) fn resume(&mut self) -> Option<Hold> {
        let hold = self.hold.take()?;
        self.status = hold.from;
        Some(hold)
    }

    /// Whether this attempt has never opened, so that its texts are still those of the template (E14).
    #[must_use]
    pub const fn never_opened(&self) -> bool {
        self.opened_at.is_none()
    }

    /// Rework takes the attempt back (E6): what was done is kept under `attempts`, answers stay as drafts, ticks do not.
    pub(crate) fn withdraw(&mut self, now: DateTime<Utc>) {
        if self.opened_at.is_some() {
            self.attempts.push(self.attempt_so_far(now));
            self.attempt += 1;
            self.due_at = None;
            self.due_by_hand = false;
        }
        self.withdraw_submission(now);
        self.moments.clear();
        for item in &mut self.checklist {
            item.clear();
        }
        self.status = TaskStatus::Waiting;
        self.hold = None;
        self.compressed = false;
        self.completion = None;
        self.closed_reason = None;
        self.child_process_id = None;
        self.opened_at = None;
        self.started_at = None;
        self.closed_at = None;
    }

    /// Somebody takes the completion back (E8): the attempt is kept, and the task goes on with its answers, ticks, owner and
    /// dates as they were; gives the completion that was undone.
    pub(crate) fn take_back(
        &mut self,
        reason: Option<&str>,
        now: DateTime<Utc>,
    ) -> Option<Completion> {
        self.attempts.push(Attempt {
            undone: true,
            undone_reason: reason.map(str::to_owned),
            ..self.attempt_so_far(now)
        });
        self.unanswer_submission();
        self.attempt += 1;
        self.status = TaskStatus::InProgress;
        self.closed_at = None;
        self.completion.take()
    }

    fn attempt_so_far(&self, now: DateTime<Utc>) -> Attempt {
        Attempt {
            attempt: self.attempt,
            status: self.status,
            owner_id: self.owner_id,
            opened_at: self.opened_at,
            due_at: self.due_at,
            form: self.form.clone(),
            checklist: self.checklist.clone(),
            completion: self.completion.clone(),
            withdrawn_at: now,
            undone: false,
            undone_reason: None,
        }
    }
}

impl Completion {
    /// A person's, as the decision lets them (X9).
    pub(crate) fn of(
        by: UserId,
        decision: &Decision,
        input: &CompletionInput,
        at: DateTime<Utc>,
    ) -> Self {
        let via = decision.via.unwrap_or(Via::Owner);
        let reason = match (via, &input.override_reason) {
            (Via::Override, Some(why)) => format!("{}; their reason: {why}", decision.reason),
            _ => decision.reason.clone(),
        };
        Self {
            at,
            by: Some(by),
            on_behalf_of: decision.on_behalf_of,
            via,
            role_id: decision.role_id,
            rule: decision.rule.to_string(),
            reason,
            outcome: input.outcome.clone(),
            reason_code: input.reason_code.clone(),
            note: input.note.clone(),
            consequences: Consequences::default(),
        }
    }
}

impl ChecklistItem {
    /// Whether the item is in this state already.
    pub(crate) fn stands(&self, state: &CheckState) -> bool {
        match state {
            CheckState::Open => !self.done && !self.not_applicable,
            CheckState::Done => self.done,
            CheckState::NotApplicable { note } => self.not_applicable && self.note == *note,
        }
    }

    /// Somebody sets its state.
    pub(crate) fn set(&mut self, state: &CheckState, by: UserId, at: DateTime<Utc>) {
        self.clear();
        match state {
            CheckState::Open => {}
            CheckState::Done => self.done = true,
            CheckState::NotApplicable { note } => {
                self.not_applicable = true;
                self.note.clone_from(note);
            }
        }
        self.by = Some(by);
        self.at = Some(at);
    }

    /// As if nobody had touched it.
    fn clear(&mut self) {
        self.done = false;
        self.not_applicable = false;
        self.note = None;
        self.by = None;
        self.at = None;
    }
}
