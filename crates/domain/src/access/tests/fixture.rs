//! A small firm for the tests of this module: two clients, six roles, one task, and people by number.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use uuid::Uuid;

use super::records::{firm, process, roles, task};
use crate::{
    access::{
        Actor,
        cover::Cover,
        execution::{Elsewhere, TaskFacts},
        managing::WorkFacts,
        owning::OwnerNames,
        process::ProcessFacts,
        starting::EntityFacts,
    },
    entity::{Entity, Membership},
    firm::Firm,
    ids::{CoverId, EntityId, FirmId, MembershipId, RoleId, TeamId, UserId},
    process::Process,
    role::{Role, RoleKind},
    task::{Completion, Consequences, Task, TaskStatus, Via},
    user::{PermissionLevel, User, UserStatus},
};

pub(super) const CSA: RoleId = RoleId(Uuid::from_u128(0x101));
pub(super) const OPERATIONS: RoleId = RoleId(Uuid::from_u128(0x102));
pub(super) const LEAD: RoleId = RoleId(Uuid::from_u128(0x103));
pub(super) const PARTNER: RoleId = RoleId(Uuid::from_u128(0x104));
/// A business role that shares its name with the servicing role [`CSA`].
pub(super) const NAMESAKE: RoleId = RoleId(Uuid::from_u128(0x105));
pub(super) const COMPLIANCE: RoleId = RoleId(Uuid::from_u128(0x106));

pub(in crate::access) const FIRM: FirmId = FirmId(Uuid::from_u128(0xF));
pub(super) const OTHER_FIRM: FirmId = FirmId(Uuid::from_u128(0xF0));
pub(super) const LINDQVIST: EntityId = EntityId(Uuid::from_u128(0x201));
pub(super) const OKAFOR: EntityId = EntityId(Uuid::from_u128(0x202));
pub(super) const TEAM: TeamId = TeamId(Uuid::from_u128(0x301));

/// The owner of the task, who is on no team.
pub(in crate::access) const OWNER: UserId = user_id(1);
/// The person whom a test asks about.
pub(in crate::access) const ASKER: UserId = user_id(2);
/// The accountable owner of the process.
pub(super) const PROCESS_OWNER: UserId = user_id(3);
/// Who started the process.
pub(super) const INITIATOR: UserId = user_id(4);

pub(in crate::access) const fn user_id(number: u128) -> UserId {
    UserId(Uuid::from_u128(0x1000 + number))
}

pub(in crate::access) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 7, 6, 15, 0, 0).unwrap()
}

/// The facts of one task, to be changed by a test before it asks.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) firm: Firm,
    pub(super) roles: Vec<Role>,
    pub(super) entity: Entity,
    pub(super) task: Task,
    pub(super) process: Process,
    pub(super) memberships: Vec<Membership>,
    pub(super) held_elsewhere: Vec<Membership>,
    pub(super) preparers: BTreeSet<UserId>,
    pub(super) covers: Vec<Cover>,
    pub(super) owner_roles: Vec<RoleId>,
}

impl Scene {
    /// An open task for a client: execution is on for an associate, a partner and compliance; nobody is on a team.
    pub(super) fn new() -> Self {
        Self {
            firm: firm(),
            roles: roles(),
            entity: entity(LINDQVIST, "trust", "Lindqvist Trust"),
            task: task(),
            process: process(),
            memberships: Vec::new(),
            held_elsewhere: Vec::new(),
            preparers: BTreeSet::new(),
            covers: Vec::new(),
            owner_roles: Vec::new(),
        }
    }

    /// The same as work of the firm.
    pub(super) fn for_the_firm(mut self) -> Self {
        self.entity = entity(FIRM.entity(), "firm", "Harbor Wealth");
        self.task.entity_id = FIRM.entity();
        self.process.entity_id = FIRM.entity();
        self
    }

    /// Puts somebody on the team of the task's entity.
    pub(super) fn joins(self, user: UserId, role: RoleId) -> Self {
        let here = self.entity.id;
        self.joins_at(here, user, role)
    }

    /// Puts somebody on the team of the task's entity, of the firm, or of another record.
    pub(super) fn joins_at(mut self, entity: EntityId, user: UserId, role: RoleId) -> Self {
        let kind = self
            .roles
            .iter()
            .find(|known| known.id == role)
            .unwrap()
            .kind;
        let number = self.memberships.len() + self.held_elsewhere.len() + 1;
        let membership = membership(number, entity, user, role, kind);
        if entity == self.entity.id || entity == FIRM.entity() {
            self.memberships.push(membership);
        } else {
            self.held_elsewhere.push(membership);
        }
        self
    }

    /// Makes the holders of a role here its primary holders.
    pub(super) fn primary(mut self, role: RoleId) -> Self {
        for held in &mut self.memberships {
            held.is_primary |= held.role_id == role;
        }
        self
    }

