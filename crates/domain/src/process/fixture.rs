//! A small firm with one client and one run, for the tests of the engine.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, Duration, NaiveTime, Utc, Weekday};
use uuid::Uuid;

use super::{
    Process, ProcessStatus,
    engine::Engine,
    run::Run,
    world::{Catalog, Surroundings, World},
};
use crate::{
    ambient::Ambient,
    attribute::{Attribute, AttributeType},
    calendar::Calendars,
    document::Document,
    entity::{Entity, Membership, statuses_of},
    firm::{Firm, Visibility},
    ids::{
        AttributeId, DocumentId, EntityId, FirmId, MembershipId, ProcessId, ProcessTypeId, RoleId,
        TaskId, UserId,
    },
    process_type::definition::{
        COMPLETED, ChecklistItem, DEFAULT_MAX_ROUNDS, Definition, Edge, Effect, EffectAction,
        ExecutionRule, Field, Join, Outcome, Priority, ProcessResult, SubjectRule, Target,
        TaskKind, TaskTemplate,
    },
    role::{Role, RoleKind},
    task::{self, Completion, Execution, Source, SourceType, Task, TaskStatus, Via},
    user::{PermissionLevel, User, UserStatus},
    value::{FieldType, FieldValue},
};

/// A clock that stands and ids that count.
#[derive(Debug)]
pub(crate) struct TestAmbient {
    pub(crate) now: DateTime<Utc>,
    next: AtomicU64,
}

