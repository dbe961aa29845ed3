use actix_web::{HttpResponse, get};
use domain::{access::cover::CoverScope, ids::UserId};
use persistence::CoverFilter;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{seen::records_of, view::CoverView};
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Query,
    },
};

/// Which covers are listed.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CoverQuery {
    /// For this absent person.
    #[param(value_type = Option<Uuid>, nullable = false)]
    absent_id: Option<UserId>,
    /// In which this person stands in.
    #[param(value_type = Option<Uuid>, nullable = false)]
    cover_user_id: Option<UserId>,
    /// Those that are over, too (`true`); left out or `false`: only others.
    #[param(nullable = false)]
    over: Option<bool>,
}

/// List covers.
///
/// Everyone may, those in which they, or somebody whom they manage, are absent or stand in; admins and auditors all.
#[utoipa::path(
    params(CoverQuery, PageQuery),
    responses((status = 200, description = "In the order in which they were made.", body = PageView<CoverView>)),
)]
#[get("/v1/covers")]
#[tracing::instrument(name = "list_covers", skip_all)]
pub(crate) async fn list_covers(
    call: Call,
    Query(query): Query<CoverQuery>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let filter = CoverFilter {
        absent: query.absent_id,
        by: query.cover_user_id,
        open_at: (query.over != Some(true)).then(|| call.state().ambient.now()),
    };
    let asked = call.page_request(&paging)?;
    let scope = CoverScope::of(call.actor());
    let page = call.reads().list_covers(&scope, filter, asked).await?;
    let seen = records_of(&call, &page.items).await?;
    call.page(&paging, page.map(|cover| CoverView::new(cover, &seen)))
}
