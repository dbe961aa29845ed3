//! The content of a completion: whether it is complete, and how it enters the task (E7).

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    engine::Engine,
    facts::attribute_value,
    field,
    input::{CheckState, CompletionInput},
    request_attribute::asks,
};
use crate::{
    condition::{Condition, holds},
    event::EventType,
    fault::{Fault, Faults, segment},
    ids::UserId,
    process_type::definition::{Field, Outcome},
    task::ChecklistItem,
    value::{FieldType, FieldValue},
};

/// One field of a form as people see it.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownField<'d> {
    /// The field.
    pub field: Cow<'d, Field>,
    /// Whether its condition holds, or an effect asks for it.
    pub visible: bool,
    /// Whether completing needs it, while it is visible.
    pub required: bool,
    /// The outcomes with which alone it is asked for; none: whatever the outcome.
    pub asked_with: Vec<&'d str>,
    /// What it shows.
    pub value: Option<FieldValue>,
}

/// One field of a form with its answer as it would be completed.
struct Answer<'d> {
    field: Cow<'d, Field>,
    visible: bool,
    required: bool,
    asked_with: Vec<&'d str>,
    value: Option<FieldValue>,
}

impl<'a> Engine<'a> {
    /// All faults of what is handed in to complete a task, together with what it holds already (E7): checklist, form,
    /// outcome, reason code, note. Permission and state are decided before.
    #[must_use]
    pub fn check_completion(&self, index: usize, input: &CompletionInput) -> Vec<Fault> {
        let mut faults = Faults::default();
        self.check_checklist(index, input, &mut faults);
        self.check_form(index, input, &mut faults);
        let outcomes = self
            .template(index)
            .map_or(&[][..], |template| &template.outcomes);
        check_outcome(outcomes, input, &mut faults);
        faults.into_vec()
    }

    /// Puts checked content into the task: ticks, answers (those that an attribute showed among them) and, for start
    /// fields that were asked for, the answers into the process. A completed form holds only what could be seen.
    /// Tells nothing of the task: its completion does.
    pub fn apply_content(&mut self, index: usize, input: &CompletionInput, by: UserId) {
        let answers: BTreeMap<String, FieldValue> = self
            .answers(index, input)
            .into_iter()
            .filter(|answer| answer.visible)
            .filter_map(|answer| Some((answer.field.key.clone(), answer.value?)))
            .filter(|(_, value)| !field::is_blank(value))
            .collect();
        let now = self.now;
        let task = &mut self.run.tasks[index];
        for item in &mut task.checklist {
            let state = match input.checklist.get(&item.key) {
                Some(true) => CheckState::Done,
                Some(false) => CheckState::Open,
                None => continue,
            };
            if !item.stands(&state) {
                item.set(&state, by, now);
            }
        }
        let edited = input
            .form
            .iter()
            .any(|(key, value)| task.form.get(key) != field::said(value.as_ref()));
        if edited {
            task.edited_by(by);
        }
        task.form = answers;
        self.answer_asked_fields(index);
    }

    /// The value that a field shows: its draft, else the answer that the process has for it, else the present value of
    /// the attribute that it is linked to, where the field takes it.
    #[must_use]
    pub fn shown_value(&self, index: usize, field: &Field) -> Option<FieldValue> {
        let draft = self.run.tasks[index].form.get(&field.key);
        draft
            .or_else(|| self.run.process.fields.get(&field.key))
            .cloned()
            .or_else(|| self.attribute_shown(index, field))
    }

