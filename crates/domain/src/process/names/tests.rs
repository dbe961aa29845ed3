//! Names in texts (E14).

use super::*;
use crate::{
    process::fixture::{Fixture, completed, definition, field, outcome, template, text},
    process_type::definition::{Outcome, TaskTemplate},
    value::Money,
};

/// E14
#[test]
fn texts_show_people_records_and_documents_by_name() {
    let mut fixture = Fixture::new(definition(vec![TaskTemplate {
        form: vec![
            field("adviser", FieldType::User),
            field("custodians", FieldType::Choice),
            field("amount", FieldType::Money),
            field("account", FieldType::Entity),
            field("paper", FieldType::File),
        ],
        outcomes: vec![Outcome {
            label: "Sent back".into(),
            ..outcome("defects")
        }],
        ..template("intake")
    }]));
    let ada = fixture.user("Ada Marsh");
    let account = fixture.entity("account", "Joint 77");
    let paper = fixture.document("Passport.pdf");
    fixture
        .run
        .process
        .related
        .insert("account".into(), account);
    let task = &mut fixture.run.tasks[0];
    task.owner_id = Some(ada);
    task.completion = Some(completed(Some(ada), Some("defects")));
    task.form = [
        ("adviser", text(&ada.to_string())),
        (
            "custodians",
            FieldValue::List(vec!["Schwab".into(), "Pershing".into()]),
        ),
        (
            "amount",
            FieldValue::Money(Money {
                amount: "12.50".into(),
                currency: "USD".into(),
            }),
        ),
        ("account", text(&account.to_string())),
        ("paper", text(&paper.to_string())),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into();
    let engine = fixture.engine();
    let names = engine.names(Some(0));
    let read = |path: &str| names.text(path).unwrap_or_default();

    assert_eq!(read("process.fields.adviser"), "Ada Marsh");
    assert_eq!(read("process.fields.custodians"), "Schwab, Pershing");
    assert_eq!(read("process.fields.amount"), "USD 12.50");
    assert_eq!(read("process.fields.account"), "Joint 77");
    assert_eq!(read("process.fields.paper"), "Passport.pdf");
    assert_eq!(read("related.account.name"), "Joint 77");
    assert_eq!(read("related.account.status"), "pending");
    assert_eq!(read("entity.name"), "Okafor Household");
    assert_eq!(read("entity.kind"), "household");
    assert_eq!(read("entity.attributes.status"), "client");
    assert_eq!(read("owner.full_name"), "Ada Marsh");
    assert_eq!(read("firm.name"), "Meridian Wealth");
    assert_eq!(read("process.name"), "Test Process");
    assert_eq!(read("task.title"), "intake");
    assert_eq!(read("outcome"), "Sent back");
    assert_eq!(read("task.outcome"), "Sent back");
    assert_eq!(read("process.status"), "running");
    assert_eq!(read("process.started_at"), "2026-07-01T14:00:00Z");
    let rendered = text::render(
        "{{ process.fields.amount | money }} for {{ entity.name }}, {{ item.name | default('all') }}",
        &names,
    );
    assert_eq!(rendered, "USD 12.50 for Okafor Household, all");
}

/// E14: a name without a value is none, so that the text shows its default.
#[test]
fn a_missing_value_has_no_text() {
    let mut fixture = Fixture::new(definition(vec![TaskTemplate {
        form: vec![field("adviser", FieldType::User)],
        ..template("intake")
    }]));
    let stranger = text("00000000-0000-0000-0000-00000000dead");
    fixture.run.tasks[0].form.insert("adviser".into(), stranger);
    let engine = fixture.engine();
    let names = engine.names(None);
    for path in [
        "related.account.name",
        "process.fields.adviser",
        "process.fields.other",
        "owner.full_name",
        "task.title",
        "outcome",
        "entity.attributes.tier",
        "entity",
    ] {
        assert_eq!(names.text(path), None, "{path}");
    }
}

/// E14: days are the firm's, instants UTC.
#[test]
fn today_is_the_day_in_the_firm() {
    let fixture = Fixture::new(definition(vec![template("a")]));
    fixture.ambient.set("2026-07-03T02:30:00Z");
    let engine = fixture.engine();
    let names = engine.names(None);
    assert_eq!(text::render("{{ now | date }}", &names), "July 2, 2026");
    assert_eq!(names.text("today").as_deref(), Some("2026-07-02"));
    assert_eq!(names.text("now").as_deref(), Some("2026-07-03T02:30:00Z"));
}
