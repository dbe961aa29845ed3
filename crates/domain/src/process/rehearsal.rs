//! A small firm, its people, and plans made in a line each: what the tests of the engine's movement play with.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc, Weekday};
use uuid::Uuid;

use crate::{
    access::{Rule, execution::Decision},
    ambient::Ambient,
    attribute::{Attribute, AttributeType},
    calendar::Calendars,
    entity::Entity,
    firm::{Firm, Visibility},
    ids::{AttributeId, EntityId, FirmId, ProcessTypeId, RoleId, TaskId, UserId},
    process::{
        engine::Engine,
        error::TaskError,
        fixture::field,
        input::CompletionInput,
        run::Run,
        start::StartInput,
        world::{Catalog, Surroundings, World},
    },
    process_type::definition::{
        DEFAULT_MAX_ROUNDS, Definition, Edge, Effect, EffectAction, ExecutionRule, Field, Join,
        Outcome, OwnerRule, Priority, ProcessResult, Starts, SubjectRule, Target, TaskKind,
        TaskTemplate,
    },
    role::{Role, RoleKind},
    task::{Task, Via},
    user::{PermissionLevel, User, UserStatus},
    value::{FieldType, FieldValue},
};

/// The one who starts things and owns what nobody else does.
pub(crate) const ANNA: UserId = UserId(Uuid::from_u128(0xA));
/// A colleague.
pub(crate) const BEN: UserId = UserId(Uuid::from_u128(0xB));
/// The client.
pub(crate) const CLIENT: EntityId = EntityId(Uuid::from_u128(0xC));

/// A clock that is set by hand and ids that count.
struct HandClock {
    now: Mutex<DateTime<Utc>>,
    next: AtomicU64,
}

impl Ambient for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap()
    }

    fn fresh_id(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.next.fetch_add(1, Ordering::Relaxed)))
    }
}

/// Everything that an engine borrows.
pub(crate) struct Rehearsal {
    pub(crate) definition: Definition,
    pub(crate) around: Surroundings,
    pub(crate) input: StartInput,
    catalog: Catalog,
    clock: HandClock,
}

impl Rehearsal {
    /// A firm on Monday, 2026-03-02, at ten in New York, with this plan.
    pub(crate) fn of(tasks: impl IntoIterator<Item = TaskTemplate>) -> Self {
        let firm = firm();
        let people = [person(ANNA, "Anna"), person(BEN, "Ben")];
        Self {
            definition: definition(tasks.into_iter().collect()),
            around: Surroundings {
                entities: [(CLIENT, client())].into(),
                people: people.into_iter().map(|user| (user.id, user)).collect(),
                ..Surroundings::default()
            },
            input: StartInput {
                process_type_id: ProcessTypeId(Uuid::from_u128(0xF)),
                version: 1,
                entity_ids: vec![CLIENT],
                related: BTreeMap::new(),
                fields: BTreeMap::new(),
                cause: crate::process::Cause::default(),
                asked_fields: Vec::new(),
                parent: None,
                depth: 0,
                initiator: Some(ANNA),
            },
            catalog: Catalog {
                calendars: Calendars::new(&firm, &[]),
                firm,
                roles: Vec::new(),
                attributes: Vec::new(),
                covers: Vec::new(),
            },
            clock: HandClock {
                now: Mutex::new("2026-03-02T15:00:00Z".parse().unwrap()),
                next: AtomicU64::new(0x100),
            },
        }
    }

    pub(crate) fn with_result(mut self, key: &str, effects: Vec<Effect>) -> Self {
        self.definition.results.push(ProcessResult {
            key: key.to_owned(),
            label: key.to_owned(),
            effects,
        });
        self
    }

    pub(crate) fn role(&mut self, key: &str, kind: RoleKind) -> RoleId {
        let id = RoleId(self.clock.fresh_id());
        self.catalog.roles.push(Role {
            id,
            key: key.to_owned(),
            name: key.to_owned(),
            kind,
            description: None,
            leads: false,
            version: 1,
        });
        id
    }

    /// An attribute that clients have.
    pub(crate) fn attribute(&mut self, key: &str, value_type: AttributeType, options: &[&str]) {
        self.catalog.attributes.push(Attribute {
            id: AttributeId(self.clock.fresh_id()),
            key: key.to_owned(),
            label: key.to_owned(),
            entity_kind: "client".to_owned(),
            value_type,
            options: options.iter().map(|&option| option.to_owned()).collect(),
            archived: false,
            version: 1,
        });
    }

