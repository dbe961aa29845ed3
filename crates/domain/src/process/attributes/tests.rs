//! Writes to attributes (E13).

use super::*;
use crate::{
    condition::{Condition, Operand, Subject, Test},
    process::{
        fixture::{Fixture, completed, definition, field, list, template, text},
        run::Changes,
    },
    process_type::definition::{AttributeLink, TaskTemplate},
    value::FieldType,
};

fn linked(key: &str, attribute: &str, of: Target) -> Field {
    Field {
        attribute: Some(AttributeLink {
            key: attribute.into(),
            of,
        }),
        ..field(key, FieldType::Text)
    }
}

fn written(changes: &Changes) -> Vec<(EntityId, &str, Option<FieldValue>, Option<FieldValue>)> {
    changes
        .attribute_values
        .iter()
        .map(|write| {
            let (before, after) = (write.before.clone(), write.after.clone());
            (write.entity_id, write.attribute.as_str(), before, after)
        })
        .collect()
}

/// E13: the attribute takes the answer, history keeps the old value, the record tells of it.
#[test]
fn completing_writes_linked_fields() {
    let mut fixture = Fixture::new(definition(vec![TaskTemplate {
        form: vec![
            linked("risk", "risk_profile", Target::Subject),
            linked("policy", "ips_version", Target::Firm),
            linked("same", "tier", Target::Subject),
            linked("empty", "contact", Target::Subject),
            linked("unknown", "shoe_size", Target::Subject),
            field("plain", FieldType::Text),
        ],
        ..template("a")
    }]));
    for (kind, key) in [
        ("client", "risk_profile"),
        ("firm", "ips_version"),
        ("client", "tier"),
        ("client", "contact"),
        ("account", "shoe_size"),
    ] {
        fixture.attribute(kind, key, AttributeType::Text);
    }
    let attributes = &mut fixture.client_mut().attributes;
    attributes.insert("risk_profile".into(), text("Moderate"));
    attributes.insert("tier".into(), text("A"));
    fixture.run.tasks[0].form = ["risk", "policy", "unknown", "plain"]
        .map(|key| (key.to_owned(), text("Growth")))
        .into();
    fixture.run.tasks[0].form.insert("same".into(), text("A"));
    let (ada, client, firm) = (fixture.user("Ada"), fixture.client, fixture.firm_entity());
    let mut engine = fixture.engine();
    engine.apply_attribute_fields(0, Some(ada));
    let (run, changes) = engine.finish();
    assert_eq!(
        written(&changes),
        [
            (
                client,
                "risk_profile",
                Some(text("Moderate")),
                Some(text("Growth"))
            ),
            (firm, "ips_version", None, Some(text("Growth"))),
        ]
    );
    let write = &changes.attribute_values[0];
    assert_eq!(
        (write.task_id, write.by),
        (Some(run.tasks[0].id), Some(ada))
    );
    let entity = &changes.entities[&client];
    assert_eq!(
        (&entity.attributes["risk_profile"], entity.version),
        (&text("Growth"), 2)
    );
    let told = &changes.occurrences[0];
    assert_eq!(
        (told.event, told.subject_id),
        (EventType::EntityUpdated, client.0)
    );
    assert_eq!(
        told.before.as_ref().unwrap()["attributes"]["risk_profile"],
        "Moderate"
    );
    assert_eq!(told.after, Some(snapshot(entity)));
}

/// E13: a value over a field of several goes to each.
#[test]
fn a_write_over_a_field_of_several_goes_to_each() {
    let accounts = Field {
        multiple: true,
        ..field("accounts", FieldType::Entity)
    };
    let mut fixture = Fixture::new(definition(vec![TaskTemplate {
        form: vec![
            accounts,
            linked("model", "model", Target::Field("accounts".into())),
        ],
        ..template("a")
    }]));
    fixture.attribute("account", "model", AttributeType::Text);
    let (one, two) = (
        fixture.entity("account", "One"),
        fixture.entity("account", "Two"),
    );
    let stranger = fixture.ambient_id().to_string();
    let ids = list(&[&one.to_string(), &stranger, &two.to_string()]);
    fixture.run.tasks[0].form = [
        ("accounts".to_owned(), ids),
        ("model".to_owned(), text("60/40")),
    ]
    .into();
    let mut engine = fixture.engine();
    engine.apply_attribute_fields(0, None);
    let expected = [one, two].map(|account| (account, "model", None, Some(text("60/40"))));
    assert_eq!(written(&engine.changes), expected);
}

