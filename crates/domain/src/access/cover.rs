//! Covers: who may act for an absent person, when, and for which part of their work (X10).

use chrono::NaiveDate;

use crate::ids::{EntityId, RoleId, UserId};

/// One person standing in for another for a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// Who is absent.
    pub absent_id: UserId,
    /// Whether the absent person could execute if they were here: active, and no auditor. Read live, like a membership.
    pub absent_may_act: bool,
    /// Who stands in.
    pub cover_id: UserId,
    /// First day, in the firm's time zone.
    pub from: NaiveDate,
    /// Last day, itself included.
    pub until: NaiveDate,
    /// Only what the absent person may do by these roles; empty: all that they may, as an owner too.
    pub role_ids: Vec<RoleId>,
    /// Only for these records; empty: all.
    pub entity_ids: Vec<EntityId>,
}

impl Cover {
    /// Whether it holds on a day, for work on a record.
    #[must_use]
    pub fn applies(&self, today: NaiveDate, entity_id: EntityId) -> bool {
        self.absent_may_act
            && (self.from..=self.until).contains(&today)
            && (self.entity_ids.is_empty() || self.entity_ids.contains(&entity_id))
    }

    /// Whether it extends to what the absent person does by this role; none: as the owner.
    #[must_use]
    pub fn extends_to(&self, role: Option<RoleId>) -> bool {
        self.role_ids.is_empty() || role.is_some_and(|role| self.role_ids.contains(&role))
    }
}
