//! The people of the demo firm and their client.

use std::collections::BTreeMap;

use domain::{
    ambient::Ambient,
    entity::{Entity, Membership},
    event::{EventType, Occurrence, SubjectType},
    firm::Firm,
    ids::{EntityId, MembershipId, UserId},
    process::engine::snapshot,
    role::{Role, RoleKind},
    user::{PermissionLevel, User, UserStatus},
};
use persistence::{StoreError, UnitOfWork};
use serde::Serialize;
use uuid::Uuid;

/// Somebody who works there.
pub(super) struct Person {
    pub(super) email: &'static str,
    full_name: &'static str,
    /// Name of their role.
    pub(super) title: &'static str,
    /// Key of the role that they hold.
    role: &'static str,
}

const ASSOCIATE: &str = "client_service_associate";

pub(super) const PEOPLE: [Person; 7] = [
    person(
        "maya@demo.example",
        "Maya Okafor",
        "Client Service Associate",
        ASSOCIATE,
    ),
    person(
        "omar@demo.example",
        "Omar Reyes",
        "Operations Specialist",
        "operations_specialist",
    ),
    person(
        "lena@demo.example",
        "Lena Fischer",
        "Lead Advisor",
        "lead_advisor",
    ),
    person(
        "carl@demo.example",
        "Carl Jensen",
        "Compliance Officer",
        "compliance_officer",
    ),
    person("tara@demo.example", "Tara Singh", "Trader", "trader"),
    person(
        "bill@demo.example",
        "Bill Novak",
        "Billing Specialist",
        "billing_specialist",
    ),
    person(
        "ana@demo.example",
        "Ana Costa",
        "Associate Advisor",
        "associate_advisor",
    ),
];

const fn person(
    email: &'static str,
    full_name: &'static str,
    title: &'static str,
    role: &'static str,
) -> Person {
    Person {
        email,
        full_name,
        title,
        role,
    }
}

/// Everyone with their roles, and the client whose teams they are.
#[derive(Debug)]
pub(super) struct Office {
    users: Vec<User>,
    memberships: Vec<Membership>,
    pub(super) client: Entity,
}

impl Office {
    pub(super) fn new(firm: &Firm, roles: &[Role], numbers: &dyn Ambient) -> Self {
        let now = numbers.now();
        let client = Entity {
            id: EntityId(numbers.fresh_id()),
            kind: "household".to_owned(),
            name: "Lindqvist Household".to_owned(),
            status: "client".to_owned(),
            team_id: None,
            restricted: false,
            attributes: BTreeMap::new(),
            created_at: now,
            version: 1,
        };
        let mut users = Vec::new();
        let mut memberships = Vec::new();
        for person in &PEOPLE {
            let user = User {
                id: UserId(numbers.fresh_id()),
                email: person.email.to_owned(),
                full_name: person.full_name.to_owned(),
                permission_level: PermissionLevel::Member,
                status: UserStatus::Active,
                created_at: now,
                version: 1,
            };
            let held = roles.iter().find(|role| role.key == person.role);
            memberships.extend(held.map(|role| Membership {
                id: MembershipId(numbers.fresh_id()),
                entity_id: match role.kind {
                    RoleKind::Firm => firm.id.entity(),
                    RoleKind::Business | RoleKind::ServicingTeam => client.id,
                },
                user_id: user.id,
                role_id: role.id,
                role_kind: role.kind,
                is_primary: true,
                created_at: now,
                version: 1,
            }));
            users.push(user);
        }
        Self {
            users,
            memberships,
            client,
        }
    }

    /// The Client Service Associate.
    pub(super) fn associate(&self) -> Option<UserId> {
        let person = PEOPLE.iter().position(|person| person.role == ASSOCIATE)?;
        self.users.get(person).map(|user| user.id)
    }

    /// Queues everyone, the client, and who holds which role.
    pub(super) fn move_in(
        &self,
        tx: &mut UnitOfWork,
        password_hash: &str,
    ) -> Result<(), StoreError> {
        for user in &self.users {
            tx.insert_user(user, Some(password_hash.to_owned()))?;
            let (event, kind) = (EventType::UserCreated, SubjectType::User);
            tx.record(made(event, kind, user.id.0, None, user));
        }
        tx.insert_entities([&self.client])?;
        let id = self.client.id;
        let (event, kind) = (EventType::EntityCreated, SubjectType::Entity);
        tx.record(made(event, kind, id.0, Some(id), &self.client));
        tx.insert_memberships(&self.memberships)?;
        for held in &self.memberships {
            let (event, kind) = (EventType::MembershipCreated, SubjectType::Membership);
            tx.record(made(event, kind, held.id.0, Some(held.entity_id), held));
        }
        Ok(())
    }
}

fn made<T: Serialize>(
    event: EventType,
    subject_type: SubjectType,
    subject_id: Uuid,
    entity_id: Option<EntityId>,
    after: &T,
) -> Occurrence {
    Occurrence {
        event,
        subject_type,
        subject_id,
        entity_id,
        before: None,
        after: Some(snapshot(after)),
    }
}
