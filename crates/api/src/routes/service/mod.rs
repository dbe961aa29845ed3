//! What operators and developers need: health, the document and its reader, explanations of problems.

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

mod docs;
mod get_liveness;
mod get_open_api;
mod get_problem;
mod get_readiness;
mod list_problems;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(get_liveness::get_liveness)
        .service(get_readiness::get_readiness)
        .service(get_open_api::get_open_api)
        .service(list_problems::list_problems)
        .service(get_problem::get_problem)
        .map(|cfg| {
            cfg.route("/docs", web::get().to(docs::redirect))
                .service(docs::swagger_ui())
        });
}
