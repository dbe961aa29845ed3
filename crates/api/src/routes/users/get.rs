use actix_web::get;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::UserId,
};

use super::view::UserView;
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// Read a user.
///
/// Everyone of the firm may.
#[utoipa::path(
    params(("user_id" = Uuid, Path, description = "The user.")),
    responses((status = 200, description = "The user.", body = UserView)),
)]
#[get("/v1/users/{user_id}")]
#[tracing::instrument(name = "get_user", skip_all)]
pub(crate) async fn get_user(call: Call, Path(id): Path<UserId>) -> Result<Answer, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let user = call.reads().user(id).await?;
    let user = user.ok_or_else(Problem::not_found)?;
    let version = user.version;
    Ok(Answer::ok(&UserView::new(user))?.version(version))
}
