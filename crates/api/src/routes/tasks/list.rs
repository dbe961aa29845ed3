use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use domain::{
    access::{Denied, Rule, explain::may_ask_about},
    ids::{EntityId, ProcessId, TaskId, UserId},
    process_type::document::Priority,
    task::TaskStatus,
};
use persistence::{TaskFilter, WorkSort};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{listed, view::TaskView, who::Who};
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Query,
    },
    routes::expand::ExpandTasks,
};

/// Which tasks are listed.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TaskQuery {
    /// In one of these statuses.
    #[serde(default)]
    #[param(required = false, style = Form, explode = false, min_items = 1)]
    status: Vec<TaskStatus>,
    /// Owned by this person; `me` is the caller.
    #[param(value_type = String, required = false, nullable = false, pattern = "^(me|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$", example = "me")]
    owner_id: Option<Who>,
    /// Owned by nobody (`true`), or by somebody.
    #[param(nullable = false)]
    unassigned: Option<bool>,
    /// Those that this person may execute now; `me` is the caller. About others admins and auditors may ask, and managers
    /// about their members.
    #[param(value_type = String, required = false, nullable = false, pattern = "^(me|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$", example = "me")]
    executable_by: Option<Who>,
    /// For this record.
    #[param(value_type = Option<Uuid>, nullable = false)]
    entity_id: Option<EntityId>,
    /// Of this process.
    #[param(value_type = Option<Uuid>, nullable = false)]
    process_id: Option<ProcessId>,
    /// Children of this fan-out.
    #[param(value_type = Option<Uuid>, nullable = false)]
    parent_task_id: Option<TaskId>,
    /// With one of these priorities.
    #[serde(default)]
    #[param(required = false, style = Form, explode = false, min_items = 1)]
    priority: Vec<Priority>,
    /// Due at this time or later.
    #[param(nullable = false)]
    due_gte: Option<DateTime<Utc>>,
    /// Due before this time.
    #[param(nullable = false)]
    due_before: Option<DateTime<Utc>>,
    /// Late now (`true`), or not.
    #[param(nullable = false)]
    overdue: Option<bool>,
}

impl TaskQuery {
    fn into_filter(self, caller: UserId, now: DateTime<Utc>) -> TaskFilter {
        TaskFilter {
            statuses: self.status,
            owner: self.owner_id.map(|who| who.id(caller)),
            unassigned: self.unassigned,
            executable_by: self.executable_by.map(|who| (who.id(caller), now)),
            entity: self.entity_id,
            process: self.process_id,
            parent: self.parent_task_id,
            priorities: self.priority,
            due_gte: self.due_gte,
            due_before: self.due_before,
            overdue: self.overdue.map(|late| (late, now)),
        }
    }
}

/// In which order tasks are listed.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::routes) struct TaskOrdering {
    /// In which order: by due date (none last) and urgency unless told otherwise; `-` is for the reverse.
    #[param(inline, nullable = false)]
    sort: Option<TaskOrder>,
}

/// In which order tasks are listed.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TaskOrder {
    #[default]
    DueAt,
    Priority,
    CreatedAt,
    #[serde(rename = "-created_at")]
    NewestFirst,
}

impl From<TaskOrdering> for WorkSort {
    fn from(asked: TaskOrdering) -> Self {
        match asked.sort.unwrap_or_default() {
            TaskOrder::DueAt => Self::Due,
            TaskOrder::Priority => Self::Priority,
            TaskOrder::CreatedAt => Self::Oldest,
            TaskOrder::NewestFirst => Self::Newest,
        }
    }
}

/// List tasks.
///
/// Everyone may, those that they may see; in the order of work unless told otherwise: by due date (none last), then urgency.
#[utoipa::path(
    params(TaskQuery, TaskOrdering, ExpandTasks, PageQuery),
    responses((status = 200, description = "In the order asked for.", body = PageView<TaskView>)),
)]
#[get("/v1/tasks")]
#[tracing::instrument(name = "list_tasks", skip_all)]
pub(crate) async fn list_tasks(
    call: Call,
    Query(query): Query<TaskQuery>,
    Query(order): Query<TaskOrdering>,
    Query(expand): Query<ExpandTasks>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let filter = query.into_filter(call.actor().user_id, call.state().ambient.now());
    if let Some((user, _)) = filter.executable_by {
        may_ask(&call, user)?;
    }
    page(&call, &filter, order.into(), &expand, &paging).await
}

/// A page of the tasks in the filter that the caller may see.
pub(in crate::routes) async fn page(
    call: &Call,
    filter: &TaskFilter,
    sort: WorkSort,
    expand: &ExpandTasks,
    paging: &Paging,
) -> Result<HttpResponse, Problem> {
    let catalog = call.catalog().await?;
    let scope = call.work_scope(&catalog);
    let asked = call.page_request(paging)?;
    let mut found = call.reads().tasks(&scope, filter, sort, asked).await?;
    let tasks = std::mem::take(&mut found.items);
    let views = listed::views(call, tasks).await?;
    let views = TaskView::expanded(views, call, expand).await?;
    call.page(paging, found.with_items(views))
}

/// Refuses to tell what another person may do to those who may not ask.
pub(super) fn may_ask(call: &Call, user: UserId) -> Result<(), Denied> {
    if may_ask_about(call.actor(), user) {
        return Ok(());
    }
    Err(Denied::Forbidden {
        rule: Rule::X17,
        reason: "refused by X17: what another person may do is told to admins, auditors and their managers"
            .to_owned(),
    })
}
