use actix_web::{HttpResponse, get};
use domain::access::starting::{FirmAction, decide_firm_action};
use persistence::AttributeFilter;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::AttributeView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Query,
    },
};

/// Which definitions to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AttributeQuery {
    /// Those that an entity of this kind has: its own and, for a kind of client, those of all clients.
    #[param(
        pattern = "^[a-z][a-z0-9_]{0,79}$",
        example = "household",
        nullable = false
    )]
    entity_kind: Option<String>,
    /// Only archived ones, or only those still offered; both unless it is given.
    #[param(nullable = false)]
    archived: Option<bool>,
}

/// List the definitions of attributes.
///
/// Everyone of the firm may.
#[utoipa::path(
    params(AttributeQuery, PageQuery),
    responses((status = 200, description = "By kind of entity, then key.", body = PageView<AttributeView>)),
)]
#[get("/v1/attributes")]
#[tracing::instrument(name = "list_attributes", skip_all)]
pub(crate) async fn list_attributes(
    call: Call,
    Query(query): Query<AttributeQuery>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let filter = AttributeFilter {
        entity_kind: query.entity_kind,
        archived: query.archived,
    };
    let asked = call.page_request(&paging)?;
    let page = call.reads().list_attributes(&filter, asked).await?;
    call.page(
        &paging,
        page.map(|attribute| AttributeView::from(&attribute)),
    )
}