    /// So many households are around, and the start form names all of them as `households`.
    pub(crate) fn households(&mut self, count: u128) {
        let households: Vec<Entity> = (1..=count)
            .map(|number| Entity {
                id: EntityId(Uuid::from_u128(0xE0 + number)),
                name: format!("Household {number}"),
                ..client()
            })
            .collect();
        let ids = households.iter().map(|household| household.id.to_string());
        self.listed("households", FieldType::Entity, ids.collect());
        let known = households
            .into_iter()
            .map(|household| (household.id, household));
        self.around.entities.extend(known);
    }

    /// The start form names people as `people`.
    pub(crate) fn people(&mut self, people: &[UserId]) {
        let ids = people.iter().map(ToString::to_string).collect();
        self.listed("people", FieldType::User, ids);
    }

    fn listed(&mut self, key: &str, field_type: FieldType, values: Vec<String>) {
        let list = Field {
            multiple: true,
            ..field(key, field_type)
        };
        self.definition.start_form.retain(|field| field.key != key);
        self.definition.start_form.push(list);
        let value = FieldValue::List(values);
        self.input.fields.insert(key.to_owned(), value);
    }

    /// The client's record, to be changed before the run is taken up.
    pub(crate) fn client(&mut self) -> &mut Entity {
        self.around.entities.get_mut(&CLIENT).unwrap()
    }

    pub(crate) fn start(&self) -> Engine<'_> {
        Engine::start(&self.definition, self.world(), self.input.clone())
    }

    /// Lets time pass, and takes the run up again.
    pub(crate) fn later(&self, run: Run, days: i64) -> Engine<'_> {
        *self.clock.now.lock().unwrap() += TimeDelta::days(days);
        Engine::new(&self.definition, self.world(), run)
    }

    pub(crate) fn world(&self) -> World<'_> {
        World {
            catalog: &self.catalog,
            around: &self.around,
            ambient: &self.clock,
        }
    }
}

impl Engine<'_> {
    pub(crate) fn of(&self, key: &str) -> &Task {
        self.run.task(key).unwrap()
    }

    pub(crate) fn id(&self, key: &str) -> TaskId {
        self.of(key).id
    }

    /// Anna completes a task that she may complete.
    pub(crate) fn finish_task(&mut self, key: &str, outcome: &str) -> Result<(), TaskError> {
        self.finish_by(ANNA, key, outcome)
    }

    pub(crate) fn finish_by(
        &mut self,
        by: UserId,
        key: &str,
        outcome: &str,
    ) -> Result<(), TaskError> {
        let input = CompletionInput {
            outcome: Some(outcome.to_owned()).filter(|outcome| !outcome.is_empty()),
            ..CompletionInput::default()
        };
        self.complete(self.id(key), by, &yes(), &input)
    }

    /// Completes plain tasks, one after the other.
    pub(crate) fn done(&mut self, keys: &[&str]) {
        for key in keys {
            self.finish_task(key, "").unwrap();
        }
    }

    /// `key:status` of every task, in order.
    pub(crate) fn overview(&self) -> String {
        let tasks = self.run.tasks.iter();
        let parts: Vec<_> = tasks
            .map(|task| format!("{}:{}", task.key, task.status.as_str()))
            .collect();
        parts.join(" ")
    }

    /// What happened since the last look, with the keys of the tasks.
    pub(crate) fn told(&mut self) -> Vec<String> {
        let told = std::mem::take(&mut self.changes.occurrences);
        told.iter()
            .map(|occurrence| {
                let after = occurrence.after.as_ref().unwrap();
                let key = after["key"].as_str().unwrap_or_default();
                format!("{} {key}", occurrence.event.as_str())
                    .trim()
                    .to_owned()
            })
            .collect()
    }
}

/// Whoever asks may.
pub(crate) fn yes() -> Decision {
    Decision {
        allowed: true,
        rule: Rule::X1,
        via: Some(Via::Owner),
        role_id: None,
        on_behalf_of: None,
        reason: "owns the task".to_owned(),
    }
}

/// Whoever asks may not.
pub(crate) fn no(rule: Rule) -> Decision {
    Decision {
        allowed: false,
        rule,
        via: None,
        ..yes()
    }
}

/// A plain task of Anna's.
pub(crate) fn task(key: &str) -> TaskTemplate {
    TaskTemplate {
        key: key.to_owned(),
        kind: TaskKind::Task,
        stage: None,
        title: key.to_owned(),
        description: None,
        owner: vec![OwnerRule::User(ANNA)],
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
        reminders: Vec::new(),
        escalation: None,
    }
}

