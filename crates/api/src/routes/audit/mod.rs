//! `/v1/audit`: who did what, provable.

use utoipa_actix_web::service_config::ServiceConfig;

mod list;
mod list_checkpoints;
mod verify;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_audit)
        .service(list_checkpoints::list_audit_checkpoints)
        .service(verify::verify_audit);
}
