//! Completions with and without faults (E7).

use super::*;
use crate::{
    attribute::AttributeType,
    condition::{Condition, Operand, Subject, Test},
    process::fixture::{Fixture, definition, field, item, list, outcome, required, template, text},
    process_type::definition::{AttributeLink, Target, TaskTemplate},
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

/// E7: a field is required while it is visible; a hidden one counts as unanswered for those after it.
#[test]
fn a_visible_field_is_required() {
    let when = |field: &str, value: &str| {
        Some(Condition::Leaf {
            subject: Subject::Field(field.into()),
            test: Test::Eq(Operand::Fixed(text(value))),
        })
    };
    let fixture = form(vec![
        field("funding", FieldType::Text),
        Field {
            visible_when: when("funding", "Rollover"),
            ..required("plan", FieldType::Text)
        },
        Field {
            visible_when: when("plan", "401k"),
            ..required("fees", FieldType::Text)
        },
    ]);
    let given = |funding: &str, plan: &str| {
        with_form(&[("funding", Some(text(funding))), ("plan", Some(text(plan)))])
    };
    assert_eq!(
        faults(&fixture, &with_form(&[("funding", Some(text("Rollover")))])),
        expected(&[("/form/plan", "required")])
    );
    assert_eq!(
        faults(&fixture, &given("Rollover", "401k")),
        expected(&[("/form/fees", "required")])
    );
    assert_eq!(faults(&fixture, &given("Rollover", "403b")), []);
    assert_eq!(faults(&fixture, &given("Cash", "401k")), []);
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
    assert_eq!(task.checklist[0].at, Some(fixture.now()));
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
