use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use domain::{ids::EntityId, value::FieldValue};
use persistence::AttributeHistoryEntry;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::record::Record;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::{Path, Query},
    },
};

/// Which of an entity's values are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AttributeValueQuery {
    /// Of this attribute; `status` has a history, too.
    #[param(
        pattern = "^[a-z][a-z0-9_]{0,79}$",
        nullable = false,
        example = "risk_profile"
    )]
    attribute: Option<String>,
}

/// One change of an attribute's value.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttributeValueView {
    id: Uuid,
    /// Key of the attribute, or `status`.
    #[schema(example = "risk_profile")]
    attribute: String,
    /// What it was; null: it had no value.
    before: Option<FieldValue>,
    /// What it became; null: it was cleared.
    after: Option<FieldValue>,
    /// The task whose completion wrote it; null for changes by hand.
    task_id: Option<Uuid>,
    /// Who did it; null where nobody acted.
    by: Option<Uuid>,
    at: DateTime<Utc>,
}

impl From<AttributeHistoryEntry> for AttributeValueView {
    fn from(entry: AttributeHistoryEntry) -> Self {
        let write = entry.write;
        Self {
            id: entry.id,
            attribute: write.attribute,
            before: write.before,
            after: write.after,
            task_id: write.task_id.map(Uuid::from),
            by: write.by.map(Uuid::from),
            at: entry.at,
        }
    }
}

/// List the values that an entity's attributes have had.
///
/// Whoever may see the entity may.
#[utoipa::path(
    params(
        ("entity_id" = Uuid, Path, description = "The entity."),
        AttributeValueQuery,
        PageQuery,
    ),
    responses((status = 200, description = "Newest first.", body = PageView<AttributeValueView>)),
)]
#[get("/v1/entities/{entity_id}/attribute-history")]
#[tracing::instrument(name = "list_attribute_values", skip_all)]
pub(crate) async fn list_attribute_values(
    call: Call,
    Path(id): Path<EntityId>,
    Query(query): Query<AttributeValueQuery>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let asked = call.page_request(&paging)?;
    Record::read(&call, id).await?;
    let page = call
        .reads()
        .list_attribute_history(id, query.attribute.as_deref(), asked)
        .await?;
    call.page(&paging, page.map(AttributeValueView::from))
}
