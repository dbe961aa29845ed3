//! `/v1/tasks`: work as people do it and hand it over.

use chrono::{DateTime, SubsecRound as _, Utc};
use utoipa_actix_web::service_config::ServiceConfig;

mod answers;
mod assign;
mod attempt_view;
mod cancel;
mod claim;
mod command;
mod complete;
mod completion;
mod create;
mod edit_form;
mod effects_view;
mod executors;
mod form_view;
mod get;
mod hold;
mod list;
mod list_of_entity;
pub(super) mod listed;
mod new_task;
mod permissions;
mod references;
mod release;
mod reopen;
mod reschedule;
mod resume;
mod retry;
mod set_checklist_item;
mod skip;
mod start;
mod submissions;
mod update;
mod view;
mod who;

pub(super) use list::TaskOrdering;
pub(crate) use view::{ItemView, TaskView};

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_tasks)
        .service(create::create_task)
        .service(get::get_task)
        .service(update::update_task)
        .service(complete::complete_task)
        .service(completion::get_task_completion)
        .service(start::start_task)
        .service(claim::claim_task)
        .service(release::release_task)
        .service(assign::assign_task)
        .service(skip::skip_task)
        .service(cancel::cancel_task)
        .service(retry::retry_task)
        .service(hold::hold_task)
        .service(resume::resume_task)
        .service(reopen::reopen_task)
        .service(reschedule::reschedule_task)
        .service(submissions::list::list_task_submissions)
        .service(submissions::create::create_task_submission)
        .service(submissions::answer::answer_task_submission)
        .service(set_checklist_item::set_checklist_item)
        .service(edit_form::edit_task_form)
        .service(permissions::get_task_permissions)
        .service(executors::list_task_executors)
        .service(list_of_entity::list_entity_tasks);
}

/// An instant as precise as it is kept.
fn micros(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}
