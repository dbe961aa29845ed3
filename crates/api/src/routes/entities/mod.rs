//! `/v1/entities`: whom work is for, with their teams, relations and attributes.

use utoipa_actix_web::service_config::ServiceConfig;

mod access_log;
mod attribute_history;
pub(super) mod create;
mod get;
mod list;
mod record;
mod relations;
mod team;
mod update;
pub(super) mod values;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_entities)
        .service(create::create_entity)
        .service(get::get_entity)
        .service(update::update_entity)
        .service(attribute_history::list_attribute_values)
        .service(access_log::list_entity_access_log);
    team::configure(cfg);
    relations::configure(cfg);
}
