//! Covers: who may act for an absent person, when, and for which part of their work (X10).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Actor, Rule, barrier, decision::Decision};
use crate::{
    fault::Fault,
    ids::{CoverId, EntityId, RoleId, UserId},
    user::{PermissionLevel, User},
};

/// An absence, with those who stand in meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// Its identity.
    pub id: CoverId,
    /// Who is absent.
    pub absent_id: UserId,
    /// Who stands in, the preferred first; nobody: the person is only absent.
    pub cover_user_ids: Vec<UserId>,
    /// When it begins.
    pub from: DateTime<Utc>,
    /// When it is over.
    pub until: DateTime<Utc>,
    /// Only what the absent person may do by these roles; empty: all that they may, as an owner too.
    pub role_ids: Vec<RoleId>,
    /// Only for these records; empty: all.
    pub entity_ids: Vec<EntityId>,
    /// Why the person is absent.
    pub reason: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Rises with each change.
    pub version: i64,
}

/// What ending a cover makes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// It has not begun: it is as if it had never been.
    Withdrawn,
    /// It has begun, and is over from now on.
    Ended(Cover),
    /// It is over already.
    OverAlready,
}

impl Cover {
    /// Whether it holds at a moment, for work on a record.
    #[must_use]
    pub fn applies(&self, now: DateTime<Utc>, entity_id: EntityId) -> bool {
        self.from <= now
            && now < self.until
            && (self.entity_ids.is_empty() || self.entity_ids.contains(&entity_id))
    }

    /// Whether it extends to what the absent person does by this role; none: as the owner.
    #[must_use]
    pub fn extends_to(&self, role: Option<RoleId>) -> bool {
        self.role_ids.is_empty() || role.is_some_and(|role| self.role_ids.contains(&role))
    }

    /// What ending it now makes of it.
    #[must_use]
    pub fn end(&self, now: DateTime<Utc>) -> Ending {
        if self.until <= now {
            Ending::OverAlready
        } else if now <= self.from {
            Ending::Withdrawn
        } else {
            Ending::Ended(Self {
                until: now,
                version: self.version + 1,
                ..self.clone()
            })
        }
    }

    /// What stands against making it, given those of its people who exist.
    #[must_use]
    pub fn faults(&self, now: DateTime<Utc>, people: &BTreeMap<UserId, User>) -> Vec<Fault> {
        let able = |id: UserId| people.get(&id).is_some_and(User::may_execute);
        let mut faults = Vec::new();
        if self.until <= self.from {
            let detail = "It has to be over after it begins.";
            faults.push(Fault::new("/until", "before-begin", detail));
        } else if self.until <= now {
            let detail = "It would be over already.";
            faults.push(Fault::new("/until", "in-the-past", detail));
        }
        if !able(self.absent_id) {
            let detail = "There is no such active user who works.";
            faults.push(Fault::new("/absent_id", "unknown-user", detail));
        }
        let mut seen = BTreeSet::new();
        for (place, id) in self.cover_user_ids.iter().enumerate() {
            let pointer = format!("/cover_user_ids/{place}");
            if *id == self.absent_id {
                let detail = "Nobody stands in for themselves.";
                faults.push(Fault::new(pointer, "absent-themselves", detail));
            } else if !seen.insert(*id) {
                faults.push(Fault::new(pointer, "twice", "Stands here twice."));
            } else if !able(*id) {
                let detail = "There is no such active user who works.";
                faults.push(Fault::new(pointer, "unknown-user", detail));
            }
        }
        faults
    }
}

/// Those of the covers that pass anything on in their time: the absent person could act if they were here. That is read live,
/// like a membership.
#[must_use]
pub fn in_force(covers: &[Cover], people: &BTreeMap<UserId, User>) -> Vec<Cover> {
    covers
        .iter()
        .filter(|cover| people.get(&cover.absent_id).is_some_and(User::may_execute))
        .cloned()
        .collect()
}

/// Everyone whom covers name.
pub fn people_named(covers: &[Cover]) -> impl Iterator<Item = UserId> {
    covers.iter().flat_map(|cover| {
        [cover.absent_id]
            .into_iter()
            .chain(cover.cover_user_ids.iter().copied())
    })
}

/// Whether somebody may say who covers for this person: they themselves, their managers, admins (X10).
#[must_use]
pub fn decide_cover(actor: &Actor, absent: UserId) -> Decision {
    let barred =
        barrier::person(actor, actor.firm_id).or_else(|| barrier::auditor(actor, Rule::X10));
    if let Some(refusal) = barred {
        return refusal;
    }
    if actor.user_id == absent {
        Decision::allow(Rule::X10, "names covers for themselves")
    } else if actor.level == PermissionLevel::Admin {
        Decision::allow(Rule::X10, "an admin names covers for everyone")
    } else if actor.manages(absent) {
        Decision::allow(Rule::X10, "manages the absent person")
    } else {
        Decision::refuse(
            Rule::X10,
            "only the absent person, their managers and admins name covers",
        )
    }
}