    /// The form as people see it: every field with its present value, hidden ones too. A finished task shows what it holds
    /// and nothing that has become known since.
    #[must_use]
    pub fn shown_form(&self, index: usize) -> Vec<ShownField<'a>> {
        self.shown_form_for(index, None)
    }

    /// The form as people see it who are about to choose this outcome.
    #[must_use]
    pub fn shown_form_for(&self, index: usize, outcome: Option<&str>) -> Vec<ShownField<'a>> {
        let task = &self.run.tasks[index];
        let input = CompletionInput {
            outcome: outcome.map(str::to_owned),
            ..CompletionInput::default()
        };
        self.answers(index, &input)
            .into_iter()
            .map(|answer| ShownField {
                value: if task.status.is_finished() {
                    task.form.get(&answer.field.key).cloned()
                } else {
                    answer.value
                },
                field: answer.field,
                visible: answer.visible,
                required: answer.required,
                asked_with: answer.asked_with,
            })
            .collect()
    }

    /// The fields of a task's form that are visible with the answers and the outcome that it holds.
    pub(super) fn visible_fields(&self, index: usize) -> Vec<Cow<'a, Field>> {
        self.answers(index, &CompletionInput::default())
            .into_iter()
            .filter(|answer| answer.visible)
            .map(|answer| answer.field)
            .collect()
    }

    fn attribute_shown(&self, index: usize, field: &Field) -> Option<FieldValue> {
        let link = field.attribute.as_ref()?;
        let record = *self.records(&link.of, Some(index)).first()?;
        let value = attribute_value(self.entity(record)?, &link.key)?;
        let value = match value {
            FieldValue::Text(text) if field.multiple => FieldValue::List(vec![text]),
            FieldValue::Flag(_)
            | FieldValue::Number(_)
            | FieldValue::Text(_)
            | FieldValue::Money(_)
            | FieldValue::List(_) => value,
        };
        field::check(field, &value, self.world.around)
            .is_ok()
            .then_some(value)
    }

    /// The form as it would be completed, in its order. A hidden field counts as unanswered for the fields after it.
    fn answers(&self, index: usize, input: &CompletionInput) -> Vec<Answer<'a>> {
        let mut seen = BTreeMap::new();
        let mut answers = Vec::new();
        let chosen = self.run.tasks[index].outcome();
        let outcome = input.outcome.as_deref().or(chosen);
        for asked in self.fields_of(index) {
            let holds_now = |when: Option<&Condition>| {
                when.is_none_or(|when| holds(when, &self.values_with(index, &seen)))
            };
            let shown = asked.own && holds_now(asked.field.visible_when.as_ref());
            let requests = || {
                asked.requests.iter().filter(|effect| {
                    let of_outcome = effect
                        .if_outcome
                        .as_deref()
                        .is_none_or(|wanted| outcome == Some(wanted));
                    of_outcome && holds_now(effect.when.as_ref())
                })
            };
            let visible = shown || requests().next().is_some();
            let demanded = requests().any(|effect| asks(effect).is_some_and(|(_, must)| must));
            let required = asked.field.required || demanded;
            let asked_with = asked.asked_with();
            let field = asked.field;
            let value = match input.form.get(&field.key) {
                Some(Some(given)) => Some(given.clone()),
                Some(None) => self.attribute_shown(index, &field),
                None => self.shown_value(index, &field),
            };
            let counted = if visible { value.clone() } else { None };
            seen.insert(field.key.clone(), counted);
            answers.push(Answer {
                field,
                visible,
                required,
                asked_with,
                value,
            });
        }
        answers
    }

    fn check_checklist(&self, index: usize, input: &CompletionInput, faults: &mut Faults) {
        let checklist = &self.run.tasks[index].checklist;
        for key in input.checklist.keys() {
            if !checklist.iter().any(|item| item.key == *key) {
                faults.add(
                    pointer("checklist", key),
                    "unknown-key",
                    "The checklist has no such item.",
                );
            }
        }
        for item in checklist.iter().filter(|item| item.required) {
            if !settled(item, input.checklist.get(&item.key).copied()) {
                faults.add(
                    pointer("checklist", &item.key),
                    "required",
                    format!("Tick \"{}\" or mark it not applicable.", item.text),
                );
            }
        }
    }

    fn check_form(&self, index: usize, input: &CompletionInput, faults: &mut Faults) {
        let answers = self.answers(index, input);
        for key in input.form.keys() {
            if !answers.iter().any(|answer| answer.field.key == *key) {
                faults.add(
                    pointer("form", key),
                    "unknown-key",
                    "The form has no such field.",
                );
            }
        }
        for answer in &answers {
            let at = || pointer("form", &answer.field.key);
            let given = input.form.contains_key(&answer.field.key);
            match &answer.value {
                Some(value) if (answer.visible || given) && !field::is_blank(value) => {
                    if let Err(refusal) = field::check(&answer.field, value, self.world.around) {
                        faults.add(at(), refusal.code, refusal.detail);
                    }
                }
                Some(value) if given && !fits_blank(&answer.field, value) => {
                    faults.add(at(), "wrong-type", "Give null to leave the field empty.");
                }
                Some(_) | None if answer.visible && answer.required => {
                    if answer.value.as_ref().is_none_or(field::is_blank) {
                        faults.add(
                            at(),
                            "required",
                            format!("{} is required.", answer.field.label),
                        );
                    }
                }
                Some(_) | None => {}
            }
        }
    }

    /// The answers to start fields that were asked for become the process's own (E13).
    fn answer_asked_fields(&mut self, index: usize) {
        let form = &self.run.tasks[index].form;
        let answered: Vec<(String, FieldValue)> = self
            .run
            .process
            .asked_fields
            .iter()
            .filter_map(|key| Some((key.clone(), form.get(key)?.clone())))
            .filter(|(key, value)| self.run.process.fields.get(key) != Some(value))
            .collect();
        if answered.is_empty() {
            return;
        }
        self.change_process(EventType::ProcessUpdated, |process| {
            process.fields.extend(answered);
        });
    }
}

