//! A definition read as a flow: what each step leads to, by which outcomes.

mod ends;
mod order;
mod reduce;
mod wording;

use std::collections::{BTreeMap, BTreeSet};

use domain::process_type::{
    Definition,
    definition::{Join, Outcome, TaskTemplate},
};

use order::Order;
use reduce::reduced;

/// An incoming edge: the step that it comes from, and one of its outcomes.
type Incoming<'a> = (usize, Option<&'a str>);

/// Where a way out of a step leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// To these steps at once.
    On(Vec<usize>),
    /// Back to this step (E6).
    Back(usize),
    /// To an end.
    End(Ending),
}

/// How a branch or the whole process ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) label: String,
    /// Whether it stops what else is open (E15).
    pub(crate) at_once: bool,
    /// The result that it bears, where it is known from the definition.
    pub(crate) result: Option<String>,
}

/// A way out of a step: the outcomes that lead to the same place and set the same result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exit {
    pub(crate) label: String,
    /// The keys of its outcomes; none for a step without outcomes.
    pub(crate) outcomes: Vec<String>,
    /// Where it leads on, the result that it sets (E15): its key and its name.
    pub(crate) sets: Option<(String, String)>,
    pub(crate) target: Target,
}

/// A definition as a flow. Steps are numbered as in the definition.
pub(crate) struct Reading<'a> {
    pub(crate) definition: &'a Definition,
    /// For each step its incoming edges that say something (source, and one of its outcomes).
    after: Vec<Vec<Incoming<'a>>>,
    /// For each step its title, with words where a run puts in what it knows.
    pub(crate) titles: Vec<String>,
    /// For each step its ways out: one, or one for each group of outcomes.
    pub(crate) exits: Vec<Vec<Exit>>,
    /// For each step that may be passed over (E4, E4a), where that leads.
    pub(crate) bypass: Vec<Option<Target>>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(definition: &'a Definition) -> Self {
        let places: BTreeMap<&str, usize> = definition
            .tasks
            .iter()
            .enumerate()
            .map(|(place, task)| (task.key.as_str(), place))
            .collect();
        let after = reduced(definition, &places);
        let mut reading = Self {
            definition,
            after,
            titles: definition
                .tasks
                .iter()
                .map(|task| wording::title(definition, &task.title))
                .collect(),
            exits: Vec::new(),
            bypass: Vec::new(),
        };
        let order = Order::new(definition, &reading.after);
        let marked: BTreeSet<&str> = definition
            .tasks
            .iter()
            .flat_map(|task| &task.outcomes)
            .flat_map(|outcome| &outcome.skips)
            .map(String::as_str)
            .collect();
        let plain_end: Vec<Ending> =
            ends::plain(definition, &order, |step| reading.ends_plainly(step));
        for (place, task) in definition.tasks.iter().enumerate() {
            let alone = (0..definition.tasks.len()).all(|other| !order.parallel(place, other));
            let exits = reading.exits_of(place, task, &places, &plain_end[place], alone);
            reading.exits.push(exits);
            let passed = task.when.is_some() || marked.contains(task.key.as_str());
            let target = passed.then(|| reading.onward(place, None, &plain_end[place]));
            reading.bypass.push(target);
        }
        reading
    }

    /// The steps that come right before this one, each once.
    pub(crate) fn sources(&self, step: usize) -> Vec<usize> {
        let mut sources: Vec<usize> = Vec::new();
        for (source, _) in &self.after[step] {
            if !sources.contains(source) {
                sources.push(*source);
            }
        }
        sources
    }

    /// Whether one of several incoming edges is enough to open it (E3).
    pub(crate) fn opens_by_any(&self, step: usize) -> bool {
        self.definition.tasks[step].join == Join::Any
    }

    /// The steps with which a run begins.
    pub(crate) fn first(&self) -> Vec<usize> {
        (0..self.after.len())
            .filter(|step| self.after[*step].is_empty())
            .collect()
    }

    /// Whether nothing comes behind a step, by some outcome that names no end.
    fn ends_plainly(&self, step: usize) -> bool {
        let task = &self.definition.tasks[step];
        let leads_on = |outcome: Option<&str>| !self.next(step, outcome).is_empty();
        if task.outcomes.is_empty() {
            return !leads_on(None);
        }
        task.outcomes
            .iter()
            .filter(|outcome| {
                outcome.reopens.is_none() && outcome.ends.is_none() && outcome.sets_result.is_none()
            })
            .any(|outcome| !leads_on(Some(outcome.key.as_str())))
    }

    fn exits_of(
        &self,
        place: usize,
        task: &TaskTemplate,
        places: &BTreeMap<&str, usize>,
        plain_end: &Ending,
        alone: bool,
    ) -> Vec<Exit> {
        if task.outcomes.is_empty() {
            let target = self.onward(place, None, plain_end);
            return vec![Exit {
                label: String::new(),
                outcomes: Vec::new(),
                sets: None,
                target,
            }];
        }
        let mut exits: Vec<Exit> = Vec::new();
        for outcome in &task.outcomes {
            let target = self.target(place, outcome, places, plain_end, alone);
            // An end bears its result itself.
            let sets = outcome.sets_result.as_ref();
            let sets = sets.filter(|_| matches!(target, Target::On(_)));
            let sets = sets.map(|key| (key.clone(), self.result(key)));
            let same = |exit: &&mut Exit| exit.target == target && exit.sets == sets;
            match exits.iter_mut().find(same) {
                Some(exit) => {
                    exit.label = format!("{} / {}", exit.label, outcome.label);
                    exit.outcomes.push(outcome.key.clone());
                }
                None => exits.push(Exit {
                    label: outcome.label.clone(),
                    outcomes: vec![outcome.key.clone()],
                    sets,
                    target,
                }),
            }
        }
        exits
    }

    fn target(
        &self,
        place: usize,
        outcome: &'a Outcome,
        places: &BTreeMap<&str, usize>,
        plain_end: &Ending,
        alone: bool,
    ) -> Target {
        let bearing = |key: &str, at_once: bool| Ending {
            label: self.result(key),
            at_once,
            result: Some(key.to_owned()),
        };
        if let Some(back) = outcome
            .reopens
            .as_ref()
            .and_then(|key| places.get(key.as_str()))
        {
            return Target::Back(*back);
        }
        if let Some(ends) = &outcome.ends {
            return Target::End(bearing(ends, !alone));
        }
        let end = outcome
            .sets_result
            .as_deref()
            .map_or_else(|| plain_end.clone(), |key| bearing(key, false));
        self.onward(place, Some(outcome.key.as_str()), &end)
    }

    /// What a result is called.
    fn result(&self, key: &str) -> String {
        let result = self.definition.result(key);
        result.map_or_else(|| label_of(key), |result| result.label.clone())
    }

    /// What opens behind a step that is completed with this outcome, or passed over.
    fn onward(&self, place: usize, outcome: Option<&str>, end: &Ending) -> Target {
        let next = self.next(place, outcome);
        if next.is_empty() {
            Target::End(end.clone())
        } else {
            Target::On(next)
        }
    }

    fn next(&self, place: usize, outcome: Option<&str>) -> Vec<usize> {
        let leads = |edge: &(usize, Option<&str>)| {
            edge.0 == place && (edge.1.is_none() || edge.1 == outcome)
        };
        (0..self.after.len())
            .filter(|step| self.after[*step].iter().any(leads))
            .collect()
    }
}

fn label_of(key: &str) -> String {
    let mut words = crate::names::in_words(key);
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}
