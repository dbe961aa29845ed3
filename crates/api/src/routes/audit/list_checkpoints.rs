use actix_web::{HttpResponse, get};
use domain::access::starting::{FirmAction, decide_firm_action};

use super::view::AuditCheckpointView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
    },
};

/// List the checkpoints of the audit trail.
///
/// Admins and auditors may. Once a day, in the firm's time zone, the end of the trail is signed. Whoever keeps these elsewhere
/// can prove what the trail was, whatever happens to the database.
#[utoipa::path(
    params(PageQuery),
    responses((status = 200, description = "The latest first.", body = PageView<AuditCheckpointView>)),
)]
#[get("/v1/audit/checkpoints")]
#[tracing::instrument(name = "list_audit_checkpoints", skip_all)]
pub(crate) async fn list_audit_checkpoints(
    call: Call,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    decide_firm_action(FirmAction::ReadAudit, call.actor()).or_denied(true)?;
    let asked = call.page_request(&paging)?;
    let page = call.reads().list_checkpoints(asked).await?;
    call.page(&paging, page.map(AuditCheckpointView::new))
}
