//! Swagger UI, from files inside the binary.

use std::sync::Arc;

use actix_web::{HttpResponse, http::header, web};
use utoipa_swagger_ui::Config;

use crate::http::problem::Problem;

/// What Swagger UI needs: its own files, and styles that it writes into its page.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      frame-ancestors 'none'";

/// `/docs` has no file of its own.
pub(super) async fn redirect() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, "/docs/"))
        .finish()
}

/// Serves its files under `/docs/`. A token survives a reload, and nothing is asked of a server elsewhere.
pub(super) fn swagger_ui() -> actix_web::Resource {
    let config = Config::new(["/openapi.json"])
        .persist_authorization(true)
        .try_it_out_enabled(true)
        .display_request_duration(true)
        .doc_expansion("none")
        .filter(true)
        .validator_url("none");
    let config = Arc::new(config);
    web::resource("/docs/{file:.*}").route(web::get().to(move |path: web::Path<String>| {
        let config = Arc::clone(&config);
        async move { file(&path, config) }
    }))
}

fn file(path: &str, config: Arc<Config<'static>>) -> Result<HttpResponse, Problem> {
    let file = utoipa_swagger_ui::serve(path, config)
        .map_err(Problem::internal)?
        .ok_or_else(Problem::not_found)?;
    let mut response = HttpResponse::Ok();
    if file.gzpipped {
        response.insert_header(header::ContentEncoding::Gzip);
    }
    Ok(response
        .content_type(file.content_type)
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(file.bytes.into_owned()))
}
