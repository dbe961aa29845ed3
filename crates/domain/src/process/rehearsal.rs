//! A small firm, its people, and plans made in a line each: what the tests of the engine's movement play with.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use uuid::Uuid;

pub(crate) use super::fixture::outcome;
use super::{
    Cause,
    engine::Engine,
    error::TaskError,
    fixture::{
        self, TestAmbient, attribute, catalog, definition, effect, entity, field, firm, role,
        template, user,
    },
    input::CompletionInput,
    run::Run,
    start::StartInput,
    world::{Catalog, Surroundings, World},
};
use crate::{
    access::{Rule, execution::Decision},
    ambient::Ambient as _,
    attribute::{Attribute, AttributeType},
    entity::Entity,
    ids::{AttributeId, EntityId, FirmId, ProcessTypeId, RoleId, TaskId, UserId},
    process_type::definition::{
        Definition, Edge, Effect, EffectAction, Field, Outcome, OwnerRule, ProcessResult, Starts,
        Target, TaskKind, TaskTemplate,
    },
    role::RoleKind,
    task::{Task, Via},
    value::{FieldType, FieldValue},
};

/// The one who starts things and owns what nobody else does.
pub(crate) const ANNA: UserId = UserId(Uuid::from_u128(0xA));
/// A colleague.
pub(crate) const BEN: UserId = UserId(Uuid::from_u128(0xB));
/// The client.
pub(crate) const CLIENT: EntityId = EntityId(Uuid::from_u128(0xC));

/// Everything that an engine borrows.
pub(crate) struct Rehearsal {
    pub(crate) definition: Definition,
    pub(crate) around: Surroundings,
    pub(crate) input: StartInput,
    catalog: Catalog,
    ambient: TestAmbient,
}

impl Rehearsal {
    /// A firm on Monday, 2026-03-02, at ten in New York, with this plan.
    pub(crate) fn of(tasks: impl IntoIterator<Item = TaskTemplate>) -> Self {
        let firm = firm(FirmId(Uuid::from_u128(1)));
        let people = [user(ANNA, "Anna"), user(BEN, "Ben")];
        Self {
            definition: Definition {
                owner: vec![OwnerRule::Initiator],
                results: Vec::new(),
                ..definition(tasks.into_iter().collect())
            },
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
                cause: Cause::default(),
                asked_fields: Vec::new(),
                parent: None,
                depth: 0,
                initiator: Some(ANNA),
            },
            catalog: catalog(firm, Vec::new()),
            ambient: TestAmbient::new("2026-03-02T15:00:00Z", 0x100),
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
        let id = RoleId(self.ambient.fresh_id());
        self.catalog.roles.push(role(id, key, kind));
        id
    }

    /// An attribute that clients have.
    pub(crate) fn attribute(&mut self, key: &str, value_type: AttributeType, options: &[&str]) {
        let id = AttributeId(self.ambient.fresh_id());
        self.catalog.attributes.push(Attribute {
            options: options.iter().map(|&option| option.to_owned()).collect(),
            ..attribute(id, "client", key, value_type)
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
        self.ambient.advance(TimeDelta::days(days));
        Engine::new(&self.definition, self.world(), run)
    }

    pub(crate) fn world(&self) -> World<'_> {
        World {
            catalog: &self.catalog,
            around: &self.around,
            ambient: &self.ambient,
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
        owner: vec![OwnerRule::User(ANNA)],
        ..template(key)
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
            outcome,
            ..fixture::after(task)
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
    effect(EffectAction::Notify {
        to: OwnerRule::User(ANNA),
        message: message.to_owned(),
    })
}

fn client() -> Entity {
    Entity {
        status: "client".to_owned(),
        ..entity(CLIENT, "household", "Okafor Household")
    }
}
