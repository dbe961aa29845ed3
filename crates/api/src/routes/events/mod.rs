//! `/v1/events`: what changed, in order, for other systems.

use utoipa_actix_web::service_config::ServiceConfig;

mod list;
pub(super) mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_events);
}
