//! `/v1/library`: the workflows that ship with Baton, to look at and to install.

use utoipa_actix_web::service_config::ServiceConfig;

mod diagram;
mod get;
mod install;
pub(crate) mod installation;
mod list;
mod manual;
mod upgrade;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_library)
        .service(get::get_library_workflow)
        .service(manual::get_library_manual)
        .service(diagram::get_library_workflow_diagram)
        .service(upgrade::get_library_upgrade)
        .service(install::install_library_workflow);
}
