//! Every workflow runs: by people in the standard roles, with real answers, through each of its outcomes to each of its results.

mod answers;
mod chain;
mod firm;
mod firm_work;
mod play;

use std::collections::BTreeSet;

use domain::{
    condition::{Condition, Operand, Subject, Test},
    job::StartRequest,
    process_type::{
        Definition,
        definition::{Effect, EffectAction, Outcome},
    },
    value::FieldValue,
};

use crate::{by_key, workflows};
use answers::Dice;
use play::{Manner, Played, Script, definition, play, play_asked};

/// Seeds after which a task that has not opened by chance is taken never to open.
const PATIENCE: u64 = 240;
/// Runs of each workflow in which everything is left to chance.
const DRAWS: u64 = 16;

fn each(mut check: impl FnMut(&Definition)) {
    for workflow in workflows() {
        check(&definition(&workflow.document.key));
    }
}

/// E5, E15
#[test]
fn every_workflow_ends_when_all_goes_well() {
    each(|definition| {
        for seed in 0..4 {
            let played = play(
                definition,
                &Script::of(Manner::Onward),
                &mut Dice::new(seed),
            );
            assert!(played.run.process.ended_at.is_some(), "{}", definition.key);
        }
    });
}

/// Runs in which a task was completed with an outcome, chosen as soon as it opened.
fn all_through<'d>(
    definition: &'d Definition,
    task: &'d str,
    outcome: &'d str,
) -> impl Iterator<Item = Played> + 'd {
    let mut wanted = Vec::new();
    opened_by(definition, task, &mut wanted);
    wanted.push((task, outcome));
    let script = Script::wanting(&wanted);
    (0..PATIENCE)
        .map(move |seed| play(definition, &script, &mut Dice::new(seed)))
        .filter(move |played| played.has_done(task, outcome))
}

fn through(definition: &Definition, task: &str, outcome: &str) -> Played {
    all_through(definition, task, outcome)
        .next()
        .unwrap_or_else(|| panic!("{}: {task} never ends with {outcome}", definition.key))
}

/// Whether a task is ever done, given the outcomes that it needs.
fn opens(definition: &Definition, task: &str) -> bool {
    let mut wanted = Vec::new();
    opened_by(definition, task, &mut wanted);
    let script = Script::wanting(&wanted);
    let mut runs = (0..PATIENCE).map(|seed| play(definition, &script, &mut Dice::new(seed)));
    runs.any(|played| played.done.iter().any(|(done, _)| done == task))
}

/// The outcomes that have to be chosen before a task opens.
fn opened_by<'d>(definition: &'d Definition, task: &str, wanted: &mut Vec<(&'d str, &'d str)>) {
    let template = definition.task(task).unwrap();
    let edges = template.after.iter();
    let named = edges.filter_map(|edge| Some((edge.task.as_str(), edge.outcome.as_deref()?)));
    let mut conditions: Vec<&Condition> = template.when.iter().collect();
    let mut before: Vec<(&str, &str)> = named.collect();
    while let Some(condition) = conditions.pop() {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => conditions.extend(parts),
            Condition::Leaf {
                subject: Subject::Task(source),
                test: Test::Eq(Operand::Fixed(FieldValue::Text(outcome))),
            } => before.push((source, outcome)),
            Condition::Not(_) | Condition::Leaf { .. } => {}
        }
    }
    for marking in &definition.tasks {
        let skips = |outcome: &&Outcome| outcome.skips.iter().any(|skipped| skipped == task);
        let leads_on = |outcome: &&Outcome| outcome.reopens.is_none() && outcome.ends.is_none();
        if marking.outcomes.iter().any(|outcome| skips(&outcome)) {
            let mut others = marking.outcomes.iter().filter(leads_on);
            let other = others.find(|outcome| !skips(outcome)).unwrap();
            before.push((&marking.key, &other.key));
        }
    }
    for (source, outcome) in before {
        opened_by(definition, source, wanted);
        wanted.push((source, outcome));
    }
}

fn each_outcome(check: impl Fn(&Definition, &str, &Outcome, &Played)) {
    each(|definition| {
        for task in &definition.tasks {
            for outcome in &task.outcomes {
                let played = through(definition, &task.key, &outcome.key);
                check(definition, &task.key, outcome, &played);
            }
        }
    });
}

/// E4a, E6, E15
#[test]
fn every_outcome_can_be_chosen_and_does_what_it_says() {
    each_outcome(|definition, task, outcome, played| {
        let place = format!("{}/{task}/{}", definition.key, outcome.key);
        if let Some(result) = &outcome.ends {
            assert_eq!(played.result(), result, "{place}");
        }
        if let Some(reopened) = &outcome.reopens {
            let reopened = played.run.task(reopened).unwrap();
            assert!(reopened.attempt > 1, "{place}");
            let ended = played.run.process.ended_at.is_some();
            assert!(ended, "{place}: sent back, it still comes to an end");
        }
        for skipped in &outcome.skips {
            let skipped = played.run.task(skipped).unwrap();
            assert!(skipped.completion.is_none(), "{place}");
        }
    });
}

