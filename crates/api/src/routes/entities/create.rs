use std::collections::BTreeMap;

use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    entity::{
        Entity, Membership, attributes::history, can_be_made, statuses_of, team::can_be_held,
    },
    event::EventType,
    fault::Faults,
    ids::{EntityId, MembershipId, RoleId, TeamId},
    process::world::Catalog,
    role::Role,
    value::FieldValue,
};
use persistence::UnitOfWork;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{update::entity_occurrence, values, view::EntityView};
use crate::{
    call::Call,
    http::{answer::Answer, json::Body, problem::Problem},
    work::team::record_joined,
};

/// A new entity.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateEntity {
    /// What people call it.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        example = "Okafor Household"
    )]
    name: String,
    /// `household`, `person`, `organization`, `trust`, `account`, `center_of_influence`, `employee`, `equipment`, or a word of
    /// the firm's own; neither `firm` nor `client`.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "household")]
    kind: String,
    /// One of its kind's; the first of them unless told otherwise.
    #[schema(
        pattern = "^[a-z][a-z0-9_]{0,79}$",
        nullable = false,
        example = "prospect"
    )]
    status: Option<String>,
    /// The team of users that it belongs to.
    team_id: Option<Uuid>,
    /// Whether only the people on its teams and auditors may see it.
    #[serde(default)]
    #[schema(default = false)]
    restricted: bool,
    /// Values by the keys of the attributes that the firm has defined for its kind.
    #[serde(default)]
    #[schema(example = json!({"risk_profile": "Moderate"}))]
    attributes: BTreeMap<String, FieldValue>,
    /// The role in which the caller joins its team. A restricted entity needs one: nobody else would see it.
    role_id: Option<Uuid>,
}

/// Create an entity.
///
/// Everyone but auditors may. Who names a role joins the team of the entity with it, as its primary holder.
#[utoipa::path(
    request_body = CreateEntity,
    responses((status = 201, description = "The entity.", body = EntityView)),
)]
#[post("/v1/entities")]
#[tracing::instrument(name = "create_entity", skip_all)]
pub(crate) async fn create_entity(
    call: Call,
    Body(body): Body<CreateEntity>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    call.write(async |tx| {
        call.replay()?;
        decide_firm_action(FirmAction::CreateEntity, call.actor()).or_denied(true)?;
        let (entity, joined) = body.made(&call, tx, &catalog).await?;
        tx.insert_entities([&entity])?;
        let bare = Entity {
            attributes: BTreeMap::new(),
            ..entity.clone()
        };
        tx.insert_attribute_history(&history(&bare, &entity, call.actor().user_id))?;
        tx.record(entity_occurrence(EventType::EntityCreated, None, &entity));
        if let Some(joined) = joined {
            tx.insert_memberships([&joined])?;
            record_joined(tx, &joined);
        }
        let view = EntityView::new(&entity, &catalog.attributes);
        let answer = Answer::created(format!("/v1/entities/{}", entity.id), &view)?;
        Ok(answer.version(entity.version))
    })
    .await
}

impl CreateEntity {
    /// The entity with the place that the caller takes on its team, or every fault.
    async fn made(
        &self,
        call: &Call,
        tx: &UnitOfWork,
        catalog: &Catalog,
    ) -> Result<(Entity, Option<Membership>), Problem> {
        let mut entity = self.bare(tx);
        let mut faults = Faults::default();
        check_kind_and_status(&self.kind, self.status.as_deref(), &mut faults);
        if let Some(team) = entity.team_id
            && tx.lock_team(team).await?.is_none()
        {
            faults.add("/team_id", "unknown-reference", "There is no such team.");
        }
        let joined = self
            .role(&entity, catalog, &mut faults)
            .map(|role| place(call, tx, &entity, role));
        let given = self
            .attributes
            .iter()
            .map(|(key, value)| (key.clone(), Some(value.clone())))
            .collect();
        let values = values::checked(tx.reads(), call.actor(), catalog, &entity, &given).await?;
        let mut faults = faults.into_vec();
        match values {
            Ok(values) => entity.attributes = values,
            Err(found) => faults.extend(found),
        }
        if faults.is_empty() {
            Ok((entity, joined))
        } else {
            Err(Problem::invalid(faults))
        }
    }

    fn bare(&self, tx: &UnitOfWork) -> Entity {
        let first = statuses_of(&self.kind).first().copied();
        Entity {
            id: EntityId(tx.ambient().fresh_id()),
            kind: self.kind.clone(),
            name: self.name.trim().to_owned(),
            status: self
                .status
                .clone()
                .unwrap_or_else(|| first.unwrap_or_default().to_owned()),
            team_id: self.team_id.map(TeamId),
            restricted: self.restricted,
            attributes: BTreeMap::new(),
            created_at: tx.ambient().now(),
            version: 1,
        }
    }

    fn role<'c>(
        &self,
        entity: &Entity,
        catalog: &'c Catalog,
        faults: &mut Faults,
    ) -> Option<&'c Role> {
        let Some(id) = self.role_id.map(RoleId) else {
            if entity.is_restricted() {
                let detail = "A restricted entity is seen by the people on its teams: name the role in which you join.";
                faults.add("/role_id", "required", detail);
            }
            return None;
        };
        find_role(id, entity.id, catalog, faults)
    }
}

/// The place of the caller on the team of what they have just made.
fn place(call: &Call, tx: &UnitOfWork, entity: &Entity, role: &Role) -> Membership {
    Membership {
        id: MembershipId(tx.ambient().fresh_id()),
        entity_id: entity.id,
        user_id: call.actor().user_id,
        role_id: role.id,
        role_kind: role.kind,
        is_primary: true,
        created_at: entity.created_at,
        version: 1,
    }
}

/// A kind that can be made, and a status of it.
pub(in crate::routes) fn check_kind_and_status(
    kind: &str,
    status: Option<&str>,
    faults: &mut Faults,
) {
    if !can_be_made(kind) {
        let detail = "The firm has one record of itself, and `client` stands for several kinds; name another kind.";
        faults.add("/kind", "not-allowed", detail);
    } else if let Some(status) = status {
        check_status(kind, status, faults);
    }
}

/// A status has to be one of the kind's.
pub(super) fn check_status(kind: &str, status: &str, faults: &mut Faults) {
    let statuses = statuses_of(kind);
    if !statuses.contains(&status) {
        let detail = format!("Choose one of: {}.", statuses.join(", "));
        faults.add("/status", "not-an-option", detail);
    }
}

/// The role in `role_id`, if it can be held on the entity.
pub(super) fn find_role<'c>(
    id: RoleId,
    on: EntityId,
    catalog: &'c Catalog,
    faults: &mut Faults,
) -> Option<&'c Role> {
    let Some(role) = catalog.roles.iter().find(|role| role.id == id) else {
        faults.add("/role_id", "unknown-reference", "There is no such role.");
        return None;
    };
    if !can_be_held(role, on, catalog.firm.id) {
        let detail = format!(
            "{} is a role of the firm and held on the firm only.",
            role.name
        );
        faults.add("/role_id", "wrong-kind", detail);
        return None;
    }
    Some(role)
}
