use std::{collections::BTreeMap, sync::Arc};

use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    event::EventType,
    ids::{EntityId, ProcessTypeId, ScheduleId},
    process::world::{Catalog, Surroundings},
    process_type::document::ScheduleDocument,
    schedule::{Schedule, ScheduleStatus, Timing, TimingDocument, require_next, run::told},
    value::FieldValue,
};
use persistence::UnitOfWork;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    checked::{Named, attribute_faults, field_faults, without_date},
    fault,
    view::ScheduleView,
};
use crate::{
    call::{Call, Stop},
    http::{answer::Answer, json::Body, problem::Problem},
    jobs::enqueue_next,
    work::Startable,
};

/// What is started by itself, when, and for whom.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "process_type_id": "01981d4e-7a00-7000-8000-000000000101",
    "timing": {"rule": "FREQ=MONTHLY;BYMONTHDAY=1", "closed_days": "after"},
    "entity_id": "01981d4e-7a00-7000-8000-00000000e001",
    "unless_open": true
}))]
pub(crate) struct CreateSchedule {
    /// What people call it; the name of the type unless told.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        nullable = false,
        example = "Quarterly fee review"
    )]
    name: Option<String>,
    /// What it starts.
    #[schema(value_type = Uuid)]
    process_type_id: ProcessTypeId,
    /// When; as the type proposes, unless told.
    #[schema(nullable = false)]
    timing: Option<TimingDocument>,
    /// For whom; without it and `entity_ids`, for the firm.
    #[schema(value_type = Option<Uuid>, nullable = false)]
    entity_id: Option<EntityId>,
    /// For each of these, by a batch.
    #[schema(value_type = Option<Vec<Uuid>>, min_items = 1, max_items = 10_000, nullable = false)]
    entity_ids: Option<Vec<EntityId>>,
    /// Answers of the start form, by the keys of its fields; what is left out is asked for in the first tasks.
    #[serde(default)]
    #[schema(example = json!({}))]
    fields: BTreeMap<String, FieldValue>,
    /// Skip a run while a process of the type is open for the entity; as the type proposes, unless told.
    #[schema(nullable = false)]
    unless_open: Option<bool>,
}

/// Make a schedule.
///
/// Designers and admins may, for entities that they may see. It starts a process of the type each time, or a batch where it is for
/// several entities, by the firm's clocks. Without `timing` it takes the cadence that the type proposes.
#[utoipa::path(
    request_body = CreateSchedule,
    responses((status = 201, description = "The schedule.", body = ScheduleView)),
)]
#[post("/v1/schedules")]
#[tracing::instrument(name = "create_schedule", skip_all)]
pub(crate) async fn create_schedule(
    call: Call,
    Body(body): Body<CreateSchedule>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    let firm = catalog.firm.id.entity();
    let named = Named::of(body.entity_id, body.entity_ids.as_ref(), firm)?;
    call.write(async |tx| -> Result<Answer, Stop> {
        call.replay()?;
        decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
        let startable = startable(tx, body.process_type_id).await?;
        let proposal = proposal(tx, &startable).await?;
        let schedule = schedule(&call, tx, &catalog, &body, &startable, proposal)?;
        let timing = schedule.timing().map_err(Problem::invalid)?;
        let kinds = named
            .check(&call, tx.reads(), &catalog, &startable.definition)
            .await?;
        let mut faults = attribute_faults(&timing, &kinds, &catalog.attributes);
        if let Some(first) = named.first(tx.reads()).await? {
            let definition = &startable.definition;
            let around = fields_around(&call, tx, &catalog, &startable, &body.fields).await?;
            faults.extend(field_faults(
                &catalog.firm,
                definition,
                &body.fields,
                &first,
                &around,
            ));
        }
        if !faults.is_empty() {
            return Err(Problem::invalid(faults).into());
        }
        require_date(tx, &catalog, &named, &timing).await?;

        tx.insert_schedule(&schedule, &named.entities)?;
        tx.record(told(EventType::ScheduleCreated, None, &schedule));
        enqueue_next(tx, &schedule)?;
        let location = format!("/v1/schedules/{}", schedule.id);
        let view = ScheduleView::one(&call, tx.reads(), schedule).await?;
        Ok(Answer::created(location, &view)?.version(view.version))
    })
    .await
}

