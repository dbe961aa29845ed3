//! `/v1/processes`: workflows that run for an entity.

use utoipa_actix_web::service_config::ServiceConfig;

mod cancel;
mod change;
mod diagram;
mod get;
mod history;
mod hold;
mod list;
mod migrate;
pub(super) mod migration_view;
mod resume;
mod start;
mod tasks;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_processes)
        .service(start::start_process)
        .service(get::get_process)
        .service(tasks::list_process_tasks)
        .service(diagram::get_process_diagram)
        .service(history::get_process_history)
        .service(cancel::cancel_process)
        .service(hold::hold_process)
        .service(resume::resume_process)
        .service(migrate::migrate_process);
}
