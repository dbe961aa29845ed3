use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::{
    batch::{Batch, BatchCounts, BatchItem, BatchStatus, ItemState},
    ids::ProcessId,
    value::FieldValue,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::problem::ProblemFault;

/// One process for each of many entities: how far it has come.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Batch)]
pub(crate) struct BatchView {
    id: Uuid,
    #[schema(example = "Fee reviews 2031")]
    name: String,
    /// What is started, in the version that is in effect then.
    process_type_id: Uuid,
    /// Answers of the start form, by the keys of its fields.
    #[schema(example = json!({}))]
    fields: BTreeMap<String, FieldValue>,
    /// Whether an entity is skipped while a process of the type is open for it.
    unless_open: bool,
    status: BatchStatus,
    /// Share of the entities that have had their turn, from 0 to 1.
    #[schema(minimum = 0, maximum = 1, example = 0.5)]
    progress: f64,
    counts: BatchCountsView,
    /// Who asked for it; null: a schedule.
    requested_by_id: Option<Uuid>,
    /// The schedule that started it.
    schedule_id: Option<Uuid>,
    created_at: DateTime<Utc>,
    /// When it was completed or cancelled.
    ended_at: Option<DateTime<Utc>>,
    /// Rises as it goes on; the tag for `If-Match`.
    #[schema(example = 1)]
    pub(super) version: i64,
}

/// How many entities have come to what.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BatchCounts)]
pub(crate) struct BatchCountsView {
    /// All of them.
    #[schema(minimum = 0, example = 400)]
    total: u32,
    /// Their turn has not come; in a cancelled batch it never will.
    #[schema(minimum = 0, example = 200)]
    waiting: u32,
    /// A process was started.
    #[schema(minimum = 0, example = 190)]
    started: u32,
    /// A process of the type was open for them.
    #[schema(minimum = 0, example = 8)]
    skipped: u32,
    /// None could be started, or not by whoever asked.
    #[schema(minimum = 0, example = 2)]
    refused: u32,
}

impl From<BatchCounts> for BatchCountsView {
    fn from(counts: BatchCounts) -> Self {
        Self {
            total: counts.total,
            waiting: counts.waiting(),
            started: counts.started,
            skipped: counts.skipped,
            refused: counts.refused,
        }
    }
}

impl From<Batch> for BatchView {
    fn from(batch: Batch) -> Self {
        Self {
            id: batch.id.0,
            name: batch.name,
            process_type_id: batch.process_type_id.0,
            fields: batch.fields,
            unless_open: batch.unless_open,
            status: batch.status,
            progress: batch.counts.progress(),
            counts: batch.counts.into(),
            requested_by_id: batch.requested_by.map(Uuid::from),
            schedule_id: batch.schedule_id.map(Uuid::from),
            created_at: batch.created_at,
            ended_at: batch.ended_at,
            version: batch.version,
        }
    }
}

/// One entity of a batch.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BatchItem)]
pub(crate) struct BatchItemView {
    entity_id: Uuid,
    state: ItemState,
    /// The process that was started, where the caller may see it.
    process_id: Option<Uuid>,
    /// Why none was.
    reasons: Vec<ProblemFault>,
}

impl BatchItemView {
    pub(super) fn new(item: BatchItem, seen: &BTreeSet<ProcessId>) -> Self {
        Self {
            entity_id: item.entity_id.0,
            state: item.state,
            process_id: item
                .process_id
                .filter(|process| seen.contains(process))
                .map(Uuid::from),
            reasons: item.reasons.into_iter().map(ProblemFault::from).collect(),
        }
    }
}
