use actix_web::delete;

use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem},
};

/// Sign out.
///
/// Everyone may. The tokens of the session hold no longer.
#[utoipa::path(responses((status = 204, description = "Signed out.")))]
#[delete("/v1/sessions/current")]
#[tracing::instrument(name = "delete_current_session", skip_all)]
pub(crate) async fn delete_current_session(call: Call) -> Result<Answer, Problem> {
    call.write(async |tx| {
        tx.revoke_session(call.actor().user_id, call.session_id());
        Ok(Answer::no_content())
    })
    .await
}
