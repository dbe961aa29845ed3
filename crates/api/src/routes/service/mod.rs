//! What operators and developers need: health, the document and its reader, explanations of problems.

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

mod docs;
mod live;
mod openapi_document;
mod problem_list;
mod problem_page;
mod ready;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(live::live)
        .service(ready::ready)
        .service(openapi_document::openapi_document)
        .service(problem_list::problem_list)
        .service(problem_page::problem_page)
        .map(|cfg| {
            cfg.route("/docs", web::get().to(docs::redirect))
                .service(docs::swagger_ui())
        });
}
