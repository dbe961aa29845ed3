//! `/v1/notifications`: what the caller was told.

use utoipa_actix_web::service_config::ServiceConfig;

mod list;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_notifications);
}
