use actix_web::{HttpResponse, get};
use domain::access::starting::{FirmAction, decide_firm_action};

use super::view::TeamView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
    },
};

/// List teams.
///
/// Everyone of the firm may.
#[utoipa::path(
    params(PageQuery),
    responses((status = 200, description = "By name.", body = PageView<TeamView>)),
)]
#[get("/v1/teams")]
#[tracing::instrument(name = "list_teams", skip_all)]
pub(crate) async fn list_teams(call: Call, paging: Paging) -> Result<HttpResponse, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let asked = call.page_request(&paging)?;
    let page = call.reads().list_teams(asked).await?;
    call.page(&paging, page.map(TeamView::new))
}
