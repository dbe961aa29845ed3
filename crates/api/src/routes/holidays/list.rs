use actix_web::{HttpResponse, get};
use domain::access::starting::{FirmAction, decide_firm_action};

use super::view::HolidayView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
    },
};

/// List the firm's own closing days.
///
/// Everyone of the firm may. The holidays that come with the calendars are in `GET /v1/firm/calendar`.
#[utoipa::path(
    params(PageQuery),
    responses((status = 200, description = "By date.", body = PageView<HolidayView>)),
)]
#[get("/v1/firm/holidays")]
#[tracing::instrument(name = "list_holidays", skip_all)]
pub(crate) async fn list_holidays(call: Call, paging: Paging) -> Result<HttpResponse, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let asked = call.page_request(&paging)?;
    let page = call.reads().list_holidays(asked).await?;
    call.page(&paging, page.map(HolidayView::new))
}
