use actix_web::{HttpResponse, get};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    access::{
        starting::{FirmAction, decide_firm_action},
        visibility::EntityScope,
    },
    ids::{EntityId, ScheduleId},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::seen;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Path,
    },
};

/// One of the entities of a schedule.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScheduledEntity)]
pub(crate) struct ScheduledEntityView {
    entity_id: Uuid,
    /// The day of its own for which it had its last run, where each entity has dates of its own.
    last_on: Option<NaiveDate>,
    /// When its next run is; null where nothing that it counts from gives a date to come.
    next_at: Option<DateTime<Utc>>,
}

/// List the entities of a schedule.
///
/// Whoever may see the schedule; the list holds those that the caller may see.
#[utoipa::path(
    params(("schedule_id" = Uuid, Path, description = "The schedule."), PageQuery),
    responses((status = 200, description = "By id.", body = PageView<ScheduledEntityView>)),
)]
#[get("/v1/schedules/{schedule_id}/entities")]
#[tracing::instrument(name = "list_schedule_entities", skip_all)]
pub(crate) async fn list_schedule_entities(
    call: Call,
    paging: Paging,
    Path(id): Path<ScheduleId>,
) -> Result<HttpResponse, Problem> {
    let (reads, place) = (call.reads(), call.page_request(&paging)?);
    let schedule = seen(&call, reads, reads.schedule(id).await?).await?;
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let catalog = call.catalog().await?;
    let scope = EntityScope::of(call.actor(), &catalog.firm);
    let page = reads.list_scheduled_entities(&scope, id, place).await?;
    let timing = schedule.timing().map_err(Problem::invalid)?;
    let (calendars, now) = (&catalog.calendars, call.state().ambient.now());
    let ids: Vec<EntityId> = page.items.iter().map(|one| one.entity_id).collect();
    call.shows(&catalog, ids.iter().copied()).await?;
    let records = if timing.depends_on_record() {
        reads.entities(&ids).await?
    } else {
        std::collections::BTreeMap::new()
    };
    call.page(
        &paging,
        page.map(|one| ScheduledEntityView {
            entity_id: one.entity_id.0,
            last_on: one.last_on,
            next_at: schedule.next_at.and_then(|next| {
                if timing.depends_on_record() {
                    let record = records.get(&one.entity_id);
                    timing.runs(calendars, record, now).next()
                } else {
                    Some(next)
                }
            }),
        }),
    )
}
