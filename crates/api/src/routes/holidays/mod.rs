//! `/v1/firm/holidays`: the days on which the firm itself is closed.

use domain::{
    event::{EventType, Occurrence, SubjectType},
    firm::Holiday,
    process::engine::snapshot,
};
use utoipa_actix_web::service_config::ServiceConfig;

mod create;
mod delete;
mod list;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_holidays)
        .service(create::create_holiday)
        .service(delete::delete_holiday);
}

fn added(holiday: &Holiday) -> Occurrence {
    Occurrence {
        event: EventType::HolidayCreated,
        subject_type: SubjectType::Holiday,
        subject_id: holiday.id.0,
        entity_id: None,
        before: None,
        after: Some(snapshot(holiday)),
    }
}

fn taken_away(holiday: &Holiday) -> Occurrence {
    Occurrence {
        event: EventType::HolidayDeleted,
        subject_type: SubjectType::Holiday,
        subject_id: holiday.id.0,
        entity_id: None,
        before: Some(snapshot(holiday)),
        after: None,
    }
}
