//! `/v1/schedules`: workflows that start by themselves, at their time (E18).

use domain::{
    access::visibility::EntityScope,
    fault::Fault,
    schedule::{Schedule, ScheduleRefused},
};
use persistence::Reads;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{call::Call, http::problem::Problem};

mod archive;
mod change;
mod checked;
mod create;
mod entities;
mod get;
mod list;
mod occurrences;
mod pause;
mod resume;
mod runs;
mod update;
mod view;

pub(super) use checked::{Named, field_faults};
pub(super) use create::{fields_around, startable};

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_schedules)
        .service(create::create_schedule)
        .service(get::get_schedule)
        .service(update::update_schedule)
        .service(pause::pause_schedule)
        .service(resume::resume_schedule)
        .service(archive::archive_schedule)
        .service(occurrences::list_schedule_occurrences)
        .service(entities::list_schedule_entities)
        .service(runs::list_schedule_runs);
}

/// The schedule, if the caller may know of it: one for a single record is seen with the record (X17).
async fn seen(call: &Call, reads: Reads<'_>, found: Option<Schedule>) -> Result<Schedule, Problem> {
    let schedule = found.ok_or_else(Problem::not_found)?;
    if let Some(entity) = schedule.entity_id {
        let catalog = call.catalog().await?;
        let scope = EntityScope::of(call.actor(), &catalog.firm);
        let seen = reads.entities_seen(&scope, &[entity]).await?;
        if !seen.contains(&entity) {
            return Err(Problem::not_found());
        }
    }
    Ok(schedule)
}

impl From<ScheduleRefused> for Problem {
    fn from(refused: ScheduleRefused) -> Self {
        match refused {
            ScheduleRefused::WrongStatus { status } => {
                Self::conflict(format!("The schedule is {}.", status.as_str()))
            }
            ScheduleRefused::Invalid(faults) => Self::invalid(faults),
        }
    }
}

fn fault(pointer: &str, code: &str, detail: &str) -> Problem {
    Problem::invalid(vec![Fault::new(pointer, code, detail)])
}
