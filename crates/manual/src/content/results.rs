//! How a process may end (E15).

use domain::process_type::definition::{COMPLETED, Outcome, ProcessResult};

use super::{model::Card, reading::Reading};
use crate::prose::{Prose, quoted};

impl Reading<'_> {
    pub(super) fn results(&self) -> Vec<Card> {
        let defined = self.definition.results.iter();
        let mut cards: Vec<Card> = defined.map(|result| self.card(result)).collect();
        if self.definition.result(COMPLETED).is_none() && self.runs_out() {
            cards.insert(
                0,
                Card {
                    label: "Completed".to_owned(),
                    reached: self.reached(COMPLETED),
                    effects: Vec::new(),
                },
            );
        }
        cards
    }

    fn card(&self, result: &ProcessResult) -> Card {
        Card {
            label: result.label.clone(),
            reached: self.reached(&result.key),
            effects: self.effects(&result.effects, None),
        }
    }

    fn reached(&self, key: &str) -> Vec<Prose> {
        let mut said = Vec::new();
        if key == COMPLETED {
            said.push(Prose::from(
                "When every step is closed and no outcome has chosen another result",
            ));
        }
        for task in &self.order {
            let step = |outcome: &Outcome| {
                self.step(&task.key) + " ends with " + quoted(&outcome.label).as_str()
            };
            for outcome in &task.outcomes {
                if outcome.ends.as_deref() == Some(key) {
                    said.push(Prose::from("At once when ") + step(outcome));
                } else if outcome.sets_result.as_deref() == Some(key) {
                    let when = Prose::from("When every step is closed, if ");
                    said.push(
                        when + self.step(&task.key)
                            + " ended with "
                            + quoted(&outcome.label).as_str(),
                    );
                }
            }
        }
        said.into_iter().map(Prose::sentence).collect()
    }

    /// Whether the process can end without an outcome that says how: where every way chooses a result, it cannot.
    fn runs_out(&self) -> bool {
        let last = self.order.iter().filter(|task| self.is_last(&task.key));
        last.into_iter().any(|task| {
            let decides = |it: &Outcome| {
                it.ends.is_some() || it.sets_result.is_some() || it.reopens.is_some()
            };
            task.outcomes.is_empty() || !task.outcomes.iter().all(decides)
        })
    }

    fn is_last(&self, key: &str) -> bool {
        let mut edges = self.order.iter().flat_map(|task| &task.after);
        !edges.any(|edge| edge.task == key)
    }
}
