//! A schedule's time has come: a process starts, or a batch, or it is noted why not (E18).

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    batch::{Batch, BatchCounts, BatchStatus},
    fault::Fault,
    ids::{BatchId, EntityId, ProcessId, ScheduleId},
    job::Job,
    process::{Cause, Parent, start::StartInput, world::Catalog},
    schedule::{
        Lateness, Schedule, ScheduleStatus, Timing,
        run::{RunOutcome, ScheduleRun, told_run},
    },
};
use persistence::{StoreError, UnitOfWork};

use super::{JobError, run_batch::begin_batch};
use crate::work::{Begun, Startable, Starting};

/// How many records are read at a time.
const STRETCH: u64 = 500;

/// Exactly once for each moment that was planned: the schedule is held, and is planned for another moment when this is done.
pub(super) async fn perform(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    id: ScheduleId,
    at: DateTime<Utc>,
) -> Result<(), JobError> {
    let Some(schedule) = tx.lock_schedule(id).await? else {
        return Ok(());
    };
    if schedule.status != ScheduleStatus::Active || schedule.next_at != Some(at) {
        return Ok(());
    }
    let timing = schedule.timing().map_err(|_| JobError::BadTiming(id))?;
    let now = tx.ambient().now();
    let calendars = &catalog.calendars;
    let after = Schedule {
        version: schedule.version + 1,
        ..schedule.clone()
    }
    .planned(calendars, now.max(at));
    enqueue_next(tx, &after)?;

    let due = due(tx, catalog, &schedule, &timing, at).await?;
    let Some(due) = due else {
        tx.replan_schedule(&after);
        return Ok(());
    };
    tx.note_records_run(id, &due.days);
    let came = match Startable::in_effect(tx, schedule.process_type_id).await? {
        Err(reason) => Came::nothing(RunOutcome::NotStarted, vec![reason]),
        Ok(startable) => match (schedule.entity_id, &due.entities[..]) {
            (Some(_), &[entity]) => one(tx, catalog, &schedule, &startable, entity).await?,
            (Some(_) | None, entities) => several(tx, &schedule, entities)?,
        },
    };
    let run = ScheduleRun {
        schedule_id: id,
        planned_at: due.planned_at,
        ran_at: now,
        late: due.lateness.late,
        missed: due.lateness.missed,
        outcome: came.outcome,
        process_id: came.process_id,
        batch_id: came.batch_id,
        reasons: came.reasons,
    };
    tx.update_schedule(&after)?;
    tx.insert_schedule_run(&run)?;
    tx.record(told_run(&schedule, &after, &run));
    Ok(())
}

/// Queues what a schedule has to do next.
pub(crate) fn enqueue_next(tx: &mut UnitOfWork, schedule: &Schedule) -> Result<(), StoreError> {
    if let Some(at) = schedule.next_at {
        tx.enqueue(&Job::RunSchedule {
            schedule_id: schedule.id,
            at,
        })?;
    }
    Ok(())
}

/// Whose turn it is.
struct Due {
    planned_at: DateTime<Utc>,
    lateness: Lateness,
    entities: Vec<EntityId>,
    /// Of records with days of their own, which day it is.
    days: Vec<(EntityId, NaiveDate)>,
}

