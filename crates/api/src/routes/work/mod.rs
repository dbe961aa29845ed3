//! `/v1/work`: what is there to do for the caller.

use utoipa_actix_web::service_config::ServiceConfig;

mod list;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_work);
}
