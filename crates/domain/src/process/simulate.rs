//! Playing a definition through without writing anything: the same engine over a run in memory. Every task is taken to be done
//! when it is due, or as soon as it opens where nothing says when.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{
    ProcessStatus, engine::Engine, field, form::check_start_fields, input::CompletionInput,
    owner::preparers, run::Run, start::StartInput, subject::check_subject, world::World,
};
use crate::{
    access::execution::{Decision, executors},
    fault::{Fault, Faults, segment},
    ids::{TaskId, UserId},
    process_type::definition::{Definition, Field, Outcome, TaskKind, TaskTemplate},
    task::{Completion, Consequences, Item, Task, TaskStatus, Via},
    value::FieldValue,
};

/// After so many completions a run is given up: it goes round in circles that the chosen outcomes make.
const MAX_COMPLETIONS: usize = 3_000;

/// What is played.
#[derive(Debug, Clone)]
pub struct SimulationInput {
    /// The start: subject, related records, initiator. Its fields are taken from `fields`.
    pub start: StartInput,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// Outcomes by task key, one for each time that the task is completed; of a fan-out, that one of its children is. Where none is given, the first that does not send
    /// work back.
    pub outcomes: BTreeMap<String, Vec<String>>,
    /// Answers by field key, of the start form and of the tasks' forms. Unlike in a real run, none is required of a task.
    pub fields: BTreeMap<String, FieldValue>,
}

/// How a run would go.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// The run as it ended.
    pub run: Run,
    /// Every time that a task opens, in order.
    pub openings: Vec<Opening>,
    /// Why it did not come to its end, if it did not.
    pub halt: Option<Halt>,
}

/// One attempt of one task.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// The task.
    pub task_id: TaskId,
    /// Key of the task.
    pub key: String,
    /// The item that it is done for, if it is the child of a fan-out (E24).
    pub item: Option<Item>,
    /// Its title with its texts filled in (E14).
    pub title: String,
    /// Which attempt, from 1 (E6).
    pub attempt: u32,
    /// When it opens.
    pub opened_at: DateTime<Utc>,
    /// Whose it is (E9).
    pub owner_id: Option<UserId>,
    /// When it is due (E11).
    pub due_at: Option<DateTime<Utc>>,
    /// Who may execute it at that moment, the owner among them, with the decision that lets them.
    pub executors: Vec<(UserId, Decision)>,
    /// How it ends.
    pub end: Option<End>,
}

/// How an attempt ends.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// When.
    pub at: DateTime<Utc>,
    /// Completed, cancelled with its process, or waiting again because rework withdrew it.
    pub status: TaskStatus,
    /// The outcome with which it was completed.
    pub outcome: Option<String>,
}

/// Why a simulation stops before the process ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Halt {
    /// An outcome was to send work back more often than it may (E6).
    ReworkLimit {
        /// Key of the task.
        task: String,
        /// Key of the outcome.
        outcome: String,
    },
    /// Nothing is left to be done, yet tasks wait: the definition is not sound (E20).
    Stuck,
    /// The chosen outcomes go round in circles.
    TooLong,
}

/// Plays a definition through. Faults of what is given are told all at once, with pointers into the request.
pub fn simulate(
    definition: &Definition,
    world: World<'_>,
    mut input: SimulationInput,
) -> Result<Simulation, Vec<Fault>> {
    input.start.fields = start_fields(definition, &input.fields);
    let faults = check(definition, world, &input);
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut planned = Run::planned(definition, world, input.start.clone());
    planned.process.started_at = input.starts_at;
    let mut engine = Engine::new(definition, world, planned);
    engine.now = input.starts_at;
    engine.begin_run();
    let mut play = Play {
        engine,
        openings: Vec::new(),
        chosen: BTreeMap::new(),
        input,
    };
    let halt = play.run_out();
    Ok(Simulation {
        run: play.engine.run,
        openings: play.openings,
        halt,
    })
}

