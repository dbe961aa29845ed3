//! Taking a completion back: what stands in the way of it, and what it undoes (E8).

use std::collections::BTreeSet;

use crate::{
    access::execution::Decision,
    event::{EventType, Occurrence, SubjectType},
    ids::{EntityId, ProcessId, TaskId, UserId},
    job::StartRequest,
    process::{
        Process,
        engine::{Engine, snapshot},
        error::{TaskError, permitted},
        propagation::Readiness,
    },
    process_type::definition::TaskTemplate,
    task::{Consequences, Task, TaskStatus},
    touchpoint::Touchpoint,
};

/// What undoing has to know besides the run: read for the task, and for those behind it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UndoFacts {
    /// Processes that these tasks have started.
    pub children: Vec<Process>,
    /// Touchpoints that the completion logged.
    pub touchpoints: Vec<Touchpoint>,
}

/// One thing that followed a completion and cannot be undone with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// A task behind it is completed.
    Task {
        /// Which.
        id: TaskId,
        /// Its key.
        key: String,
    },
    /// A process was started.
    Process {
        /// Which.
        id: ProcessId,
        /// Name of its type.
        name: String,
    },
    /// A record was made.
    Entity {
        /// Which.
        id: EntityId,
    },
    /// A follow-up task was made.
    FollowUp {
        /// Which.
        id: TaskId,
    },
    /// Somebody was told.
    Notification {
        /// Who.
        user_id: UserId,
    },
}

impl Obstacle {
    /// What it is, in a sentence.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::Task { key, .. } => format!("The task `{key}` behind it is completed."),
            Self::Process { name, .. } => format!("The process \"{name}\" was started."),
            Self::Entity { .. } => "A record was made.".to_owned(),
            Self::FollowUp { .. } => "A follow-up task was made.".to_owned(),
            Self::Notification { .. } => "Somebody was notified.".to_owned(),
        }
    }
}

/// How much a command had done before a completion's own content and effects took place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks {
    told: usize,
    attributes: usize,
    touchpoints: usize,
    document_links: usize,
    notifications: usize,
    created: usize,
}

