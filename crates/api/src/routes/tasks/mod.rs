//! `/v1/tasks`: work as people do it and hand it over.

use utoipa_actix_web::service_config::ServiceConfig;

mod answers;
mod attempt_view;
mod command;
mod complete;
mod effects_view;
mod form_view;
mod get;
mod view;

pub(crate) use view::TaskView;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(get::get_task).service(complete::complete_task);
}
