//! One task that is done once per item: its children, and what they amount to (E24).

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    entity::{CLIENT_KINDS, kind_matches},
    event::EventType,
    ids::{EntityId, TaskId, UserId},
    process::{
        ProcessStatus, clock,
        engine::Engine,
        error::TaskError,
        facts::texts,
        field,
        hold::HoldInput,
        run::Run,
        start::{checklist, new_task},
        submitting::NigoInput,
    },
    process_type::definition::{Definition, Over, TaskKind, TaskTemplate},
    task::{Completion, Consequences, HoldReason, Item, ItemType, Task, TaskStatus, Via},
    value::FieldType,
};

/// Most items of one fan-out: as many as a field of several takes.
pub const MAX_ITEMS: usize = field::MAX_ITEMS;

/// What kind of work a task is; the child of a fan-out that starts processes waits for one of them.
pub(super) const fn kind_of(template: &TaskTemplate, child: bool) -> TaskKind {
    match (child, &template.starts) {
        (false, _) => template.kind,
        (true, Some(_)) => TaskKind::Subprocess,
        (true, None) => TaskKind::Task,
    }
}

/// The field that a fan-out runs over, if it runs over one.
pub(super) fn over_field(template: &TaskTemplate) -> Option<&str> {
    match template.over.as_ref()? {
        Over::Field(key) => Some(key),
        Over::Related(_) | Over::Segment(_) => None,
    }
}

/// The kinds of record over which a run may still fan out because they are related to its subjects, each spelled out.
#[must_use]
pub fn kinds_run_over(definition: &Definition, run: &Run) -> Vec<String> {
    let mut kinds = BTreeSet::new();
    for template in &definition.tasks {
        let ended = run.process.ended_at.is_some();
        if let Some(Over::Related(kind)) = template.over.as_ref().filter(|_| !ended) {
            kinds.extend(kinds_of(kind));
        }
    }
    kinds.into_iter().map(str::to_owned).collect()
}

fn kinds_of(kind: &str) -> Vec<&str> {
    if kind == "client" {
        CLIENT_KINDS.to_vec()
    } else {
        vec![kind]
    }
}

impl<'a> Engine<'a> {
    /// Makes the children of a fan-out that has opened, one per item. Of those that an earlier attempt has left, the
    /// completed ones stay while their item is listed, and the others begin anew (E6).
    pub(super) fn spread(&mut self, index: usize, template: &'a TaskTemplate, by: Option<UserId>) {
        let items = self.listed(template);
        if items.len() > MAX_ITEMS {
            return self.hold_over(index, items.len());
        }
        let known = self.children_by_item(index);
        self.give_up_unlisted(template, &known, &items);
        for item in items {
            let place = known.get(&item).copied();
            let place = place.map(|place| (place, self.run.tasks[place].status));
            match place {
                None => {
                    let place = self.add_child(index, template, item);
                    self.open(place, template, None, by);
                }
                Some((place, TaskStatus::Waiting)) => self.open_again(place, template, by),
                Some((
                    place,
                    TaskStatus::Skipped | TaskStatus::NotTaken | TaskStatus::Cancelled,
                )) => {
                    self.withdraw(place, template, None);
                    self.open_again(place, template, by);
                }
                Some((
                    _,
                    TaskStatus::Open
                    | TaskStatus::InProgress
                    | TaskStatus::OnHold
                    | TaskStatus::Completed,
                )) => {}
            }
        }
    }

    fn open_again(&mut self, place: usize, template: &'a TaskTemplate, by: Option<UserId>) {
        let before = self.run.tasks[place].clone();
        self.open(place, template, Some(&before), by);
    }

    /// Why a fan-out whose turn has come is skipped: it has nothing to run over.
    pub(super) fn has_nothing(&self, template: &TaskTemplate) -> Option<String> {
        let nothing = template.kind == TaskKind::FanOut && self.listed(template).is_empty();
        nothing.then(|| "There is nothing to do it for.".to_owned())
    }

    /// What a fan-out runs over now: each item once, in the order of its field, or of the records' ids.
    fn listed(&self, template: &TaskTemplate) -> Vec<Item> {
        match &template.over {
            Some(Over::Field(key)) => self.listed_in(key),
            Some(Over::Related(kind)) => self
                .related_of_kind(kind)
                .into_iter()
                .map(|id| Item {
                    kind: ItemType::Entity,
                    value: id.to_string(),
                })
                .collect(),
            Some(Over::Segment(_)) | None => Vec::new(),
        }
    }

