//! Start forms and the fields of forms (E7, E13).

use super::*;
use crate::{
    condition::{Condition, Operand, Test},
    process::fixture::{Fixture, after, definition, field, list, required, template, text},
};

fn start_form(fields: Vec<Field>) -> Fixture {
    let mut definition = definition(vec![template("a")]);
    definition.start_form = fields;
    Fixture::new(definition)
}

fn faults(fixture: &Fixture, fields: &[(&str, FieldValue)]) -> Vec<(String, String)> {
    let fields = owned(fields);
    let subject = &fixture.around.entities[&fixture.client];
    check_start_fields(
        &fixture.catalog.firm,
        &fixture.definition,
        &fields,
        subject,
        &fixture.around,
    )
    .into_iter()
    .map(|fault| (fault.pointer, fault.code))
    .collect()
}

fn owned(fields: &[(&str, FieldValue)]) -> BTreeMap<String, FieldValue> {
    fields
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()))
        .collect()
}

/// E7: all faults together, each with its pointer.
#[test]
fn all_faults_of_a_start_form_are_found_at_once() {
    let fixture = start_form(vec![
        required("purpose", FieldType::Text),
        required("opened_on", FieldType::Date),
        field("note", FieldType::Text),
    ]);
    let found = faults(
        &fixture,
        &[
            ("purpose", text("  ")),
            ("opened_on", text("soon")),
            ("a/b", text("?")),
        ],
    );
    let expected = [
        ("/fields/a~1b", "unknown-key"),
        ("/fields/opened_on", "bad-format"),
        ("/fields/purpose", "required"),
    ];
    assert_eq!(
        found,
        expected.map(|(at, code)| (at.to_owned(), code.to_owned()))
    );
    let good = [
        ("purpose", text("College")),
        ("opened_on", text("2026-07-01")),
    ];
    assert_eq!(faults(&fixture, &good), []);
}

/// E7: a field is required while it is visible.
#[test]
fn a_start_field_is_required_while_it_is_visible() {
    let hidden = Field {
        visible_when: Some(Condition::Leaf {
            subject: Subject::Field("funding".into()),
            test: Test::Eq(Operand::Fixed(text("Rollover"))),
        }),
        ..required("plan", FieldType::Text)
    };
    let fixture = start_form(vec![field("funding", FieldType::Text), hidden]);
    assert_eq!(faults(&fixture, &[("funding", text("Cash"))]), []);
    let shown = faults(&fixture, &[("funding", text("Rollover"))]);
    assert_eq!(shown, [("/fields/plan".to_owned(), "required".to_owned())]);
}

/// E13: what is handed over and fits is taken; required fields that stay empty are asked for.
#[test]
fn a_start_by_a_process_takes_what_fits_and_asks_for_the_rest() {
    let fixture = start_form(vec![
        required("amount", FieldType::Money),
        required("requested_on", FieldType::Date),
        required("purpose", FieldType::Text),
        Field {
            multiple: true,
            ..field("tags", FieldType::Text)
        },
    ]);
    let handed = owned(&[
        ("amount", text("much")),
        ("requested_on", text("2026-07-02T02:00:00Z")),
        ("tags", text("new")),
        ("other", text("dropped")),
    ]);
    let engine = fixture.engine();
    let subject = &fixture.around.entities[&fixture.client];
    let (fields, asked) = accept_start_fields(&fixture.definition, &handed, subject, engine.world);
    assert_eq!(
        fields,
        owned(&[
            ("requested_on", text("2026-07-01")),
            ("tags", list(&["new"]))
        ])
    );
    assert_eq!(asked, ["amount", "purpose"]);
}

/// E13: asked start fields stand first in the forms of the first tasks, and in no other's.
#[test]
fn asked_start_fields_appear_in_the_first_tasks() {
    let mut definition = definition(vec![
        TaskTemplate {
            form: vec![field("own", FieldType::Text)],
            ..template("a")
        },
        TaskTemplate {
            kind: TaskKind::Subprocess,
            ..template("child")
        },
        TaskTemplate {
            after: vec![after("child")],
            ..template("b")
        },
        TaskTemplate {
            after: vec![after("a"), after("child")],
            ..template("c")
        },
    ]);
    definition.start_form = vec![
        required("purpose", FieldType::Text),
        required("amount", FieldType::Money),
    ];
    let mut fixture = Fixture::new(definition);
    fixture.run.process.asked_fields = vec!["amount".into()];
    let keys = |task: &str| {
        let template = fixture.definition.task(task).unwrap();
        form_fields(&fixture.definition, &fixture.run.process, template)
            .into_iter()
            .map(|field| field.key.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(keys("a"), ["amount", "own"]);
    assert_eq!(keys("child"), Vec::<&str>::new());
    assert_eq!(keys("b"), ["amount"], "a subprocess has no form to ask in");
    assert_eq!(keys("c"), Vec::<&str>::new());
}

/// E7
#[test]
fn the_references_of_a_form_are_gathered_by_type() {
    let mut fixture = start_form(vec![
        field("adviser", FieldType::User),
        field("payee", FieldType::Entity),
        Field {
            multiple: true,
            ..field("papers", FieldType::File)
        },
        field("purpose", FieldType::Text),
    ]);
    let (ada, paper) = (fixture.user("Ada"), fixture.document("Passport.pdf"));
    let values = owned(&[
        ("adviser", text(&ada.to_string())),
        ("payee", text("no id")),
        ("papers", list(&[&paper.to_string(), "no id"])),
        ("purpose", text(&ada.to_string())),
    ]);
    let found = references(&fixture.definition, &values);
    assert_eq!(
        found,
        References {
            users: [ada].into(),
            entities: BTreeSet::new(),
            documents: [paper].into(),
        }
    );
}
