//! `/v1/firm`: the firm's settings, and its calendar.

use utoipa_actix_web::service_config::ServiceConfig;

mod calendar;
mod get;
mod policies;
mod update;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(get::get_firm)
        .service(update::update_firm)
        .service(calendar::get_firm_calendar);
}
