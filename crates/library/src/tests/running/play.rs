//! A run of a workflow by people who may, with real answers, to whatever end the choices lead.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::execution::{Decision, TaskFacts, executors},
    ids::{EntityId, ProcessId, ProcessTypeId, UserId},
    job::{Job, StartRequest},
    process::{
        Cause, ProcessStatus,
        engine::Engine,
        form::check_start_fields,
        input::CompletionInput,
        owner::preparers,
        run::{Changes, Run},
        start::StartInput,
        start_request::fitted,
        subject::check_subject,
    },
    process_type::{
        Definition,
        definition::{Outcome, TaskKind, TaskTemplate},
        parse,
    },
    value::FieldValue,
};
use uuid::Uuid;

use super::{
    answers::{Dice, answer, answered},
    firm::Stand,
};
use crate::by_key;

/// No run of the library comes near to so many completions.
const MAX_COMPLETIONS: usize = 600;
const TYPE: ProcessTypeId = ProcessTypeId(Uuid::from_u128(0x7));

/// How outcomes are chosen where nothing else is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// The first that leads on.
    Onward,
    /// Any that may still be chosen.
    Any,
}

/// How a run is played.
pub(super) struct Script<'s> {
    pub(super) manner: Manner,
    /// Outcomes by task, each chosen the first time that its task is done.
    pub(super) wanted: BTreeMap<&'s str, &'s str>,
}

impl<'s> Script<'s> {
    pub(super) const fn of(manner: Manner) -> Self {
        Self {
            manner,
            wanted: BTreeMap::new(),
        }
    }

    pub(super) fn wanting(wanted: &[(&'s str, &'s str)]) -> Self {
        Self {
            manner: Manner::Onward,
            wanted: wanted.iter().copied().collect(),
        }
    }
}

/// A run as it ended, and what was seen on the way.
pub(super) struct Played {
    pub(super) run: Run,
    /// The firm as the run left it.
    pub(super) stand: Stand,
    /// Every task that people, items or a child completed, with its outcome.
    pub(super) done: BTreeSet<(String, Option<String>)>,
    /// What it asked to have started.
    pub(super) asked: Vec<StartRequest>,
    /// With whom it logged contact, in which way.
    pub(super) contacts: Vec<(EntityId, String)>,
}

impl Played {
    pub(super) fn result(&self) -> &str {
        self.run.process.result.as_deref().unwrap()
    }

    /// What it asked to have started of a type.
    pub(super) fn asked_for(&self, process_type: &str) -> StartRequest {
        let mut asked = self.asked.iter();
        let found = asked.find(|request| request.process_type == process_type);
        found.unwrap().clone()
    }

    pub(super) fn has_done(&self, task: &str, outcome: &str) -> bool {
        let wanted = (task.to_owned(), Some(outcome.to_owned()));
        self.done.contains(&wanted)
    }
}

pub(super) fn definition(key: &str) -> Definition {
    let workflow = by_key(key).unwrap_or_else(|| panic!("no workflow {key}"));
    parse(&workflow.document).unwrap_or_else(|faults| panic!("{key}: {faults:?}"))
}

/// Plays a workflow by hand of one who may start it, for a record that it serves.
pub(super) fn play(definition: &Definition, script: &Script<'_>, dice: &mut Dice) -> Played {
    let mut stand = Stand::new();
    let subject = stand.subject(definition);
    let mut fields = BTreeMap::new();
    for field in &definition.start_form {
        let optional = !field.required && dice.heads();
        if !optional {
            fields.insert(field.key.clone(), answer(field, &stand, dice));
        }
    }
    let initiators = definition.initiators.iter();
    let mut initiators = initiators.filter_map(|role| stand.holder(role));
    let input = StartInput {
        process_type_id: TYPE,
        version: 1,
        entity_ids: vec![subject],
        related: BTreeMap::new(),
        fields,
        asked_fields: Vec::new(),
        parent: None,
        cause: Cause::default(),
        depth: 0,
        initiator: initiators
            .next()
            .or_else(|| stand.people().first().copied()),
    };
    let faults = check_subject(definition, stand.world(), &input);
    assert_eq!(faults, [], "{}", definition.key);
    let faults = check_start_fields(
        &stand.world().catalog.firm,
        definition,
        &input.fields,
        stand.entity(subject),
        &stand.around,
    );
    assert_eq!(faults, [], "{}", definition.key);
    play_from(definition, stand, input, script, dice)
}

