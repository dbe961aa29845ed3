//! From the flat document to the [`Definition`]: every choice becomes an enum, every fault is named at once.

mod condition;
mod due;
mod effect;
mod field;
mod owner;
mod task;

use std::collections::HashSet;

use super::{
    definition::{Definition, Policy, ProcessResult, Related, Stage, SubjectRule, Target},
    document::{FieldDocument, ProcessTypeDocument, ScheduleDocument},
};
use crate::fault::{Fault, Faults};

pub(super) use owner::rules as owner_rules;

/// The definition that a document describes, or everything that keeps it from being read.
pub fn parse(document: &ProcessTypeDocument) -> Result<Definition, Vec<Fault>> {
    let (definition, faults) = read(document);
    if faults.is_empty() {
        Ok(definition)
    } else {
        Err(faults)
    }
}

/// Reads what can be read. A part at fault is replaced by one that says nothing, so that the checks behind this one
/// still name their own faults, at the right places.
pub(super) fn read(document: &ProcessTypeDocument) -> (Definition, Vec<Fault>) {
    let mut parser = Parser::new(document);
    let definition = parser.definition(document);
    (definition, parser.faults.into_vec())
}

/// Walks a document; knows the names that `of` may stand for.
struct Parser<'a> {
    related: HashSet<&'a str>,
    fields: HashSet<&'a str>,
    faults: Faults,
}

impl<'a> Parser<'a> {
    fn new(document: &'a ProcessTypeDocument) -> Self {
        let forms = document.tasks.iter().flat_map(|task| &task.form);
        Self {
            related: document.related.iter().map(|r| r.key.as_str()).collect(),
            fields: document
                .start_form
                .iter()
                .chain(forms)
                .map(|field: &FieldDocument| field.key.as_str())
                .collect(),
            faults: Faults::default(),
        }
    }

    fn definition(&mut self, document: &ProcessTypeDocument) -> Definition {
        self.key("/key", &document.key);
        self.key("/category", &document.category);
        if let Some(schedule) = &document.schedule {
            self.schedule(schedule);
        }
        Definition {
            key: document.key.clone(),
            name: document.name.clone(),
            category: document.category.clone(),
            area: document.area.clone(),
            summary: document.summary.clone(),
            initiators: document.initiators.clone(),
            owner: owner::rules(&document.owner, "/owner", &mut self.faults),
            subject: SubjectRule {
                kinds: document.subject.kinds.clone(),
                statuses: document.subject.statuses.clone(),
                many: document.subject.many,
            },
            related: self.related(document),
            start_form: self.form(&document.start_form, "/start_form"),
            results: self.results(document),
            policies: self.policies(document),
            stages: self.stages(document),
            tasks: document
                .tasks
                .iter()
                .enumerate()
                .map(|(index, task)| self.task(task, &format!("/tasks/{index}")))
                .collect(),
        }
    }

    fn related(&mut self, document: &ProcessTypeDocument) -> Vec<Related> {
        let mut all = Vec::with_capacity(document.related.len());
        for (index, related) in document.related.iter().enumerate() {
            self.key(&format!("/related/{index}/key"), &related.key);
            all.push(Related {
                key: related.key.clone(),
                kind: related.kind.clone(),
            });
        }
        all
    }

    fn results(&mut self, document: &ProcessTypeDocument) -> Vec<ProcessResult> {
        let mut all = Vec::with_capacity(document.results.len());
        for (index, result) in document.results.iter().enumerate() {
            let at = format!("/results/{index}");
            self.key(&format!("{at}/key"), &result.key);
            for (effect, document) in result.effects.iter().enumerate() {
                if document.if_outcome.is_some() {
                    self.unexpected(
                        &format!("{at}/effects/{effect}"),
                        "if_outcome",
                        "the effects of a result belong to no task: leave it out",
                    );
                }
            }
            all.push(ProcessResult {
                key: result.key.clone(),
                label: result.label.clone(),
                effects: self.effects(&result.effects, &format!("{at}/effects")),
            });
        }
        all
    }

    fn policies(&mut self, document: &ProcessTypeDocument) -> Vec<Policy> {
        let mut all = Vec::with_capacity(document.policies.len());
        for (index, policy) in document.policies.iter().enumerate() {
            self.key(&format!("/policies/{index}/key"), &policy.key);
            all.push(Policy {
                key: policy.key.clone(),
                field_type: policy.r#type,
                default: policy.default.clone(),
            });
        }
        all
    }

    fn stages(&mut self, document: &ProcessTypeDocument) -> Vec<Stage> {
        let mut all = Vec::with_capacity(document.stages.len());
        for (index, stage) in document.stages.iter().enumerate() {
            self.key(&format!("/stages/{index}/key"), &stage.key);
            all.push(Stage {
                key: stage.key.clone(),
                title: stage.title.clone(),
            });
        }
        all
    }

    fn schedule(&mut self, schedule: &ScheduleDocument) {
        if schedule.rule.is_some() == schedule.attribute.is_some() {
            self.exactly_one("/schedule", &["rule", "attribute"]);
        }
        if schedule.offset_days.is_some() && schedule.attribute.is_none() {
            self.unexpected(
                "/schedule",
                "offset_days",
                "it counts from the date of an attribute: name one in `attribute`, or leave it out",
            );
        }
    }

    /// The record that an `of` names; none, with a fault, where it names nothing.
    fn target(&mut self, of: Option<&str>, at: &str) -> Option<Target> {
        match of {
            None => Some(Target::Subject),
            Some("firm") => Some(Target::Firm),
            Some(key) if self.related.contains(key) => Some(Target::Related(key.to_owned())),
            Some(key) if self.fields.contains(key) => Some(Target::Field(key.to_owned())),
            Some(key) => {
                self.faults.add(
                    format!("{at}/of"),
                    "unknown-record",
                    format!(
                        "There is no related record or field `{key}`: name a key of `related`, an `entity` or `user` field, \
                         or `firm`."
                    ),
                );
                None
            }
        }
    }

    fn key(&mut self, at: &str, key: &str) {
        if !is_key(key) {
            self.faults.add(
                at,
                "bad-key",
                "A key starts with a lower-case letter and goes on with at most 79 lower-case letters, digits and underscores.",
            );
        }
    }

    fn exactly_one(&mut self, at: &str, members: &[&str]) {
        exactly_one(&mut self.faults, at, members);
    }

    fn missing(&mut self, at: &str, member: &str, advice: &str) {
        self.faults.add(
            format!("{at}/{member}"),
            "missing-member",
            format!("`{member}` is missing: {advice}."),
        );
    }

    fn unexpected(&mut self, at: &str, member: &str, advice: &str) {
        self.faults.add(
            format!("{at}/{member}"),
            "unexpected-member",
            format!("`{member}` has no place here: {advice}."),
        );
    }
}

fn exactly_one(faults: &mut Faults, at: &str, members: &[&str]) {
    let names: Vec<String> = members.iter().map(|name| format!("`{name}`")).collect();
    faults.add(
        at,
        "exactly-one",
        format!("Set exactly one of {}.", names.join(", ")),
    );
}

fn is_key(text: &str) -> bool {
    text.len() <= 80
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
