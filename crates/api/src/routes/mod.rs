//! One folder a resource, one file an endpoint.

use utoipa_actix_web::service_config::ServiceConfig;

pub mod me;
pub mod service;
pub mod sessions;
pub(crate) mod tasks;
mod work;

/// The only list of routes: the server and the document are both made from it.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.configure(sessions::configure)
        .service(me::get_me)
        .configure(tasks::configure)
        .configure(work::configure)
        .configure(service::configure);
}
