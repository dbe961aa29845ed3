//! When a step opens (E1–E4), and what follows it.

use domain::process_type::definition::{Edge, Join, Outcome, TaskTemplate};

use super::reading::Reading;
use crate::prose::{Prose, quoted, series};

impl Reading<'_> {
    /// "When steps 3 and 4 are done".
    pub(super) fn opens(&self, task: &TaskTemplate) -> Prose {
        let plain = self.numbers(plain_edges(&task.after));
        let by_outcome = self.outcomes_waited_for(&task.after);
        match (task.after.as_slice(), task.join) {
            ([], _) => Prose::from("When the process starts"),
            ([one], _) => Prose::from("When ") + self.edge(one),
            (_, Join::All) => {
                let both = plain.len() + by_outcome.len() == 2;
                let all = if both {
                    " are both done"
                } else {
                    " are all done"
                };
                let steps = (!plain.is_empty()).then(|| match plain.as_slice() {
                    [one] => Prose::step(*one) + " is done",
                    many if by_outcome.is_empty() => Prose::steps(many) + all,
                    many => Prose::steps(many) + " are done",
                });
                Prose::from("When ") + series(steps.into_iter().chain(by_outcome), "and")
            }
            (_, Join::Any) => {
                let steps = (!plain.is_empty()).then(|| match plain.as_slice() {
                    [one] => Prose::step(*one) + " is done",
                    many => Prose::from("one of steps ") + Prose::numbers(many, "and") + " is done",
                });
                Prose::from("As soon as ") + series(steps.into_iter().chain(by_outcome), "or")
            }
        }
    }

    fn edge(&self, edge: &Edge) -> Prose {
        let step = self.step(&edge.task);
        match &edge.outcome {
            None => step + " is done",
            Some(outcome) => step + " ends with " + self.outcome(&edge.task, outcome).as_str(),
        }
    }

    /// "step 4 ends with “Yes” or “Perhaps”", for each step whose outcome matters.
    fn outcomes_waited_for(&self, edges: &[Edge]) -> Vec<Prose> {
        let mut waited: Vec<(&str, Vec<String>)> = Vec::new();
        for edge in edges {
            let Some(outcome) = &edge.outcome else {
                continue;
            };
            let label = self.outcome(&edge.task, outcome);
            match waited.iter_mut().find(|(task, _)| *task == edge.task) {
                Some((_, labels)) => labels.push(label),
                None => waited.push((&edge.task, vec![label])),
            }
        }
        let clause = |(task, labels)| self.step(task) + " ends with " + series(labels, "or");
        waited.into_iter().map(clause).collect()
    }

    fn outcome(&self, task: &str, outcome: &str) -> String {
        let task = self.definition.task(task);
        let label = task.and_then(|it| it.outcome(outcome)).map(|it| &it.label);
        quoted(label.map_or(outcome, String::as_str))
    }

    /// The steps that wait for this one, by one of its outcomes or by being done at all.
    pub(super) fn followers(&self, task: &TaskTemplate, outcome: Option<&Outcome>) -> Vec<usize> {
        let leads = |edge: &Edge| {
            let named = edge.outcome.as_deref();
            edge.task == task.key && (named.is_none() || named == outcome.map(|it| it.key.as_str()))
        };
        let followers = self.definition.tasks.iter();
        let followers = followers.filter(|it| it.after.iter().any(leads));
        self.numbers(followers.map(|it| it.key.as_str()))
    }

    /// "Goes on to steps 4 and 5".
    pub(super) fn leads_on(&self, task: &TaskTemplate, outcome: Option<&Outcome>) -> Prose {
        let followers = self.followers(task, outcome);
        if !followers.is_empty() {
            return Prose::from("Goes on to ") + Prose::steps(&followers);
        }
        let waits_for_others = self.order.iter().any(|other| {
            other.key != task.key
                && !self.is_upstream(&other.key, &task.key)
                && !self.is_upstream(&task.key, &other.key)
        });
        Prose::from(if waits_for_others {
            "Nothing follows; the process ends when every other step is closed"
        } else {
            "The process ends"
        })
    }

    /// Whether a task comes before another, directly or through others.
    fn is_upstream(&self, before: &str, task: &str) -> bool {
        let mut reached = vec![task];
        let mut next = 0;
        while let Some(template) = reached.get(next).and_then(|key| self.definition.task(key)) {
            for edge in &template.after {
                if edge.task == before {
                    return true;
                }
                if !reached.contains(&edge.task.as_str()) {
                    reached.push(&edge.task);
                }
            }
            next += 1;
        }
        false
    }
}

fn plain_edges(edges: &[Edge]) -> impl Iterator<Item = &str> {
    let plain = edges.iter().filter(|edge| edge.outcome.is_none());
    plain.map(|edge| edge.task.as_str())
}
