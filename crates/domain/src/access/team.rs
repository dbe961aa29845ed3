//! Who holds what on a record's teams, read from live memberships.

use crate::{
    entity::Membership,
    ids::{EntityId, RoleId, UserId},
    role::{Role, RoleKind},
};

/// Whether somebody stands on one of the record's teams, in whatever role.
#[must_use]
pub fn is_on_team(user: UserId, entity_id: EntityId, memberships: &[Membership]) -> bool {
    memberships
        .iter()
        .any(|held| held.user_id == user && held.entity_id == entity_id)
}

/// The first of the listed roles that somebody holds on the record, as a role of this kind: a servicing role only counts on
/// the servicing team, a business role only on the team (X5).
#[must_use]
pub fn held(
    user: UserId,
    entity_id: EntityId,
    kind: RoleKind,
    listed: &[RoleId],
    memberships: &[Membership],
) -> Option<RoleId> {
    listed.iter().copied().find(|role| {
        memberships.iter().any(|held| {
            held.role_id == *role
                && held.user_id == user
                && held.entity_id == entity_id
                && held.role_kind == kind
        })
    })
}

/// Whether somebody is the primary holder of a business role that leads, on this record.
#[must_use]
pub fn is_primary_lead(
    user: UserId,
    entity_id: EntityId,
    memberships: &[Membership],
    roles: &[Role],
) -> bool {
    memberships.iter().any(|held| {
        held.user_id == user
            && held.entity_id == entity_id
            && held.is_primary
            && held.role_kind == RoleKind::Business
            && roles
                .iter()
                .any(|role| role.id == held.role_id && role.leads)
    })
}

/// What people call a role.
#[must_use]
pub fn role_name(role: RoleId, roles: &[Role]) -> &str {
    roles
        .iter()
        .find(|known| known.id == role)
        .map_or("a role that is gone", |known| known.name.as_str())
}
