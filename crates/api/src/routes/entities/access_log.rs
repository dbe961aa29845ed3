use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::EntityId,
    read_access::ReadAccess,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::record::Record;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Path,
    },
};

/// Somebody was shown something of an entity.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EntityAccess)]
pub(crate) struct EntityAccessView {
    id: Uuid,
    entity_id: Uuid,
    /// Who.
    user_id: Uuid,
    /// The `operationId` by which they were.
    #[schema(example = "getEntity")]
    operation: String,
    /// The `X-Request-Id` of their request.
    request_id: Option<String>,
    occurred_at: DateTime<Utc>,
}

impl From<ReadAccess> for EntityAccessView {
    fn from(access: ReadAccess) -> Self {
        Self {
            id: access.id.0,
            entity_id: access.entity_id.0,
            user_id: access.user_id.0,
            operation: access.operation,
            request_id: access.request_id,
            occurred_at: access.occurred_at,
        }
    }
}

/// List who was shown an entity.
///
/// Admins and auditors may, of the entities that they may see. It is noted while the firm's `read_access_log` is `on`: whenever
/// somebody reads the entity, its team, relations, tasks, attribute history, a touchpoint or document of it, or one task or
/// process for it; and when a list of entities or touchpoints shows it. Lists of work and of processes, searches in them, the
/// event feed and the audit trail are not noted, nor is this list. What somebody changes stands in the audit trail.
#[utoipa::path(
    params(("entity_id" = Uuid, Path, description = "The entity."), PageQuery),
    responses((status = 200, description = "The latest first.", body = PageView<EntityAccessView>)),
)]
#[get("/v1/entities/{entity_id}/access-log")]
#[tracing::instrument(name = "list_entity_access_log", skip_all)]
pub(crate) async fn list_entity_access_log(
    call: Call,
    Path(id): Path<EntityId>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    Record::look(&call, id).await?;
    decide_firm_action(FirmAction::ReadAudit, call.actor()).or_denied(true)?;
    let asked = call.page_request(&paging)?;
    let page = call.reads().read_accesses(id, asked).await?;
    call.page(&paging, page.map(EntityAccessView::from))
}
