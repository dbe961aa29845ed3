use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    event::EventType,
    ids::{EntityId, UserId},
};
use persistence::{ChangeFilter, ChangeOrder};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::view::AuditEntryView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Query,
    },
};

/// Which entries to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// About this.
    #[param(nullable = false)]
    subject_id: Option<Uuid>,
    /// Of the record and work of this entity.
    #[param(value_type = Option<uuid::Uuid>, nullable = false)]
    entity_id: Option<EntityId>,
    /// Made by this user.
    #[param(value_type = Option<uuid::Uuid>, nullable = false)]
    actor_id: Option<UserId>,
    /// One of these, separated by commas.
    #[param(inline, style = Form, explode = false, min_items = 1, nullable = false, example = json!(["task.completed"]))]
    action: Option<Vec<EventType>>,
    /// Not before this time.
    #[param(nullable = false)]
    occurred_at_gte: Option<DateTime<Utc>>,
    /// Before this time.
    #[param(nullable = false)]
    occurred_at_before: Option<DateTime<Utc>>,
    /// The first entry first, or with a minus the last.
    #[param(inline, nullable = false)]
    sort: Option<AuditSort>,
}

/// In which order entries are listed.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
pub(crate) enum AuditSort {
    /// As it happened.
    #[default]
    #[serde(rename = "sequence")]
    OldestFirst,
    /// From the end of the trail.
    #[serde(rename = "-sequence")]
    NewestFirst,
}

impl From<AuditSort> for ChangeOrder {
    fn from(sort: AuditSort) -> Self {
        match sort {
            AuditSort::OldestFirst => Self::OldestFirst,
            AuditSort::NewestFirst => Self::NewestFirst,
        }
    }
}

/// List the audit trail.
///
/// Admins and auditors may; entries about records that are restricted to others are left out for admins.
#[utoipa::path(
    params(AuditQuery, PageQuery),
    responses((status = 200, description = "In the order in which things happened, unless told otherwise.", body = PageView<AuditEntryView>)),
)]
#[get("/v1/audit")]
#[tracing::instrument(name = "list_audit", skip_all)]
pub(crate) async fn list_audit(
    call: Call,
    Query(query): Query<AuditQuery>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    decide_firm_action(FirmAction::ReadAudit, call.actor()).or_denied(true)?;
    let catalog = call.catalog().await?;
    let scope = call.work_scope(&catalog);
    let filter = ChangeFilter {
        types: query.action.unwrap_or_default(),
        subject_id: query.subject_id,
        entity_id: query.entity_id,
        actor: query.actor_id,
        from: query.occurred_at_gte,
        before: query.occurred_at_before,
    };
    let order = query.sort.unwrap_or_default().into();
    let asked = call.page_request(&paging)?;
    let page = call
        .reads()
        .changes_seen(&scope, &filter, order, asked)
        .await?;
    let page = page.try_map(AuditEntryView::new)?;
    call.page(&paging, page)
}
