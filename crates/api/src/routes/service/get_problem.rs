use actix_web::{HttpResponse, get, http::header};

use crate::http::{code::Code, problem::Problem, query::Path};

/// Explain a problem.
///
/// Anyone may read it: the `type` of every problem leads here.
#[utoipa::path(
    params(("code" = Code, Path, description = "The code of the problem.")),
    responses((status = 200, description = "A page for people.", content_type = "text/html", body = String)),
)]
#[get("/problems/{code}")]
pub(crate) async fn get_problem(Path(code): Path<String>) -> Result<HttpResponse, Problem> {
    let code = Code::parse(&code).ok_or_else(Problem::not_found)?;
    let content = format!(
        "<p><code>{}</code>, status {}</p><p>{}</p><p><a href=\"/problems\">All problems</a></p>",
        code.as_str(),
        code.status().as_u16(),
        code.explanation(),
    );
    Ok(page(code.title(), &content))
}

/// A small page of text; nothing in it comes from a request.
pub(super) fn page(title: &str, content: &str) -> HttpResponse {
    const STYLE: &str = "body{font:1rem/1.6 system-ui,sans-serif;max-width:42rem;margin:3rem auto;\
                         padding:0 1rem;color-scheme:light dark}";
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title} · Baton</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style>\
         <h1>{title}</h1>{content}</html>"
    );
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(html)
}
