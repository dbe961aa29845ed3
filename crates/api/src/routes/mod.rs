//! One folder a resource, one file an endpoint.

use utoipa_actix_web::service_config::ServiceConfig;

pub mod firm;
pub mod holidays;
pub mod me;
pub mod roles;
pub mod service;
pub mod sessions;
pub mod teams;
pub mod users;

/// The only list of routes: the server and the document are both made from it.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.configure(sessions::configure)
        .service(me::get_me)
        .configure(firm::configure)
        .configure(holidays::configure)
        .configure(users::configure)
        .configure(teams::configure)
        .configure(roles::configure)
        .configure(service::configure);
}