/// E6, E15, E21: whatever people choose, in whatever order, somebody can go on until the process has ended.
#[test]
fn whatever_is_chosen_every_workflow_ends_and_each_task_and_result_is_reached() {
    each(|definition| {
        let mut done = BTreeSet::new();
        let mut results = BTreeSet::new();
        for seed in 0..DRAWS {
            let manner = [Manner::Any, Manner::Onward][usize::from(seed % 2 == 1)];
            let played = play(definition, &Script::of(manner), &mut Dice::new(seed));
            results.insert(played.result().to_owned());
            done.extend(played.done.into_iter().map(|(task, _)| task));
        }
        for task in &definition.tasks {
            for outcome in &task.outcomes {
                let mut leading = outcome.ends.iter().chain(&outcome.sets_result);
                if leading.any(|result| !results.contains(result)) {
                    let played = through(definition, &task.key, &outcome.key);
                    results.insert(played.result().to_owned());
                }
            }
        }
        for task in &definition.tasks {
            let opens = done.contains(&task.key) || opens(definition, &task.key);
            assert!(opens, "{}: {} never opens", definition.key, task.key);
        }
        let known: BTreeSet<String> = definition.results.iter().map(|r| r.key.clone()).collect();
        assert!(
            known.is_superset(&results),
            "{}: {results:?}",
            definition.key
        );
        let reachable = |key: &&String| {
            let outcomes = definition.tasks.iter().flat_map(|task| &task.outcomes);
            let mut named = outcomes.flat_map(|it| it.ends.iter().chain(&it.sets_result));
            named.any(|named| named == *key)
        };
        let missed: Vec<&String> = known
            .iter()
            .filter(reachable)
            .filter(|key| !results.contains(*key))
            .collect();
        assert!(missed.is_empty(), "{}: {missed:?}", definition.key);
    });
}

/// Tasks with an outcome that has something started: by its effects, by its result's, or by a task that waits for it.
fn starting(definition: &Definition) -> Vec<(&str, &str)> {
    let starts = |effect: &Effect| matches!(effect.action, EffectAction::StartProcess { .. });
    let mut found = Vec::new();
    for task in &definition.tasks {
        let key = task.key.as_str();
        for outcome in &task.outcomes {
            let named = |effect: &&Effect| effect.if_outcome.as_ref() == Some(&outcome.key);
            let by_task = task.on_complete.iter().filter(named).any(starts);
            let result = outcome.ends.iter().chain(&outcome.sets_result);
            let mut results = result.filter_map(|result| definition.result(result));
            if by_task || results.any(|result| result.effects.iter().any(starts)) {
                found.push((key, outcome.key.as_str()));
            }
        }
        if let (Some(_), Some(first)) = (&task.starts, task.outcomes.first()) {
            found.push((key, &first.key));
        }
    }
    found
}

/// E13, E25: every workflow that another one starts takes what it is handed, serves the record and runs to an end.
#[test]
fn what_a_workflow_starts_can_start_with_what_it_is_handed() {
    each(|definition| {
        let named: BTreeSet<&str> = started(definition)
            .filter(|key| by_key(key).is_some())
            .collect();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let by_chance = (0..DRAWS).map(|seed| {
            let manner = [Manner::Onward, Manner::Any][usize::from(seed % 2 == 1)];
            play(definition, &Script::of(manner), &mut Dice::new(seed))
        });
        let on_purpose = starting(definition).into_iter();
        let on_purpose =
            on_purpose.flat_map(|(task, outcome)| all_through(definition, task, outcome));
        for played in on_purpose.chain(by_chance) {
            let mut asked = played.asked.into_iter();
            if let Some(request) = asked.find(|request| !seen.contains(&request.process_type)) {
                seen.insert(request.process_type.clone());
                let onward = Script::of(Manner::Onward);
                let mut stand = played.stand;
                // Of what people name on the way, they name what the other workflow serves.
                let served = definition_of(&request).subject.statuses.first().cloned();
                let named = request
                    .entity_id
                    .filter(|id| *id != played.run.process.entity_id);
                if let (Some(id), Some(status)) = (named, served) {
                    stand.entity_mut(id).status = status;
                }
                let child = play_asked(&request, stand, &onward, &mut Dice::new(1));
                assert!(child.run.process.parent.is_some());
            }
            if seen.len() == named.len() {
                break;
            }
        }
        let seen: BTreeSet<&str> = seen.iter().map(String::as_str).collect();
        assert_eq!(seen, named, "{}", definition.key);
    });
}

fn definition_of(request: &StartRequest) -> Definition {
    definition(&request.process_type)
}

fn started(definition: &Definition) -> impl Iterator<Item = &str> {
    let of_tasks = definition.tasks.iter().flat_map(|task| &task.on_complete);
    let of_results = definition.results.iter().flat_map(|result| &result.effects);
    let by_effects = of_tasks.chain(of_results).filter_map(|effect| {
        if let EffectAction::StartProcess { process_type, .. } = &effect.action {
            return Some(process_type.as_str());
        }
        None
    });
    let starting = definition.tasks.iter();
    let starting = starting.filter_map(|task| task.starts.as_ref());
    by_effects.chain(starting.map(|starts| starts.process_type.as_str()))
}
