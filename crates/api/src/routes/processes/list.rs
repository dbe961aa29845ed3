use actix_web::{HttpResponse, get};
use domain::{
    ids::{BatchId, EntityId, ProcessId, ProcessTypeId, ScheduleId, UserId},
    process::ProcessStatus,
};
use persistence::{ProcessFilter, ProcessSort};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::view::ProcessView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Query,
    },
    routes::expand::ExpandProcesses,
};

/// Which processes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListProcesses {
    /// In one of these statuses.
    #[param(style = Form, explode = false, min_items = 1, max_items = 4, nullable = false)]
    status: Option<Vec<ProcessStatus>>,
    /// For this entity.
    #[param(nullable = false)]
    entity_id: Option<Uuid>,
    /// Of this type.
    #[param(nullable = false)]
    process_type_id: Option<Uuid>,
    /// Owned by this person.
    #[param(nullable = false)]
    owner_id: Option<Uuid>,
    /// Started by this process.
    #[param(nullable = false)]
    parent_id: Option<Uuid>,
    /// Started by this schedule.
    #[param(nullable = false)]
    schedule_id: Option<Uuid>,
    /// Started by this batch.
    #[param(nullable = false)]
    batch_id: Option<Uuid>,
    /// In which order, the newest first unless told otherwise; `-` is for the reverse.
    #[param(inline, nullable = false)]
    sort: Option<ProcessOrder>,
}

/// In which order processes are listed.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ProcessOrder {
    StartedAt,
    #[default]
    #[serde(rename = "-started_at")]
    NewestFirst,
}

/// List processes.
///
/// Everyone may; the list holds those that the caller may see.
#[utoipa::path(
    params(ListProcesses, ExpandProcesses, PageQuery),
    responses((status = 200, description = "In the order asked for.", body = PageView<ProcessView>)),
)]
#[get("/v1/processes")]
#[tracing::instrument(name = "list_processes", skip_all)]
pub(crate) async fn list_processes(
    call: Call,
    Query(asked): Query<ListProcesses>,
    Query(expand): Query<ExpandProcesses>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let catalog = call.catalog().await?;
    let scope = call.work_scope(&catalog);
    let filter = ProcessFilter {
        statuses: asked.status.unwrap_or_default(),
        entity: asked.entity_id.map(EntityId),
        process_type: asked.process_type_id.map(ProcessTypeId),
        owner: asked.owner_id.map(UserId),
        parent: asked.parent_id.map(ProcessId),
        schedule: asked.schedule_id.map(ScheduleId),
        batch: asked.batch_id.map(BatchId),
    };
    let place = call.page_request(&paging)?;
    let sort = match asked.sort.unwrap_or_default() {
        ProcessOrder::StartedAt => ProcessSort::Oldest,
        ProcessOrder::NewestFirst => ProcessSort::Newest,
    };
    let page = call.reads().processes(&scope, &filter, sort, place).await?;
    let views = page.items.iter().map(ProcessView::from).collect();
    let views = ProcessView::expanded(views, &call, &expand).await?;
    call.page(&paging, page.with_items(views))
}
