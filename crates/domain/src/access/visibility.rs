//! Who may see a record, a task, a process (X17, X18). Each answer comes from a scope, the same value from which the
//! persistence crate makes its filter, so that lists and single reads agree.

use chrono::{DateTime, Utc};

use super::{
    Actor, barrier,
    cover::Cover,
    managing::{WorkFacts, manages},
    process::{ProcessFacts, manages_process},
    route::route,
    team::is_on_team,
};
use crate::{
    entity::{Entity, Membership},
    firm::{Firm, Visibility},
    ids::{EntityId, FirmId, TeamId, UserId},
    task::SourceType,
    user::PermissionLevel,
};

/// Which records of a firm somebody sees. A record is restricted when it says so or its kind is `employee`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntityScope {
    /// None: another firm's, or inactive.
    Nothing,
    /// All, restricted ones too: auditors.
    All,
    /// All that are not restricted, and those with the user on one of their teams.
    Unrestricted {
        /// Who looks.
        user: UserId,
    },
    /// Those with the user on one of their teams; of those not restricted also the ones that name one of the user's teams,
    /// and the firm itself.
    Team {
        /// Who looks.
        user: UserId,
        /// The user teams that they belong to, those that they manage among them.
        teams: Vec<TeamId>,
        /// The firm's own record.
        firm: EntityId,
    },
}

impl EntityScope {
    /// What somebody sees in a firm.
    #[must_use]
    pub fn of(actor: &Actor, firm: &Firm) -> Self {
        let user = actor.user_id;
        if barrier::person(actor, firm.id).is_some() {
            return Self::Nothing;
        }
        match (actor.level, firm.visibility) {
            (PermissionLevel::Auditor, Visibility::Team | Visibility::Firm) => Self::All,
            (PermissionLevel::Admin, Visibility::Team | Visibility::Firm)
            | (
                PermissionLevel::Designer | PermissionLevel::Manager | PermissionLevel::Member,
                Visibility::Firm,
            ) => Self::Unrestricted { user },
            (
                PermissionLevel::Designer | PermissionLevel::Manager | PermissionLevel::Member,
                Visibility::Team,
            ) => Self::Team {
                user,
                teams: actor.teams.clone(),
                firm: firm.id.entity(),
            },
        }
    }

    /// Whether a record is in it, given who is on its teams.
    #[must_use]
    pub fn contains(&self, entity: &Entity, memberships: &[Membership]) -> bool {
        let open = !entity.is_restricted();
        match self {
            Self::Nothing => false,
            Self::All => true,
            Self::Unrestricted { user } => open || is_on_team(*user, entity.id, memberships),
            Self::Team { user, teams, firm } => {
                is_on_team(*user, entity.id, memberships)
                    || (open
                        && (entity.id == *firm
                            || entity.team_id.is_some_and(|team| teams.contains(&team))))
            }
        }
    }
}

/// Whether somebody may see a record.
#[must_use]
pub fn sees_entity(
    actor: &Actor,
    firm: &Firm,
    entity: &Entity,
    memberships: &[Membership],
) -> bool {
    EntityScope::of(actor, firm).contains(entity, memberships)
}

/// Which work somebody sees. In SQL, a task or process is in it when
/// - its record is in `entities`, and is not the firm unless `all_firm_work`; or
/// - its record is not restricted, or names the user, and
///   - the user owns it, executes it by a role or a cover whatever its status ([`route`]), or owns its process; or
///   - its owner is one of `managed_users`; or
///   - its record is the firm, and the user started it or is the firm's primary lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkScope {
    /// The records whose work they see.
    pub entities: EntityScope,
    /// Whether they see the firm's own work without taking part in it.
    pub all_firm_work: bool,
    /// Who looks.
    pub user: UserId,
    /// Whose work they see because they manage them.
    pub managed_users: Vec<UserId>,
    /// The covers by which they stand in for owners (X10).
    pub standing_in: Vec<Cover>,
    /// When they look.
    pub now: DateTime<Utc>,
    firm_id: FirmId,
}

impl WorkScope {
    /// What work somebody sees in a firm.
    #[must_use]
    pub fn of(actor: &Actor, firm: &Firm) -> Self {
        let all_firm_work = match actor.level {
            PermissionLevel::Admin | PermissionLevel::Auditor => true,
            PermissionLevel::Designer | PermissionLevel::Manager | PermissionLevel::Member => false,
        };
        Self {
            entities: EntityScope::of(actor, firm),
            all_firm_work,
            user: actor.user_id,
            managed_users: match actor.level {
                PermissionLevel::Manager => actor.managed_users.clone(),
                PermissionLevel::Admin
                | PermissionLevel::Designer
                | PermissionLevel::Member
                | PermissionLevel::Auditor => Vec::new(),
            },
            standing_in: Vec::new(),
            now: DateTime::UNIX_EPOCH,
            firm_id: firm.id,
        }
    }

    /// At a moment, with what the firm's covers show them then (X10, X17). Without this, they see what they see whatever the
    /// time.
    #[must_use]
    pub fn at(mut self, now: DateTime<Utc>, covers: &[Cover]) -> Self {
        self.now = now;
        self.standing_in = covers
            .iter()
            .filter(|cover| cover.cover_user_ids.contains(&self.user))
            .filter(|cover| cover.from <= now && now < cover.until && cover.extends_to(None))
            .cloned()
            .collect();
        self
    }

    /// Whether work on a record is seen for the record's sake, without a part in it.
    fn shows_work_on(&self, entity: &Entity, memberships: &[Membership]) -> bool {
        (self.all_firm_work || entity.id != self.firm_id.entity())
            && self.entities.contains(entity, memberships)
    }
}

/// Whether somebody may see a task: with its record, or by a part in it. Who manages it sees it, too.
#[must_use]
pub fn sees_task(actor: &Actor, facts: WorkFacts<'_>) -> bool {
    let task = facts.task;
    if shut_out(actor, task.firm, task.entity, task.memberships) {
        return false;
    }
    let on_firm = task.entity.id == task.firm.id.entity();
    let by_hand =
        task.task.source.kind == SourceType::Manual && task.task.source.id == actor.user_id.0;
    let started = facts.process.map_or(by_hand, |process| {
        process.initiator_id == Some(actor.user_id)
    });
    WorkScope::of(actor, task.firm).shows_work_on(task.entity, task.memberships)
        || route(actor.user_id, task).is_some()
        || manages(actor, facts).is_some()
        || (on_firm && started)
}

/// Whether somebody may see a process as a whole: with its record, as one who manages it, and on the firm as its initiator or
/// by a part in one of its tasks (`takes_part`: [`route`] finds one). A part in one task of a client's process shows that
/// task only.
#[must_use]
pub fn sees_process(actor: &Actor, facts: ProcessFacts<'_>, takes_part: bool) -> bool {
    if shut_out(actor, facts.firm, facts.entity, facts.memberships) {
        return false;
    }
    let on_firm = facts.entity.id == facts.firm.id.entity();
    let started = facts.process.initiator_id == Some(actor.user_id);
    WorkScope::of(actor, facts.firm).shows_work_on(facts.entity, facts.memberships)
        || manages_process(actor, facts).is_some()
        || (on_firm && (started || takes_part))
}

/// Another firm's people, the inactive, and on a restricted record whoever is neither named nor an auditor.
fn shut_out(actor: &Actor, firm: &Firm, entity: &Entity, memberships: &[Membership]) -> bool {
    barrier::person(actor, firm.id)
        .or_else(|| barrier::restriction(actor.user_id, actor.level, entity, memberships))
        .is_some()
}