/// E7: what is hidden is not written.
#[test]
fn a_hidden_field_writes_nothing() {
    let hidden = Field {
        visible_when: Some(Condition::Leaf {
            subject: Subject::Field("other".into()),
            test: Test::Eq(Operand::Fixed(text("yes"))),
        }),
        ..linked("risk", "risk_profile", Target::Subject)
    };
    let mut fixture = Fixture::new(definition(vec![TaskTemplate {
        form: vec![hidden],
        ..template("a")
    }]));
    fixture.attribute("client", "risk_profile", AttributeType::Text);
    fixture.run.tasks[0]
        .form
        .insert("risk".into(), text("Growth"));
    let mut engine = fixture.engine();
    engine.apply_attribute_fields(0, None);
    assert_eq!(engine.changes, Changes::default());
}

/// Task forms: values for a record that does not exist yet wait on the task, and only completed tasks give theirs.
#[test]
fn values_for_a_missing_record_are_written_when_it_is_made() {
    let account = || Target::Related("account".into());
    let mut fixture = Fixture::new(definition(vec![
        TaskTemplate {
            form: vec![linked("risk", "risk_profile", account())],
            ..template("done")
        },
        TaskTemplate {
            form: vec![linked("model", "model", account())],
            ..template("drafted")
        },
    ]));
    fixture.attribute("account", "risk_profile", AttributeType::Text);
    fixture.attribute("account", "model", AttributeType::Text);
    let ada = fixture.user("Ada");
    let done = fixture.task_mut("done");
    done.form.insert("risk".into(), text("Growth"));
    done.status = TaskStatus::Completed;
    done.completion = Some(completed(Some(ada), None));
    fixture
        .task_mut("drafted")
        .form
        .insert("model".into(), text("60/40"));
    let account = fixture.entity("account", "New");
    let mut engine = fixture.engine();
    engine.apply_attribute_fields(0, Some(ada));
    assert_eq!(engine.changes, Changes::default());
    engine.run.process.related.insert("account".into(), account);
    engine.write_kept_values("account");
    assert_eq!(
        written(&engine.changes),
        [(account, "risk_profile", None, Some(text("Growth")))]
    );
    assert_eq!(engine.changes.attribute_values[0].by, Some(ada));
}

/// E13: the status is one of the kind's; values take the attribute's type or are left.
#[test]
fn an_attribute_holds_values_of_its_type_only() {
    let mut fixture = Fixture::new(definition(vec![template("a")]));
    let client = fixture.client;
    for (key, value_type) in [
        ("text", AttributeType::Text),
        ("date", AttributeType::Date),
        ("choice", AttributeType::Choice),
        ("choices", AttributeType::MultiChoice),
        ("number", AttributeType::Number),
    ] {
        fixture.attribute("client", key, value_type);
    }
    let late = text("2026-07-03T02:30:00Z");
    let cases = [
        ("status", text("former"), Some(text("former"))),
        ("status", text("Former client"), None),
        ("status", FieldValue::Flag(true), None),
        ("text", list(&["a", "b"]), Some(text("a, b"))),
        ("text", FieldValue::Flag(true), None),
        ("date", late, Some(text("2026-07-02"))),
        ("date", text("2026-07-02"), Some(text("2026-07-02"))),
        ("date", text("soon"), None),
        ("choice", list(&["a"]), Some(text("a"))),
        ("choice", list(&["a", "b"]), None),
        ("choices", text("a"), Some(list(&["a"]))),
        (
            "number",
            FieldValue::Number(1.into()),
            Some(FieldValue::Number(1.into())),
        ),
        ("number", text("1"), None),
    ];
    for (key, value, expected) in cases {
        let mut engine = fixture.engine();
        engine.write_attribute(client, key, &value, None, None);
        let after = engine.changes.attribute_values.first();
        assert_eq!(
            after.and_then(|w| w.after.clone()),
            expected,
            "{key} {value:?}"
        );
    }
}

/// E16, E24: the subject is all of several, or a fan-out child's own item.
#[test]
fn the_subject_is_every_subject_or_the_item() {
    let mut fixture = Fixture::new(definition(vec![template("a")]));
    let second = fixture.entity("household", "Second");
    let item = fixture.entity("household", "Item");
    fixture.run.process.entity_ids.push(second);
    let engine = fixture.engine();
    let both = vec![fixture.client, second];
    assert_eq!(engine.records(&Target::Subject, None), both);
    assert_eq!(engine.records(&Target::Subject, Some(0)), both);
    assert_eq!(engine.records(&Target::Related("account".into()), None), []);
    fixture.run.tasks[0].entity_id = item;
    assert_eq!(fixture.engine().records(&Target::Subject, Some(0)), [item]);
}
