use std::collections::BTreeSet;

use actix_web::{HttpResponse, get};
use domain::{
    access::{
        starting::{FirmAction, decide_firm_action},
        visibility::EntityScope,
    },
    batch::ItemState,
    ids::{BatchId, ProcessId},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{followed, view::BatchItemView};
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::{Path, Query},
    },
};

/// Which entities of a batch.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListBatchItems {
    /// That have come to one of these; left out: all.
    #[param(style = Form, explode = false, min_items = 1, max_items = 4, nullable = false)]
    state: Option<Vec<ItemState>>,
}

/// List what became of each entity of a batch.
///
/// Whoever may follow the batch; the list holds the entities that the caller may see.
#[utoipa::path(
    params(("batch_id" = Uuid, Path, description = "The batch."), ListBatchItems, PageQuery),
    responses((status = 200, description = "In the order of the batch.", body = PageView<BatchItemView>)),
)]
#[get("/v1/batches/{batch_id}/items")]
#[tracing::instrument(name = "list_batch_items", skip_all)]
pub(crate) async fn list_batch_items(
    call: Call,
    Path(id): Path<BatchId>,
    Query(asked): Query<ListBatchItems>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let (reads, place) = (call.reads(), call.page_request(&paging)?);
    followed(&call, reads.batch(id).await?)?;
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let catalog = call.catalog().await?;
    let scope = EntityScope::of(call.actor(), &catalog.firm);
    let states = asked.state.unwrap_or_default();
    let page = reads.list_batch_items(&scope, id, &states, place).await?;
    let started = page.items.iter().filter_map(|item| item.process_id);
    let started: Vec<ProcessId> = started.collect();
    let seen = reads
        .processes_seen(&call.work_scope(&catalog), &started)
        .await?;
    let seen: BTreeSet<ProcessId> = seen.into_keys().collect();
    call.page(&paging, page.map(|item| BatchItemView::new(item, &seen)))
}
