//! What is counted of each task of a definition.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{Spread, seconds};
use crate::{ids::ProcessId, process_type::definition::TaskKind, task::TaskStatus};

/// What is counted of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepFacts {
    /// Of which process.
    pub process_id: ProcessId,
    /// Key of its template.
    pub key: String,
    /// Whether it is done for one item of a fan-out (E24).
    pub per_item: bool,
    /// What kind of work it is.
    pub kind: TaskKind,
    /// Where it is in its life.
    pub status: TaskStatus,
    /// What became of its attempts before this one.
    pub earlier: Vec<EarlierAttempt>,
    /// When it opened (this attempt).
    pub opened_at: Option<DateTime<Utc>>,
    /// When somebody began (this attempt).
    pub started_at: Option<DateTime<Utc>>,
    /// When it was completed, skipped, cancelled or passed by.
    pub closed_at: Option<DateTime<Utc>>,
}

/// What is counted of an attempt that was taken back: as much as is needed of what a task keeps of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct EarlierAttempt {
    /// How far it had got.
    pub status: TaskStatus,
    /// Whether somebody undid it (E8).
    #[serde(default)]
    pub undone: bool,
}

impl StepFacts {
    /// Whether it has ever opened: every attempt that is kept had.
    const fn has_opened(&self) -> bool {
        self.opened_at.is_some() || !self.earlier.is_empty()
    }

    /// Whether it had to be done again: it was completed, and rework sent it back (E6). Undoing one's own completion (E8) is a
    /// correction, and an attempt on which nobody had finished is carried on.
    fn was_reworked(&self) -> bool {
        let mut earlier = self.earlier.iter();
        earlier.any(|attempt| attempt.status == TaskStatus::Completed && !attempt.undone)
    }

    /// Whether people begin and complete it: a fan-out is done by its items, a subprocess by its process.
    const fn is_worked_on(&self) -> bool {
        match self.kind {
            TaskKind::Task | TaskKind::Approval | TaskKind::Decision | TaskKind::Wait => true,
            TaskKind::FanOut | TaskKind::Subprocess => false,
        }
    }
}

/// How many tasks have come to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the status of its name")]
pub struct StepCounts {
    pub waiting: u64,
    pub open: u64,
    pub in_progress: u64,
    pub on_hold: u64,
    pub completed: u64,
    pub skipped: u64,
    pub not_taken: u64,
    pub cancelled: u64,
}

impl StepCounts {
    /// All of them.
    #[must_use]
    pub const fn total(self) -> u64 {
        self.waiting
            + self.open
            + self.in_progress
            + self.on_hold
            + self.completed
            + self.skipped
            + self.not_taken
            + self.cancelled
    }

    const fn add(&mut self, status: TaskStatus) {
        match status {
            TaskStatus::Waiting => self.waiting += 1,
            TaskStatus::Open => self.open += 1,
            TaskStatus::InProgress => self.in_progress += 1,
            TaskStatus::OnHold => self.on_hold += 1,
            TaskStatus::Completed => self.completed += 1,
            TaskStatus::Skipped => self.skipped += 1,
            TaskStatus::NotTaken => self.not_taken += 1,
            TaskStatus::Cancelled => self.cancelled += 1,
        }
    }
}

/// How one task of a definition goes, over the processes that are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepPerformance {
    /// Whether it is about the tasks for each item of a fan-out, not about the fan-out as a whole (E24).
    pub per_item: bool,
    /// How many tasks have come to what.
    pub counts: StepCounts,
    /// How many have opened, in whichever attempt.
    pub opened: u64,
    /// How many of those were completed and sent back (E6).
    pub reworked: u64,
    /// Of those completed: from opening until somebody began.
    pub waiting_time: Spread,
    /// Of the same: from then until completion.
    pub working_time: Spread,
    /// Of those completed: from opening to completion.
    pub total_time: Spread,
    /// For how long those have been open on which people work now.
    pub open_now: Spread,
}

impl StepPerformance {
    /// Share of those opened that had to be done again; none when none has opened.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "no report counts as many tasks as a float counts exactly"
    )]
    pub fn rework_share(&self) -> Option<f64> {
        (self.opened > 0).then(|| self.reworked as f64 / self.opened as f64)
    }
}

/// What has been seen of one task of a definition so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: StepCounts,
    opened: u64,
    reworked: u64,
    waiting: Vec<u64>,
    working: Vec<u64>,
    total: Vec<u64>,
    ages: Vec<u64>,
}

impl Tally {
    pub(super) fn add(&mut self, step: &StepFacts, now: DateTime<Utc>) {
        self.counts.add(step.status);
        self.opened += u64::from(step.has_opened());
        self.reworked += u64::from(step.was_reworked());
        let Some(opened_at) = step.opened_at else {
            return;
        };
        if step.status.is_active() {
            self.ages.push(seconds(opened_at, now));
        }
        let closed_at = step
            .closed_at
            .filter(|_| step.status == TaskStatus::Completed);
        let Some(closed_at) = closed_at else {
            return;
        };
        let total = seconds(opened_at, closed_at);
        self.total.push(total);
        if let Some(started_at) = step.started_at.filter(|_| step.is_worked_on()) {
            let waiting = seconds(opened_at, started_at).min(total);
            self.waiting.push(waiting);
            // So that the two are the whole, to the second.
            self.working.push(total - waiting);
        }
    }

    pub(super) fn figures(self, per_item: bool) -> StepPerformance {
        StepPerformance {
            per_item,
            counts: self.counts,
            opened: self.opened,
            reworked: self.reworked,
            waiting_time: Spread::of(self.waiting),
            working_time: Spread::of(self.working),
            total_time: Spread::of(self.total),
            open_now: Spread::of(self.ages),
        }
    }
}
