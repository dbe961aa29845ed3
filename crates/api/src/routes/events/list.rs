use actix_web::{HttpResponse, get};
use domain::{event::EventType, ids::EntityId};
use persistence::{ChangeFilter, ChangeOrder};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::view::EventView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Query,
    },
};

/// Which events to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventQuery {
    /// Only what came after this number: that of the last event that the caller knows.
    #[param(minimum = 0, nullable = false, example = 1042)]
    after: Option<i64>,
    /// Of one of these types, separated by commas.
    #[serde(rename = "type")]
    #[param(inline, style = Form, explode = false, min_items = 1, nullable = false, example = json!(["task.opened", "task.completed"]))]
    types: Option<Vec<EventType>>,
    /// Of the record and work of this entity.
    #[param(value_type = Option<uuid::Uuid>, nullable = false)]
    entity_id: Option<EntityId>,
    /// About this.
    #[param(nullable = false)]
    subject_id: Option<Uuid>,
}

/// List events.
///
/// Everyone may, of what they may see. To follow the firm, read to the last page, remember the `sequence` of the last event,
/// and ask again with it as `after`: nothing is missed and nothing comes twice.
#[utoipa::path(
    params(EventQuery, PageQuery),
    responses((status = 200, description = "In the order in which things happened.", body = PageView<EventView>)),
)]
#[get("/v1/events")]
#[tracing::instrument(name = "list_events", skip_all)]
pub(crate) async fn list_events(
    call: Call,
    Query(query): Query<EventQuery>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let catalog = call.catalog().await?;
    let scope = call.work_scope(&catalog);
    let filter = ChangeFilter {
        types: query.types.unwrap_or_default(),
        subject_id: query.subject_id,
        entity_id: query.entity_id,
        ..ChangeFilter::default()
    };
    let mut asked = call.page_request(&paging)?;
    asked.after = asked.after.or(query.after);
    let page = call
        .reads()
        .changes_seen(&scope, &filter, ChangeOrder::OldestFirst, asked)
        .await?;
    let page = page.try_map(|sealed| EventView::new(sealed.entry))?;
    call.page(&paging, page)
}
