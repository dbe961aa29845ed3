use std::collections::BTreeMap;

use actix_web::{HttpResponse, get};
use domain::{
    ids::{TaskId, UserId},
    task::Via,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::get::seen;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Path,
    },
};

/// Somebody who may execute a task now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskExecutor)]
pub(crate) struct ExecutorView {
    user_id: Uuid,
    #[schema(example = "Maya Okafor")]
    full_name: String,
    /// By which route.
    via: Via,
    /// The role that lets them; null for the owner.
    role_id: Option<Uuid>,
}

/// List everyone who may execute a task now.
///
/// Whoever may see the task may. Who could only override is left out; nobody may execute a task that waits or is finished.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), PageQuery),
    responses((status = 200, description = "By id.", body = PageView<ExecutorView>)),
)]
#[get("/v1/tasks/{task_id}/executors")]
#[tracing::instrument(name = "list_task_executors", skip_all)]
pub(crate) async fn list_task_executors(
    call: Call,
    Path(id): Path<TaskId>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    seen(&call, id).await?;
    let asked = call.page_request(&paging)?;
    let now = call.state().ambient.now();
    let page = call.reads().executors(id, now, asked).await?;
    let people: Vec<UserId> = page.items.iter().map(|found| found.user_id).collect();
    let names: BTreeMap<UserId, String> = call
        .reads()
        .users(&people)
        .await?
        .into_iter()
        .map(|user| (user.id, user.full_name))
        .collect();
    let page = page.map(|found| ExecutorView {
        user_id: found.user_id.0,
        full_name: names.get(&found.user_id).cloned().unwrap_or_default(),
        via: found.via,
        role_id: found.role_id.map(Uuid::from),
    });
    call.page(&paging, page)
}
