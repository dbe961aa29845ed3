use actix_web::{HttpResponse, get};
use domain::{
    access::{
        starting::{FirmAction, decide_firm_action},
        visibility::EntityScope,
    },
    ids::{EntityId, ProcessTypeId},
    schedule::ScheduleStatus,
};
use persistence::ScheduleFilter;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::ScheduleView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Query,
    },
};

/// Which schedules.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListSchedules {
    /// In one of these statuses; left out: any.
    #[param(style = Form, explode = false, min_items = 1, max_items = 4, nullable = false)]
    status: Option<Vec<ScheduleStatus>>,
    /// Of this type.
    #[param(value_type = Option<Uuid>, nullable = false)]
    process_type_id: Option<ProcessTypeId>,
    /// For this entity, and no other.
    #[param(value_type = Option<Uuid>, nullable = false)]
    entity_id: Option<EntityId>,
}

/// List schedules.
///
/// Everyone of the firm may; those for a single entity are listed for whoever may see the entity.
#[utoipa::path(
    params(ListSchedules, PageQuery),
    responses((status = 200, description = "The newest first.", body = PageView<ScheduleView>)),
)]
#[get("/v1/schedules")]
#[tracing::instrument(name = "list_schedules", skip_all)]
pub(crate) async fn list_schedules(
    call: Call,
    Query(asked): Query<ListSchedules>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let catalog = call.catalog().await?;
    let scope = EntityScope::of(call.actor(), &catalog.firm);
    let filter = ScheduleFilter {
        statuses: asked.status.unwrap_or_default(),
        process_type: asked.process_type_id,
        entity: asked.entity_id,
    };
    let place = call.page_request(&paging)?;
    let page = call.reads().list_schedules(&scope, &filter, place).await?;
    let views = ScheduleView::of(&call, call.reads(), page.items.clone()).await?;
    call.page(&paging, page.with_items(views))
}
