//! `/v1/attributes`: the firm's own data about entities.

use utoipa_actix_web::service_config::ServiceConfig;

mod create;
mod get;
mod list;
mod update;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_attributes)
        .service(create::create_attribute)
        .service(get::get_attribute)
        .service(update::update_attribute);
}