    /// The items of a field; what is not around any more is left out.
    fn listed_in(&self, key: &str) -> Vec<Item> {
        let mut fields = self.definition.fields();
        let Some(field) = fields.find(|field| field.key == key) else {
            return Vec::new();
        };
        let kind = match field.field_type {
            FieldType::Entity => ItemType::Entity,
            FieldType::User => ItemType::User,
            FieldType::Choice
            | FieldType::Text
            | FieldType::LongText
            | FieldType::Number
            | FieldType::Money
            | FieldType::Date
            | FieldType::Datetime
            | FieldType::Boolean
            | FieldType::File => ItemType::Choice,
        };
        let mut seen = BTreeSet::new();
        let values = self.field(key).map(texts).unwrap_or_default();
        values
            .into_iter()
            .map(|value| Item {
                kind,
                value: value.to_owned(),
            })
            .filter(|item| match item.kind {
                ItemType::Entity => item.entity().is_some_and(|id| self.entity(id).is_some()),
                ItemType::User => item
                    .user()
                    .is_some_and(|id| self.world.around.people.contains_key(&id)),
                ItemType::Choice => true,
            })
            .filter(|item| seen.insert(item.clone()))
            .collect()
    }

    /// The records of a kind that a link joins to one of the subjects, whichever way.
    fn related_of_kind(&self, kind: &str) -> BTreeSet<EntityId> {
        let subjects = &self.run.process.entity_ids;
        let relations = self.world.around.relations.iter();
        relations
            .chain(&self.changes.relations)
            .flat_map(|link| {
                let ends = [link.from_entity_id, link.to_entity_id];
                [(ends[0], ends[1]), (ends[1], ends[0])]
            })
            .filter(|(here, there)| subjects.contains(here) && here != there)
            .map(|(_, there)| there)
            .filter(|id| {
                self.entity(*id)
                    .is_some_and(|entity| kind_matches(kind, &entity.kind))
            })
            .collect()
    }

    fn children_by_item(&self, index: usize) -> BTreeMap<Item, usize> {
        let parent = self.run.tasks[index].id;
        let tasks = self.run.tasks.iter().enumerate();
        tasks
            .filter(|(_, task)| task.parent_task_id == Some(parent))
            .filter_map(|(place, task)| Some((task.item.clone()?, place)))
            .collect()
    }

    fn add_child(&mut self, index: usize, template: &TaskTemplate, item: Item) -> usize {
        let parent = &self.run.tasks[index];
        let child = Task {
            parent_task_id: Some(parent.id),
            entity_id: item.entity().unwrap_or(parent.entity_id),
            item: Some(item),
            kind: kind_of(template, true),
            // As they were copied when the process started (X6).
            execution: parent.execution.clone(),
            separate_from: parent.separate_from.clone(),
            priority: parent.priority,
            checklist: checklist(template),
            created_at: self.now,
            ..new_task(self.world, &self.run.process, parent.ordinal, template)
        };
        self.run.tasks.push(child);
        self.run.tasks.len() - 1
    }

    /// Children whose item is listed no more are given up; what was done for it stays among their attempts.
    fn give_up_unlisted(
        &mut self,
        template: &TaskTemplate,
        known: &BTreeMap<Item, usize>,
        items: &[Item],
    ) {
        let listed: BTreeSet<&Item> = items.iter().collect();
        for (item, &place) in known {
            if listed.contains(item) {
                continue;
            }
            match self.run.tasks[place].status {
                TaskStatus::Completed => {
                    self.withdraw(place, template, None);
                    self.cancel_one(place, "Its item is not listed any more.");
                }
                TaskStatus::Waiting
                | TaskStatus::Open
                | TaskStatus::InProgress
                | TaskStatus::OnHold => {
                    self.cancel_one(place, "Its item is not listed any more.");
                }
                TaskStatus::Skipped | TaskStatus::NotTaken | TaskStatus::Cancelled => {}
            }
        }
    }

    /// A fan-out over more than it can make children for stands still until somebody decides.
    fn hold_over(&mut self, index: usize, count: usize) {
        let calendar = self.calendar_of(index);
        let (now, reading) = (self.now, self.clock_reading());
        let calendars = &self.world.catalog.calendars;
        let hold = HoldInput {
            nigo: NigoInput::default(),
            reason: HoldReason::Internal,
            note: Some(format!(
                "It would be done for {count} items, and at most {MAX_ITEMS} are possible."
            )),
            pause_clock: false,
        };
        self.change_task(EventType::TaskHeld, index, |task| {
            clock::suspend(task, hold, calendars, calendar, now, reading);
        });
    }

    /// A fan-out that stood still without children, and goes on, makes them now.
    pub(super) fn spread_late(&mut self, index: usize) {
        let task = &self.run.tasks[index];
        let due = task.kind == TaskKind::FanOut
            && matches!(task.status, TaskStatus::Open | TaskStatus::InProgress)
            && self.run.process.status == ProcessStatus::Running
            && self.run.children(task.id).next().is_none();
        let Some(template) = self.template(index).filter(|_| due) else {
            return;
        };
        match self.has_nothing(template) {
            None => self.spread(index, template, None),
            Some(reason) => {
                self.skip(index, &reason);
                self.propagate(None);
            }
        }
    }

