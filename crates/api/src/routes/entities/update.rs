use std::collections::BTreeMap;

use actix_web::patch;
use domain::{
    access::starting::EntityAction,
    entity::{Entity, attributes::history, team::is_seen},
    event::{EventType, Occurrence, SubjectType},
    fault::Faults,
    ids::{EntityId, TeamId},
    process::{engine::snapshot, redating::anchors_changed},
    value::FieldValue,
};
use persistence::UnitOfWork;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{create::check_status, record::Record, values, view::EntityView};
use crate::{
    call::Call,
    http::{
        answer::Answer, etag::IfMatch, json::Body, patch::Patch, problem::Problem, query::Path,
    },
    work::refresh_all_on_entity,
};

/// What changes of an entity; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateEntity {
    /// What people call it.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        nullable = false,
        example = "Okafor-Lind Household"
    )]
    name: Option<String>,
    /// One of its kind's.
    #[schema(
        pattern = "^[a-z][a-z0-9_]{0,79}$",
        nullable = false,
        example = "client"
    )]
    status: Option<String>,
    /// The team of users that it belongs to; null: none.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    team_id: Patch<Uuid>,
    /// Whether only the people on its teams and auditors may see it. Records of kind `employee` stay restricted.
    #[schema(nullable = false)]
    restricted: Option<bool>,
    /// Values by the keys of attributes; null clears one, those left out stay.
    #[serde(default)]
    #[schema(schema_with = values::patch_schema)]
    attributes: BTreeMap<String, Option<FieldValue>>,
}

/// Change an entity.
///
/// The people on its teams, managers of its user team and admins may. Name, restriction and user team of the firm's own
/// entity do not change here. Values that attributes had are kept in their history.
#[utoipa::path(
    params(("entity_id" = Uuid, Path, description = "The entity."), IfMatch),
    request_body = UpdateEntity,
    responses((status = 200, description = "The entity as it is now.", body = EntityView)),
)]
#[patch("/v1/entities/{entity_id}")]
#[tracing::instrument(name = "update_entity", skip_all)]
pub(crate) async fn update_entity(
    call: Call,
    if_match: IfMatch,
    Path(id): Path<EntityId>,
    Body(body): Body<UpdateEntity>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    call.write(async |tx| {
        let record = Record::lock(&call, tx, &catalog, id).await?;
        if_match.check(record.entity.version)?;
        record.require(call.actor(), EntityAction::Edit)?;
        let after = body.applied(&call, tx, &record).await?;
        if after != record.entity {
            save(&call, tx, &record, &after).await?;
        }
        let view = EntityView::new(&after, &record.catalog.attributes);
        Ok(Answer::ok(&view)?.version(after.version))
    })
    .await
}

async fn save(
    call: &Call,
    tx: &mut UnitOfWork,
    record: &Record,
    after: &Entity,
) -> Result<(), Problem> {
    let before = &record.entity;
    tx.update_entity(after)?;
    tx.insert_attribute_history(&history(before, after, call.actor().user_id))?;
    if let Some(job) = anchors_changed(&record.catalog.attributes, before, after, None) {
        tx.enqueue(&job)?;
    }
    tx.record(entity_occurrence(
        EventType::EntityUpdated,
        Some(before),
        after,
    ));
    if before.is_restricted() != after.is_restricted() {
        refresh_all_on_entity(tx, &record.catalog, after).await?;
    }
    Ok(())
}

impl UpdateEntity {
    /// The entity as it will be, its version raised if anything is new; or every fault.
    async fn applied(
        &self,
        call: &Call,
        tx: &UnitOfWork,
        record: &Record,
    ) -> Result<Entity, Problem> {
        let before = &record.entity;
        let mut after = self.changed(before);
        let mut faults = Faults::default();
        self.check(record, &after, &mut faults);
        if let Some(team) = after.team_id
            && after.team_id != before.team_id
            && tx.lock_team(team).await?.is_none()
        {
            faults.add("/team_id", "unknown-reference", "There is no such team.");
        }
        let given = &self.attributes;
        let values =
            values::checked(tx.reads(), call.actor(), &record.catalog, before, given).await?;
        let mut faults = faults.into_vec();
        match values {
            Ok(values) => after.attributes = values,
            Err(found) => faults.extend(found),
        }
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        after.version += i64::from(after != *before);
        Ok(after)
    }

    fn changed(&self, before: &Entity) -> Entity {
        let mut after = before.clone();
        if let Some(name) = &self.name {
            name.trim().clone_into(&mut after.name);
        }
        if let Some(status) = &self.status {
            after.status.clone_from(status);
        }
        after.team_id = self.team_id.map(TeamId).apply(before.team_id);
        after.restricted = self.restricted.unwrap_or(before.restricted);
        after
    }

    fn check(&self, record: &Record, after: &Entity, faults: &mut Faults) {
        if self.status.is_some() {
            check_status(&after.kind, &after.status, faults);
        }
        if self.restricted == Some(false) && after.is_restricted() {
            let detail = format!("Records of kind `{}` are always restricted.", after.kind);
            faults.add("/restricted", "not-allowed", detail);
        }
        if record.is_firm() {
            for (pointer, given) in [
                ("/name", self.name.is_some()),
                ("/team_id", !self.team_id.is_absent()),
                ("/restricted", self.restricted.is_some()),
            ] {
                if given {
                    let detail = "The firm's own record keeps this; see the firm's settings.";
                    faults.add(pointer, "not-allowed", detail);
                }
            }
        } else if !is_seen(after, &record.memberships) {
            let detail = "Nobody is on its teams, so that nobody but auditors could see it; add somebody first.";
            faults.add("/restricted", "nobody-named", detail);
        }
    }
}

/// What the trail tells of an entity.
pub(super) fn entity_occurrence(
    event: EventType,
    before: Option<&Entity>,
    after: &Entity,
) -> Occurrence {
    Occurrence {
        event,
        subject_type: SubjectType::Entity,
        subject_id: after.id.0,
        entity_id: Some(after.id),
        before: before.map(snapshot),
        after: Some(snapshot(after)),
    }
}
