//! What an outcome leads to (E4a, E6, E15).

use domain::process_type::definition::{Outcome, TaskTemplate};

use super::{model::OutcomeLine, reading::Reading};
use crate::prose::{Prose, quoted, series, spelled};

impl Reading<'_> {
    pub(super) fn outcomes(&self, task: &TaskTemplate) -> Vec<OutcomeLine> {
        let outcomes = task.outcomes.iter();
        outcomes
            .map(|outcome| OutcomeLine {
                label: outcome.label.clone(),
                leads: self.leads(task, outcome),
            })
            .collect()
    }

    fn leads(&self, task: &TaskTemplate, outcome: &Outcome) -> Vec<Prose> {
        let mut said = vec![self.way(task, outcome)];
        if !outcome.skips.is_empty() {
            let skipped = self.numbers(outcome.skips.iter().map(String::as_str));
            let verb = if skipped.len() == 1 {
                " is skipped"
            } else {
                " are skipped"
            };
            said.push(Prose::steps(&skipped) + verb);
        }
        if let Some(result) = &outcome.sets_result {
            let result = self.result(result);
            said.push(Prose::from(format!(
                "The process will end with the result {result}"
            )));
        }
        if outcome.requires_note {
            said.push(Prose::from("A note must say why"));
        }
        if !outcome.reason_codes.is_empty() {
            let codes = outcome
                .reason_codes
                .iter()
                .map(|code| quoted(&spelled(code)));
            said.push(Prose::from("A reason must be chosen: ") + series(codes, "or"));
        }
        said.into_iter().map(Prose::sentence).collect()
    }

    fn way(&self, task: &TaskTemplate, outcome: &Outcome) -> Prose {
        if let Some(result) = &outcome.ends {
            let result = self.result(result);
            return Prose::from(format!(
                "Ends the process at once with the result {result}; whatever is still open is cancelled"
            ));
        }
        let Some(reopened) = &outcome.reopens else {
            return self.leads_on(task, Some(outcome));
        };
        let rounds = match outcome.max_rounds {
            1 => "at most once".to_owned(),
            2 => "at most twice".to_owned(),
            rounds => format!("at most {rounds} times"),
        };
        if *reopened == task.key {
            return Prose::from(format!("The step is done again, {rounds}"));
        }
        Prose::from("Sends the work back to ")
            + self.titled(reopened)
            + format!("; it and everything after it are done again, {rounds}").as_str()
    }

    /// The label of a result; the default one needs no definition.
    pub(super) fn result(&self, key: &str) -> String {
        let defined = self.definition.result(key).map(|it| it.label.as_str());
        quoted(defined.unwrap_or("Completed"))
    }
}
