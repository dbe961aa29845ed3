//! `/v1/roles`: what people can be on an entity's teams.

use domain::{
    event::{EventType, Occurrence, SubjectType},
    process::engine::snapshot,
    role::Role,
};
use utoipa_actix_web::service_config::ServiceConfig;

mod create;
mod get;
mod list;
mod update;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_roles)
        .service(create::create_role)
        .service(get::get_role)
        .service(update::update_role);
}

fn happened(event: EventType, before: Option<&Role>, after: &Role) -> Occurrence {
    Occurrence {
        event,
        subject_type: SubjectType::Role,
        subject_id: after.id.0,
        entity_id: None,
        before: before.map(snapshot),
        after: Some(snapshot(after)),
    }
}
