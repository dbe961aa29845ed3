//! Tasks that stand still, and their clocks: the business days that are left, and when they are due once they go on (E11).

use chrono::{DateTime, Utc};

use crate::{
    calendar::{Calendars, due},
    process::hold::HoldInput,
    process_type::definition::CalendarKind,
    task::{Hold, Task},
};

/// Whether no time is left that could be kept.
pub(crate) fn has_run_out(due_at: DateTime<Utc>, reading: DateTime<Utc>) -> bool {
    due_at <= reading
}

/// Puts a task on hold. With its clock paused it has no due date; the business days that were left stay with the hold. A
/// clock that has run out is not paused: what is overdue stays so. `reading` is the time by the task's clock, which stands
/// still while its process does.
pub(crate) fn suspend(
    task: &mut Task,
    input: HoldInput,
    calendars: &Calendars,
    calendar: CalendarKind,
    now: DateTime<Utc>,
    reading: DateTime<Utc>,
) {
    let late = task
        .due_at
        .is_some_and(|due_at| has_run_out(due_at, reading));
    let pause_clock = input.pause_clock && !late;
    let paused = task.due_at.filter(|_| pause_clock);
    let remaining_days =
        paused.map(|due_at| due::remaining_business_days(calendars, calendar, due_at, reading));
    if pause_clock {
        task.due_at = None;
    }
    let from = task.status;
    task.suspend(Hold {
        reason: input.reason,
        note: input.note,
        since: now,
        pause_clock,
        remaining_days,
        from,
        child_failed: false,
    });
}

/// Takes a task off hold, and dates it again if its clock stood still.
pub(crate) fn resume(
    task: &mut Task,
    calendars: &Calendars,
    calendar: CalendarKind,
    reading: DateTime<Utc>,
) {
    let remaining = task.resume().and_then(|hold| hold.remaining_days);
    if let Some(remaining) = remaining {
        restart(task, remaining, calendars, calendar, reading);
    }
}

/// Dates a task whose clock stood still with so many business days left.
pub(crate) fn restart(
    task: &mut Task,
    remaining: i32,
    calendars: &Calendars,
    calendar: CalendarKind,
    reading: DateTime<Utc>,
) {
    let due = due::due_after_pause(calendars, calendar, remaining, reading);
    task.due_at = Some(due.at);
    task.compressed = due.compressed;
}
