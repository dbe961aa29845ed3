//! The engine's working state: one run, its definition, the world, and what has been changed so far.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::{
    entity::Entity,
    event::{EventType, Occurrence, SubjectType},
    ids::{EntityId, UserId},
    process::{
        Process,
        moments::Clocks,
        redating::SaidBefore,
        run::{Changes, Run},
        world::World,
    },
    process_type::Definition,
    task::Task,
};

/// One command at work. Commands build it, move it on, and hand back the run and the changes.
pub struct Engine<'a> {
    pub(super) definition: &'a Definition,
    pub(super) world: World<'a>,
    pub(super) now: DateTime<Utc>,
    pub(super) run: Run,
    pub(super) changes: Changes,
    /// How many tasks of the run people owned when it was taken up, so that E9 counts the present ones.
    pub(super) owned_before: BTreeMap<UserId, u32>,
    /// What the due rules of tasks said that count from something that can change (E11).
    pub(super) said_before: SaidBefore,
    /// By which attempts and due dates the moments of tasks were planned (E12).
    pub(super) clocks_before: Clocks,
}

impl<'a> Engine<'a> {
    /// Takes up a run at the present moment.
    #[must_use]
    pub fn new(definition: &'a Definition, world: World<'a>, run: Run) -> Self {
        let mut engine = Self {
            definition,
            world,
            now: world.ambient.now(),
            owned_before: run.owned(),
            said_before: SaidBefore::new(),
            clocks_before: Clocks::new(),
            run,
            changes: Changes::default(),
        };
        engine.said_before = engine.rules_say(None);
        engine.clocks_before = engine.clocks();
        engine
    }

    /// The run as it is now, and what was changed; what counts from something that has changed is dated anew (E11).
    #[must_use]
    pub fn finish(mut self) -> (Run, Changes) {
        self.date_what_moved();
        self.plan_moments();
        self.tell_of_anchors();
        (self.run, self.changes)
    }

    /// A record as it is now: with the changes of this command.
    pub(super) fn entity(&self, id: EntityId) -> Option<&Entity> {
        self.changes
            .entities
            .get(&id)
            .or_else(|| self.world.around.entities.get(&id))
    }

    /// Tells what happened to a task, from its state before to its state now, and raises its version.
    pub(super) fn tell_task(&mut self, event: EventType, before: Option<&Task>, index: usize) {
        let task = &mut self.run.tasks[index];
        if before.is_some() {
            task.version += 1;
        }
        self.changes.occurrences.push(Occurrence {
            event,
            subject_type: SubjectType::Task,
            subject_id: task.id.0,
            entity_id: Some(task.entity_id),
            before: before.map(snapshot),
            after: Some(snapshot(&self.run.tasks[index])),
        });
    }

    /// Tells what happened to the process, and raises its version.
    pub(super) fn tell_process(&mut self, event: EventType, before: Option<&Process>) {
        if before.is_some() {
            self.run.process.version += 1;
        }
        self.changes.occurrences.push(Occurrence {
            event,
            subject_type: SubjectType::Process,
            subject_id: self.run.process.id.0,
            entity_id: Some(self.run.process.entity_id),
            before: before.map(snapshot),
            after: Some(snapshot(&self.run.process)),
        });
    }
}

/// The JSON form of a record, as audit entries and events hold it.
pub fn snapshot<T: Serialize>(record: &T) -> Value {
    serde_json::to_value(record).unwrap_or(Value::Null)
}
