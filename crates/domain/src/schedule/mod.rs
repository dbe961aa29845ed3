//! Schedules: processes that start by themselves, at their time (E18).

mod document;
mod parts;
mod recurrence;
pub mod run;
mod timing;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use document::{ClosedDays, TimingDocument};
pub use recurrence::{ANY_DAY, Recurrence};
pub use timing::{Lateness, Timing, When};

use crate::{
    calendar::Calendars,
    fault::Fault,
    ids::{EntityId, ProcessId, ProcessTypeId, ScheduleId, TaskId, UserId},
    value::FieldValue,
};

/// How many records one schedule or one batch may be for.
pub const MOST_ENTITIES: usize = 10_000;

/// When processes of a type start by themselves. Its serialised form is what audit entries and events hold; of several records it
/// tells only how many they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Its identity.
    pub id: ScheduleId,
    /// What people call it.
    pub name: String,
    /// What it starts; the version in effect when it runs.
    pub process_type_id: ProcessTypeId,
    /// When.
    pub timing: TimingDocument,
    /// For whom, if for one record; the firm is one.
    pub entity_id: Option<EntityId>,
    /// For how many records.
    pub entity_count: u32,
    /// Answers of the start form.
    pub fields: BTreeMap<String, FieldValue>,
    /// Whether a run is skipped while a process of the type is open for the record.
    pub unless_open: bool,
    /// Where it is in its life.
    pub status: ScheduleStatus,
    /// When it has something to do next.
    pub next_at: Option<DateTime<Utc>>,
    /// The process that planned it (E13, `schedule_next`).
    pub source: Option<ScheduleSource>,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Rises with each change and each run.
    pub version: i64,
}

/// Where a schedule is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScheduleStatus {
    /// It runs at its time.
    Active,
    /// It does nothing; what falls due meanwhile is not made up for.
    Paused,
    /// It has had its last run.
    Completed,
    /// It was put away for good.
    Archived,
}

impl ScheduleStatus {
    /// The public name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Completed => "completed",
            Self::Archived => "archived",
        }
    }
}

/// The completion that planned a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleSource {
    /// Of which process.
    pub process_id: ProcessId,
    /// Of which task; none: the process's result.
    pub task_id: Option<TaskId>,
    /// In which attempt of it.
    pub attempt: Option<u32>,
}

/// One of the records of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScheduledEntity {
    /// Which.
    pub entity_id: EntityId,
    /// The day of its own for which it has had its run, where each record has its own.
    pub last_on: Option<chrono::NaiveDate>,
}

/// What is to change about a schedule; what is none stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ScheduleChange {
    /// Its name.
    pub name: Option<String>,
    /// When it runs.
    pub timing: Option<TimingDocument>,
    /// Answers of the start form.
    pub fields: Option<BTreeMap<String, FieldValue>>,
    /// Whether a run is skipped while one is open.
    pub unless_open: Option<bool>,
}

/// Why a schedule does not change like this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleRefused {
    /// Its status does not allow it.
    #[error("the schedule is {}", status.as_str())]
    WrongStatus {
        /// The status.
        status: ScheduleStatus,
    },
    /// It could not run.
    #[error("the schedule cannot run like this")]
    Invalid(Vec<Fault>),
}

impl Schedule {
    /// When it runs, ready to be asked.
    pub fn timing(&self) -> Result<Timing, Vec<Fault>> {
        self.timing.parse("/timing", self.created_at.date_naive())
    }

    /// The schedule with the next thing that it has to do after a moment; completed where there is nothing.
    #[must_use]
    pub fn planned(mut self, calendars: &Calendars, after: DateTime<Utc>) -> Self {
        self.next_at = match self.status {
            ScheduleStatus::Active => self
                .timing()
                .ok()
                .and_then(|timing| timing.next(calendars, after)),
            ScheduleStatus::Paused | ScheduleStatus::Completed | ScheduleStatus::Archived => None,
        };
        if self.status == ScheduleStatus::Active && self.next_at.is_none() {
            self.status = ScheduleStatus::Completed;
        }
        self
    }

    /// The schedule after a change; the same one if it changes nothing. One that had its last run is active again when it is
    /// given another time.
    pub fn changed(
        &self,
        change: ScheduleChange,
        calendars: &Calendars,
        now: DateTime<Utc>,
    ) -> Result<Self, ScheduleRefused> {
        if self.status == ScheduleStatus::Archived {
            return Err(self.wrong_status());
        }
        let today = calendars.day_of(now);
        let timing = match change.timing {
            Some(timing) => timing.settled(today),
            None => self.timing.clone(),
        };
        let retimed = timing != self.timing;
        let mut after = Self {
            name: change.name.unwrap_or_else(|| self.name.clone()),
            timing,
            fields: change.fields.unwrap_or_else(|| self.fields.clone()),
            unless_open: change.unless_open.unwrap_or(self.unless_open),
            ..self.clone()
        };
        if retimed {
            if after.status == ScheduleStatus::Completed {
                after.status = ScheduleStatus::Active;
            }
            let timing = after.timing().map_err(ScheduleRefused::Invalid)?;
            require_next(&timing, calendars, now)?;
            after = after.planned(calendars, now);
        }
        if after != *self {
            after.version += 1;
        }
        Ok(after)
    }

    /// The schedule paused.
    pub fn pause(&self) -> Result<Self, ScheduleRefused> {
        match self.status {
            ScheduleStatus::Active => Ok(self.put_to(ScheduleStatus::Paused)),
            ScheduleStatus::Paused | ScheduleStatus::Completed | ScheduleStatus::Archived => {
                Err(self.wrong_status())
            }
        }
    }

    /// The schedule going on with what is due from now on.
    pub fn resume(
        &self,
        calendars: &Calendars,
        now: DateTime<Utc>,
    ) -> Result<Self, ScheduleRefused> {
        match self.status {
            ScheduleStatus::Paused => {
                Ok(self.put_to(ScheduleStatus::Active).planned(calendars, now))
            }
            ScheduleStatus::Active | ScheduleStatus::Completed | ScheduleStatus::Archived => {
                Err(self.wrong_status())
            }
        }
    }

    /// The schedule put away; what it has started goes on.
    pub fn archive(&self) -> Result<Self, ScheduleRefused> {
        match self.status {
            ScheduleStatus::Active | ScheduleStatus::Paused | ScheduleStatus::Completed => {
                Ok(self.put_to(ScheduleStatus::Archived))
            }
            ScheduleStatus::Archived => Err(self.wrong_status()),
        }
    }

    const fn wrong_status(&self) -> ScheduleRefused {
        ScheduleRefused::WrongStatus {
            status: self.status,
        }
    }

    fn put_to(&self, status: ScheduleStatus) -> Self {
        Self {
            status,
            next_at: None,
            version: self.version + 1,
            ..self.clone()
        }
    }
}

/// A schedule without a next date would never do anything. Where each record has its own dates they are looked at every day, and
/// whether there is one is for [`Timing::runs`] to say.
pub fn require_next(
    timing: &Timing,
    calendars: &Calendars,
    now: DateTime<Utc>,
) -> Result<(), ScheduleRefused> {
    if timing.next(calendars, now).is_some() {
        Ok(())
    } else {
        Err(ScheduleRefused::Invalid(vec![timing.no_next_date()]))
    }
}

#[cfg(test)]
mod tests;
