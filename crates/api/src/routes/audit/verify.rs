use actix_web::get;
use domain::access::starting::{FirmAction, decide_firm_action};
use persistence::TrailRange;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::AuditVerdictView;
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Query},
    trail::CheckpointKeys,
};

/// How many entries are verified at a time.
const MOST: i64 = 10_000;

/// Which part of the trail to verify.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct VerifyQuery {
    /// The first entry; the hash of the one before it is taken as it stands.
    #[param(minimum = 1, default = 1, nullable = false)]
    from_sequence: Option<i64>,
    /// The last entry; left out: the one that is the last when the request comes.
    #[param(minimum = 1, nullable = false)]
    to_sequence: Option<i64>,
}

/// Verify the audit trail.
///
/// Admins and auditors may. Recomputes the hash of every entry, and looks whether the checkpoints are signed and stand on the
/// trail. At most 10,000 entries at a time: `next_sequence` tells where to go on.
#[utoipa::path(
    params(VerifyQuery),
    responses((status = 200, description = "Whether it is whole.", body = AuditVerdictView)),
)]
#[get("/v1/audit/verify")]
#[tracing::instrument(name = "verify_audit", skip_all)]
pub(crate) async fn verify_audit(
    call: Call,
    Query(query): Query<VerifyQuery>,
) -> Result<Answer, Problem> {
    decide_firm_action(FirmAction::ReadAudit, call.actor()).or_denied(true)?;
    let state = call.state();
    let keys = CheckpointKeys::load(&state.store, &state.secrets).await?;
    let range = TrailRange {
        from: query.from_sequence.unwrap_or(1),
        to: query.to_sequence,
        most: Some(MOST),
    };
    let verified = call
        .reads()
        .verify_trail(range, |checkpoint| keys.check(checkpoint))
        .await;
    Answer::ok(&AuditVerdictView::new(verified, range)?)
}
