//! `/v1/users`: the people of the firm.

use domain::{
    event::{EventType, Occurrence, SubjectType},
    process::engine::snapshot,
    user::User,
};
use utoipa_actix_web::service_config::ServiceConfig;

mod create;
mod get;
mod hand_over;
mod hand_over_view;
mod list;
mod set_password;
mod update;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_users)
        .service(create::create_user)
        .service(get::get_user)
        .service(update::update_user)
        .service(set_password::set_user_password)
        .service(hand_over::hand_over_work);
}

fn happened(event: EventType, before: Option<&User>, after: &User) -> Occurrence {
    Occurrence {
        event,
        subject_type: SubjectType::User,
        subject_id: after.id.0,
        entity_id: None,
        before: before.map(snapshot),
        after: Some(snapshot(after)),
    }
}
