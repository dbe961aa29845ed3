//! A small firm with one client, for the tests of the engine: its records, the parts of definitions, and a run that stands
//! still. `rehearsal` plays with the same parts.

mod parts;
mod rows;

use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub(crate) use self::parts::{
    after, completed, definition, effect, field, item, list, outcome, required, template, text,
};
pub(super) use self::rows::{attribute, catalog, entity, firm, role, user};
use self::rows::{process, task};
use super::{
    engine::Engine,
    run::Run,
    world::{Catalog, Surroundings, World},
};
use crate::{
    ambient::Ambient,
    attribute::AttributeType,
    document::Document,
    entity::{Entity, Membership},
    ids::{AttributeId, DocumentId, EntityId, FirmId, MembershipId, RoleId, UserId},
    process_type::definition::Definition,
    role::RoleKind,
    task::Task,
    user::UserStatus,
};

/// A clock that is set by hand and ids that count.
#[derive(Debug)]
pub(crate) struct TestAmbient {
    now: Mutex<DateTime<Utc>>,
    next: AtomicU64,
}

impl TestAmbient {
    pub(super) fn new(now: &str, first_id: u64) -> Self {
        Self {
            now: Mutex::new(now.parse().unwrap()),
            next: AtomicU64::new(first_id),
        }
    }

    pub(crate) fn set(&self, now: &str) {
        *self.now.lock().unwrap() = now.parse().unwrap();
    }

    pub(super) fn advance(&self, by: TimeDelta) {
        *self.now.lock().unwrap() += by;
    }
}

impl Ambient for TestAmbient {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap()
    }

    fn fresh_id(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.next.fetch_add(1, Ordering::Relaxed)))
    }
}

/// Everything that an engine needs, owned: a firm in New York with the roles `client_service_associate` and
/// `operations_specialist` (servicing), `lead_advisor` (business) and `compliance_officer` (firm), a client
/// household without a team, and a run whose tasks are all open and nobody's.
pub(crate) struct Fixture {
    pub(crate) definition: Definition,
    pub(crate) catalog: Catalog,
    pub(crate) around: Surroundings,
    pub(crate) ambient: TestAmbient,
    pub(crate) run: Run,
    pub(crate) client: EntityId,
}

impl Fixture {
    pub(crate) fn new(definition: Definition) -> Self {
        let ambient = TestAmbient::new(NOW, 1);
        let firm = firm(FirmId(ambient.fresh_id()));
        let client = entity(
            EntityId(ambient.fresh_id()),
            "household",
            "Okafor Household",
        );
        let client_id = client.id;
        let firm_entity = entity(firm.id.entity(), "firm", &firm.name);
        let roles = [
            ("client_service_associate", RoleKind::ServicingTeam),
            ("operations_specialist", RoleKind::ServicingTeam),
            ("lead_advisor", RoleKind::Business),
            ("compliance_officer", RoleKind::Firm),
        ]
        .map(|(key, kind)| role(RoleId(ambient.fresh_id()), key, kind));
        let process = process(&ambient, &definition, client_id);
        let tasks = definition
            .tasks
            .iter()
            .zip(0..)
            .map(|(template, ordinal)| task(&ambient, &process, template, ordinal))
            .collect();
        let mut around = Surroundings::default();
        around.entities.insert(client_id, client);
        around.entities.insert(firm_entity.id, firm_entity);
        let mut fixture = Self {
            definition,
            catalog: catalog(firm, roles.into()),
            around,
            ambient,
            run: Run { process, tasks },
            client: client_id,
        };
        fixture.client_mut().status = "client".into();
        fixture
    }

    /// Takes the run up.
    pub(crate) fn engine(&self) -> Engine<'_> {
        let world = World {
            catalog: &self.catalog,
            around: &self.around,
            ambient: &self.ambient,
        };
        Engine::new(&self.definition, world, self.run.clone())
    }

    pub(crate) fn firm_entity(&self) -> EntityId {
        self.catalog.firm.id.entity()
    }

    pub(crate) fn client_mut(&mut self) -> &mut Entity {
        self.around.entities.get_mut(&self.client).unwrap()
    }

    /// Adds an active member.
    pub(crate) fn user(&mut self, name: &str) -> UserId {
        let id = UserId(self.ambient.fresh_id());
        self.around.people.insert(id, user(id, name));
        id
    }

    pub(crate) fn deactivate(&mut self, user: UserId) {
        self.around.people.get_mut(&user).unwrap().status = UserStatus::Inactive;
    }

    /// Adds an entity in its kind's first status.
    pub(crate) fn entity(&mut self, kind: &str, name: &str) -> EntityId {
        let id = EntityId(self.ambient.fresh_id());
        self.around.entities.insert(id, entity(id, kind, name));
        id
    }

    pub(crate) fn document(&mut self, name: &str) -> DocumentId {
        let id = DocumentId(self.ambient.fresh_id());
        let document = Document {
            id,
            name: name.into(),
            media_type: "application/pdf".into(),
            size: 1,
            sha256: "00".repeat(32),
            entity_id: None,
            uploaded_by: None,
            created_at: self.now(),
        };
        self.around.documents.insert(id, document);
        id
    }

    /// Puts somebody on an entity's team, each a day after the one before.
    pub(crate) fn hold(&mut self, user: UserId, role: &str, on: EntityId) -> &mut Membership {
        let role = self
            .catalog
            .roles
            .iter()
            .find(|known| known.key == role)
            .unwrap();
        let days = i64::try_from(self.around.memberships.len()).unwrap();
        self.around.memberships.push(Membership {
            id: MembershipId(self.ambient.fresh_id()),
            entity_id: on,
            user_id: user,
            role_id: role.id,
            role_kind: role.kind,
            is_primary: false,
            created_at: self.now() - TimeDelta::days(1000 - days),
            version: 1,
        });
        self.around.memberships.last_mut().unwrap()
    }

    /// Defines an attribute.
    pub(crate) fn attribute(&mut self, kind: &str, key: &str, value_type: AttributeType) {
        let id = AttributeId(self.ambient.fresh_id());
        let attribute = attribute(id, kind, key, value_type);
        self.catalog.attributes.push(attribute);
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.ambient.now()
    }

    pub(crate) fn ambient_id(&self) -> Uuid {
        self.ambient.fresh_id()
    }

    pub(crate) fn task_mut(&mut self, key: &str) -> &mut Task {
        self.run
            .tasks
            .iter_mut()
            .find(|task| task.key == key)
            .unwrap()
    }
}

/// Wednesday, 1 July 2026, 10:00 in New York.
const NOW: &str = "2026-07-01T14:00:00Z";

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}