/// The type, in the version that is in effect.
pub(in crate::routes) async fn startable(
    tx: &UnitOfWork,
    id: ProcessTypeId,
) -> Result<Startable, Problem> {
    if tx.reads().process_type(id).await?.is_none() {
        let detail = "The firm has no such process type.";
        return Err(fault("/process_type_id", "unknown-process-type", detail));
    }
    let found = Startable::in_effect(tx, id).await?;
    found.map_err(|why| Problem::conflict(why.detail))
}

/// What answers of a start form name, as far as the caller may see it.
pub(in crate::routes) async fn fields_around(
    call: &Call,
    tx: &UnitOfWork,
    catalog: &Arc<Catalog>,
    startable: &Startable,
    fields: &BTreeMap<String, FieldValue>,
) -> Result<Surroundings, Problem> {
    let input = startable.input(fields.clone(), Some(call.actor().user_id));
    let mut scene = startable.scene(tx, Arc::clone(catalog), input).await?;
    let now = tx.ambient().now();
    scene.keep_seen(tx.reads(), call.actor(), now).await?;
    Ok(scene.around)
}

/// The cadence that the version in effect proposes.
async fn proposal(
    tx: &UnitOfWork,
    startable: &Startable,
) -> Result<Option<ScheduleDocument>, Problem> {
    let (id, version) = (startable.process_type.id, startable.version);
    let document = tx.reads().definition_document(id, version).await?;
    Ok(document.and_then(|document| document.schedule))
}

fn schedule(
    call: &Call,
    tx: &UnitOfWork,
    catalog: &Catalog,
    body: &CreateSchedule,
    startable: &Startable,
    proposal: Option<ScheduleDocument>,
) -> Result<Schedule, Problem> {
    let (now, calendars) = (tx.ambient().now(), &catalog.calendars);
    let today = calendars.day_of(now);
    let proposed = proposal.as_ref().map(ScheduleDocument::timing);
    let timing = body.timing.clone().or(proposed).ok_or_else(|| {
        let detail = "The process type proposes no cadence: say when.";
        fault("/timing", "required", detail)
    })?;
    timing.parse("/timing", today).map_err(Problem::invalid)?;
    let one = body.entity_id.unwrap_or_else(|| catalog.firm.id.entity());
    let several = body.entity_ids.as_ref().map(Vec::len);
    let name = body.name.as_deref().map(str::trim);
    let proposed = proposal.and_then(|proposal| proposal.unless_open);
    Ok(Schedule {
        id: ScheduleId(tx.ambient().fresh_id()),
        name: name.unwrap_or(&startable.process_type.name).to_owned(),
        process_type_id: startable.process_type.id,
        timing: timing.settled(today),
        entity_id: several.is_none().then_some(one),
        entity_count: u32::try_from(several.unwrap_or(1)).unwrap_or(u32::MAX),
        fields: body.fields.clone(),
        unless_open: body.unless_open.or(proposed).unwrap_or_default(),
        status: ScheduleStatus::Active,
        next_at: None,
        source: None,
        created_by: Some(call.actor().user_id),
        created_at: now,
        version: 1,
    }
    .planned(calendars, now))
}

async fn require_date(
    tx: &UnitOfWork,
    catalog: &Catalog,
    named: &Named,
    timing: &Timing,
) -> Result<(), Problem> {
    let now = tx.ambient().now();
    require_next(timing, &catalog.calendars, now)?;
    if timing.depends_on_record() && !named.any_due(tx.reads(), catalog, timing, now).await? {
        return Err(without_date(timing));
    }
    Ok(())
}
