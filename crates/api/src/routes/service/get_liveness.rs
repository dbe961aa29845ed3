use actix_web::{get, web::Json};
use serde::Serialize;
use utoipa::ToSchema;

/// The state of this process.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HealthView {
    /// `ok`
    #[schema(example = "ok")]
    pub(crate) status: &'static str,
}

/// Tell whether the process is alive.
///
/// Anyone may ask. Restart the process when there is no answer; it says nothing about the database.
#[utoipa::path(responses((status = 200, description = "It is alive.", body = HealthView)))]
#[get("/health/live")]
pub(crate) async fn get_liveness() -> Json<HealthView> {
    Json(HealthView { status: "ok" })
}
