use actix_web::{HttpResponse, get};

use super::get_problem::page;
use crate::http::code::Code;

/// List the problems that answers can name.
///
/// Anyone may read it.
#[utoipa::path(
    responses((status = 200, description = "A page for people.", content_type = "text/html", body = String)),
)]
#[get("/problems")]
pub(crate) async fn list_problems() -> HttpResponse {
    let items: Vec<String> = Code::ALL
        .iter()
        .map(|code| {
            format!(
                "<li><a href=\"/problems/{code}\"><code>{code}</code></a> {status} {title}</li>",
                code = code.as_str(),
                status = code.status().as_u16(),
                title = code.title(),
            )
        })
        .collect();
    page("Problems", &format!("<ul>{}</ul>", items.concat()))
}
