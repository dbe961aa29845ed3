use std::sync::LazyLock;

use actix_web::{HttpResponse, get};
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    process_type::json_schema,
};

use crate::{call::Call, http::problem::Problem};

static SCHEMA: LazyLock<String> = LazyLock::new(|| json_schema().to_string());

/// Read the JSON Schema of process types.
///
/// Everyone of the firm may. Editors complete and check definitions with it.
#[utoipa::path(
    responses((
        status = 200,
        description = "A JSON Schema (2020-12), complete in itself.",
        content_type = "application/schema+json",
        body = Object,
    )),
)]
#[get("/v1/process-types/schema")]
#[tracing::instrument(name = "get_process_type_schema", skip_all)]
pub(crate) async fn get_process_type_schema(call: Call) -> Result<HttpResponse, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    Ok(HttpResponse::Ok()
        .content_type("application/schema+json")
        .body(SCHEMA.as_str()))
}
