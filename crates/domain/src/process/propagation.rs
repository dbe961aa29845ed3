//! How a run moves on by itself: edges, joins, skips and opening (E1–E5).

use std::collections::BTreeSet;

use crate::{
    calendar::due,
    condition,
    event::EventType,
    ids::{SubmissionId, UserId},
    process::{ProcessStatus, engine::Engine},
    process_type::definition::{Edge, Join, OwnerRule, TaskKind, TaskTemplate},
    task::{Task, TaskStatus},
    text,
};

/// Whether what an edge waits for has happened (E1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EdgeState {
    Live,
    Dead,
    Undecided,
}

/// What the incoming edges of a task amount to (E2, E3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readiness {
    Opens,
    NotTaken,
    Waits,
}

impl<'a> Engine<'a> {
    /// Moves the run on to a fixed point, in template order (E5). `by` is whose command set it off.
    pub(super) fn propagate(&mut self, by: Option<UserId>) {
        match self.run.process.status {
            ProcessStatus::Running => {}
            ProcessStatus::OnHold | ProcessStatus::Completed | ProcessStatus::Cancelled => return,
        }
        while self.pass(by) {}
        match self.gathered() {
            Some(index) => self.gather(index, by),
            None => self.complete_when_done(),
        }
    }

    /// One pass over the waiting tasks; says whether anything moved.
    fn pass(&mut self, by: Option<UserId>) -> bool {
        let mut moved = false;
        for index in 0..self.run.tasks.len() {
            let task = &self.run.tasks[index];
            // The children of a fan-out that was sent back open with it.
            if task.status != TaskStatus::Waiting || task.is_child() {
                continue;
            }
            let Some(template) = self.template(index) else {
                continue;
            };
            match self.readiness(template, &BTreeSet::new()) {
                Readiness::Opens => self.reach(index, template, by),
                Readiness::NotTaken => self.pass_by(index),
                Readiness::Waits => continue,
            }
            moved = true;
        }
        moved
    }

    /// What the edges of a task amount to, if these tasks were still to be done.
    pub(super) fn readiness(&self, template: &TaskTemplate, undone: &BTreeSet<&str>) -> Readiness {
        if template.after.is_empty() {
            return Readiness::Opens;
        }
        let state = |edge: &Edge| {
            if undone.contains(edge.task.as_str()) {
                EdgeState::Undecided
            } else {
                self.edge_state(edge)
            }
        };
        let mut edges = template.after.iter().map(state);
        match template.join {
            Join::All => edges.fold(Readiness::Opens, |so_far, edge| match (so_far, edge) {
                (Readiness::NotTaken, _) | (_, EdgeState::Dead) => Readiness::NotTaken,
                (Readiness::Waits, _) | (_, EdgeState::Undecided) => Readiness::Waits,
                (Readiness::Opens, EdgeState::Live) => Readiness::Opens,
            }),
            Join::Any => {
                if edges.any(|edge| edge == EdgeState::Live) {
                    return Readiness::Opens;
                }
                let mut edges = template.after.iter().map(state);
                if edges.all(|edge| edge == EdgeState::Dead) {
                    Readiness::NotTaken
                } else {
                    Readiness::Waits
                }
            }
        }
    }

    fn edge_state(&self, edge: &Edge) -> EdgeState {
        let Some(source) = self.run.task(&edge.task) else {
            return EdgeState::Dead;
        };
        match (source.status, edge.outcome.as_deref()) {
            (TaskStatus::Completed | TaskStatus::Skipped, None) => EdgeState::Live,
            (TaskStatus::Completed, outcome) if outcome == source.outcome() => EdgeState::Live,
            (
                TaskStatus::Completed
                | TaskStatus::Skipped
                | TaskStatus::NotTaken
                | TaskStatus::Cancelled,
                _,
            ) => EdgeState::Dead,
            (
                TaskStatus::Waiting
                | TaskStatus::Open
                | TaskStatus::InProgress
                | TaskStatus::OnHold,
                _,
            ) => EdgeState::Undecided,
        }
    }

    fn pass_by(&mut self, index: usize) {
        let now = self.now;
        for place in self.with_unfinished_children(index) {
            self.change_task(EventType::TaskNotTaken, place, |task| {
                task.close(TaskStatus::NotTaken, None, now);
            });
            let id = self.run.tasks[place].id;
            self.changes.effects.not_taken.push(id);
        }
    }

