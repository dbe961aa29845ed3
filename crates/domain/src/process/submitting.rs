//! What was sent to the custodian for whom a task waits, and its answers (E22).

use chrono::{DateTime, Utc};

use crate::{
    access::execution::Decision,
    event::EventType,
    fault::Faults,
    ids::{SubmissionId, TaskId},
    process::{
        engine::Engine,
        error::{TaskError, Unsubmittable, permitted},
        hold::HoldInput,
    },
    process_type::definition::Outcome,
    task::{
        HoldReason, Task,
        submission::{CuredBy, SubmissionAnswer, Verdict},
    },
};

/// Characters of the longest reason code.
const LONGEST_CODE: usize = 80;

/// Something that was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubmissionInput {
    /// When, if not now.
    pub sent_at: Option<DateTime<Utc>>,
    /// What the custodian calls it.
    pub reference: Option<String>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerInput {
    /// What it says.
    pub verdict: Verdict,
    /// When it came, if not now.
    pub answered_at: Option<DateTime<Utc>>,
    /// What it has to say of what is not in good order.
    pub nigo: NigoInput,
    /// In words.
    pub note: Option<String>,
}

/// Why something is not in good order, and who puts it right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NigoInput {
    /// The custodian's reasons.
    pub reason_codes: Vec<String>,
    /// Who; the firm, unless told.
    pub cured_by: Option<CuredBy>,
}

impl NigoInput {
    const fn is_none(&self) -> bool {
        self.reason_codes.is_empty() && self.cured_by.is_none()
    }

    /// Codes are short, so that they can be counted by.
    fn well_formed(&self, faults: &mut Faults) {
        for (place, code) in self.reason_codes.iter().enumerate() {
            if code.trim().is_empty() || code.chars().count() > LONGEST_CODE {
                let detail = format!("A reason code has 1 to {LONGEST_CODE} characters.");
                faults.add(format!("/reason_codes/{place}"), "bad-length", detail);
            }
        }
    }

    fn not_allowed(&self, faults: &mut Faults) {
        let given = [
            ("/reason_codes", !self.reason_codes.is_empty()),
            ("/cured_by", self.cured_by.is_some()),
        ];
        for (at, _) in given.into_iter().filter(|(_, given)| *given) {
            let detail = "Only what a custodian finds not in good order has this.";
            faults.add(at, "not-allowed", detail);
        }
    }
}

impl HoldInput {
    /// Refuses what a custodian would have to say, where none says anything.
    pub(crate) fn check(&self, task: &Task) -> Result<(), TaskError> {
        let mut faults = Faults::default();
        self.nigo.well_formed(&mut faults);
        if self.reason != HoldReason::Nigo || !task.keeps_submissions() {
            self.nigo.not_allowed(&mut faults);
        }
        refuse(faults)
    }

    /// The answer that a hold stands for: one that its chaser cures.
    pub(super) fn answer(&self, task: &Task, now: DateTime<Utc>) -> Option<SubmissionAnswer> {
        let nigo = self.reason == HoldReason::Nigo && task.keeps_submissions();
        nigo.then(|| SubmissionAnswer {
            reason_codes: self.nigo.reason_codes.clone(),
            note: self.note.clone(),
            cured_by: Some(self.nigo.cured_by.unwrap_or_default()),
            ..SubmissionAnswer::plain(Verdict::Nigo, now)
        })
    }
}