/// Whether an item is done or does not apply, after this tick.
fn settled(item: &ChecklistItem, tick: Option<bool>) -> bool {
    tick.unwrap_or(item.done || item.not_applicable)
}

/// An empty value is of the field's type where the field takes texts or lists.
fn fits_blank(field: &Field, value: &FieldValue) -> bool {
    match value {
        FieldValue::List(_) => field.multiple,
        FieldValue::Text(_) => {
            !field.multiple && matches!(field.field_type, FieldType::Text | FieldType::LongText)
        }
        FieldValue::Flag(_) | FieldValue::Number(_) | FieldValue::Money(_) => true,
    }
}

fn check_outcome(outcomes: &[Outcome], input: &CompletionInput, faults: &mut Faults) {
    let keys = || {
        let keys: Vec<&str> = outcomes
            .iter()
            .map(|outcome| outcome.key.as_str())
            .collect();
        keys.join(", ")
    };
    let chosen = match &input.outcome {
        Some(key) => outcomes.iter().find(|outcome| outcome.key == *key),
        None => None,
    };
    match (&input.outcome, chosen) {
        (None, _) if outcomes.is_empty() => {}
        (None, _) => faults.add(
            "/outcome",
            "required",
            format!("Choose one of: {}.", keys()),
        ),
        (Some(_), Some(_)) => {}
        (Some(_), None) if outcomes.is_empty() => {
            faults.add(
                "/outcome",
                "not-allowed",
                "This task has no outcomes; leave it out.",
            );
        }
        (Some(_), None) => {
            faults.add(
                "/outcome",
                "not-an-option",
                format!("Choose one of: {}.", keys()),
            );
        }
    }
    // Without a known outcome nothing can be said of the rest.
    if input.outcome.is_some() && chosen.is_none() && !outcomes.is_empty() {
        return;
    }
    check_reason(chosen, input, faults);
    let noted = input
        .note
        .as_deref()
        .is_some_and(|note| !note.trim().is_empty());
    if chosen.is_some_and(|outcome| outcome.requires_note) && !noted {
        faults.add(
            "/note",
            "required",
            "This outcome needs a note that says why.",
        );
    }
}

fn check_reason(chosen: Option<&Outcome>, input: &CompletionInput, faults: &mut Faults) {
    let codes = chosen.map_or(&[][..], |outcome| &outcome.reason_codes);
    let detail = || format!("Choose one of: {}.", codes.join(", "));
    match &input.reason_code {
        None if codes.is_empty() => {}
        None => faults.add("/reason_code", "required", detail()),
        Some(code) if codes.contains(code) => {}
        Some(_) if codes.is_empty() => faults.add(
            "/reason_code",
            "not-allowed",
            "Nothing here takes a reason code; leave it out.",
        ),
        Some(_) => faults.add("/reason_code", "not-an-option", detail()),
    }
}

fn pointer(part: &str, key: &str) -> String {
    format!("/{part}/{}", segment(key))
}

#[cfg(test)]
mod tests;
