//! Places on the team of a record: which roles can be held there, and by whom in the first place.

use super::{Entity, Membership};
use crate::{
    ids::{EntityId, FirmId, RoleId},
    role::{Role, RoleKind},
};

/// Whether a role can be held on a record: any kind on the firm's own, `firm` roles only there.
#[must_use]
pub fn can_be_held(role: &Role, on: EntityId, firm: FirmId) -> bool {
    match role.kind {
        RoleKind::Business | RoleKind::ServicingTeam => true,
        RoleKind::Firm => on == firm.entity(),
    }
}

/// Who holds a role on a record in the first place.
#[must_use]
pub fn primary_holder(role: RoleId, on: EntityId, team: &[Membership]) -> Option<&Membership> {
    holders(role, on, team).find(|held| held.is_primary)
}

/// Whether somebody who takes on a role becomes its primary holder: as they wish, else when nobody holds it yet.
#[must_use]
pub fn joins_as_primary(
    wish: Option<bool>,
    role: RoleId,
    on: EntityId,
    team: &[Membership],
) -> bool {
    wish.unwrap_or_else(|| holders(role, on, team).next().is_none())
}

/// Whether somebody besides auditors may see a record: a restricted one is seen by those on its teams (X18).
#[must_use]
pub fn is_seen(entity: &Entity, team: &[Membership]) -> bool {
    !entity.is_restricted() || team.iter().any(|held| held.entity_id == entity.id)
}

/// The places on a record's team that people may also have on another record: all but `firm` roles, held on the firm only.
pub fn places_for_others(on: EntityId, team: &[Membership]) -> impl Iterator<Item = &Membership> {
    team.iter().filter(move |held| {
        held.entity_id == on
            && match held.role_kind {
                RoleKind::Business | RoleKind::ServicingTeam => true,
                RoleKind::Firm => false,
            }
    })
}

fn holders(role: RoleId, on: EntityId, team: &[Membership]) -> impl Iterator<Item = &Membership> {
    team.iter()
        .filter(move |held| held.entity_id == on && held.role_id == role)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::fixture::{Fixture, definition};

    fn role(fixture: &Fixture, kind: RoleKind) -> &Role {
        let mut roles = fixture.catalog.roles.iter();
        roles.find(|role| role.kind == kind).unwrap()
    }

    #[test]
    fn firm_roles_are_held_on_the_firm_only() {
        let fixture = Fixture::new(definition(Vec::new()));
        let firm = fixture.catalog.firm.id;
        for kind in [RoleKind::Business, RoleKind::ServicingTeam, RoleKind::Firm] {
            let role = role(&fixture, kind);
            assert!(can_be_held(role, firm.entity(), firm), "{kind:?}");
            assert_eq!(
                can_be_held(role, fixture.client, firm),
                kind != RoleKind::Firm,
                "{kind:?}"
            );
        }
    }

    #[test]
    fn the_first_holder_is_primary_unless_they_decline() {
        let mut fixture = Fixture::new(definition(Vec::new()));
        let ada = fixture.user("Ada");
        let role = role(&fixture, RoleKind::ServicingTeam).clone();
        let on = fixture.client;
        let joins = |fixture: &Fixture, wish| {
            joins_as_primary(wish, role.id, on, &fixture.around.memberships)
        };
        assert!(joins(&fixture, None));
        assert!(!joins(&fixture, Some(false)));
        fixture.hold(ada, &role.key, on).is_primary = true;
        assert!(!joins(&fixture, None));
        assert!(joins(&fixture, Some(true)));
        let team = &fixture.around.memberships;
        assert_eq!(primary_holder(role.id, on, team), team.last());
        assert_eq!(primary_holder(role.id, fixture.firm_entity(), team), None);
    }

    /// X18
    #[test]
    fn a_restricted_record_without_a_team_is_seen_by_nobody() {
        let mut fixture = Fixture::new(definition(Vec::new()));
        let seen = |fixture: &Fixture| {
            let entity = &fixture.around.entities[&fixture.client];
            is_seen(entity, &fixture.around.memberships)
        };
        assert!(seen(&fixture));
        fixture.client_mut().restricted = true;
        assert!(!seen(&fixture));
        let ada = fixture.user("Ada");
        let key = role(&fixture, RoleKind::Business).key.clone();
        fixture.hold(ada, &key, fixture.firm_entity());
        assert!(!seen(&fixture));
        fixture.hold(ada, &key, fixture.client);
        assert!(seen(&fixture));
    }
}