    /// The place of the fan-out of which a task is a child.
    pub(super) fn parent(&self, index: usize) -> Option<usize> {
        let parent = self.run.tasks[index].parent_task_id?;
        self.index_of(parent).ok()
    }

    /// The place of a task behind those of its children that are not finished.
    pub(super) fn with_unfinished_children(&self, index: usize) -> Vec<usize> {
        let id = self.run.tasks[index].id;
        let tasks = self.run.tasks.iter().enumerate();
        tasks
            .filter(|(_, task)| task.parent_task_id == Some(id) && !task.status.is_finished())
            .map(|(place, _)| place)
            .chain([index])
            .collect()
    }

    /// Refuses what only people do where the children of a fan-out do it.
    pub(super) fn by_people(&self, index: usize) -> Result<(), TaskError> {
        match self.run.tasks[index].kind {
            TaskKind::FanOut => Err(TaskError::DoneByItems),
            TaskKind::Task
            | TaskKind::Approval
            | TaskKind::Decision
            | TaskKind::Wait
            | TaskKind::Subprocess => Ok(()),
        }
    }

    /// Whether a task is the child of a fan-out over this field.
    pub(super) fn runs_over_field(&self, task: &Task, key: &str) -> bool {
        let template = self.definition.task(&task.key).filter(|_| task.is_child());
        template.and_then(over_field) == Some(key)
    }

    /// Whether rework leaves a task as it is: a child that is completed, unless it is what sends the work back, or one
    /// that was given up (E6).
    pub(super) fn outlasts_rework(&self, index: usize) -> bool {
        let task = &self.run.tasks[index];
        let outcome = self.outcome(index, task.outcome());
        task.is_child()
            && match task.status {
                TaskStatus::Completed => outcome.is_none_or(|chosen| chosen.reopens.is_none()),
                TaskStatus::Cancelled => true,
                TaskStatus::Waiting
                | TaskStatus::Open
                | TaskStatus::InProgress
                | TaskStatus::OnHold
                | TaskStatus::Skipped
                | TaskStatus::NotTaken => false,
            }
    }

    /// The first fan-out that people would still work on if it had not all of its children closed.
    pub(super) fn gathered(&self) -> Option<usize> {
        let mut with_children: BTreeSet<TaskId> = BTreeSet::new();
        let mut unfinished: BTreeSet<TaskId> = BTreeSet::new();
        for task in &self.run.tasks {
            if let Some(parent) = task.parent_task_id {
                with_children.insert(parent);
                if !task.status.is_finished() {
                    unfinished.insert(parent);
                }
            }
        }
        self.run.tasks.iter().position(|task| {
            task.kind == TaskKind::FanOut
                && task.status.is_active()
                && with_children.contains(&task.id)
                && !unfinished.contains(&task.id)
        })
    }

    /// Closes a fan-out all of whose children are closed, with the first of its outcomes that any of them chose. Where
    /// none was completed it is skipped, like one with no items.
    pub(super) fn gather(&mut self, index: usize, by: Option<UserId>) {
        let before = self.run.tasks[index].clone();
        let completed: Vec<&Task> = self
            .run
            .children(before.id)
            .filter(|task| task.status == TaskStatus::Completed)
            .collect();
        if completed.is_empty() {
            self.skip(index, "None of its items was done.");
            return self.propagate(by);
        }
        let template = self.template(index);
        let mut outcomes = template.iter().flat_map(|template| &template.outcomes);
        let outcome = outcomes
            .find(|outcome| {
                let chosen = |task: &&Task| task.outcome() == Some(&outcome.key);
                completed.iter().any(chosen)
            })
            .map(|outcome| outcome.key.clone());
        let completion = Completion {
            at: self.now,
            by: None,
            on_behalf_of: None,
            via: Via::System,
            role_id: None,
            rule: "E24".to_owned(),
            reason: format!("It was done for {} item(s).", completed.len()),
            outcome,
            reason_code: None,
            note: None,
            consequences: Consequences::default(),
        };
        self.complete_with(index, &before, completion);
    }

    /// With a child whose completion is taken back, the fan-out that was completed by it goes on (E8).
    pub(super) fn reopen_parent(&mut self, index: usize) {
        let parent = self.parent(index);
        let completed =
            parent.filter(|parent| self.run.tasks[*parent].status == TaskStatus::Completed);
        if let Some(parent) = completed {
            let now = self.now;
            self.change_task(EventType::TaskReopened, parent, |task| {
                task.take_back(None, now);
            });
        }
    }
}

#[cfg(test)]
mod tests;