impl Engine<'_> {
    /// Notes that something was sent, again once the last answer has come. Gives its id.
    pub fn submit(
        &mut self,
        id: TaskId,
        decision: &Decision,
        input: &SubmissionInput,
    ) -> Result<SubmissionId, TaskError> {
        let index = self.chased(id, decision)?;
        let task = &self.run.tasks[index];
        if task.pending_submission().is_some() {
            return Err(TaskError::Submission(Unsubmittable::Pending));
        }
        let last = task
            .submissions
            .last()
            .and_then(|last| last.answer.as_ref());
        let sent_at = input.sent_at.unwrap_or(self.now);
        let mut faults = Faults::default();
        self.not_ahead(sent_at, "/sent_at", &mut faults);
        if last.is_some_and(|answer| sent_at < answer.at) {
            let detail = "The last answer came later: nothing was sent again before it.";
            faults.add("/sent_at", "too-early", detail);
        }
        refuse(faults)?;
        let submission = SubmissionId(self.world.ambient.fresh_id());
        self.change_task(EventType::TaskSubmitted, index, |task| {
            task.submit(submission, sent_at, input.reference.clone());
        });
        Ok(submission)
    }

    /// Notes what the custodian answered. The task stays open: whoever chases decides how it goes on.
    pub fn answer_submission(
        &mut self,
        id: TaskId,
        submission: SubmissionId,
        decision: &Decision,
        input: &AnswerInput,
    ) -> Result<(), TaskError> {
        let index = self.index_of(id)?;
        let submissions = &self.run.tasks[index].submissions;
        let found = submissions.iter().find(|known| known.id == submission);
        let (answered, sent_at) = found
            .map(|known| (known.answer.is_some(), known.sent_at))
            .ok_or(TaskError::NotFound)?;
        self.chased(id, decision)?;
        if answered {
            return Err(TaskError::Submission(Unsubmittable::Answered));
        }
        let at = input.answered_at.unwrap_or(self.now);
        let mut faults = Faults::default();
        self.not_ahead(at, "/answered_at", &mut faults);
        if at < sent_at {
            let detail = "It was sent later: no answer came before.";
            faults.add("/answered_at", "too-early", detail);
        }
        input.nigo.well_formed(&mut faults);
        let nigo = input.verdict == Verdict::Nigo;
        if !nigo && !input.nigo.is_none() {
            input.nigo.not_allowed(&mut faults);
        }
        if nigo && input.nigo.reason_codes.is_empty() {
            let detail = "Say why it is not in good order.";
            faults.add("/reason_codes", "required", detail);
        }
        refuse(faults)?;
        let answer = SubmissionAnswer {
            reason_codes: input.nigo.reason_codes.clone(),
            note: input.note.clone(),
            cured_by: nigo.then(|| input.nigo.cured_by.unwrap_or_default()),
            ..SubmissionAnswer::plain(input.verdict, at)
        };
        self.change_task(EventType::TaskSubmissionAnswered, index, |task| {
            task.answer_submission(submission, answer);
        });
        Ok(())
    }

    /// The task, if it waits for a custodian and this person chases it.
    fn chased(&self, id: TaskId, decision: &Decision) -> Result<usize, TaskError> {
        let index = self.index_of(id)?;
        self.executable(index)?;
        permitted(decision)?;
        if !self.run.tasks[index].keeps_submissions() {
            return Err(TaskError::Submission(Unsubmittable::NoCustodian));
        }
        Ok(index)
    }

    fn not_ahead(&self, at: DateTime<Utc>, place: &str, faults: &mut Faults) {
        if at > self.now {
            faults.add(
                place,
                "in-future",
                "This lies ahead: note it once it is so.",
            );
        }
    }

    /// A completion says how the custodian has answered: in good order, unless its outcome sends work back or ends it all.
    pub(super) fn settle_submission(&mut self, index: usize, outcome: Option<&Outcome>) {
        let task = &self.run.tasks[index];
        let Some(completion) = task
            .completion
            .as_ref()
            .filter(|_| task.keeps_submissions())
        else {
            return;
        };
        let plain = |verdict| SubmissionAnswer::plain(verdict, completion.at);
        let answer = match outcome {
            Some(outcome) if outcome.reopens.is_some() && !outcome.reason_codes.is_empty() => {
                SubmissionAnswer {
                    reason_codes: completion.reason_code.iter().cloned().collect(),
                    note: completion.note.clone(),
                    cured_by: Some(CuredBy::Firm),
                    reopened: outcome.reopens.clone(),
                    ..plain(Verdict::Nigo)
                }
            }
            // Something else than the custodian sends it back.
            Some(outcome) if outcome.reopens.is_some() => plain(Verdict::Withdrawn),
            Some(outcome) if outcome.ends.is_some() => plain(Verdict::Rejected),
            Some(_) | None => plain(Verdict::InGoodOrder),
        };
        let unnoted = SubmissionId(self.world.ambient.fresh_id());
        self.run.tasks[index].answer_submission(unnoted, answer);
    }

    /// What was not in good order has been cured when its task goes on, and is sent again; none where it was already, or
    /// where nothing was wrong with it.
    pub(super) fn resubmission(&self, index: usize) -> Option<SubmissionId> {
        let task = &self.run.tasks[index];
        let held = task.hold.as_ref().map(|hold| hold.reason);
        let cured = held == Some(HoldReason::Nigo) && task.keeps_submissions();
        let sent_again = task.pending_submission().is_some();
        (cured && !sent_again).then(|| SubmissionId(self.world.ambient.fresh_id()))
    }
}

fn refuse(faults: Faults) -> Result<(), TaskError> {
    if faults.is_empty() {
        return Ok(());
    }
    Err(TaskError::Invalid(faults.into_vec()))
}

#[cfg(test)]
mod tests;
