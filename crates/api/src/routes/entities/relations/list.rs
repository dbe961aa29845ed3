use actix_web::{HttpResponse, get};
use domain::{access::visibility::EntityScope, ids::EntityId};

use super::{super::record::Record, other_end, view::EntityRelationView};
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Path,
    },
};

/// List the relations of an entity.
///
/// Whoever may see the entity may, and gets its relations with the entities that they may see.
#[utoipa::path(
    params(("entity_id" = Uuid, Path, description = "The entity."), PageQuery),
    responses((
        status = 200,
        description = "From it and to it, in the order in which they were noted.",
        body = PageView<EntityRelationView>,
    )),
)]
#[get("/v1/entities/{entity_id}/relations")]
#[tracing::instrument(name = "list_entity_relations", skip_all)]
pub(crate) async fn list_entity_relations(
    call: Call,
    Path(id): Path<EntityId>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let asked = call.page_request(&paging)?;
    let record = Record::read(&call, id).await?;
    let scope = EntityScope::of(call.actor(), &record.catalog.firm);
    let page = call.reads().list_relations(id, &scope, asked).await?;
    let others: Vec<EntityId> = page.items.iter().map(|link| other_end(link, id)).collect();
    let others = call.reads().entities(&others).await?;
    let views = page.items.iter().filter_map(|link| {
        let other = others.get(&other_end(link, id))?;
        Some(EntityRelationView::new(link, other))
    });
    let views = views.collect();
    call.page(&paging, page.with_items(views))
}