impl Ambient for TestAmbient {
    fn now(&self) -> DateTime<Utc> {
        self.now
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
        let ambient = TestAmbient {
            now: now(),
            next: AtomicU64::new(1),
        };
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
            catalog: Catalog {
                calendars: Calendars::new(&firm, &[]),
                firm,
                roles: roles.into(),
                attributes: Vec::new(),
            },
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
        let user = User {
            id,
            email: format!("{id}@example.com"),
            full_name: name.into(),
            permission_level: PermissionLevel::Member,
            status: UserStatus::Active,
            created_at: self.ambient.now,
            version: 1,
        };
        self.around.people.insert(id, user);
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
            created_at: self.ambient.now,
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
            created_at: self.ambient.now - Duration::days(1000 - days),
            version: 1,
        });
        self.around.memberships.last_mut().unwrap()
    }

    /// Defines an attribute.
    pub(crate) fn attribute(&mut self, kind: &str, key: &str, value_type: AttributeType) {
        self.catalog.attributes.push(Attribute {
            id: AttributeId(self.ambient.fresh_id()),
            key: key.into(),
            label: key.into(),
            entity_kind: kind.into(),
            value_type,
            options: Vec::new(),
            archived: false,
            version: 1,
        });
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
fn now() -> DateTime<Utc> {
    "2026-07-01T14:00:00Z".parse().unwrap()
}

fn firm(id: FirmId) -> Firm {
    Firm {
        id,
        slug: "meridian".into(),
        name: "Meridian Wealth".into(),
        time_zone: chrono_tz::America::New_York,
        close_of_business: NaiveTime::from_hms_opt(17, 0, 0).unwrap(),
        weekend: vec![Weekday::Sat, Weekday::Sun],
        fiscal_year_start_month: 1,
        visibility: Visibility::Team,
        owner_may_reschedule: true,
        created_at: now(),
        version: 1,
    }
}

fn role(id: RoleId, key: &str, kind: RoleKind) -> Role {
    Role {
        id,
        key: key.into(),
        name: key.into(),
        kind,
        description: None,
        leads: key == "lead_advisor",
        version: 1,
    }
}

fn entity(id: EntityId, kind: &str, name: &str) -> Entity {
    Entity {
        id,
        kind: kind.into(),
        name: name.into(),
        status: statuses_of(kind)[0].into(),
        team_id: None,
        restricted: false,
        attributes: BTreeMap::new(),
        created_at: now(),
        version: 1,
    }
}

fn process(ambient: &TestAmbient, definition: &Definition, client: EntityId) -> Process {
    Process {
        id: ProcessId(ambient.fresh_id()),
        process_type_id: ProcessTypeId(ambient.fresh_id()),
        process_type_version: 1,
        name: definition.name.clone(),
        entity_id: client,
        entity_ids: vec![client],
        related: BTreeMap::new(),
        owner_id: None,
        initiator_id: None,
        status: ProcessStatus::Running,
        result: None,
        result_set_by: None,
        fields: BTreeMap::new(),
        asked_fields: Vec::new(),
        parent: None,
        depth: 0,
        cancel_reason: None,
        hold_reason: None,
        started_at: now(),
        ended_at: None,
        version: 1,
    }
}

fn task(ambient: &TestAmbient, process: &Process, template: &TaskTemplate, ordinal: i32) -> Task {
    Task {
        id: TaskId(ambient.fresh_id()),
        process_id: Some(process.id),
        entity_id: process.entity_id,
        key: template.key.clone(),
        kind: template.kind,
        stage: None,
        ordinal,
        title: template.title.clone(),
        description: None,
        status: TaskStatus::Open,
        hold: None,
        priority: template.priority,
        owner_id: None,
        owner_by_hand: false,
        due_at: None,
        due_by_hand: false,
        compressed: false,
        attempt: 1,
        attempts: Vec::new(),
        execution: Execution::default(),
        separate_from: template.separate_from.clone(),
        form_editors: Vec::new(),
        waiting_on: template.waiting_on,
        checklist: template
            .checklist
            .iter()
            .map(|item| task::ChecklistItem {
                key: item.key.clone(),
                text: item.text.clone(),
                required: item.required,
                done: false,
                not_applicable: false,
                note: None,
                by: None,
                at: None,
            })
            .collect(),
        form: BTreeMap::new(),
        completion: None,
        closed_reason: None,
        rounds: BTreeMap::new(),
        skip_marked_by: None,
        child_process_id: None,
        blocking: true,
        source: Source {
            kind: SourceType::Process,
            id: process.id.0,
        },
        created_at: process.started_at,
        opened_at: None,
        started_at: None,
        closed_at: None,
        version: 1,
    }
}

/// A type of these tasks for clients, with the default result.
pub(crate) fn definition(tasks: Vec<TaskTemplate>) -> Definition {
    Definition {
        key: "test_process".into(),
        name: "Test Process".into(),
        category: "service_requests".into(),
        area: None,
        summary: String::new(),
        initiators: Vec::new(),
        owner: Vec::new(),
        subject: SubjectRule {
            kinds: vec!["client".into()],
            statuses: Vec::new(),
            many: false,
        },
        related: Vec::new(),
        start_form: Vec::new(),
        results: vec![ProcessResult {
            key: COMPLETED.into(),
            label: "Completed".into(),
            effects: Vec::new(),
        }],
        policies: Vec::new(),
        stages: Vec::new(),
        tasks,
    }
}

/// A plain task.
pub(crate) fn template(key: &str) -> TaskTemplate {
    TaskTemplate {
        key: key.into(),
        kind: TaskKind::Task,
        stage: None,
        title: key.into(),
        description: None,
        owner: Vec::new(),
        execution: ExecutionRule::default(),
        separate_from: Vec::new(),
        after: Vec::new(),
        join: Join::All,
        when: None,
        waiting_on: None,
        due: None,
        priority: Priority::Normal,
        skippable: true,
        checklist: Vec::new(),
        form: Vec::new(),
        outcomes: Vec::new(),
        over: None,
        starts: None,
        on_complete: Vec::new(),
    }
}

/// An edge that any outcome takes.
pub(crate) fn after(task: &str) -> Edge {
    Edge {
        task: task.into(),
        outcome: None,
    }
}

/// An optional field.
pub(crate) fn field(key: &str, field_type: FieldType) -> Field {
    Field {
        key: key.into(),
        label: key.into(),
        field_type,
        required: false,
        options: Vec::new(),
        multiple: false,
        entity_kind: None,
        visible_when: None,
        min: None,
        max: None,
        min_length: None,
        max_length: None,
        attribute: None,
    }
}

/// A required field.
pub(crate) fn required(key: &str, field_type: FieldType) -> Field {
    Field {
        required: true,
        ..field(key, field_type)
    }
}

/// An item of a checklist.
pub(crate) fn item(key: &str, required: bool) -> ChecklistItem {
    ChecklistItem {
        key: key.into(),
        text: key.into(),
        required,
    }
}

/// An outcome that leads on.
pub(crate) fn outcome(key: &str) -> Outcome {
    Outcome {
        key: key.into(),
        label: key.into(),
        reopens: None,
        max_rounds: DEFAULT_MAX_ROUNDS,
        skips: Vec::new(),
        ends: None,
        sets_result: None,
        requires_note: false,
        reason_codes: Vec::new(),
    }
}

/// An effect on the subject, without conditions.
pub(crate) fn effect(action: EffectAction) -> Effect {
    Effect {
        if_outcome: None,
        when: None,
        each: None,
        of: Target::Subject,
        unless_open: false,
        action,
    }
}

/// A completion by its owner.
pub(crate) fn completed(by: Option<UserId>, outcome: Option<&str>) -> Completion {
    Completion {
        at: now(),
        by,
        on_behalf_of: None,
        via: Via::Owner,
        role_id: None,
        rule: "X1".into(),
        reason: String::new(),
        outcome: outcome.map(str::to_owned),
        reason_code: None,
        note: None,
    }
}

/// A textual value.
pub(crate) fn text(value: &str) -> FieldValue {
    FieldValue::Text(value.into())
}

/// A list of texts.
pub(crate) fn list(values: &[&str]) -> FieldValue {
    FieldValue::List(values.iter().map(|value| (*value).to_owned()).collect())
}
