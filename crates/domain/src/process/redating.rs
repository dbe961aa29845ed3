//! Dating anew what counts from something that has changed: a field, an attribute, another task's end (E11).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{
    attribute::{Attribute, AttributeType, find},
    calendar::due::{self, Counted, Due},
    entity::{Entity, attributes::Given},
    event::EventType,
    ids::{EntityId, ProcessId, TaskId},
    job::Job,
    process::{
        engine::Engine,
        facts::{STATUS, attribute_value},
    },
    process_type::definition::DueRule,
    task::Task,
};

/// What the due rules of tasks say, by task.
pub(super) type SaidBefore = BTreeMap<TaskId, Option<DateTime<Utc>>>;

/// What has to be done for other processes after attributes of a record have changed: nothing, where no due rule can count
/// from one of them.
#[must_use]
pub fn anchors_changed(
    attributes: &[Attribute],
    before: &Entity,
    after: &Entity,
    by: Option<ProcessId>,
) -> Option<Job> {
    let keys = before.attributes.keys().chain(after.attributes.keys());
    let changed: Given = keys
        .map(String::as_str)
        .chain([STATUS])
        .filter(|key| may_anchor(attributes, &after.kind, key))
        .filter_map(|key| {
            let was = attribute_value(before, key);
            (was != attribute_value(after, key)).then(|| (key.to_owned(), was))
        })
        .collect();
    told(after.id, changed, by)
}

fn told(entity_id: EntityId, before: Given, except: Option<ProcessId>) -> Option<Job> {
    (!before.is_empty()).then_some(Job::AnchorsChanged {
        entity_id,
        before,
        except,
        after: None,
    })
}

/// Whether a due rule can count from an attribute: a date, or a choice by which it takes its amount.
fn may_anchor(attributes: &[Attribute], kind: &str, key: &str) -> bool {
    if key == STATUS {
        return true;
    }
    find(attributes, kind, key).is_some_and(|found| match found.value_type {
        AttributeType::Date | AttributeType::Choice => true,
        AttributeType::Text
        | AttributeType::Number
        | AttributeType::Money
        | AttributeType::Boolean
        | AttributeType::MultiChoice
        | AttributeType::User
        | AttributeType::Entity => false,
    })
}

impl Engine<'_> {
    /// When the rule of a task says that it is due; none where it has no rule or that cannot be told.
    pub(super) fn rule_due(&self, index: usize) -> Option<Due> {
        let counted = self.rule_says(index, None)?;
        Some(counted.due(&self.world.catalog.calendars, self.now))
    }

    /// What the rule of a task says, be it past; with what attributes of a record were before.
    fn rule_says(&self, index: usize, instead: Option<(EntityId, &Given)>) -> Option<Counted> {
        let rule = self.template(index)?.due.as_ref()?;
        let anchors = self.anchors_before(Some(index), instead);
        due::counted(rule, &anchors, &self.world.catalog.calendars)
    }

    /// What the rules of the tasks say that people work on and that count from something that can change.
    pub(super) fn rules_say(&self, instead: Option<(EntityId, &Given)>) -> SaidBefore {
        let tasks = self.run.tasks.iter().enumerate();
        tasks
            .filter(|(index, task)| {
                let rule = self.template(*index).and_then(|it| it.due.as_ref());
                dated_by_rule(task) && rule.is_some_and(DueRule::counts_from_what_changes)
            })
            .map(|(index, task)| {
                let said = self.rule_says(index, instead);
                (task.id, said.map(|said| said.at))
            })
            .collect()
    }

    /// Dates the tasks anew whose rules say something else since attributes of a record have changed elsewhere: the
    /// subject, or the record that a child of a fan-out is for (E24).
    pub fn date_anew(&mut self, record: EntityId, before: &Given) {
        self.said_before = self.rules_say(Some((record, before)));
        self.date_what_moved();
    }

    /// Dates the tasks anew whose rules say something else than when the run was taken up. Those that have been closed or
    /// given a date by hand meanwhile stay.
    pub(super) fn date_what_moved(&mut self) {
        for (id, before) in std::mem::take(&mut self.said_before) {
            let Ok(index) = self.index_of(id) else {
                continue;
            };
            let says = self.rule_says(index, None);
            if dated_by_rule(&self.run.tasks[index]) && says.map(|says| says.at) != before {
                self.date_to(index, says);
            }
        }
    }

    /// Gives a task the date that its rule says; while its clock is paused, the business days that are left until then.
    fn date_to(&mut self, index: usize, says: Option<Counted>) {
        let (calendars, now) = (&self.world.catalog.calendars, self.now);
        let mut dated = self.run.tasks[index].clone();
        match &mut dated.hold {
            Some(hold) if hold.pause_clock => {
                hold.remaining_days = says.map(|says| {
                    due::remaining_business_days(calendars, says.calendar, says.at, hold.since)
                });
            }
            Some(_) | None if says.map(|says| says.at) == dated.due_at => return,
            Some(_) | None => {
                let due = says.map(|says| says.due(calendars, now));
                dated.due_at = due.map(|due| due.at);
                dated.compressed = due.is_some_and(|due| due.compressed);
            }
        }
        if dated != self.run.tasks[index] {
            self.change_task(EventType::TaskUpdated, index, |task| *task = dated);
        }
    }

    /// Other processes may count from attributes that this command has written.
    pub(super) fn tell_of_anchors(&mut self) {
        let mut before: BTreeMap<EntityId, Given> = BTreeMap::new();
        for write in &self.changes.attribute_values {
            // What was made just now is no other process's record.
            let known = self.world.around.entities.get(&write.entity_id);
            if let Some(entity) = known
                && may_anchor(
                    &self.world.catalog.attributes,
                    &entity.kind,
                    &write.attribute,
                )
            {
                let values = before.entry(write.entity_id).or_default();
                values
                    .entry(write.attribute.clone())
                    .or_insert_with(|| write.before.clone());
            }
        }
        let by = Some(self.run.process.id);
        let jobs = before
            .into_iter()
            .filter_map(|(entity, before)| told(entity, before, by));
        self.changes.jobs.extend(jobs);
    }
}

/// Whether people work on a task and its rule is what dates it.
const fn dated_by_rule(task: &Task) -> bool {
    task.status.is_active() && !task.due_by_hand
}

#[cfg(test)]
mod tests;
