use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    event::EventType,
    ids::RoleId,
    role::{Role, RoleKind},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{happened, view::RoleView};
use crate::{
    call::Call,
    http::{answer::Answer, json::Body, problem::Problem},
};

/// A new role.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateRole {
    /// Unique in the firm; never changes. Process types name the role by it.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "tax_specialist")]
    key: String,
    /// What people call it; two roles may share a name.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        example = "Tax Specialist"
    )]
    name: String,
    kind: RoleKind,
    /// What it is for.
    #[schema(max_length = 2000, example = "Answers questions about taxes.")]
    description: Option<String>,
    /// Whether its primary holder is the entity's primary lead; only for business roles.
    #[serde(default)]
    leads: bool,
}

/// Make a role.
///
/// Designers and admins may.
#[utoipa::path(
    request_body = CreateRole,
    responses((status = 201, description = "The role.", body = RoleView)),
)]
#[post("/v1/roles")]
#[tracing::instrument(name = "create_role", skip_all)]
pub(crate) async fn create_role(
    call: Call,
    Body(body): Body<CreateRole>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        call.replay()?;
        decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
        let role = Role {
            id: RoleId(tx.ambient().fresh_id()),
            key: body.key.clone(),
            name: body.name.trim().to_owned(),
            kind: body.kind,
            description: body.description.clone(),
            leads: body.leads,
            version: 1,
        };
        role.check()?;
        tx.insert_roles(std::slice::from_ref(&role))?;
        tx.record(happened(EventType::RoleCreated, None, &role));
        let location = format!("/v1/roles/{}", role.id);
        Ok(Answer::created(location, &RoleView::new(role))?.version(1))
    })
    .await
}
