use actix_web::{get, web::Data};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::{
    http::{answer::Answer, etag::ETag},
    state::AppState,
};

/// Read this document.
///
/// Anyone may. It is made from the routes that serve the requests.
#[utoipa::path(
    responses((status = 200, description = "The OpenAPI document.", content_type = "application/json", body = Object,
        headers(("ETag" = String, description = "A digest of it.")))),
)]
#[get("/openapi.json")]
pub(crate) async fn get_open_api(state: Data<AppState>) -> Answer {
    let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(&state.spec.text));
    Answer::text(state.spec.text.clone()).tagged(&ETag::of_text(&digest))
}