impl Engine<'_> {
    /// Where the changes stand just after a completion was told.
    pub(super) fn marks(&self) -> Marks {
        let changes = &self.changes;
        Marks {
            told: changes.occurrences.len(),
            attributes: changes.attribute_values.len(),
            touchpoints: changes.touchpoints.len(),
            document_links: changes.document_links.len(),
            notifications: changes.notifications.len(),
            created: changes.effects.created.len(),
        }
    }

    /// Keeps what came of a completion with it, and in what was told of it.
    pub(super) fn keep_consequences(&mut self, index: usize, marks: Marks) {
        let changes = &self.changes;
        let made = changes.occurrences[marks.told..].iter();
        let consequences = Consequences {
            attributes: changes.attribute_values[marks.attributes..]
                .iter()
                .map(Into::into)
                .collect(),
            touchpoints: changes.touchpoints[marks.touchpoints..]
                .iter()
                .map(|touchpoint| touchpoint.id)
                .collect(),
            document_links: changes.document_links[marks.document_links..].to_vec(),
            entities: made
                .filter(|occurrence| occurrence.event == EventType::EntityCreated)
                .map(|occurrence| EntityId(occurrence.subject_id))
                .collect(),
            tasks: changes.effects.created[marks.created..].to_vec(),
            notified: changes.notifications[marks.notifications..]
                .iter()
                .map(|notification| notification.user_id)
                .collect(),
        };
        if consequences.is_none() {
            return;
        }
        let task = &mut self.run.tasks[index];
        if let Some(completion) = &mut task.completion {
            completion.consequences = consequences;
        }
        let told = marks.told.checked_sub(1);
        if let Some(told) = told.and_then(|told| self.changes.occurrences.get_mut(told)) {
            told.after = Some(snapshot(&self.run.tasks[index]));
        }
    }

    /// The tasks whose processes may stand in the way: the task itself and those behind it.
    #[must_use]
    pub fn undo_concerns(&self, id: TaskId) -> Vec<TaskId> {
        let Some(task) = self.run.task_by_id(id) else {
            return Vec::new();
        };
        let behind = self.downstream(&task.key);
        let tasks = self.run.tasks.iter();
        tasks
            .filter(|task| behind.contains(task.key.as_str()) || task.id == id)
            .map(|task| task.id)
            .collect()
    }

    /// Refuses what cannot be taken back: by its status, its process's, or with everything that stands in the way.
    pub fn undoable(&self, id: TaskId, facts: &UndoFacts) -> Result<(), TaskError> {
        let index = self.index_of(id)?;
        self.run.tasks[index].done()?;
        self.by_people(index)?;
        self.moving(index)?;
        if let Some(parent) = self.parent(index) {
            // While the fan-out waits to be done again, its children wait with it.
            let status = self.run.tasks[parent].status;
            if !status.is_active() && status != TaskStatus::Completed {
                return Err(TaskError::NotExecutable { status });
            }
        }
        let obstacles = self.obstacles(index, facts);
        if obstacles.is_empty() {
            Ok(())
        } else {
            Err(TaskError::NotUndoable(obstacles))
        }
    }

    /// Takes a completion back, as the decision lets this person: the task goes on where it was, what stood only because it
    /// was completed waits again, attributes that nobody has touched since return to their old values, its touchpoints are
    /// voided, and the links of documents that it made are taken away. Who completed it stays on record, for segregation
    /// too (X11).
    pub fn reopen(
        &mut self,
        id: TaskId,
        by: UserId,
        decision: &Decision,
        reason: Option<&str>,
        facts: &UndoFacts,
    ) -> Result<(), TaskError> {
        permitted(decision)?;
        self.undoable(id, facts)?;
        let index = self.index_of(id)?;
        let fallen = self.fallen(index);
        let (now, mut consequences) = (self.now, Consequences::default());
        self.change_task(EventType::TaskReopened, index, |task| {
            let undone = task.take_back(reason, now);
            consequences = undone.map(|undone| undone.consequences).unwrap_or_default();
        });
        self.annotate("reason", reason.into());
        self.reopen_parent(index);
        for written in consequences.attributes.iter().rev() {
            self.restore_attribute(written, id, Some(by));
        }
        self.void(&facts.touchpoints);
        self.changes.unlink(consequences.document_links);
        self.take_back_marks(index, &fallen);
        self.date_if_undated(index);
        self.propagate(Some(by));
        Ok(())
    }

    /// Whether what a request asks for is still wanted: its task has not been undone since, and if it waits for the
    /// process, it is the same attempt that waits (E8, E25).
    #[must_use]
    pub fn still_wants(&self, request: &StartRequest) -> bool {
        let Some(id) = request.parent_task_id else {
            return true;
        };
        let attempt = request.parent_attempt;
        match self.run.task_by_id(id) {
            Some(task) if request.waited_for => {
                self.wants_child(id) && attempt.is_none_or(|attempt| attempt == task.attempt)
            }
            Some(task) => !task
                .attempts
                .iter()
                .any(|earlier| earlier.undone && Some(earlier.attempt) == attempt),
            None => true,
        }
    }

    fn obstacles(&self, index: usize, facts: &UndoFacts) -> Vec<Obstacle> {
        let task = &self.run.tasks[index];
        let Some(completion) = &task.completion else {
            return Vec::new();
        };
        let behind = self.downstream(&task.key);
        let completed = self.run.tasks.iter().filter(|other| {
            // The other items of a fan-out do not come after this one, and the fan-out is reopened with it (E24).
            let beside = task.is_child() && other.key == task.key;
            other.id != task.id
                && !beside
                && other.status == TaskStatus::Completed
                && behind.contains(other.key.as_str())
        });
        let mut found: Vec<Obstacle> = completed
            .map(|other| Obstacle::Task {
                id: other.id,
                key: other.key.clone(),
            })
            .collect();
        found.extend(self.processes_in_the_way(index, facts));
        let came = &completion.consequences;
        found.extend(came.entities.iter().map(|id| Obstacle::Entity { id: *id }));
        let follow_ups = came.tasks.iter().filter(|id| {
            let made = self.run.task_by_id(**id);
            made.is_some_and(|made| made.status != TaskStatus::Cancelled)
        });
        found.extend(follow_ups.map(|id| Obstacle::FollowUp { id: *id }));
        found.extend(
            came.notified
                .iter()
                .map(|user_id| Obstacle::Notification { user_id: *user_id }),
        );
        found
    }

    /// Processes that the completion started, and those that tasks behind it have started since they opened.
    fn processes_in_the_way(&self, index: usize, facts: &UndoFacts) -> Vec<Obstacle> {
        let fallen = self.fallen(index);
        let came_of_it = |child: &&Process| {
            let asked_by = child.parent.and_then(|parent| parent.task_id);
            let Some(place) = asked_by.and_then(|id| self.index_of(id).ok()) else {
                return false;
            };
            let task = &self.run.tasks[place];
            let since = match &task.completion {
                // The end of a child completed it.
                Some(_) if task.child_process_id == Some(child.id) => return place == index,
                Some(completion) if place == index => Some(completion.at),
                Some(_) | None => task.opened_at.filter(|_| fallen.contains(&place)),
            };
            since.is_some_and(|since| child.started_at >= since)
        };
        let children = facts.children.iter().filter(came_of_it);
        children
            .map(|child| Obstacle::Process {
                id: child.id,
                name: child.name.clone(),
            })
            .collect()
    }

    /// The places of the tasks behind one that have moved only because it was completed.
    fn fallen(&self, index: usize) -> BTreeSet<usize> {
        let undone = self.run.tasks[index].key.as_str();
        let mut keys = BTreeSet::from([undone]);
        let mut places = BTreeSet::new();
        loop {
            let before = places.len();
            for (place, task) in self.run.tasks.iter().enumerate() {
                if let Some(template) = self.template(place)
                    && place != index
                    && !places.contains(&place)
                    && !self.stands(task, template, &keys)
                {
                    places.insert(place);
                    keys.insert(&task.key);
                }
            }
            if places.len() == before {
                return places;
            }
        }
    }

    /// Whether a task would be where it is if these were still to be done. What does not come right after one of them
    /// stays: a run that was moved to another version may have opened it.
    fn stands(&self, task: &Task, template: &TaskTemplate, undone: &BTreeSet<&str>) -> bool {
        let marked = task.skip_marked_by.as_deref();
        let mut edges = template.after.iter();
        let apart = !edges.any(|edge| undone.contains(edge.task.as_str()));
        match task.status {
            TaskStatus::Waiting | TaskStatus::Completed | TaskStatus::Cancelled => true,
            TaskStatus::Skipped if marked.is_some_and(|mark| undone.contains(mark)) => false,
            TaskStatus::Open
            | TaskStatus::InProgress
            | TaskStatus::OnHold
            | TaskStatus::Skipped => apart || self.readiness(template, undone) == Readiness::Opens,
            TaskStatus::NotTaken => {
                apart || self.readiness(template, undone) == Readiness::NotTaken
            }
        }
    }

    /// Tasks that have fallen wait again; skips and a result that the outcome brought are forgotten.
    fn take_back_marks(&mut self, index: usize, fallen: &BTreeSet<usize>) {
        let key = self.run.tasks[index].key.clone();
        let undone = BTreeSet::from([key.as_str()]);
        for place in 0..self.run.tasks.len() {
            let Some(template) = self.template(place) else {
                continue;
            };
            let task = &self.run.tasks[place];
            let mark = if task.is_child() {
                None
            } else {
                self.mark_outside(&template.key, &undone)
            };
            if fallen.contains(&place) {
                self.withdraw(place, template, mark);
            } else if task.status == TaskStatus::Waiting
                && task.skip_marked_by.as_deref() == Some(key.as_str())
            {
                self.mark(place, mark);
            }
        }
        self.forget_result(&undone);
    }

    /// A task that was completed during a pause has no date left: its rule gives it one.
    fn date_if_undated(&mut self, index: usize) {
        let task = &self.run.tasks[index];
        let undated = task.due_at.is_none() && !task.due_by_hand;
        if let Some(due) = self.rule_due(index).filter(|_| undated) {
            self.change_task(EventType::TaskUpdated, index, |task| {
                task.due_at = Some(due.at);
                task.compressed = due.compressed;
            });
        }
    }

    fn void(&mut self, touchpoints: &[Touchpoint]) {
        let standing = touchpoints.iter().filter(|it| it.voided_at.is_none());
        for before in standing {
            let after = Touchpoint {
                voided_at: Some(self.now),
                version: before.version + 1,
                ..before.clone()
            };
            self.changes.occurrences.push(Occurrence {
                event: EventType::TouchpointVoided,
                subject_type: SubjectType::Touchpoint,
                subject_id: after.id.0,
                entity_id: Some(after.entity_id),
                before: Some(snapshot(before)),
                after: Some(snapshot(&after)),
            });
            self.changes.voided_touchpoints.push(after);
        }
    }
}

#[cfg(test)]
mod tests;
