use std::collections::BTreeMap;

use actix_web::patch;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    event::EventType,
    ids::{EntityId, ScheduleId},
    process::world::Catalog,
    schedule::{Schedule, ScheduleChange, TimingDocument, run::told},
    value::FieldValue,
};
use persistence::UnitOfWork;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    checked::{attribute_faults, field_faults, without_date},
    create::{fields_around, startable},
    seen,
    view::ScheduleView,
};
use crate::{
    call::Call,
    http::{answer::Answer, etag::IfMatch, json::Body, problem::Problem, query::Path},
    jobs::enqueue_next,
};

/// What is to change; what is left out stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"timing": {"rule": "FREQ=MONTHLY;BYMONTHDAY=15", "closed_days": "before"}}))]
pub(crate) struct UpdateSchedule {
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        nullable = false,
        example = "Quarterly fee review"
    )]
    name: Option<String>,
    /// When, as a whole. One that had its last run is active again.
    #[schema(nullable = false)]
    timing: Option<TimingDocument>,
    /// Answers of the start form, all of them.
    #[schema(nullable = false, example = json!({}))]
    fields: Option<BTreeMap<String, FieldValue>>,
    /// Skip a run while a process of the type is open for the entity.
    #[schema(nullable = false)]
    unless_open: Option<bool>,
}

impl From<UpdateSchedule> for ScheduleChange {
    fn from(body: UpdateSchedule) -> Self {
        Self {
            name: body.name.map(|name| name.trim().to_owned()),
            timing: body.timing,
            fields: body.fields,
            unless_open: body.unless_open,
        }
    }
}

/// Change a schedule.
///
/// Designers and admins may, until it is archived. For whom it is does not change: make another.
#[utoipa::path(
    params(("schedule_id" = Uuid, Path, description = "The schedule."), IfMatch),
    request_body = UpdateSchedule,
    responses((status = 200, description = "The schedule as it is now.", body = ScheduleView)),
)]
#[patch("/v1/schedules/{schedule_id}")]
#[tracing::instrument(name = "update_schedule", skip_all)]
pub(crate) async fn update_schedule(
    call: Call,
    if_match: IfMatch,
    Path(id): Path<ScheduleId>,
    Body(body): Body<UpdateSchedule>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    let change = ScheduleChange::from(body);
    call.write(async |tx| {
        let found = tx.lock_schedule(id).await?;
        let before = seen(&call, tx.reads(), found).await?;
        if_match.check(before.version)?;
        decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
        let now = tx.ambient().now();
        let after = before.changed(change.clone(), &catalog.calendars, now)?;
        if after != before {
            if after.timing != before.timing {
                check_timing(tx, &catalog, &after).await?;
            }
            if after.fields != before.fields {
                let startable = startable(tx, after.process_type_id).await?;
                let around = fields_around(&call, tx, &catalog, &startable, &after.fields).await?;
                let first = records(tx, &after, 1).await?.into_iter().next();
                let faults = first.map(|first| {
                    field_faults(
                        &catalog.firm,
                        &startable.definition,
                        &after.fields,
                        &first,
                        &around,
                    )
                });
                if let Some(faults) = faults.filter(|faults| !faults.is_empty()) {
                    return Err(Problem::invalid(faults).into());
                }
            }
            tx.update_schedule(&after)?;
            tx.record(told(EventType::ScheduleUpdated, Some(&before), &after));
        }
        if after.next_at != before.next_at {
            enqueue_next(tx, &after)?;
        }
        let view = ScheduleView::one(&call, tx.reads(), after).await?;
        Ok(Answer::ok(&view)?.version(view.version))
    })
    .await
}

/// How many of a schedule's records are looked at to see whether their attributes and dates fit.
const LOOKED_AT: u64 = 500;

/// Where each record has its own dates, its attributes are there, and one of the first records has a date to come.
async fn check_timing(tx: &UnitOfWork, catalog: &Catalog, after: &Schedule) -> Result<(), Problem> {
    let timing = after.timing().map_err(Problem::invalid)?;
    if !timing.depends_on_record() {
        return Ok(());
    }
    let records = records(tx, after, LOOKED_AT).await?;
    let kinds = records.iter().map(|record| record.kind.clone()).collect();
    let faults = attribute_faults(&timing, &kinds, &catalog.attributes);
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let (calendars, now) = (&catalog.calendars, tx.ambient().now());
    let today = calendars.day_of(now);
    let due = records.iter().any(|record| {
        timing.due_day(calendars, record, today, None).is_some()
            || timing.runs(calendars, Some(record), now).next().is_some()
    });
    if due {
        Ok(())
    } else {
        Err(without_date(&timing))
    }
}

async fn records(
    tx: &UnitOfWork,
    schedule: &Schedule,
    limit: u64,
) -> Result<Vec<domain::entity::Entity>, Problem> {
    let reads = tx.reads();
    let some = reads.scheduled_entities(schedule.id, None, limit).await?;
    let ids: Vec<EntityId> = some.iter().map(|one| one.entity_id).collect();
    Ok(reads.entities(&ids).await?.into_values().collect())
}
