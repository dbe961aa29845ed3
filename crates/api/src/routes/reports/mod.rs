//! `/v1/reports`: figures about work, counted when they are asked for.

use utoipa_actix_web::service_config::ServiceConfig;

mod gather;
mod process_performance;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(process_performance::get_process_performance);
}
