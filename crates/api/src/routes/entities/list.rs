use actix_web::{HttpResponse, get};
use domain::{access::visibility::EntityScope, ids::TeamId};
use persistence::{EntityFilter, EntitySort};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::view::EntityView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Query,
    },
};

/// Which entities are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EntityQuery {
    /// Of one of these kinds; `client` stands for household, person, organization and trust.
    #[param(
        style = Form, explode = false, min_items = 1, max_items = 20, nullable = false,
        pattern = "^[a-z][a-z0-9_]{0,79}$", example = json!(["household", "trust"]),
    )]
    kind: Option<Vec<String>>,
    /// With this status.
    #[param(
        pattern = "^[a-z][a-z0-9_]{0,79}$",
        nullable = false,
        example = "client"
    )]
    status: Option<String>,
    /// Belonging to this team of users.
    #[param(nullable = false)]
    team_id: Option<Uuid>,
    /// With a name that begins like this, in capitals or not.
    #[param(min_length = 1, max_length = 200, nullable = false, example = "Oka")]
    q: Option<String>,
    /// In which order, by name unless told otherwise; `-` is for the reverse.
    #[param(inline, nullable = false)]
    sort: Option<EntityOrder>,
}

/// In which order entities are listed.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum EntityOrder {
    #[default]
    Name,
    CreatedAt,
    #[serde(rename = "-created_at")]
    NewestFirst,
}

/// List entities.
///
/// Everyone may, and gets those that they may see.
#[utoipa::path(
    params(EntityQuery, PageQuery),
    responses((status = 200, description = "In the order asked for.", body = PageView<EntityView>)),
)]
#[get("/v1/entities")]
#[tracing::instrument(name = "list_entities", skip_all)]
pub(crate) async fn list_entities(
    call: Call,
    Query(query): Query<EntityQuery>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let asked = call.page_request(&paging)?;
    let filter = EntityFilter {
        kinds: query.kind.unwrap_or_default(),
        status: query.status,
        name_prefix: query.q,
        team: query.team_id.map(TeamId),
    };
    let catalog = call.catalog().await?;
    let scope = EntityScope::of(call.actor(), &catalog.firm);
    let sort = match query.sort.unwrap_or_default() {
        EntityOrder::Name => EntitySort::Name,
        EntityOrder::CreatedAt => EntitySort::Oldest,
        EntityOrder::NewestFirst => EntitySort::Newest,
    };
    let page = call
        .reads()
        .list_entities(&scope, &filter, sort, asked)
        .await?;
    let shown = page.items.iter().map(|entity| entity.id);
    call.shows(&catalog, shown).await?;
    let views = page.map(|entity| EntityView::new(&entity, &catalog.attributes));
    call.page(&paging, views)
}
