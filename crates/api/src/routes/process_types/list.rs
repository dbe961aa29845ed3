use actix_web::{HttpResponse, get};
use domain::access::starting::{FirmAction, decide_firm_action};
use persistence::ProcessTypeFilter;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::ProcessTypeView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Query,
    },
};

/// Which process types.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProcessTypeQuery {
    /// In this category.
    #[param(nullable = false, pattern = "^[a-z][a-z0-9_]{0,79}$")]
    category: Option<String>,
    /// With a name that begins like this, whatever the case.
    #[param(nullable = false, min_length = 1, max_length = 120)]
    q: Option<String>,
    /// Archived ones, or those that are not; both unless told.
    #[param(nullable = false)]
    archived: Option<bool>,
}

/// List process types.
///
/// Everyone of the firm may.
#[utoipa::path(
    params(ProcessTypeQuery, PageQuery),
    responses((status = 200, description = "By name.", body = PageView<ProcessTypeView>)),
)]
#[get("/v1/process-types")]
#[tracing::instrument(name = "list_process_types", skip_all)]
pub(crate) async fn list_process_types(
    call: Call,
    paging: Paging,
    Query(query): Query<ProcessTypeQuery>,
) -> Result<HttpResponse, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let filter = ProcessTypeFilter {
        category: query.category,
        archived: query.archived,
        name_prefix: query.q,
    };
    let asked = call.page_request(&paging)?;
    let page = call.reads().list_process_types(&filter, asked).await?;
    call.page(&paging, page.map(ProcessTypeView::from))
}
