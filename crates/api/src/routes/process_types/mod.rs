//! `/v1/process-types`: workflows as a firm writes them, from the first draft to the versions that run.

use domain::{
    access::starting::{FirmAction, decide_firm_action},
    fault::Fault,
    ids::ProcessTypeId,
    process_type::{EditRefused, ProcessType, ProcessTypeDocument, blank_texts},
};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{call::Call, http::problem::Problem};

mod archive;
mod check_draft;
pub(super) mod context;
mod create;
mod diagram;
mod diagram_draft;
mod diagram_version;
mod export;
mod get;
mod get_draft;
mod get_migration;
mod get_schema;
mod get_version;
mod import;
mod list;
mod list_versions;
mod manual;
mod manual_version;
pub(super) mod migrate;
mod migration_view;
mod publish;
mod put_draft;
mod simulate;
mod simulate_draft;
mod simulate_version;
mod simulation_view;
pub(super) mod trail;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_process_types)
        .service(create::create_process_type)
        .service(import::import_process_type)
        .service(get_schema::get_process_type_schema)
        .service(get::get_process_type)
        .service(get_draft::get_process_type_draft)
        .service(put_draft::put_process_type_draft)
        .service(check_draft::check_process_type_draft)
        .service(simulate_draft::simulate_process_type_draft)
        .service(publish::publish_process_type)
        .service(archive::archive_process_type)
        .service(list_versions::list_process_type_versions)
        .service(get_version::get_process_type_version)
        .service(simulate_version::simulate_process_type_version)
        .service(manual_version::get_process_type_version_manual)
        .service(manual::get_process_type_manual)
        .service(diagram::get_process_type_diagram)
        .service(diagram_draft::get_process_type_draft_diagram)
        .service(diagram_version::get_process_type_version_diagram)
        .service(export::export_process_type)
        .service(migrate::migrate_process_type)
        .service(get_migration::get_process_type_migration);
}

/// A process type that the caller may read.
async fn readable(call: &Call, id: ProcessTypeId) -> Result<ProcessType, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let found = call.reads().process_type(id).await?;
    found.ok_or_else(Problem::not_found)
}

/// Refuses a definition in which something that people read is blank, even as a draft.
fn require_readable(document: &ProcessTypeDocument) -> Result<(), Problem> {
    let blank = blank_texts(document);
    if blank.is_empty() {
        Ok(())
    } else {
        Err(Problem::invalid(blank))
    }
}

impl From<EditRefused> for Problem {
    fn from(refused: EditRefused) -> Self {
        let fault = |pointer, code, detail| Self::invalid(vec![Fault::new(pointer, code, detail)]);
        match refused {
            EditRefused::Archived => {
                Self::conflict("The process type is archived and does not change any more.")
            }
            EditRefused::NoDraft => Self::conflict("The process type has no draft; put one first."),
            EditRefused::OtherKey => fault(
                "/key",
                "fixed",
                "The key of a process type never changes: keep it, or create another type.",
            ),
            EditRefused::TakesEffectInThePast => fault(
                "/effective_at",
                "in-the-past",
                "A version takes effect when it is published or later.",
            ),
        }
    }
}
