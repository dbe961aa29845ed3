use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use domain::{ids::EntityId, task::Via};
use persistence::WorkFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Query,
    },
    routes::{
        expand::ExpandTasks,
        tasks::{TaskOrdering, TaskView, listed},
    },
};

/// Which of the caller's work is listed.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WorkQuery {
    /// By one of these routes.
    #[serde(default)]
    #[param(required = false, style = Form, explode = false, min_items = 1)]
    via: Vec<Via>,
    /// For this record.
    #[param(value_type = Option<Uuid>, nullable = false)]
    entity_id: Option<EntityId>,
    /// Due before this time.
    #[param(nullable = false)]
    due_before: Option<DateTime<Utc>>,
}

/// A task that the caller may execute, and by which route.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkItem)]
pub(crate) struct WorkItemView {
    #[serde(flatten)]
    task: TaskView,
    via: Via,
}

/// List one's work.
///
/// Everyone may, what they own or may execute now; in the order of work unless told otherwise: by due date (none last), then
/// urgency.
#[utoipa::path(
    params(WorkQuery, TaskOrdering, ExpandTasks, PageQuery),
    responses((status = 200, description = "In the order asked for.", body = PageView<WorkItemView>)),
)]
#[get("/v1/work")]
#[tracing::instrument(name = "list_work", skip_all)]
pub(crate) async fn list_work(
    call: Call,
    Query(query): Query<WorkQuery>,
    Query(order): Query<TaskOrdering>,
    Query(expand): Query<ExpandTasks>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let filter = WorkFilter {
        via: query.via,
        entity: query.entity_id,
        due_before: query.due_before,
    };
    let asked = call.page_request(&paging)?;
    let user = call.actor().user_id;
    let now = call.state().ambient.now();
    let mut found = call
        .reads()
        .work(user, &filter, order.into(), now, asked)
        .await?;
    let (tasks, routes): (Vec<_>, Vec<Via>) = std::mem::take(&mut found.items)
        .into_iter()
        .map(|item| (item.task, item.via))
        .unzip();
    let views = listed::views(&call, tasks).await?;
    let views = TaskView::expanded(views, &call, &expand).await?;
    let items = views
        .into_iter()
        .zip(routes)
        .map(|(task, via)| WorkItemView { task, via })
        .collect();
    call.page(&paging, found.with_items(items))
}