/// A task after others; `a=yes` is after the outcome `yes` of `a`.
pub(crate) fn after(sources: &[&str], template: TaskTemplate) -> TaskTemplate {
    let edges = sources.iter().map(|source| {
        let (task, outcome) = match source.split_once('=') {
            Some((task, outcome)) => (task, Some(outcome.to_owned())),
            None => (*source, None),
        };
        Edge {
            task: task.to_owned(),
            outcome,
        }
    });
    TaskTemplate {
        after: edges.collect(),
        ..template
    }
}

/// A decision with outcomes.
pub(crate) fn choice(key: &str, outcomes: impl IntoIterator<Item = Outcome>) -> TaskTemplate {
    TaskTemplate {
        kind: TaskKind::Decision,
        outcomes: outcomes.into_iter().collect(),
        ..task(key)
    }
}

/// An outcome that does nothing but lead on.
pub(crate) fn outcome(key: &str) -> Outcome {
    Outcome {
        key: key.to_owned(),
        label: key.to_owned(),
        reopens: None,
        max_rounds: DEFAULT_MAX_ROUNDS,
        skips: Vec::new(),
        ends: None,
        sets_result: None,
        requires_note: false,
        reason_codes: Vec::new(),
    }
}

/// An outcome that sends work back.
pub(crate) fn back(key: &str, reopens: &str) -> Outcome {
    Outcome {
        reopens: Some(reopens.to_owned()),
        ..outcome(key)
    }
}

/// A task that waits for a process of type `transfer`, whose results stand for its outcomes.
pub(crate) fn subprocess(key: &str, results: &[(&str, &str)]) -> TaskTemplate {
    let results = results.iter();
    let results: BTreeMap<_, _> = results
        .map(|(result, outcome)| ((*result).to_owned(), (*outcome).to_owned()))
        .collect();
    TaskTemplate {
        kind: TaskKind::Subprocess,
        outcomes: results.values().map(|key| outcome(key)).collect(),
        starts: Some(Starts {
            process_type: "transfer".to_owned(),
            of: Target::Subject,
            fields: BTreeMap::new(),
            related: BTreeMap::new(),
            results,
        }),
        ..task(key)
    }
}

/// Tells Anna something.
pub(crate) fn tell_anna(message: &str) -> Effect {
    Effect {
        if_outcome: None,
        when: None,
        each: None,
        of: Target::Subject,
        unless_open: false,
        action: EffectAction::Notify {
            to: OwnerRule::User(ANNA),
            message: message.to_owned(),
        },
    }
}

fn definition(tasks: Vec<TaskTemplate>) -> Definition {
    Definition {
        key: "rehearsal".to_owned(),
        name: "Rehearsal".to_owned(),
        category: "operations".to_owned(),
        area: None,
        summary: String::new(),
        initiators: Vec::new(),
        owner: vec![OwnerRule::Initiator],
        subject: SubjectRule {
            kinds: vec!["client".to_owned()],
            statuses: Vec::new(),
            many: false,
        },
        related: Vec::new(),
        start_form: Vec::new(),
        results: Vec::new(),
        policies: Vec::new(),
        stages: Vec::new(),
        tasks,
    }
}

fn client() -> Entity {
    Entity {
        id: CLIENT,
        kind: "household".to_owned(),
        name: "Okafor Household".to_owned(),
        status: "client".to_owned(),
        team_id: None,
        restricted: false,
        attributes: BTreeMap::new(),
        created_at: DateTime::UNIX_EPOCH,
        version: 1,
    }
}

fn person(id: UserId, name: &str) -> User {
    User {
        id,
        email: format!("{name}@example.com").to_lowercase(),
        full_name: name.to_owned(),
        permission_level: PermissionLevel::Member,
        status: UserStatus::Active,
        created_at: DateTime::UNIX_EPOCH,
        version: 1,
    }
}

fn firm() -> Firm {
    Firm {
        id: FirmId(Uuid::from_u128(1)),
        slug: "north".to_owned(),
        name: "North".to_owned(),
        time_zone: chrono_tz::America::New_York,
        close_of_business: NaiveTime::from_hms_opt(17, 0, 0).unwrap(),
        weekend: vec![Weekday::Sat, Weekday::Sun],
        fiscal_year_start_month: 1,
        visibility: Visibility::Team,
        owner_may_reschedule: true,
        read_access_log: crate::firm::ReadAccessLog::Off,
        created_at: DateTime::UNIX_EPOCH,
        version: 1,
    }
}
