use actix_web::patch;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    event::EventType,
    ids::AttributeId,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::{AttributeOption, AttributeView, told};
use crate::{
    call::Call,
    http::{answer::Answer, etag::IfMatch, json::Body, problem::Problem, query::Path},
};

/// What changes about a definition; its key, kind and type never do.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateAttribute {
    /// What people call it.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        nullable = false,
        example = "Risk appetite"
    )]
    label: Option<String>,
    /// All that may be chosen from now on; values that were given before stay.
    #[schema(
        value_type = Option<std::collections::BTreeSet<AttributeOption>>,
        max_items = 500,
        nullable = false,
        example = json!(["cautious", "balanced", "bold"])
    )]
    options: Option<Vec<String>>,
    /// Whether it is no longer offered.
    #[schema(nullable = false, example = false)]
    archived: Option<bool>,
}

/// Change the definition of an attribute.
///
/// Designers and admins may. Instead of being deleted it is archived.
#[utoipa::path(
    params(("attribute_id" = Uuid, Path, description = "The attribute."), IfMatch),
    request_body = UpdateAttribute,
    responses((status = 200, description = "The definition as it is now.", body = AttributeView)),
)]
#[patch("/v1/attributes/{attribute_id}")]
#[tracing::instrument(name = "update_attribute", skip_all)]
pub(crate) async fn update_attribute(
    call: Call,
    if_match: IfMatch,
    Path(id): Path<AttributeId>,
    Body(body): Body<UpdateAttribute>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        let before = tx.lock_attribute(id).await?;
        let before = before.ok_or_else(Problem::not_found)?;
        if_match.check(before.version)?;
        decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
        let mut after = before.clone();
        if let Some(label) = &body.label {
            label.trim().clone_into(&mut after.label);
        }
        if let Some(options) = &body.options {
            after.options = options
                .iter()
                .map(|option| option.trim().to_owned())
                .collect();
        }
        if let Some(archived) = body.archived {
            after.archived = archived;
        }
        let faults = after.check();
        if !faults.is_empty() {
            return Err(faults.into());
        }
        if after != before {
            after.version += 1;
            tx.update_attribute(&after)?;
            tx.record(told(EventType::AttributeUpdated, Some(&before), &after));
        }
        Ok(Answer::ok(&AttributeView::from(&after))?.version(after.version))
    })
    .await
}
