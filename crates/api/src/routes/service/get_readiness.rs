use actix_web::{
    get,
    web::{Data, Json},
};

use super::get_liveness::HealthView;
use crate::{
    http::problem::{Code, Problem},
    state::AppState,
};

/// Tell whether the server can take requests.
///
/// Anyone may ask. It can when the database answers, its schema is current and the server is not about to stop.
#[utoipa::path(
    responses(
        (status = 200, description = "Send requests.", body = HealthView),
        (status = 503, description = "Send no requests at present."),
    ),
)]
#[get("/health/ready")]
pub(crate) async fn get_readiness(state: Data<AppState>) -> Result<Json<HealthView>, Problem> {
    let unavailable = |why: &str| Err(Problem::new(Code::Unavailable, why));
    if !state.readiness.is_on() {
        return unavailable("The server is stopping.");
    }
    match state.store.is_ready().await {
        Ok(true) => Ok(Json(HealthView { status: "ok" })),
        Ok(false) => unavailable("The database's schema is not current; run `baton migrate`."),
        Err(err) => {
            tracing::warn!(cause = ?err, "the database does not answer");
            unavailable("The database does not answer.")
        }
    }
}
