use super::*;
use crate::{
    process::fixture::{Fixture, definition, list, text},
    value::Money,
};

/// A client whose kind has one attribute of each type.
fn fixture() -> Fixture {
    let mut fixture = Fixture::new(definition(Vec::new()));
    for (key, value_type) in [
        ("note", AttributeType::Text),
        ("children", AttributeType::Number),
        ("income", AttributeType::Money),
        ("born_on", AttributeType::Date),
        ("retired", AttributeType::Boolean),
        ("risk", AttributeType::Choice),
        ("interests", AttributeType::MultiChoice),
        ("adviser", AttributeType::User),
        ("employer", AttributeType::Entity),
    ] {
        fixture.attribute("client", key, value_type);
    }
    for attribute in &mut fixture.catalog.attributes {
        attribute.options = vec!["Low".into(), "High".into()];
    }
    fixture
}

fn given(values: &[(&str, Option<FieldValue>)]) -> Given {
    values
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()))
        .collect()
}

fn give(
    fixture: &Fixture,
    values: &[(&str, Option<FieldValue>)],
) -> Result<BTreeMap<String, FieldValue>, Vec<Fault>> {
    given_to(
        &fixture.around.entities[&fixture.client],
        &given(values),
        &fixture.catalog.attributes,
        &fixture.around,
    )
}

fn faults(fixture: &Fixture, values: &[(&str, Option<FieldValue>)]) -> Vec<(String, String)> {
    give(fixture, values)
        .unwrap_err()
        .into_iter()
        .map(|fault| (fault.pointer, fault.code))
        .collect()
}

#[test]
fn every_type_takes_its_values() {
    let mut fixture = fixture();
    let ada = fixture.user("Ada");
    let employer = fixture.entity("organization", "Acme");
    let money = FieldValue::Money(Money {
        amount: "120000.00".into(),
        currency: "USD".into(),
    });
    let values = [
        ("note", Some(text("two\nlines"))),
        ("children", Some(FieldValue::Number(2.into()))),
        ("income", Some(money)),
        ("born_on", Some(text("1960-02-29"))),
        ("retired", Some(FieldValue::Flag(true))),
        ("risk", Some(text("Low"))),
        ("interests", Some(list(&["Low", "High"]))),
        ("adviser", Some(text(&ada.to_string()))),
        ("employer", Some(text(&employer.to_string()))),
    ];
    let after = give(&fixture, &values).unwrap();
    assert_eq!(after.len(), values.len());
    let named = named(&fixture.catalog.attributes, "household", &given(&values));
    assert_eq!(
        (named.users, named.entities),
        ([ada].into(), [employer].into())
    );
}

#[test]
fn every_fault_is_found_at_its_place() {
    let mut fixture = fixture();
    let gone = fixture.user("Gone");
    fixture.deactivate(gone);
    let found = faults(
        &fixture,
        &[
            ("a/b", Some(text("x"))),
            ("adviser", Some(text(&gone.to_string()))),
            ("born_on", Some(text("1961-02-29"))),
            ("children", Some(text("two"))),
            ("employer", Some(text(&gone.to_string()))),
            ("interests", Some(list(&[]))),
            ("note", Some(text("  "))),
            ("risk", Some(text("Middling"))),
            ("unknown", None),
        ],
    );
    let expected = [
        ("/attributes/a~1b", "unknown-key"),
        ("/attributes/adviser", "inactive-user"),
        ("/attributes/born_on", "bad-format"),
        ("/attributes/children", "wrong-type"),
        ("/attributes/employer", "unknown-reference"),
        ("/attributes/interests", "blank"),
        ("/attributes/note", "blank"),
        ("/attributes/risk", "not-an-option"),
        ("/attributes/unknown", "unknown-key"),
    ];
    assert_eq!(
        found,
        expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned()))
    );
}

#[test]
fn an_archived_attribute_keeps_its_value_or_loses_it_but_takes_no_other() {
    let mut fixture = fixture();
    fixture
        .client_mut()
        .attributes
        .insert("risk".into(), text("Low"));
    for attribute in &mut fixture.catalog.attributes {
        attribute.archived = true;
    }
    assert!(give(&fixture, &[("risk", Some(text("Low")))]).is_ok());
    assert!(give(&fixture, &[("risk", None)]).unwrap().is_empty());
    assert_eq!(
        faults(&fixture, &[("risk", Some(text("High")))]),
        [("/attributes/risk".to_owned(), "archived".to_owned())]
    );
}

/// E13
#[test]
fn history_tells_what_differs_the_status_among_it() {
    let mut fixture = fixture();
    let ada = fixture.user("Ada");
    let client = fixture.client_mut();
    client.status = "prospect".into();
    client.attributes = [
        ("risk".to_owned(), text("Low")),
        ("note".to_owned(), text("x")),
    ]
    .into();
    let before = client.clone();
    client.status = "client".into();
    client.attributes = [
        ("note".to_owned(), text("x")),
        ("born_on".to_owned(), text("1960-01-01")),
    ]
    .into();
    let writes: Vec<_> = history(&before, client, ada)
        .into_iter()
        .map(|write| (write.attribute, write.before, write.after))
        .collect();
    assert_eq!(
        writes,
        [
            (
                "status".to_owned(),
                Some(text("prospect")),
                Some(text("client"))
            ),
            ("born_on".to_owned(), None, Some(text("1960-01-01"))),
            ("risk".to_owned(), Some(text("Low")), None),
        ]
    );
}