    /// A task's turn has come: it opens, or is skipped by a mark (E4a) or by its condition (E4).
    fn reach(&mut self, index: usize, template: &'a TaskTemplate, by: Option<UserId>) {
        let reason = if let Some(source) = &self.run.tasks[index].skip_marked_by {
            Some(format!("The outcome of `{source}` makes it needless."))
        } else {
            let condition = template.when.as_ref();
            condition
                .is_some_and(|condition| !condition::holds(condition, &self.values(None)))
                .then(|| "Its condition did not hold when its turn came.".to_owned())
                .or_else(|| self.has_nothing(template))
        };
        if let Some(reason) = reason {
            self.skip(index, &reason);
        } else {
            let before = self.run.tasks[index].clone();
            self.open(index, template, Some(&before), by);
        }
    }

    /// Skips a task, whatever the reason; what comes after it is for [`Self::propagate`].
    pub(super) fn skip(&mut self, index: usize, reason: &str) {
        let now = self.now;
        for place in self.with_unfinished_children(index) {
            self.change_task(EventType::TaskSkipped, place, |task| {
                task.close(TaskStatus::Skipped, Some(reason.to_owned()), now);
            });
            let id = self.run.tasks[place].id;
            self.changes.effects.skipped.push(id);
        }
    }

    /// Opens a task; `before` is what was known of it, nothing of a child that has just been made.
    pub(super) fn open(
        &mut self,
        index: usize,
        template: &'a TaskTemplate,
        before: Option<&Task>,
        by: Option<UserId>,
    ) {
        let task = &mut self.run.tasks[index];
        task.status = TaskStatus::Open;
        task.opened_at = Some(self.now);
        if task.keeps_submissions() {
            // What the task waits for has just been sent.
            let id = SubmissionId(self.world.ambient.fresh_id());
            task.submit(id, self.now, None);
        }
        self.run.tasks[index].owner_id = self.owner_at_opening(index, template);
        if !self.run.tasks[index].due_by_hand {
            self.date(index, template);
        }
        let (title, description) = self.texts(index);
        let task = &mut self.run.tasks[index];
        task.title = title;
        task.description = description;
        self.tell_task(EventType::TaskOpened, before, index);
        self.changes.effects.opened.push(self.run.tasks[index].id);

        // A rule that leaves it to nobody on purpose is no failure to find somebody.
        let unowned = self.run.tasks[index].owner_id.is_none();
        if unowned && !template.owner.contains(&OwnerRule::Unassigned) {
            self.change_task(EventType::TaskUnassigned, index, |_| {});
        }
        self.look_for_executors(index);
        match self.run.tasks[index].kind {
            TaskKind::Subprocess => self.launch(index, template, by),
            TaskKind::FanOut => self.spread(index, template, by),
            TaskKind::Task | TaskKind::Approval | TaskKind::Decision | TaskKind::Wait => {}
        }
    }

    /// The title and the description of a task with what is known now (E14): stored when it opens, and shown until then.
    #[must_use]
    pub fn texts(&self, index: usize) -> (String, Option<String>) {
        let task = &self.run.tasks[index];
        let names = self.names(Some(index));
        let title = text::render(&task.title, &names);
        let description = task.description.as_deref();
        (title, description.map(|text| text::render(text, &names)))
    }

    /// An owner set by hand, or of the attempt before, stays while able (E6, E9); otherwise the rules find one.
    fn owner_at_opening(&self, index: usize, template: &TaskTemplate) -> Option<UserId> {
        let present = self.run.tasks[index].owner_id.map(OwnerRule::User);
        let rules: Vec<_> = present
            .into_iter()
            .chain(template.owner.iter().cloned())
            .collect();
        self.resolve_owner(&rules, Some(index))
    }

    /// Dates a task by its rule (E11).
    pub(super) fn date(&mut self, index: usize, template: &TaskTemplate) {
        let calendars = &self.world.catalog.calendars;
        let rule = template.due.as_ref();
        let due =
            rule.and_then(|rule| due::due(rule, &self.anchors(Some(index)), calendars, self.now));
        let task = &mut self.run.tasks[index];
        task.due_at = due.map(|due| due.at);
        task.compressed = due.is_some_and(|due| due.compressed);
    }
}

#[cfg(test)]
mod tests;