/// None where records have days of their own and today is nobody's.
async fn due(
    tx: &UnitOfWork,
    catalog: &Catalog,
    schedule: &Schedule,
    timing: &Timing,
    at: DateTime<Utc>,
) -> Result<Option<Due>, StoreError> {
    let (calendars, now) = (&catalog.calendars, tx.ambient().now());
    let mut due = Due {
        planned_at: at,
        lateness: timing.lateness(calendars, at, now),
        entities: Vec::new(),
        days: Vec::new(),
    };
    let today = calendars.day_of(now);
    let mut after = None;
    loop {
        let some = tx
            .reads()
            .scheduled_entities(schedule.id, after, STRETCH)
            .await?;
        let Some(last) = some.last() else { break };
        after = Some(last.entity_id);
        if !timing.depends_on_record() {
            due.entities.extend(some.iter().map(|one| one.entity_id));
            continue;
        }
        let ids: Vec<EntityId> = some.iter().map(|one| one.entity_id).collect();
        let entities = tx.reads().entities(&ids).await?;
        for one in some {
            let entity = entities.get(&one.entity_id);
            let day = entity.and_then(|it| timing.due_day(calendars, it, today, one.last_on));
            if let Some(day) = day {
                due.entities.push(one.entity_id);
                due.days.push((one.entity_id, day));
            }
        }
    }
    if due.entities.is_empty() {
        return Ok(None);
    }
    if let (Some(_), &[(_, day)]) = (schedule.entity_id, &due.days[..]) {
        due.planned_at = calendars.instant_on(day, timing.time);
        due.lateness = timing.lateness(calendars, due.planned_at, now);
    } else if let Some((_, first)) = due.days.iter().min_by_key(|(_, day)| *day) {
        // Each of them has a day of its own: the run is late if it is for one of them, whenever it was to look.
        let first = calendars.instant_on(*first, timing.time);
        due.lateness = timing.lateness(calendars, first, now);
    }
    Ok(Some(due))
}

/// What came of a run.
struct Came {
    outcome: RunOutcome,
    process_id: Option<ProcessId>,
    batch_id: Option<BatchId>,
    reasons: Vec<Fault>,
}

impl Came {
    const fn nothing(outcome: RunOutcome, reasons: Vec<Fault>) -> Self {
        Self {
            outcome,
            process_id: None,
            batch_id: None,
            reasons,
        }
    }
}

/// One record gets its process at once.
async fn one(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    schedule: &Schedule,
    startable: &Startable,
    entity: EntityId,
) -> Result<Came, StoreError> {
    let starting = Starting {
        catalog,
        startable,
        by: None,
        unless_open: schedule.unless_open,
        input: StartInput {
            cause: Cause {
                schedule_id: Some(schedule.id),
                batch_id: None,
            },
            parent: schedule.source.map(|source| Parent {
                process_id: source.process_id,
                task_id: source.task_id,
                waited_for: false,
            }),
            ..startable.input(schedule.fields.clone(), None)
        },
    };
    let begun = starting.start(tx, &[entity]).await?.pop();
    Ok(match begun {
        Some(Begun::Started(process)) => Came {
            process_id: Some(process),
            ..Came::nothing(RunOutcome::Started, Vec::new())
        },
        Some(Begun::AlreadyOpen) => Came::nothing(RunOutcome::Skipped, Vec::new()),
        Some(Begun::Refused(faults)) => Came::nothing(RunOutcome::NotStarted, faults),
        None => Came::nothing(RunOutcome::NotStarted, Vec::new()),
    })
}

/// Several records get theirs by a batch.
fn several(
    tx: &mut UnitOfWork,
    schedule: &Schedule,
    entities: &[EntityId],
) -> Result<Came, StoreError> {
    let batch = Batch {
        id: BatchId(tx.ambient().fresh_id()),
        name: schedule.name.clone(),
        process_type_id: schedule.process_type_id,
        fields: schedule.fields.clone(),
        unless_open: schedule.unless_open,
        status: BatchStatus::Running,
        counts: BatchCounts {
            total: u32::try_from(entities.len()).unwrap_or(u32::MAX),
            ..BatchCounts::default()
        },
        requested_by: None,
        schedule_id: Some(schedule.id),
        turn: 1,
        created_at: tx.ambient().now(),
        ended_at: None,
        version: 1,
    };
    begin_batch(tx, &batch, entities)?;
    Ok(Came {
        batch_id: Some(batch.id),
        ..Came::nothing(RunOutcome::Started, Vec::new())
    })
}
