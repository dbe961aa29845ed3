//! One folder a resource, one file an endpoint.

use utoipa_actix_web::service_config::ServiceConfig;

mod attributes;
mod audit;
mod batches;
mod covers;
mod diagram;
mod documents;
mod entities;
mod events;
mod expand;
mod firm;
mod holidays;
mod jobs;
pub(crate) mod library;
mod me;
mod notifications;
mod process_types;
mod processes;
mod reports;
mod roles;
mod schedules;
mod service;
mod sessions;
mod tasks;
mod teams;
mod touchpoints;
mod users;
mod work;

/// The only list of routes: the server and the document are both made from it.
pub fn configure(cfg: &mut ServiceConfig) {
    // Routes are tried one after the other, so that what is asked for most comes first.
    cfg.configure(tasks::configure)
        .configure(work::configure)
        .configure(processes::configure)
        .configure(entities::configure)
        .configure(sessions::configure)
        .service(me::get_me)
        .configure(firm::configure)
        .configure(holidays::configure)
        .configure(users::configure)
        .configure(teams::configure)
        .configure(covers::configure)
        .configure(roles::configure)
        .configure(attributes::configure)
        .configure(process_types::configure)
        .configure(library::configure)
        .configure(reports::configure)
        .configure(schedules::configure)
        .configure(batches::configure)
        .configure(jobs::configure)
        .configure(documents::configure)
        .configure(touchpoints::configure)
        .configure(notifications::configure)
        .configure(events::configure)
        .configure(audit::configure)
        .configure(service::configure);
}
