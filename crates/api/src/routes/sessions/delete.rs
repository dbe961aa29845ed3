use actix_web::delete;
use domain::ids::SessionId;

use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// End one of one's sessions.
///
/// Everyone may, their own. Its tokens hold no longer.
#[utoipa::path(
    params(("session_id" = Uuid, Path, description = "The session.")),
    responses((status = 204, description = "Ended.")),
)]
#[delete("/v1/sessions/{session_id}")]
#[tracing::instrument(name = "delete_session", skip_all)]
pub(crate) async fn delete_session(
    call: Call,
    Path(id): Path<SessionId>,
) -> Result<Answer, Problem> {
    let user = call.actor().user_id;
    call.write(async |tx| {
        let now = tx.ambient().now();
        let session = tx.reads().session(user, id, now).await?;
        session.ok_or_else(Problem::not_found)?;
        tx.revoke_session(user, id);
        Ok(Answer::no_content())
    })
    .await
}