fn start_fields(
    definition: &Definition,
    fields: &BTreeMap<String, FieldValue>,
) -> BTreeMap<String, FieldValue> {
    let keys: BTreeSet<&String> = definition
        .start_form
        .iter()
        .map(|field| &field.key)
        .collect();
    let fields = fields.iter().filter(|(key, _)| keys.contains(key));
    fields
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

fn check(definition: &Definition, world: World<'_>, input: &SimulationInput) -> Vec<Fault> {
    let mut faults = Faults::default();
    for fault in check_subject(definition, world, &input.start) {
        faults.add(fault.pointer, &fault.code, fault.detail);
    }
    let firm = world.catalog.firm.id.entity();
    let subject = input.start.entity_ids.first().copied().unwrap_or(firm);
    if let Some(subject) = world.around.entities.get(&subject) {
        let (firm, fields) = (&world.catalog.firm, &input.start.fields);
        for fault in check_start_fields(firm, definition, fields, subject, world.around) {
            faults.add(fault.pointer, &fault.code, fault.detail);
        }
    }
    for (key, value) in &input.fields {
        if input.start.fields.contains_key(key) {
            continue;
        }
        let pointer = format!("/fields/{}", segment(key));
        match field_of_tasks(definition, key) {
            None => faults.add(
                pointer,
                "unknown-key",
                "No form of this type has such a field.",
            ),
            Some(field) => {
                if let Err(refusal) = field::check(field, value, world.around) {
                    faults.add(pointer, refusal.code, refusal.detail);
                }
            }
        }
    }
    for (key, outcomes) in &input.outcomes {
        let pointer = format!("/outcomes/{}", segment(key));
        let Some(template) = definition.tasks.iter().find(|task| task.key == *key) else {
            faults.add(pointer, "unknown-key", "This type has no such task.");
            continue;
        };
        for (place, outcome) in outcomes.iter().enumerate() {
            if template.outcome(outcome).is_none() {
                let detail = format!("{} has no outcome {outcome:?}.", template.title);
                faults.add(format!("{pointer}/{place}"), "unknown-outcome", detail);
            }
        }
    }
    faults.into_vec()
}

fn field_of_tasks<'d>(definition: &'d Definition, key: &str) -> Option<&'d Field> {
    let mut fields = definition.tasks.iter().flat_map(|task| &task.form);
    fields.find(|field| field.key == key)
}

/// A simulation under way.
struct Play<'a> {
    engine: Engine<'a>,
    openings: Vec<Opening>,
    /// How many of the given outcomes each task has used.
    chosen: BTreeMap<String, usize>,
    input: SimulationInput,
}

impl<'a> Play<'a> {
    fn run_out(&mut self) -> Option<Halt> {
        for _ in 0..MAX_COMPLETIONS {
            self.note();
            if self.engine.run.process.status != ProcessStatus::Running {
                return None;
            }
            let Some((at, index)) = self.next() else {
                return Some(Halt::Stuck);
            };
            self.engine.now = at;
            if let Err(halt) = self.complete(index) {
                self.note();
                return Some(halt);
            }
        }
        Some(Halt::TooLong)
    }

    /// The task that is done next, and when.
    fn next(&self) -> Option<(DateTime<Utc>, usize)> {
        let now = self.engine.now;
        let tasks = self.engine.run.tasks.iter().enumerate();
        tasks
            // A fan-out is done by its children.
            .filter(|(_, task)| task.status.is_active() && task.kind != TaskKind::FanOut)
            .map(|(index, task)| (task.due_at.map_or(now, |due| due.max(now)), index))
            .min()
    }

    fn complete(&mut self, index: usize) -> Result<(), Halt> {
        let chosen = self.choose(index);
        if self.engine.within_rounds(index, chosen).is_err() {
            return Err(Halt::ReworkLimit {
                task: self.engine.run.tasks[index].key.clone(),
                outcome: chosen
                    .map(|outcome| outcome.key.clone())
                    .unwrap_or_default(),
            });
        }
        let before = self.engine.run.tasks[index].clone();
        let (by, decision) = match self.executor(index) {
            Some((by, decision)) => (Some(by), Some(decision)),
            None => (before.owner_id, None),
        };
        self.answer(index, by, chosen.map(|outcome| outcome.key.clone()));
        let completion = Completion {
            at: self.engine.now,
            by,
            on_behalf_of: None,
            via: decision
                .as_ref()
                .and_then(|it| it.via)
                .unwrap_or(Via::Owner),
            role_id: decision.as_ref().and_then(|it| it.role_id),
            rule: String::new(),
            reason: String::new(),
            outcome: chosen.map(|outcome| outcome.key.clone()),
            reason_code: None,
            note: None,
            consequences: Consequences::default(),
        };
        self.engine.complete_with(index, &before, completion);
        // Nobody reads what would be stored or done later; records that effects changed stay, for what follows.
        self.engine.changes.occurrences.clear();
        self.engine.changes.jobs.clear();
        Ok(())
    }

