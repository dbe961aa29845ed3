use actix_web::get;
use domain::access::starting::{FirmAction, decide_firm_action};

use super::view::FirmView;
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem},
};

/// Read the firm's settings.
///
/// Everyone of the firm may.
#[utoipa::path(responses((status = 200, description = "The firm.", body = FirmView)))]
#[get("/v1/firm")]
#[tracing::instrument(name = "get_firm", skip_all)]
pub(crate) async fn get_firm(call: Call) -> Result<Answer, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let catalog = call.catalog().await?;
    let firm = &catalog.firm;
    Ok(Answer::ok(&FirmView::new(firm))?.version(firm.version))
}
