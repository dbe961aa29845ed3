//! The firm's clocks or business days have changed: its schedules are planned anew, in stretches (E18).

use std::sync::Arc;

use domain::{ids::ScheduleId, job::Job, process::world::Catalog};
use persistence::{StoreError, UnitOfWork};

use super::{JobError, run_schedule::enqueue_next};

/// Asks for it, where there is anything to plan.
pub(crate) async fn plan_anew(tx: &mut UnitOfWork) -> Result<(), StoreError> {
    if !tx.reads().active_schedules(None, 1).await?.is_empty() {
        tx.enqueue(&Job::PlanSchedules { after: None })?;
    }
    Ok(())
}

/// How many schedules are looked at in one transaction.
const STRETCH: u64 = 100;

pub(super) async fn spread(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    after: Option<ScheduleId>,
) -> Result<(), JobError> {
    let found = tx.reads().active_schedules(after, STRETCH).await?;
    let now = tx.ambient().now();
    for id in &found {
        let Some(schedule) = tx.lock_schedule(*id).await? else {
            continue;
        };
        // What is due already is done by its own job.
        if schedule.next_at.is_none_or(|at| at <= now) {
            continue;
        }
        let mut planned = schedule.clone().planned(&catalog.calendars, now);
        if planned != schedule {
            planned.version += 1;
            tx.replan_schedule(&planned);
            enqueue_next(tx, &planned)?;
        }
    }
    if let Some(last) = found.last()
        && u64::try_from(found.len()).unwrap_or(u64::MAX) >= STRETCH
    {
        tx.enqueue(&Job::PlanSchedules { after: Some(*last) })?;
    }
    Ok(())
}
