use actix_web::get;
use domain::access::starting::{FirmAction, decide_firm_action};

use super::view::AuditVerdictView;
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem},
};

/// Verify the audit trail.
///
/// Admins and auditors may. Recomputes every hash from the first entry to the one that was the last when the request came.
#[utoipa::path(responses((status = 200, description = "Whether it is whole.", body = AuditVerdictView)))]
#[get("/v1/audit/verify")]
#[tracing::instrument(name = "verify_audit", skip_all)]
pub(crate) async fn verify_audit(call: Call) -> Result<Answer, Problem> {
    decide_firm_action(FirmAction::ReadAudit, call.actor()).or_denied(true)?;
    let verified = call.reads().verify_trail().await;
    Answer::ok(&AuditVerdictView::new(verified)?)
}
