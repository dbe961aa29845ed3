use actix_web::{HttpResponse, get, http::header};
use domain::{ids::ProcessTypeId, process_type::ProcessTypeDocument};
use serde::Deserialize;
use utoipa::IntoParams;

use super::readable;
use crate::{
    call::Call,
    http::{
        problem::Problem,
        query::{Path, Query},
        yaml,
    },
};

/// What to export.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    /// This version; the newest published one unless told, or the draft while none is.
    #[param(nullable = false, minimum = 1, maximum = 2_147_483_647)]
    version: Option<i32>,
}

/// Export a process type.
///
/// Everyone of the firm may. The file can be imported again, here or in another firm.
#[utoipa::path(
    params(("process_type_id" = Uuid, Path, description = "The process type."), ExportQuery),
    responses((
        status = 200,
        description = "The definition as a YAML file.",
        content_type = "application/yaml",
        body = ProcessTypeDocument,
        headers(("Content-Disposition" = String, description = "A name for the file.")),
    )),
)]
#[get("/v1/process-types/{process_type_id}/export")]
#[tracing::instrument(name = "export_process_type", skip_all)]
pub(crate) async fn export_process_type(
    call: Call,
    Path(id): Path<ProcessTypeId>,
    Query(query): Query<ExportQuery>,
) -> Result<HttpResponse, Problem> {
    let found = readable(&call, id).await?;
    let newest = found.published_version.or(found.draft_version);
    let number = query.version.or(newest).ok_or_else(Problem::not_found)?;
    let version = call.reads().process_type_version(id, number).await?;
    let version = version.ok_or_else(Problem::not_found)?;
    let text = library::write_yaml(&version.definition).map_err(Problem::internal)?;
    // A key has no character that would have to be quoted.
    let name = format!("attachment; filename=\"{}-{number}.yaml\"", found.key);
    Ok(HttpResponse::Ok()
        .content_type(yaml::MEDIA_TYPE)
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(text))
}
