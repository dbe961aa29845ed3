//! A definition read as a flow: what each step leads to, by which outcomes.

use std::collections::{BTreeMap, BTreeSet};

use domain::process_type::{
    Definition,
    definition::{COMPLETED, Edge, Join, Outcome, TaskTemplate},
};

/// Where a way out of a step leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// To these steps at once.
    On(Vec<usize>),
    /// Back to this step (E6).
    Back(usize),
    /// To an end with this label; `at_once` where it stops what else is open (E15).
    End { label: String, at_once: bool },
}

/// A way out of a step: the outcomes that lead to the same place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exit {
    pub(crate) label: String,
    pub(crate) target: Target,
}

/// A definition as a flow. Steps are numbered as in the definition.
pub(crate) struct Reading<'a> {
    pub(crate) definition: &'a Definition,
    /// For each step its incoming edges that say something (source, and one of its outcomes).
    after: Vec<Vec<(usize, Option<&'a str>)>>,
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
            exits: Vec::new(),
            bypass: Vec::new(),
        };
        let upstream = reading.upstream();
        let marked: BTreeSet<&str> = definition
            .tasks
            .iter()
            .flat_map(|task| &task.outcomes)
            .flat_map(|outcome| &outcome.skips)
            .map(String::as_str)
            .collect();
        let plain_end = reading.plain_ends(&upstream);
        for (place, task) in definition.tasks.iter().enumerate() {
            let alone = (0..definition.tasks.len()).all(|other| {
                other == place
                    || upstream[place].contains(&other)
                    || upstream[other].contains(&place)
            });
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

    fn exits_of(
        &self,
        place: usize,
        task: &TaskTemplate,
        places: &BTreeMap<&str, usize>,
        plain_end: &str,
        alone: bool,
    ) -> Vec<Exit> {
        if task.outcomes.is_empty() {
            let target = self.onward(place, None, plain_end);
            return vec![Exit {
                label: String::new(),
                target,
            }];
        }
        let mut exits: Vec<Exit> = Vec::new();
        for outcome in &task.outcomes {
            let target = self.target(place, outcome, places, plain_end, alone);
            match exits.iter_mut().find(|exit| exit.target == target) {
                Some(exit) => exit.label = format!("{} / {}", exit.label, outcome.label),
                None => exits.push(Exit {
                    label: outcome.label.clone(),
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
        plain_end: &str,
        alone: bool,
    ) -> Target {
        let result = |key: &str| {
            self.definition
                .result(key)
                .map_or_else(|| label_of(key), |result| result.label.clone())
        };
        if let Some(back) = outcome
            .reopens
            .as_ref()
            .and_then(|key| places.get(key.as_str()))
        {
            return Target::Back(*back);
        }
        if let Some(ends) = &outcome.ends {
            return Target::End {
                label: result(ends),
                at_once: !alone,
            };
        }
        let end = outcome
            .sets_result
            .as_deref()
            .map_or_else(|| plain_end.to_owned(), result);
        self.onward(place, Some(outcome.key.as_str()), &end)
    }

    /// What opens behind a step that is completed with this outcome, or passed over.
    fn onward(&self, place: usize, outcome: Option<&str>, end: &str) -> Target {
        let leads = |edge: &(usize, Option<&str>)| {
            edge.0 == place && (edge.1.is_none() || edge.1 == outcome)
        };
        let next: Vec<usize> = (0..self.after.len())
            .filter(|step| self.after[*step].iter().any(leads))
            .collect();
        if next.is_empty() {
            Target::End {
                label: end.to_owned(),
                at_once: false,
            }
        } else {
            Target::On(next)
        }
    }

    /// For each step, all that come before it.
    fn upstream(&self) -> Vec<BTreeSet<usize>> {
        let reach = |step: usize| {
            let mut seen = BTreeSet::new();
            let mut open = vec![step];
            while let Some(next) = open.pop() {
                open.extend(
                    self.after[next]
                        .iter()
                        .map(|edge| edge.0)
                        .filter(|source| seen.insert(*source)),
                );
            }
            seen
        };
        (0..self.after.len()).map(reach).collect()
    }

    /// What an end behind a step is called: a result that was set on the way there leaves open which it is.
    fn plain_ends(&self, upstream: &[BTreeSet<usize>]) -> Vec<String> {
        let sets: Vec<bool> = self
            .definition
            .tasks
            .iter()
            .map(|task| {
                task.outcomes
                    .iter()
                    .any(|outcome| outcome.sets_result.is_some())
            })
            .collect();
        let completed = self
            .definition
            .result(COMPLETED)
            .map_or_else(|| label_of(COMPLETED), |result| result.label.clone());
        let named = |before: &BTreeSet<usize>| {
            if before.iter().any(|step| sets[*step]) {
                "End".to_owned()
            } else {
                completed.clone()
            }
        };
        upstream.iter().map(named).collect()
    }
}

fn label_of(key: &str) -> String {
    let mut words = crate::names::in_words(key);
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// The incoming edges without those that another one of the same step implies: they would only be lines more.
fn reduced<'a>(
    definition: &'a Definition,
    places: &BTreeMap<&str, usize>,
) -> Vec<Vec<(usize, Option<&'a str>)>> {
    let known = |edge: &'a Edge| {
        let source = places.get(edge.task.as_str()).copied();
        source.map(|source| (source, edge.outcome.as_deref()))
    };
    let all: Vec<Vec<_>> = definition
        .tasks
        .iter()
        .map(|task| task.after.iter().filter_map(known).collect())
        .collect();
    let all_needed: Vec<bool> = definition
        .tasks
        .iter()
        .zip(&all)
        .map(|(task, edges)| task.join == Join::All || edges.len() == 1)
        .collect();
    let needs = Needs {
        edges: &all,
        all_needed: &all_needed,
    };
    let kept = |step: usize| {
        let edges: &Vec<(usize, Option<&str>)> = &all[step];
        let mut kept: Vec<(usize, Option<&'a str>)> = edges.clone();
        if all_needed[step] {
            for edge in edges {
                let mut others = kept.iter().filter(|other| *other != edge);
                if others.any(|other| other.0 != edge.0 && needs.implies(other.0, *edge)) {
                    kept.retain(|other| other != edge);
                }
            }
        }
        kept
    };
    (0..all.len()).map(kept).collect()
}

struct Needs<'a> {
    edges: &'a [Vec<(usize, Option<&'a str>)>],
    all_needed: &'a [bool],
}

impl Needs<'_> {
    /// Whether a step opens only when this edge is live already.
    fn implies(&self, step: usize, edge: (usize, Option<&str>)) -> bool {
        let mut seen = BTreeSet::from([step]);
        let mut open = vec![step];
        while let Some(next) = open.pop() {
            // Behind a join by any edge nothing is certain.
            if !self.all_needed[next] {
                continue;
            }
            for (source, outcome) in &self.edges[next] {
                if *source == edge.0 && (edge.1.is_none() || *outcome == edge.1) {
                    return true;
                }
                if seen.insert(*source) {
                    open.push(*source);
                }
            }
        }
        false
    }
}
