//! Reminders and escalations: planned whenever a due date is set, and what happens when their time has come (E12, E21).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::{
    access::execution::{TaskFacts, executors},
    calendar::due,
    event::EventType,
    ids::{TaskId, UserId},
    job::{DueMoment, Job},
    process::{ProcessStatus, engine::Engine, owner::preparers},
    process_type::definition::{Escalation, Offset, OwnerRule, Reminder, TaskTemplate},
    task::moment::{Moment, PastMoment},
};

/// The attempts and due dates by which the moments of tasks come, by task.
pub(super) type Clocks = BTreeMap<TaskId, Clock>;

/// An attempt and its due date.
type Clock = (u32, DateTime<Utc>);

impl Engine<'_> {
    /// The clocks that run, of the tasks that are reminded of or escalated.
    pub(super) fn clocks(&self) -> Clocks {
        let tasks = self.run.tasks.iter().enumerate();
        tasks
            .filter(|(index, _)| {
                let template = self.template(*index);
                template.is_some_and(|it| !it.reminders.is_empty() || it.escalation.is_some())
            })
            .filter_map(|(index, task)| Some((task.id, self.clock(index)?)))
            .collect()
    }

    /// The clock of a task: none while nobody works on it, it has no due date, or its process stands still.
    fn clock(&self, index: usize) -> Option<Clock> {
        match self.run.process.status {
            ProcessStatus::Running => {}
            ProcessStatus::OnHold | ProcessStatus::Completed | ProcessStatus::Cancelled => {
                return None;
            }
        }
        let task = &self.run.tasks[index];
        let due_at = task.due_at.filter(|_| task.status.is_active())?;
        Some((task.attempt, due_at))
    }

    /// Plans the moments of every task whose clock is not the one by which they were planned. Those planned before come to
    /// nothing by themselves.
    pub(super) fn plan_moments(&mut self) {
        let before = std::mem::take(&mut self.clocks_before);
        for (id, clock) in self.clocks() {
            if before.get(&id) != Some(&clock)
                && let Ok(index) = self.index_of(id)
            {
                self.plan(index, clock);
            }
        }
    }

    fn plan(&mut self, index: usize, (attempt, due_at): Clock) {
        let Some(template) = self.template(index) else {
            return;
        };
        let task = &self.run.tasks[index];
        let calendar = self.calendar_of(index);
        let (calendars, now) = (&self.world.catalog.calendars, self.now);
        let mut coming: Vec<(Moment, DateTime<Utc>)> = moments(template)
            .filter(|(moment, _)| !task.has_come(*moment, Some(due_at)))
            .map(|(moment, offset)| (moment, due::offset(calendars, calendar, due_at, offset)))
            .collect();
        // Whoever is late already is reminded once, not once for each time that has passed.
        let latest = coming
            .iter()
            .filter(|(moment, at)| is_reminder(*moment) && *at <= now)
            .max_by_key(|(_, at)| *at)
            .map(|(moment, _)| *moment);
        coming.retain(|(moment, at)| !is_reminder(*moment) || *at > now || Some(*moment) == latest);
        let (process_id, task_id) = (self.run.process.id, task.id);
        let version = self.run.process.process_type_version;
        let planned = coming.into_iter().map(|(moment, at)| {
            Job::DueMoment(DueMoment {
                process_id,
                task_id,
                attempt,
                due_at,
                moment,
                version: Some(version),
                at: at.max(now),
            })
        });
        self.changes.jobs.extend(planned);
    }

    /// The time of a reminder or an escalation has come. It does nothing where it has come before, or where the clock is
    /// another by now.
    pub fn moment_came(&mut self, planned: &DueMoment) {
        let Ok(index) = self.index_of(planned.task_id) else {
            return;
        };
        let Some(template) = self.template(index) else {
            return;
        };
        let version = self.run.process.process_type_version;
        let meant = self.clock(index) == Some((planned.attempt, planned.due_at))
            && planned.version.is_none_or(|planned| planned == version);
        let task = &self.run.tasks[index];
        if !meant || task.has_come(planned.moment, Some(planned.due_at)) {
            return;
        }
        let past = PastMoment {
            moment: planned.moment,
            due_at: Some(planned.due_at),
            at: self.now,
        };
        match planned.moment {
            Moment::Reminder { number } => {
                if let Some(reminder) = template.reminders.get(number) {
                    self.remind(index, reminder, past);
                }
            }
            Moment::Escalation => {
                if let Some(escalation) = &template.escalation {
                    self.escalate(index, escalation, past);
                }
            }
            Moment::NobodyElse => {}
        }
    }

    /// Reminds the owner, and whom the rule names; without either, whoever is accountable for the process.
    fn remind(&mut self, index: usize, reminder: &Reminder, past: PastMoment) {
        let owner = self.run.tasks[index].owner_id.map(OwnerRule::User);
        let mut told = self.recipients(owner.into_iter().chain(reminder.to.clone()), index);
        if told.is_empty() {
            told = self.recipients([OwnerRule::ProcessOwner], index);
        }
        let message = format!("Reminder: {} {}.", self.called(index), self.when_due(index));
        self.bring_before(EventType::TaskReminded, index, past, &told, &message);
    }

    /// Tells whom the rule names, or who is accountable for the process, and gives the task to its new owner, if the rule
    /// finds one.
    fn escalate(&mut self, index: usize, escalation: &Escalation, past: PastMoment) {
        let to = escalation.to.clone().unwrap_or(OwnerRule::ProcessOwner);
        let owner = self.run.tasks[index].owner_id;
        let mut told = self.recipients([to], index);
        if told.is_empty() {
            told = self.recipients(owner.map(OwnerRule::User), index);
        }
        let new_owner = self
            .resolve_owner(&escalation.new_owner, Some(index))
            .filter(|found| Some(*found) != owner);
        told.retain(|person| Some(*person) != new_owner);
        let (called, due) = (self.called(index), self.when_due(index));
        let message = format!("{called} {due} and is not done.");
        self.bring_before(EventType::TaskEscalated, index, past, &told, &message);
        if let Some(new_owner) = new_owner {
            self.change_task(EventType::TaskAssigned, index, |task| {
                task.owner_id = Some(new_owner);
                task.owner_by_hand = false;
            });
            self.tell_of_task(
                index,
                new_owner,
                format!("{called} is yours now: it {due}."),
            );
        }
    }

    /// Looks, when a task opens, whether somebody besides its preparers could execute it; if not, it is escalated (E21).
    pub(super) fn look_for_executors(&mut self, index: usize) {
        if self.only_preparers_could(index) {
            let task = &self.run.tasks[index];
            self.changes.jobs.push(Job::NobodyElse {
                process_id: self.run.process.id,
                task_id: task.id,
                attempt: task.attempt,
            });
        }
    }

    /// Brings a task before whoever is accountable for its process and before these managers, if still nobody but its
    /// preparers could execute it. It stays as it is (E21).
    pub fn nobody_else_could(&mut self, id: TaskId, attempt: u32, managers: &[UserId]) {
        let Ok(index) = self.index_of(id) else {
            return;
        };
        let task = &self.run.tasks[index];
        let meant = task.attempt == attempt && task.status.is_active();
        let come = task.has_come(Moment::NobodyElse, None);
        if !meant || come || !self.only_preparers_could(index) {
            return;
        }
        let past = PastMoment {
            moment: Moment::NobodyElse,
            due_at: None,
            at: self.now,
        };
        let managers = managers.iter().copied().map(OwnerRule::User);
        let told = self.recipients([OwnerRule::ProcessOwner].into_iter().chain(managers), index);
        let called = self.called(index);
        let message = format!("Nobody but those who prepared it could execute {called}.");
        self.bring_before(EventType::TaskEscalated, index, past, &told, &message);
    }

    /// Whether segregation is what leaves a task without anybody who could execute it.
    fn only_preparers_could(&self, index: usize) -> bool {
        let task = &self.run.tasks[index];
        let refused = preparers(&self.run, task);
        let Some(entity) = self.entity(task.entity_id) else {
            return false;
        };
        let around = self.world.around;
        let could = |preparers: &BTreeSet<UserId>| {
            let facts = around.task_facts(self.world.catalog, task, entity, preparers, self.now);
            let alone = TaskFacts {
                covers: &[],
                ..facts
            };
            !executors(alone, &around.people).is_empty()
        };
        if refused.is_empty() || could(&refused) {
            return false;
        }
        let rules = self.template(index).map_or(&[][..], |it| &it.owner);
        let owned = rules.iter().any(|rule| {
            let found = self.resolve_recipient(rule, task.entity_id);
            found.is_some_and(|found| refused.contains(&found))
        });
        owned || could(&BTreeSet::new())
    }

    /// The people whom rules name for a message about a task, each once.
    fn recipients(&self, rules: impl IntoIterator<Item = OwnerRule>, index: usize) -> Vec<UserId> {
        let about = self.run.tasks[index].entity_id;
        let mut found = Vec::new();
        for rule in rules {
            if let Some(person) = self.resolve_recipient(&rule, about)
                && !found.contains(&person)
            {
                found.push(person);
            }
        }
        found
    }

    /// Notes that a moment has come, and tells people.
    fn bring_before(
        &mut self,
        event: EventType,
        index: usize,
        past: PastMoment,
        told: &[UserId],
        message: &str,
    ) {
        self.change_task(event, index, |task| task.moments.push(past));
        self.annotate("told", serde_json::json!(told));
        for person in told {
            self.tell_of_task(index, *person, message.to_owned());
        }
    }

    fn tell_of_task(&mut self, index: usize, person: UserId, message: String) {
        let task = &self.run.tasks[index];
        self.send(person, message, Some(task.id), task.entity_id);
    }

    /// A task by its title, and for whom it is.
    fn called(&self, index: usize) -> String {
        let task = &self.run.tasks[index];
        let entity = self.entity(task.entity_id);
        let name = entity.map_or("a record", |entity| entity.name.as_str());
        format!("\"{}\" for {name}", task.title)
    }

    fn when_due(&self, index: usize) -> String {
        let Some(due_at) = self.run.tasks[index].due_at else {
            return "has no due date".to_owned();
        };
        let verb = if due_at < self.now { "was" } else { "is" };
        let day = self.day(due_at).format("%B %-d, %Y");
        format!("{verb} due on {day}")
    }
}

fn moments(template: &TaskTemplate) -> impl Iterator<Item = (Moment, Offset)> {
    let reminders = template.reminders.iter().enumerate();
    let reminders =
        reminders.map(|(number, reminder)| (Moment::Reminder { number }, reminder.offset));
    let escalation = template.escalation.iter();
    reminders.chain(escalation.map(|escalation| (Moment::Escalation, escalation.offset)))
}

const fn is_reminder(moment: Moment) -> bool {
    match moment {
        Moment::Reminder { .. } => true,
        Moment::Escalation | Moment::NobodyElse => false,
    }
}

#[cfg(test)]
mod tests;
