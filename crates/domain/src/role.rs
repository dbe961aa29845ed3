//! Roles that people hold on entities.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::starting::ANYONE,
    fault::{Fault, Faults},
    ids::RoleId,
};

/// Kinds of role (permissions.md, Roles).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RoleKind {
    /// Client-facing and strategic; held on an entity's team.
    Business,
    /// Day-to-day service; held on an entity's servicing team.
    ServicingTeam,
    /// Held on the firm only.
    Firm,
}

impl RoleKind {
    /// The public name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Business => "business",
            Self::ServicingTeam => "servicing_team",
            Self::Firm => "firm",
        }
    }
}

/// A role of a firm. Names never decide; keys do, and never change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Its identity.
    pub id: RoleId,
    /// Unique in the firm.
    pub key: String,
    /// What people call it; two roles may share a name.
    pub name: String,
    /// Its kind.
    pub kind: RoleKind,
    /// What it is for.
    pub description: Option<String>,
    /// Whether its primary holder is the entity's primary lead (business roles only).
    pub leads: bool,
    /// Rises with each change.
    pub version: i64,
}

impl Role {
    /// What a role may not be: a leading one that nobody holds on a team, or one whose key means something else.
    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        if self.key == ANYONE {
            faults.add(
                "/key",
                "reserved",
                format!(
                    "`{ANYONE}` stands for everyone among a type's initiators; choose another key."
                ),
            );
        }
        if self.leads && self.kind != RoleKind::Business {
            faults.add(
                "/leads",
                "not-allowed",
                "Only a business role can make its primary holder the primary lead.",
            );
        }
        faults.or(())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn role(key: &str, kind: RoleKind, leads: bool) -> Role {
        Role {
            id: RoleId(Uuid::from_u128(1)),
            key: key.to_owned(),
            name: "Lead Advisor".to_owned(),
            kind,
            description: None,
            leads,
            version: 1,
        }
    }

    #[test]
    fn only_business_roles_lead() {
        assert!(
            role("lead_advisor", RoleKind::Business, true)
                .check()
                .is_ok()
        );
        for kind in [RoleKind::ServicingTeam, RoleKind::Firm] {
            assert!(role("operations", kind, false).check().is_ok());
            let faults = role("operations", kind, true).check().unwrap_err();
            assert_eq!(faults[0].pointer, "/leads");
        }
    }

    /// X20
    #[test]
    fn no_role_is_called_anyone() {
        let faults = role("anyone", RoleKind::Firm, false).check().unwrap_err();
        assert_eq!(
            (faults[0].pointer.as_str(), faults[0].code.as_str()),
            ("/key", "reserved")
        );
    }
}
