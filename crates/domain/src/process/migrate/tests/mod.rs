//! Runs moved to another version of their type.

mod afterwards;
mod plan;
mod refusals;
mod work;

use std::collections::BTreeMap;

use super::{MigratedTask, Target, TaskChange};
use crate::{
    fault::Fault,
    process::{
        engine::Engine,
        error::ProcessError,
        rehearsal::{ANNA, Rehearsal, task, yes},
    },
    process_type::definition::{
        CalendarKind, ChecklistItem, Definition, DueAmount, DueBase, DueRule, DueUnit, Over,
        TaskKind, TaskTemplate,
    },
};

fn version_2(plan: &Rehearsal, tasks: impl IntoIterator<Item = TaskTemplate>) -> Definition {
    Definition {
        tasks: tasks.into_iter().collect(),
        ..plan.definition.clone()
    }
}

fn to<'a>(definition: &'a Definition, renamed: &'a BTreeMap<String, String>) -> Target<'a> {
    Target {
        version: 2,
        definition,
        renamed,
    }
}

fn renamed(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(old, new)| ((*old).to_owned(), (*new).to_owned()))
        .collect()
}

impl<'a> Engine<'a> {
    fn moved(&mut self, target: Target<'a>) -> Vec<MigratedTask> {
        self.migrate(Some(ANNA), &yes(), target).unwrap()
    }

    fn reasons(&mut self, target: Target<'a>) -> Vec<(String, String)> {
        let before = self.run.clone();
        let refused = self.migrate(Some(ANNA), &yes(), target);
        assert_eq!(self.run, before, "a refusal changes nothing");
        match refused {
            Err(ProcessError::NotMigratable(faults)) => named(faults),
            other => panic!("a refusal was expected, not {other:?}"),
        }
    }
}

fn named(faults: Vec<Fault>) -> Vec<(String, String)> {
    let faults = faults.into_iter();
    faults.map(|fault| (fault.pointer, fault.code)).collect()
}

fn changes(tasks: &[MigratedTask]) -> Vec<(&str, TaskChange)> {
    let tasks = tasks.iter();
    tasks.map(|task| (task.key.as_str(), task.change)).collect()
}

fn pair(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

fn nothing() -> BTreeMap<String, String> {
    BTreeMap::new()
}

fn item(key: &str, text: &str) -> ChecklistItem {
    ChecklistItem {
        key: key.to_owned(),
        text: text.to_owned(),
        required: true,
    }
}

fn in_days(amount: i32) -> DueRule {
    DueRule {
        amount: DueAmount::Fixed(amount),
        unit: DueUnit::BusinessDays,
        from: DueBase::Opened,
        calendar: CalendarKind::default(),
        fallback: None,
    }
}

fn per_household(key: &str) -> TaskTemplate {
    TaskTemplate {
        kind: TaskKind::FanOut,
        over: Some(Over::Field("households".to_owned())),
        ..task(key)
    }
}