/// Plays what another process asked for. Of what is handed over nothing may be left out, but a list of several where the
/// other asks for one.
pub(super) fn play_asked(
    request: &StartRequest,
    stand: Stand,
    script: &Script<'_>,
    dice: &mut Dice,
) -> Played {
    let place = &request.process_type;
    let definition = definition(place);
    let input = request.input(&definition, TYPE, 1);
    let input = fitted(&definition, stand.world(), input);
    let input = input.unwrap_or_else(|_| panic!("{place} does not serve the record"));
    let several = |value: &FieldValue| matches!(value, FieldValue::List(items) if items.len() > 1);
    for (key, value) in &request.fields {
        let taken = input.fields.contains_key(key) || several(value);
        assert!(taken, "{place} does not take {key}: {value:?}");
    }
    play_from(&definition, stand, input, script, dice)
}

/// Whether the type that is asked for serves the record.
pub(super) fn serves(request: &StartRequest, stand: &Stand) -> bool {
    let definition = definition(&request.process_type);
    let input = request.input(&definition, TYPE, 1);
    fitted(&definition, stand.world(), input).is_ok()
}

fn play_from(
    definition: &Definition,
    stand: Stand,
    input: StartInput,
    script: &Script<'_>,
    dice: &mut Dice,
) -> Played {
    let started = Engine::start(definition, stand.world(), input).finish();
    let mut playing = Playing {
        definition,
        stand,
        run: started.0,
        seen: BTreeSet::new(),
        asked: Vec::new(),
        contacts: Vec::new(),
        script,
        dice,
    };
    playing.take(started.1);
    for _ in 0..MAX_COMPLETIONS {
        if playing.run.process.status != ProcessStatus::Running {
            return playing.end();
        }
        playing.stand.later();
        playing.step();
    }
    panic!("{}: no end: {}", definition.key, playing.overview());
}

struct Playing<'p> {
    definition: &'p Definition,
    stand: Stand,
    run: Run,
    seen: BTreeSet<(String, Option<String>)>,
    asked: Vec<StartRequest>,
    contacts: Vec<(EntityId, String)>,
    script: &'p Script<'p>,
    dice: &'p mut Dice,
}

