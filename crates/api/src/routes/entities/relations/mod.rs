//! `/v1/entities/{entity_id}/relations`: how entities are linked with one another.

use domain::{
    entity::Relation,
    event::{EventType, Occurrence, SubjectType},
    ids::EntityId,
};
use utoipa_actix_web::service_config::ServiceConfig;

mod create;
mod delete;
mod list;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_entity_relations)
        .service(create::create_entity_relation)
        .service(delete::delete_entity_relation);
}

/// What the trail tells of a link, beside the link itself.
fn occurrence(event: EventType, relation: &Relation, of: EntityId) -> Occurrence {
    Occurrence {
        event,
        subject_type: SubjectType::Relation,
        subject_id: relation.id.0,
        entity_id: Some(of),
        before: None,
        after: None,
    }
}

/// The entity at the other end.
fn other_end(relation: &Relation, here: EntityId) -> EntityId {
    if relation.from_entity_id == here {
        relation.to_entity_id
    } else {
        relation.from_entity_id
    }
}
