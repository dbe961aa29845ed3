use actix_web::{HttpResponse, get};
use domain::ids::EntityId;
use persistence::TouchpointFilter;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::TouchpointView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Query,
    },
    record,
};

/// Which touchpoints to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TouchpointQuery {
    /// With this entity.
    #[param(value_type = Option<uuid::Uuid>, nullable = false)]
    entity_id: Option<EntityId>,
    /// Of one of these types, separated by commas.
    #[param(style = Form, explode = false, min_items = 1, max_items = 20, nullable = false, example = json!(["call", "meeting"]))]
    touchpoint_type: Option<Vec<String>>,
    /// Whether those that were voided are listed too.
    #[param(nullable = false, default = false)]
    include_voided: Option<bool>,
}

/// List touchpoints.
///
/// Everyone may, of the entities that they may see.
#[utoipa::path(
    params(TouchpointQuery, PageQuery),
    responses((status = 200, description = "Latest first.", body = PageView<TouchpointView>)),
)]
#[get("/v1/touchpoints")]
#[tracing::instrument(name = "list_touchpoints", skip_all)]
pub(crate) async fn list_touchpoints(
    call: Call,
    Query(query): Query<TouchpointQuery>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let scope = record::scope_of(&call).await?;
    let filter = TouchpointFilter {
        entity: query.entity_id,
        types: query.touchpoint_type.unwrap_or_default(),
        with_voided: query.include_voided.unwrap_or_default(),
    };
    let asked = call.page_request(&paging)?;
    let page = call
        .reads()
        .list_touchpoints(&scope, &filter, asked)
        .await?;
    let catalog = call.catalog().await?;
    let shown = page.items.iter().map(|touchpoint| touchpoint.entity_id);
    call.shows(&catalog, shown).await?;
    call.page(
        &paging,
        page.map(|touchpoint| TouchpointView::from(&touchpoint)),
    )
}
