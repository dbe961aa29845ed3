//! From the flat document to the [`Definition`]: every choice becomes an enum, every fault is named at once.

mod condition;
mod due;
mod effect;
mod field;
mod owner;
mod task;

use std::collections::HashSet;

use super::{
    definition::{Definition, DueRule, Policy, ProcessResult, Related, Stage, SubjectRule, Target},
    document::{DueDocument, FieldDocument, ProcessTypeDocument, ScheduleDocument},
};
use crate::{
    fault::{Fault, Faults},
    schedule::{ANY_DAY, Timing, When},
};

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

/// A due rule by itself, outside of a process type; none, with faults, where it cannot be counted.
pub(crate) fn parse_due(document: &DueDocument, at: &str, faults: &mut Faults) -> Option<DueRule> {
    let mut parser = Parser {
        related: HashSet::new(),
        fields: HashSet::new(),
        faults: Faults::default(),
    };
    let rule = parser.due(document, at);
    faults.extend(parser.faults.into_vec());
    rule
}

/// Whether a rule fits no day at all, whenever it begins.
fn names_no_day(timing: &Timing) -> bool {
    match &timing.when {
        When::Rule { rule, .. } => rule.days(ANY_DAY).next().is_none(),
        When::Counted { .. } | When::Once(_) => false,
    }
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
        let given = [
            schedule.rule.is_some(),
            schedule.attribute.is_some(),
            schedule.at.is_some(),
        ];
        if schedule.offset_days.is_some() && schedule.attribute.is_none() {
            self.unexpected(
                "/schedule",
                "offset_days",
                "it counts from the date of an attribute: name one in `attribute`, or leave it out",
            );
        }
        if given.into_iter().filter(|given| *given).count() != 1 {
            self.exactly_one("/schedule", &["rule", "attribute", "at"]);
            return;
        }
        match schedule.timing().parse("/schedule", ANY_DAY) {
            Ok(timing) if names_no_day(&timing) => self.faults.add(
                "/schedule/rule",
                "no-next-date",
                "No day fits this rule: mend it, so that it names one.",
            ),
            Ok(_) => {}
            Err(faults) => self.faults.extend(faults),
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::process_type::soundness::sample::{
        assert_faults, new_account_opening, with, with_task,
    };

    fn places(document: serde_json::Value) -> Vec<(String, String)> {
        let document = serde_json::from_value(document).unwrap();
        let faults = parse(&document).unwrap_err();
        faults
            .into_iter()
            .map(|fault| (fault.pointer, fault.code))
            .collect()
    }

    #[test]
    fn a_document_becomes_a_definition_with_every_task_in_its_place() {
        let definition = parse(&new_account_opening()).unwrap();
        assert_eq!(definition.tasks.len(), 19);
        assert_eq!(definition.tasks[0].key, "intake");
        assert_eq!(definition.tasks[18].key, "welcome");
        assert_eq!(definition.fields().count(), 39);
        let transfer = definition.task("funding_transfer").unwrap();
        assert_eq!(transfer.starts.as_ref().unwrap().results.len(), 3);
    }

    #[test]
    fn every_fault_is_named_at_once_each_at_its_place() {
        let document = with(|it| {
            it["key"] = json!("New Account");
            it["tasks"][3]["owner"][0]["user"] = json!("someone");
            it["tasks"][0]["due"]["amount_by"] = json!({"attribute": "tier", "map": {"A": 1}});
            it["results"][0]["effects"][1]
                .as_object_mut()
                .unwrap()
                .remove("value");
        });
        let expected = [
            ("/key", "bad-key"),
            ("/results/0/effects/1/value", "missing-member"),
            ("/tasks/0/due", "exactly-one"),
            ("/tasks/3/owner/0/user", "bad-id"),
            ("/tasks/3/owner/0", "exactly-one"),
        ];
        let expected: Vec<_> = expected
            .map(|(at, code)| (at.to_owned(), code.to_owned()))
            .into();
        assert_eq!(places(document), expected);
    }

    #[test]
    fn faults_of_reading_hide_none_of_the_later_checks_and_cause_none() {
        assert_faults(
            with_task("submit", |task| {
                task["owner"][0] = json!({});
                task["due"]["key"] = json!("intake");
                task["on_complete"][0]["of"] = json!("nobody");
                task["stage"] = json!("nowhere");
            }),
            &[
                ("/tasks/submit/owner/0", "exactly-one"),
                ("/tasks/submit/due/key", "unexpected-member"),
                ("/tasks/submit/on_complete/0/of", "unknown-record"),
                ("/tasks/submit/stage", "unknown-stage"),
            ],
        );
    }

    /// E18
    #[test]
    fn a_schedule_has_a_rule_or_a_date() {
        assert_faults(
            with(|it| it["schedule"] = json!({"unless_open": true, "offset_days": 3})),
            &[
                ("/schedule/offset_days", "unexpected-member"),
                ("/schedule", "exactly-one"),
            ],
        );
    }

    #[test]
    fn keys_are_snake_case() {
        for bad in ["", "A", "1a", "a-b", "ä", &"a".repeat(81)] {
            assert!(!is_key(bad), "{bad}");
        }
        for good in ["a", "a_1", &"a".repeat(80)] {
            assert!(is_key(good), "{good}");
        }
    }
}
