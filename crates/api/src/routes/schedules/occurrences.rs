use actix_web::get;
use chrono::{DateTime, Utc};
use domain::{
    access::{
        starting::{FirmAction, decide_firm_action},
        visibility::EntityScope,
    },
    ids::{EntityId, ScheduleId},
    schedule::{Schedule, ScheduleStatus},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{fault, seen};
use crate::{
    call::Call,
    http::{
        answer::Answer,
        problem::Problem,
        query::{Path, Query},
    },
};

/// Which of its runs to come.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OccurrencesQuery {
    /// How many at most; 10 unless told.
    #[param(minimum = 1, maximum = 100, nullable = false)]
    count: Option<usize>,
    /// For which of its entities, where each has dates of its own.
    #[param(value_type = Option<Uuid>, nullable = false)]
    entity_id: Option<EntityId>,
}

/// The next runs of a schedule.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScheduleOccurrences {
    /// In their order; empty while it is paused, and when it has had its last run.
    occurrences: Vec<DateTime<Utc>>,
}

/// List the next runs of a schedule.
///
/// Whoever may see the schedule. Where each of several entities has dates of its own, `entity_id` names one; those dates change
/// with the entity's attributes.
#[utoipa::path(
    params(("schedule_id" = Uuid, Path, description = "The schedule."), OccurrencesQuery),
    responses(
        (status = 200, description = "When it runs next.", body = ScheduleOccurrences),
        (status = 422, description = "The schedule has no such entity, or one has to be named."),
    ),
)]
#[get("/v1/schedules/{schedule_id}/occurrences")]
#[tracing::instrument(name = "list_schedule_occurrences", skip_all)]
pub(crate) async fn list_schedule_occurrences(
    call: Call,
    Path(id): Path<ScheduleId>,
    Query(asked): Query<OccurrencesQuery>,
) -> Result<Answer, Problem> {
    let reads = call.reads();
    let schedule = seen(&call, reads, reads.schedule(id).await?).await?;
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let catalog = call.catalog().await?;
    let timing = schedule.timing().map_err(Problem::invalid)?;
    let record = if timing.depends_on_record() {
        let entity = asked.entity_id.or(schedule.entity_id).ok_or_else(|| {
            let detail = "Each of its entities has dates of its own: name one.";
            fault("entity_id", "required", detail)
        })?;
        Some(record(&call, &schedule, entity).await?)
    } else {
        None
    };
    let shown = schedule
        .entity_id
        .or(record.as_ref().map(|record| record.id));
    call.shows(&catalog, shown).await?;
    let occurrences = match schedule.status {
        ScheduleStatus::Active => timing
            .runs(
                &catalog.calendars,
                record.as_ref(),
                call.state().ambient.now(),
            )
            .take(asked.count.unwrap_or(10))
            .collect(),
        ScheduleStatus::Paused | ScheduleStatus::Completed | ScheduleStatus::Archived => Vec::new(),
    };
    Answer::ok(&ScheduleOccurrences { occurrences })
}

/// One of its entities, if the caller may see it.
async fn record(
    call: &Call,
    schedule: &Schedule,
    id: EntityId,
) -> Result<domain::entity::Entity, Problem> {
    let (reads, catalog) = (call.reads(), call.catalog().await?);
    let scope = EntityScope::of(call.actor(), &catalog.firm);
    let known = reads.is_scheduled(schedule.id, id).await?
        && reads.entities_seen(&scope, &[id]).await?.contains(&id);
    let found = reads.entities(&[id]).await?.remove(&id);
    found.filter(|_| known).ok_or_else(|| {
        let detail = "The schedule has no such entity.";
        fault("entity_id", "unknown-entity", detail)
    })
}
