//! One folder a resource, one file an endpoint.

use utoipa_actix_web::service_config::ServiceConfig;

mod attributes;
mod audit;
mod documents;
mod events;
pub mod entities;
pub mod me;
mod notifications;
pub mod library;
pub mod process_types;
pub mod service;
pub mod sessions;
mod touchpoints;
pub mod firm;
pub mod holidays;
pub mod roles;
pub mod teams;
pub mod users;
pub(crate) mod tasks;

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
        .configure(firm::configure)
        .configure(holidays::configure)
        .configure(users::configure)
        .configure(teams::configure)
        .configure(roles::configure)
        .configure(process_types::configure)
        .configure(library::configure)
        .configure(entities::configure)
        .configure(tasks::configure)
        .configure(service::configure);
}
