use actix_web::{HttpResponse, get};
use domain::{access::visibility::sees_entity, ids::EntityId, task::TaskStatus};
use persistence::{TaskFilter, WorkSort};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{list, view::TaskView};
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::{Path, Query},
    },
    routes::expand::ExpandTasks,
};

/// Which tasks of the record are listed.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EntityTaskQuery {
    /// In one of these statuses.
    #[serde(default)]
    #[param(required = false, style = Form, explode = false, min_items = 1)]
    status: Vec<TaskStatus>,
}

/// List the tasks for a record.
///
/// Whoever may see the record may, those that they may see, in the order of work.
#[utoipa::path(
    params(("entity_id" = Uuid, Path, description = "The record."), EntityTaskQuery, ExpandTasks, PageQuery),
    responses((status = 200, description = "Most pressing first.", body = PageView<TaskView>)),
)]
#[get("/v1/entities/{entity_id}/tasks")]
#[tracing::instrument(name = "list_entity_tasks", skip_all)]
pub(crate) async fn list_entity_tasks(
    call: Call,
    Path(id): Path<EntityId>,
    Query(query): Query<EntityTaskQuery>,
    Query(expand): Query<ExpandTasks>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let catalog = call.catalog().await?;
    let found = call.reads().entity(id).await?;
    let entity = found.ok_or_else(Problem::not_found)?;
    let team = call.reads().team_of(&[id]).await?;
    if !sees_entity(call.actor(), &catalog.firm, &entity, &team) {
        return Err(Problem::not_found());
    }
    call.shows(&catalog, [id]).await?;
    let filter = TaskFilter {
        statuses: query.status,
        entity: Some(id),
        ..TaskFilter::default()
    };
    list::page(&call, &filter, WorkSort::Due, &expand, &paging).await
}