    pub(super) fn status(mut self, status: TaskStatus) -> Self {
        self.task.status = status;
        self
    }

    pub(super) fn prepared_by(mut self, user: UserId) -> Self {
        self.preparers.insert(user);
        self
    }

    /// Lets somebody cover for another this week.
    pub(super) fn covered(mut self, absent: UserId, by: UserId) -> Self {
        self.covers.push(cover(absent, by));
        self
    }

    /// Completes the task.
    pub(super) fn completed(mut self, by: UserId, minutes_ago: i64) -> Self {
        self.task.status = TaskStatus::Completed;
        self.task.completion = Some(Completion {
            at: now() - TimeDelta::minutes(minutes_ago),
            by: Some(by),
            on_behalf_of: None,
            via: Via::Owner,
            role_id: None,
            rule: "X1".to_owned(),
            reason: String::new(),
            outcome: None,
            reason_code: None,
            note: None,
            consequences: Consequences::default(),
        });
        self
    }

    /// Asks something of the facts.
    pub(super) fn ask<T>(&self, question: impl FnOnce(WorkFacts<'_>) -> T) -> T {
        let elsewhere: Vec<Elsewhere<'_>> = self
            .held_elsewhere
            .iter()
            .map(|membership| Elsewhere {
                membership,
                entity_name: Some("Okafor Household"),
            })
            .collect();
        question(WorkFacts {
            task: TaskFacts {
                firm: &self.firm,
                task: &self.task,
                entity: &self.entity,
                memberships: &self.memberships,
                roles: &self.roles,
                preparers: &self.preparers,
                covers: &self.covers,
                elsewhere: &elsewhere,
                now: now(),
            },
            process: Some(&self.process),
            play_accountable: None,
            owner_rule: OwnerNames {
                roles: &self.owner_roles,
                people: &[],
            },
        })
    }

    pub(super) fn entity_facts(&self) -> EntityFacts<'_> {
        EntityFacts {
            firm: &self.firm,
            entity: &self.entity,
            memberships: &self.memberships,
            roles: &self.roles,
        }
    }

    pub(super) fn process_facts(&self) -> ProcessFacts<'_> {
        ProcessFacts {
            firm: &self.firm,
            process: &self.process,
            entity: &self.entity,
            memberships: &self.memberships,
            roles: &self.roles,
        }
    }
}

/// A member of the firm.
pub(in crate::access) fn member(user: UserId) -> Actor {
    at_level(user, PermissionLevel::Member)
}

pub(in crate::access) fn at_level(user_id: UserId, level: PermissionLevel) -> Actor {
    Actor {
        user_id,
        firm_id: FIRM,
        level,
        active: true,
        teams: Vec::new(),
        managed_teams: Vec::new(),
        managed_users: Vec::new(),
    }
}

/// A manager of [`TEAM`] with these members.
pub(in crate::access) fn manager_of(user: UserId, members: &[UserId]) -> Actor {
    Actor {
        teams: vec![TEAM],
        managed_teams: vec![TEAM],
        managed_users: members.to_vec(),
        ..at_level(user, PermissionLevel::Manager)
    }
}

pub(in crate::access) fn person(id: UserId, level: PermissionLevel, status: UserStatus) -> User {
    User {
        id,
        email: format!("{id}@example.com"),
        full_name: format!("Person {id}"),
        permission_level: level,
        status,
        created_at: now(),
        version: 1,
    }
}

pub(in crate::access) fn cover(absent_id: UserId, cover_id: UserId) -> Cover {
    Cover {
        id: CoverId(Uuid::from_u128(0x700)),
        absent_id,
        cover_user_ids: vec![cover_id],
        from: Utc.with_ymd_and_hms(2026, 7, 6, 4, 0, 0).unwrap(),
        until: Utc.with_ymd_and_hms(2026, 7, 11, 4, 0, 0).unwrap(),
        role_ids: Vec::new(),
        entity_ids: Vec::new(),
        reason: None,
        created_at: now(),
        version: 1,
    }
}

pub(super) fn membership(
    number: usize,
    entity_id: EntityId,
    user_id: UserId,
    role_id: RoleId,
    role_kind: RoleKind,
) -> Membership {
    Membership {
        id: MembershipId(Uuid::from_u128(0x500 + number as u128)),
        entity_id,
        user_id,
        role_id,
        role_kind,
        is_primary: false,
        created_at: now(),
        version: 1,
    }
}

pub(super) fn entity(id: EntityId, kind: &str, name: &str) -> Entity {
    Entity {
        id,
        kind: kind.to_owned(),
        name: name.to_owned(),
        status: "client".to_owned(),
        team_id: None,
        restricted: false,
        attributes: BTreeMap::new(),
        created_at: now(),
        version: 1,
    }
}
