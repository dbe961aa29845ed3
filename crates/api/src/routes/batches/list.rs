use actix_web::{HttpResponse, get};
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    batch::BatchStatus,
    ids::ScheduleId,
};
use persistence::BatchFilter;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::BatchView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Query,
    },
};

/// Which batches.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListBatches {
    /// In one of these statuses; left out: any.
    #[param(style = Form, explode = false, min_items = 1, max_items = 4, nullable = false)]
    status: Option<Vec<BatchStatus>>,
    /// Started by this schedule.
    #[param(value_type = Option<Uuid>, nullable = false)]
    schedule_id: Option<ScheduleId>,
}

/// List batches.
///
/// Everyone may, those that they have asked for; designers and admins also those that schedules began, auditors all.
#[utoipa::path(
    params(ListBatches, PageQuery),
    responses((status = 200, description = "The newest first.", body = PageView<BatchView>)),
)]
#[get("/v1/batches")]
#[tracing::instrument(name = "list_batches", skip_all)]
pub(crate) async fn list_batches(
    call: Call,
    Query(asked): Query<ListBatches>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let filter = BatchFilter {
        statuses: asked.status.unwrap_or_default(),
        schedule: asked.schedule_id,
    };
    let place = call.page_request(&paging)?;
    let page = call
        .reads()
        .list_batches(call.actor(), &filter, place)
        .await?;
    call.page(&paging, page.map(BatchView::from))
}
