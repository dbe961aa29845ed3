use super::*;
use crate::{
    process::{
        error::TaskError,
        fixture::field,
        input::CompletionInput,
        rehearsal::{ANNA, CLIENT, Rehearsal, after, choice, outcome, task, tell_anna, yes},
        run::Changes,
    },
    value::FieldValue,
};

fn text(value: &str) -> FieldValue {
    FieldValue::Text(value.to_owned())
}

fn request(attribute: &str, required: bool, if_outcome: Option<&str>) -> Effect {
    Effect {
        if_outcome: if_outcome.map(str::to_owned),
        action: EffectAction::RequestAttribute {
            attribute: attribute.to_owned(),
            required,
        },
        ..tell_anna("")
    }
}

/// A decision that asks for the client's tier, then another task.
fn asking(requests: Vec<Effect>) -> Rehearsal {
    let decision = TaskTemplate {
        on_complete: requests,
        ..choice("a", [outcome("yes"), outcome("no")])
    };
    let mut plan = Rehearsal::of([decision, after(&["a"], task("b"))]);
    plan.attribute("tier", AttributeType::Choice, &["A", "B"]);
    plan.attribute("adviser", AttributeType::User, &[]);
    plan
}

fn input(outcome: &str, tier: Option<&str>) -> CompletionInput {
    let answers = tier.map(|tier| ("tier".to_owned(), Some(text(tier))));
    CompletionInput {
        outcome: Some(outcome.to_owned()),
        form: answers.into_iter().collect(),
        ..CompletionInput::default()
    }
}

fn complete(engine: &mut Engine<'_>, input: &CompletionInput) -> Result<(), Vec<String>> {
    match engine.complete(engine.id("a"), ANNA, &yes(), input) {
        Ok(()) => Ok(()),
        Err(TaskError::Invalid(faults)) => {
            let told = faults.into_iter();
            Err(told
                .map(|it| format!("{} {}", it.pointer, it.code))
                .collect())
        }
        Err(other) => panic!("{other}"),
    }
}

/// E13
#[test]
fn a_required_attribute_is_asked_for_and_written() {
    let plan = asking(vec![request("tier", true, None)]);
    let mut engine = plan.start();
    let shown = engine.shown_form(0);
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].field.options, ["A", "B"]);
    assert!(shown[0].visible && shown[0].required);
    let refused = complete(&mut engine, &input("yes", None));
    assert_eq!(refused, Err(vec!["/form/tier required".to_owned()]));
    let refused = complete(&mut engine, &input("yes", Some("Z")));
    assert_eq!(refused, Err(vec!["/form/tier not-an-option".to_owned()]));
    complete(&mut engine, &input("yes", Some("A"))).unwrap();
    assert_eq!(
        engine.changes.entities[&CLIENT].attributes["tier"],
        text("A")
    );
    let kept = &engine.of("a").completion.as_ref().unwrap().consequences;
    assert_eq!(kept.attributes[0].attribute, "tier");
}

/// E13
#[test]
fn an_attribute_that_is_known_needs_no_answer_and_one_that_is_optional_may_stay_empty() {
    let mut plan = asking(vec![request("tier", true, None)]);
    plan.client()
        .attributes
        .insert("tier".to_owned(), text("B"));
    let mut engine = plan.start();
    assert_eq!(engine.shown_form(0)[0].value, Some(text("B")));
    complete(&mut engine, &input("yes", None)).unwrap();

    let plan = asking(vec![request("tier", false, None)]);
    let mut engine = plan.start();
    complete(&mut engine, &input("yes", None)).unwrap();
    assert!(engine.changes.entities.is_empty());
}

/// E13
#[test]
fn it_is_asked_only_with_the_outcome_that_asks() {
    let plan = asking(vec![request("tier", true, Some("yes"))]);
    let mut engine = plan.start();
    assert!(!engine.shown_form(0)[0].visible);
    assert_eq!(engine.shown_form(0)[0].asked_with, ["yes"]);
    assert!(engine.shown_form_for(0, Some("yes"))[0].visible);
    assert!(complete(&mut engine, &input("yes", None)).is_err());
    complete(&mut engine, &input("no", Some("A"))).unwrap();
    assert!(engine.changes.entities.is_empty(), "nobody asked");

    let mut engine = plan.start();
    complete(&mut engine, &input("yes", Some("A"))).unwrap();
    assert_eq!(
        engine.changes.entities[&CLIENT].attributes["tier"],
        text("A")
    );
}

/// E13
#[test]
fn it_can_be_drafted_before() {
    let plan = asking(vec![request("tier", true, Some("yes"))]);
    let mut engine = plan.start();
    let draft = [("tier".to_owned(), Some(text("A")))].into();
    engine
        .edit_form(engine.id("a"), &draft, ANNA, &yes())
        .unwrap();
    engine.changes = Changes::default();
    complete(&mut engine, &input("yes", None)).unwrap();
    assert_eq!(
        engine.changes.entities[&CLIENT].attributes["tier"],
        text("A")
    );
}

/// E13
#[test]
fn a_form_that_shows_the_attribute_is_not_asked_twice_but_has_to_be_answered() {
    let mut plan = asking(vec![request("tier", true, Some("yes"))]);
    let own = Field {
        options: vec!["A".to_owned(), "B".to_owned()],
        attribute: Some(AttributeLink {
            key: "tier".to_owned(),
            of: Target::Subject,
        }),
        ..field("client_tier", FieldType::Choice)
    };
    plan.definition.tasks[0].form = vec![own];
    let mut engine = plan.start();
    assert_eq!(engine.shown_form(0).len(), 1);
    assert!(!engine.shown_form(0)[0].required);
    let refused = complete(&mut engine, &input("yes", None));
    assert_eq!(refused, Err(vec!["/form/client_tier required".to_owned()]));
    complete(&mut engine, &input("no", None)).unwrap();
}

/// E13
#[test]
fn what_the_firm_no_longer_defines_is_not_asked_for() {
    let plan = asking(vec![request("gone", true, None)]);
    let mut engine = plan.start();
    assert!(engine.shown_form(0).is_empty());
    complete(&mut engine, &input("yes", None)).unwrap();
}

/// E13
#[test]
fn whom_an_answer_names_is_looked_up() {
    let plan = asking(vec![request("adviser", false, None)]);
    let answers = [("adviser".to_owned(), text(&ANNA.to_string()))];
    let named = answers.iter().map(|(key, value)| (key, value));
    let found = crate::process::form::references(&plan.definition, named);
    assert!(found.users.contains(&ANNA));
    let mut engine = plan.start();
    let input = CompletionInput {
        outcome: Some("yes".to_owned()),
        form: answers
            .map(|(key, value)| (key, Some(value)))
            .into_iter()
            .collect(),
        ..CompletionInput::default()
    };
    complete(&mut engine, &input).unwrap();
    let written = &engine.changes.entities[&CLIENT].attributes["adviser"];
    assert_eq!(*written, text(&ANNA.to_string()));
}
