use actix_web::{HttpResponse, get};
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    role::RoleKind,
};
use persistence::RoleFilter;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::RoleView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Query,
    },
};

/// Which roles.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RoleQuery {
    /// Of one of these kinds, separated by commas.
    #[param(style = Form, explode = false, min_items = 1, nullable = false)]
    kind: Option<Vec<RoleKind>>,
    /// With a key, or a word of the name, that begins like this; case does not matter.
    #[param(min_length = 1, max_length = 200, nullable = false, example = "adv")]
    q: Option<String>,
}

/// List roles.
///
/// Everyone of the firm may.
#[utoipa::path(
    params(RoleQuery, PageQuery),
    responses((status = 200, description = "By key.", body = PageView<RoleView>)),
)]
#[get("/v1/roles")]
#[tracing::instrument(name = "list_roles", skip_all)]
pub(crate) async fn list_roles(
    call: Call,
    Query(query): Query<RoleQuery>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let filter = RoleFilter {
        kinds: query.kind.unwrap_or_default(),
        beginning: query.q,
    };
    let asked = call.page_request(&paging)?;
    let page = call.reads().list_roles(&filter, asked).await?;
    call.page(&paging, page.map(RoleView::new))
}
