use actix_web::get;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::AttributeId,
};

use super::view::AttributeView;
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// Read the definition of an attribute.
///
/// Everyone of the firm may.
#[utoipa::path(
    params(("attribute_id" = Uuid, Path, description = "The attribute.")),
    responses((status = 200, description = "The definition.", body = AttributeView)),
)]
#[get("/v1/attributes/{attribute_id}")]
#[tracing::instrument(name = "get_attribute", skip_all)]
pub(crate) async fn get_attribute(
    call: Call,
    Path(id): Path<AttributeId>,
) -> Result<Answer, Problem> {
    let found = call.reads().attribute(id).await?;
    let attribute = found.ok_or_else(Problem::not_found)?;
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    Ok(Answer::ok(&AttributeView::from(&attribute))?.version(attribute.version))
}
