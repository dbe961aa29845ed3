//! `/v1/touchpoints`: contacts with clients.

use utoipa_actix_web::service_config::ServiceConfig;

mod create;
mod get;
mod list;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_touchpoints)
        .service(create::create_touchpoint)
        .service(get::get_touchpoint);
}
