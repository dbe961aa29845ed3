//! `/v1/notifications`: what the caller was told.

use utoipa_actix_web::service_config::ServiceConfig;

mod list;
mod read;
mod read_all;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_notifications)
        .service(read_all::read_all_notifications)
        .service(read::read_notification);
}
