//! Every workflow is a sound graph (E20): no cycles, everything reachable, rework only upstream, conditions over what is
//! known by then.

use std::collections::{BTreeMap, BTreeSet};

use domain::process_type::{
    ProcessTypeDocument,
    definition::COMPLETED,
    document::{ConditionDocument, DueFrom, TaskDocument},
};

use crate::{
    names::{effects, fields},
    workflows,
};

/// For each task all tasks upstream of it. Panics on an unknown source or a cycle.
fn upstream(document: &ProcessTypeDocument) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut known: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut left: Vec<&TaskDocument> = document.tasks.iter().collect();
    while !left.is_empty() {
        let before = left.len();
        left.retain(|task| {
            let sources: Vec<&str> = task.after.iter().map(|edge| edge.task.as_str()).collect();
            if !sources.iter().all(|source| known.contains_key(source)) {
                return true;
            }
            let mut all: BTreeSet<&str> = sources.iter().copied().collect();
            for source in sources {
                all.extend(known[source].iter().copied());
            }
            known.insert(&task.key, all);
            false
        });
        let keys: Vec<&str> = left.iter().map(|task| task.key.as_str()).collect();
        assert!(left.len() < before, "{}: cycle in {keys:?}", document.key);
    }
    known
}

fn task<'a>(document: &'a ProcessTypeDocument, key: &str) -> &'a TaskDocument {
    document
        .tasks
        .iter()
        .find(|task| task.key == key)
        .unwrap_or_else(|| panic!("{}: no task {key}", document.key))
}

fn each_task(check: impl Fn(&ProcessTypeDocument, &BTreeMap<&str, BTreeSet<&str>>, &TaskDocument)) {
    for workflow in workflows() {
        let document = &workflow.document;
        let upstream = upstream(document);
        for task in &document.tasks {
            check(document, &upstream, task);
        }
    }
}

/// E20
#[test]
fn tasks_form_a_graph_without_cycles_from_one_first_task_to_what_comes_last() {
    for workflow in workflows() {
        let document = &workflow.document;
        let upstream = upstream(document);
        assert_eq!(upstream.len(), document.tasks.len());
        let first: Vec<&str> = document
            .tasks
            .iter()
            .filter(|task| task.after.is_empty())
            .map(|task| task.key.as_str())
            .collect();
        assert_eq!(first.len(), 1, "{}: {first:?}", workflow.slug);
        let others = document.tasks.iter().filter(|task| !task.after.is_empty());
        for task in others {
            let before = &upstream[task.key.as_str()];
            assert!(before.contains(first[0]), "{}: {}", workflow.slug, task.key);
        }
    }
}

/// E20
#[test]
fn tasks_stand_behind_what_they_come_after() {
    each_task(|document, upstream, task| {
        let place = |key: &str| document.tasks.iter().position(|t| t.key == key).unwrap();
        for source in &upstream[task.key.as_str()] {
            assert!(place(source) < place(&task.key), "{source} → {}", task.key);
        }
    });
}

/// E20
#[test]
fn keys_are_unique_and_well_formed() {
    for workflow in workflows() {
        let document = &workflow.document;
        unique(document.tasks.iter().map(|task| task.key.as_str()));
        unique(fields(document).map(|field| field.key.as_str()));
        unique(document.results.iter().map(|result| result.key.as_str()));
        unique(document.stages.iter().map(|stage| stage.key.as_str()));
        unique(document.related.iter().map(|related| related.key.as_str()));
        for task in &document.tasks {
            unique(task.checklist.iter().map(|item| item.key.as_str()));
            unique(task.outcomes.iter().map(|outcome| outcome.key.as_str()));
        }
    }
}

fn unique<'a>(keys: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for key in keys {
        assert!(seen.insert(key), "{key} twice");
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(key.starts_with(|c: char| c.is_ascii_lowercase()), "{key}");
        assert!(key.len() <= 80 && key.chars().all(letters), "{key}");
    }
}

/// E20
#[test]
fn every_stage_exists_and_has_a_task() {
    for workflow in workflows() {
        let document = &workflow.document;
        let stages: BTreeSet<&str> = document.stages.iter().map(|s| s.key.as_str()).collect();
        let used: BTreeSet<&str> = document
            .tasks
            .iter()
            .map(|task| task.stage.as_deref().unwrap())
            .collect();
        assert_eq!(stages, used, "{}", workflow.slug);
    }
}

/// E6, E4a, E15
#[test]
fn outcomes_send_back_upstream_skip_downstream_and_end_with_a_known_result() {
    each_task(|document, upstream, task| {
        let results: BTreeSet<&str> = document.results.iter().map(|r| r.key.as_str()).collect();
        let own = task.key.as_str();
        for outcome in &task.outcomes {
            if let Some(target) = outcome.reopens.as_deref() {
                assert!(target == own || upstream[own].contains(target), "{target}");
            }
            for skipped in &outcome.skips {
                assert!(upstream[skipped.as_str()].contains(own), "{skipped}");
            }
            for result in outcome.ends.iter().chain(&outcome.sets_result) {
                assert!(results.contains(result.as_str()), "{result}");
            }
        }
        let mut outcomes = task.outcomes.iter();
        let leads_on = outcomes.any(|o| o.reopens.is_none() && o.ends.is_none());
        assert!(leads_on || task.outcomes.is_empty(), "{own}");
    });
}

