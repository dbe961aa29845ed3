use actix_web::get;
use domain::ids::EntityId;

use super::{record::Record, view::EntityView};
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// Read an entity.
///
/// Whoever may see it may.
#[utoipa::path(
    params(("entity_id" = Uuid, Path, description = "The entity; the firm's own has the id of the firm.")),
    responses((status = 200, description = "The entity.", body = EntityView)),
)]
#[get("/v1/entities/{entity_id}")]
#[tracing::instrument(name = "get_entity", skip_all)]
pub(crate) async fn get_entity(call: Call, Path(id): Path<EntityId>) -> Result<Answer, Problem> {
    let record = Record::read(&call, id).await?;
    let view = EntityView::new(&record.entity, &record.catalog.attributes);
    Ok(Answer::ok(&view)?.version(record.entity.version))
}
