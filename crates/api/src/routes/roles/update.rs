use actix_web::patch;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    event::EventType,
    ids::RoleId,
    role::Role,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{happened, view::RoleView};
use crate::{
    call::Call,
    http::{
        answer::Answer, etag::IfMatch, json::Body, patch::Patch, problem::Problem, query::Path,
    },
};

/// What is to change; what is left out stays. Key and kind never change.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateRole {
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        nullable = false,
        example = "Tax Specialist"
    )]
    name: Option<String>,
    /// What it is for; null for nothing.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000, example = "Answers questions about taxes.")]
    description: Patch<String>,
    /// Whether its primary holder is the entity's primary lead; only for business roles.
    #[schema(nullable = false)]
    leads: Option<bool>,
}

impl UpdateRole {
    /// The role after the patch; the same one if it changes nothing.
    fn apply(self, role: &Role) -> Role {
        let mut after = role.clone();
        if let Some(name) = self.name {
            name.trim().clone_into(&mut after.name);
        }
        after.description = self.description.apply(after.description);
        if let Some(leads) = self.leads {
            after.leads = leads;
        }
        if after != *role {
            after.version += 1;
        }
        after
    }
}

/// Change a role.
///
/// Designers and admins may.
#[utoipa::path(
    params(("role_id" = Uuid, Path, description = "The role."), IfMatch),
    request_body = UpdateRole,
    responses((status = 200, description = "The role as it is now.", body = RoleView)),
)]
#[patch("/v1/roles/{role_id}")]
#[tracing::instrument(name = "update_role", skip_all)]
pub(crate) async fn update_role(
    call: Call,
    if_match: IfMatch,
    Path(id): Path<RoleId>,
    Body(body): Body<UpdateRole>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        let before = tx.lock_role(id).await?.ok_or_else(Problem::not_found)?;
        if_match.check(before.version)?;
        decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
        let after = body.clone().apply(&before);
        after.check()?;
        if after != before {
            tx.update_role(&after)?;
            tx.record(happened(EventType::RoleUpdated, Some(&before), &after));
        }
        let version = after.version;
        Ok(Answer::ok(&RoleView::new(after))?.version(version))
    })
    .await
}
