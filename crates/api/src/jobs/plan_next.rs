//! The next run of a type is planned for a record, as a completion asks (E13, `schedule_next`).

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    event::EventType,
    ids::ScheduleId,
    job::PlanRequest,
    process::{engine::Engine, world::Catalog},
    process_type::ProcessType,
    schedule::{Schedule, ScheduleSource, ScheduleStatus, TimingDocument, run::told},
};
use persistence::UnitOfWork;

use super::{JobError, locked, run_schedule::enqueue_next};

/// Makes the schedule, or gives the one that an earlier completion has made another date: a type has one planned next run for a
/// record.
pub(super) async fn perform(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    request: &PlanRequest,
) -> Result<(), JobError> {
    let scene = locked(tx, catalog, request.process_id).await?;
    let mut engine = Engine::new(&scene.definition, scene.world(tx), scene.run.clone());
    if !engine.still_plans(request) {
        return Ok(());
    }
    let key = &request.process_type;
    let found = tx.reads().process_type_by_key(key).await?;
    let Some(process_type) = found.filter(|found| found.archived_at.is_none()) else {
        engine.not_started(key, request.task_id);
        let (run, changes) = engine.finish();
        return Ok(scene.save(tx, &run, changes)?);
    };
    let earlier = tx
        .lock_planned_run(process_type.id, request.entity_id)
        .await?;
    let planned = planned(tx, catalog, request, &process_type, earlier.as_ref());
    if let Some(earlier) = earlier {
        tx.update_schedule(&planned)?;
        tx.record(told(EventType::ScheduleUpdated, Some(&earlier), &planned));
    } else {
        tx.insert_schedule(&planned, &[request.entity_id])?;
        tx.record(told(EventType::ScheduleCreated, None, &planned));
    }
    Ok(enqueue_next(tx, &planned)?)
}

fn planned(
    tx: &UnitOfWork,
    catalog: &Catalog,
    request: &PlanRequest,
    process_type: &ProcessType,
    earlier: Option<&Schedule>,
) -> Schedule {
    let (now, calendars) = (tx.ambient().now(), &catalog.calendars);
    let today = calendars.day_of(now);
    // Not today: what follows upon itself would never come to rest.
    let tomorrow = today.succ_opt().unwrap_or(today);
    let timing = TimingDocument {
        on: Some(calendars.day_of(request.at).max(tomorrow)),
        ..TimingDocument::default()
    };
    Schedule {
        id: earlier.map_or_else(|| ScheduleId(tx.ambient().fresh_id()), |earlier| earlier.id),
        name: process_type.name.clone(),
        process_type_id: process_type.id,
        timing: timing.settled(today),
        entity_id: Some(request.entity_id),
        entity_count: 1,
        fields: BTreeMap::new(),
        unless_open: request.unless_open,
        status: ScheduleStatus::Active,
        next_at: None,
        source: Some(ScheduleSource {
            process_id: request.process_id,
            task_id: request.task_id,
            attempt: request.attempt,
        }),
        created_by: None,
        created_at: earlier.map_or(now, |earlier| earlier.created_at),
        version: earlier.map_or(1, |earlier| earlier.version + 1),
    }
    .planned(calendars, now)
}
