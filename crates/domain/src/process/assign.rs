//! Whose task it is, and beginning it: assign, claim, release, start (E7, E9, X20); and whose process.

use crate::{
    access::{execution::Decision, managing::TaskAction, owning::fit},
    event::EventType,
    ids::{TaskId, UserId},
    process::{
        ProcessStatus,
        engine::Engine,
        error::{ProcessError, TaskError, permitted},
    },
    task::{Task, TaskStatus},
};

impl Engine<'_> {
    /// Gives a task to somebody; a task that waits keeps them when it opens (E9). Two questions are asked beforehand:
    /// whether this may be done, and whether the new owner may have the task (X11).
    pub fn assign(
        &mut self,
        id: TaskId,
        owner: UserId,
        decision: &Decision,
        may_own: &Decision,
    ) -> Result<(), TaskError> {
        permitted(decision)?;
        let index = self.index_of(id)?;
        self.gate(index, TaskAction::Assign)?;
        fit(may_own).map_err(TaskError::Invalid)?;
        let task = &self.run.tasks[index];
        if task.owner_id == Some(owner) && task.owner_by_hand {
            return Ok(());
        }
        self.change_task(EventType::TaskAssigned, index, |task| {
            task.assign(owner);
        });
        Ok(())
    }

    /// Takes a task that nobody owns, if the decision lets this person (X20).
    pub fn claim(&mut self, id: TaskId, by: UserId, decision: &Decision) -> Result<(), TaskError> {
        permitted(decision)?;
        let index = self.index_of(id)?;
        self.gate(index, TaskAction::Claim)?;
        self.change_task(EventType::TaskAssigned, index, |task| {
            task.owner_id = Some(by);
        });
        Ok(())
    }

    /// Leaves a task to nobody, so that others can claim it.
    pub fn release(&mut self, id: TaskId, decision: &Decision) -> Result<(), TaskError> {
        permitted(decision)?;
        let index = self.index_of(id)?;
        self.gate(index, TaskAction::Release)?;
        if self.run.tasks[index].owner_id.is_some() {
            self.change_task(EventType::TaskAssigned, index, Task::release);
        }
        Ok(())
    }

    /// Somebody who may execute the task begins it (E7); a second time changes nothing.
    pub fn start_task(&mut self, id: TaskId, decision: &Decision) -> Result<(), TaskError> {
        let index = self.index_of(id)?;
        self.run.tasks[index].beginnable()?;
        self.by_people(index)?;
        permitted(decision)?;
        if self.run.tasks[index].status == TaskStatus::Open {
            let now = self.now;
            self.change_task(EventType::TaskStarted, index, |task| {
                task.begin(now);
            });
        }
        Ok(())
    }

    /// Gives the process as a whole to somebody who may have it (X16); its tasks keep their owners.
    pub fn hand_over(
        &mut self,
        owner: UserId,
        decision: &Decision,
        may_own: &Decision,
    ) -> Result<(), ProcessError> {
        permitted(decision)?;
        match self.run.process.status {
            ProcessStatus::Running | ProcessStatus::OnHold => {}
            status @ (ProcessStatus::Completed | ProcessStatus::Cancelled) => {
                return Err(ProcessError::WrongStatus { status });
            }
        }
        fit(may_own).map_err(ProcessError::Invalid)?;
        if self.run.process.owner_id != Some(owner) {
            self.change_process(EventType::ProcessUpdated, |process| {
                process.owner_id = Some(owner);
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::Rule,
        process::rehearsal::{ANNA, BEN, Rehearsal, no, task, yes},
        process_type::definition::{OwnerRule, TaskTemplate},
    };

    fn unowned() -> Rehearsal {
        Rehearsal::of([TaskTemplate {
            owner: vec![OwnerRule::Unassigned],
            ..task("a")
        }])
    }

    /// X16, X11
    #[test]
    fn a_task_is_given_only_by_those_who_may_and_to_those_who_may_have_it() {
        let plan = Rehearsal::of([task("a")]);
        let mut engine = plan.start();
        let id = engine.id("a");
        let refused = engine.assign(id, BEN, &no(Rule::X16), &yes());
        assert!(matches!(refused, Err(TaskError::Denied(_))));
        let refused = engine.assign(id, BEN, &yes(), &no(Rule::X11));
        assert!(matches!(refused, Err(TaskError::Invalid(_))));
        assert_eq!(engine.of("a").owner_id, Some(ANNA));
        engine.told();
        engine.assign(id, BEN, &yes(), &yes()).unwrap();
        engine.assign(id, BEN, &yes(), &yes()).unwrap();
        assert_eq!(engine.told(), ["task.assigned a"]);
    }

    /// X16, E15
    #[test]
    fn a_process_that_goes_on_is_handed_over_by_those_who_may() {
        let plan = Rehearsal::of([task("a")]);
        let mut engine = plan.start();
        let refused = engine.hand_over(BEN, &no(Rule::X16), &yes());
        assert!(matches!(refused, Err(ProcessError::Denied(_))));
        let refused = engine.hand_over(BEN, &yes(), &no(Rule::X18));
        assert!(matches!(refused, Err(ProcessError::Invalid(_))));
        engine.told();
        engine.hand_over(BEN, &yes(), &yes()).unwrap();
        engine.hand_over(BEN, &yes(), &yes()).unwrap();
        assert_eq!(engine.run.process.owner_id, Some(BEN));
        assert_eq!(engine.of("a").owner_id, Some(ANNA));
        assert_eq!(engine.told(), ["process.updated"]);
        engine.done(&["a"]);
        let status = ProcessStatus::Completed;
        let late = engine.hand_over(ANNA, &yes(), &yes());
        assert_eq!(late, Err(ProcessError::WrongStatus { status }));
    }

    /// X20
    #[test]
    fn only_what_nobody_owns_can_be_claimed() {
        let plan = unowned();
        let mut engine = plan.start();
        let id = engine.id("a");
        engine.claim(id, BEN, &yes()).unwrap();
        assert_eq!(engine.of("a").owner_id, Some(BEN));
        let late = engine.claim(id, ANNA, &yes());
        assert_eq!(late, Err(TaskError::AlreadyOwned));
        engine.release(id, &yes()).unwrap();
        engine.claim(id, ANNA, &yes()).unwrap();
        assert_eq!(engine.of("a").owner_id, Some(ANNA));
    }

    /// X20
    #[test]
    fn claiming_needs_a_decision_in_favour() {
        let plan = unowned();
        let mut engine = plan.start();
        let refused = engine.claim(engine.id("a"), BEN, &no(Rule::X20));
        assert!(matches!(refused, Err(TaskError::Denied(_))));
        assert_eq!(engine.of("a").owner_id, None);
    }

    /// E7
    #[test]
    fn beginning_moves_an_open_task_once() {
        let plan = Rehearsal::of([task("a")]);
        let mut engine = plan.start();
        engine.told();
        engine.start_task(engine.id("a"), &yes()).unwrap();
        engine.start_task(engine.id("a"), &yes()).unwrap();
        assert_eq!(engine.told(), ["task.started a"]);
        assert_eq!(engine.of("a").status, TaskStatus::InProgress);
        assert_eq!(engine.of("a").started_at, Some(engine.now));
    }

    /// X8
    #[test]
    fn a_finished_task_has_no_new_owner() {
        let plan = Rehearsal::of([task("a"), task("b")]);
        let mut engine = plan.start();
        engine.done(&["a"]);
        let status = TaskStatus::Completed;
        let refused = engine.assign(engine.id("a"), BEN, &yes(), &yes());
        assert_eq!(refused, Err(TaskError::NotExecutable { status }));
        let refused = engine.start_task(engine.id("a"), &yes());
        assert_eq!(refused, Err(TaskError::NotExecutable { status }));
    }
}
