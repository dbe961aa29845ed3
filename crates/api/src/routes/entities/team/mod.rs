//! `/v1/entities/{entity_id}/team`: who works for an entity, in which role.

use domain::{
    entity::Membership,
    ids::{EntityId, MembershipId},
    user::User,
};
use persistence::{StoreError, UnitOfWork};
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;

use super::record::Record;
use crate::work::{
    refresh_on_entity, refresh_on_firm,
    team::{record_changed, record_joined, record_left},
};

mod add;
mod list;
mod remove;
mod update;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_entity_team)
        .service(add::add_entity_team_member)
        .service(update::update_entity_team_member)
        .service(remove::remove_entity_team_member);
}

/// Where a place on a team stands.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Place {
    entity_id: EntityId,
    membership_id: MembershipId,
}

/// Takes the place of the primary holder from whoever has it.
fn step_down(tx: &mut UnitOfWork, former: &Membership) -> Result<(), StoreError> {
    let after = Membership {
        is_primary: false,
        version: former.version + 1,
        ..former.clone()
    };
    tx.clear_primary(&after)?;
    record_changed(tx, former, &after);
    Ok(())
}

/// Brings up to date what a person may execute, now that they stand on the record's team differently. Their places on it
/// are these from now on; what is queued cannot be read yet.
async fn refresh(
    tx: &mut UnitOfWork,
    record: &Record,
    user: &User,
    here: &[Membership],
) -> Result<(), StoreError> {
    let catalog = &record.catalog;
    if record.is_firm() {
        let mut held = tx.reads().all_memberships_of(user.id).await?;
        held.retain(|place| place.entity_id != record.entity.id);
        held.extend_from_slice(here);
        refresh_on_firm(tx, catalog, user, &held).await
    } else {
        let of_firm = record
            .memberships
            .iter()
            .filter(|place| place.entity_id != record.entity.id && place.user_id == user.id);
        let held: Vec<Membership> = here.iter().chain(of_firm).cloned().collect();
        refresh_on_entity(tx, catalog, user, &record.entity, &held).await
    }
}
