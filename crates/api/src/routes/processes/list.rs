use actix_web::{HttpResponse, get};
use domain::{
    access::visibility::WorkScope,
    ids::{EntityId, ProcessId, ProcessTypeId, UserId},
    process::ProcessStatus,
};
use persistence::ProcessFilter;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::view::ProcessView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Query,
    },
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
}

/// List processes.
///
/// Everyone may; the list holds those that the caller may see.
#[utoipa::path(
    params(ListProcesses, PageQuery),
    responses((status = 200, description = "Newest first.", body = PageView<ProcessView>)),
)]
#[get("/v1/processes")]
#[tracing::instrument(name = "list_processes", skip_all)]
pub(crate) async fn list_processes(
    call: Call,
    Query(asked): Query<ListProcesses>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let catalog = call.catalog().await?;
    let scope = WorkScope::of(call.actor(), &catalog.firm);
    let filter = ProcessFilter {
        statuses: asked.status.unwrap_or_default(),
        entity: asked.entity_id.map(EntityId),
        process_type: asked.process_type_id.map(ProcessTypeId),
        owner: asked.owner_id.map(UserId),
        parent: asked.parent_id.map(ProcessId),
    };
    let place = call.page_request(&paging)?;
    let page = call.reads().processes(&scope, &filter, place).await?;
    call.page(&paging, page.map(|process| ProcessView::from(&process)))
}
