//! One folder a resource, one file an endpoint.

use utoipa_actix_web::service_config::ServiceConfig;

mod attributes;
mod audit;
mod documents;
mod events;
pub(crate) mod library;
pub mod me;
mod notifications;
mod process_types;
mod processes;
pub mod service;
pub mod sessions;
mod touchpoints;

/// The only list of routes: the server and the document are both made from it.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.configure(sessions::configure)
        .service(me::get_me)
        .configure(attributes::configure)
        .configure(documents::configure)
        .configure(touchpoints::configure)
        .configure(notifications::configure)
        .configure(events::configure)
        .configure(audit::configure)
        .configure(processes::configure)
        .configure(process_types::configure)
        .configure(library::configure)
        .configure(service::configure);
}
