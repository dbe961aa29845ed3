//! The content of a completion: whether it is complete, and how it enters the task (E7).

use std::collections::BTreeMap;

use super::{
    engine::Engine, facts::attribute_value, field, form::form_fields, input::CompletionInput,
};
use crate::{
    condition::holds,
    event::EventType,
    fault::{Fault, Faults, segment},
    ids::UserId,
    process_type::definition::{Field, Outcome, TaskTemplate},
    task::ChecklistItem,
    value::{FieldType, FieldValue},
};

/// One field of a form with its answer as it would be completed.
struct Answer<'d> {
    field: &'d Field,
    visible: bool,
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
        for (key, done) in &input.checklist {
            if let Some(item) = task.checklist.iter_mut().find(|item| item.key == *key)
                && item.done != *done
            {
                item.done = *done;
                item.not_applicable = false;
                item.note = None;
                item.by = Some(by);
                item.at = Some(now);
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

    /// The template of a task; a task made by hand has none.
    pub(super) fn template(&self, index: usize) -> Option<&'a TaskTemplate> {
        let definition = self.definition;
        definition.task(&self.run.tasks[index].key)
    }

    /// The fields of a task's form.
    pub(super) fn fields_of(&self, index: usize) -> Vec<&'a Field> {
        self.template(index)
            .map(|template| form_fields(self.definition, &self.run.process, template))
            .unwrap_or_default()
    }

    /// The fields of a task's form that are visible with the answers that it holds.
    pub(super) fn visible_fields(&self, index: usize) -> Vec<&'a Field> {
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
        for field in self.fields_of(index) {
            let visible = field
                .visible_when
                .as_ref()
                .is_none_or(|when| holds(when, &self.values_with(&seen)));
            let value = match input.form.get(&field.key) {
                Some(Some(given)) => Some(given.clone()),
                Some(None) => self.attribute_shown(index, field),
                None => self.shown_value(index, field),
            };
            let counted = if visible { value.clone() } else { None };
            seen.insert(field.key.clone(), counted);
            answers.push(Answer {
                field,
                visible,
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
                    if let Err(refusal) = field::check(answer.field, value, self.world.around) {
                        faults.add(at(), refusal.code, refusal.detail);
                    }
                }
                Some(value) if given && !fits_blank(answer.field, value) => {
                    faults.add(at(), "wrong-type", "Give null to leave the field empty.");
                }
                Some(_) | None if answer.visible && answer.field.required => {
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
        let before = self.run.process.clone();
        self.run.process.fields.extend(answered);
        self.tell_process(EventType::ProcessUpdated, Some(&before));
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
mod tests {
    use super::*;
    use crate::{
        attribute::AttributeType,
        condition::{Condition, Operand, Subject, Test},
        process::fixture::{
            Fixture, definition, field, item, list, outcome, required, template, text,
        },
        process_type::definition::{AttributeLink, Target},
    };

    fn faults(fixture: &Fixture, input: &CompletionInput) -> Vec<(String, String)> {
        fixture
            .engine()
            .check_completion(0, input)
            .into_iter()
            .map(|fault| (fault.pointer, fault.code))
            .collect()
    }

    fn expected(faults: &[(&str, &str)]) -> Vec<(String, String)> {
        faults
            .iter()
            .map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned()))
            .collect()
    }

    fn with_form(values: &[(&str, Option<FieldValue>)]) -> CompletionInput {
        CompletionInput {
            form: values
                .iter()
                .map(|(key, value)| ((*key).to_owned(), value.clone()))
                .collect(),
            ..CompletionInput::default()
        }
    }

    fn form(fields: Vec<Field>) -> Fixture {
        Fixture::new(definition(vec![TaskTemplate {
            form: fields,
            ..template("a")
        }]))
    }

    fn linked(key: &str, field_type: FieldType, attribute: &str) -> Field {
        Field {
            attribute: Some(AttributeLink {
                key: attribute.into(),
                of: Target::Subject,
            }),
            ..required(key, field_type)
        }
    }

    /// E7
    #[test]
    fn every_required_item_is_done_or_not_applicable() {
        let mut fixture = Fixture::new(definition(vec![TaskTemplate {
            checklist: vec![
                item("done", true),
                item("not_needed", true),
                item("ticked_now", true),
                item("unticked_now", true),
                item("open", true),
                item("optional", false),
            ],
            ..template("a")
        }]));
        let checklist = &mut fixture.run.tasks[0].checklist;
        checklist[0].done = true;
        checklist[1].not_applicable = true;
        checklist[3].done = true;
        let input = CompletionInput {
            checklist: [
                ("ticked_now", true),
                ("unticked_now", false),
                ("unknown", true),
            ]
            .map(|(key, done)| (key.to_owned(), done))
            .into(),
            ..CompletionInput::default()
        };
        assert_eq!(
            faults(&fixture, &input),
            expected(&[
                ("/checklist/unknown", "unknown-key"),
                ("/checklist/unticked_now", "required"),
                ("/checklist/open", "required"),
            ])
        );
    }

    /// E7
    #[test]
    fn every_required_visible_field_is_answered_and_every_answer_valid() {
        let mut fixture = form(vec![
            required("missing", FieldType::Text),
            required("blank", FieldType::Text),
            required("cleared", FieldType::Text),
            required("drafted", FieldType::Text),
            required("given", FieldType::Boolean),
            field("wrong", FieldType::Date),
            field("stale", FieldType::Choice),
            field("empty", FieldType::Date),
        ]);
        let drafts = &mut fixture.run.tasks[0].form;
        drafts.insert("cleared".into(), text("x"));
        drafts.insert("drafted".into(), text("x"));
        drafts.insert("stale".into(), text("No longer an option"));
        let input = with_form(&[
            ("blank", Some(text(" "))),
            ("cleared", None),
            ("given", Some(FieldValue::Flag(false))),
            ("wrong", Some(text("soon"))),
            ("empty", Some(text(""))),
            ("unknown", None),
        ]);
        assert_eq!(
            faults(&fixture, &input),
            expected(&[
                ("/form/unknown", "unknown-key"),
                ("/form/missing", "required"),
                ("/form/blank", "required"),
                ("/form/cleared", "required"),
                ("/form/wrong", "bad-format"),
                ("/form/stale", "not-an-option"),
                ("/form/empty", "wrong-type"),
            ])
        );
    }

    /// E7: a hidden field is not required, and a completed form does not hold it.
    #[test]
    fn a_hidden_field_is_neither_required_nor_kept() {
        let mut fixture = form(vec![
            field("funding", FieldType::Text),
            Field {
                visible_when: Some(Condition::Leaf {
                    subject: Subject::Field("funding".into()),
                    test: Test::Eq(Operand::Fixed(text("Rollover"))),
                }),
                ..required("plan", FieldType::Text)
            },
        ]);
        let input = with_form(&[("funding", Some(text("Cash")))]);
        assert_eq!(faults(&fixture, &input), []);
        fixture.run.tasks[0]
            .form
            .insert("plan".into(), text("Old plan"));
        let ada = fixture.user("Ada");
        let mut engine = fixture.engine();
        engine.apply_content(0, &input, ada);
        assert_eq!(
            engine.run.tasks[0].form,
            [("funding".to_owned(), text("Cash"))].into()
        );
    }

    /// E7
    #[test]
    fn an_outcome_is_chosen_where_there_are_outcomes_and_only_there() {
        let plain = Fixture::new(definition(vec![template("a")]));
        let decided = Fixture::new(definition(vec![TaskTemplate {
            outcomes: vec![outcome("yes"), outcome("no")],
            ..template("a")
        }]));
        let choose = |key: &str| CompletionInput {
            outcome: Some(key.into()),
            ..CompletionInput::default()
        };
        let none = CompletionInput::default();
        assert_eq!(faults(&plain, &none), []);
        assert_eq!(
            faults(&plain, &choose("yes")),
            expected(&[("/outcome", "not-allowed")])
        );
        assert_eq!(faults(&decided, &choose("yes")), []);
        assert_eq!(
            faults(&decided, &none),
            expected(&[("/outcome", "required")])
        );
        assert_eq!(
            faults(&decided, &choose("maybe")),
            expected(&[("/outcome", "not-an-option")])
        );
    }

    /// E7
    #[test]
    fn an_outcome_may_ask_for_a_note_and_a_reason_code() {
        let fixture = Fixture::new(definition(vec![TaskTemplate {
            outcomes: vec![
                outcome("good"),
                Outcome {
                    requires_note: true,
                    reason_codes: vec!["signature".into(), "title".into()],
                    ..outcome("nigo")
                },
            ],
            ..template("a")
        }]));
        let input = |outcome: &str, reason: Option<&str>, note: Option<&str>| CompletionInput {
            outcome: Some(outcome.into()),
            reason_code: reason.map(str::to_owned),
            note: note.map(str::to_owned),
            ..CompletionInput::default()
        };
        assert_eq!(
            faults(&fixture, &input("nigo", Some("title"), Some("Wrong title"))),
            []
        );
        assert_eq!(
            faults(&fixture, &input("nigo", None, Some("  "))),
            expected(&[("/reason_code", "required"), ("/note", "required")])
        );
        assert_eq!(
            faults(&fixture, &input("nigo", Some("weather"), Some("Rain"))),
            expected(&[("/reason_code", "not-an-option")])
        );
        assert_eq!(
            faults(&fixture, &input("good", Some("title"), None)),
            expected(&[("/reason_code", "not-allowed")])
        );
    }

    /// E7: checklist, form, outcome and note are reported together.
    #[test]
    fn all_faults_are_reported_together() {
        let fixture = Fixture::new(definition(vec![TaskTemplate {
            checklist: vec![item("call", true)],
            form: vec![required("owners", FieldType::Text)],
            outcomes: vec![outcome("yes")],
            ..template("a")
        }]));
        assert_eq!(
            faults(&fixture, &CompletionInput::default()),
            expected(&[
                ("/checklist/call", "required"),
                ("/form/owners", "required"),
                ("/outcome", "required"),
            ])
        );
    }

    /// E7: a linked field shows its attribute, which counts as its answer and is kept with the form.
    #[test]
    fn a_linked_field_shows_its_attribute() {
        let mut fixture = form(vec![
            linked("risk", FieldType::Text, "risk_profile"),
            linked("contact", FieldType::Date, "trusted_contact"),
        ]);
        fixture.attribute("client", "risk_profile", AttributeType::Text);
        let attributes = &mut fixture.client_mut().attributes;
        attributes.insert("risk_profile".into(), text("Growth"));
        attributes.insert("trusted_contact".into(), text("not a date"));
        assert_eq!(
            faults(&fixture, &CompletionInput::default()),
            expected(&[("/form/contact", "required")])
        );
        let ada = fixture.user("Ada");
        let mut engine = fixture.engine();
        engine.apply_content(0, &CompletionInput::default(), ada);
        let task = &engine.run.tasks[0];
        assert_eq!(task.form, [("risk".to_owned(), text("Growth"))].into());
        assert_eq!(
            task.form_editors,
            [],
            "confirming what is shown changes nothing"
        );
    }

    /// E7, X11: ticks and answers enter the task; whoever answers is remembered, whoever ticks is not.
    #[test]
    fn content_enters_the_task_with_its_author() {
        let mut fixture = Fixture::new(definition(vec![TaskTemplate {
            checklist: vec![item("call", true), item("write", true)],
            form: vec![
                field("owners", FieldType::Text),
                field("features", FieldType::Text),
                field("old", FieldType::Text),
            ],
            ..template("a")
        }]));
        let (ada, ben) = (fixture.user("Ada"), fixture.user("Ben"));
        fixture.run.tasks[0].form.insert("old".into(), text("x"));
        fixture.run.tasks[0].checklist[1].done = true;
        fixture.run.tasks[0].checklist[1].by = Some(ben);
        let mut input = with_form(&[("owners", Some(text("Okafor"))), ("old", None)]);
        input.checklist = [("call".to_owned(), true), ("write".to_owned(), true)].into();
        let mut engine = fixture.engine();
        engine.apply_content(0, &input, ada);
        let task = &engine.run.tasks[0];
        assert_eq!(task.form, [("owners".to_owned(), text("Okafor"))].into());
        assert_eq!(task.form_editors, [ada]);
        assert_eq!(
            (task.checklist[0].done, task.checklist[0].by),
            (true, Some(ada))
        );
        assert_eq!(task.checklist[0].at, Some(fixture.ambient.now));
        assert_eq!(
            task.checklist[1].by,
            Some(ben),
            "an unchanged tick keeps its author"
        );

        let mut engine = fixture.engine();
        input.form.clear();
        engine.apply_content(0, &input, ada);
        assert_eq!(engine.run.tasks[0].form_editors, []);
    }

    /// E13: an asked start field is required in each first task until one has answered it for the process.
    #[test]
    fn an_asked_start_field_is_answered_once() {
        let mut definition = definition(vec![template("a"), template("b")]);
        definition.start_form = vec![Field {
            multiple: true,
            ..required("owners", FieldType::Text)
        }];
        let mut fixture = Fixture::new(definition);
        fixture.run.process.asked_fields = vec!["owners".into()];
        let ada = fixture.user("Ada");
        let none = CompletionInput::default();
        let mut engine = fixture.engine();
        for index in [0, 1] {
            assert_eq!(engine.check_completion(index, &none).len(), 1);
        }
        engine.apply_content(0, &with_form(&[("owners", Some(list(&["Okafor"])))]), ada);
        assert_eq!(engine.run.process.fields["owners"], list(&["Okafor"]));
        assert_eq!(engine.check_completion(1, &none), []);
        let (run, changes) = engine.finish();
        assert_eq!(run.process.version, 2);
        let events: Vec<EventType> = changes.occurrences.iter().map(|told| told.event).collect();
        assert_eq!(events, [EventType::ProcessUpdated]);
    }
}