impl Playing<'_> {
    fn overview(&self) -> String {
        let tasks = self.run.tasks.iter();
        let parts = tasks.map(|task| format!("{}:{}", task.key, task.status.as_str()));
        parts.collect::<Vec<_>>().join(" ")
    }

    fn end(self) -> Played {
        let place = &self.definition.key;
        assert_eq!(self.run.process.status, ProcessStatus::Completed, "{place}");
        let left = self.run.tasks.iter();
        let left: Vec<&str> = left
            .filter(|task| task.blocking && !task.status.is_finished())
            .map(|task| task.key.as_str())
            .collect();
        assert!(left.is_empty(), "{place}: {left:?}");
        Played {
            run: self.run,
            stand: self.stand,
            done: self.seen,
            asked: self.asked,
            contacts: self.contacts,
        }
    }

    /// One of the tasks that are open is done.
    fn step(&mut self) {
        let tasks = self.run.tasks.iter().enumerate();
        // A fan-out is done by its children; follow-ups hold nothing up.
        let open: Vec<usize> = tasks
            .filter(|(_, task)| task.status.is_active() && task.kind != TaskKind::FanOut)
            .filter(|(_, task)| self.definition.task(&task.key).is_some())
            .map(|(index, _)| index)
            .collect();
        let place = &self.definition.key;
        assert!(!open.is_empty(), "{place} stands: {}", self.overview());
        let index = open[self.dice.below(open.len())];
        let template = self.definition.task(&self.run.tasks[index].key).unwrap();
        let outcome = self.choose(index, template);
        let outcome = outcome.map(|outcome| outcome.key.clone());
        if self.run.tasks[index].kind == TaskKind::Subprocess {
            self.end_child(index, template, outcome.as_deref());
        } else {
            self.complete(index, template, outcome);
        }
    }

    fn choose<'t>(&mut self, index: usize, template: &'t TaskTemplate) -> Option<&'t Outcome> {
        let task = &self.run.tasks[index];
        let parent = task.parent_task_id.and_then(|id| self.run.task_by_id(id));
        let rounds = &parent.unwrap_or(task).rounds;
        let may = |outcome: &&Outcome| {
            let used = rounds.get(&outcome.key).copied().unwrap_or_default();
            outcome.reopens.is_none() || used < outcome.max_rounds
        };
        let wanted = self.script.wanted.get(template.key.as_str());
        if let Some(wanted) = wanted
            && !self
                .seen
                .contains(&(template.key.clone(), Some((*wanted).to_owned())))
        {
            let outcome = template.outcome(wanted);
            assert!(outcome.is_some(), "{} has no {wanted}", template.key);
            return outcome;
        }
        let mut left = template.outcomes.iter().filter(may);
        match self.script.manner {
            Manner::Onward => left.find(|it| it.reopens.is_none() && it.ends.is_none()),
            Manner::Any => {
                let left: Vec<&Outcome> = left.collect();
                let chosen = (!left.is_empty()).then(|| self.dice.below(left.len()));
                chosen.map(|place| left[place])
            }
        }
    }

    fn complete(&mut self, index: usize, template: &TaskTemplate, outcome: Option<String>) {
        let place = format!("{}/{}", self.definition.key, template.key);
        let (by, decision) = self.executor(index, &place);
        let task = &self.run.tasks[index];
        let chosen = outcome.as_deref().and_then(|key| template.outcome(key));
        let input = CompletionInput {
            reason_code: chosen.and_then(|it| it.reason_codes.first().cloned()),
            note: chosen
                .filter(|it| it.requires_note)
                .map(|_| "Why".to_owned()),
            checklist: task
                .checklist
                .iter()
                .map(|item| (item.key.clone(), true))
                .collect(),
            form: BTreeMap::new(),
            outcome: outcome.clone(),
            override_reason: None,
        };
        let id = task.id;
        let mut engine = Engine::new(self.definition, self.stand.world(), self.run.clone());
        let input = answered(&engine, index, input, &self.stand, self.dice);
        engine
            .complete(id, by, &decision, &input)
            .unwrap_or_else(|refused| panic!("{place}: {refused:?}"));
        let (run, changes) = engine.finish();
        self.run = run;
        self.note(&template.key, outcome);
        self.take(changes);
    }

    /// With one person in each role there is always somebody (E21).
    fn executor(&self, index: usize, place: &str) -> (UserId, Decision) {
        let task = &self.run.tasks[index];
        let world = self.stand.world();
        let facts = TaskFacts {
            firm: &world.catalog.firm,
            task,
            entity: self.stand.entity(task.entity_id),
            memberships: &world.around.memberships,
            roles: &world.catalog.roles,
            preparers: &preparers(&self.run, task),
            covers: &[],
            elsewhere: &[],
            now: self.stand.today(),
        };
        let able = executors(facts, &world.around.people);
        let owner = able.iter().find(|(id, _)| Some(*id) == task.owner_id);
        let first = owner.or_else(|| able.first());
        first
            .cloned()
            .unwrap_or_else(|| panic!("{place}: nobody may do it"))
    }

    /// The process that was asked for ends with a result that stands for the outcome (E25).
    fn end_child(&mut self, index: usize, template: &TaskTemplate, outcome: Option<&str>) {
        let task = &self.run.tasks[index];
        let place = format!("{}/{}", self.definition.key, template.key);
        let asked = self.asked.iter().rev();
        let mut asked = asked.filter(|request| request.parent_task_id == Some(task.id));
        let request = asked
            .next()
            .unwrap_or_else(|| panic!("{place}: nothing started"));
        assert!(request.waited_for, "{place}");
        let results = &template.starts.as_ref().unwrap().results;
        let mut standing = results.iter();
        let standing = standing.find(|(_, given)| Some(given.as_str()) == outcome);
        let result = standing.map_or("completed", |(result, _)| result.as_str());
        let (id, child) = (task.id, ProcessId(Uuid::from_u128(0xC)));
        let mut engine = Engine::new(self.definition, self.stand.world(), self.run.clone());
        engine.child_started(id, Some(child)).unwrap();
        engine.child_ended(id, child, Some(result)).unwrap();
        let (run, changes) = engine.finish();
        self.run = run;
        self.note(&template.key, outcome.map(str::to_owned));
        self.take(changes);
    }

    fn note(&mut self, key: &str, outcome: Option<String>) {
        self.seen.insert((key.to_owned(), outcome));
    }

    fn take(&mut self, changes: Changes) {
        for job in &changes.jobs {
            if let Job::StartProcess(request) = job {
                self.asked.push(request.clone());
            }
        }
        let contacts = changes.touchpoints.iter();
        self.contacts
            .extend(contacts.map(|it| (it.entity_id, it.touchpoint_type.clone())));
        self.stand.take(changes);
    }
}
