//! What somebody leaves behind, given to somebody else (X16): what is asked for, and how far it has come.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    entity::Membership,
    fault::Fault,
    ids::{EntityId, UserId},
    user::{PermissionLevel, User, UserStatus},
};

/// Which of somebody's places on the teams of records go to their successor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HandOverMemberships)]
pub enum Seats {
    /// None.
    None,
    /// Those in which they are the primary holder.
    Primary,
    /// All.
    All,
}

/// What is handed over, by whom to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// Who leaves it.
    pub from_id: UserId,
    /// Who gets it.
    pub to_id: UserId,
    /// Whether the tasks that they own and that are not finished.
    pub tasks: bool,
    /// Whether the processes that they own and that have not ended.
    pub processes: bool,
    /// Which of their places on teams.
    pub seats: Seats,
    /// Only for these records; empty: for all.
    pub entity_ids: Vec<EntityId>,
}

impl HandOver {
    /// Whether something for this record is handed over.
    #[must_use]
    pub fn concerns(&self, entity: EntityId) -> bool {
        self.entity_ids.is_empty() || self.entity_ids.contains(&entity)
    }

    /// Whether this place on a team is.
    #[must_use]
    pub fn takes(&self, held: &Membership) -> bool {
        let wanted = match self.seats {
            Seats::None => false,
            Seats::Primary => held.is_primary,
            Seats::All => true,
        };
        wanted && held.user_id == self.from_id && self.concerns(held.entity_id)
    }

    /// Why nothing can be given to this successor, whatever it is (X13, X20).
    #[must_use]
    pub fn faults(&self, to: Option<&User>) -> Vec<Fault> {
        let fault = |code: &str, detail: &str| vec![Fault::new("/to_user_id", code, detail)];
        if self.from_id == self.to_id {
            return fault("same-user", "Name somebody else.");
        }
        match to.map(|to| (to.status, to.permission_level)) {
            None => fault("unknown-user", "There is no such user."),
            Some((UserStatus::Inactive, _)) => {
                fault("inactive-user", "This user is inactive; name another.")
            }
            Some((UserStatus::Active, PermissionLevel::Auditor)) => {
                fault("auditor", "An auditor changes nothing; name another.")
            }
            Some((
                UserStatus::Active,
                PermissionLevel::Admin
                | PermissionLevel::Designer
                | PermissionLevel::Manager
                | PermissionLevel::Member,
            )) => Vec::new(),
        }
    }
}

/// In which order it goes: first the places on teams, because roles decide who may have an approval (X11) and who may see a
/// restricted record (X18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Places on teams, record by record.
    Teams,
    /// Processes with their tasks.
    Processes,
    /// Tasks that belong to no process.
    Tasks,
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// In which stage.
    pub stage: Stage,
    /// The last that was looked at in it; none: the stage has not begun.
    pub after: Option<Uuid>,
}

impl Place {
    /// Nothing has been looked at.
    pub const START: Self = Self {
        stage: Stage::Teams,
        after: None,
    };

    /// From where on a stage is still to be done; none when it has been.
    #[must_use]
    pub fn rest_of(self, stage: Stage) -> Option<Option<Uuid>> {
        match self.stage.cmp(&stage) {
            std::cmp::Ordering::Less => Some(None),
            std::cmp::Ordering::Equal => Some(self.after),
            std::cmp::Ordering::Greater => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::fixture::{Fixture, definition};

    fn order(from: UserId, to: UserId) -> HandOver {
        HandOver {
            from_id: from,
            to_id: to,
            tasks: true,
            processes: true,
            seats: Seats::All,
            entity_ids: Vec::new(),
        }
    }

    /// X13, X20
    #[test]
    fn a_successor_is_somebody_else_who_works() {
        let mut fixture = Fixture::new(definition(Vec::new()));
        let (ada, ben) = (fixture.user("Ada"), fixture.user("Ben"));
        let told = |to: Option<&User>, id: UserId| -> Vec<String> {
            let faults = order(ada, id).faults(to);
            faults.into_iter().map(|fault| fault.code).collect()
        };
        let mut user = fixture.around.people[&ben].clone();
        assert_eq!(told(Some(&user), ben), [""; 0]);
        assert_eq!(told(None, ben), ["unknown-user"]);
        assert_eq!(told(Some(&user), ada), ["same-user"]);
        user.permission_level = PermissionLevel::Auditor;
        assert_eq!(told(Some(&user), ben), ["auditor"]);
        user.status = UserStatus::Inactive;
        assert_eq!(told(Some(&user), ben), ["inactive-user"]);
    }

    #[test]
    fn only_the_places_asked_for_are_taken() {
        let mut fixture = Fixture::new(definition(Vec::new()));
        let (ada, ben) = (fixture.user("Ada"), fixture.user("Ben"));
        let role = fixture.catalog.roles[0].key.clone();
        let mut held = fixture.hold(ada, &role, fixture.client).clone();
        held.is_primary = false;
        let mut order = order(ada, ben);
        assert!(order.takes(&held));
        order.seats = Seats::Primary;
        assert!(!order.takes(&held));
        held.is_primary = true;
        assert!(order.takes(&held));
        order.entity_ids = vec![fixture.firm_entity()];
        assert!(!order.takes(&held), "another record");
        order.entity_ids.clear();
        held.user_id = ben;
        assert!(!order.takes(&held), "another's place");
        held.user_id = ada;
        order.seats = Seats::None;
        assert!(!order.takes(&held));
    }

    #[test]
    fn a_place_tells_what_is_left_of_each_stage() {
        let id = Uuid::from_u128(7);
        let place = Place {
            stage: Stage::Processes,
            after: Some(id),
        };
        assert_eq!(place.rest_of(Stage::Teams), None);
        assert_eq!(place.rest_of(Stage::Processes), Some(Some(id)));
        assert_eq!(place.rest_of(Stage::Tasks), Some(None));
        assert_eq!(Place::START.rest_of(Stage::Tasks), Some(None));
    }
}
