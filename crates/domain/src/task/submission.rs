//! What was sent to a custodian and how it was answered: in good order, or not (E22).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Task;
use crate::{
    ids::SubmissionId,
    process_type::document::{TaskKind, WaitingOn},
};

/// How a custodian answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Taken as it is.
    InGoodOrder,
    /// Not in good order: something has to be put right and sent again.
    Nigo,
    /// Turned down for good.
    Rejected,
    /// Called back before it was answered.
    Withdrawn,
}

/// Who puts right what is not in good order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CuredBy {
    /// The firm itself.
    #[default]
    Firm,
    /// The client.
    Client,
    /// The custodian.
    Custodian,
    /// Somebody else.
    Other,
}

/// One sending to the custodian.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Its identity.
    pub id: SubmissionId,
    /// In which attempt of the task.
    pub attempt: u32,
    /// What was sent before and is sent again.
    pub resubmission_of: Option<SubmissionId>,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// What the custodian calls it.
    pub reference: Option<String>,
    /// What the custodian said, once it has.
    pub answer: Option<SubmissionAnswer>,
}

/// What a custodian said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmissionAnswer {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub verdict: Verdict,
    /// Why it is not in good order.
    pub reason_codes: Vec<String>,
    /// In words.
    pub note: Option<String>,
    /// Who puts it right, where it is not in good order.
    pub cured_by: Option<CuredBy>,
    /// Key of the task that is done again for it, where it was sent back (E6).
    pub reopened: Option<String>,
}

impl SubmissionAnswer {
    /// An answer without more to say.
    pub(crate) const fn plain(verdict: Verdict, at: DateTime<Utc>) -> Self {
        Self {
            at,
            verdict,
            reason_codes: Vec::new(),
            note: None,
            cured_by: None,
            reopened: None,
        }
    }

    /// Takes in what was said later of the same answer.
    fn add(&mut self, other: Self) {
        for code in other.reason_codes {
            if !self.reason_codes.contains(&code) {
                self.reason_codes.push(code);
            }
        }
        self.note = self.note.take().or(other.note);
        self.cured_by = self.cured_by.or(other.cured_by);
        self.reopened = self.reopened.take().or(other.reopened);
    }
}

impl Task {
    /// Whether it waits for a custodian, to whom something was sent.
    #[must_use]
    pub fn keeps_submissions(&self) -> bool {
        self.kind == TaskKind::Wait && self.waiting_on == Some(WaitingOn::Custodian)
    }

    /// What has been sent and not been answered.
    #[must_use]
    pub fn pending_submission(&self) -> Option<&Submission> {
        self.submissions.last().filter(|last| last.answer.is_none())
    }

    /// Something is sent, again if anything was sent before.
    pub(crate) fn submit(
        &mut self,
        id: SubmissionId,
        sent_at: DateTime<Utc>,
        reference: Option<String>,
    ) {
        let resubmission_of = self.submissions.last().map(|last| last.id);
        self.submissions.push(Submission {
            id,
            attempt: self.attempt,
            resubmission_of,
            sent_at,
            reference,
            answer: None,
        });
    }

    /// The custodian has answered: what is pending, else what it has answered in the same way before, else something that
    /// nobody has noted as sent, which gets this id.
    pub(crate) fn answer_submission(&mut self, unnoted: SubmissionId, answer: SubmissionAnswer) {
        let attempt = self.attempt;
        if self.pending_submission().is_none() {
            if answer.verdict == Verdict::Withdrawn {
                return;
            }
            let same = self.submissions.last_mut().and_then(|last| {
                let answered = last.answer.as_mut();
                answered.filter(|said| last.attempt == attempt && said.verdict == answer.verdict)
            });
            if let Some(said) = same {
                said.add(answer);
                return;
            }
            let opened_at = self.opened_at.filter(|_| self.submissions.is_empty());
            let sent_at = opened_at.unwrap_or(answer.at);
            self.submit(unnoted, sent_at, None);
        }
        if let Some(pending) = self.submissions.last_mut() {
            pending.answer = Some(answer);
        }
    }

    /// What is pending is called back: nobody waits for an answer any more.
    pub(super) fn withdraw_submission(&mut self, now: DateTime<Utc>) {
        if self.pending_submission().is_some()
            && let Some(pending) = self.submissions.last_mut()
        {
            pending.answer = Some(SubmissionAnswer::plain(Verdict::Withdrawn, now));
        }
    }

    /// A completion is taken back, and with it the answer that it stood for (E8).
    pub(super) fn unanswer_submission(&mut self) {
        let completed = self.completion.as_ref().map(|completion| completion.at);
        let attempt = self.attempt;
        if let Some(last) = self.submissions.last_mut()
            && last.attempt == attempt
            && last.answer.as_ref().map(|answer| answer.at) == completed
        {
            last.answer = None;
        }
    }
}

/// How well what was sent was in order, over some tasks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NigoFigures {
    /// How many tasks had a first answer.
    pub answered: u32,
    /// How many of those were in good order the first time.
    pub passed_first: u32,
    /// How many answers said that something was not in good order.
    pub nigo: u32,
    /// For how long things were not in good order, from the answer until they were sent again, all tasks together.
    pub in_nigo: TimeDelta,
}

impl NigoFigures {
    /// The share that was in good order the first time; none where nothing was answered.
    #[must_use]
    pub fn first_pass_rate(&self) -> Option<f64> {
        (self.answered > 0).then(|| f64::from(self.passed_first) / f64::from(self.answered))
    }

    /// Whole days for which things were not in good order.
    #[must_use]
    pub const fn days_in_nigo(&self) -> i64 {
        self.in_nigo.num_days()
    }
}

/// The figures of some tasks at a moment. What was called back was never answered; what is not in good order stays so until
/// it is sent again, or until its task is closed.
#[must_use]
pub fn figures<'t>(tasks: impl IntoIterator<Item = &'t Task>, now: DateTime<Utc>) -> NigoFigures {
    let mut figures = NigoFigures::default();
    for task in tasks {
        let mut first = true;
        for (place, submission) in task.submissions.iter().enumerate() {
            let Some(answer) = &submission.answer else {
                continue;
            };
            let passed = match answer.verdict {
                Verdict::Withdrawn => continue,
                Verdict::InGoodOrder => true,
                Verdict::Nigo | Verdict::Rejected => false,
            };
            if first {
                figures.answered += 1;
                figures.passed_first += u32::from(passed);
                first = false;
            }
            if answer.verdict == Verdict::Nigo {
                let again = task.submissions.get(place + 1).map(|next| next.sent_at);
                let until = again.or(task.closed_at).unwrap_or(now);
                figures.nigo += 1;
                figures.in_nigo += (until - answer.at).max(TimeDelta::zero());
            }
        }
    }
    figures
}
