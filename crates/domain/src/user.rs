//! People who sign in, and their teams.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::{TeamId, UserId};

/// One level for each user (permissions.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PermissionLevel {
    /// Runs the firm's Baton.
    Admin,
    /// Edits process types, plays and roles.
    Designer,
    /// Manages the teams where they are marked manager.
    Manager,
    /// Works.
    Member,
    /// Reads all, changes nothing.
    Auditor,
}

/// Whether a user may sign in and be matched (X13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// Works here.
    Active,
    /// No longer: matches nothing.
    Inactive,
}

/// A person of a firm. The password hash never leaves the persistence crate's sign-in query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Their identity.
    pub id: UserId,
    /// Lower-case address, unique in the firm.
    pub email: String,
    /// What people call them.
    pub full_name: String,
    /// What they may do at large.
    pub permission_level: PermissionLevel,
    /// Whether they may sign in.
    pub status: UserStatus,
    /// When they were added.
    pub created_at: DateTime<Utc>,
    /// Rises with each change.
    pub version: i64,
}

/// What is to be changed about a user; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserChange {
    /// What people call them.
    pub full_name: Option<String>,
    /// What they may do at large.
    pub permission_level: Option<PermissionLevel>,
    /// Whether they may sign in.
    pub status: Option<UserStatus>,
}

impl UserChange {
    /// Whether it would take from an admin what makes them one, so that the others have to be known.
    #[must_use]
    pub fn may_end_an_admin(&self) -> bool {
        self.status == Some(UserStatus::Inactive)
            || self
                .permission_level
                .is_some_and(|level| level != PermissionLevel::Admin)
    }
}

/// Nobody would be left to run the firm's Baton.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is the last active admin; make somebody else an admin first.")]
pub struct LastAdmin;

impl User {
    /// Whether they can run the firm's Baton.
    #[must_use]
    pub fn is_active_admin(&self) -> bool {
        self.status == UserStatus::Active && self.permission_level == PermissionLevel::Admin
    }

    /// Whether a route may lead to them at all: the inactive match nothing (X13), auditors change nothing.
    #[must_use]
    pub fn may_execute(&self) -> bool {
        self.status == UserStatus::Active && self.permission_level != PermissionLevel::Auditor
    }

    /// The user after a change, given the firm's active admins; the same one if it changes nothing.
    pub fn changed(&self, change: UserChange, admins: &[UserId]) -> Result<Self, LastAdmin> {
        let mut after = Self {
            full_name: change.full_name.unwrap_or_else(|| self.full_name.clone()),
            permission_level: change.permission_level.unwrap_or(self.permission_level),
            status: change.status.unwrap_or(self.status),
            ..self.clone()
        };
        let alone = admins.iter().all(|admin| *admin == self.id);
        if self.is_active_admin() && !after.is_active_admin() && alone {
            return Err(LastAdmin);
        }
        if after != *self {
            after.version += 1;
        }
        Ok(after)
    }
}

/// A team of users (not an entity's team).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Its identity.
    pub id: TeamId,
    /// What people call it.
    pub name: String,
    /// Who belongs to it.
    pub members: Vec<TeamMember>,
    /// Rises with each change, also of its members.
    pub version: i64,
}

/// One person on a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamMember {
    /// Who.
    pub user_id: UserId,
    /// Whether they manage it.
    pub manager: bool,
}

impl Team {
    /// The team with this member, or with this member as told; the same one if nothing changes.
    #[must_use]
    pub fn with_member(&self, member: TeamMember) -> Self {
        let mut after = self.clone();
        match after
            .members
            .iter_mut()
            .find(|known| known.user_id == member.user_id)
        {
            Some(known) => *known = member,
            None => after.members.push(member),
        }
        if after != *self {
            after.version += 1;
        }
        after
    }

    /// The team without this person; none if they are not on it.
    #[must_use]
    pub fn without_member(&self, user: UserId) -> Option<Self> {
        let mut after = self.clone();
        after.members.retain(|member| member.user_id != user);
        after.version += 1;
        (after.members.len() < self.members.len()).then_some(after)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn user(level: PermissionLevel) -> User {
        User {
            id: UserId(Uuid::from_u128(1)),
            email: "ada@meridian.test".to_owned(),
            full_name: "Ada".to_owned(),
            permission_level: level,
            status: UserStatus::Active,
            created_at: DateTime::UNIX_EPOCH,
            version: 4,
        }
    }

    fn to_level(level: PermissionLevel) -> UserChange {
        UserChange {
            permission_level: Some(level),
            ..UserChange::default()
        }
    }

    fn leaving() -> UserChange {
        UserChange {
            status: Some(UserStatus::Inactive),
            ..UserChange::default()
        }
    }

    /// X20
    #[test]
    fn the_last_active_admin_stays_one() {
        let admin = user(PermissionLevel::Admin);
        for change in [leaving(), to_level(PermissionLevel::Member)] {
            assert!(change.may_end_an_admin());
            assert_eq!(admin.changed(change.clone(), &[admin.id]), Err(LastAdmin));
            let another = UserId(Uuid::from_u128(2));
            let after = admin.changed(change, &[admin.id, another]).unwrap();
            assert!(!after.is_active_admin());
        }
    }

    #[test]
    fn whoever_is_no_active_admin_may_leave() {
        let gone = User {
            status: UserStatus::Inactive,
            ..user(PermissionLevel::Admin)
        };
        assert!(gone.changed(to_level(PermissionLevel::Member), &[]).is_ok());
        assert!(
            user(PermissionLevel::Member)
                .changed(leaving(), &[])
                .is_ok()
        );
    }

    #[test]
    fn a_change_to_what_is_so_already_raises_no_version() {
        let admin = user(PermissionLevel::Admin);
        let change = to_level(PermissionLevel::Admin);
        assert!(!change.may_end_an_admin());
        assert_eq!(admin.changed(change, &[]).unwrap(), admin);
        let renamed = UserChange {
            full_name: Some("Ada L.".to_owned()),
            ..UserChange::default()
        };
        assert_eq!(admin.changed(renamed, &[]).unwrap().version, 5);
    }

    /// X13
    #[test]
    fn neither_the_inactive_nor_auditors_may_execute() {
        let member = user(PermissionLevel::Member);
        assert!(member.may_execute());
        assert!(!member.changed(leaving(), &[]).unwrap().may_execute());
        assert!(!user(PermissionLevel::Auditor).may_execute());
    }

    #[test]
    fn a_member_is_on_a_team_once() {
        let member = |id, manager| TeamMember {
            user_id: UserId(Uuid::from_u128(id)),
            manager,
        };
        let team = Team {
            id: TeamId(Uuid::from_u128(9)),
            name: "East".to_owned(),
            members: vec![member(1, false)],
            version: 1,
        };
        assert_eq!(team.with_member(member(1, false)), team);
        let promoted = team.with_member(member(1, true));
        assert_eq!(promoted.members, [member(1, true)]);
        assert_eq!(promoted.version, 2);
        let both = promoted.with_member(member(2, false));
        assert_eq!(both.members.len(), 2);
        let left = both.without_member(member(1, true).user_id).unwrap();
        assert_eq!(
            (left.members.as_slice(), left.version),
            ([member(2, false)].as_slice(), 4)
        );
        assert_eq!(left.without_member(member(1, true).user_id), None);
    }
}
