use actix_web::get;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::{MigrationId, ProcessTypeId},
};
use serde::Deserialize;

use super::migration_view::{ProcessTypeMigrationView, SHOWN};
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// Which migration of which type.
#[derive(Debug, Deserialize)]
pub(crate) struct MigrationPath {
    process_type_id: ProcessTypeId,
    migration_id: MigrationId,
}

/// Follow the migration of a type's processes.
///
/// Whoever asked for it; auditors.
#[utoipa::path(
    params(
        ("process_type_id" = Uuid, Path, description = "The process type."),
        ("migration_id" = Uuid, Path, description = "The migration."),
    ),
    responses((status = 200, description = "How far it has come.", body = ProcessTypeMigrationView)),
)]
#[get("/v1/process-types/{process_type_id}/migrations/{migration_id}")]
#[tracing::instrument(name = "get_process_type_migration", skip_all)]
pub(crate) async fn get_process_type_migration(
    call: Call,
    Path(path): Path<MigrationPath>,
) -> Result<Answer, Problem> {
    let reads = call.reads();
    let asked = reads
        .process_migration(path.migration_id)
        .await?
        .filter(|asked| asked.process_type_id == path.process_type_id)
        .filter(|asked| asked.is_followed_by(call.actor()))
        .ok_or_else(Problem::not_found)?;
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let counts = reads.migration_counts(asked.id).await?;
    let refused = reads.refused_moves(asked.id, SHOWN).await?;
    let ids: Vec<_> = refused.iter().map(|refused| refused.process_id).collect();
    let scope = call.work_scope(&*call.catalog().await?);
    let seen = reads.processes_seen(&scope, &ids).await?;
    Answer::ok(&ProcessTypeMigrationView::new(
        asked, &counts, refused, &seen,
    ))
}
