//! `/v1/teams`: teams of users, and who is on them.

use domain::{
    event::{EventType, Occurrence, SubjectType},
    process::engine::snapshot,
    user::Team,
};
use utoipa_actix_web::service_config::ServiceConfig;

mod add_member;
mod create;
mod delete;
mod get;
mod list;
mod remove_member;
mod update;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_teams)
        .service(create::create_team)
        .service(get::get_team)
        .service(update::update_team)
        .service(delete::delete_team)
        .service(add_member::add_team_member)
        .service(remove_member::remove_team_member);
}

fn created(team: &Team) -> Occurrence {
    Occurrence {
        event: EventType::TeamCreated,
        subject_type: SubjectType::Team,
        subject_id: team.id.0,
        entity_id: None,
        before: None,
        after: Some(snapshot(team)),
    }
}

fn updated(before: &Team, after: &Team) -> Occurrence {
    Occurrence {
        event: EventType::TeamUpdated,
        before: Some(snapshot(before)),
        ..created(after)
    }
}

fn deleted(team: &Team) -> Occurrence {
    Occurrence {
        event: EventType::TeamDeleted,
        before: Some(snapshot(team)),
        after: None,
        ..created(team)
    }
}