/// E20
#[test]
fn every_result_can_be_reached_and_does_something() {
    for workflow in workflows() {
        let document = &workflow.document;
        let outcomes = document.tasks.iter().flat_map(|task| &task.outcomes);
        let mut reached: BTreeSet<&str> = outcomes
            .flat_map(|outcome| outcome.ends.iter().chain(&outcome.sets_result))
            .map(String::as_str)
            .collect();
        let results: BTreeSet<&str> = document.results.iter().map(|r| r.key.as_str()).collect();
        // Without another it is the default; a type whose outcomes always set one need not have it.
        reached.extend(results.get(COMPLETED));
        assert_eq!(results, reached, "{}", workflow.slug);
        for result in &document.results {
            assert!(!result.effects.is_empty(), "{}", result.key);
        }
    }
}

/// X11
#[test]
fn separation_names_tasks_upstream() {
    each_task(|_, upstream, task| {
        for other in &task.separate_from {
            assert!(upstream[task.key.as_str()].contains(other.as_str()));
        }
    });
}

/// E1, E2: with every edge free of outcomes, a join can only wait for what will come.
#[test]
fn edges_name_outcomes_of_their_source() {
    each_task(|document, _, here| {
        for edge in &here.after {
            let source = task(document, &edge.task);
            if let Some(outcome) = &edge.outcome {
                assert!(source.outcomes.iter().any(|o| &o.key == outcome));
            }
        }
    });
}

/// E20: the required fields of the start form and of everything in `tasks`.
fn captured<'a>(document: &'a ProcessTypeDocument, tasks: &BTreeSet<&str>) -> BTreeSet<&'a str> {
    let of_tasks = document
        .tasks
        .iter()
        .filter(|task| tasks.contains(task.key.as_str()))
        .flat_map(|task| &task.form);
    document
        .start_form
        .iter()
        .chain(of_tasks)
        .filter(|field| field.required)
        .map(|field| field.key.as_str())
        .collect()
}

fn leaves<'a>(condition: &'a ConditionDocument, found: &mut Vec<&'a ConditionDocument>) {
    let lists = condition.all.iter().chain(&condition.any).flatten();
    let mut nested = false;
    for part in lists.chain(condition.not.as_deref()) {
        nested = true;
        leaves(part, found);
    }
    if !nested {
        found.push(condition);
    }
}

fn check_condition(
    document: &ProcessTypeDocument,
    condition: &ConditionDocument,
    known: &BTreeSet<&str>,
) {
    let captured = captured(document, known);
    let mut found = Vec::new();
    leaves(condition, &mut found);
    for leaf in found {
        if let Some(key) = leaf.field.as_deref() {
            if leaf.is_set.is_some() {
                assert!(fields(document).any(|field| field.key == key), "{key}");
                continue;
            }
            assert!(captured.contains(key), "{}: {key}", document.key);
            let field = fields(document).find(|field| field.key == key).unwrap();
            let compared = leaf.eq.as_ref().or(leaf.has.as_ref());
            let compared = serde_json::to_value(compared).unwrap();
            if let Some(option) = compared.as_str() {
                assert!(field.options.iter().any(|o| o == option), "{option}");
            }
            assert_eq!(leaf.has.is_some(), field.multiple, "{key}");
        } else if let Some(key) = leaf.task.as_deref() {
            assert!(known.contains(key), "{}: {key}", document.key);
            let outcome = serde_json::to_value(&leaf.eq).unwrap();
            let outcomes = &task(document, key).outcomes;
            assert!(outcomes.iter().any(|o| o.key == outcome), "{outcome}");
        }
    }
}

/// E4, E20
#[test]
fn conditions_look_at_required_fields_and_outcomes_that_are_known_by_then() {
    let mut checked = 0;
    for workflow in workflows() {
        let document = &workflow.document;
        let upstream = upstream(document);
        for task in &document.tasks {
            let before = &upstream[task.key.as_str()];
            if let Some(condition) = &task.when {
                check_condition(document, condition, before);
                checked += 1;
            }
            let mut with_own = before.clone();
            with_own.insert(&task.key);
            for condition in task.on_complete.iter().filter_map(|e| e.when.as_ref()) {
                check_condition(document, condition, &with_own);
                checked += 1;
            }
        }
    }
    assert!(checked > 10);
}

/// E11
#[test]
fn due_rules_count_from_something_that_has_happened() {
    each_task(|document, upstream, task| {
        let mut rule = task.due.as_ref();
        while let Some(due) = rule {
            let before = &upstream[task.key.as_str()];
            match due.from {
                DueFrom::Task => assert!(before.contains(due.key.as_deref().unwrap())),
                DueFrom::Field => {
                    let key = due.key.as_deref().unwrap();
                    assert!(captured(document, before).contains(key) || due.fallback.is_some());
                }
                DueFrom::ProcessStart
                | DueFrom::Opened
                | DueFrom::Attribute
                | DueFrom::QuarterEnd
                | DueFrom::FiscalYearStart
                | DueFrom::FiscalYearEnd => {}
            }
            rule = due.fallback.as_deref();
        }
    });
}

/// E13
#[test]
fn effects_name_outcomes_fields_and_records_of_the_type() {
    for workflow in workflows() {
        let document = &workflow.document;
        let field = |key: &str| fields(document).any(|field| field.key == key);
        let record = |key: &str| {
            key == "firm" || field(key) || document.related.iter().any(|r| r.key == key)
        };
        for effect in effects(document) {
            assert!(effect.of.iter().all(|of| record(of)), "{:?}", effect.of);
            let operands = effect.value.iter().chain(effect.fields.values());
            for key in operands.filter_map(|operand| operand.field.as_deref()) {
                assert!(field(key), "{}: {key}", workflow.slug);
            }
        }
        for task in &document.tasks {
            for outcome in task
                .on_complete
                .iter()
                .filter_map(|e| e.if_outcome.as_ref())
            {
                assert!(task.outcomes.iter().any(|o| &o.key == outcome));
            }
        }
        for result in &document.results {
            assert!(result.effects.iter().all(|e| e.if_outcome.is_none()));
        }
    }
}