/// Whose covers somebody sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CoverScope {
    /// Everyone's.
    All,
    /// Those in which one of these people is absent or stands in.
    Of(Vec<UserId>),
}

impl CoverScope {
    /// What somebody sees: the covers of themselves and of those whom they manage; admins and auditors all.
    #[must_use]
    pub fn of(actor: &Actor) -> Self {
        match actor.level {
            PermissionLevel::Admin | PermissionLevel::Auditor if actor.active => Self::All,
            PermissionLevel::Manager if actor.active => Self::Of(
                [actor.user_id]
                    .into_iter()
                    .chain(actor.managed_users.iter().copied())
                    .collect(),
            ),
            PermissionLevel::Designer | PermissionLevel::Member if actor.active => {
                Self::Of(vec![actor.user_id])
            }
            PermissionLevel::Admin
            | PermissionLevel::Auditor
            | PermissionLevel::Manager
            | PermissionLevel::Designer
            | PermissionLevel::Member => Self::Of(Vec::new()),
        }
    }

    /// Whether it holds this cover.
    #[must_use]
    pub fn contains(&self, cover: &Cover) -> bool {
        match self {
            Self::All => true,
            Self::Of(people) => {
                people_named(std::slice::from_ref(cover)).any(|person| people.contains(&person))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::{
        access::tests::fixture::{
            ASKER, FIRM, OWNER, at_level, cover, manager_of, member, now, person, user_id,
        },
        user::UserStatus,
    };

    fn people() -> BTreeMap<UserId, User> {
        [OWNER, ASKER]
            .map(|id| (id, person(id, PermissionLevel::Member, UserStatus::Active)))
            .into()
    }

    fn codes(cover: &Cover) -> Vec<String> {
        let faults = cover.faults(now(), &people());
        faults
            .into_iter()
            .map(|fault| format!("{} {}", fault.pointer, fault.code))
            .collect()
    }

    /// X10
    #[test]
    fn a_cover_stands_in_for_somebody_else_who_works_in_a_time_to_come() {
        let good = cover(OWNER, ASKER);
        assert!(codes(&good).is_empty());
        let stranger = user_id(9);
        let bad = Cover {
            cover_user_ids: vec![OWNER, ASKER, ASKER, stranger],
            until: good.from,
            ..good.clone()
        };
        assert_eq!(
            codes(&bad),
            [
                "/until before-begin",
                "/cover_user_ids/0 absent-themselves",
                "/cover_user_ids/2 twice",
                "/cover_user_ids/3 unknown-user",
            ]
        );
        let late = Cover {
            from: now() - TimeDelta::days(2),
            until: now(),
            absent_id: stranger,
            ..good
        };
        assert_eq!(
            codes(&late),
            ["/until in-the-past", "/absent_id unknown-user"]
        );
    }

    /// X10: what has not begun leaves no trace, what has begun stays as it was.
    #[test]
    fn a_cover_is_withdrawn_before_it_begins_and_ended_after() {
        let cover = cover(OWNER, ASKER);
        assert_eq!(cover.end(cover.from), Ending::Withdrawn);
        assert_eq!(cover.end(cover.until), Ending::OverAlready);
        let Ending::Ended(ended) = cover.end(now()) else {
            panic!("it has begun");
        };
        assert_eq!((ended.until, ended.version), (now(), 2));
    }

    /// X10, X13: a cover passes on nothing of somebody who could not act themselves.
    #[test]
    fn a_cover_does_not_outlive_the_absent_persons_own_right() {
        let covers = [cover(OWNER, ASKER)];
        let mut people = people();
        assert_eq!(in_force(&covers, &people), covers);
        for (level, status) in [
            (PermissionLevel::Member, UserStatus::Inactive),
            (PermissionLevel::Auditor, UserStatus::Active),
        ] {
            people.insert(OWNER, person(OWNER, level, status));
            assert!(in_force(&covers, &people).is_empty());
        }
    }

    /// X10
    #[test]
    fn the_absent_person_their_managers_and_admins_name_covers_and_who_is_named_sees_them() {
        let cover = cover(OWNER, ASKER);
        let manager = manager_of(user_id(7), &[OWNER]);
        let other_manager = manager_of(user_id(7), &[user_id(8)]);
        for (actor, names, sees) in [
            (member(OWNER), true, true),
            (member(ASKER), false, true),
            (member(user_id(9)), false, false),
            (manager, true, true),
            (other_manager, false, false),
            (at_level(user_id(7), PermissionLevel::Admin), true, true),
            (
                at_level(user_id(7), PermissionLevel::Designer),
                false,
                false,
            ),
            (at_level(user_id(7), PermissionLevel::Auditor), false, true),
        ] {
            assert_eq!(actor.firm_id, FIRM);
            assert_eq!(decide_cover(&actor, OWNER).allowed, names, "{actor:?}");
            assert_eq!(CoverScope::of(&actor).contains(&cover), sees, "{actor:?}");
            let gone = Actor {
                active: false,
                ..actor
            };
            assert!(!decide_cover(&gone, OWNER).allowed);
            assert!(!CoverScope::of(&gone).contains(&cover));
        }
    }
}
