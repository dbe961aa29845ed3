use actix_web::get;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::RoleId,
};

use super::view::RoleView;
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// Read a role.
///
/// Everyone of the firm may.
#[utoipa::path(
    params(("role_id" = Uuid, Path, description = "The role.")),
    responses((status = 200, description = "The role.", body = RoleView)),
)]
#[get("/v1/roles/{role_id}")]
#[tracing::instrument(name = "get_role", skip_all)]
pub(crate) async fn get_role(call: Call, Path(id): Path<RoleId>) -> Result<Answer, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let role = call.reads().role(id).await?;
    let role = role.ok_or_else(Problem::not_found)?;
    let version = role.version;
    Ok(Answer::ok(&RoleView::new(role))?.version(version))
}