    /// The next of the given outcomes, else the first that does not send work back.
    fn choose(&mut self, index: usize) -> Option<&'a Outcome> {
        let template: &'a TaskTemplate = self.engine.template(index)?;
        let used = self.chosen.entry(template.key.clone()).or_default();
        let given = self.input.outcomes.get(&template.key);
        let given = given.and_then(|outcomes| outcomes.get(*used));
        *used += 1;
        if let Some(key) = given {
            return template.outcome(key);
        }
        let mut outcomes = template.outcomes.iter();
        let onward = outcomes.find(|outcome| outcome.reopens.is_none());
        onward.or_else(|| template.outcomes.first())
    }

    /// Who does it: the owner where they may, else the first who may.
    fn executor(&self, index: usize) -> Option<(UserId, Decision)> {
        let owner = self.engine.run.tasks[index].owner_id;
        let able = self.able(&self.engine.run.tasks[index]);
        let first = able.iter().find(|(id, _)| Some(*id) == owner);
        first.or_else(|| able.first()).cloned()
    }

    fn able(&self, task: &Task) -> Vec<(UserId, Decision)> {
        let Some(entity) = self.engine.entity(task.entity_id) else {
            return Vec::new();
        };
        let World {
            catalog, around, ..
        } = self.engine.world;
        let preparers = preparers(&self.engine.run, task);
        let facts = around.task_facts(catalog, task, entity, &preparers, self.engine.now);
        executors(facts, &around.people)
    }

    fn answer(&mut self, index: usize, by: Option<UserId>, outcome: Option<String>) {
        let fields = self.engine.fields_of(index);
        let given = fields.iter().filter_map(|asked| {
            let key = &asked.field.key;
            let value = self.input.fields.get(key)?;
            Some((key.clone(), Some(value.clone())))
        });
        let input = CompletionInput {
            form: given.collect(),
            outcome,
            ..CompletionInput::default()
        };
        if let Some(by) = by {
            self.engine.apply_content(index, &input, by);
        } else {
            let answers = input.form.into_iter();
            let answers = answers.filter_map(|(key, value)| Some((key, value?)));
            self.engine.run.tasks[index].form.extend(answers);
        }
    }

    /// Writes down what has opened and what has ended since the last look.
    fn note(&mut self) {
        for task in &self.engine.run.tasks {
            let open = self.openings.iter_mut().rev();
            let mut open =
                open.filter(|opening| opening.task_id == task.id && opening.end.is_none());
            if let Some(opening) = open.next() {
                opening.end = end_of(opening.attempt, task, self.engine.now);
            }
        }
        let opened: Vec<Opening> = self
            .engine
            .run
            .tasks
            .iter()
            .filter(|task| task.opened_at.is_some())
            .filter(|task| !self.openings.iter().any(|opening| opening.is_of(task)))
            .map(|task| Opening {
                task_id: task.id,
                item: task.item.clone(),
                key: task.key.clone(),
                title: task.title.clone(),
                attempt: task.attempt,
                opened_at: task.opened_at.unwrap_or(self.engine.now),
                owner_id: task.owner_id,
                due_at: task.due_at,
                executors: self.able(task),
                end: end_of(task.attempt, task, self.engine.now),
            })
            .collect();
        self.openings.extend(opened);
    }
}

impl Opening {
    fn is_of(&self, task: &Task) -> bool {
        self.task_id == task.id && self.attempt == task.attempt
    }
}

/// How an attempt of a task has ended; none while it is under way.
fn end_of(attempt: u32, task: &Task, now: DateTime<Utc>) -> Option<End> {
    let withdrawn = task.attempt != attempt;
    if !withdrawn && task.status.is_active() {
        return None;
    }
    let completion = if withdrawn {
        let attempts = task.attempts.iter();
        let mut attempts = attempts.filter(|earlier| earlier.attempt == attempt);
        attempts
            .next()
            .and_then(|earlier| earlier.completion.as_ref())
    } else {
        task.completion.as_ref()
    };
    Some(End {
        at: completion.map_or(now, |completion| completion.at),
        status: match completion {
            Some(_) => TaskStatus::Completed,
            None if withdrawn => TaskStatus::Waiting,
            None => task.status,
        },
        outcome: completion.and_then(|completion| completion.outcome.clone()),
    })
}

#[cfg(test)]
mod tests;
