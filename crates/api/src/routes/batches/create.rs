use std::collections::BTreeMap;

use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    batch::{Batch, BatchCounts, BatchStatus},
    ids::{BatchId, EntityId, ProcessTypeId},
    value::FieldValue,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::BatchView;
use crate::{
    call::{Call, Stop},
    http::{answer::Answer, json::Body, problem::Problem},
    jobs::begin_batch,
    routes::schedules::{Named, field_faults, fields_around, startable},
};

/// What is started for whom.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "process_type_id": "01981d4e-7a00-7000-8000-000000000101",
    "entity_ids": ["01981d4e-7a00-7000-8000-00000000e001"],
    "unless_open": true
}))]
pub(crate) struct CreateBatch {
    /// What people call it; the name of the type unless told.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        nullable = false,
        example = "Fee reviews 2031"
    )]
    name: Option<String>,
    /// What is started.
    #[schema(value_type = Uuid)]
    process_type_id: ProcessTypeId,
    /// For each of these, in this order.
    #[schema(value_type = Vec<Uuid>, min_items = 1, max_items = 10_000)]
    entity_ids: Vec<EntityId>,
    /// Answers of the start form, the same for all, by the keys of its fields; what is left out is asked for in the first tasks.
    #[serde(default)]
    #[schema(example = json!({}))]
    fields: BTreeMap<String, FieldValue>,
    /// Skip an entity while a process of the type is open for it.
    #[serde(default)]
    #[schema(default = false)]
    unless_open: bool,
}

/// Start a process for each of many entities.
///
/// Everyone but auditors may, for entities that they may see; each process is started as if they had asked for it alone, and only
/// where they may. Goes on in the background: the `Location` tells how far it has come, `/items` what became of each entity.
#[utoipa::path(
    request_body = CreateBatch,
    responses((status = 202, description = "It has begun.", body = BatchView)),
)]
#[post("/v1/batches")]
#[tracing::instrument(name = "create_batch", skip_all)]
pub(crate) async fn create_batch(
    call: Call,
    Body(body): Body<CreateBatch>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    let firm = catalog.firm.id.entity();
    let named = Named::of(None, Some(&body.entity_ids), firm)?;
    call.write(async |tx| -> Result<Answer, Stop> {
        call.replay()?;
        decide_firm_action(FirmAction::Start, call.actor()).or_denied(true)?;
        let startable = startable(tx, body.process_type_id).await?;
        let definition = &startable.definition;
        named.check(&call, tx.reads(), &catalog, definition).await?;
        if let Some(first) = named.first(tx.reads()).await? {
            let around = fields_around(&call, tx, &catalog, &startable, &body.fields).await?;
            let faults = field_faults(&catalog.firm, definition, &body.fields, &first, &around);
            if !faults.is_empty() {
                return Err(Problem::invalid(faults).into());
            }
        }
        let name = body.name.as_deref().map(str::trim);
        let batch = Batch {
            id: BatchId(tx.ambient().fresh_id()),
            name: name.unwrap_or(&startable.process_type.name).to_owned(),
            process_type_id: body.process_type_id,
            fields: body.fields.clone(),
            unless_open: body.unless_open,
            status: BatchStatus::Running,
            counts: BatchCounts {
                total: u32::try_from(named.entities.len()).unwrap_or(u32::MAX),
                ..BatchCounts::default()
            },
            requested_by: Some(call.actor().user_id),
            schedule_id: None,
            turn: 1,
            created_at: tx.ambient().now(),
            ended_at: None,
            version: 1,
        };
        begin_batch(tx, &batch, &named.entities)?;
        let location = format!("/v1/batches/{}", batch.id);
        Ok(Answer::accepted(location, &BatchView::from(batch))?.version(1))
    })
    .await
}
